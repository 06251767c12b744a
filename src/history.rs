//! The durable event log: append a batch with its cursor, read everything since a position.

mod error;
mod forecast;
mod lease;
#[cfg(feature = "postgres")]
mod merge;
#[cfg(feature = "postgres")]
mod postgres;
pub mod settings;
mod snapshot_file;
mod sqlite;
mod told;

pub use error::{HistoryError, ServerFault};
pub use lease::{HasChanged, Lease, Leases, Owner, Report};
#[cfg(feature = "postgres")]
pub use postgres::{Password, Postgres, PostgresLeases, Server};
pub use snapshot_file::{Moment, SnapshotFile};
pub use sqlite::{Sqlite, SqliteLeases};

use std::hash::{BuildHasher, RandomState};

use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::promise::Promise;
use crate::model::time::Millis;

/// Counts the changes of a history: every append that changed an event, an item or the name of a
/// status has a greater position than all before it. A cursor that moves on alone changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

/// What a history gave a position when it reached it, at random: of two histories that reached the
/// same position on different ways, or one that was put back and went another way, no two gave it the
/// same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub u64);

impl Mark {
    /// One that was never given.
    fn random() -> Self {
        // The keys of a new state are random, and so is what it makes of anything.
        Self(RandomState::new().hash_one(()))
    }
}

/// A history remembers the marks of so many of its last positions.
const MARKS: u64 = 10_000;

/// A store of events. Every event is keyed by (source, item, event id): appending it again changes
/// nothing. Calls block; run them off the screen's task.
///
/// An event that is told anew under a known id with other content is a correction, and the newest
/// telling stands. The exception is the approximate event, whose instant is that of the poll: as
/// long as it says the same thing happened, the first sighting stands.
pub trait History: Send {
    /// Keeps a batch and its cursor, both or neither, and says what was new.
    ///
    /// # Errors
    /// [`HistoryError`]; nothing of the batch is kept then.
    fn append(&mut self, batch: &Batch) -> Result<Appended, HistoryError>;

    /// Where a source stands.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn cursor(&mut self, source: &SourceName) -> Result<Option<Cursor>, HistoryError>;

    /// Forgets where a source stands, so that it is read from the start; its events stay.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be written.
    fn forget_cursor(&mut self, source: &SourceName) -> Result<(), HistoryError>;

    /// Hands the whole history of every item that changed after `since` to `each`, and returns the
    /// position reached. Position 0 reads everything. What is handed over is one moment of the
    /// history, whatever is appended meanwhile.
    ///
    /// The order is fixed: sources and, within them, items in the order in which they were first
    /// appended; events by instant, then sequence, then id. Each history has `replace` set. An item
    /// that has lost all its events is handed over empty, but not when everything is read.
    ///
    /// A position below `since` says that this is another history than the one `since` came from:
    /// nothing was handed over, read it from 0.
    ///
    /// Where the position has grown, ask for [`History::statuses`] too, after reading: they may
    /// have been renamed, which changes no item.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn read(
        &mut self,
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError>;

    /// As [`History::read`], but only the items of these sources. A store that many share hands over
    /// no others, so that nobody waits for what he does not ask for.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn read_of(
        &mut self,
        sources: &[SourceName],
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError> {
        self.read(since, &mut |source, history| {
            if sources.contains(source) {
                each(source, history);
            }
        })
    }

    /// The statuses of a source with their current names, in the order in which they were first
    /// appended.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn statuses(&mut self, source: &SourceName) -> Result<Vec<StatusName>, HistoryError>;

    /// Drops the whole items of a source that `kept` does not know by their ids, and returns how many.
    /// An item that changed after `since` is kept.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be written.
    fn drop_others(
        &mut self,
        source: &SourceName,
        since: Position,
        kept: &dyn Fn(&str) -> bool,
    ) -> Result<u64, HistoryError>;

    /// The position of the last change.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn position(&mut self) -> Result<Position, HistoryError>;

    /// The mark that a position was given; `None` if the history was never there, or so long ago
    /// that it forgot. Whoever knows the mark knows a moment of this history's own past, and needs
    /// to read only what changed since.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn mark(&mut self, at: Position) -> Result<Option<Mark>, HistoryError>;

    /// Keeps forecasts that were made, and says how many. A forecast is left out if one of the same
    /// stream, rule and question is kept whose last day is not before its first: no two look at
    /// the same day. No position changes, and nothing that drops items drops forecasts.
    ///
    /// # Errors
    /// [`HistoryError`]; none is kept then.
    fn promise(&mut self, promises: &[Promise]) -> Result<u64, HistoryError>;

    /// The forecasts kept for a stream, oldest first.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn promises(&mut self, stream: &str) -> Result<Vec<Promise>, HistoryError>;

    /// From now on a change of this source is made only while `owner` holds its lease, which is
    /// looked at in the same transaction: one that lost it changes nothing any more. Without this a
    /// change needs no lease.
    fn fence(&mut self, source: &SourceName, owner: &Owner);

    /// Drops whole items whose last event is before `before` and that `finished` says are over, and
    /// returns how many. An item that changes meanwhile is kept.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be written.
    fn drop_items(
        &mut self,
        before: Millis,
        finished: &dyn Fn(&SourceName, &ItemHistory) -> bool,
    ) -> Result<u64, HistoryError>;
}

/// What an append changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Events that were not known before.
    pub new_events: u64,
    /// The position after it.
    pub position: Position,
}

#[cfg(test)]
mod tests;
