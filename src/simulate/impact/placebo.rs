//! Dates before the change at which nothing is known to have changed.

use super::arms::{Other, arms};
use super::contrast::{Draws, contrast};
use super::estimate::Scale;
use super::periods::Periods;
use super::record::Record;
use super::{FEWEST_DAYS, LEAST, Terms};
use crate::model::time::{DAY_SECS, Window};

/// What the same reckoning sees at dates inside the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placebo {
    /// Dates with enough before and after them inside the baseline.
    pub dates: usize,
    /// Dates at which a change is seen. On a steady stream about one in thirty.
    pub called: usize,
}

/// Dates looked at, spread over the middle three fifths of the baseline.
const DATES: i64 = 9;

/// One call in so many draws is enough to judge a placebo by.
const FEWER_DRAWS: usize = 5;

/// Fewer dates than these speak against no verdict.
const FEWEST: usize = 3;

impl Placebo {
    /// Looks at each date as if it were a change, with the same lag.
    pub(super) fn of(own: &Record, others: &[Other], periods: &Periods, terms: Terms) -> Self {
        let dates = (0_i64..DATES).zip(1_000..);
        let seen: Vec<bool> = dates
            .filter_map(|(nth, stream)| {
                let windows = around(periods, nth)?;
                let arms = arms(own, others, windows)?;
                let draws = Draws {
                    seed: terms.seed,
                    stream,
                    count: terms.draws / FEWER_DRAWS,
                };
                let found = contrast(&arms, Scale::Plain, draws)?;
                let size = found.effect.abs();
                Some(size > found.reach && size >= LEAST.ln())
            })
            .collect();
        Self {
            dates: seen.len(),
            called: seen.iter().filter(|seen| **seen).count(),
        }
    }

    /// Whether so many are called that a call at the change means nothing.
    pub(super) const fn speaks_against(self) -> bool {
        self.dates >= FEWEST && self.called * 2 > self.dates
    }
}

/// Before and after the placebo date numbered `nth`, if both are long enough.
fn around(periods: &Periods, nth: i64) -> Option<[Window; 2]> {
    let baseline = periods.baseline;
    // At 2/10 of the baseline and then the middles of nine parts of 6/10.
    let place = baseline.seconds() * (2 * DATES + 6 * nth + 3) / (10 * DATES);
    let at = baseline.from.plus(place);
    let windows = [
        Window {
            from: baseline.from,
            to: at,
        },
        Window {
            from: at.plus(periods.lag),
            to: baseline.to,
        },
    ];
    let fewest = i64::from(FEWEST_DAYS) * DAY_SECS;
    let long = windows.iter().all(|window| window.seconds() >= fewest);
    long.then_some(windows)
}
