//! Collects the values of one fact.
//!
//! A file repeats the value in every row. While all rows of an item agree nothing but the value is
//! kept, whatever their order; from the first row that differs on each row's value is. `finish`
//! gives the earlier rows their value back, so that the order of the rows in the file is no matter.

use crate::model::event::FactName;
use crate::model::id::{ItemIx, Symbol};
use crate::model::log::columns::{FactChange, FactColumn};
use crate::model::time::{Millis, Sec};

use super::order::Ordered;

const UNSEEN: Symbol = Symbol(u32::MAX);

#[derive(Debug)]
pub(super) struct FactBuilder {
    pub(super) name: FactName,
    /// The value of the item's rows while all agree.
    common: Vec<Symbol>,
    /// Whether the item's rows ever differed; as long as needed.
    varies: Vec<bool>,
    /// Values of rows after the first that differed.
    observed: Vec<Told>,
    /// Changes told as such.
    changes: Vec<Told>,
    /// Whether the column is not wanted any more.
    forgotten: bool,
}

#[derive(Clone, Copy, Debug)]
struct Told {
    item: ItemIx,
    at: Millis,
    value: Symbol,
}

impl FactBuilder {
    pub(super) fn new(name: FactName) -> Self {
        Self {
            name,
            common: Vec::new(),
            varies: Vec::new(),
            observed: Vec::new(),
            changes: Vec::new(),
            forgotten: false,
        }
    }

    pub(super) fn set(&mut self, item: ItemIx, at: Millis, value: Symbol) {
        if !self.forgotten {
            self.changes.push(Told { item, at, value });
        }
    }

    /// Drops everything known and all that is told from now on.
    pub(super) fn forget(&mut self) {
        *self = Self {
            forgotten: true,
            ..Self::new(self.name.clone())
        };
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.forgotten
    }

    /// Whether the item's rows differ.
    #[inline]
    pub(super) fn observe(&mut self, item: ItemIx, at: Millis, value: Symbol) -> bool {
        if self.forgotten {
            return false;
        }
        let row = item.index();
        if self.common.len() <= row {
            self.common.resize(row + 1, UNSEEN);
        }
        let varies = self.varies.get(row).copied().unwrap_or(false);
        if !varies && self.common[row] == value {
            return false;
        }
        if self.common[row] == UNSEEN {
            self.common[row] = value;
            return false;
        }
        if self.varies.len() <= row {
            self.varies.resize(row + 1, false);
        }
        self.varies[row] = true;
        self.observed.push(Told { item, at, value });
        true
    }

    pub(super) fn finish(mut self, moves: &Ordered, first_events: &[Sec]) -> FactColumn {
        self.rows_before_the_first_difference(moves);
        self.changes.sort_by_key(|one| (one.item, one.at));
        let mut column = FactColumn::new(self.name);
        column.base = self.common;
        for value in &mut column.base {
            if *value == UNSEEN {
                *value = Symbol::NONE;
            }
        }
        for change in self.changes {
            add(&mut column, change, first_events);
        }
        column.base.shrink_to_fit();
        column.changes.shrink_to_fit();
        column
    }

    /// Turns observations into changes. Of an item that varies, every row without an observation
    /// of its own was listed before the first difference, and had the common value.
    fn rows_before_the_first_difference(&mut self, moves: &Ordered) {
        let mut observed = std::mem::take(&mut self.observed);
        observed.sort_by_key(|one| (one.item, one.at));
        for group in observed.chunk_by(|a, b| a.item == b.item) {
            let item = group[0].item;
            let common = std::mem::replace(&mut self.common[item.index()], UNSEEN);
            let mut own = group.iter().peekable();
            let mut left = Vec::new();
            let instants: Vec<Millis> = moves.instants(item).collect();
            for same in instants.chunk_by(|a, b| a == b) {
                let at = same[0];
                let here = std::iter::from_fn(|| own.next_if(|one| one.at == at));
                let here: Vec<Told> = here.copied().collect();
                if here.len() < same.len() {
                    let value = common;
                    left.push(Told { item, at, value });
                }
                left.extend(here);
            }
            self.changes.extend(left);
        }
    }
}

/// Appends a change unless it changes nothing; one at or before the item's first instant is its
/// base value.
fn add(column: &mut FactColumn, change: Told, first_events: &[Sec]) {
    let Told { item, at, value } = change;
    let at = at.floor_clamped();
    let last = column.changes.last().filter(|last| last.item == item);
    if last.map_or_else(|| column.base(item), |last| last.to) == value {
        return;
    }
    let from_the_start = last.is_none()
        && first_events
            .get(item.index())
            .is_some_and(|first| at <= *first);
    if from_the_start {
        if column.base.len() <= item.index() {
            column.base.resize(item.index() + 1, Symbol::NONE);
        }
        column.base[item.index()] = value;
    } else {
        column.changes.push(FactChange {
            item,
            at,
            to: value,
        });
    }
}
