//! Many futures of one past.

use std::fmt;
use std::ops::Range;

use super::urn::{Luck, Urn};
use super::{CONFIDENCES, Source};
use crate::metrics::{cores, in_parts};

/// Working days after which a future is no longer followed: five years of seven-day weeks.
pub const FARTHEST: u32 = 1_826;

/// Trials that are worth the start of a thread.
const WORTH_A_THREAD: u32 = 2_000;

/// What is asked of the futures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    days: Vec<u32>,
    items: Vec<u32>,
}

/// What every trial came to.
#[derive(Clone, Debug)]
pub struct Futures {
    ask: Ask,
    /// A row a number of days asked for: items finished by then, one a trial.
    finished: Vec<Vec<u32>>,
    /// A row a number of items asked for: the working day of the last of them, one a trial.
    reached: Vec<Vec<u32>>,
}

/// How likely something is that has not happened. It is never said to be certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Chance(f64);

/// The most that a forecast claims to know.
const SURE: f64 = 0.95;

impl Chance {
    /// The share of the trials, held within 0.05 and 0.95.
    pub fn share(self) -> f64 {
        self.0.clamp(1.0 - SURE, SURE)
    }

    /// Whether more was found than is claimed.
    pub fn is_capped(self) -> bool {
        self.0 > SURE
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            share if share > SURE => f.write_str(">95 %"),
            share if share < 1.0 - SURE => f.write_str("<5 %"),
            share => write!(f, "{:.0} %", share * 100.0),
        }
    }
}

impl Ask {
    /// Items finished within so many working days, and the working day by which so many items are.
    pub fn new(mut days: Vec<u32>, mut items: Vec<u32>) -> Self {
        for list in [&mut days, &mut items] {
            list.sort_unstable();
            list.dedup();
        }
        days.retain(|day| *day <= FARTHEST);
        Self { days, items }
    }

    /// The numbers of working days, rising.
    pub fn days(&self) -> &[u32] {
        &self.days
    }

    /// The numbers of items, rising.
    pub fn items(&self) -> &[u32] {
        &self.items
    }
}

impl Futures {
    /// Walks as many futures as the plan says. What is asked changes no future.
    pub fn draw(source: Source<'_>, ask: &Ask) -> Self {
        let trials = source.plan.trials;
        let most = (trials / WORTH_A_THREAD).clamp(1, 16);
        let parts = u32::try_from(cores()).unwrap_or(1).min(most);
        let drawn = in_parts(parts as usize, |at| {
            let at = u32::try_from(at).unwrap_or(0);
            let trials = at * trials / parts..(at + 1) * trials / parts;
            Self::part(source, ask.clone(), trials)
        });
        let mut drawn = drawn.into_iter();
        let first = drawn
            .next()
            .unwrap_or_else(|| Self::part(source, ask.clone(), 0..0));
        drawn.fold(first, Self::followed)
    }

    /// Trials of which it is known how many items they finish within `days` days.
    pub(super) fn of_days(days: u32, finished: Vec<u32>) -> Self {
        Self {
            ask: Ask::new(vec![days], Vec::new()),
            finished: vec![finished],
            reached: Vec::new(),
        }
    }

    /// Trials of which it is known on which day `items` items are finished.
    pub(super) fn of_items(items: u32, reached: Vec<u32>) -> Self {
        Self {
            ask: Ask::new(Vec::new(), vec![items]),
            finished: Vec::new(),
            reached: vec![reached],
        }
    }

    /// The trials of these numbers.
    fn part(source: Source<'_>, ask: Ask, trials: Range<u32>) -> Self {
        let row = || Vec::with_capacity(trials.len());
        let mut futures = Self {
            finished: ask.days.iter().map(|_| row()).collect(),
            reached: ask.items.iter().map(|_| row()).collect(),
            ask,
        };
        let urn = Urn::new(source);
        let mut walk = Walk::new(&urn);
        for trial in trials {
            walk.begin(Luck::of(source.plan.seed, trial.into()));
            futures.add(&mut walk);
        }
        futures
    }

    fn followed(mut self, other: Self) -> Self {
        let rows = self.finished.iter_mut().chain(&mut self.reached);
        for (own, more) in rows.zip(other.finished.into_iter().chain(other.reached)) {
            own.extend(more);
        }
        self
    }

    fn add(&mut self, walk: &mut Walk<'_>) {
        for (days, row) in self.ask.days.iter().zip(&mut self.finished) {
            row.push(walk.finished_by(*days));
        }
        for (items, row) in self.ask.items.iter().zip(&mut self.reached) {
            row.push(walk.day_of(*items));
        }
    }

    /// What was asked.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// For the `at`-th number of days: the items that are finished by then, or more, in 50, 70, 85
    /// and 95 % of the trials.
    pub fn how_many(&self, at: usize) -> [u32; 4] {
        self.at_least(at, CONFIDENCES)
    }

