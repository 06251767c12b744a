//! How a source is doing: a state on the screen, never an error that ends the program.

use super::id::SourceName;
use super::time::Millis;

/// The state of one source, newest wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceHealth {
    /// Which source.
    pub source: SourceName,
    /// What it is doing now.
    pub phase: SyncPhase,
    /// When the last complete poll ended, if ever.
    pub last_success: Option<Millis>,
    /// What went wrong last, since when; gone after a success.
    pub trouble: Option<Trouble>,
    /// Records that could not be read and were left out (newest last, bounded).
    pub oddities: Vec<Oddity>,
    /// How many oddities there were in all.
    pub oddity_count: u64,
    /// Requests made since the program started.
    pub requests: u64,
}

impl SourceHealth {
    /// A source nobody has asked yet.
    pub fn idle(source: SourceName) -> Self {
        Self {
            source,
            phase: SyncPhase::Idle { next: None },
            last_success: None,
            trouble: None,
            oddities: Vec::new(),
            oddity_count: 0,
            requests: 0,
        }
    }
}

/// What a source is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncPhase {
    /// Waiting for its next poll.
    Idle {
        /// When that will be, if it is planned.
        next: Option<Millis>,
    },
    /// Reading.
    Syncing(Progress),
    /// Another weir that shares the history reads it, or nobody does.
    Followed {
        /// Who.
        by: Option<String>,
    },
}

/// How far a poll has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Items read so far.
    pub done: u64,
    /// Items expected, where the source says so.
    pub total: Option<u64>,
}

/// Something that keeps a source from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// When it began.
    pub since: Millis,
    /// What failed and where, one sentence, no secret in it.
    pub what: String,
    /// What the reader can do.
    pub hint: String,
    /// When weir tries again by itself; `None` if trying again is useless until someone acts.
    pub next_try: Option<Millis>,
}

/// A record that could not be read; it was kept out, the rest went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oddity {
    /// Where: a line, an item, a field.
    pub place: String,
    /// What is odd about it.
    pub what: String,
}
