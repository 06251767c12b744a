//! How long an item in progress may still take. METRICS "days left of an item".

use std::ops::Range;

use crate::model::id::{ItemIx, StageIx};
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec};
use crate::model::timeline::{Replay, Timeline};

use super::clocked::{Clocked, class_of, stage_of};
use super::flow::count;
use super::measure::Header;
use super::pass::{BLOCK, positions};
use super::sorted::sort;
use super::threads;

/// Items that are looked at, at most.
const MOST: usize = 25_000;

/// The lower half of a word.
const AT: u64 = 0xffff_ffff;

/// Fewer items than this say nothing about another.
const FEWEST: u64 = 10;

/// A survival this little above what is asked for is a rounding of the same number.
const ROUNDING: f64 = 1e-9;

/// What is left of an item in progress, in seconds of its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysLeft {
    /// Items that came to the same stage by the same age and grew older.
    pub n: u64,
    /// In half of the cases no more than this.
    pub p50: Option<i64>,
    /// In 85 % of the cases no more than this.
    pub p85: Option<i64>,
}

impl DaysLeft {
    /// Why a quantile is unknown.
    pub fn reason(&self) -> &'static str {
        if self.n < FEWEST {
            "fewer than 10 items came to its stage by its age and grew older"
        } else {
            "too many of the items like it are not finished either"
        }
    }
}

/// What the items of a stream say about how long those in progress have left, by stage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Remaining {
    stages: Vec<Curve>,
}

impl Remaining {
    /// Of all items of a stream known at as-of, whatever the window and the filter.
    ///
    /// A pass of its own over the items, and then a sort by stage: n log n for n visits, on several
    /// threads. An answer costs log n. Of more than 25,000 items evenly spread ones are taken, at
    /// least half as many: so much for one answer, and more says no more.
    pub fn of(snapshot: &Snapshot, stream: usize, header: Header) -> Self {
        let Some(bound) = snapshot.streams().get(stream) else {
            return Self::default();
        };
        let ruler = header.ruler(snapshot);
        let items = snapshot.log().item_count();
        let step = items.div_ceil(MOST).max(1);
        let replay = Replay::new(snapshot.log(), bound, header.as_of);
        let begin = || {
            let lives = Lives::new(bound.stream(), header.clock, &ruler);
            (lives, Timeline::empty())
        };
        let sums = threads::by_blocks(items.div_ceil(BLOCK), begin, |(lives, timeline), block| {
            let from = block * BLOCK;
            for item in spread(from..items.min(from + BLOCK), step) {
                replay.run(item, timeline);
                lives.add(timeline);
            }
        });
        let parts = sums.into_iter().map(|(lives, _)| lives);
        parts
            .reduce(Lives::joined)
            .map_or_else(Self::default, Lives::settle)
    }

    /// Of an item of this age in seconds in a stage.
    pub fn left(&self, stage: StageIx, age: i64) -> DaysLeft {
        let Some(curve) = self.stages.get(stage.index()) else {
            return Curve::default().left(cut(age));
        };
        curve.left(cut(age))
    }
}

/// One item by its clock: how old it got. Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Life {
    end: u32,
    finished: bool,
    /// Where its entries end among those of all.
    entries_to: usize,
}

/// An item's first entry into a stage.
#[derive(Clone, Copy, Debug)]
struct Entry {
    stage: StageIx,
    /// Its age then, seconds.
    age: u32,
}

/// Collects the lives.
struct Lives {
    classes: Vec<Class>,
    rule: ClockRule,
    ruler: Ruler,
    all: Vec<Life>,
    /// Of one life after the other.
    entries: Vec<Entry>,
    seen: Vec<bool>,
}

