//! The changes of an issue, in order.

use super::super::wire::{Delta, Issue, Journal};
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

/// Sequences below belong to the creation: a journal's begin at its id times this.
pub(super) const FIRST_SEQ: u64 = 1 << 16;

/// One field's change.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) at: Millis,
    journal: u64,
    index: u64,
    pub(super) delta: Delta,
}

impl Step {
    /// Unique within the issue.
    pub(super) fn id(&self) -> String {
        format!("{}.{}", self.journal, self.index)
    }

    /// Orders changes of one second: by journal, then as they stand in it.
    pub(super) fn seq(&self) -> u64 {
        self.journal
            .saturating_mul(FIRST_SEQ)
            .saturating_add(self.index.min(FIRST_SEQ - 1))
            // The history keeps sequences as signed numbers.
            .min(i64::MAX.unsigned_abs() - 1)
    }

    pub(super) fn is_of(&self, property: &str, name: &str) -> bool {
        self.delta.property == property && self.delta.name == name
    }

    pub(super) fn event(&self, change: Change) -> Event {
        Event {
            id: self.id(),
            at: self.at,
            seq: self.seq(),
            approximate: false,
            change,
        }
    }
}

/// All changes, the earliest first, and what is odd about those that were left out.
pub(super) fn read(issue: &Issue) -> (Vec<Step>, Vec<String>) {
    let mut steps = Vec::new();
    let mut oddities = Vec::new();
    for (at, value) in issue.list("journals").iter().enumerate() {
        let read = Journal::read(value).and_then(|journal| Some((journal.at?, journal)));
        match read {
            Some((at, journal)) => add(&mut steps, &mut oddities, at, &journal),
            None => oddities.push(format!("its journal entry {} has no id or no time", at + 1)),
        }
    }
    steps.sort_by_key(|step| (step.at, step.journal, step.index));
    steps.dedup_by_key(|step| (step.journal, step.index));
    (steps, oddities)
}

fn add(steps: &mut Vec<Step>, oddities: &mut Vec<String>, at: Millis, journal: &Journal<'_>) {
    for (index, detail) in (0_u64..).zip(journal.details) {
        match Delta::read(detail) {
            Some(delta) => steps.push(Step {
                at,
                journal: journal.id,
                index,
                delta,
            }),
            None => oddities.push(format!("its change {}.{index} names no field", journal.id)),
        }
    }
}
