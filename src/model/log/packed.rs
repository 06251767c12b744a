//! A log as bytes and back: column after column, little-endian, each with its length before it.
//!
//! What is read back is the same log, position by position. Bytes that are none are refused and
//! never trusted: no length is believed beyond what there is to read, and no index that a column
//! holds leads outside another.

mod bytes;

use std::io::{self, Read, Write};

use super::columns::{FactChange, FactColumn, Mark, MarkKind};
use super::texts::{Symbols, Texts};
use super::{Disorder, Log, Status};
use crate::model::event::fact;
use crate::model::id::{ItemIx, SourceIx, SourceName, StatusIx, Symbol};
use crate::model::time::Sec;
pub(super) use bytes::Lengths;
use bytes::{Packer, Unpacker, not_a_log};

/// Counts the layouts of these bytes: bytes of one are not read by another.
pub const LAYOUT: u32 = 1;

impl Log {
    /// Writes the whole log.
    ///
    /// # Errors
    /// What `out` says.
    pub fn pack(&self, out: impl Write) -> io::Result<()> {
        let mut out = Packer::new(out);
        out.names(self.sources.iter().map(SourceName::as_str))?;
        out.halves(self.statuses.iter().map(|status| status.source.0))?;
        out.names(self.statuses.iter().map(|status| status.id.as_str()))?;
        out.names(self.statuses.iter().map(|status| status.name.as_str()))?;
        out.halves(self.item_source.iter().map(|source| source.0))?;
        out.words(self.first_events.iter().map(|at| [at.0]))?;
        let items = self.item_count();
        for texts in [&self.ids, &self.keys, &self.titles, &self.urls] {
            out.texts(items, |row| texts.get(row))?;
        }
        out.words(self.offsets.iter().map(|offset| [*offset]))?;
        out.words(self.move_at.iter().map(|at| [at.0]))?;
        out.halves(self.move_to.iter().map(|to| to.0))?;
        out.texts(self.symbols.count(), |row| self.symbols.row(row))?;
        out.names(self.facts.iter().map(|column| column.name.as_ref()))?;
        for column in &self.facts {
            out.words(column.base.iter().map(|value| [value.0]))?;
            out.words(column.changes.iter().map(change_words))?;
        }
        out.words(self.marks.iter().map(mark_words))?;
        out.words(self.disorders.iter().map(disorder_words))?;
        out.words(self.earliest.iter().map(|at| [at.0]))?;
        out.words(self.last_event.iter().map(|at| [at.0]))
    }

    /// Reads a log that stands in no more than `room` bytes.
    ///
    /// # Errors
    /// What `input` says; [`io::ErrorKind::InvalidData`] where the bytes are no log.
    pub fn unpack(input: impl Read, room: u64) -> io::Result<Self> {
        let mut input = Unpacker::new(input, room);
        let sources = input.names()?;
        let log = Self {
            sources: sources.iter().map(|name| SourceName::new(name)).collect(),
            statuses: statuses(&mut input)?,
            item_source: input.halves(SourceIx)?,
            first_events: input.words(|[at]| Sec(at))?,
            ids: Texts::of_lengths(input.texts()?),
            keys: Texts::of_lengths(input.texts()?),
            titles: Texts::of_lengths(input.texts()?),
            urls: Texts::of_lengths(input.texts()?),
            offsets: input.words(|[offset]| offset)?,
            move_at: input.words(|[at]| Sec(at))?,
            move_to: input.halves(StatusIx)?,
            symbols: Symbols::of(Texts::of_lengths(input.texts()?)),
            facts: facts(&mut input)?,
            marks: marks(&mut input)?,
            disorders: input.words(disorder)?,
            earliest: input.words(|[at]| Sec(at))?.first().copied(),
            last_event: input.words(|[at]| Sec(at))?.first().copied(),
        };
        if log.holds_together() {
            Ok(log)
        } else {
            Err(not_a_log("its columns do not fit together"))
        }
    }

    /// Whether every index leads to something, so that whoever follows one finds it.
    fn holds_together(&self) -> bool {
        let items = self.item_count();
        let is_item = |item: ItemIx| item.index() < items;
        let is_symbol = |symbol: Symbol| symbol.index() < self.symbols.count();
        let is_source = |source: SourceIx| source.index() < self.sources.len();
        let fact_fits = |column: &FactColumn| {
            column.base.len() <= items
                && column.base.iter().all(|value| is_symbol(*value))
                && column
                    .changes
                    .iter()
                    .all(|change| is_item(change.item) && is_symbol(change.to))
        };
        self.first_events.len() == items
            && is_symbol(Symbol::NONE)
            && self.moves_fit(items)
            && self.item_source.iter().all(|source| is_source(*source))
            && self.statuses.iter().all(|status| is_source(status.source))
            && self.facts.iter().all(fact_fits)
            && self
                .marks
                .iter()
                .all(|mark| is_item(mark.item) && mark.kind.symbols().into_iter().all(is_symbol))
            && self.disorders.iter().all(|(item, _)| is_item(*item))
    }

