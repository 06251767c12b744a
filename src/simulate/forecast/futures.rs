//! Many futures of one past.

use std::fmt;

use super::urn::{Luck, Urn};
use super::{CONFIDENCES, Source};

/// Working days after which a future is no longer followed: five years of seven-day weeks.
pub const FARTHEST: u32 = 1_826;

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
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
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
    pub fn draw(source: Source<'_>, ask: Ask) -> Self {
        let row = || Vec::with_capacity(usize::try_from(source.plan.trials).unwrap_or(0));
        let mut futures = Self {
            finished: ask.days.iter().map(|_| row()).collect(),
            reached: ask.items.iter().map(|_| row()).collect(),
            ask,
        };
        let urn = Urn::new(source);
        for trial in 0..source.plan.trials {
            futures.walk(&urn, Luck::of(source.plan.seed, trial.into()));
        }
        futures
    }

    fn walk(&mut self, urn: &Urn<'_>, mut luck: Luck) {
        let (mut day, mut finished, mut next) = (0, 0_u32, 0);
        for (until, row) in self.ask.days.iter().zip(&mut self.finished) {
            while day < *until {
                day += 1;
                finished = finished.saturating_add(urn.draw(&mut luck));
                while self.ask.items.get(next).is_some_and(|one| finished >= *one) {
                    self.reached[next].push(day);
                    next += 1;
                }
            }
            row.push(finished);
        }
        for (items, row) in self.ask.items.iter().zip(&mut self.reached).skip(next) {
            while finished < *items && day < FARTHEST {
                day += 1;
                finished = finished.saturating_add(urn.draw(&mut luck));
            }
            row.push(if finished < *items { u32::MAX } else { day });
        }
    }

    /// What was asked.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// For the `at`-th number of days: the items that are finished by then, or more, in 50, 70, 85
    /// and 95 % of the trials.
    pub fn how_many(&self, at: usize) -> [u32; 4] {
        let mut all = self.finished[at].clone();
        CONFIDENCES.map(|p| {
            let place = all.len().checked_sub(rank(all.len(), p));
            place.map_or(0, |place| *all.select_nth_unstable(place).1)
        })
    }

    /// For the `at`-th number of items: the working day by which they are finished in 50, 70, 85
    /// and 95 % of the trials, counted from 1; `None` if that is beyond [`FARTHEST`].
    pub fn when(&self, at: usize) -> [Option<u32>; 4] {
        let mut all = self.reached[at].clone();
        CONFIDENCES.map(|p| {
            let place = rank(all.len(), p).checked_sub(1)?;
            let day = *all.select_nth_unstable(place).1;
            (day <= FARTHEST).then_some(day)
        })
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

/// The share of trials for which something holds; 0 without trials.
#[expect(clippy::cast_precision_loss, reason = "trials are far below 2^53")]
pub(super) fn share(trials: &[u32], holds: impl Fn(u32) -> bool) -> f64 {
    let count = trials.iter().filter(|trial| holds(**trial)).count();
    count as f64 / trials.len().max(1) as f64
}

/// How many of `n` trials make `p` per cent, rounded up.
fn rank(n: usize, p: u8) -> usize {
    (usize::from(p) * n).div_ceil(100)
}
