//! From an issue with its history to its events. Total: what cannot be used is listed or read as "no
//! value".

mod facts;
mod states;

use serde_json::Value;

use super::super::facts::FactMap;
use super::super::record::Record;
use super::super::story::{Moment, Story, Tale};
use super::names::Names;
use crate::model::event::Change;
use crate::model::time::Millis;

/// What an issue is called.
pub(super) const NOUN: &str = "issue";

/// An issue as it was sent, its lists whole.
pub(crate) struct Detail {
    pub(super) id: String,
    pub(super) issue: Value,
    /// The server's clock then.
    pub(super) read: Option<Millis>,
}

/// One entry of an issue's history.
struct Entry<'a> {
    moment: Moment,
    value: &'a Value,
}

/// What is needed to understand issues.
pub(super) struct Reader<'a> {
    /// Which field is which fact.
    pub(super) facts: &'a FactMap,
    /// Names of what histories have by id.
    pub(super) names: &'a Names,
}

impl Reader<'_> {
    /// The history of an issue.
    pub(super) fn tell(&self, detail: &Detail) -> Story {
        let Detail { id, issue, read } = detail;
        let Some(born) = issue.instant("createdAt") else {
            return Tale::untold(id, NOUN, "it does not say when it was created");
        };
        let mut tale = Tale::new(id.as_str(), NOUN, born);
        let updated = issue.instant("updatedAt").unwrap_or(born);
        let entries = entries(issue, &mut tale);
        let turns = states::turns(issue, &entries);
        let now = issue.text("state.id");
        tale.statuses(now.as_deref(), &turns, updated);
        self.plain(issue, &mut tale);
        self.courses(issue, &entries, &mut tale);
        self.labels(issue, &entries, born, &mut tale);
        relations(id, issue, &mut tale);
        if let Some(moment) = end_of(issue, &entries) {
            tale.happened(&moment, Change::Deleted);
        }
        tale.end(Some(updated), *read)
    }
}

/// The entries of the history, the earliest first: they come in either order.
fn entries<'a>(issue: &'a Value, tale: &mut Tale) -> Vec<Entry<'a>> {
    let mut entries: Vec<(Millis, &str, &Value)> = Vec::new();
    for value in issue.list("history.nodes") {
        match (value.at("id").as_str(), value.instant("createdAt")) {
            (Some(id), Some(at)) => entries.push((at, id, value)),
            _ => tale.odd("an entry of its history has no id or no time"),
        }
    }
    entries.sort_by_key(|(at, id, _)| (*at, *id));
    entries.dedup_by_key(|(_, id, _)| *id);
    (0..)
        .zip(entries)
        .map(|(number, (at, id, value))| Entry {
            moment: Moment::part(id, at, number, 0),
            value,
        })
        .collect()
}

/// When an issue was thrown away that still is.
fn end_of(issue: &Value, entries: &[Entry<'_>]) -> Option<Moment> {
    if !issue.is("trashed") {
        return None;
    }
    let last = entries.iter().rfind(|entry| entry.value.is("trashed"));
    let told = last.map(|entry| entry.moment.of("trashed"));
    let at = issue
        .instant("archivedAt")
        .or_else(|| issue.instant("updatedAt"));
    told.or_else(|| Some(Moment::part("trashed", at?, entries.len() as u64, 0)))
}

/// Ties to other issues, from both ends.
fn relations(id: &str, issue: &Value, tale: &mut Tale) {
    let own = issue.list("relations.nodes").iter();
    let inverse = issue.list("inverseRelations.nodes").iter();
    let mut met = std::collections::BTreeSet::new();
    for (number, relation) in (0..).zip(own.chain(inverse)) {
        let (Some(own), Some(from), Some(to)) = (
            relation.text("id"),
            relation.text("issue.id"),
            relation.text("relatedIssue.id"),
        ) else {
            continue;
        };
        if !met.insert(own.clone()) {
            continue;
        }
        let kind = relation.text("type");
        let kind = kind.unwrap_or_else(|| "related".to_owned());
        let (kind, to) = if from == id {
            (kind, to)
        } else {
            (seen_from_there(kind), from)
        };
        match relation.instant("createdAt") {
            Some(at) => {
                let moment = Moment::part(format!("relation.{own}"), at, number, 1);
                tale.happened(&moment, Change::Linked { kind, to });
            }
            None => tale.tied(&kind, &to),
        }
    }
}

fn seen_from_there(kind: String) -> String {
    match kind.as_str() {
        "blocks" => "blocked by".to_owned(),
        "duplicate" => "duplicated by".to_owned(),
        _ => kind,
    }
}

#[cfg(test)]
mod tests;
