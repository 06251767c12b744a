//! Flow distribution: items by kind, finished and in progress apart.

use crate::model::bound::KindIx;

/// Items by kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// Finished in the window.
    pub finished: Vec<Share>,
    /// In progress at as-of.
    pub in_progress: Vec<Share>,
}

impl Distribution {
    pub(super) fn of(finished: &KindCounts, in_progress: &KindCounts, names: &[String]) -> Self {
        Self {
            finished: finished.settle(names),
            in_progress: in_progress.settle(names),
        }
    }
}

/// One kind's part.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The kind's name; `None` for items without one.
    pub kind: Option<String>,
    /// Items.
    pub count: u64,
}

/// Counts by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct KindCounts {
    by_kind: Vec<u64>,
    without: u64,
}

impl KindCounts {
    pub(super) fn add(&mut self, kind: Option<KindIx>) {
        let Some(kind) = kind else {
            self.without += 1;
            return;
        };
        let at = usize::from(kind.0);
        if self.by_kind.len() <= at {
            self.by_kind.resize(at + 1, 0);
        }
        self.by_kind[at] += 1;
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: &Self) {
        let kinds = self.by_kind.len().max(other.by_kind.len());
        self.by_kind.resize(kinds, 0);
        for (own, more) in self.by_kind.iter_mut().zip(&other.by_kind) {
            *own += more;
        }
        self.without += other.without;
    }

    /// The kinds that occur, most frequent first, names breaking ties, those without a kind last.
    pub(super) fn settle(&self, names: &[String]) -> Vec<Share> {
        let named = self
            .by_kind
            .iter()
            .zip(names)
            .filter(|(count, _)| **count > 0);
        let mut shares: Vec<Share> = named
            .map(|(count, name)| Share {
                kind: Some(name.clone()),
                count: *count,
            })
            .collect();
        shares.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.kind.cmp(&b.kind)));
        if self.without > 0 {
            shares.push(Share {
                kind: None,
                count: self.without,
            });
        }
        shares
    }
}
