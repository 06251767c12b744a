//! Understands the rows of a piece of a file as far as each can be by itself: its instant, its
//! status, and whether it says more than the row before. Pieces can so be scanned at once, each
//! from its first line break on; whoever takes the rows in order checks that a record ended there.

mod statuses;

use super::plan::{Layout, Plan};
use super::records::{Dialect, NOWHERE, Records, Span, Step, breaks_in};
use super::rows::Places;
use super::times::{TimeReader, Told};
use crate::model::time::Millis;
use statuses::Seen;

/// The rows of a piece of a file.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Where the scan began: before it stands the end of a record of the piece before.
    pub(super) begin: usize,
    /// Where it ended: at the first record that the piece cuts.
    pub(super) end: usize,
    /// Lines between the two.
    pub(super) lines: u64,
    pub(super) rows: Vec<Row>,
    /// Of each row that says more than a move, the fields that may matter: as many as there are
    /// places.
    pub(super) said: Vec<Span>,
    /// Where the names of the statuses stand, by their number.
    pub(super) statuses: Vec<Span>,
    /// What the times say about their zone.
    pub(super) told: Told,
}

/// A row as far as it can be understood by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A move of the item of the row before; nothing else is new.
    Moved { at: Millis, status: u16 },
    /// A move, and fields that may differ from those of the row before.
    Said { at: Millis, status: u16 },
    /// To be looked at closely: where it begins, and how many lines stand before it in the scan.
    Odd { start: u32, lines: u32 },
}

/// Scans pieces of one file.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    records: Records,
    times: TimeReader,
    width: usize,
    status: usize,
    time: usize,
    /// Columns whose fields may matter, by place.
    columns: Vec<usize>,
    /// Places whose columns are not among the leading ones that are compared as one.
    trailing: Vec<usize>,
    /// The fields of the row before, by place.
    before: Vec<Span>,
    /// Whether the row before is unknown.
    fresh: bool,
    seen: Seen,
}

impl Scanner {
    /// For files whose rows can be understood one by one: one status and one time a row. `None`
    /// for the others.
    pub(super) fn of(plan: &Plan, dialect: Dialect, times: &TimeReader) -> Option<Self> {
        let Layout::Moves {
            status,
            time,
            lifecycle: None,
        } = &plan.layout
        else {
            return None;
        };
        let [status] = status.as_slice() else {
            return None;
        };
        let mut records = Records::new(dialect);
        records.watch(plan.leading());
        let columns = Places::columns(plan);
        let trailing = |place: &usize| columns[*place] >= plan.leading();
        Some(Self {
            records,
            times: times.clone(),
            width: plan.width,
            status: *status,
            time: *time,
            trailing: (0..columns.len()).filter(trailing).collect(),
            before: vec![NOWHERE; columns.len()],
            columns,
            fresh: true,
            seen: Seen::default(),
        })
    }

    /// Scans `bytes` from the first line break on into `scanned`; whether there is one.
    pub(super) fn scan(&mut self, bytes: &[u8], last: bool, scanned: &mut Scanned) -> bool {
        let Some(first) = memchr::memchr(self.records.terminator(), bytes) else {
            return false;
        };
        scanned.begin = first + 1;
        scanned.lines = 0;
        scanned.rows.clear();
        scanned.said.clear();
        scanned.statuses.clear();
        self.seen.clear();
        self.records.forget();
        self.fresh = true;
        let mut at = scanned.begin;
        while let Step::Record { next } = self.records.next(bytes, at, last) {
            let start = self.records.start();
            if start != at {
                scanned.lines += breaks_in(&bytes[at..start]);
            }
            self.row(bytes, start, scanned);
            scanned.lines += 1 + self.records.breaks();
            at = next;
        }
        scanned.end = at;
        scanned.told = self.times.told();
        true
    }

    #[inline]
    fn row(&mut self, bytes: &[u8], start: usize, scanned: &mut Scanned) {
        match self.understood(bytes, scanned) {
            Some(row) => scanned.rows.push(row),
            None => self.odd(start, scanned),
        }
    }

    #[cold]
    fn odd(&mut self, start: usize, scanned: &mut Scanned) {
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        scanned.rows.push(Row::Odd {
            start: short(start as u64),
            lines: short(scanned.lines),
        });
        self.records.forget();
        self.fresh = true;
    }

    #[inline]
    fn understood(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<Row> {
        if self.records.len() != self.width {
            return None;
        }
        let (time, status) = (self.records.span(self.time), self.records.span(self.status));
        if !(time.is_plain() && status.is_plain()) {
            return None;
        }
        let at = self.times.read(time.raw(bytes))?;
        let status = self.seen.find(bytes, status, &mut scanned.statuses)?;
        if !self.turns(bytes)? {
            return Some(Row::Moved { at, status });
        }
        scanned.said.extend_from_slice(&self.before);
        Some(Row::Said { at, status })
    }

    /// Whether the row may say more than its move; `None` if it names no item.
    #[inline]
    fn turns(&mut self, bytes: &[u8]) -> Option<bool> {
        if !self.records.repeats() {
            for (place, column) in self.before.iter_mut().zip(&self.columns) {
                *place = self.records.span(*column);
            }
            self.fresh = false;
            let item = self.before.first()?.raw(bytes);
            return (!item.trim_ascii().is_empty()).then_some(true);
        }
        let mut turns = self.fresh;
        for place in &self.trailing {
            let now = self.records.span(self.columns[*place]);
            let before = &mut self.before[*place];
            turns |= before.raw(bytes) != now.raw(bytes);
            *before = now;
        }
        self.fresh = false;
        Some(turns)
    }
}
