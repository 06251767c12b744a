//! Row by row: what each says, told to a [`Receiver`].

mod lifecycle;
mod places;
mod scanned;
mod statuses;

pub(super) use places::Places;

use super::plan::{Layout, Plan};
use super::receive::Receiver;
use super::records::Records;
use super::report::FileReport;
use super::text::Decoder;
use super::times::TimeReader;
use crate::connectors::Fault;
use crate::model::time::Millis;
use lifecycle::{Lifecycle, Meaning};
use places::{Fields, Place};
use statuses::Statuses;

/// Reads rows by a plan. Columns whose bytes are those of the row before are not looked at again.
pub(super) struct Rows<'a, R> {
    plan: &'a Plan,
    receiver: &'a mut R,
    times: TimeReader,
    statuses: Statuses,
    lifecycle: Option<Lifecycle>,
    decoder: Decoder,
    item: Cell,
    facts: Vec<Cell>,
    texts: Vec<Cell>,
    /// Facts and texts within the leading columns that are compared as one.
    leading: (usize, usize),
    scratch: Vec<u8>,
    line: u64,
    report: FileReport,
}

/// A column's bytes in the row before.
struct Cell {
    place: Place,
    bytes: Vec<u8>,
    /// Whether a row was seen at all.
    seen: bool,
}

impl Cell {
    fn of(place: Place) -> Self {
        Self {
            place,
            bytes: Vec::new(),
            seen: false,
        }
    }

    /// Whether these bytes are others than those before; they are remembered.
    #[inline]
    fn turns(&mut self, bytes: &[u8]) -> bool {
        if self.seen && self.bytes == bytes {
            return false;
        }
        self.seen = true;
        self.bytes.clear();
        self.bytes.extend_from_slice(bytes);
        true
    }
}

/// Why a row is kept out.
type Reason = String;

impl<'a, R: Receiver> Rows<'a, R> {
    pub(super) fn new(plan: &'a Plan, times: TimeReader, receiver: &'a mut R) -> Self {
        let places = Places::of(plan);
        let cells = |places: Vec<Place>| places.into_iter().map(Cell::of).collect();
        Self {
            leading: places.leading(plan.leading()),
            item: Cell::of(places.item),
            facts: cells(places.facts),
            texts: cells(places.texts),
            statuses: Statuses::default(),
            lifecycle: Lifecycle::of(plan),
            decoder: Decoder::default(),
            scratch: Vec::new(),
            line: 1,
            report: FileReport::default(),
            plan,
            receiver,
            times,
        }
    }

    /// Names the statuses that columns of dates stand for, in the order of the work: the first rows
    /// may leave some out.
    ///
    /// # Errors
    /// A fault of the receiver.
    pub(super) fn name_statuses(&mut self) -> Result<(), Fault> {
        let Layout::Dates(dates) = &self.plan.layout else {
            return Ok(());
        };
        for date in dates {
            let name = date.status.as_bytes();
            self.statuses.find(name, &mut self.decoder, self.receiver)?;
        }
        Ok(())
    }

    /// Says that the next record begins this many lines further down.
    #[inline]
    pub(super) fn skip_lines(&mut self, lines: u64) {
        self.line += lines;
    }

    /// Says on which line the next record begins.
    pub(super) fn at_line(&mut self, line: u64) {
        self.line = line;
    }

    /// Takes a record.
    ///
    /// # Errors
    /// A fault of the receiver. A record that cannot be read is listed and kept out.
    #[inline]
    pub(super) fn row(&mut self, buffer: &[u8], records: &mut Records) -> Result<(), Fault> {
        self.report.rows += 1;
        let breaks = records.breaks();
        let told = if records.len() == self.plan.width {
            self.told(buffer, records)
        } else {
            self.ragged(buffer, records)
        };
        if let Err(told) = told {
            self.keep_out(told?);
            records.forget();
        }
        self.line += 1 + breaks;
        Ok(())
    }

    /// Keeps out a whole line.
    #[cold]
    pub(super) fn keep_out_line(&mut self, why: Reason) {
        self.report.rows += 1;
        self.keep_out(why);
        self.line += 1;
    }

    #[cold]
    fn keep_out(&mut self, why: Reason) {
        self.report.keep_out(self.line, why);
    }

    /// Items so far.
    pub(super) fn items(&self) -> u64 {
        self.receiver.items()
    }

    /// Whether rows were seen to return to an item after those of a later one.
    pub(super) fn returning(&self) -> bool {
        self.receiver.returning()
    }

    /// Says how many items there will be, about.
    pub(super) fn expect(&mut self, items: u64) {
        self.receiver.expect(items);
    }

    /// What it came to.
    ///
    /// # Errors
    /// A fault of the receiver.
    pub(super) fn finish(self) -> Result<(FileReport, TimeReader), Fault> {
        self.receiver.end()?;
        let mut report = self.report;
        report.items = self.receiver.items();
        report.notes.extend(self.decoder.note());
        report.notes.extend(self.receiver.notes());
        if let Some(note) = self.lifecycle.as_ref().and_then(Lifecycle::note) {
            report.notes.push(note);
        }
        Ok((report, self.times))
    }

    /// A record with more or fewer fields than the header.
    #[cold]
    fn ragged(&mut self, buffer: &[u8], records: &Records) -> Result<(), Out> {
        let (has, width) = (records.len(), self.plan.width);
        let is_blank = |at: usize| {
            let mut scratch = Vec::new();
            let bytes = records.field(buffer, at, &mut scratch);
            bytes.trim_ascii().is_empty()
        };
        // A record that repeats another names an item.
        if !records.repeats() && (0..has).all(&is_blank) {
            self.report.rows -= 1;
            return Ok(());
        }
        if !(width..has).all(is_blank) {
            let why = format!("the row has {has} fields where the header has {width}");
            return Err(Ok(why));
        }
        self.told(buffer, records)
    }

