//! Where work goes from each stage, and how much of it a stage holds.

use super::Input;
use super::phase::{Phase, Signs};
use crate::model::stage::Class;

/// Where the stages hand on to, by position.
#[derive(Clone, Debug)]
pub(super) struct Route {
    next: Vec<Option<usize>>,
    drains: Vec<Option<usize>>,
    limits: Vec<i64>,
    classes: Vec<Class>,
}

/// What keeps the work that waits in a queue from going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// This stage is at work on other items.
    By(usize),
    /// Everything is full up to this queue.
    Before(usize),
}

impl Route {
    pub(super) fn of(input: Input<'_>) -> Self {
        let stages = 0..input.stages.len();
        let class = |at: usize| input.stages[at].class;
        let next = |at: usize| {
            input
                .moves
                .most_went_to(at)
                .filter(|to| *to > at && class(*to).is_committed())
        };
        let drains = |at: usize| {
            let to = input
                .moves
                .most_went_to(at)
                .filter(|to| class(*to) == Class::Active);
            to.filter(|_| class(at) == Class::Queue)
        };
        Self {
            next: stages.clone().map(next).collect(),
            drains: stages.clone().map(drains).collect(),
            limits: stages.clone().map(|at| limit(input, at)).collect(),
            classes: stages.map(class).collect(),
        }
    }

    /// The active stage that drains a queue: the one that most of its items went to.
    pub(super) fn drains(&self, queue: usize) -> Option<usize> {
        self.drains[queue]
    }

    /// The stage that a stage hands on to, if it is committed and further right, and what that one
    /// holds when it is full.
    pub(super) fn hands_on_to(&self, stage: usize) -> Option<(usize, i64)> {
        self.next[stage].map(|next| (next, self.limits[next]))
    }

    /// What a stage holds when it is full.
    pub(super) fn limit(&self, stage: usize) -> i64 {
        self.limits[stage]
    }

    /// What holds up the work in a queue: the stage that drains it, or, as long as that one is full
    /// because the next is full too, what holds up the next.
    pub(super) fn held_up(&self, queue: usize, phase: &Phase) -> Held {
        let Some(mut stage) = self.drains[queue] else {
            return Held::By(queue);
        };
        let full = |at: &usize| phase.shows(*at, Signs::FULL);
        while let Some(next) = self.next[stage].filter(|next| full(&stage) && full(next)) {
            match self.classes[next] {
                Class::Queue if next > queue => return Held::Before(next),
                Class::Queue => return Held::By(stage),
                _ => stage = next,
            }
        }
        Held::By(stage)
    }

    /// Whether a stage can get rid of what it has done: the next one has room.
    pub(super) fn can_hand_on(&self, stage: usize, phase: &Phase) -> bool {
        self.next[stage].is_none_or(|next| !phase.shows(next, Signs::FULL))
    }
}

/// The limit that is set; else the usual load of a stage that stands there, or above, for half of
/// the window although more items came and left than that: a limit that nobody told. Without either
/// there is none.
fn limit(input: Input<'_>, at: usize) -> i64 {
    let stage = &input.stages[at];
    if let Some(limit) = stage.limit {
        return i64::from(limit).max(1);
    }
    let usual = i64::try_from(stage.usual_load).unwrap_or(i64::MAX);
    let turned_over = stage.arrivals.min(stage.departures) > stage.usual_load;
    let times = input.lasting.all.get(at);
    let stood = || times.map_or(0, |times| times.at_least(usual));
    if usual > 0 && turned_over && 2 * stood() >= input.ruler.length(input.window) {
        usual
    } else {
        i64::MAX
    }
}
