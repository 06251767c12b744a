//! Items that rows return to, by a digest of all that is said of them.

use hashbrown::HashTable;

use crate::model::id::ItemIx;

/// The items of which a later row may say just the same again: one look finds such a row's item,
/// and none is needed at its facts and texts.
#[derive(Debug, Default)]
pub(super) struct Returning {
    by_digest: HashTable<u32>,
    /// By item, the digest of what was last said of it; 0: nothing to go by.
    digests: Vec<u64>,
}

impl Returning {
    /// The item of which this was said last.
    #[inline]
    pub(super) fn find(&self, digest: u64) -> Option<ItemIx> {
        let same = |item: &u32| digest != 0 && self.digests[*item as usize] == digest;
        self.by_digest.find(digest, same).copied().map(ItemIx)
    }

    /// Whatever was said of an item counts no more.
    #[inline]
    pub(super) fn forget(&mut self, item: ItemIx) {
        if let Some(digest) = self.digests.get_mut(item.index()) {
            *digest = 0;
        }
    }

    /// Everything was said of an item, with this digest.
    pub(super) fn remember(&mut self, item: ItemIx, digest: u64) {
        if self.digests.len() <= item.index() {
            self.digests.resize(item.index() + 1, 0);
        }
        self.digests[item.index()] = digest;
        let digests = &self.digests;
        let same = |known: &u32| *known == item.0;
        if digest != 0 && self.by_digest.find(digest, same).is_none() {
            let digest_of = |item: &u32| digests[*item as usize];
            self.by_digest.insert_unique(digest, item.0, digest_of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Returning;
    use crate::model::id::ItemIx;

    #[test]
    fn an_item_is_found_by_what_was_said_of_it_last() {
        let mut returning = Returning::default();
        assert_eq!(returning.find(7), None);
        returning.remember(ItemIx(0), 7);
        returning.remember(ItemIx(3), 8);
        assert_eq!(returning.find(7), Some(ItemIx(0)));
        returning.remember(ItemIx(0), 9);
        assert_eq!(returning.find(7), None, "something else was said since");
        assert_eq!(returning.find(9), Some(ItemIx(0)));
        returning.remember(ItemIx(0), 7);
        assert_eq!(returning.find(7), Some(ItemIx(0)));
        assert_eq!(returning.find(8), Some(ItemIx(3)));
    }

    #[test]
    fn what_is_forgotten_is_not_found_by_any_digest() {
        let mut returning = Returning::default();
        returning.remember(ItemIx(2), 7);
        returning.forget(ItemIx(2));
        returning.forget(ItemIx(9));
        assert_eq!(returning.find(7), None);
        returning.remember(ItemIx(1), 0);
        assert_eq!(returning.find(0), None);
        for item in 0..1_000 {
            returning.remember(ItemIx(item), u64::from(item) + 1);
        }
        assert_eq!(returning.find(500), Some(ItemIx(499)));
    }
}
