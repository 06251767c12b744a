//! The names in a piece by their bytes: those of statuses, and the values of facts.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::records::Span;

/// The names of one column that were seen so far in a piece.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    lookup: HashTable<u16>,
    /// The name that was last found at a slot, and its number: it spares most looks into the table.
    slots: [(Short, u16); SLOTS],
}

/// A power of two.
const SLOTS: usize = 256;

impl Default for Seen {
    fn default() -> Self {
        Self {
            lookup: HashTable::new(),
            slots: [(NOTHING, 0); SLOTS],
        }
    }
}

/// The first and the last eight bytes of a name, and its length: all there is of most names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Short {
    length: usize,
    first: u64,
    last: u64,
}

/// What no name is.
const NOTHING: Short = Short {
    length: usize::MAX,
    first: 0,
    last: 0,
};

/// Longer names have bytes between the first and the last.
const WHOLE: usize = 16;

impl Short {
    /// Of a name that has bytes of other fields behind it, as nearly all have: they are read and
    /// masked, so that nothing branches on its length.
    #[inline]
    fn of(bytes: &[u8], name: Span) -> Self {
        let (start, length) = name.place();
        let last = start + length.saturating_sub(8);
        let word = |at: usize| {
            let word = bytes.get(at..)?.first_chunk()?;
            Some(u64::from_le_bytes(*word))
        };
        let (Some(first), Some(last)) = (word(start), word(last)) else {
            return Self::at_the_end(name.raw(bytes));
        };
        let mask = MASKS[length.min(8)];
        Self {
            length,
            first: first & mask,
            last: last & mask,
        }
    }

    #[cold]
    #[inline(never)]
    fn at_the_end(name: &[u8]) -> Self {
        let word = |bytes: &[u8]| {
            let bytes = bytes.iter().rev();
            bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
        };
        let most = name.len().min(8);
        Self {
            length: name.len(),
            first: word(&name[..most]),
            last: word(&name[name.len() - most..]),
        }
    }
}

impl Short {
    /// The slot of a name: of equal names the same.
    #[inline]
    fn slot(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(31) ^ self.length as u64).wrapping_mul(MIX);
        usize::from(mixed.to_be_bytes()[0])
    }
}

/// The lowest so many bytes of a word.
const MASKS: [u64; 9] = {
    let mut masks = [0; 9];
    let mut bytes = 1;
    while bytes < masks.len() {
        masks[bytes] = masks[bytes - 1] << 8 | 0xff;
        bytes += 1;
    }
    masks
};

/// Odd, its bits spread: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seen {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.lookup.clear();
        self.slots.fill((NOTHING, 0));
    }

    /// The number of a name, which is its place among `spans`; `None` if there are too many.
    #[inline]
    pub(super) fn number(
        &mut self,
        bytes: &[u8],
        name: Span,
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        let short = Short::of(bytes, name);
        let found = self.at_hand(short);
        found.or_else(|| self.other(bytes, (name, short), spans, |_| true))
    }

    /// The same of a name that must say something: `None` also if it is blank.
    #[inline]
    pub(super) fn number_of_filled(
        &mut self,
        bytes: &[u8],
        name: Span,
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        let short = Short::of(bytes, name);
        let is_filled = |name: &[u8]| !name.trim_ascii().is_empty();
        let found = self.at_hand(short);
        found.or_else(|| self.other(bytes, (name, short), spans, is_filled))
    }

    /// The number of a name that was last found at its slot, if it has no bytes between the first
    /// and the last.
    #[inline]
    fn at_hand(&self, short: Short) -> Option<u16> {
        let (known, number) = self.slots[short.slot()];
        (known == short && short.length <= WHOLE).then_some(number)
    }

    #[inline(never)]
    fn other(
        &mut self,
        bytes: &[u8],
        (name, short): (Span, Short),
        spans: &mut Vec<Span>,
        is_one: fn(&[u8]) -> bool,
    ) -> Option<u16> {
        let (known, number) = self.slots[short.slot()];
        let is_known = || spans[usize::from(number)].raw(bytes) == name.raw(bytes);
        if known == short && is_known() {
            return Some(number);
        }
        let number = match self.look_up(bytes, name, spans) {
            Some(number) => number,
            None if is_one(name.raw(bytes)) => self.add(bytes, name, spans)?,
            None => return None,
        };
        self.slots[short.slot()] = (short, number);
        Some(number)
    }

    fn look_up(&self, bytes: &[u8], name: Span, spans: &[Span]) -> Option<u16> {
        let name = name.raw(bytes);
        let hash = FxBuildHasher.hash_one(name);
        let same = |at: &u16| spans[usize::from(*at)].raw(bytes) == name;
        self.lookup.find(hash, same).copied()
    }

    fn add(&mut self, bytes: &[u8], name: Span, spans: &mut Vec<Span>) -> Option<u16> {
        let number = u16::try_from(spans.len()).ok()?;
        spans.push(name);
        let hash_of = |at: &u16| FxBuildHasher.hash_one(spans[usize::from(*at)].raw(bytes));
        self.lookup.insert_unique(hash_of(&number), number, hash_of);
        Some(number)
    }
}
