//! What the data does not say or says oddly: counted, so that every number can be weighed.

use std::collections::BTreeMap;

use crate::model::bound::BoundStream;
use crate::model::id::{ItemIx, StatusIx};
use crate::model::log::{Disorder, Log};
use crate::model::rule::{Field, Test};
use crate::model::time::Sec;
use crate::model::timeline::{Position, Visit};

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
}

/// Counts while items go by.
#[derive(Debug)]
pub(super) struct QualityCounts {
    /// By status: whether it is to be listed.
    unknown: Vec<bool>,
    items: Vec<u64>,
    last: Vec<Option<ItemIx>>,
    skipped: u64,
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
        Self {
            unknown: statuses
                .iter()
                .zip(places)
                .map(|(status, place)| place.is_none() && !blocks(&status.name))
                .collect(),
            items: vec![0; statuses.len()],
            last: vec![None; statuses.len()],
            skipped: 0,
            closed_without_work: 0,
        }
    }

    /// Adds an item; says whether its last status seen is an unknown one.
    pub(super) fn add(&mut self, log: &Log, item: ItemIx, visits: &[Visit], as_of: Sec) -> bool {
        self.skipped += skipped_stages(visits);
        let (at, to) = log.moves(item);
        let seen = &to[..at.partition_point(|at| *at < as_of)];
        if self.unknown.contains(&true) {
            for status in seen.iter().filter(|status| self.unknown[status.index()]) {
                if self.last[status.index()].replace(item) != Some(item) {
                    self.items[status.index()] += 1;
                }
            }
        }
        seen.last()
            .is_some_and(|status| self.unknown[status.index()])
    }

    pub(super) fn settle(self, log: &Log) -> Quality {
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
        }
    }
}

/// Stages between the first and the furthest visited that have no visit.
pub(super) fn skipped_stages(visits: &[Visit]) -> u64 {
    let mut visited = [0_u64; 4];
    for visit in visits {
        if let Position::Stage(stage) = visit.position {
            visited[stage.index() / 64] |= 1 << (stage.index() % 64);
        }
    }
    let stages = visits
        .iter()
        .filter_map(|visit| super::clocked::stage_of(visit.position));
    let Some((first, last)) = stages.fold(None, |range, stage| match range {
        None => Some((stage, stage)),
        Some((first, last)) => Some((stage.min(first), stage.max(last))),
    }) else {
        return 0;
    };
    let count: u32 = visited.iter().map(|word| word.count_ones()).sum();
    u64::from(u32::from(last.0 - first.0) + 1 - count)
}
