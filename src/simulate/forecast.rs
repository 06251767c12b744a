//! *How many by a date* and *when for n items*: futures drawn from the days that were.
//!
//! Every trial walks the working days ahead and draws one of the working days of the past for each.
//! The same seed gives the same futures on every machine, and what one asks of them changes none of
//! them. How such forecasts would have done before comes with every forecast.

mod answer;
mod backtest;
mod futures;
mod live;
mod lots;
mod outlook;
mod past;
mod urn;

pub use answer::{Forecast, HowMany, Tested, When, forecast};
pub use backtest::{Backtest, HORIZON, backtest, backtest_when};
pub use futures::{Ask, Chance, FARTHEST, Futures};
pub use live::{Held, Live, are_open, is_open, live, promises};
pub use outlook::{FAN, HORIZONS, Outlook, OutlookAsk, OutlookDay, Within, outlook, within};
pub use past::Past;

use crate::model::snapshot::Forecasting;

/// The confidences of a forecast, per cent.
pub const CONFIDENCES: [u8; 4] = [50, 70, 85, 95];

/// Weeks ahead that *how many* is told for.
const WEEKS: [i32; 5] = [1, 2, 4, 8, 12];

/// Numbers of items that *when* is told for, beside those that are open now.
const ITEMS: [u32; 3] = [10, 25, 50];

/// Days with completions below which there is no forecast.
pub const FEWEST_DAYS: usize = 5;

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "working days with a finished item to draw from: {days}; a forecast needs {FEWEST_DAYS}: take a longer window or a wider filter"
)]
pub struct TooLittle {
    /// Days with completions.
    pub days: usize,
}

/// What is drawn from, and how: the counts of the working days of the past.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    counts: &'a [u32],
    plan: &'a Forecasting,
}

impl<'a> Source<'a> {
    /// Items finished on each working day, zeros included, and how many futures to draw by which
    /// seed. The window of the plan is not looked at: `counts` are of it already.
    ///
    /// # Errors
    /// [`TooLittle`] under five days with completions.
    pub fn new(counts: &'a [u32], plan: &'a Forecasting) -> Result<Self, TooLittle> {
        let days = counts.iter().filter(|count| **count > 0).count();
        if days < FEWEST_DAYS {
            return Err(TooLittle { days });
        }
        Ok(Self { counts, plan })
    }
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
mod tests;
