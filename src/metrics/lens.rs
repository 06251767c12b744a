//! The clock rules side by side: what each says of the finished items, and why they differ.

use crate::model::id::ItemIx;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule};
use crate::model::timeline::{Replay, Timeline};

use super::account::{Account, Cause};
use super::flow::{FlowTime, count, seconds};
use super::measure::Measures;
use super::percentile::Percentiles;
use super::threads;

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

/// Finished items that one thread looks at.
const PART: usize = 2_048;

/// What some of the items come to.
struct Part {
    /// What each rule says of them.
    told: [Vec<i64>; 4],
    /// With all causes, whether there are any or not.
    pairs: Vec<Pair>,
    /// Those that the rules differ on.
    items: Vec<LensItem>,
}

impl Lens {
    /// Of the items of an answer that were finished in its window. Replays each of them once more.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Self {
        let mut all = Part::new();
        for part in parts(snapshot, stream, measures) {
            all.merge(part);
        }
        for pair in &mut all.pairs {
            pair.causes.retain(|sum| sum.items > 0);
        }
        Self {
            rules: all.told.map(flow_time),
            pairs: all.pairs,
            items: furthest_apart_first(all.items),
        }
    }

    /// What a rule says of the items.
    pub fn rules(&self) -> impl Iterator<Item = (ClockRule, Option<&FlowTime>)> {
        ClockRule::ALL
            .into_iter()
            .zip(self.rules.iter().map(Option::as_ref))
    }
}

fn parts(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Vec<Part> {
    let Some(bound) = snapshot.streams().get(stream) else {
        return Vec::new();
    };
    let stages = bound.stream().stages.iter();
    let classes: Vec<Class> = stages.map(|stage| stage.class).collect();
    let replay = Replay::new(snapshot.log(), bound, measures.header.as_of);
    let finished: Vec<&[ItemIx]> = measures.finished.chunks(PART).collect();
    threads::all(&finished, |items| {
        let (mut part, mut timeline) = (Part::new(), Timeline::empty());
        for item in *items {
            replay.run(*item, &mut timeline);
            part.add(LensItem {
                item: *item,
                account: Account::of(&timeline, &classes, &measures.ruler),
            });
        }
        part
    })
}

impl Part {
    fn new() -> Self {
        Self {
            told: [const { Vec::new() }; 4],
            pairs: pairs().map(|(one, other)| Pair::new(one, other)).collect(),
            items: Vec::new(),
        }
    }

    fn add(&mut self, item: LensItem) {
        for (told, rule) in self.told.iter_mut().zip(ClockRule::ALL) {
            told.extend(item.account.elapsed(rule));
        }
        let mut differ = false;
        for pair in &mut self.pairs {
            differ |= pair.add(&item.account);
        }
        if differ {
            self.items.push(item);
        }
    }

    /// Adds what follows.
    fn merge(&mut self, other: Self) {
        for (own, more) in self.told.iter_mut().zip(other.told) {
            own.extend(more);
        }
        for (own, more) in self.pairs.iter_mut().zip(&other.pairs) {
            own.merge(more);
        }
        self.items.extend(other.items);
    }
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
    fn new(one: ClockRule, other: ClockRule) -> Self {
        let none = |cause| CauseSum {
            cause,
            items: 0,
            more: 0,
        };
        Self {
            one,
            other,
            items: 0,
            causes: Cause::ALL.map(none).to_vec(),
        }
    }

    /// Adds an item; whether the rules differ on it.
    fn add(&mut self, account: &Account) -> bool {
        let difference = account.difference(self.one, self.other);
        if difference.is_empty() {
            return false;
        }
        self.items += 1;
        for sum in &mut self.causes {
            sum.add(&difference);
        }
        true
    }

    fn merge(&mut self, other: &Self) {
        self.items += other.items;
        for (own, more) in self.causes.iter_mut().zip(&other.causes) {
            own.items += more.items;
            own.more += more.more;
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

fn furthest_apart_first(mut items: Vec<LensItem>) -> Vec<LensItem> {
    items.sort_by_cached_key(|one| {
        let apart = |rules: &[ClockRule]| std::cmp::Reverse(one.account.spread(rules));
        (apart(&BEGUN_BY_WORK), apart(&ClockRule::ALL), one.item)
    });
    items
}
