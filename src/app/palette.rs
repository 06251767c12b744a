//! The palette: one line that finds anything by some of its letters, and does it.

mod entry;
mod fuzzy;
mod items;

pub use entry::{Entry, Found, ItemName, Target};
pub use items::{ItemHit, LEAST_TYPED, search_items};

use entry::entries;
use fuzzy::Finder;

use super::{Edit, Input, State};

/// So many of what was chosen before stand first while nothing is typed.
const RECENT: usize = 6;

/// What is typed, and what fits it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// What is typed.
    pub input: Input,
    /// The selected row of `found`.
    pub row: usize,
    /// What fits, the best first; items stand behind everything else.
    pub found: Vec<Found>,
    /// The items last found.
    items: Vec<ItemHit>,
}

impl Palette {
    /// One in which nothing is typed.
    pub(super) fn open(state: &State) -> Self {
        let mut palette = Self::default();
        palette.renew(state);
        palette
    }

    /// Changes what is typed.
    pub(super) fn edit(&mut self, edit: &Edit, state: &State) {
        self.input.edit(edit);
        self.row = 0;
        self.renew(state);
    }

    /// Takes in the items found.
    pub(super) fn take_items(&mut self, items: Vec<ItemHit>, state: &State) {
        self.items = items;
        self.renew(state);
    }

    /// Finds anew; what was found of items before stays as far as it fits.
    pub(super) fn renew(&mut self, state: &State) {
        let typed = self.input.text().trim();
        if typed.is_empty() {
            self.items.clear();
            self.found = most_useful(state);
        } else {
            let mut finder = Finder::new(typed);
            self.found = fitting(&mut finder, state);
            let items = self.items.iter().filter_map(|hit| hit.found(&mut finder));
            self.found.extend(items);
        }
        self.row = self.row.min(self.found.len().saturating_sub(1));
    }
}

/// Everything, what was chosen last first.
fn most_useful(state: &State) -> Vec<Found> {
    let mut rest = entries(state);
    let recent = state.shelf.memory.chosen.iter().take(RECENT);
    let mut found: Vec<Entry> = Vec::new();
    for id in recent {
        match rest.iter().position(|entry| entry.target.id() == *id) {
            Some(at) => found.push(rest.remove(at)),
            None => found.extend(items::named(state, id)),
        }
    }
    found.extend(rest);
    found.into_iter().map(Found::whole).collect()
}

/// What fits by its name, the best first, then what fits by its description alone.
fn fitting(finder: &mut Finder, state: &State) -> Vec<Found> {
    let chosen = &state.shelf.memory.chosen;
    let mut by_name = Vec::new();
    let mut by_detail = Vec::new();
    for entry in entries(state) {
        if let Some(score) = finder.score(&entry.label) {
            let recent = chosen.iter().any(|id| *id == entry.target.id());
            by_name.push((score + u16::from(recent), entry));
        } else if finder.has_words(&entry) {
            by_detail.push(Found::whole(entry));
        }
    }
    let best = by_name.iter().map(|(score, _)| *score).max().unwrap_or(0);
    by_name.retain(|(score, _)| *score >= best / 2);
    by_name.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let by_name = by_name.into_iter().map(|(_, entry)| Found {
        at: finder.places(&entry.label),
        entry,
    });
    by_name.chain(by_detail).collect()
}

#[cfg(test)]
mod tests;