    #[inline]
    fn told(&mut self, buffer: &[u8], records: &Records) -> Result<(), Out> {
        match &self.plan.layout {
            Layout::Moves { status, time, .. } => self.move_row(buffer, records, status, *time),
            Layout::Dates(_) => self.dates_row(buffer, records),
        }
    }

    #[inline]
    fn move_row(
        &mut self,
        buffer: &[u8],
        records: &Records,
        status: &[usize],
        time: usize,
    ) -> Result<(), Out> {
        let bytes = records.field(buffer, time, &mut self.scratch);
        let Some(at) = self.times.read(bytes) else {
            return Err(Ok(no_time(bytes, &mut self.decoder)));
        };
        let bytes = match status {
            [one] => records.field(buffer, *one, &mut self.scratch),
            several => {
                statuses::join(buffer, records, several, &mut self.scratch);
                &self.scratch
            }
        };
        let status = self
            .statuses
            .find(bytes, &mut self.decoder, self.receiver)
            .map_err(Err)?
            .ok_or_else(|| Ok("the row has no status".to_owned()))?;
        let changed = self.item_and_facts(buffer, records)?;
        self.tell(
            buffer,
            records,
            Entry {
                at,
                status,
                changed,
            },
        )
    }

    #[inline]
    fn tell(&mut self, buffer: &[u8], records: &Records, entry: Entry) -> Result<(), Out> {
        let Entry {
            at,
            status,
            changed,
        } = entry;
        let Some(lifecycle) = &mut self.lifecycle else {
            return self.receiver.moved(at, status, changed).map_err(Err);
        };
        let told = match lifecycle.meaning(buffer, records, &self.item.bytes, status) {
            Meaning::Entered => self.receiver.moved(at, status, true),
            Meaning::Stopped => self.receiver.stopped(at, true),
            Meaning::Resumed => self.receiver.stopped(at, false),
            Meaning::Nothing => Ok(()),
        };
        told.map_err(Err)
    }

    /// Several moves of one item; empty dates are moves that have not happened.
    fn dates_row(&mut self, buffer: &[u8], records: &Records) -> Result<(), Out> {
        let Layout::Dates(dates) = &self.plan.layout else {
            return Ok(());
        };
        let mut moves = Vec::with_capacity(dates.len());
        for date in dates {
            let bytes = records.field(buffer, date.column, &mut self.scratch);
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let Some(at) = self.times.read(bytes) else {
                return Err(Ok(no_time(bytes, &mut self.decoder)));
            };
            let status = self
                .statuses
                .find(date.status.as_bytes(), &mut self.decoder, self.receiver)
                .map_err(Err)?;
            moves.extend(status.map(|status| (at, status)));
        }
        if moves.is_empty() {
            return Err(Ok("the row has no date".to_owned()));
        }
        self.item_and_facts(buffer, records)?;
        for (at, status) in moves {
            self.receiver.moved(at, status, true).map_err(Err)?;
        }
        Ok(())
    }

    /// Tells whatever the row says anew of its item; whether the facts may differ from the row
    /// before.
    #[inline]
    fn item_and_facts(&mut self, buffer: &[u8], records: &impl Fields) -> Result<bool, Out> {
        let repeats = records.repeats();
        let mut changed = false;
        if !repeats {
            changed = self.item(buffer, records)?;
        }
        let (facts, texts) = if repeats { self.leading } else { (0, 0) };
        for at in facts..self.facts.len() {
            let cell = &mut self.facts[at];
            let bytes = records.at(buffer, cell.place, &mut self.scratch);
            if cell.turns(bytes) {
                changed = true;
                let value = self.decoder.text(bytes);
                let value = self.receiver.value(at, &value);
                self.receiver.fact(at, value).map_err(Err)?;
            }
        }
        self.texts(buffer, records, texts);
        Ok(changed)
    }

    /// Whether the row is about another item than the row before.
    fn item(&mut self, buffer: &[u8], records: &impl Fields) -> Result<bool, Out> {
        let bytes = records.at(buffer, self.item.place, &mut self.scratch);
        if bytes.trim_ascii().is_empty() {
            return Err(Ok("the row names no item".to_owned()));
        }
        if !self.item.turns(bytes) {
            return Ok(false);
        }
        let id = self.decoder.text(bytes);
        self.receiver.item(&id).map_err(Err)?;
        for cell in &mut self.texts {
            cell.seen = false;
        }
        Ok(true)
    }

    #[inline]
    fn texts(&mut self, buffer: &[u8], records: &impl Fields, from: usize) {
        for at in from..self.texts.len() {
            let cell = &mut self.texts[at];
            let bytes = records.at(buffer, cell.place, &mut self.scratch);
            if cell.turns(bytes) && !bytes.is_empty() {
                let text = self.decoder.text(bytes);
                self.receiver.text(self.plan.texts[at].kind, &text);
            }
        }
    }
}

/// Why a row went no further: it is kept out, or the whole reading ends.
type Out = Result<Reason, Fault>;

#[derive(Clone, Copy)]
struct Entry {
    at: Millis,
    status: u16,
    changed: bool,
}

fn no_time(bytes: &[u8], decoder: &mut Decoder) -> Reason {
    let text = decoder.text(bytes);
    if text.is_empty() {
        return "the row has no time".to_owned();
    }
    let short: String = text.chars().take(40).collect();
    format!("\"{short}\" is no time that weir can read, or not from 1970 to 2106")
}
