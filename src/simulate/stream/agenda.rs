//! What is planned, in order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plan {
    /// An item of these arrivals may come.
    Arrival(usize),
    /// A planted item comes.
    Special(usize),
    /// The step of an item is over, unless its plans changed since.
    StepOver { item: u64, plan: u32 },
    /// A gate opens.
    Opening { stage: usize },
    /// An item is blocked, unless it has left the stage.
    Trouble { item: u64, visit: u32 },
    /// A blocked item can go on.
    Relief { item: u64 },
    /// A finished item comes back.
    Return { item: u64 },
}

/// Plans by instant; those of one instant in the order they were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    plans: BinaryHeap<Reverse<(i64, u64, Plan)>>,
    made: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at: i64, plan: Plan) {
        self.plans.push(Reverse((at, self.made, plan)));
        self.made += 1;
    }

    /// The instant of the next plan.
    pub(super) fn next_at(&self) -> Option<i64> {
        self.plans.peek().map(|Reverse((at, ..))| *at)
    }

    /// Takes the next plan that lies before `until`.
    pub(super) fn take_before(&mut self, until: i64) -> Option<(i64, Plan)> {
        if self.next_at()? >= until {
            return None;
        }
        self.plans.pop().map(|Reverse((at, _, plan))| (at, plan))
    }
}
