//! Items that rows return to, by a digest of all that is said of them.

use hashbrown::HashTable;

use crate::model::id::ItemIx;

/// The items of which a later row may say just the same again: one look finds such a row's item,
/// and none is needed at its facts and texts.
#[derive(Debug, Default)]
pub(super) struct Returning {
    by_digest: HashTable<u32>,
    /// By item, the digest of what was last said of it; 0: nothing to go by.
    digests: Vec<u128>,
}

impl Returning {
    /// The item of which this was said last.
    #[inline]
    pub(super) fn find(&self, digest: u128) -> Option<ItemIx> {
        let same = |item: &u32| self.digests[*item as usize] == digest;
        self.by_digest.find(key(digest), same).copied().map(ItemIx)
    }

    /// For each digest what [`Self::find`] says of it. Looks that do not wait for each other take much
    /// less time than as many one by one.
    pub(super) fn find_all(&self, digests: &[u128], found: &mut Vec<Option<ItemIx>>) {
        found.clear();
        if !self.by_digest.is_empty() {
            found.extend(digests.iter().map(|digest| self.find(*digest)));
        }
    }

    /// Whether this was what was said of an item last.
    #[inline]
    pub(super) fn is(&self, item: ItemIx, digest: u128) -> bool {
        self.digests[item.index()] == digest
    }

    /// Whatever was said of an item counts no more.
    #[inline]
    pub(super) fn forget(&mut self, item: ItemIx) {
        if let Some(digest) = self.digests.get_mut(item.index())
            && *digest != 0
        {
            if let Ok(entry) = self.by_digest.find_entry(key(*digest), |of| *of == item.0) {
                entry.remove();
            }
            *digest = 0;
        }
    }

    /// Everything was said of an item, with this digest.
    pub(super) fn remember(&mut self, item: ItemIx, digest: u128) {
        self.forget(item);
        if digest == 0 {
            return;
        }
        if self.digests.len() <= item.index() {
            self.digests.resize(item.index() + 1, 0);
        }
        self.digests[item.index()] = digest;
        let key_of = |item: &u32| key(self.digests[*item as usize]);
        self.by_digest.insert_unique(key(digest), item.0, key_of);
    }
}

/// Half of a digest, which is enough to look where it may be.
#[inline]
fn key(digest: u128) -> u64 {
    u64::try_from(digest >> 64).unwrap_or_default()
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
    fn digests_that_agree_in_one_half_are_told_apart() {
        let (low, high) = (5_u128, 9_u128 << 64);
        let mut returning = Returning::default();
        returning.remember(ItemIx(0), high | low);
        for other in [high, low, high | 6, (8 << 64) | low] {
            assert_eq!(returning.find(other), None, "{other:x}");
        }
        returning.remember(ItemIx(1), high | 6);
        returning.remember(ItemIx(2), (8 << 64) | low);
        for (digest, item) in [(high | low, 0), (high | 6, 1), ((8 << 64) | low, 2)] {
            assert_eq!(returning.find(digest), Some(ItemIx(item)));
        }
        returning.forget(ItemIx(0));
        assert_eq!(returning.find(high | low), None);
        assert_eq!(returning.find(high | 6), Some(ItemIx(1)));
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
            returning.remember(ItemIx(item), u128::from(item) + 1);
        }
        assert_eq!(returning.find(500), Some(ItemIx(499)));
        let mut found = Vec::new();
        returning.find_all(&[500, 5_000, 1], &mut found);
        assert_eq!(found, [Some(ItemIx(499)), None, Some(ItemIx(0))]);
        assert!(returning.is(ItemIx(499), 500) && !returning.is(ItemIx(499), 501));
        assert_eq!(returning.by_digest.len(), 1_000, "one entry an item");
    }
}
