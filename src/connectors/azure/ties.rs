//! Ties of a work item: to its parent, to other work items, to pull requests and builds.

use serde_json::Value;

use super::super::record::Record;
use crate::model::time::Millis;

/// To what and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The other is its parent.
    Parent,
    /// Anything else, in words.
    Other(String),
}

/// Whether a tie was made or cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Made,
    Cut,
}

/// How well the instant of a tie is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Exactly,
    /// It was no earlier.
    AtLeast,
}

/// A tie that was made or cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    /// `None`: nobody knows.
    pub(super) at: Option<Millis>,
    pub(super) known: Known,
    pub(super) kind: Kind,
    /// The other's id within the source.
    pub(super) to: String,
    pub(super) deed: Deed,
}

/// What relations between work items are called, seen from the one that has them, and seen from the
/// other one.
const RELATIONS: [(&str, &str, &str); 4] = [
    (
        "System.LinkTypes.Dependency-Forward",
        "blocks",
        "System.LinkTypes.Dependency-Reverse",
    ),
    (
        "System.LinkTypes.Dependency-Reverse",
        "blocked by",
        "System.LinkTypes.Dependency-Forward",
    ),
    (
        "System.LinkTypes.Duplicate-Forward",
        "duplicated by",
        "System.LinkTypes.Duplicate-Reverse",
    ),
    (
        "System.LinkTypes.Duplicate-Reverse",
        "duplicates",
        "System.LinkTypes.Duplicate-Forward",
    ),
];

const PARENT: &str = "System.LinkTypes.Hierarchy-Reverse";
const CHILD: &str = "System.LinkTypes.Hierarchy-Forward";
const RELATED: &str = "System.LinkTypes.Related";
/// Ties to what is no work item.
const ARTIFACT: &str = "ArtifactLink";

/// Artefacts that are items of the source too: the beginning of their address, what the tie is
/// called, the word before their id.
const ARTIFACTS: [(&str, &str, &str); 2] = [
    ("vstfs:///Git/PullRequestId/", "pull request", "pull"),
    ("vstfs:///Build/Build/", "build", "build"),
];

/// The ties that an update made and cut at `at`: those cut come first, so that one parent can take
/// the place of another.
pub(super) fn of_update(update: &Value, at: Option<Millis>, known: Known) -> Vec<Tie> {
    let of = |list, deed| {
        let relations = update.at("relations").list(list).iter();
        relations.filter_map(move |relation| tie(relation, at, known, deed))
    };
    of("removed", Deed::Cut)
        .chain(of("added", Deed::Made))
        .collect()
}

/// The ties to artefacts that an item has now, with the instants at which they were made.
pub(super) fn of_relations(item: &Value) -> Vec<Tie> {
    let relations = item.list("relations").iter();
    relations
        .filter(|relation| relation.text("rel").as_deref() == Some(ARTIFACT))
        .filter_map(|relation| {
            let told = |name| relation.at("attributes").instant(name);
            let at = told("resourceCreatedDate").or_else(|| told("authorizedDate"));
            tie(relation, at, Known::Exactly, Deed::Made)
        })
        .collect()
}

fn tie(relation: &Value, at: Option<Millis>, known: Known, deed: Deed) -> Option<Tie> {
    let (rel, url) = (relation.text("rel")?, relation.text("url")?);
    let (kind, to) = match rel.as_str() {
        ARTIFACT => artefact(&url)?,
        rel => (kind_of(rel)?, url.rsplit('/').next()?.to_owned()),
    };
    Some(Tie {
        at,
        known,
        kind,
        to,
        deed,
    })
}

/// Its children tell of their parent themselves.
fn kind_of(rel: &str) -> Option<Kind> {
    let known = RELATIONS.iter().find(|(name, ..)| *name == rel);
    match (rel, known) {
        (PARENT, _) => Some(Kind::Parent),
        (CHILD, _) => None,
        (RELATED, _) => Some(Kind::Other("relates".to_owned())),
        (_, Some((_, words, _))) => Some(Kind::Other((*words).to_owned())),
        (rel, None) => {
            let (_, name) = rel.rsplit_once("LinkTypes.")?;
            Some(Kind::Other(name.to_lowercase().replace("-forward", "")))
        }
    }
}

/// The last step of an artefact's address is its id, after others that name where it is.
fn artefact(url: &str) -> Option<(Kind, String)> {
    let (start, kind, word) = ARTIFACTS
        .iter()
        .find(|(start, ..)| url.starts_with(start))?;
    let path = url
        .get(start.len()..)?
        .replace("%2f", "/")
        .replace("%2F", "/");
    let id: u64 = path.rsplit('/').next()?.parse().ok()?;
    Some((Kind::Other((*kind).to_owned()), format!("{word}.{id}")))
}

/// A record of the list of all ties of a project, seen from both its ends: whose it is, and the tie.
pub(super) fn of_record(record: &Value) -> Vec<(u64, Tie)> {
    let told = record.at("attributes");
    let ends = (told.number("sourceId"), told.number("targetId"));
    let (Some(rel), (Some(source), Some(target))) = (record.text("rel"), ends) else {
        return Vec::new();
    };
    let is_cut = told.text("changedOperation").as_deref() == Some("remove")
        || told.at("isActive").as_bool() == Some(false);
    let deed = if is_cut { Deed::Cut } else { Deed::Made };
    let at = told.instant("changedDate");
    let seen = |from: u64, to: u64, rel: &str| {
        let kind = kind_of(rel)?;
        let known = Known::Exactly;
        Some((
            from,
            Tie {
                at,
                known,
                kind,
                to: to.to_string(),
                deed,
            },
        ))
    };
    let here = seen(source, target, &rel);
    let there = opposite(&rel).and_then(|rel| seen(target, source, rel));
    here.into_iter().chain(there).collect()
}

/// The same relation seen from its other end.
fn opposite(rel: &str) -> Option<&str> {
    match rel {
        PARENT => Some(CHILD),
        CHILD => Some(PARENT),
        RELATED => Some(RELATED),
        rel => {
            let known = RELATIONS.iter().find(|(name, ..)| *name == rel);
            known.map(|(.., other)| *other)
        }
    }
}
