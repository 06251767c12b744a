//! Finds items by their ids.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::model::id::SourceIx;
use crate::model::log::Log;

/// The items of a log that grows. While each new id is greater than all before it, as it is in most
/// exports that list item by item, nothing but the last need be looked at; the first that is not
/// brings a table in.
#[derive(Debug, Default)]
pub(super) struct KnownItems {
    table: Option<Table>,
    expected: usize,
}

#[derive(Debug, Default)]
struct Table {
    /// The position of each item by its hash.
    places: HashTable<u32>,
    /// Half the hash of each item: it spares most looks at the ids.
    hashes: Vec<u32>,
}

impl KnownItems {
    /// Makes room for so many more.
    pub(super) fn expect(&mut self, items: usize) {
        self.expected = items;
    }

    /// The position of an item in `log`; `None`: it is not there, and must be added now.
    pub(super) fn find(&mut self, log: &Log, source: SourceIx, id: &str) -> Option<u32> {
        if self.table.is_none() {
            let last = log.item_count().checked_sub(1)?;
            let last_id = log.ids.get(last).unwrap_or_default();
            let before = (log.item_source[last].0, last_id.len(), last_id);
            match before.cmp(&(source.0, id.len(), id)) {
                std::cmp::Ordering::Less => return None,
                std::cmp::Ordering::Equal => return u32::try_from(last).ok(),
                std::cmp::Ordering::Greater => {}
            }
        }
        let expected = self.expected;
        let table = self.table.get_or_insert_with(|| Table::of(log, expected));
        table.find_or_add(log, source, id)
    }
}

impl Table {
    fn of(log: &Log, expected: usize) -> Self {
        let hash = |at: usize| hash_of(log.item_source[at], log.ids.get(at).unwrap_or_default());
        let hashes: Vec<u32> = (0..log.item_count()).map(hash).collect();
        let mut places = HashTable::with_capacity(expected.max(hashes.len()));
        for (at, hash) in (0..).zip(&hashes) {
            places.insert_unique(spread(*hash), at, |at: &u32| spread(hashes[*at as usize]));
        }
        Self { places, hashes }
    }

    fn find_or_add(&mut self, log: &Log, source: SourceIx, id: &str) -> Option<u32> {
        let Self { places, hashes } = self;
        let short = hash_of(source, id);
        let same = |at: &u32| {
            let at = *at as usize;
            hashes[at] == short && log.item_source[at] == source && log.ids.get(at) == Some(id)
        };
        if let Some(known) = places.find(spread(short), same) {
            return Some(*known);
        }
        let next = u32::try_from(hashes.len()).ok()?;
        hashes.push(short);
        places.insert_unique(spread(short), next, |at| spread(hashes[*at as usize]));
        None
    }
}

/// Half of an item's hash.
fn hash_of(source: SourceIx, id: &str) -> u32 {
    let hash = FxBuildHasher.hash_one((source.0, id));
    u32::try_from(hash >> 32).unwrap_or_default()
        ^ u32::try_from(hash & 0xffff_ffff).unwrap_or_default()
}

/// The half hash over all bits that the table looks at: its lowest and its highest.
fn spread(half: u32) -> u64 {
    u64::from(half) | u64::from(half) << 32
}