    fn moves_fit(&self, items: usize) -> bool {
        let moves = self.move_at.len();
        let last = self.offsets.last().map(|last| *last as usize);
        self.offsets.len() == items + 1
            && self.offsets.first() == Some(&0)
            && self.offsets.is_sorted()
            && last == Some(moves)
            && self.move_to.len() == moves
            && self
                .move_to
                .iter()
                .all(|to| to.index() < self.statuses.len())
    }
}

fn statuses<R: Read>(input: &mut Unpacker<R>) -> io::Result<Vec<Status>> {
    let sources = input.halves(SourceIx)?;
    let (ids, names) = (input.names()?, input.names()?);
    if sources.len() != ids.len() || ids.len() != names.len() {
        return Err(not_a_log("its statuses are not whole"));
    }
    let all = sources.into_iter().zip(ids).zip(names);
    Ok(all
        .map(|((source, id), name)| Status { source, id, name })
        .collect())
}

fn facts<R: Read>(input: &mut Unpacker<R>) -> io::Result<Vec<FactColumn>> {
    let mut facts = Vec::new();
    for name in input.names()? {
        let known = fact::ALL.into_iter().find(|known| *known == name);
        facts.push(FactColumn {
            name: known.map_or_else(|| name.into(), Into::into),
            base: input.words(|[value]| Symbol(value))?,
            changes: input.words(|[item, at, to]| FactChange {
                item: ItemIx(item),
                at: Sec(at),
                to: Symbol(to),
            })?,
        });
    }
    Ok(facts)
}

fn change_words(change: &FactChange) -> [u32; 3] {
    [change.item.0, change.at.0, change.to.0]
}

fn marks<R: Read>(input: &mut Unpacker<R>) -> io::Result<Vec<Mark>> {
    let rows = input.words(|row: [u32; 5]| row)?;
    let marks = rows.into_iter().map(mark).collect::<Option<_>>();
    marks.ok_or_else(|| not_a_log("it has a mark of no kind"))
}

fn mark_words(mark: &Mark) -> [u32; 5] {
    let kind = match mark.kind {
        MarkKind::Created => 0,
        MarkKind::Blocked(_) => 1,
        MarkKind::Unblocked => 2,
        MarkKind::Linked(..) => 3,
        MarkKind::Unlinked(..) => 4,
        MarkKind::Deployed(_) => 5,
        MarkKind::IncidentOpened => 6,
        MarkKind::IncidentResolved => 7,
        MarkKind::Deleted => 8,
    };
    let [first, second] = mark.kind.symbols();
    [mark.item.0, mark.at.0, kind, first.0, second.0]
}

fn mark([item, at, kind, first, second]: [u32; 5]) -> Option<Mark> {
    let (first, second) = (Symbol(first), Symbol(second));
    let kind = match kind {
        0 => MarkKind::Created,
        1 => MarkKind::Blocked(first),
        2 => MarkKind::Unblocked,
        3 => MarkKind::Linked(first, second),
        4 => MarkKind::Unlinked(first, second),
        5 => MarkKind::Deployed(first),
        6 => MarkKind::IncidentOpened,
        7 => MarkKind::IncidentResolved,
        8 => MarkKind::Deleted,
        _ => return None,
    };
    Some(Mark {
        item: ItemIx(item),
        at: Sec(at),
        kind,
    })
}

/// Counts of one item stay far below 32 bits: it has no more events than a log has moves.
fn disorder_words((item, disorder): &(ItemIx, Disorder)) -> [u32; 4] {
    let counts = [
        disorder.out_of_order,
        disorder.before_creation,
        disorder.approximate,
    ];
    let [out_of_order, before_creation, approximate] =
        counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    [item.0, out_of_order, before_creation, approximate]
}

fn disorder([item, out_of_order, before_creation, approximate]: [u32; 4]) -> (ItemIx, Disorder) {
    let disorder = Disorder {
        out_of_order: out_of_order.into(),
        before_creation: before_creation.into(),
        approximate: approximate.into(),
    };
    (ItemIx(item), disorder)
}

#[cfg(test)]
mod tests;
