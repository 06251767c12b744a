//! Rows that were scanned: as many moves at once as say nothing else.

use super::places::Said;
use super::{Head, Rows};
use crate::connectors::Fault;
use crate::connectors::file::receive::Receiver;
use crate::connectors::file::records::{Records, Span, Step};
use crate::connectors::file::scan::{Entry, Scanned, What};

/// What was told of an item before the moves that come next.
#[derive(Clone, Copy)]
enum Turn<'b> {
    /// Nothing new.
    None,
    /// A row's fields; its head, if they are all in it.
    Told {
        changed: bool,
        head: Option<Head<'b>>,
    },
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
        let mut named = Vec::with_capacity(scanned.statuses.len());
        let places = 1 + self.facts.len() + self.texts.len();
        let mut said = scanned.said.chunks_exact(places);
        let mut heads = scanned.heads(buffer);
        let (mut from, mut turn) = (0, Turn::None);
        for next in &scanned.breaks {
            let told = &scanned.entries[from..next.before];
            self.tell_all(buffer, (scanned, told), &mut named, turn)?;
            from = next.before;
            turn = match next.what {
                What::Said => self.turn(buffer, said.next().unwrap_or_default(), heads.next())?,
                What::Odd { start, lines } => {
                    self.line = first_line + lines;
                    self.odd(buffer, start, records)?;
                    Turn::None
                }
            };
        }
        let told = &scanned.entries[from..];
        self.tell_all(buffer, (scanned, told), &mut named, turn)?;
        self.report.rows += scanned.entries.len() as u64;
        self.times.tell(scanned.told);
        self.line = first_line + scanned.lines;
        Ok(())
    }

    /// Tells moves of a scan. Statuses are named as they come, in the order of the rows.
    fn tell_all(
        &mut self,
        buffer: &[u8],
        (scanned, told): (&Scanned, &[Entry]),
        named: &mut Vec<u16>,
        turn: Turn<'_>,
    ) -> Result<(), Fault> {
        if named.len() < scanned.statuses.len() {
            let most = told.iter().map(|entry| usize::from(entry.status) + 1).max();
            for name in &scanned.statuses[named.len()..most.unwrap_or(0).max(named.len())] {
                named.push(self.status(name.raw(buffer))?);
            }
        }
        let changed = matches!(turn, Turn::Told { changed: true, .. });
        self.receiver.moves(told, named, changed)?;
        if let Turn::Told { head, .. } = turn
            && let Some(now) = self.receiver.now()
        {
            match head.filter(|_| !now.varies) {
                Some(head) => self.returns.keep(head, now.item),
                None => self.returns.doubt(now.item),
            }
        }
        Ok(())
    }

    /// Turns to the item of a row that says more than its move.
    fn turn<'b>(
        &mut self,
        buffer: &[u8],
        fields: &[Span],
        head: Option<Head<'b>>,
    ) -> Result<Turn<'b>, Fault> {
        if let Some(item) = head.and_then(|head| self.returns.find(head)) {
            self.receiver.again(item);
            // Other rows are compared with those that were looked at.
            let cells = self.facts.iter_mut().chain(&mut self.texts);
            for cell in cells.chain([&mut self.item]) {
                cell.seen = false;
            }
            return Ok(Turn::None);
        }
        let changed = self.said(buffer, fields)?;
        if self.receiver.now().is_some_and(|now| !now.is_new) {
            self.returns.begin();
        }
        Ok(Turn::Told { changed, head })
    }

    fn status(&mut self, name: &[u8]) -> Result<u16, Fault> {
        let known = self.statuses.find(name, &mut self.decoder, self.receiver)?;
        // A scan names no status that is blank.
        Ok(known.unwrap_or(0))
    }

    fn said(&mut self, buffer: &[u8], fields: &[Span]) -> Result<bool, Fault> {
        match self.item_and_facts(buffer, &Said(fields)) {
            Ok(changed) => Ok(changed),
            Err(Err(fault)) => Err(fault),
            // A scan lets no row through that names no item.
            Err(Ok(_)) => Ok(false),
        }
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
