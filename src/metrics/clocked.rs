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
    /// Whether its first start is its last: it never went back to the backlog.
    pub begun_once: bool,
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

/// What the crossings say before a rule is chosen. Each is the place of the visit that it began.
#[derive(Clone, Copy, Debug, Default)]
struct Crossings {
    first_start: Option<usize>,
    /// Cleared by a return to backlog.
    last_start: Option<usize>,
    finished: Option<usize>,
    first_finish: Option<Sec>,
    /// The finish was the item's creation.
    born_done: bool,
    /// When it last left a committed stage.
    last_exit: Option<usize>,
    reopened: u16,
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

/// Whether an item in this state is done with.
pub(super) fn is_over(state: State) -> bool {
    matches!(state, State::Done | State::Cancelled | State::Deleted)
}

impl Clocked {
    /// Clocks a timeline in elapsed time; `classes` are those of the stream's stages.
    pub fn new(timeline: &Timeline, classes: &[Class], rule: ClockRule) -> Self {
        Self::by(timeline, classes, rule, &Ruler::elapsed())
    }

    /// Clocks a timeline in the time of a ruler.
    pub fn by(timeline: &Timeline, classes: &[Class], rule: ClockRule, ruler: &Ruler) -> Self {
        let crossings = Crossings::of(&timeline.visits, classes);
        crossings.clocked(timeline, classes, rule, ruler)
    }

    /// The start of each rule that says anything, in the order of [`ClockRule::ALL`], and the finish.
    pub(super) fn starts(
        timeline: &Timeline,
        classes: &[Class],
    ) -> ([Option<Sec>; 4], Option<Sec>) {
        let visits = timeline.visits.as_slice();
        let crossings = Crossings::of(visits, classes);
        let state = timeline.position().map(|last| state_of(last, classes));
        let tells = match state {
            Some(State::Done) => crossings.finished.is_some(),
            state => state == Some(State::InProgress),
        };
        let when = |at: usize| visits.get(at).map(|visit| visit.from);
        let start = |rule| crossings.start(rule).filter(|_| tells).and_then(when);
        let finished = crossings.finished.and_then(when);
        (ClockRule::ALL.map(start), finished)
    }
}

fn is_committed(class: Option<Class>) -> bool {
    class.is_some_and(Class::is_committed)
}

impl Crossings {
    fn of(visits: &[Visit], classes: &[Class]) -> Self {
        let mut crossings = Self::default();
        let mut from = None;
        for (at, visit) in visits.iter().enumerate() {
            let to = class_of(visit.position, classes);
            // From one committed stage to another nothing is crossed.
            if !(is_committed(to) && is_committed(from)) {
                crossings.cross((visits, at), from, to);
            }
            from = to;
        }
        crossings
    }

    /// From one class to another, with the visit at a place.
    fn cross(&mut self, (visits, at): (&[Visit], usize), from: Option<Class>, to: Option<Class>) {
        let before = at.checked_sub(1).map(|before| visits[before].position);
        if is_committed(from) {
            self.last_exit = Some(at);
        }
        if from == Some(Class::Done) && to != Some(Class::Done) {
            self.finished = None;
            self.born_done = false;
            self.reopened = self.reopened.saturating_add(u16::from(to.is_some()));
        }
        match to {
            Some(Class::Backlog) => self.last_start = None,
            Some(Class::Queue | Class::Active) => {
                let nowhere = matches!(before, None | Some(Position::Unmapped | Position::Deleted));
                self.commit(at, nowhere || from == Some(Class::Backlog));
            }
            Some(Class::Done) if from != Some(Class::Done) => {
                self.finished = Some(at);
                self.first_finish = self.first_finish.or(Some(visits[at].from));
                self.born_done = before.is_none();
            }
            Some(Class::Done) | None => {}
        }
    }

    /// An entry into a committed stage that is not from another: it begins the work, or goes on with
    /// what was begun.
    fn commit(&mut self, at: usize, begins: bool) {
        if begins || self.last_start.is_none() {
            self.last_start = Some(at);
            self.first_start = self.first_start.or(self.last_start);
        }
    }

    fn start(&self, rule: ClockRule) -> Option<usize> {
        match rule {
            ClockRule::LastCrossing => self.last_start,
            ClockRule::FirstStart | ClockRule::SumInProgress => self.first_start,
            ClockRule::CreatedToDone => (!self.born_done).then_some(0),
        }
    }

    /// Where the clock of an item in this state stops, of so many visits.
    fn end(&self, state: State, visits: usize) -> Option<usize> {
        match state {
            State::Done => self.finished,
            State::InProgress => Some(visits),
            _ => self.last_exit,
        }
    }

    /// What a rule makes of them.
    fn clocked(
        &self,
        timeline: &Timeline,
        classes: &[Class],
        rule: ClockRule,
        ruler: &Ruler,
    ) -> Clocked {
        let visits = timeline.visits.as_slice();
        let Some(last) = visits.last() else {
            return Clocked::default();
        };
        let state = state_of(last.position, classes);
        let when = |at: usize| visits.get(at).map_or(timeline.as_of, |visit| visit.from);
        let start = self.start(rule);
        let stretch = start.zip(self.end(state, visits.len()));
        let counted = stretch.and_then(|(from, to)| visits.get(from..to));
        let mut spent = Spent::over(
            counted.unwrap_or_default(),
            classes,
            &timeline.blocks,
            ruler,
        );
        let mut elapsed = stretch.map(|(from, to)| ruler.between(when(from), when(to)));
        if rule == ClockRule::SumInProgress {
            spent.outside = 0;
            elapsed = elapsed.map(|_| spent.active + spent.waiting);
        }
        Clocked {
            started: start.map(when),
            finished: self.finished.map(when),
            flow: elapsed.filter(|_| state == State::Done),
            age: elapsed.filter(|_| state == State::InProgress),
            spent,
            reopened: self.reopened,
            first_finish: self.first_finish,
            begun_once: self.first_start == self.last_start,
        }
    }
}

impl Spent {
    /// How the time of some visits was spent.
    fn over(visits: &[Visit], classes: &[Class], blocks: &[Block], ruler: &Ruler) -> Self {
        let (mut lengths, mut stopped) = ([0; 5], [0; 5]);
        for visit in visits {
            let class = class_of(visit.position, classes);
            let at = class.map_or(4, |class| class as usize);
            lengths[at] += ruler.between(visit.from, visit.to);
            if !blocks.is_empty() {
                stopped[at] += blocked_between(blocks, visit.from, visit.to, ruler);
            }
        }
        let [queued, worked] = [Class::Queue, Class::Active].map(|class| stopped[class as usize]);
        let [queue, active] = [Class::Queue, Class::Active].map(|class| lengths[class as usize]);
        Self {
            active: active - worked,
            waiting: queue + worked,
            outside: lengths.iter().sum::<i64>() - queue - active,
            blocked: queued + worked,
        }
    }
}

/// Time of `[from, to)` that blocks cover; they are in order and never overlap one another.
pub(super) fn blocked_between(blocks: &[Block], from: Sec, to: Sec, ruler: &Ruler) -> i64 {
    let shared = |block: &Block| {
        let (from, to) = (block.from.max(from), block.to.min(to));
        ruler.between(from, to).max(0)
    };
    let before_its_end = blocks.iter().take_while(|block| block.from < to);
    before_its_end.map(shared).sum()
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
