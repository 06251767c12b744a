//! One item replayed under a stream: its visits and its blocks.

mod replay;

pub use replay::Replay;

use super::bound::BlockReason;
use super::id::{ItemIx, StageIx};
use super::time::Sec;

/// Where an item is during a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// In a status no stage maps, before any that one does.
    Unmapped,
    /// In a stage.
    Stage(StageIx),
    /// Ended without value.
    Cancelled,
    /// Deleted in the tracker, or outside the stream's `where`.
    Deleted,
}

/// One stay, half-open `[from, to)`. Zero-length stays are stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Where.
    pub position: Position,
    /// When it began.
    pub from: Sec,
    /// When it ended; the as-of instant if it has not.
    pub to: Sec,
}

/// A time in which work was stopped, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Why.
    pub reason: BlockReason,
    /// When it began.
    pub from: Sec,
    /// When it ended; the as-of instant if it has not.
    pub to: Sec,
    /// Whether it still lasts at the as-of instant.
    pub open: bool,
}

/// What is known of one item at an as-of instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// Which item.
    pub item: ItemIx,
    /// In order, without gaps; the last one is open.
    pub visits: Vec<Visit>,
    /// In order, without overlaps.
    pub blocks: Vec<Block>,
    /// The instant it is seen from.
    pub as_of: Sec,
    /// Of an item made of several artefacts: all of them, the one it is named after first.
    pub(crate) artefacts: Vec<ItemIx>,
    /// By visit of such an item: the artefact that put it there.
    pub(crate) origins: Vec<ItemIx>,
}

impl Timeline {
    /// A timeline to be filled by [`Replay::run`].
    pub fn empty() -> Self {
        Self {
            item: ItemIx(0),
            visits: Vec::new(),
            blocks: Vec::new(),
            as_of: Sec(0),
            artefacts: Vec::new(),
            origins: Vec::new(),
        }
    }

    /// The artefacts of an item made of several, the one it is named after first; empty if it is
    /// one by itself.
    pub fn joined(&self) -> &[ItemIx] {
        &self.artefacts
    }

    /// The artefact that put the item where it was during a visit.
    pub fn origin(&self, visit: usize) -> ItemIx {
        self.origins.get(visit).copied().unwrap_or(self.item)
    }

    /// Where the item is now.
    pub fn position(&self) -> Option<Position> {
        self.visits.last().map(|visit| visit.position)
    }

    /// The block that still lasts.
    pub fn open_block(&self) -> Option<&Block> {
        self.blocks.last().filter(|block| block.open)
    }
}
