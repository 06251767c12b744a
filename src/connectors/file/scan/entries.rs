//! The moves of a piece, column by column.

use std::ops::Range;

use crate::model::time::{Millis, Sec};

/// The moves, one a row that could be understood.
#[derive(Debug, Default)]
pub(in crate::connectors::file) struct Entries {
    at: Vec<Sec>,
    /// Milliseconds after it, from the first that has any on; empty without any.
    ms: Vec<u16>,
    /// Numbers of statuses in the piece.
    status: Vec<u16>,
}

/// Some of them that follow each other.
#[derive(Clone, Copy, Debug)]
pub(in crate::connectors::file) struct Moves<'a> {
    pub(in crate::connectors::file) at: &'a [Sec],
    /// Milliseconds after each; empty if none has any.
    pub(in crate::connectors::file) ms: &'a [u16],
    /// Numbers of statuses in the piece.
    pub(in crate::connectors::file) status: &'a [u16],
}

impl Entries {
    pub(super) fn clear(&mut self) {
        self.at.clear();
        self.ms.clear();
        self.status.clear();
    }

    pub(in crate::connectors::file) fn len(&self) -> usize {
        self.at.len()
    }

    /// Adds one at a second, and milliseconds after it.
    #[inline]
    pub(super) fn push(&mut self, (at, ms): (Sec, u16), status: u16) {
        if ms != 0 || !self.ms.is_empty() {
            self.ms.resize(self.at.len(), 0);
            self.ms.push(ms);
        }
        self.at.push(at);
        self.status.push(status);
    }

    /// Those of some rows.
    pub(in crate::connectors::file) fn part(&self, rows: Range<usize>) -> Moves<'_> {
        Moves {
            at: &self.at[rows.clone()],
            ms: self.ms.get(rows.clone()).unwrap_or_default(),
            status: &self.status[rows],
        }
    }
}

impl Moves<'_> {
    /// When each happened.
    pub(in crate::connectors::file) fn instants(&self) -> impl Iterator<Item = Millis> {
        let ms = self.ms.iter().copied().chain(std::iter::repeat(0));
        let at = self.at.iter().zip(ms);
        at.map(|(at, ms)| Millis(at.millis().0 + i64::from(ms)))
    }
}
