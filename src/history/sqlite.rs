//! The history in one SQLite file: safe against being killed at any instant, usable by several
//! processes at once.

mod error;
mod lease;
mod open;
mod promise;
mod read;
mod row;
mod schema;
mod write;

use std::collections::HashMap;
use std::path::{self, Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

pub use lease::SqliteLeases;

use super::{Appended, History, HistoryError, Mark, Owner, Position};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::promise::Promise;
use crate::model::time::Millis;
use error::failure;

/// How long to wait for another process before saying that it holds the file.
const WAIT: Duration = Duration::from_secs(5);

/// A history in an SQLite file.
#[derive(Debug)]
pub struct Sqlite {
    path: PathBuf,
    connection: Connection,
    fences: HashMap<SourceName, Owner>,
}

impl Sqlite {
    /// Opens a history to read and write. Where there is none, the file and its folders are made,
    /// readable by the user alone. A history of an older weir is brought up to date.
    ///
    /// # Errors
    /// [`HistoryError`]. A file that is not a history or that a newer weir wrote stays as it is.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        Self::open_with(path, WAIT, open::to_write)
    }

    /// Opens a history that is there to read only, beside whoever writes it.
    ///
    /// # Errors
    /// [`HistoryError`]; also if an older weir wrote it.
    pub fn open_read_only(path: &Path) -> Result<Self, HistoryError> {
        Self::open_with(path, WAIT, open::to_read)
    }

    /// A history in memory, gone when it is dropped.
    ///
    /// # Errors
    /// [`HistoryError`] if there is no memory for it.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let path = PathBuf::from(":memory:");
        let connection = open::in_memory().map_err(|error| failure(&path, &error))?;
        Ok(Self::of(path, connection))
    }

    fn open_with(
        path: &Path,
        wait: Duration,
        open: fn(&Path, Duration) -> Result<Connection, HistoryError>,
    ) -> Result<Self, HistoryError> {
        // Absolute, because SQLite sees more than a file in names like `:memory:`.
        let path = path::absolute(path).map_err(|error| HistoryError::from_io(path, &error))?;
        let connection = open(&path, wait)?;
        Ok(Self::of(path, connection))
    }

    fn of(path: PathBuf, connection: Connection) -> Self {
        Self {
            path,
            connection,
            fences: HashMap::new(),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Looks the whole file over. It reads every page, so it takes as long as that does.
    ///
    /// # Errors
    /// [`HistoryError::Damaged`] with the first thing that is wrong.
    pub fn check(&mut self) -> Result<(), HistoryError> {
        let verdict = self
            .connection
            .query_row("PRAGMA integrity_check(1)", (), |row| {
                row.get::<_, String>(0)
            })
            .map_err(|error| failure(&self.path, &error))?;
        if verdict == "ok" {
            return Ok(());
        }
        Err(HistoryError::Damaged {
            path: self.path.clone(),
            why: verdict,
        })
    }

    /// Does something in one transaction, all of it or nothing.
    fn within<T>(
        &mut self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let done = self
            .connection
            .transaction_with_behavior(behavior)
            .and_then(|transaction| {
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        done.map_err(|error| failure(&self.path, &error))
    }

    fn reading<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        self.within(TransactionBehavior::Deferred, work)
    }

    fn writing<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        self.within(TransactionBehavior::Immediate, work)
    }

    /// Changes something of a source, if its lease allows it.
    fn changing<T>(
        &mut self,
        source: &SourceName,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, HistoryError> {
        let owner = self.fences.get(source).cloned();
        let done = self.writing(|connection| match &owner {
            Some(owner) if !lease::is_held(connection, source, owner)? => Ok(None),
            _ => work(connection).map(Some),
        })?;
        done.ok_or_else(|| HistoryError::LeaseLost {
            source_name: source.clone(),
        })
    }
}

impl History for Sqlite {
    fn append(&mut self, batch: &Batch) -> Result<Appended, HistoryError> {
        self.changing(&batch.source, |connection| write::append(connection, batch))
    }

    fn cursor(&mut self, source: &SourceName) -> Result<Option<Cursor>, HistoryError> {
        self.reading(|connection| read::cursor(connection, source))
    }

    fn forget_cursor(&mut self, source: &SourceName) -> Result<(), HistoryError> {
        self.changing(source, |connection| {
            write::forget_cursor(connection, source)
        })
    }

    fn read(
        &mut self,
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError> {
        self.reading(|connection| {
            let reached = read::position(connection)?;
            if reached > since {
                read::items(connection, since, &mut |source, _, history| {
                    each(source, history);
                })?;
            }
            Ok(reached)
        })
    }

    fn statuses(&mut self, source: &SourceName) -> Result<Vec<StatusName>, HistoryError> {
        self.reading(|connection| read::statuses(connection, source))
    }

    fn drop_others(
        &mut self,
        source: &SourceName,
        since: Position,
        kept: &dyn Fn(&str) -> bool,
    ) -> Result<u64, HistoryError> {
        self.changing(source, |connection| {
            let others = read::others(connection, source, since, kept)?;
            write::drop_items(connection, &others)
        })
    }

    fn position(&mut self) -> Result<Position, HistoryError> {
        self.reading(read::position)
    }

    fn mark(&mut self, at: Position) -> Result<Option<Mark>, HistoryError> {
        self.reading(|connection| read::mark(connection, at))
    }

    fn promise(&mut self, promises: &[Promise]) -> Result<u64, HistoryError> {
        self.writing(|connection| promise::keep(connection, promises))
    }

    fn promises(&mut self, stream: &str) -> Result<Vec<Promise>, HistoryError> {
        self.reading(|connection| promise::of_stream(connection, stream))
    }

    fn fence(&mut self, source: &SourceName, owner: &Owner) {
        self.fences.insert(source.clone(), owner.clone());
    }

    fn drop_items(
        &mut self,
        before: Millis,
        finished: &dyn Fn(&SourceName, &ItemHistory) -> bool,
    ) -> Result<u64, HistoryError> {
        let mut over = Vec::new();
        // Looking takes long and keeps nobody waiting; only then the file is held.
        self.reading(|connection| {
            read::items(connection, Position(0), &mut |source, row, history| {
                let last = history.events.iter().map(|event| event.at).max();
                if last.is_some_and(|at| at < before) && finished(source, &history) {
                    over.push(row);
                }
            })
        })?;
        if over.is_empty() {
            return Ok(0);
        }
        self.writing(|connection| write::drop_items(connection, &over))
    }
}

#[cfg(test)]
mod tests;
