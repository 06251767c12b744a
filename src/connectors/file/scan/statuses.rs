//! The statuses of a piece by their bytes.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::super::records::Span;

/// The statuses seen so far in a piece. The one that followed the last time is tried first.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Which came after each when it came last.
    then: Vec<u16>,
    lookup: HashTable<u16>,
    last: usize,
}

impl Seen {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.then.clear();
        self.lookup.clear();
        self.last = 0;
    }

    /// The number of a status, which is its place among `known`; `None` if its name is blank or
    /// there are too many.
    #[inline]
    pub(super) fn find(
        &mut self,
        bytes: &[u8],
        status: Span,
        known: &mut Vec<Span>,
    ) -> Option<u16> {
        let name = status.raw(bytes);
        let guess = self.then.get(self.last).copied().unwrap_or(0);
        let at = match known.get(usize::from(guess)) {
            Some(same) if same.raw(bytes) == name => guess,
            _ => self.other(bytes, status, known)?,
        };
        if let Some(then) = self.then.get_mut(self.last) {
            *then = at;
        }
        self.last = usize::from(at);
        Some(at)
    }

    fn other(&mut self, bytes: &[u8], status: Span, known: &mut Vec<Span>) -> Option<u16> {
        let name = status.raw(bytes);
        let hash = FxBuildHasher.hash_one(name);
        let raw = |at: u16| known[usize::from(at)].raw(bytes);
        if let Some(at) = self.lookup.find(hash, |at| raw(*at) == name) {
            return Some(*at);
        }
        if name.trim_ascii().is_empty() {
            return None;
        }
        let at = u16::try_from(known.len()).ok()?;
        let hash_of = |at: &u16| FxBuildHasher.hash_one(raw(*at));
        self.lookup.insert_unique(hash, at, hash_of);
        known.push(status);
        self.then.push(0);
        Some(at)
    }
}
