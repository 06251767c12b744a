//! Ties between issues. The parent is a fact.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::story::Tale;
use super::super::fields::LINKS;
use super::super::json::Json;
use super::super::names::Names;
use super::super::wire::{Issue, Side};
use super::step::Step;
use crate::model::event::Change;

/// How two issues are tied, seen from this one, and the other one's id.
type Tie = (String, String);

/// What changes say before how two issues are tied.
const BEFORE: &str = "This issue ";

/// All ties made and cut. One that no change tells was there from the start, as far as one knows.
pub(super) fn tell(issue: &Issue<'_>, steps: &[Step<'_>], names: &Names, tale: &mut Tale) {
    let told: Vec<(Tie, bool, &Step<'_>)> = steps
        .iter()
        .filter(|step| step.item.is_link())
        .filter_map(|step| told(step, names))
        .collect();
    for (kind, to) in silent(issue, &told) {
        tale.tied(&kind, &to);
    }
    for ((kind, to), is_made, step) in told {
        let change = if is_made {
            Change::Linked { kind, to }
        } else {
            Change::Unlinked { kind, to }
        };
        tale.happened(&step.moment(), change);
    }
}

/// The tie that a change made (`true`) or cut.
fn told<'a, 'b>(step: &'a Step<'b>, names: &Names) -> Option<(Tie, bool, &'a Step<'b>)> {
    let made = tie(&step.item.new, names).map(|tie| (tie, true, step));
    made.or_else(|| tie(&step.item.old, names).map(|tie| (tie, false, step)))
}

/// `SP-14` and `This issue is blocked by SP-14`.
fn tie(side: &Side<'_>, names: &Names) -> Option<Tie> {
    let key = side.id.as_deref()?;
    let text = side.text.as_deref().unwrap_or_default();
    let kind = text.strip_suffix(key).unwrap_or(text);
    let kind = kind.strip_prefix(BEFORE).unwrap_or(kind).trim();
    let kind = if kind.is_empty() { "relates to" } else { kind };
    Some((kind.to_owned(), names.issue(key)))
}

/// Ties that are there without a change that made them, or were cut without one.
fn silent(issue: &Issue<'_>, told: &[(Tie, bool, &Step<'_>)]) -> BTreeSet<Tie> {
    let mut first: BTreeMap<&Tie, bool> = BTreeMap::new();
    for (tie, is_made, _) in told {
        first.entry(tie).or_insert(*is_made);
    }
    let cut_only = first.iter().filter(|(_, is_made)| !**is_made);
    let cut_only = cut_only.map(|(tie, _)| (*tie).clone());
    let present = issue.list(LINKS).iter().filter_map(present);
    present
        .filter(|tie| !first.contains_key(tie))
        .chain(cut_only)
        .collect()
}

/// A link has a name for each direction.
fn present(link: &Json<'_>) -> Option<Tie> {
    let kinds = link.get("type")?;
    let side = |other: &str, kind: &str| Some((kinds.text(kind)?, link.get(other)?.text("id")?));
    side("outwardIssue", "outward").or_else(|| side("inwardIssue", "inward"))
}
