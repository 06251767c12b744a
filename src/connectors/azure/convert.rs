//! From what happened to a work item to its history. Total: what cannot be used is listed.

use std::collections::BTreeSet;

use super::super::story::{Moment, Story, Tale, Turn};
use super::address::Address;
use super::fields::{Fields, StatusFields};
use super::history::{History, Step};
use super::ties::{Deed, Kind, Known, Tie};
use crate::model::event::{Change, fact};
use crate::model::time::Millis;

/// What is needed to understand work items.
pub(super) struct Reader<'a> {
    pub(super) fields: &'a Fields,
    pub(super) address: &'a Address,
}

/// What an item is called in lists of what is odd.
const NOUN: &str = "work item";

/// A value through time: what it was at the start, and its changes.
#[derive(Debug, Default)]
struct Course {
    start: Option<String>,
    last: Option<String>,
    turns: Vec<Turn>,
}

impl Course {
    fn begins(value: Option<String>) -> Self {
        Self {
            start: value.clone(),
            last: value,
            turns: Vec::new(),
        }
    }

    fn goes_on(&mut self, moment: impl FnOnce() -> Moment, new: Option<String>) {
        if new != self.last {
            self.turns.push(Turn {
                moment: moment(),
                old: std::mem::replace(&mut self.last, new.clone()),
                new,
            });
        }
    }
}

impl Reader<'_> {
    /// The history of the item `id`, read when the server's clock showed `read`.
    pub(super) fn story(&self, id: &str, history: &History, read: Option<Millis>) -> Story {
        let first = history.steps.first().map(|step| step.at);
        let Some(born) = history.created.into_iter().chain(first).min() else {
            return Tale::untold(id, NOUN, "it does not say when it was created");
        };
        let mut tale = Tale::new(id, NOUN, born);
        let status = self.status(&history.steps);
        let updated = history.changed.unwrap_or(born);
        tale.statuses(status.last.as_deref(), &status.turns, updated);
        self.identify(&mut tale, id);
        for (place, field) in self.fields.wanted.iter().enumerate() {
            if let Some(fact) = &field.fact {
                let name = &field.reference;
                let course = course(&history.steps, name, &[place], |held| held[0].clone());
                tale.course(name, fact, course.start, &course.turns);
            }
        }
        tell_ties(&mut tale, &history.ties, born);
        if history.unplaced > 0 {
            tale.odd(format!(
                "{} of its changes say not when they were made; they are left out",
                history.unplaced
            ));
        }
        tale.end(history.changed, read)
    }

    fn identify(&self, tale: &mut Tale, id: &str) {
        let url = self.address.page(None, &format!("_workitems/edit/{id}"));
        tale.at_birth("key", fact::KEY.into(), format!("#{id}"));
        tale.at_birth("url", fact::URL.into(), url);
    }

    fn status(&self, steps: &[Step]) -> Course {
        let StatusFields { state, column } = self.fields.status;
        let by_state = |held: &[Option<String>]| held[0].clone();
        match column {
            None => course(steps, "status", &[state], by_state),
            Some((column, done)) => course(steps, "status", &[column, done, state], standing),
        }
    }
}

/// The column it stands in; the state where it stands on no board.
fn standing(held: &[Option<String>]) -> Option<String> {
    match held {
        [Some(column), Some(done), _] if done == "true" => Some(format!("{column}: Done")),
        [Some(column), ..] => Some(column.clone()),
        [.., state] => state.clone(),
        [] => None,
    }
}

/// What `tell` says of the values of the fields at `places`, at the start and after each step.
fn course(
    steps: &[Step],
    name: &str,
    places: &[usize],
    tell: impl Fn(&[Option<String>]) -> Option<String>,
) -> Course {
    let mut held = at_start(steps, places);
    let mut course = Course::begins(tell(&held));
    for (at, step) in steps.iter().enumerate() {
        for delta in &step.deltas {
            if let Some(slot) = places.iter().position(|place| *place == delta.field) {
                held[slot].clone_from(&delta.new);
            }
        }
        if is_birth(at, step) {
            course = Course::begins(tell(&held));
            continue;
        }
        let moment = || Moment::part(format!("{}.{name}", step.rev), step.at, step.rev, 0);
        course.goes_on(moment, tell(&held));
    }
    course
}

/// The first revision holds all values of the start.
fn is_birth(at: usize, step: &Step) -> bool {
    at == 0 && step.rev <= 1
}

/// The values before the first step that is known: what the first change of each was from.
fn at_start(steps: &[Step], places: &[usize]) -> Vec<Option<String>> {
    let first = |place: &usize| {
        let mut deltas = steps.iter().flat_map(|step| &step.deltas);
        let delta = deltas.find(|delta| delta.field == *place);
        delta.and_then(|delta| delta.old.clone())
    };
    places.iter().map(first).collect()
}

fn tell_ties(tale: &mut Tale, ties: &[Tie], born: Millis) {
    let mut parents = Course::default();
    let mut told = BTreeSet::new();
    for (number, tie) in (1..).zip(ties) {
        let at = tie.at.unwrap_or(born).max(born);
        match (&tie.kind, tie.deed) {
            (Kind::Parent, deed) => {
                let to = (deed == Deed::Made).then(|| tie.to.clone());
                let is_other = to.is_none() && parents.last.as_ref() != Some(&tie.to);
                if !(is_other && parents.last.is_some()) {
                    parents.goes_on(|| moment(tie, "parent", at, number), to);
                }
            }
            (Kind::Other(kind), _) => {
                let moment = moment(tie, kind, at, number);
                if told.insert(moment.id.clone()) {
                    tell_tie(tale, tie, kind, &moment);
                }
            }
        }
    }
    tale.course("parent", &fact::PARENT.into(), None, &parents.turns);
}

fn tell_tie(tale: &mut Tale, tie: &Tie, kind: &str, moment: &Moment) {
    let (kind, to) = (kind.to_owned(), tie.to.clone());
    let change = match tie.deed {
        Deed::Made => Change::Linked { kind, to },
        Deed::Cut => Change::Unlinked { kind, to },
    };
    tale.happened(moment, change);
    if tie.known == Known::AtLeast || tie.at.is_none() {
        tale.is_approximate();
    }
}

/// Ties have no number of their own; they are told by what they tie and when.
fn moment(tie: &Tie, kind: &str, at: Millis, number: u64) -> Moment {
    let deed = match tie.deed {
        Deed::Made => "+",
        Deed::Cut => "-",
    };
    Moment::part(
        format!("link.{kind}.{}.{}{deed}", tie.to, at.0),
        at,
        number,
        1,
    )
}

#[cfg(test)]
mod tests;
