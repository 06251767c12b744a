//! One row an item of the stream: what the lists, filters and conditions need.

use std::sync::Arc;

use crate::model::bound::KindIx;
use crate::model::id::{ItemIx, StageIx};
use crate::model::stage::{ClockRule, State};
use crate::model::time::{MaybeSec, Ruler, Sec};

use super::clocked::{Clocked, Spent};

/// The items of a stream that a question is about, in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct ItemTable {
    /// None is empty.
    parts: Vec<Arc<Vec<Row>>>,
}

/// What is known of one item at as-of, in about fifty bytes. Spans are seconds.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Position in the log.
    pub item: ItemIx,
    /// Its first event.
    pub created: Sec,
    /// `s`.
    pub started: MaybeSec,
    /// `f`.
    pub finished: MaybeSec,
    /// When it entered where it is now.
    pub entered: Sec,
    /// The stage it is in; `None` outside the stages.
    pub stage: Option<StageIx>,
    /// Where it stands.
    pub state: State,
    /// Frozen at finish; `None` without a rule that holds and without a type.
    pub kind: Option<KindIx>,
    /// Whether its current status is one that no stage maps.
    pub unmapped_status: bool,
    /// How often it left done again.
    pub reopened: u16,
    /// Moves to an earlier stage.
    pub backward_moves: u16,
    /// Whether work is stopped now.
    pub blocked: bool,
    times: Times,
}

/// Spans of a row; seconds, those beyond 136 years are cut there.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    active: u32,
    waiting: u32,
    outside: u32,
    blocked: u32,
    elapsed: u32,
    has_elapsed: bool,
}

impl ItemTable {
    /// A table of these rows, parts after one another.
    pub(super) fn new(mut parts: Vec<Arc<Vec<Row>>>) -> Self {
        parts.retain(|part| !part.is_empty());
        Self { parts }
    }

    /// All rows, in the order of the log.
    pub fn rows(&self) -> impl Iterator<Item = &Row> + Clone {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// The rows in parts of about one size, as they were gathered.
    pub(super) fn parts(&self) -> &[Arc<Vec<Row>>] {
        &self.parts
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The row of an item, if the question is about it.
    pub fn row(&self, item: ItemIx) -> Option<&Row> {
        let after = self.parts.partition_point(|part| part[0].item <= item);
        let part = self.parts.get(after.checked_sub(1)?)?;
        let at = part.binary_search_by_key(&item, |row| row.item).ok()?;
        part.get(at)
    }
}

impl Row {
    /// Keeps how the time was spent, and the flow time or age.
    pub(super) fn with_times(mut self, spent: Spent, elapsed: Option<i64>) -> Self {
        self.times = Times {
            active: cut(spent.active),
            waiting: cut(spent.waiting),
            outside: cut(spent.outside),
            blocked: cut(spent.blocked),
            elapsed: cut(elapsed.unwrap_or(0)),
            has_elapsed: elapsed.is_some(),
        };
        self
    }

    /// Keeps what a clock says.
    pub(super) fn clocked(mut self, clocked: &Clocked) -> Self {
        self.started = clocked.started.into();
        self.finished = clocked.finished.into();
        self.reopened = clocked.reopened;
        self.with_times(clocked.spent, clocked.flow.or(clocked.age))
    }

    /// What another clock rule says of an item that is over and was begun once at most. The row must
    /// be by a rule whose start is that of the work.
    pub(super) fn by_clock(mut self, rule: ClockRule, ruler: &Ruler) -> Self {
        let (spent, flow) = (self.spent(), self.flow());
        match rule {
            ClockRule::LastCrossing | ClockRule::FirstStart => self,
            ClockRule::SumInProgress => {
                let worked = flow.map(|_| spent.active + spent.waiting);
                self.with_times(
                    Spent {
                        outside: 0,
                        ..spent
                    },
                    worked,
                )
            }
            ClockRule::CreatedToDone => {
                let begun = self.started.get().or(self.finished.get());
                self.started = Some(self.created).into();
                let before = begun.map_or(0, |begun| ruler.between(self.created, begun));
                let outside = spent.outside + before;
                let done = self.finished.get().map(|_| flow.unwrap_or(0) + before);
                self.with_times(Spent { outside, ..spent }, done)
            }
        }
    }

    /// A row of an item that is nowhere yet.
    pub(super) fn nowhere(item: ItemIx, created: Sec) -> Self {
        Self {
            item,
            created,
            started: MaybeSec::NONE,
            finished: MaybeSec::NONE,
            entered: created,
            stage: None,
            state: State::Unmapped,
            kind: None,
            unmapped_status: false,
            reopened: 0,
            backward_moves: 0,
            blocked: false,
            times: Times::default(),
        }
    }

    /// How the time inside the clock was spent, in seconds.
    pub fn spent(&self) -> Spent {
        Spent {
            active: self.times.active.into(),
            waiting: self.times.waiting.into(),
            outside: self.times.outside.into(),
            blocked: self.times.blocked.into(),
        }
    }

    /// Flow time of a finished item that has a start, in seconds.
    pub fn flow(&self) -> Option<i64> {
        self.elapsed_if(State::Done)
    }

    /// Age of an item in progress, in seconds.
    pub fn age(&self) -> Option<i64> {
        self.elapsed_if(State::InProgress)
    }

    fn elapsed_if(&self, state: State) -> Option<i64> {
        (self.state == state && self.times.has_elapsed).then(|| self.times.elapsed.into())
    }
}

fn cut(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}
