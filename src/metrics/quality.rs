//! What the data does not say or says oddly: counted, so that every number can be weighed.

use std::collections::BTreeMap;

use crate::model::bound::BoundStream;
use crate::model::id::{ItemIx, StatusIx};
use crate::model::link::LinkCount;
use crate::model::log::{Disorder, Log};
use crate::model::rule::{Field, Test};
use crate::model::time::Sec;

/// Oddities of all items seen at as-of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Statuses that no stage and no blocked rule names, with the items that ever were in them.
    pub unmapped_statuses: BTreeMap<String, u64>,
    /// Stages that an item passed without a visit, summed over items.
    pub skipped_stages: u64,
    /// Finished items whose finish was entered straight from backlog.
    pub closed_without_work: u64,
    /// What came in an order that cannot be, over the whole log.
    pub disorder: Disorder,
    /// What each link rule of the stream did, in the order of the config.
    pub links: Vec<LinkCount>,
    /// Artefacts that belong to no item and are none: no number counts them.
    pub unlinked: u64,
}

/// Counts while items go by.
#[derive(Clone, Debug)]
pub(super) struct QualityCounts {
    /// By status: whether it is to be listed.
    unknown: Vec<bool>,
    any_unknown: bool,
    items: Vec<u64>,
    last: Vec<Option<ItemIx>>,
    /// Stages passed over.
    pub(super) skipped: u64,
    pub(super) closed_without_work: u64,
}

impl QualityCounts {
    pub(super) fn new(log: &Log, bound: &BoundStream) -> Self {
        let blocks = |name: &str| {
            let mut named = false;
            for rule in &bound.stream().blocked {
                rule.when.for_each_test(&mut |test: &Test| {
                    named |= test.field == Field::Status && test.accepts_text(name);
                });
            }
            named
        };
        let statuses = log.statuses();
        let places = (0..=u16::MAX).map(|at| bound.place(StatusIx(at)));
        let unknown: Vec<bool> = statuses
            .iter()
            .zip(places)
            .map(|(status, place)| place.is_none() && !blocks(&status.name))
            .collect();
        Self {
            any_unknown: unknown.contains(&true),
            unknown,
            items: vec![0; statuses.len()],
            last: vec![None; statuses.len()],
            skipped: 0,
            closed_without_work: 0,
        }
    }

    /// Whether it matters which statuses an item was in.
    pub(super) fn looks_at_statuses(&self) -> bool {
        self.any_unknown
    }

    /// Counts the statuses that an artefact of an item was seen in; says whether the last of them
    /// is an unknown one.
    pub(super) fn see(&mut self, item: ItemIx, seen: &[StatusIx]) -> bool {
        if self.any_unknown {
            for status in seen.iter().filter(|status| self.unknown[status.index()]) {
                if self.last[status.index()].replace(item) != Some(item) {
                    self.items[status.index()] += 1;
                }
            }
        }
        seen.last()
            .is_some_and(|status| self.unknown[status.index()])
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.items.iter_mut().zip(&other.items) {
            *own += more;
        }
        self.skipped += other.skipped;
        self.closed_without_work += other.closed_without_work;
    }

    pub(super) fn settle(self, log: &Log, bound: &BoundStream, as_of: Sec) -> Quality {
        let (links, unlinked) = bound.link_counts(log, as_of);
        let mut unmapped_statuses = BTreeMap::new();
        for (status, items) in log.statuses().iter().zip(&self.items) {
            if *items > 0 {
                *unmapped_statuses.entry(status.name.clone()).or_default() += items;
            }
        }
        Quality {
            unmapped_statuses,
            skipped_stages: self.skipped,
            closed_without_work: self.closed_without_work,
            disorder: log.disorder(),
            links,
            unlinked,
        }
    }
}
