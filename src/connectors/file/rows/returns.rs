//! Rows that return to an earlier item: by the bytes of their leading columns it is known again,
//! and nothing of what they say beside their move is read a second time.

use hashbrown::HashTable;

/// The leading columns of a row, the delimiter after them included.
#[derive(Clone, Copy, Debug)]
pub(in crate::connectors::file) struct Head<'b> {
    pub(in crate::connectors::file) bytes: &'b [u8],
    pub(in crate::connectors::file) hash: u64,
}

/// The heads of items that may be returned to.
#[derive(Debug, Default)]
pub(super) struct Returns {
    /// Whether any row returned to an earlier item: before that nothing is kept.
    begun: bool,
    by_hash: HashTable<u32>,
    known: Vec<Known>,
    bytes: Vec<u8>,
    /// By item the head that all its rows had since that was kept, or [`NONE`], or [`SEVERAL`].
    heads: Vec<u32>,
}

/// A head that was seen.
#[derive(Clone, Copy, Debug)]
struct Known {
    hash: u64,
    start: usize,
    length: usize,
    item: u32,
}

const NONE: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

/// No more bytes of heads are kept.
const MOST: usize = 96 * 1024 * 1024;

impl Returns {
    /// Keeps heads from now on.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }

    /// The item of a head, if all that is said of the item is known to be what this row says.
    #[inline]
    pub(super) fn find(&self, head: Head<'_>) -> Option<u32> {
        let same = |at: &u32| {
            let known = self.known[*at as usize];
            known.hash == head.hash
                && self.bytes[known.start..known.start + known.length] == *head.bytes
        };
        let at = *self.by_hash.find(head.hash, same)?;
        let item = self.known[at as usize].item;
        (self.heads[item as usize] == at).then_some(item)
    }

    /// Keeps the head of a row whose item has no rows that say anything else.
    pub(super) fn keep(&mut self, head: Head<'_>, item: u32) {
        let next = u32::try_from(self.known.len()).unwrap_or(NONE);
        let room = self.bytes.len() + head.bytes.len() <= MOST && next < SEVERAL;
        if !self.begun || !room || self.head_of(item) != NONE {
            self.doubt(item);
            return;
        }
        self.heads[item as usize] = next;
        self.known.push(Known {
            hash: head.hash,
            start: self.bytes.len(),
            length: head.bytes.len(),
            item,
        });
        self.bytes.extend_from_slice(head.bytes);
        let known = &self.known;
        self.by_hash
            .insert_unique(head.hash, next, |at| known[*at as usize].hash);
    }

    /// An item was told of by other means: its rows may differ.
    pub(super) fn doubt(&mut self, item: u32) {
        if self.begun {
            self.head_of(item);
            self.heads[item as usize] = SEVERAL;
        }
    }

    fn head_of(&mut self, item: u32) -> u32 {
        let at = item as usize;
        if self.heads.len() <= at {
            self.heads.resize(at + 1, NONE);
        }
        self.heads[at]
    }
}
