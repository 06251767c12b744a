//! The clock: when an item started and finished, and how its time was spent. METRICS "The clock".

use crate::model::id::StageIx;
use crate::model::stage::{Class, ClockRule, State};
use crate::model::time::{Ruler, Sec};
use crate::model::timeline::{Block, Position, Timeline, Visit};

/// One item under one clock rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocked {
    /// `s`.
    pub started: Option<Sec>,
    /// `f`, while the item is in done.
    pub finished: Option<Sec>,
    /// Seconds of flow time of a finished item that has a start.
    pub flow: Option<i64>,
    /// Seconds of age of an item in progress.
    pub age: Option<i64>,
    /// How the time from `s` on was spent: to `f`, to now, or until the item was given up.
    pub spent: Spent,
    /// How often it left done again.
    pub reopened: u16,
    /// The first finish, also of an item that was reopened.
    pub first_finish: Option<Sec>,
}

/// Seconds inside the clock. Waiting is queue time and blocked time, counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// In active stages, not blocked.
    pub active: i64,
    /// In queue stages, or blocked in any committed stage.
    pub waiting: i64,
    /// In no committed stage: back in backlog, in done before a reopening.
    pub outside: i64,
    /// Blocked while committed; part of `waiting`.
    pub blocked: i64,
}

/// A crossing, with how the item's time was spent up to it.
#[derive(Clone, Copy, Debug)]
struct Crossing {
    at: Sec,
    spent: Spent,
}

/// What the crossings say before a rule is chosen.
#[derive(Clone, Copy, Debug, Default)]
struct Crossings {
    first_event: Option<Sec>,
    first_start: Option<Crossing>,
    /// Cleared by a return to backlog.
    last_start: Option<Crossing>,
    finished: Option<Crossing>,
    first_finish: Option<Sec>,
    /// The finish was the item's creation.
    born_done: bool,
    /// When it last left a committed stage.
    last_exit: Option<Crossing>,
    reopened: u16,
    /// How the time since the first event was spent.
    so_far: Spent,
}

/// The state that a position means.
pub(super) fn state_of(position: Position, classes: &[Class]) -> State {
    match position {
        Position::Unmapped => State::Unmapped,
        Position::Cancelled => State::Cancelled,
        Position::Deleted => State::Deleted,
        Position::Stage(stage) => match classes[stage.index()] {
            Class::Backlog => State::Backlog,
            Class::Queue | Class::Active => State::InProgress,
            Class::Done => State::Done,
        },
    }
}

impl Clocked {
    /// Clocks a timeline in elapsed time; `classes` are those of the stream's stages.
    pub fn new(timeline: &Timeline, classes: &[Class], rule: ClockRule) -> Self {
        Self::by(timeline, classes, rule, &Ruler::elapsed())
    }

    /// Clocks a timeline in the time of a ruler.
    pub fn by(timeline: &Timeline, classes: &[Class], rule: ClockRule, ruler: &Ruler) -> Self {
        let crossings = Crossings::of(timeline, classes, ruler);
        let Some(position) = timeline.position() else {
            return Self::default();
        };
        let state = state_of(position, classes);
        let start = crossings.start(rule);
        let end = match state {
            State::Done => crossings.finished,
            State::InProgress => Some(Crossing {
                at: timeline.as_of,
                spent: crossings.so_far,
            }),
            _ => crossings.last_exit,
        };
        let started = start.map(|start| start.at);
        let mut spent = match (start, end) {
            (Some(from), Some(to)) => to.spent.since(from.spent),
            _ => Spent::default(),
        };
        let end = end.map(|end| end.at);
        let mut elapsed = started.zip(end).map(|(from, to)| ruler.between(from, to));
        if rule == ClockRule::SumInProgress {
            spent.outside = 0;
            elapsed = elapsed.map(|_| spent.active + spent.waiting);
        }
        Self {
            started,
            finished: crossings.finished.map(|finish| finish.at),
            flow: elapsed.filter(|_| state == State::Done),
            age: elapsed.filter(|_| state == State::InProgress),
            spent,
            reopened: crossings.reopened,
            first_finish: crossings.first_finish,
        }
    }
}

fn is_committed(before: Option<(Position, Option<Class>)>) -> bool {
    matches!(before, Some((_, Some(Class::Queue | Class::Active))))
}

