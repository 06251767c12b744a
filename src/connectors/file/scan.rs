//! Understands the rows of a piece of a file as far as each can be by itself: its instant, its
//! status, and whether it says more than the row before. Pieces can so be scanned at once, each
//! from its first line break on; whoever takes the rows in order checks that a record ended there.

mod digest;
mod entries;
mod names;
mod quick;
mod tail;
mod tails;

use super::plan::{Layout, Plan};
use super::records::{Dialect, NOWHERE, Records, Span, Step, breaks_in};
use super::rows::Places;
use super::times::{TimeReader, Told};
use digest::Digester;
use entries::Entries;
pub(super) use entries::Moves;
use names::Seen;
use tail::Tail;

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
    /// Of each row that says more, its item and its texts, in [`Self::copied`].
    pub(super) said: Vec<Span>,
    /// The bytes of those, one behind the other: whoever takes the rows on another core then reads
    /// little memory, and in order.
    pub(super) copied: Vec<u8>,
    /// Of each such row, the numbers of the values of its facts.
    pub(super) values: Vec<u16>,
    /// Of each such row and each [`What::Led`], a digest of all that it says beside its move; none
    /// if no item was seen to return before the scan.
    pub(super) digests: Vec<u128>,
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
    /// Leading fields that differ from those of the row before, and probably are those of one before
    /// that: where the row begins, and how many lines stand before it.
    Led { start: usize, lines: u64 },
    /// A row to be looked at closely: where it begins, and how many lines stand before it.
    Odd { start: usize, lines: u64 },
}

/// How many fields a row has, and which say what happened and when.
#[derive(Clone, Copy, Debug)]
struct Shape {
    width: usize,
    status: usize,
    time: usize,
}

/// Scans pieces of one file.
#[derive(Clone, Debug)]
pub(super) struct Scanner {
    records: Records,
    times: TimeReader,
    tail: Tail,
    shape: Shape,
    /// Columns whose fields may matter, by place.
    columns: Vec<usize>,
    /// Places whose columns are not among the leading ones that are compared as one.
    trailing: Vec<usize>,
    /// The fields of the row before, by place.
    before: Vec<Span>,
    /// How many of these are its item and texts; facts follow.
    texts: usize,
    /// Whether the row before is unknown.
    fresh: bool,
    /// Whether items were seen to return.
    returning: bool,
    /// How often the quick way may still fail in this piece, and win nothing.
    hope: u32,
    /// The statuses so far.
    seen: Seen,
    digester: Digester,
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
            tail: Tail::of(plan, dialect, (*status, *time)),
            shape: Shape {
                width: plan.width,
                status: *status,
                time: *time,
            },
            trailing: (0..columns.len()).filter(trailing).collect(),
            before: vec![NOWHERE; columns.len()],
            texts: 1 + plan.texts.len(),
            columns,
            fresh: true,
            returning: false,
            hope: 0,
            seen: Seen::default(),
            digester: Digester::new(),
            facts: vec![Seen::default(); plan.facts.len()],
        })
    }

    /// From the next scan on, whether items were seen to return.
    pub(super) fn expect_returning(&mut self, returning: bool) {
        self.returning = returning;
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
        scanned.copied.clear();
        scanned.values.clear();
        scanned.digests.clear();
        scanned.statuses.clear();
        scanned.named.resize_with(self.facts.len(), Vec::new);
        scanned.named.iter_mut().for_each(Vec::clear);
        self.seen.clear();
        self.tail.clear();
        self.facts.iter_mut().for_each(Seen::clear);
        self.forget();
        self.hope = quick::HOPE;
        // Of this piece alone: another may turn out to begin amid a record.
        self.times.untell(Told::default());
        let mut at = scanned.begin;
        loop {
            at = self.quick(bytes, at, scanned);
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
        self.forget();
    }

    /// Forgets the row before.
    fn forget(&mut self) {
        self.records.forget();
        self.fresh = true;
    }

    #[inline]
    fn understood(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<()> {
        if self.records.len() != self.shape.width {
            return None;
        }
        let Shape { status, time, .. } = self.shape;
        let (time, status) = (self.records.span(time), self.records.span(status));
        if !(time.is_plain() && status.is_plain()) {
            return None;
        }
        let time = time.raw(bytes);
        self.tail.time_length = time.len();
        let at = self.times.read(time)?;
        let turns = self.turns(bytes)?;
        let status = self
            .seen
            .number_of_filled(bytes, status, &mut scanned.statuses)?;
        if turns {
            self.say(bytes, scanned)?;
            if self.returning {
                scanned.digests.push(self.digest(bytes));
            }
        }
        let ms = u16::try_from(at.0.rem_euclid(1000)).unwrap_or(0);
        scanned.entries.push((at.floor_clamped(), ms), status);
        Some(())
    }

    /// Adds what the next row says beside its move; `None` if that cannot be told.
    fn say(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<()> {
        self.number_values(bytes, scanned)?;
        for field in &self.before[..self.texts] {
            scanned.said.push(field.copied_to(scanned.copied.len()));
            scanned.copied.extend_from_slice(field.raw(bytes));
        }
        scanned.breaks.push(Break {
            before: scanned.entries.len(),
            what: What::Said,
        });
        Some(())
    }

    /// Of all that the row says beside its move.
    fn digest(&mut self, bytes: &[u8]) -> u128 {
        let fields = self.trailing.iter().map(|place| self.before[*place]);
        self.digester.digest(self.records.prefix(), bytes, fields)
    }

    /// Adds the numbers of the values of a row's facts; `None` if there are too many.
    fn number_values(&mut self, bytes: &[u8], scanned: &mut Scanned) -> Option<()> {
        let before = scanned.values.len();
        let places = self.before.get(self.texts..).unwrap_or_default();
        let facts = self.facts.iter_mut().zip(&mut scanned.named);
        for ((fact, named), place) in facts.zip(places) {
            // Values are told apart by their bytes, which say what they are if nothing is escaped.
            let plain = place.is_plain().then_some(*place);
            let Some(number) = plain.and_then(|place| fact.number(bytes, place, named)) else {
                scanned.values.truncate(before);
                return None;
            };
            scanned.values.push(number);
        }
        Some(())
    }

    /// Looks where the fields of a row are that was split; `None` if it names no item.
    #[inline]
    fn look_at_all(&mut self, bytes: &[u8]) -> Option<()> {
        for (place, column) in self.before.iter_mut().zip(&self.columns) {
            *place = self.records.span(*column);
        }
        let item = self.before.first()?.raw(bytes);
        (!item.trim_ascii().is_empty()).then_some(())
    }

    /// Whether the row may say more than its move; `None` if it names no item.
    #[inline]
    fn turns(&mut self, bytes: &[u8]) -> Option<bool> {
        if !self.records.repeats() {
            self.look_at_all(bytes)?;
            self.fresh = false;
            return Some(true);
        }
        let mut turns = self.fresh;
        for place in &self.trailing {
            let now = self.records.span(self.columns[*place]);
            let before = &mut self.before[*place];
            turns |= !before.says_as(now, bytes);
            *before = now;
        }
        self.fresh = false;
        Some(turns)
    }
}

#[cfg(test)]
mod tests;