impl Lives {
    fn new(stream: &Stream, rule: ClockRule, ruler: &Ruler) -> Self {
        let classes: Vec<Class> = stream.stages.iter().map(|stage| stage.class).collect();
        Self {
            seen: vec![false; classes.len()],
            classes,
            rule,
            ruler: ruler.clone(),
            all: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Adds an item that has a start. One that is not finished is known up to now, or up to where
    /// it was given up.
    fn add(&mut self, timeline: &Timeline) {
        let clocked = Clocked::by(timeline, &self.classes, self.rule, &self.ruler);
        let Some(started) = clocked.started else {
            return;
        };
        let spent = clocked.spent;
        let end = spent.active + spent.waiting + spent.outside;
        self.enter(timeline, started, end);
        self.all.push(Life {
            end: cut(end),
            finished: clocked.flow.is_some(),
            entries_to: self.entries.len(),
        });
    }

    /// Adds the first entries of an item into committed stages from its start on.
    fn enter(&mut self, timeline: &Timeline, started: Sec, end: i64) {
        self.seen.fill(false);
        let mut committed = 0;
        for visit in timeline.visits.iter().filter(|one| one.from >= started) {
            let class = class_of(visit.position, &self.classes);
            let stage = stage_of(visit.position).filter(|_| class.is_some_and(Class::is_committed));
            let Some(stage) = stage else {
                continue;
            };
            let age = match self.rule {
                ClockRule::SumInProgress => committed,
                _ => self.ruler.between(started, visit.from),
            };
            committed += self.ruler.between(visit.from, visit.to);
            if !self.seen[stage.index()] && age < end {
                let age = cut(age);
                self.entries.push(Entry { stage, age });
            }
            self.seen[stage.index()] = true;
        }
    }

    /// All lives are sorted by their end once; the stages get theirs in that order.
    fn settle(self) -> Remaining {
        let mut stages = vec![Stage::default(); self.classes.len()];
        let before = self.all.iter().map(|life| life.entries_to);
        let begins = std::iter::once(0).chain(before);
        let begins: Vec<usize> = begins.collect();
        let ends = (0_u64..).zip(&self.all);
        let mut by_end: Vec<u64> = ends
            .map(|(at, life)| u64::from(life.end) << 32 | at)
            .collect();
        sort(&mut by_end);
        let places = by_end
            .into_iter()
            .filter_map(|one| usize::try_from(one & AT).ok());
        for (life, from) in places.map(|at| (self.all[at], begins[at])) {
            for entry in &self.entries[from..life.entries_to] {
                stages[entry.stage.index()].add(entry.age, life.end, life.finished);
            }
        }
        let mut stages: Vec<(Stage, Curve)> = stages
            .into_iter()
            .map(|stage| (stage, Curve::default()))
            .collect();
        threads::each(
            &mut stages,
            |(stage, _)| stage.ends.len(),
            |(stage, curve)| {
                *curve = Curve::new(std::mem::take(stage));
            },
        );
        Remaining {
            stages: stages.into_iter().map(|(_, curve)| curve).collect(),
        }
    }

    /// Those of another part behind its own.
    fn joined(mut self, other: Self) -> Self {
        let before = self.entries.len();
        self.entries.extend(other.entries);
        self.all.extend(other.all.into_iter().map(|life| Life {
            entries_to: life.entries_to + before,
            ..life
        }));
        self
    }
}

/// What is known of the items that came to one stage: ages in seconds.
#[derive(Clone, Debug, Default)]
struct Stage {
    entries: Vec<u32>,
    /// In order.
    ends: Vec<u32>,
    /// The ends at which an item finished, in order, each with how many did.
    finishes: Vec<(u32, u64)>,
}

impl Stage {
    /// Adds an item that ended no earlier than those before.
    fn add(&mut self, entry: u32, end: u32, finished: bool) {
        self.entries.push(entry);
        self.ends.push(end);
        match self.finishes.last_mut() {
            Some((age, count)) if *age == end => *count += u64::from(finished),
            _ if finished => self.finishes.push((end, 1)),
            _ => {}
        }
    }
}

/// Every `step`-th item of a range, counted from the first of all.
fn spread(range: Range<usize>, step: usize) -> impl Iterator<Item = ItemIx> {
    positions(range.start.next_multiple_of(step)..range.end).step_by(step)
}

fn cut(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

/// The Kaplan–Meier curve of one stage over the age of its items. An item counts from the age on at
/// which it came to the stage (left truncation); one that did not finish counts up to the age it is
/// known at (right censoring).
#[derive(Clone, Debug, Default, PartialEq)]
struct Curve {
    /// Ages at entry, sorted.
    entries: Vec<u32>,
    /// Ages at the end, sorted.
    ends: Vec<u32>,
    /// Ages at which items finished, sorted, each once.
    finishes: Vec<u32>,
    /// Σ ln (1 − finished ÷ at risk) up to each of them, without those at which nobody was left.
    falls: Vec<f64>,
    /// Positions of the finishes at which nobody was left.
    last_ones: Vec<usize>,
}

impl Curve {
    fn new(stage: Stage) -> Self {
        let mut curve = Self {
            entries: stage.entries,
            ends: stage.ends,
            ..Self::default()
        };
        curve.entries.sort_unstable();
        let (mut come, mut gone, mut fallen) = (0, 0, 0.0);
        for (age, finished) in stage.finishes {
            come += before(age, &curve.entries[come..]);
            gone += before(age, &curve.ends[gone..]);
            let at_risk = (come - gone) as u64;
            if at_risk == finished {
                curve.last_ones.push(curve.finishes.len());
            } else {
                fallen += (-count(finished) / count(at_risk)).ln_1p();
            }
            curve.finishes.push(age);
            curve.falls.push(fallen);
        }
        curve
    }

    fn left(&self, age: u32) -> DaysLeft {
        let come = self.entries.partition_point(|entry| *entry <= age);
        let gone = self.ends.partition_point(|end| *end <= age);
        let n = (come - gone) as u64;
        let quantile = |share| self.quantile(age, share).filter(|_| n >= FEWEST);
        DaysLeft {
            n,
            p50: quantile(0.50),
            p85: quantile(0.85),
        }
    }

    /// The least time from `age` on by which this share has finished; `None` if the curve ends above.
    fn quantile(&self, age: u32, share: f64) -> Option<i64> {
        let first = self.finishes.partition_point(|finish| *finish <= age);
        let last_one = self.last_ones.partition_point(|at| *at < first);
        let last_one = self.last_ones.get(last_one).copied();
        let before = first.checked_sub(1).map_or(0.0, |at| self.falls[at]);
        let bound = before + (1.0 - share).ln() + ROUNDING;
        let until = last_one.unwrap_or(self.falls.len());
        let at = first + self.falls[first..until].partition_point(|fallen| *fallen > bound);
        let finish = self.finishes.get(at)?;
        Some(i64::from(*finish) - i64::from(age))
    }
}

/// How many of the next ages lie before this one.
fn before(age: u32, ages: &[u32]) -> usize {
    ages.iter().take_while(|one| **one < age).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Curve, FEWEST, Stage, count};

    fn curve(lives: &[(u32, u32, bool)]) -> Curve {
        let mut lives = lives.to_vec();
        lives.sort_by_key(|life| life.1);
        let mut stage = Stage::default();
        for (entry, end, finished) in lives {
            stage.add(entry, end, finished);
        }
        Curve::new(stage)
    }

    /// Read as it is defined: at every age at which something finished, everybody is counted anew.
    fn plain(lives: &[(u32, u32, bool)], age: u32, share: f64) -> Option<i64> {
        let mut survival = 1.0;
        for at in age + 1..=200 {
            let at_risk = lives
                .iter()
                .filter(|(entry, end, _)| *entry < at && at <= *end);
            let at_risk: Vec<_> = at_risk.collect();
            let finished = at_risk.iter().filter(|(_, end, done)| *done && *end == at);
            let (finished, all) = (finished.count(), at_risk.len());
            if finished > 0 {
                survival *= 1.0 - count(finished as u64) / count(all as u64);
                if survival <= 1.0 - share + 1e-9 {
                    return Some(i64::from(at - age));
                }
            }
        }
        None
    }

    #[test]
    fn without_unfinished_ones_it_is_the_nearest_rank() {
        let lives: Vec<_> = (1..=10).map(|day| (0, day * 10, true)).collect();
        let fresh = curve(&lives).left(0);
        assert_eq!((fresh.n, fresh.p50, fresh.p85), (10, Some(50), Some(90)));
        let older = curve(&lives).left(10);
        assert_eq!((older.n, older.p50), (9, None), "nine are too few");
    }

    #[test]
    fn an_unfinished_one_counts_as_long_as_it_is_known() {
        // Survival 10/11 at 10, 9/11 at 20; one is last seen at 25, so 30 takes one of eight:
        // 9/11 × 7/8, and then 6/8, 5/8: 9/11 × 5/8 = 0.511; at 60 9/11 × 4/8 = 0.409.
        let mut lives: Vec<_> = (1..=10).map(|day| (0, day * 10, true)).collect();
        lives.push((0, 25, false));
        assert_eq!(curve(&lives).left(0).p50, Some(60));
    }

    #[test]
    fn what_comes_to_the_stage_later_counts_from_then_on() {
        let mut lives = vec![(0, 50, true); 10];
        lives.extend([(45, 60, true); 10]);
        let left = curve(&lives).left(0);
        // At 50 half of the twenty finish, at 60 the rest.
        assert_eq!((left.n, left.p50, left.p85), (10, Some(50), Some(60)));
    }

    #[test]
    fn where_most_are_not_finished_nothing_is_said() {
        let mut lives = vec![(0, 100, false); 20];
        lives.push((0, 10, true));
        let left = curve(&lives).left(0);
        assert_eq!((left.n, left.p50, left.p85), (21, None, None));
        assert!(left.reason().starts_with("too many"));
        assert!(
            curve(&lives)
                .left(100)
                .reason()
                .starts_with("fewer than 10")
        );
    }

    fn life() -> impl Strategy<Value = (u32, u32, bool)> {
        (0..60_u32, 1..60_u32, prop::bool::weighted(0.7))
            .prop_map(|(entry, more, finished)| (entry, entry + more, finished))
    }

    proptest! {
        #[test]
        fn the_curve_is_the_plain_reading(
            lives in prop::collection::vec(life(), 0..80),
            age in 0..120_u32,
        ) {
            let left = curve(&lives).left(age);
            let n = lives.iter().filter(|(entry, end, _)| *entry <= age && age < *end).count();
            prop_assert_eq!(left.n, n as u64);
            let known = |share| plain(&lives, age, share).filter(|_| left.n >= FEWEST);
            prop_assert_eq!((left.p50, left.p85), (known(0.50), known(0.85)));
        }
    }
}
