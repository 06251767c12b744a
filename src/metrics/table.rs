//! One row an item of the stream: what the lists, filters and conditions need.

use std::sync::Arc;

use crate::model::bound::KindIx;
use crate::model::id::{ItemIx, StageIx};
use crate::model::stage::{ClockRule, State};
use crate::model::time::{MaybeSec, Ruler, Sec};
use crate::model::timeline::Position;

use super::behaviour::Path;
use super::clocked::{Clocked, Spent};

/// The items of a stream that a question is about, in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct ItemTable {
    /// None is empty.
    parts: Vec<Part>,
}

/// Some rows, in the order of the log: all of a block, or those of it that a filter accepts.
#[derive(Clone, Debug)]
pub(super) struct Part {
    rows: Arc<Vec<Row>>,
    /// Places in `rows`.
    chosen: Option<Vec<u16>>,
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
    /// Its way through the stages.
    pub(super) path: Path,
    /// Whether the time inside the clock is a flow time or an age.
    has_elapsed: bool,
    times: Times,
}

/// Spans of a row; seconds, those beyond 136 years are cut there.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    active: u32,
    waiting: u32,
    outside: u32,
    blocked: u32,
}

impl Part {
    /// All of these.
    pub(super) fn all(rows: Arc<Vec<Row>>) -> Self {
        Self { rows, chosen: None }
    }

    /// Those of all of a part that are accepted.
    pub(super) fn among(part: &Self, accepts: impl Fn(&Row) -> bool) -> Self {
        let chosen = (0..).zip(part.rows.iter());
        let chosen = chosen.filter(|(_, row)| accepts(row));
        Self {
            rows: Arc::clone(&part.rows),
            chosen: Some(chosen.map(|(at, _)| at).collect()),
        }
    }

    /// The rows that the part was made of.
    pub(super) fn block(&self) -> &Arc<Vec<Row>> {
        &self.rows
    }

    fn len(&self) -> usize {
        self.chosen.as_ref().map_or(self.rows.len(), Vec::len)
    }

    fn at(&self, place: usize) -> &Row {
        let chosen = self.chosen.as_ref();
        &self.rows[chosen.map_or(place, |chosen| usize::from(chosen[place]))]
    }

    /// The rows, in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> + Clone {
        (0..self.len()).map(|place| self.at(place))
    }

    /// The row of an item.
    fn row(&self, item: ItemIx) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&item, |row| row.item).ok()?;
        let chosen = |chosen: &Vec<u16>| {
            let place = u16::try_from(at).ok();
            place.is_some_and(|place| chosen.binary_search(&place).is_ok())
        };
        let holds = self.chosen.as_ref().is_none_or(chosen);
        holds.then(|| &self.rows[at])
    }
}

impl ItemTable {
    /// A table of these rows, parts after one another.
    pub(super) fn new(mut parts: Vec<Part>) -> Self {
        parts.retain(|part| part.len() > 0);
        Self { parts }
    }

    /// All rows, in the order of the log.
    pub fn rows(&self) -> impl Iterator<Item = &Row> + Clone {
        self.parts.iter().flat_map(Part::rows)
    }

    /// The rows in parts of about one size, as they were gathered.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The row of an item, if the question is about it.
    pub fn row(&self, item: ItemIx) -> Option<&Row> {
        let after = self.parts.partition_point(|part| part.at(0).item <= item);
        self.parts.get(after.checked_sub(1)?)?.row(item)
    }
}

impl Row {
    /// Keeps how the time was spent, and whether that is a flow time or an age.
    pub(super) fn with_times(mut self, spent: Spent, has_elapsed: bool) -> Self {
        self.has_elapsed = has_elapsed;
        self.times = Times {
            active: cut(spent.active),
            waiting: cut(spent.waiting),
            outside: cut(spent.outside),
            blocked: cut(spent.blocked),
        };
        self
    }

    /// Keeps what a clock says.
    pub(super) fn clocked(mut self, clocked: &Clocked) -> Self {
        self.started = clocked.started.into();
        self.finished = clocked.finished.into();
        self.reopened = clocked.reopened;
        let elapsed = clocked.flow.or(clocked.age);
        self.with_times(clocked.spent, elapsed.is_some())
    }

    /// What another clock rule says of an item that is over and was begun once at most. The row must
    /// be by a rule whose start is that of the work.
    pub(super) fn by_clock(mut self, rule: ClockRule, ruler: &Ruler) -> Self {
        let (spent, has_elapsed) = (self.spent(), self.has_elapsed);
        match rule {
            ClockRule::LastCrossing | ClockRule::FirstStart => self,
            ClockRule::SumInProgress => self.with_times(
                Spent {
                    outside: 0,
                    ..spent
                },
                has_elapsed,
            ),
            ClockRule::CreatedToDone => {
                let begun = self.started.get().or(self.finished.get());
                self.started = Some(self.created).into();
                let before = begun.map_or(0, |begun| ruler.between(self.created, begun));
                let outside = spent.outside + before;
                let done = self.finished.get().is_some();
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
            path: Path::of(&[]),
            has_elapsed: false,
            times: Times::default(),
        }
    }

    /// Where an item is that is over.
    pub(super) fn position(&self) -> Position {
        match (self.stage, self.state) {
            (Some(stage), _) => Position::Stage(stage),
            (None, State::Cancelled) => Position::Cancelled,
            (None, State::Deleted) => Position::Deleted,
            (None, _) => Position::Unmapped,
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
        let told = self.state == state && self.has_elapsed;
        let Spent {
            active,
            waiting,
            outside,
            ..
        } = self.spent();
        told.then_some(active + waiting + outside)
    }
}

/// Seconds in half the room; those beyond 136 years are cut there.
pub(super) fn cut(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}