impl Crossings {
    fn of(timeline: &Timeline, classes: &[Class], ruler: &Ruler) -> Self {
        let mut crossings = Self {
            first_event: timeline.visits.first().map(|visit| visit.from),
            ..Self::default()
        };
        let mut before = None;
        for visit in &timeline.visits {
            let class = class_of(visit.position, classes);
            let committed = class.is_some_and(Class::is_committed);
            // From one committed stage to another nothing is crossed.
            if !(committed && is_committed(before)) {
                crossings.cross(before, visit, class);
            }
            crossings.so_far.add(visit, class, &timeline.blocks, ruler);
            before = Some((visit.position, class));
        }
        crossings
    }

    fn at(&self, at: Sec) -> Crossing {
        Crossing {
            at,
            spent: self.so_far,
        }
    }

    fn cross(
        &mut self,
        before: Option<(Position, Option<Class>)>,
        visit: &Visit,
        to: Option<Class>,
    ) {
        let from = before.and_then(|(_, class)| class);
        if from.is_some_and(Class::is_committed) && !to.is_some_and(Class::is_committed) {
            self.last_exit = Some(self.at(visit.from));
        }
        if from == Some(Class::Done) && to != Some(Class::Done) {
            self.finished = None;
            self.born_done = false;
            self.reopened = self.reopened.saturating_add(u16::from(to.is_some()));
        }
        match to {
            Some(Class::Backlog) => self.last_start = None,
            Some(Class::Queue | Class::Active) => self.commit(before, visit.from),
            Some(Class::Done) if from != Some(Class::Done) => {
                self.finished = Some(self.at(visit.from));
                self.first_finish = self.first_finish.or(Some(visit.from));
                self.born_done = before.is_none();
            }
            Some(Class::Done) | None => {}
        }
    }

    /// A move into a committed stage: from backlog or by creation always a crossing, from done or
    /// cancelled only without a start, from another committed stage never.
    fn commit(&mut self, before: Option<(Position, Option<Class>)>, at: Sec) {
        let crosses = match before {
            None
            | Some((Position::Unmapped | Position::Deleted, _) | (_, Some(Class::Backlog))) => true,
            Some((_, Some(Class::Queue | Class::Active))) => false,
            Some((_, Some(Class::Done) | None)) => self.last_start.is_none(),
        };
        if crosses {
            self.last_start = Some(self.at(at));
            self.first_start = self.first_start.or(self.last_start);
        }
    }

    fn start(&self, rule: ClockRule) -> Option<Crossing> {
        match rule {
            ClockRule::LastCrossing => self.last_start,
            ClockRule::FirstStart | ClockRule::SumInProgress => self.first_start,
            ClockRule::CreatedToDone => {
                let at = self.first_event.filter(|_| !self.born_done)?;
                let spent = Spent::default();
                Some(Crossing { at, spent })
            }
        }
    }
}

impl Spent {
    /// Adds a visit to a stage of this class. Clocks start and stop only where visits begin.
    fn add(&mut self, visit: &Visit, class: Option<Class>, blocks: &[Block], ruler: &Ruler) {
        let length = ruler.between(visit.from, visit.to);
        match class {
            Some(Class::Queue) => {
                self.waiting += length;
                self.blocked += blocked_between(blocks, visit.from, visit.to, ruler);
            }
            Some(Class::Active) => {
                let blocked = blocked_between(blocks, visit.from, visit.to, ruler);
                self.blocked += blocked;
                self.waiting += blocked;
                self.active += length - blocked;
            }
            _ => self.outside += length,
        }
    }

    /// What was spent since it stood at `before`.
    fn since(self, before: Self) -> Self {
        Self {
            active: self.active - before.active,
            waiting: self.waiting - before.waiting,
            outside: self.outside - before.outside,
            blocked: self.blocked - before.blocked,
        }
    }
}

/// Time of `[from, to)` that blocks cover; blocks never overlap one another.
pub(super) fn blocked_between(blocks: &[Block], from: Sec, to: Sec, ruler: &Ruler) -> i64 {
    let shared = |block: &Block| {
        let (from, to) = (block.from.max(from), block.to.min(to));
        ruler.between(from, to).max(0)
    };
    blocks.iter().map(shared).sum()
}

/// The class of a position; `None` where it is in no stage.
pub(super) fn class_of(position: Position, classes: &[Class]) -> Option<Class> {
    match position {
        Position::Stage(stage) => Some(classes[stage.index()]),
        _ => None,
    }
}

/// The stage of a position.
pub(super) fn stage_of(position: Position) -> Option<StageIx> {
    match position {
        Position::Stage(stage) => Some(stage),
        _ => None,
    }
}
