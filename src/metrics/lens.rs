//! The clock rules side by side: what each says of the finished items, and why they differ.

use std::cmp::Reverse;

use crate::model::id::ItemIx;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule};
use crate::model::time::Ruler;
use crate::model::timeline::{Replay, Timeline};

use super::account::{Account, Cause};
use super::flow::{FlowTime, count, seconds};
use super::measure::Measures;
use super::pass::BLOCK;
use super::percentile::Percentiles;
use super::threads;

/// Items that are told one by one, at most.
const TOLD: usize = 100;

/// Most items wait before they are begun, which sets only `created-to-done` apart.
const BEGUN_BY_WORK: [ClockRule; 3] = [
    ClockRule::LastCrossing,
    ClockRule::FirstStart,
    ClockRule::SumInProgress,
];

/// Every clock rule's answer about the items finished in a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lens {
    /// Flow time by each rule, in the order of [`ClockRule::ALL`]; `None` if it says something of no item.
    pub rules: [Option<FlowTime>; 4],
    /// Two rules each, with why they differ.
    pub pairs: Vec<Pair>,
    /// How many items there are of which the rules say different things or some say nothing.
    pub differing: usize,
    /// A hundred of them, or all if there are no more: furthest apart first by the rules that begin
    /// with work, then by all, then in the order of the log.
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

/// What is needed to look at items.
struct Eye<'a> {
    replay: Replay<'a>,
    classes: Vec<Class>,
    ruler: &'a Ruler,
}

/// What the items seen come to.
struct Sums {
    timeline: Timeline,
    account: Account,
    /// By rule, what it says.
    times: [Vec<i64>; 4],
    pairs: Vec<Pair>,
    /// Those that the rules differ on.
    differing: Vec<Apart>,
}

/// How far apart the rules are on an item: those that begin with work, then all. The furthest comes
/// first.
type Apart = (Reverse<i64>, Reverse<i64>, ItemIx);

impl Lens {
    /// Of the items of an answer that were finished in its window. Replays each of them once more.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Self {
        let Some(bound) = snapshot.streams().get(stream) else {
            return Self::default();
        };
        let stages = bound.stream().stages.iter();
        let eye = Eye {
            replay: Replay::new(snapshot.log(), bound, measures.header.as_of),
            classes: stages.map(|stage| stage.class).collect(),
            ruler: &measures.ruler,
        };
        // In the order of the log they lie near one another.
        let mut finished = measures.finished.clone();
        finished.sort_unstable();
        let blocks: Vec<&[ItemIx]> = finished.chunks(BLOCK).collect();
        let sums = threads::by_blocks(blocks.len(), Sums::new, |sums, block| {
            for item in blocks[block] {
                sums.add(&eye, *item);
            }
        });
        let sums = sums.into_iter().reduce(Sums::joined);
        sums.map_or_else(Self::default, |sums| sums.settle(&eye))
    }

    /// What a rule says of the items.
    pub fn rules(&self) -> impl Iterator<Item = (ClockRule, Option<&FlowTime>)> {
        ClockRule::ALL
            .into_iter()
            .zip(self.rules.iter().map(Option::as_ref))
    }
}

impl Sums {
    fn new() -> Self {
        Self {
            timeline: Timeline::empty(),
            account: Account::default(),
            times: [const { Vec::new() }; 4],
            pairs: pairs().map(Pair::new).collect(),
            differing: Vec::new(),
        }
    }

    fn add(&mut self, eye: &Eye<'_>, item: ItemIx) {
        eye.replay.run(item, &mut self.timeline);
        let account = &mut self.account;
        account.retell(&self.timeline, &eye.classes, eye.ruler);
        for (times, rule) in self.times.iter_mut().zip(ClockRule::ALL) {
            times.extend(account.elapsed(rule));
        }
        let mut differs = false;
        for pair in &mut self.pairs {
            differs |= pair.add(account);
        }
        if differs {
            let apart = |rules: &[ClockRule]| Reverse(account.spread(rules));
            let apart = (apart(&BEGUN_BY_WORK), apart(&ClockRule::ALL), item);
            self.differing.push(apart);
        }
    }

    /// Both together.
    fn joined(mut self, other: Self) -> Self {
        for (own, more) in self.times.iter_mut().zip(other.times) {
            own.extend(more);
        }
        for (own, more) in self.pairs.iter_mut().zip(&other.pairs) {
            own.merge(more);
        }
        self.differing.extend(other.differing);
        self
    }

    fn settle(mut self, eye: &Eye<'_>) -> Lens {
        for pair in &mut self.pairs {
            pair.causes.retain(|sum| sum.items > 0);
        }
        let differing = self.differing.len();
        if differing > TOLD {
            self.differing.select_nth_unstable(TOLD);
            self.differing.truncate(TOLD);
        }
        self.differing.sort_unstable();
        let mut timeline = self.timeline;
        let told = self.differing.into_iter().map(|(.., item)| {
            eye.replay.run(item, &mut timeline);
            let account = Account::of(&timeline, &eye.classes, eye.ruler);
            LensItem { item, account }
        });
        Lens {
            differing,
            items: told.collect(),
            rules: self.times.map(flow_time),
            pairs: self.pairs,
        }
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
    fn new((one, other): (ClockRule, ClockRule)) -> Self {
        let sum = |cause| CauseSum {
            cause,
            items: 0,
            more: 0,
        };
        Self {
            one,
            other,
            items: 0,
            causes: Cause::ALL.map(sum).to_vec(),
        }
    }

    /// Adds an item; says whether the rules differ on it.
    fn add(&mut self, account: &Account) -> bool {
        let mut there = [false; Cause::ALL.len()];
        account.differ((self.one, self.other), |cause, more| {
            self.causes[cause as usize].more += more;
            there[cause as usize] = true;
        });
        for (sum, there) in self.causes.iter_mut().zip(there) {
            sum.items += u64::from(there);
        }
        let differs = there.contains(&true);
        self.items += u64::from(differs);
        differs
    }

    fn merge(&mut self, other: &Self) {
        self.items += other.items;
        for (own, more) in self.causes.iter_mut().zip(&other.causes) {
            own.items += more.items;
            own.more += more.more;
        }
    }
}
