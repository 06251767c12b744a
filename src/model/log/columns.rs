//! Sparse columns: facts with their changes, and marks.

use crate::model::event::FactName;
use crate::model::id::{ItemIx, Symbol};
use crate::model::time::Sec;

/// One fact of all items.
#[derive(Clone, Debug)]
pub struct FactColumn {
    /// Its name.
    pub name: FactName,
    /// The first value of each item; items beyond its end have none.
    pub base: Vec<Symbol>,
    /// Ordered by item, then instant, then sequence.
    pub changes: Vec<FactChange>,
}

/// A fact took another value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// Of which item.
    pub item: ItemIx,
    /// When.
    pub at: Sec,
    /// The value from then on.
    pub to: Symbol,
}

impl FactColumn {
    /// A column without values.
    pub fn new(name: FactName) -> Self {
        Self {
            name,
            base: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The first value of an item.
    pub fn base(&self, item: ItemIx) -> Symbol {
        self.base.get(item.index()).copied().unwrap_or(Symbol::NONE)
    }

    /// The changes of an item, in order.
    pub fn changes_of(&self, item: ItemIx) -> &[FactChange] {
        slice_of(&self.changes, item, |change| change.item)
    }

    /// The value at an instant: the last change at or before it, else the base value.
    pub fn value_at(&self, item: ItemIx, at: Sec) -> Symbol {
        let changes = self.changes_of(item);
        let seen = changes.partition_point(|change| change.at <= at);
        match seen.checked_sub(1).and_then(|last| changes.get(last)) {
            Some(change) => change.to,
            None => self.base(item),
        }
    }
}

/// Something that happened to an item beside moves and facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// To which item.
    pub item: ItemIx,
    /// When.
    pub at: Sec,
    /// What.
    pub kind: MarkKind,
}

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// Came to be; after a deletion: came back.
    Created,
    /// Was blocked, for this reason if one is known.
    Blocked(Symbol),
    /// Can go on.
    Unblocked,
    /// Was tied to the item with this id; the first symbol says how.
    Linked(Symbol, Symbol),
    /// The tie was cut.
    Unlinked(Symbol, Symbol),
    /// Reached this environment.
    Deployed(Symbol),
    /// An incident began.
    IncidentOpened,
    /// An incident ended.
    IncidentResolved,
    /// Was deleted or moved out of reach.
    Deleted,
}

impl MarkKind {
    /// The texts it speaks of; [`Symbol::NONE`] where there is none.
    pub(super) fn symbols(self) -> [Symbol; 2] {
        match self {
            Self::Blocked(one) | Self::Deployed(one) => [one, Symbol::NONE],
            Self::Linked(how, to) | Self::Unlinked(how, to) => [how, to],
            Self::Created
            | Self::Unblocked
            | Self::IncidentOpened
            | Self::IncidentResolved
            | Self::Deleted => [Symbol::NONE; 2],
        }
    }
}

/// The rows of one item in a column ordered by item.
pub(super) fn slice_of<T>(rows: &[T], item: ItemIx, of: impl Fn(&T) -> ItemIx) -> &[T] {
    if rows.is_empty() {
        return &[];
    }
    let from = rows.partition_point(|row| of(row) < item);
    let length = rows[from..].partition_point(|row| of(row) == item);
    &rows[from..from + length]
}
