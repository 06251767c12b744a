//! Logs that tell the start of an activity from its end.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::super::plan::{Layout, Plan};
use super::super::records::Records;

/// What a row of such a log means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The item entered the status.
    Entered,
    /// Work on it stopped.
    Stopped,
    /// Work on it went on.
    Resumed,
    /// No move.
    Nothing,
}

/// Activities that began and have not ended yet. An end without a beginning is a move: some
/// activities are only logged when they end.
#[derive(Default)]
pub(super) struct Lifecycle {
    column: usize,
    open: HashMap<Vec<u8>, HashMap<u16, u32, FxBuildHasher>, FxBuildHasher>,
    ends: u64,
    scratch: Vec<u8>,
}

impl Lifecycle {
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        match plan.layout {
            Layout::Moves {
                lifecycle: Some(column),
                ..
            } => Some(Self {
                column,
                ..Self::default()
            }),
            _ => None,
        }
    }

    pub(super) fn meaning(
        &mut self,
        buffer: &[u8],
        records: &Records,
        item: &[u8],
        status: u16,
    ) -> Meaning {
        let mut scratch = std::mem::take(&mut self.scratch);
        let word = records.field(buffer, self.column, &mut scratch);
        let word = word.trim_ascii().to_ascii_lowercase();
        self.scratch = scratch;
        match word.as_slice() {
            b"start" | b"begin" | b"started" => {
                self.begin(item, status);
                Meaning::Entered
            }
            b"complete" | b"end" | b"completed" | b"finish" | b"" => self.end(item, status),
            b"suspend" | b"suspended" => Meaning::Stopped,
            b"resume" | b"resumed" => Meaning::Resumed,
            // Scheduled, assigned, withdrawn, …
            _ => Meaning::Nothing,
        }
    }

    fn begin(&mut self, item: &[u8], status: u16) {
        if !self.open.contains_key(item) {
            self.open.insert(item.to_vec(), HashMap::default());
        }
        if let Some(open) = self.open.get_mut(item) {
            *open.entry(status).or_default() += 1;
        }
    }

    fn end(&mut self, item: &[u8], status: u16) -> Meaning {
        let open = self.open.get_mut(item);
        match open.and_then(|open| open.get_mut(&status)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                self.ends += 1;
                Meaning::Nothing
            }
            _ => Meaning::Entered,
        }
    }

    pub(super) fn note(&self) -> Option<String> {
        let ends = self.ends;
        (ends > 0)
            .then(|| format!("{ends} rows end an activity whose start was read; they are no moves"))
    }
}
