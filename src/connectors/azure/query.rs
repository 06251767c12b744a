//! What the `query` of a source says: small words, a clause of WIQL, or both.
//!
//! ```text
//! project:Pay area:"Pay\Cards" type in (Story, Bug) read in (items, pull-requests)
//! project:Pay status:board-column where [System.Tags] NOT CONTAINS 'internal'
//! [System.TeamProject] = 'Pay' AND [System.WorkItemType] <> 'Test Case'
//! ```

mod scan;

use std::collections::BTreeSet;

use super::super::Fault;
use super::wiql;
use scan::Word;

/// The words.
const WORDS: [&str; 8] = [
    "project",
    "area",
    "iteration",
    "type",
    "tag",
    "read",
    "status",
    "where",
];

/// What can be read of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Work items, and which of them were deleted.
    Items,
    /// Pull requests of all repositories.
    Pulls,
    /// Runs of pipelines that have ended.
    Builds,
    /// Deployments of classic releases.
    Releases,
    /// Deployments of pipelines to environments.
    Deployments,
}

impl Part {
    const ALL: [(&'static str, Self); 5] = [
        ("items", Self::Items),
        ("pull-requests", Self::Pulls),
        ("builds", Self::Builds),
        ("releases", Self::Releases),
        ("deployments", Self::Deployments),
    ];

    fn named(name: &str) -> Result<Self, Fault> {
        let found = Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, part)| *part).ok_or_else(|| {
            unusable(
                format!("the query of this source reads \"{name}\", which Azure DevOps has not"),
                "what can be read: items, pull-requests, builds, releases, deployments",
            )
        })
    }
}

/// What is the status of a work item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum StatusBy {
    /// Its state.
    #[default]
    State,
    /// The column of a board it stands in: the reference name of the field that holds it.
    Column(String),
}

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// Names of projects; empty: all that the token may see.
    pub(super) projects: Vec<String>,
    /// Types of work items; empty: all.
    pub(super) types: Vec<String>,
    areas: Vec<String>,
    iterations: Vec<String>,
    tags: Vec<String>,
    reads: BTreeSet<Part>,
    /// What is the status of a work item.
    pub(super) status: StatusBy,
    clause: Option<String>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let mut query = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            if let Some(clause) = wiql::clause_of(rest) {
                wiql::check(clause)?;
                query.clause = Some(clause.to_owned());
                break;
            }
            let (word, after) = scan::word(rest)?;
            query.take(word)?;
            rest = after.trim_start();
        }
        Ok(query)
    }

    fn take(&mut self, word: Word) -> Result<(), Fault> {
        match word.name.as_str() {
            "project" => self.projects.extend(word.values),
            "area" => self.areas.extend(word.values),
            "iteration" => self.iterations.extend(word.values),
            "type" => self.types.extend(word.values),
            "tag" => self.tags.extend(word.values),
            "status" => self.status = status_by(&word.values),
            "read" => {
                for part in &word.values {
                    self.reads.insert(Part::named(part)?);
                }
            }
            name => return Err(unknown(name)),
        }
        Ok(())
    }

    /// Whether a part is to be read; work items alone where the query does not say.
    pub(super) fn reads(&self, part: Part) -> bool {
        self.reads.contains(&part) || (self.reads.is_empty() && part == Part::Items)
    }

    /// The project, if it is exactly one.
    pub(super) fn project(&self) -> Option<&str> {
        match self.projects.as_slice() {
            [project] => Some(project),
            _ => None,
        }
    }

    /// The conditions on work items, in WIQL.
    pub(super) fn conditions(&self) -> Vec<String> {
        let projects = wiql::one_of("System.TeamProject", &self.projects);
        let types = wiql::one_of("System.WorkItemType", &self.types);
        let areas = wiql::any("System.AreaPath", "UNDER", &self.areas);
        let iterations = wiql::any("System.IterationPath", "UNDER", &self.iterations);
        let tags = wiql::any("System.Tags", "CONTAINS", &self.tags);
        let clause = self.clause.as_ref().map(|clause| format!("({clause})"));
        [projects, types, areas, iterations, tags, clause]
            .into_iter()
            .flatten()
            .collect()
    }
}

fn status_by(values: &[String]) -> StatusBy {
    match values.first().map(String::as_str) {
        None | Some("state" | "System.State") => StatusBy::State,
        Some("board-column") => StatusBy::Column(super::fields::COLUMN.to_owned()),
        Some(field) => StatusBy::Column(field.to_owned()),
    }
}

fn unknown(name: &str) -> Fault {
    let near = WORDS
        .iter()
        .map(|known| (strsim::osa_distance(name, known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min();
    let hint = match (name, near) {
        ("state" | "assignee" | "assigned", _) => {
            "an item would be lost from sight when that changes: filter the stream by it instead"
                .to_owned()
        }
        (_, Some((_, meant))) => format!("did you mean \"{meant}\"?"),
        (_, None) => format!(
            "the words are {}; a condition in WIQL stands behind \"where\", its fields in brackets",
            WORDS.join(", ")
        ),
    };
    unusable(
        format!("\"{name}\" in the query of this source means nothing for Azure DevOps"),
        &hint,
    )
}

/// A query that cannot be used.
pub(super) fn unusable(what: impl Into<String>, hint: &str) -> Fault {
    Fault::Unusable {
        what: what.into(),
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests;
