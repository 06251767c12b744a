//! Row by row: what each says, told to a [`Receiver`].

mod lifecycle;
mod places;
mod statuses;

pub(super) use places::Places;

use std::slice::ChunksExact;

use super::plan::{Layout, Plan};
use super::receive::Receiver;
use super::records::{Records, Span, Step};
use super::report::FileReport;
use super::scan::{Moves, Scanned, What};
use super::text::Decoder;
use super::times::TimeReader;
use crate::connectors::Fault;
use crate::model::time::Millis;
use lifecycle::{Lifecycle, Meaning};
use places::{Fields, Place, Said};
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

/// A piece that was scanned, and how far it is told.
struct Piece<'a, V> {
    buffer: &'a [u8],
    scanned: &'a Scanned,
    /// The fields and the values of facts of rows that say more than their move.
    said: ChunksExact<'a, Span>,
    values: ChunksExact<'a, u16>,
    digests: std::slice::Iter<'a, u64>,
    /// By their number in the piece.
    statuses: Vec<u16>,
    /// By fact, values by their number in the piece.
    facts: Vec<Vec<V>>,
}

impl<'a, V> Piece<'a, V> {
    /// The scan of `buffer`, nothing of it told. `facts` and `texts` are how many a row has.
    fn of(buffer: &'a [u8], scanned: &'a Scanned, facts: usize, texts: usize) -> Self {
        Self {
            buffer,
            scanned,
            said: scanned.said.chunks_exact(1 + facts + texts),
            values: scanned.values.chunks_exact(facts.max(1)),
            digests: scanned.digests.iter(),
            statuses: Vec::with_capacity(scanned.statuses.len()),
            facts: std::iter::repeat_with(Vec::new).take(facts).collect(),
        }
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

    /// Takes the rows of a scan in `buffer`, of which the first begins where the last row ended.
    ///
    /// # Errors
    /// A fault of the receiver.
    pub(super) fn take(
        &mut self,
        buffer: &[u8],
        scanned: &Scanned,
        records: &mut Records,
    ) -> Result<(), Fault> {
        let first_line = self.line;
        let mut piece = Piece::of(buffer, scanned, self.facts.len(), self.texts.len());
        let (mut from, mut changed) = (0, false);
        for next in &scanned.breaks {
            let moves = scanned.entries.part(from..next.before);
            self.tell_all(&mut piece, moves, changed)?;
            from = next.before;
            changed = match next.what {
                What::Said => self.said(&mut piece)?,
                What::Odd { start, lines } => {
                    self.line = first_line + lines;
                    self.odd(buffer, start, records)?;
                    false
                }
            };
        }
        let moves = scanned.entries.part(from..scanned.entries.len());
        self.tell_all(&mut piece, moves, changed)?;
        self.report.rows += scanned.entries.len() as u64;
        self.times.tell(scanned.told);
        self.line = first_line + scanned.lines;
        Ok(())
    }

    /// Tells moves of a scan. Statuses are named as they come, in the order of the rows.
    fn tell_all(
        &mut self,
        piece: &mut Piece<'_, R::Value>,
        moves: Moves<'_>,
        changed: bool,
    ) -> Result<(), Fault> {
        let named = piece.statuses.len();
        if named < piece.scanned.statuses.len() {
            let most = moves.status.iter().map(|status| usize::from(*status) + 1);
            let most = most.max().unwrap_or(0).max(named);
            for name in &piece.scanned.statuses[named..most] {
                piece.statuses.push(self.status(name.raw(piece.buffer))?);
            }
        }
        self.receiver.moves(moves, &piece.statuses, changed)
    }

    fn status(&mut self, name: &[u8]) -> Result<u16, Fault> {
        let known = self.statuses.find(name, &mut self.decoder, self.receiver)?;
        // A scan names no status that is blank.
        Ok(known.unwrap_or(0))
    }

    /// Tells what the next row of a scan says beside its move; whether the facts may differ from
    /// the row before.
    fn said(&mut self, piece: &mut Piece<'_, R::Value>) -> Result<bool, Fault> {
        let (buffer, fields) = (piece.buffer, Said(piece.said.next().unwrap_or_default()));
        let values = piece.values.next().unwrap_or_default();
        let digest = piece.digests.next().copied().unwrap_or_default();
        if self.receiver.again(digest) {
            let cells = self.facts.iter_mut().chain(&mut self.texts);
            for cell in cells.chain([&mut self.item]) {
                cell.seen = false;
            }
            return Ok(false);
        }
        // A scan lets no row through that names no item.
        if let Err(Err(fault)) = self.item(buffer, &fields) {
            return Err(fault);
        }
        for (at, number) in values.iter().enumerate() {
            let value = self.value(piece, at, usize::from(*number));
            self.receiver.fact(at, value)?;
            // Numbers tell nothing of the bytes that were there before.
            self.facts[at].seen = false;
        }
        self.texts(buffer, &fields, 0);
        self.receiver.all_of(digest);
        Ok(true)
    }

    /// A fact's value by its number in a piece. Values are made as they come.
    fn value(&mut self, piece: &mut Piece<'_, R::Value>, fact: usize, number: usize) -> R::Value {
        let known = &mut piece.facts[fact];
        while known.len() <= number {
            let span = piece.scanned.named[fact][known.len()];
            let bytes = span.text(piece.buffer, &mut self.scratch);
            let text = self.decoder.text(bytes);
            known.push(self.receiver.value(fact, &text));
        }
        known[number].clone()
    }

    /// Takes a row that a scan could not understand.
    #[cold]
    fn odd(&mut self, buffer: &[u8], start: usize, records: &mut Records) -> Result<(), Fault> {
        records.forget();
        if let Step::Record { .. } = records.next(buffer, start, true) {
            self.row(buffer, records)?;
        }
        records.forget();
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
