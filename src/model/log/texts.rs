//! Texts in one blob, and interned texts.

use std::collections::HashMap;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::packed::Lengths;
use crate::model::id::Symbol;

/// One optional text a row, all in one blob.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    blob: String,
    /// Where the text of each row begins; it ends where the next one begins.
    rows: Vec<u32>,
    /// Texts that were not given in the order of the rows.
    apart: HashMap<usize, String, FxBuildHasher>,
}

/// The start of a text that is not there.
const ABSENT: u32 = u32::MAX;

impl Texts {
    /// The text of a row, `None` if it has none.
    pub fn get(&self, row: usize) -> Option<&str> {
        let start = *self.rows.get(row)?;
        if !self.apart.is_empty()
            && let Some(text) = self.apart.get(&row)
        {
            return Some(text);
        }
        if start == ABSENT {
            return None;
        }
        let mut behind = self.rows[row + 1..].iter();
        let end = behind.find(|next| **next != ABSENT);
        let end = end.map_or(self.blob.len(), |end| *end as usize);
        self.blob.get(start as usize..end)
    }

    /// Gives a row its text; a text that was there before is forgotten. Texts beyond 4 GiB in all
    /// are dropped.
    pub fn set(&mut self, row: usize, text: &str) {
        if row + 1 < self.rows.len() {
            self.apart.insert(row, text.to_owned());
            return;
        }
        self.rows.resize(row + 1, ABSENT);
        let last = &mut self.rows[row];
        if *last != ABSENT {
            self.blob.truncate(*last as usize);
        }
        let fits = self.blob.len().checked_add(text.len());
        let fits = fits.is_some_and(|end| end < ABSENT as usize);
        let start = u32::try_from(self.blob.len()).ok().filter(|_| fits);
        *last = start.unwrap_or(ABSENT);
        if fits {
            self.blob.push_str(text);
        }
    }

    /// Texts that stand one after the other.
    pub(super) fn of_lengths(texts: Lengths) -> Self {
        let mut start = 0;
        let row = |length: Option<u32>| {
            length.map_or(ABSENT, |length| {
                let at = start;
                start += length;
                at
            })
        };
        Self {
            rows: texts.rows.into_iter().map(row).collect(),
            blob: texts.blob,
            apart: HashMap::default(),
        }
    }

    /// Gives back memory that is not used.
    pub fn shrink(&mut self) {
        self.blob.shrink_to_fit();
        self.rows.shrink_to_fit();
    }
}

/// Texts that occur often, each kept once.
#[derive(Clone, Debug)]
pub struct Symbols {
    texts: Texts,
    count: u32,
    lookup: HashTable<u32>,
}

impl Default for Symbols {
    fn default() -> Self {
        let mut texts = Texts::default();
        texts.set(0, "");
        Self {
            texts,
            count: 1,
            lookup: HashTable::new(),
        }
    }
}

impl Symbols {
    /// The symbols of these texts, a row each; the first is that of no value.
    pub(super) fn of(texts: Texts) -> Self {
        let count = u32::try_from(texts.rows.len()).unwrap_or(u32::MAX);
        let hash = |at: &u32| FxBuildHasher.hash_one(texts.get(*at as usize).unwrap_or_default());
        let mut lookup = HashTable::with_capacity(texts.rows.len());
        for at in 1..count {
            lookup.insert_unique(hash(&at), at, hash);
        }
        Self {
            texts,
            count,
            lookup,
        }
    }

    /// The symbol of a text, made if it is new. The empty text is [`Symbol::NONE`].
    pub fn intern(&mut self, text: &str) -> Symbol {
        if text.is_empty() {
            return Symbol::NONE;
        }
        let texts = &mut self.texts;
        let hash = FxBuildHasher.hash_one(text);
        let found = self
            .lookup
            .find(hash, |at| texts.get(*at as usize) == Some(text));
        if let Some(at) = found {
            return Symbol(*at);
        }
        let at = self.count;
        texts.set(at as usize, text);
        self.count += 1;
        self.lookup.insert_unique(hash, at, |at| {
            FxBuildHasher.hash_one(texts.get(*at as usize).unwrap_or_default())
        });
        Symbol(at)
    }

    /// The symbol of a text that is known.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        let hash = FxBuildHasher.hash_one(text);
        self.lookup
            .find(hash, |at| self.texts.get(*at as usize) == Some(text))
            .map(|at| Symbol(*at))
    }

    /// The text of a row, as it is kept.
    pub(super) fn row(&self, row: usize) -> Option<&str> {
        self.texts.get(row)
    }

    /// The text of a symbol.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.index()).unwrap_or_default()
    }

    /// How many symbols there are, "no value" included.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// All symbols with their texts, "no value" first.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..self.count).map(|at| (Symbol(at), self.text(Symbol(at))))
    }
}

#[cfg(test)]
mod tests {
    use super::{Symbols, Texts};
    use crate::model::id::Symbol;

    #[test]
    fn rows_without_a_text_have_none() {
        let mut texts = Texts::default();
        texts.set(2, "two");
        texts.set(0, "");
        assert_eq!(texts.get(0), Some(""));
        assert_eq!(texts.get(1), None);
        assert_eq!(texts.get(2), Some("two"));
        texts.set(2, "three");
        assert_eq!(texts.get(2), Some("three"));
        assert_eq!(texts.get(9), None);
        texts.set(4, "four");
        texts.set(1, "one");
        texts.set(2, "two again");
        let all: Vec<_> = (0..6).map(|row| texts.get(row)).collect();
        let (one, two) = (Some("one"), Some("two again"));
        assert_eq!(all, [Some(""), one, two, None, Some("four"), None]);
    }

    #[test]
    fn equal_texts_share_a_symbol() {
        let mut symbols = Symbols::default();
        let cards = symbols.intern("cards");
        assert_eq!(symbols.intern(""), Symbol::NONE);
        assert_ne!(symbols.intern("payments"), cards);
        assert_eq!(symbols.intern("cards"), cards);
        assert_eq!(symbols.text(cards), "cards");
        assert_eq!(symbols.find("cards"), Some(cards));
        assert_eq!(symbols.find("unknown"), None);
        assert_eq!(symbols.count(), 3);
    }
}
