//! Understands the rows of a piece of a file as far as each can be by itself: its instant, its
//! status, and whether it says more than the row before. Pieces can so be scanned at once, each
//! from its first line break on; whoever takes the rows in order checks that a record ended there.

mod entries;
mod names;

use super::plan::{Layout, Plan};
use super::records::{Dialect, NOWHERE, Records, Span, Step, breaks_in};
use super::rows::Places;
use super::times::{TimeReader, Told};
use crate::model::time::Sec;
pub(super) use entries::Moves;
use entries::Entries;
use names::Seen;

/// The rows of a piece of a file.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Where the scan began: before it stands the end of a record of the piece before.
    pub(super) begin: usize,
    /// Where it ended: at the first record that the piece cuts.
    pub(super) end: usize,
    /// Lines between the two.
    pub(super) lines: u64,
    /// The moves, one a row that could be understood.
    pub(super) entries: Entries,
    /// Where more is said than a move.
    pub(super) breaks: Vec<Break>,
    /// Of each row that says more, the fields that may matter: as many as there are places.
    pub(super) said: Vec<Span>,
    /// Of each such row, the numbers of the values of its facts.
    pub(super) values: Vec<u16>,
    /// Where the values of each fact stand, by their number.
    pub(super) named: Vec<Vec<Span>>,
    /// Where the names of the statuses stand, by their number.
    pub(super) statuses: Vec<Span>,
    /// What the times say about their zone.
    pub(super) told: Told,
}

/// Between two entries: what the next row says beside its move, or a row that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    /// Entries before it.
    pub(super) before: usize,
    pub(super) what: What,
}

/// What more there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Fields that may differ from those of the row before.
    Said,
    /// A row to be looked at closely: where it begins, and how many lines stand before it.
    Odd { start: usize, lines: u64 },
}

