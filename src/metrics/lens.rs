//! The clock rules side by side: what each says of the finished items, and why they differ.

use crate::model::id::ItemIx;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule};
use crate::model::timeline::{Replay, Timeline};

use super::account::{Account, Cause};
use super::flow::{FlowTime, count, seconds};
use super::measure::Measures;
use super::percentile::Percentiles;

/// Most items wait before they are begun, which sets only `created-to-done` apart.
const BEGUN_BY_WORK: [ClockRule; 3] = [
    ClockRule::LastCrossing,
    ClockRule::FirstStart,
    ClockRule::SumInProgress,
];

/// Every clock rule's answer about the items finished in a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Lens {
    /// Flow time by each rule, in the order of [`ClockRule::ALL`]; `None` if it says something of no item.
    pub rules: [Option<FlowTime>; 4],
    /// Two rules each, with why they differ.
    pub pairs: Vec<Pair>,
    /// Items of which the rules say different things or some say nothing: furthest apart first by the
    /// rules that begin with work, then by all, then in the order of the log.
    pub items: Vec<LensItem>,
}

/// Two rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The one.
    pub one: ClockRule,
    /// The other.
    pub other: ClockRule,
    /// Items that they differ on.
    pub items: u64,
    /// Why, in the order of [`Cause::ALL`]; only causes that there are.
    pub causes: Vec<CauseSum>,
}

/// One reason for which two rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CauseSum {
    /// Which.
    pub cause: Cause,
    /// Items that have it.
    pub items: u64,
    /// Seconds that the one rule counts more than the other; negative: less.
    pub more: i64,
}

/// One item under all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LensItem {
    /// Position in the log.
    pub item: ItemIx,
    /// Its life as the rules see it.
    pub account: Account,
}

impl Lens {
    /// Of the items of an answer that were finished in its window. Replays each of them once more.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Self {
        let items = accounts(snapshot, stream, measures);
        let rules = ClockRule::ALL.map(|rule| {
            let told = items.iter().filter_map(|one| one.account.elapsed(rule));
            flow_time(told.collect())
        });
        let pairs = pairs().map(|(one, other)| Pair::of(one, other, &items));
        Self {
            rules,
            pairs: pairs.collect(),
            items: differing(items),
        }
    }

    /// What a rule says of the items.
    pub fn rules(&self) -> impl Iterator<Item = (ClockRule, Option<&FlowTime>)> {
        ClockRule::ALL
            .into_iter()
            .zip(self.rules.iter().map(Option::as_ref))
    }
}

fn accounts(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Vec<LensItem> {
    let Some(bound) = snapshot.streams().get(stream) else {
        return Vec::new();
    };
    let stages = bound.stream().stages.iter();
    let classes: Vec<Class> = stages.map(|stage| stage.class).collect();
    let replay = Replay::new(snapshot.log(), bound, measures.header.as_of);
    let mut timeline = Timeline::empty();
    let account = |item: &ItemIx| {
        replay.run(*item, &mut timeline);
        LensItem {
            item: *item,
            account: Account::of(&timeline, &classes, &measures.ruler),
        }
    };
    measures.finished.iter().map(account).collect()
}

fn flow_time(mut times: Vec<i64>) -> Option<FlowTime> {
    let total: i64 = times.iter().sum();
    let percentiles = Percentiles::of(&mut times)?;
    Some(FlowTime {
        mean: seconds(total) / count(percentiles.n as u64),
        percentiles,
    })
}

/// Every two rules, each pair once.
fn pairs() -> impl Iterator<Item = (ClockRule, ClockRule)> {
    let rules = ClockRule::ALL.into_iter().enumerate();
    rules.flat_map(|(at, one)| {
        let others = ClockRule::ALL.into_iter().skip(at + 1);
        others.map(move |other| (one, other))
    })
}

impl Pair {
    fn of(one: ClockRule, other: ClockRule, items: &[LensItem]) -> Self {
        let mut sums = Cause::ALL.map(|cause| CauseSum {
            cause,
            items: 0,
            more: 0,
        });
        let mut differ = 0;
        for item in items {
            let difference = item.account.difference(one, other);
            differ += u64::from(!difference.is_empty());
            for sum in &mut sums {
                sum.add(&difference);
            }
        }
        let there = sums.into_iter().filter(|sum| sum.items > 0);
        Self {
            one,
            other,
            items: differ,
            causes: there.collect(),
        }
    }
}

impl CauseSum {
    /// Adds one item's difference.
    fn add(&mut self, difference: &[(Cause, i64)]) {
        let own = difference.iter().filter(|(cause, _)| *cause == self.cause);
        self.items += u64::from(own.clone().next().is_some());
        self.more += own.map(|(_, more)| more).sum::<i64>();
    }
}

fn differing(mut items: Vec<LensItem>) -> Vec<LensItem> {
    items.retain(|one| pairs().any(|(a, b)| !one.account.difference(a, b).is_empty()));
    items.sort_by_cached_key(|one| {
        let apart = |rules: &[ClockRule]| std::cmp::Reverse(one.account.spread(rules));
        (apart(&BEGUN_BY_WORK), apart(&ClockRule::ALL), one.item)
    });
    items
}
