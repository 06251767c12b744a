//! Which days many trials draw, decided once for many pasts of one length.

use super::FARTHEST;
use super::urn::{Fair, Luck};

/// Days of a trial that are decided at once; few trials are asked for more.
const DECIDED: usize = 20;

/// By trial, the days that it draws, as positions in a past of so many days.
pub(super) struct Lots {
    choice: Fair,
    trials: Vec<Lot>,
}

/// The days that one trial draws.
struct Lot {
    decided: [usize; DECIDED],
    /// Decides the days after these.
    luck: Luck,
}

impl Lots {
    /// For pasts of so many days. The trials are those of the same seed in any other number of them.
    pub(super) fn new(days: usize, trials: u32, seed: u64) -> Self {
        let choice = Fair::of(days);
        let lot = |trial| {
            let mut luck = Luck::of(seed, u64::from(trial));
            let decided = std::array::from_fn(|_| choice.choose(&mut luck));
            Lot { decided, luck }
        };
        Self {
            choice,
            trials: (0..trials).map(lot).collect(),
        }
    }

    /// What the first `days` days come to, one a trial; at most as many days as are decided.
    pub(super) fn finished(&self, past: &[u32], days: usize) -> Vec<u32> {
        let sum = |lot: &Lot| {
            let days = lot.decided.iter().take(days);
            let sum = days.map(|day| u64::from(past[*day])).sum::<u64>();
            u32::try_from(sum).unwrap_or(u32::MAX)
        };
        self.trials.iter().map(sum).collect()
    }

    /// The day on which so many items are finished, counted from 1, one a trial; `u32::MAX` beyond
    /// [`FARTHEST`].
    pub(super) fn reached(&self, past: &[u32], items: u32) -> Vec<u32> {
        let day = |lot: &Lot| {
            let mut left = u64::from(items);
            let mut is_last = |day: usize| {
                left = left.saturating_sub(u64::from(past[day]));
                left == 0
            };
            let decided = lot.decided.iter().position(|day| is_last(*day));
            let mut luck = lot.luck;
            let found = decided.map(|at| at + 1).or_else(|| {
                let mut later = DECIDED + 1..=FARTHEST as usize;
                later.find(|_| is_last(self.choice.choose(&mut luck)))
            });
            found.map_or(u32::MAX, |day| u32::try_from(day).unwrap_or(u32::MAX))
        };
        self.trials.iter().map(day).collect()
    }
}