/// Scans pieces of one file.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    records: Records,
    times: TimeReader,
    dialect: Dialect,
    width: usize,
    status: usize,
    time: usize,
    /// Bytes of the last time that was read.
    time_length: usize,
    /// How many leading fields are compared as one.
    leading: usize,
    /// Columns whose fields may matter, by place.
    columns: Vec<usize>,
    /// Places whose columns are not among the leading ones that are compared as one.
    trailing: Vec<usize>,
    /// The fields of the row before, by place.
    before: Vec<Span>,
    /// Whether the row before is unknown.
    fresh: bool,
    /// The statuses so far.
    seen: Seen,
    /// The values of each fact so far.
    facts: Vec<Seen>,
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
            dialect,
            width: plan.width,
            status: *status,
            time: *time,
            time_length: 0,
            leading: plan.leading(),
            trailing: (0..columns.len()).filter(trailing).collect(),
            before: vec![NOWHERE; columns.len()],
            columns,
            fresh: true,
            seen: Seen::default(),
            facts: vec![Seen::default(); plan.facts.len()],
        })
    }

    /// Scans `bytes` from the first line break on into `scanned`; whether there is one.
    pub(super) fn scan(&mut self, bytes: &[u8], last: bool, scanned: &mut Scanned) -> bool {
        let Some(first) = memchr::memchr(self.records.terminator(), bytes) else {
            return false;
        };
        scanned.begin = first + 1;
        scanned.lines = 0;
        scanned.entries.clear();
        scanned.breaks.clear();
        scanned.said.clear();
        scanned.values.clear();
        scanned.statuses.clear();
        scanned.named.resize_with(self.facts.len(), Vec::new);
        scanned.named.iter_mut().for_each(Vec::clear);
        self.seen.clear();
        self.facts.iter_mut().for_each(Seen::clear);
        self.records.forget();
        self.fresh = true;
        // Of this piece alone: another may turn out to begin amid a record.
        self.times.untell(Told::default());
        let mut at = scanned.begin;
        loop {
            let told = self.times.told();
            if let Some((time, status, next)) = self.plain(bytes, at, &mut scanned.statuses) {
                scanned.entries.push_whole(time, status);
                scanned.lines += 1 + self.records.prefix_breaks();
                at = next;
                continue;
            }
            self.times.untell(told);
            let Step::Record { next } = self.records.next(bytes, at, last) else {
                break;
            };
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

    /// The quick way through a row that repeats the leading fields and whose others are as plain
    /// as most are; `None` for all others. Where the next row begins.
    #[inline]
    fn plain(
        &mut self,
        bytes: &[u8],
        at: usize,
        statuses: &mut Vec<Span>,
    ) -> Option<(Sec, u16, usize)> {
        if self.fresh || !self.trailing.is_empty() {
            return None;
        }
        let mut here = self.records.after_prefix(bytes, at)?;
        let (mut time, mut status) = (None, None);
        for column in self.leading..self.width {
            let is_last = column + 1 == self.width;
            let end = if column == self.time {
                let end = here + self.time_length;
                time = Some(self.times.read_iso(bytes.get(here..end)?)?);
                end
            } else {
                if *bytes.get(here)? == b'"' {
                    return None;
                }
                self.records.end_of_short(bytes, here)
            };
            let (end, next) = self.ended(bytes, end, is_last)?;
            if column == self.status {
                status = Some(Span::plain(here, end));
            }
            here = next;
        }
        let status = self.seen.number_of_filled(bytes, status?, statuses)?;
        Some((time?, status, here))
    }

    /// Where a field ends and the next begins, if it ends at `end` as it should.
    #[inline]
    fn ended(&self, bytes: &[u8], end: usize, is_last: bool) -> Option<(usize, usize)> {
        let byte = *bytes.get(end)?;
        if !is_last {
            return (byte == self.dialect.delimiter).then_some((end, end + 1));
        }
        if byte == b'\r' && bytes.get(end + 1) == Some(&b'\n') && self.dialect.terminator == b'\n' {
            return Some((end, end + 2));
        }
        let cut = usize::from(bytes[end - 1] == b'\r');
        (byte == self.dialect.terminator).then_some((end - cut, end + 1))
    }

    #[inline]
    fn row(&mut self, bytes: &[u8], start: usize, scanned: &mut Scanned) {
        if self.understood(bytes, scanned).is_none() {
            self.odd(start, scanned);
        }
    }

    #[cold]
    fn odd(&mut self, start: usize, scanned: &mut Scanned) {
        scanned.breaks.push(Break {
            before: scanned.entries.len(),
            what: What::Odd {
                start,
                lines: scanned.lines,
            },
        });
        self.records.forget();
        self.fresh = true;
    }

    #[inline]
    fn understood(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<()> {
        if self.records.len() != self.width {
            return None;
        }
        let (time, status) = (self.records.span(self.time), self.records.span(self.status));
        if !(time.is_plain() && status.is_plain()) {
            return None;
        }
        let time = time.raw(bytes);
        self.time_length = time.len();
        let at = self.times.read(time)?;
        let turns = self.turns(bytes)?;
        let status = self
            .seen
            .number_of_filled(bytes, status, &mut scanned.statuses)?;
        if turns {
            self.number_values(bytes, scanned)?;
            scanned.said.extend_from_slice(&self.before);
            scanned.breaks.push(Break {
                before: scanned.entries.len(),
                what: What::Said,
            });
        }
        scanned.entries.push(at, status);
        Some(())
    }

    /// Adds the numbers of the values of a row's facts; `None` if there are too many.
    fn number_values(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<()> {
        let before = scanned.values.len();
        let places = self.before.get(1..).unwrap_or_default();
        let facts = self.facts.iter_mut().zip(&mut scanned.named);
        for ((fact, named), place) in facts.zip(places) {
            let Some(number) = fact.number(bytes, *place, named) else {
                scanned.values.truncate(before);
                return None;
            };
            scanned.values.push(number);
        }
        Some(())
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

#[cfg(test)]
mod tests;
