//! The statuses of a piece by their bytes.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::records::Span;

/// The statuses seen so far in a piece.
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
    #[inline]
    fn of(name: &[u8]) -> Self {
        let length = name.len();
        if let (Some(first), Some(last)) = (name.first_chunk(), name.last_chunk()) {
            return Self {
                length,
                first: u64::from_le_bytes(*first),
                last: u64::from_le_bytes(*last),
            };
        }
        let first = name
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte));
        Self {
            length,
            first,
            last: 0,
        }
    }
}

impl Short {
    /// The slot of a name: of equal names the same.
    #[inline]
    fn slot(self) -> usize {
        let mixed = (self.first ^ self.last.rotate_left(32) ^ self.length as u64).wrapping_mul(MIX);
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

    /// The number of a status, which is its place among `spans`; `None` if its name is blank or
    /// there are too many.
    #[inline]
    pub(super) fn find(
        &mut self,
        bytes: &[u8],
        status: Span,
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        let name = status.raw(bytes);
        let short = Short::of(name);
        let slot = short.slot();
        let guess = self.slots[slot];
        let same = self.known.get(usize::from(guess)) == Some(&short)
            && (name.len() <= WHOLE || spans[usize::from(guess)].raw(bytes) == name);
        if same {
            return Some(guess);
        }
        let at = self.other(bytes, (status, short), spans)?;
        self.slots[slot] = at;
        Some(at)
    }

    fn other(
        &mut self,
        bytes: &[u8],
        (status, short): (Span, Short),
        spans: &mut Vec<Span>,
    ) -> Option<u16> {
        let name = status.raw(bytes);
        let hash = FxBuildHasher.hash_one(name);
        let raw = |at: u16| spans[usize::from(at)].raw(bytes);
        if let Some(at) = self.lookup.find(hash, |at| raw(*at) == name) {
            return Some(*at);
        }
        if name.trim_ascii().is_empty() {
            return None;
        }
        let at = u16::try_from(spans.len()).ok()?;
        let hash_of = |at: &u16| FxBuildHasher.hash_one(raw(*at));
        self.lookup.insert_unique(hash, at, hash_of);
        spans.push(status);
        self.known.push(short);
        Some(at)
    }
}
