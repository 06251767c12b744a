//! The rows of a scan: told in order, as if they had been read one by one.

use std::slice::{ChunksExact, Iter};

use super::super::receive::Receiver;
use super::super::records::{Records, Span, Step};
use super::super::scan::{Moves, Scanned, What};
use super::Rows;
use super::places::Said;
use crate::connectors::Fault;

/// A piece that was scanned, and how far it is told.
struct Piece<'a, V> {
    buffer: &'a [u8],
    scanned: &'a Scanned,
    /// The items and texts, and the values of facts, of rows that say more than their move.
    said: ChunksExact<'a, Span>,
    values: ChunksExact<'a, u16>,
    digests: Iter<'a, u128>,
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
            said: scanned.said.chunks_exact(1 + texts),
            values: scanned.values.chunks_exact(facts.max(1)),
            digests: scanned.digests.iter(),
            statuses: Vec::with_capacity(scanned.statuses.len()),
            facts: std::iter::repeat_with(Vec::new).take(facts).collect(),
        }
    }
}

impl<R: Receiver> Rows<'_, R> {
    /// Takes the rows of a scan in `buffer`, of which the first begins where the last row ended.
    ///
    /// # Errors
    /// A fault of the receiver.
    pub(in crate::connectors::file) fn take(
        &mut self,
        buffer: &[u8],
        scanned: &Scanned,
        records: &mut Records,
    ) -> Result<(), Fault> {
        let first_line = self.line;
        let mut piece = Piece::of(buffer, scanned, self.facts.len(), self.texts.len());
        self.receiver.look_ahead(&scanned.digests);
        let (mut from, mut changed) = (0, false);
        for next in &scanned.breaks {
            let moves = scanned.entries.part(from..next.before);
            self.tell_all(&mut piece, moves, changed)?;
            from = next.before;
            changed = match next.what {
                What::Said => self.said(&mut piece)?,
                What::Led { start, lines } => {
                    self.line = first_line + lines;
                    let changed = self.led(&mut piece, start, records)?;
                    from += usize::from(changed.is_none());
                    changed.unwrap_or(false)
                }
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
        let buffer = &piece.scanned.copied;
        let fields = Said(piece.said.next().unwrap_or_default());
        let values = piece.values.next().unwrap_or_default();
        let digest = piece.digests.next().copied();
        if digest.is_some_and(|digest| self.again(digest)) {
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
        if let Some(digest) = digest {
            self.receiver.all_of(digest);
        }
        Ok(true)
    }

    /// Tells what a row says beside its move, of which only a digest was scanned; whether the facts
    /// may differ from the row before, or `None` if the row is kept out.
    fn led(
        &mut self,
        piece: &mut Piece<'_, R::Value>,
        start: usize,
        records: &mut Records,
    ) -> Result<Option<bool>, Fault> {
        let digest = piece.digests.next().copied().unwrap_or_default();
        if self.again(digest) {
            return Ok(Some(false));
        }
        records.forget();
        let _ = records.next(piece.buffer, start, true);
        let said = self.item_and_facts(piece.buffer, records);
        records.forget();
        match said {
            Ok(changed) => {
                self.receiver.all_of(digest);
                Ok(Some(changed))
            }
            Err(told) => {
                self.keep_out(told?);
                Ok(None)
            }
        }
    }

    /// Whether what a row says beside its move was said before, by its digest.
    fn again(&mut self, digest: u128) -> bool {
        let again = self.receiver.again(digest);
        if again {
            // The bytes that were there before say nothing of this item.
            let cells = self.facts.iter_mut().chain(&mut self.texts);
            for cell in cells.chain([&mut self.item]) {
                cell.seen = false;
            }
        }
        again
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
}
