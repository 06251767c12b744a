//! The statuses of a piece by their bytes.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::records::Span;

/// The statuses seen so far in a piece. The one that followed the last time is tried first.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    known: Vec<Known>,
    lookup: HashTable<u16>,
    last: usize,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    name: Short,
    /// Which came after it when it came last.
    then: u16,
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

impl Seen {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.lookup.clear();
        self.last = 0;
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
        let guess = self.known.get(self.last).map_or(0, |last| last.then);
        let at = match self.known.get(usize::from(guess)) {
            Some(known)
                if known.name == short
                    && (name.len() <= WHOLE || spans[usize::from(guess)].raw(bytes) == name) =>
            {
                guess
            }
            _ => self.other(bytes, (status, short), spans)?,
        };
        if let Some(last) = self.known.get_mut(self.last) {
            last.then = at;
        }
        self.last = usize::from(at);
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
        self.known.push(Known {
            name: short,
            then: 0,
        });
        Some(at)
    }
}
