//! The names in a piece by their bytes: those of statuses, and the values of facts.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::records::Span;

/// The names of one column that were seen so far in a piece.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    known: Vec<Short>,
    lookup: HashTable<u16>,
    /// Which of `known` was last found at a slot: it spares most looks into the table.
    slots: [u16; SLOTS],
}

/// A power of two.
const SLOTS: usize = 256;

impl Default for Seen {
    fn default() -> Self {
        Self {
            known: Vec::new(),
            lookup: HashTable::new(),
            slots: [0; SLOTS],
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
        let spare = 64 - 8 * u32::try_from(length.min(8)).unwrap_or(8);
        let mask = u64::MAX.checked_shr(spare).unwrap_or(0);
        Self {
            length,
            first: first & mask,
            last: last & mask,
        }
    }

    #[cold]
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

/// Odd, its bits spread: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Seen {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.lookup.clear();
    }

    /// The number of a name, which is its place among `spans`; `None` if there are too many.
    #[inline]
    pub(super) fn number(
        &mut self,
        bytes: &[u8],
        name: Span,
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        self.find(bytes, name, spans, |_| true)
    }

    /// The same of a name that must say something: `None` also if it is blank.
    #[inline]
    pub(super) fn number_of_filled(
        &mut self,
        bytes: &[u8],
        name: Span,
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        self.find(bytes, name, spans, |name| !name.trim_ascii().is_empty())
    }

    #[inline]
    fn find(
        &mut self,
        bytes: &[u8],
        name: Span,
        spans: &mut Vec<Span>,
        is_one: fn(&[u8]) -> bool,
    ) -> Option<u16> {
        let short = Short::of(bytes, name);
        let slot = short.slot();
        let guess = self.slots[slot];
        let rest = || spans[usize::from(guess)].raw(bytes) == name.raw(bytes);
        let same =
            self.known.get(usize::from(guess)) == Some(&short) && (short.length <= WHOLE || rest());
        if same {
            return Some(guess);
        }
        let at = self.look_up(bytes, name, spans);
        let at = match at {
            Some(at) => at,
            None if is_one(name.raw(bytes)) => self.add(bytes, (name, short), spans)?,
            None => return None,
        };
        self.slots[slot] = at;
        Some(at)
    }

    fn look_up(&self, bytes: &[u8], name: Span, spans: &[Span]) -> Option<u16> {
        let name = name.raw(bytes);
        let hash = FxBuildHasher.hash_one(name);
        let same = |at: &u16| spans[usize::from(*at)].raw(bytes) == name;
        self.lookup.find(hash, same).copied()
    }

    fn add(
        &mut self,
        bytes: &[u8],
        (name, short): (Span, Short),
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        let at = u16::try_from(spans.len()).ok()?;
        spans.push(name);
        self.known.push(short);
        let hash_of = |at: &u16| FxBuildHasher.hash_one(spans[usize::from(*at)].raw(bytes));
        self.lookup.insert_unique(hash_of(&at), at, hash_of);
        Some(at)
    }
}
