//! The event log of all items in columns: six bytes a move beside the texts.
//!
//! Moves stand in one array for all items, ordered by item, then by instant, source order and
//! sequence; `offsets` says where each item's moves begin. Every other fact has a base value an
//! item and a sparse, sorted list of changes, so that any filter holds at any past instant.

mod builder;
mod columns;
mod packed;
mod texts;

pub use builder::{LogBuilder, Moved, TooMany};
pub use columns::{FactChange, FactColumn, Mark, MarkKind};
pub use packed::LAYOUT;
pub use texts::{Symbols, Texts};

use super::id::{FactIx, ItemIx, SourceIx, SourceName, StatusIx, Symbol};
use super::time::Sec;

/// The columns of all events, immutable once built.
#[derive(Debug, Default)]
pub struct Log {
    sources: Vec<SourceName>,
    statuses: Vec<Status>,
    /// Per item.
    item_source: Vec<SourceIx>,
    first_events: Vec<Sec>,
    ids: Texts,
    keys: Texts,
    titles: Texts,
    urls: Texts,
    /// One more than there are items.
    offsets: Vec<u32>,
    /// Per move.
    move_at: Vec<Sec>,
    move_to: Vec<StatusIx>,
    facts: Vec<FactColumn>,
    marks: Vec<Mark>,
    symbols: Symbols,
    /// Of the items that have any, in order.
    disorders: Vec<(ItemIx, Disorder)>,
    earliest: Option<Sec>,
    last_event: Option<Sec>,
}

/// A status of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Whose it is.
    pub source: SourceIx,
    /// The tracker's immutable id.
    pub id: String,
    /// Its name of today.
    pub name: String,
}

/// Events that came in an order that cannot be, kept and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disorder {
    /// Moves earlier than one that their source listed before them.
    pub out_of_order: u64,
    /// Events before the creation of their item.
    pub before_creation: u64,
    /// Moves stamped at the poll, because the tracker keeps no history of them.
    pub approximate: u64,
}

impl Disorder {
    fn add(&mut self, other: Self) {
        self.out_of_order += other.out_of_order;
        self.before_creation += other.before_creation;
        self.approximate += other.approximate;
    }

    fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl Log {
    /// How many items there are.
    pub fn item_count(&self) -> usize {
        self.item_source.len()
    }

    /// How many moves there are, creations with a status included.
    pub fn move_count(&self) -> usize {
        self.move_at.len()
    }

    /// All items.
    pub fn items(&self) -> impl ExactSizeIterator<Item = ItemIx> + use<> {
        (0..u32::try_from(self.item_count()).unwrap_or(u32::MAX)).map(ItemIx)
    }

    /// The sources in the order of the config.
    pub fn sources(&self) -> &[SourceName] {
        &self.sources
    }

    /// All statuses of all sources.
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// The instants and targets of an item's moves, in order; both slices have one length.
    pub fn moves(&self, item: ItemIx) -> (&[Sec], &[StatusIx]) {
        let from = self.offsets[item.index()] as usize;
        let to = self.offsets[item.index() + 1] as usize;
        (&self.move_at[from..to], &self.move_to[from..to])
    }

    /// For each status whether any move ever went to it.
    pub fn statuses_used(&self) -> Vec<bool> {
        let mut used = vec![false; self.statuses.len()];
        for status in &self.move_to {
            used[status.index()] = true;
        }
        used
    }

    /// The source an item comes from.
    pub fn source_of(&self, item: ItemIx) -> SourceIx {
        self.item_source[item.index()]
    }

    /// By item, the instant of the last thing that happened to it.
    pub fn last_events(&self) -> Vec<Sec> {
        let mut last = self.first_events.clone();
        for (item, last) in self.items().zip(&mut last) {
            *last = (*last).max(self.moves(item).0.last().copied().unwrap_or(*last));
        }
        let changes = self.facts.iter().flat_map(|column| &column.changes);
        let changes = changes.map(|change| (change.item, change.at));
        for (item, at) in changes.chain(self.marks.iter().map(|mark| (mark.item, mark.at))) {
            last[item.index()] = last[item.index()].max(at);
        }
        last
    }

    /// The instant of the item's first event: its creation, unless something came before.
    pub fn first_event(&self, item: ItemIx) -> Sec {
        self.first_events[item.index()]
    }

    /// The tracker's immutable id of an item.
    pub fn id(&self, item: ItemIx) -> &str {
        self.ids.get(item.index()).unwrap_or_default()
    }

    /// What a user calls the item: its current key, or its id where it has none.
    pub fn key(&self, item: ItemIx) -> &str {
        self.keys.get(item.index()).unwrap_or_else(|| self.id(item))
    }

    /// The current title; empty if it has none.
    pub fn title(&self, item: ItemIx) -> &str {
        self.titles.get(item.index()).unwrap_or_default()
    }

    /// Where the item can be opened, if its source says so.
    pub fn url(&self, item: ItemIx) -> Option<&str> {
        self.urls.get(item.index())
    }

    /// All columns of facts.
    pub fn facts(&self) -> &[FactColumn] {
        &self.facts
    }

    /// The column of a fact by name.
    pub fn fact(&self, name: &str) -> Option<FactIx> {
        let at = self.facts.iter().position(|column| column.name == name)?;
        u16::try_from(at).ok().map(FactIx)
    }

    /// The value of a fact at an instant: the last change at or before it, else the base value.
    pub fn fact_at(&self, fact: FactIx, item: ItemIx, at: Sec) -> Symbol {
        self.facts[fact.index()].value_at(item, at)
    }

    /// The text of a symbol; empty for [`Symbol::NONE`].
    pub fn text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }

    /// All interned texts.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }

    /// Blocks, deletions, deployments and the like of an item, in order.
    pub fn marks(&self, item: ItemIx) -> &[Mark] {
        columns::slice_of(&self.marks, item, |mark| mark.item)
    }

    /// Whether any item has a mark.
    pub fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// The environments that items were deployed to, by source.
    pub fn environments(&self) -> Vec<(SourceIx, Symbol)> {
        let mut found: Vec<(SourceIx, Symbol)> = Vec::new();
        for mark in &self.marks {
            if let MarkKind::Deployed(environment) = mark.kind {
                let here = (self.source_of(mark.item), environment);
                if !found.contains(&here) {
                    found.push(here);
                }
            }
        }
        found
    }

    /// What came in an order that cannot be, over all items.
    pub fn disorder(&self) -> Disorder {
        let mut all = Disorder::default();
        for (_, one) in &self.disorders {
            all.add(*one);
        }
        all
    }

    /// The first instant anything happened at.
    pub fn earliest_event(&self) -> Option<Sec> {
        self.earliest
    }

    /// The last instant anything happened at of which something is known still: not a change of title.
    pub fn last_event(&self) -> Option<Sec> {
        self.last_event
    }

    /// Finds an item by its source and immutable id, reading all ids.
    pub fn find(&self, source: SourceIx, id: &str) -> Option<ItemIx> {
        self.items()
            .find(|item| self.source_of(*item) == source && self.id(*item) == id)
    }
}
