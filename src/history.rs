//! The durable event log: append a batch with its cursor, read everything since a position.

use std::path::PathBuf;

use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Counts the changes of a history; later changes have greater positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

/// A store of events. Every event is keyed by (source, item, event id): appending it again changes
/// nothing. Calls block; run them off the screen's task.
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

    /// Hands the whole history of every item that changed after `since` to `each`, item by item in
    /// a fixed order, and returns the position reached. Position 0 reads everything.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn read(
        &mut self,
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError>;

    /// The statuses of a source with their current names.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be read.
    fn statuses(&mut self, source: &SourceName) -> Result<Vec<StatusName>, HistoryError>;

    /// Drops whole items whose last event is before `before` and that `finished` says are over.
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

/// Why the history could not be read or written: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The file or its folder cannot be opened.
    #[error("the history {path} cannot be opened: {why}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Written by a newer weir.
    #[error("the history {path} has schema {found}, this weir knows up to {known}")]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// The disk is full.
    #[error("the history {path} cannot grow: the disk is full")]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// The file or folder may not be written.
    #[error("the history {path} may not be written")]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// Another program holds it.
    #[error("the history {path} is held by another program")]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// Not a history, or damaged.
    #[error("the history {path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Anything else the store says.
    #[error("the history {path} failed: {why}")]
    Failed {
        /// Which file.
        path: PathBuf,
        /// What the store says.
        why: String,
    },
}
