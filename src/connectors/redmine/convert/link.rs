//! Ties between issues: relations and children. The parent is a fact.

use std::collections::{BTreeMap, BTreeSet};

use super::super::wire::{Issue, Named, Relation};
use super::Birth;
use super::step::Step;
use crate::model::event::{Change, Event};

/// How two issues are tied, and the other one's id.
type Tie = (String, String);

/// What a tie to an issue below is called.
const CHILD: &str = "child";

/// All ties made and cut. One that no journal tells was there from the start, as far as one knows.
pub(super) fn events(issue: &Issue, steps: &[Step], birth: &mut Birth) -> Vec<Event> {
    let told: Vec<(Tie, bool, &Step)> = steps.iter().filter_map(told).collect();
    let from_start: BTreeSet<Tie> = silent(issue, &told);
    let mut events: Vec<Event> = Vec::new();
    for tie in from_start {
        let id = format!("link.{}.{}", tie.0, tie.1);
        let mut event = birth.next(id, change(tie, true));
        event.approximate = true;
        events.push(event);
    }
    events.extend(
        told.into_iter()
            .map(|(tie, made, step)| step.event(change(tie, made))),
    );
    events
}

fn change((kind, to): Tie, made: bool) -> Change {
    if made {
        Change::Linked { kind, to }
    } else {
        Change::Unlinked { kind, to }
    }
}

/// The tie that a change made (`true`) or cut.
fn told(step: &Step) -> Option<(Tie, bool, &Step)> {
    let kind = match step.delta.property.as_str() {
        "relation" => step.delta.name.clone(),
        "attr" if step.delta.name == "child_id" => CHILD.to_owned(),
        _ => return None,
    };
    match (&step.delta.old, &step.delta.new) {
        (_, Some(to)) => Some(((kind, to.clone()), true, step)),
        (Some(to), None) => Some(((kind, to.clone()), false, step)),
        (None, None) => None,
    }
}

/// Ties that are there without a journal that made them, or were cut without one.
fn silent(issue: &Issue, told: &[(Tie, bool, &Step)]) -> BTreeSet<Tie> {
    let mut first: BTreeMap<&Tie, bool> = BTreeMap::new();
    for (tie, made, _) in told {
        first.entry(tie).or_insert(*made);
    }
    let cut_only = first
        .iter()
        .filter(|(_, made)| !**made)
        .map(|(tie, _)| (*tie).clone());
    present(issue)
        .into_iter()
        .filter(|tie| !first.contains_key(tie))
        .chain(cut_only)
        .collect()
}

fn present(issue: &Issue) -> Vec<Tie> {
    let relations = issue.list("relations").iter().filter_map(Relation::read);
    let children = issue.list("children").iter().filter_map(Named::read);
    relations
        .map(|relation| seen_from(issue.id, relation))
        .chain(children.map(|child| (CHILD.to_owned(), child.id.to_string())))
        .collect()
}

/// A relation has a direction; its other end has the opposite kind.
fn seen_from(issue: u64, relation: Relation) -> Tie {
    if relation.from == issue {
        return (relation.kind, relation.to.to_string());
    }
    let kind = match relation.kind.as_str() {
        "blocks" => "blocked",
        "precedes" => "follows",
        "duplicates" => "duplicated",
        "copied_to" => "copied_from",
        same => same,
    };
    (kind.to_owned(), relation.from.to_string())
}
