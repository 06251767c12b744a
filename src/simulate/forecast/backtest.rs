//! How forecasts would have done: made again and again in the past, held against what came.

use super::futures::share;
use super::lots::Lots;
use super::urn::Luck;
use super::{CONFIDENCES, Futures, Source};
use crate::model::snapshot::Forecasting;

/// Working days that a forecast of the past looks ahead.
pub const HORIZON: u32 = 10;

/// A forecast of the past needs no more trials than these to be judged.
const TRIALS: u32 = 500;

/// What came of forecasts of the past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backtest {
    /// How many were made. No two look at the same day.
    pub forecasts: u32,
    /// Working days that each looks ahead; for *when*: in which as many are usually finished.
    pub horizon: u32,
    /// For P50, P70, P85 and P95: the share of forecasts that held.
    pub coverage: [f64; 4],
    /// Mean squared distance of what was said likely from what came; 0 is perfect.
    pub brier: f64,
}

/// One forecast of the past, judged.
struct Verdict {
    held: [bool; 4],
    brier: f64,
}

/// What the forecasts of one walk through a record have in common. What came is finished items, so
/// none is taken off for new ones.
struct Walk<'p> {
    plan: &'p Forecasting,
    /// The same days are drawn from every past: what was finished on them differs.
    lots: Lots,
}

/// Walks back through the working days of `record`, oldest first, and forecasts the next
/// [`HORIZON`] days from the `window` days before. `None` if the record is too short for one
/// forecast, or too empty.
pub fn backtest(record: &[u32], window: usize, plan: &Forecasting) -> Option<Backtest> {
    let ahead = usize::try_from(HORIZON).ok()?;
    let walk = Walk::new(window, plan);
    let days = record.rchunks_exact(ahead).zip(0_u64..);
    let verdicts: Vec<Verdict> = days
        .map_while(|(came, at)| {
            let end = record.len() - ahead * usize::try_from(at + 1).ok()?;
            Some((&record[end.checked_sub(window)?..end], came, at))
        })
        .filter_map(|(past, came, at)| walk.judge(past, came, at))
        .collect();
    sum(&verdicts)
}

impl<'p> Walk<'p> {
    fn new(window: usize, plan: &'p Forecasting) -> Self {
        let lots = Lots::new(window, plan.trials.min(TRIALS), plan.seed);
        Self { plan, lots }
    }

    /// The forecast numbered `at`, of how many by a date.
    fn judge(&self, past: &[u32], came: &[u32], at: u64) -> Option<Verdict> {
        Source::new(past, self.plan).ok()?;
        let futures = Futures::of_days(HORIZON, self.lots.finished(past, HORIZON as usize));
        let came = came.iter().fold(0_u32, |sum, day| sum.saturating_add(*day));
        let place = self.place_among(futures.finished(0), came, at);
        let squares = futures.how_many(0).map(|promised| {
            let likely = futures.share_with(0, promised);
            square(likely, came >= promised)
        });
        Some(Verdict {
            held: CONFIDENCES.map(|p| place * 100.0 >= f64::from(100 - p)),
            brier: squares.iter().sum::<f64>() / 4.0,
        })
    }

    /// The forecast numbered `at`, of when so many items are finished.
    fn judge_when(&self, past: &[u32], (items, day): (u32, u32), at: u64) -> Option<Verdict> {
        Source::new(past, self.plan).ok()?;
        let futures = Futures::of_items(items, self.lots.reached(past, items));
        let place = self.place_among(futures.reached(0), day, at);
        let squares = futures.when(0).map(|promised| {
            let promised = promised.unwrap_or(u32::MAX);
            square(futures.share_by(0, promised), day <= promised)
        });
        Some(Verdict {
            held: CONFIDENCES.map(|p| place * 100.0 <= f64::from(p)),
            brier: squares.iter().sum::<f64>() / 4.0,
        })
    }

    /// Where what came lies among the trials, from 0 to 1. Counts are whole numbers and many trials
    /// are alike: among its equals it is given a place by lot, so that P85 can hold in 85 %, not more.
    fn place_among(&self, trials: &[u32], came: u32, at: u64) -> f64 {
        let lot = Luck::of(self.plan.seed.wrapping_add(at + 1), u64::MAX).unit();
        let below = share(trials, |one| one < came);
        below + lot * share(trials, |one| one == came)
    }
}

/// Walks forward through the working days of `record` from the first that has `window` days before
/// it, and forecasts when as many items will be finished as usually are in [`HORIZON`] days. The
/// next forecast begins with the day after the last of them was. `None` as for [`backtest`].
///
/// A forecast is begun where three horizons are left of the record, so that those that take long
/// are not left out; one whose items are not finished by its end is.
pub fn backtest_when(record: &[u32], window: usize, plan: &Forecasting) -> Option<Backtest> {
    let ahead = usize::try_from(HORIZON).ok()?;
    let walk = Walk::new(window, plan);
    let (mut verdicts, mut from) = (Vec::new(), window);
    for at in 0.. {
        let (Some(past), Some(coming)) = (
            record.get(from.wrapping_sub(window)..from),
            record.get(from..).filter(|left| left.len() >= 3 * ahead),
        ) else {
            break;
        };
        let items = usual(past);
        let Some(day) = day_of(items, coming) else {
            break;
        };
        verdicts.extend(walk.judge_when(past, (items, day), at));
        from += usize::try_from(day).unwrap_or(usize::MAX);
    }
    sum(&verdicts)
}

/// What was finished in [`HORIZON`] of these days on average, rounded; at least one.
fn usual(past: &[u32]) -> u32 {
    let finished: u64 = past.iter().map(|count| u64::from(*count)).sum();
    let days = past.len().max(1) as u64;
    let items = (finished * u64::from(HORIZON) + days / 2) / days;
    u32::try_from(items.max(1)).unwrap_or(u32::MAX)
}

/// The day, counted from 1, on which so many are finished.
fn day_of(items: u32, coming: &[u32]) -> Option<u32> {
    let mut finished = 0_u32;
    let found = coming.iter().position(|count| {
        finished = finished.saturating_add(*count);
        finished >= items
    });
    u32::try_from(found? + 1).ok()
}

fn square(likely: f64, kept: bool) -> f64 {
    let off = likely - f64::from(u8::from(kept));
    off * off
}

fn sum(verdicts: &[Verdict]) -> Option<Backtest> {
    let forecasts = u32::try_from(verdicts.len()).ok().filter(|n| *n > 0)?;
    let mut coverage = [0.0; 4];
    for (at, covered) in coverage.iter_mut().enumerate() {
        let held = verdicts.iter().filter(|one| one.held[at]);
        *covered = held.fold(0.0, |count, _| count + 1.0) / f64::from(forecasts);
    }
    Some(Backtest {
        forecasts,
        horizon: HORIZON,
        coverage,
        brier: verdicts.iter().map(|one| one.brier).sum::<f64>() / f64::from(forecasts),
    })
}