    /// The same with these confidences, per cent.
    pub(super) fn at_least<const N: usize>(&self, at: usize, sure: [u8; N]) -> [u32; N] {
        let all = &self.finished[at];
        at_places(all, sure.map(|p| all.len() - rank(all.len(), p))).map(|one| one.unwrap_or(0))
    }

    /// For the `at`-th number of items: the working day by which they are finished in 50, 70, 85
    /// and 95 % of the trials, counted from 1; `None` if that is beyond [`FARTHEST`].
    pub fn when(&self, at: usize) -> [Option<u32>; 4] {
        let all = &self.reached[at];
        let days = at_places(all, CONFIDENCES.map(|p| rank(all.len(), p).wrapping_sub(1)));
        days.map(|day| day.filter(|day| *day <= FARTHEST))
    }

    /// How likely at least `items` are finished within the `at`-th number of days.
    pub fn chance(&self, at: usize, items: u32) -> Chance {
        Chance(self.share_with(at, items))
    }

    /// The share of the trials with at least `items` finished within the `at`-th number of days.
    pub(super) fn share_with(&self, at: usize, items: u32) -> f64 {
        share(&self.finished[at], |finished| finished >= items)
    }

    /// The share of the trials in which the `at`-th number of items is finished by a working day.
    pub(super) fn share_by(&self, at: usize, day: u32) -> f64 {
        share(&self.reached[at], |reached| reached <= day)
    }

    /// The working day of the last of the `at`-th number of items, one a trial; `u32::MAX` beyond
    /// [`FARTHEST`].
    pub(super) fn reached(&self, at: usize) -> &[u32] {
        &self.reached[at]
    }

    /// Items finished within the `at`-th number of days, one a trial.
    pub fn finished(&self, at: usize) -> &[u32] {
        &self.finished[at]
    }
}

/// One future, as far as it was asked about.
struct Walk<'u> {
    urn: &'u Urn<'u>,
    luck: Luck,
    /// By day, items finished by its end.
    finished: Vec<u64>,
}

impl<'u> Walk<'u> {
    fn new(urn: &'u Urn<'u>) -> Self {
        Self {
            urn,
            luck: Luck::of(0, 0),
            finished: Vec::new(),
        }
    }

    /// Begins the future with this luck in place of the last.
    fn begin(&mut self, luck: Luck) {
        self.luck = luck;
        self.finished.clear();
    }

    /// Goes on for some days.
    fn go_on(&mut self) {
        let days = self.urn.days(self.so_far(), &mut self.luck);
        self.finished.extend_from_slice(&days);
    }

    fn so_far(&self) -> u64 {
        self.finished.last().copied().unwrap_or(0)
    }

    /// Items finished by the end of a day, counted from 1.
    fn finished_by(&mut self, day: u32) -> u32 {
        let Some(at) = day.checked_sub(1) else {
            return 0;
        };
        while self.finished.len() <= at as usize {
            self.go_on();
        }
        u32::try_from(self.finished[at as usize]).unwrap_or(u32::MAX)
    }

    /// The day on which so many items are finished; `u32::MAX` beyond [`FARTHEST`].
    fn day_of(&mut self, items: u32) -> u32 {
        let items = u64::from(items);
        while self.so_far() < items && self.finished.len() < FARTHEST as usize {
            self.go_on();
        }
        let before = self.finished.partition_point(|finished| *finished < items);
        let day = u32::try_from(before + 1).unwrap_or(u32::MAX);
        if day <= FARTHEST { day } else { u32::MAX }
    }
}

/// The share of trials for which something holds; 0 without trials.
#[expect(clippy::cast_precision_loss, reason = "trials are far below 2^53")]
pub(super) fn share(trials: &[u32], holds: impl Fn(u32) -> bool) -> f64 {
    let count = trials.iter().filter(|trial| holds(**trial)).count();
    count as f64 / trials.len().max(1) as f64
}

/// The values that stand at these places once all are in order; `None` for a place beyond them.
fn at_places<const N: usize>(values: &[u32], places: [usize; N]) -> [Option<u32>; N] {
    let least = values.iter().min().copied().unwrap_or(0);
    let most = values.iter().max().copied().unwrap_or(0);
    // Values that are not near together are "never", and stand at the end.
    let apart = usize::try_from(most - least).unwrap_or(NEAR);
    let mut counts = vec![0_usize; NEAR.min(apart + 1)];
    for value in values {
        let place = usize::try_from(value - least).unwrap_or(NEAR);
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    let mut sorted = None;
    places.map(|place| {
        let mut left = place;
        for (more, count) in (0..).zip(&counts) {
            if left < *count {
                return Some(least + more);
            }
            left -= count;
        }
        let sorted = sorted.get_or_insert_with(|| {
            let mut sorted = values.to_vec();
            sorted.sort_unstable();
            sorted
        });
        sorted.get(place).copied()
    })
}

/// Values counted one by one.
const NEAR: usize = 4_096;

/// How many of `n` trials make `p` per cent, rounded up.
fn rank(n: usize, p: u8) -> usize {
    (usize::from(p) * n).div_ceil(100)
}
