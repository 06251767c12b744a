//! Every day ahead: how many are finished by then, and how likely a number of items is.

use super::answer::{Basis, Tested};
use super::{Ask, Chance, Futures, Past, TooLittle, When};
use crate::metrics::Measures;
use crate::model::snapshot::{Forecasting, Snapshot};
use crate::model::time::Day;

/// The confidences of the bands, per cent, the surest first.
pub const FAN: [u8; 7] = [95, 85, 70, 50, 30, 15, 5];

/// How far ahead one can look, in weeks.
pub const HORIZONS: [u32; 6] = [2, 4, 8, 12, 26, 52];

/// How many items are asked for where none are in progress.
const USUAL: u32 = 10;

/// What is asked of the days ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutlookAsk {
    /// When are so many finished; `None`: as many as are in progress.
    pub items: Option<u32>,
    /// Weeks ahead; `None`: the least of [`HORIZONS`] in which they are finished with 95 %.
    pub weeks: Option<u32>,
    /// New items that a finished item brings with it, per cent, below 100; `None`: as configured.
    pub split: Option<u8>,
}

impl OutlookAsk {
    /// The configured plan with what is asked otherwise.
    fn plan(&self, configured: &Forecasting) -> Forecasting {
        let split = self.split.map(|percent| f64::from(percent.min(99)) / 100.0);
        Forecasting {
            split_rate: split.unwrap_or(configured.split_rate),
            ..configured.clone()
        }
    }
}

/// What can be expected of every day ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// Weeks ahead.
    pub weeks: u32,
    /// The days from tomorrow to the horizon, days off too.
    pub days: Vec<OutlookDay>,
    /// When the number asked for is finished, with that number.
    pub when: When,
    /// The working days drawn from and what was finished on each.
    pub past: Past,
    /// New items that a finished item brings with it, on average.
    pub split_rate: f64,
    /// How such forecasts did before.
    pub tested: Tested,
}

/// One day ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutlookDay {
    /// Which day.
    pub day: Day,
    /// So many items or more are finished by its end, by the confidences of [`FAN`].
    pub items: [u32; 7],
    /// How likely the number asked for is finished by its end.
    pub chance: Chance,
}

impl Outlook {
    /// How many items are asked for.
    pub fn items(&self) -> u32 {
        self.when.items
    }

    /// The position of a day among those ahead, or of the nearest one.
    pub fn position(&self, day: Day) -> usize {
        let after = self.days.partition_point(|one| one.day < day);
        after.min(self.days.len().saturating_sub(1))
    }
}

/// Looks ahead from what `measures` counts, as [`forecast`](super::forecast()) does and with the
/// same futures, but for what is asked otherwise. `tested` is what is known of such forecasts, of the
/// same splits; `None` works it out, which takes
/// longer than all else.
///
/// # Errors
/// [`TooLittle`] under five days with completions.
pub fn outlook(
    snapshot: &Snapshot,
    measures: &Measures,
    asked: OutlookAsk,
    tested: Option<Tested>,
) -> Result<Outlook, TooLittle> {
    let plan = asked.plan(&snapshot.settings().forecast);
    let basis = Basis::by(snapshot, measures, &plan);
    let source = basis.source()?;
    let usual = if basis.load > 0 { basis.load } else { USUAL };
    let items = asked.items.unwrap_or(usual).max(1);
    let reached = Futures::draw(source, &Ask::new(Vec::new(), vec![items]));
    let when = basis.ahead.when(&reached).into_iter().next();
    let when = when.unwrap_or(When {
        items,
        days: [None; 4],
        likely: [0.0; 4],
    });
    let weeks = asked.weeks.unwrap_or_else(|| enough(basis.today, &when));
    let days = days(&basis, weeks);
    let working = days.last().map_or(0, |(_, working)| *working);
    let futures = Futures::draw(source, &Ask::new((1..=working).collect(), Vec::new()));
    let told = days.into_iter().map(|(day, working)| {
        let at = usize::try_from(working)
            .unwrap_or(usize::MAX)
            .checked_sub(1);
        OutlookDay {
            day,
            items: at.map_or([0; 7], |at| futures.at_least(at, FAN)),
            chance: at.map_or(Chance::default(), |at| futures.chance(at, items)),
        }
    });
    Ok(Outlook {
        weeks,
        days: told.collect(),
        when,
        split_rate: plan.split_rate,
        tested: tested.unwrap_or_else(|| basis.tested()),
        past: basis.past,
    })
}

/// How many items are finished by the end of the last of some weeks ahead.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    /// The last day that counts.
    pub day: Day,
    /// So many or more, with a confidence of 50, 70, 85 and 95 %.
    pub items: [u32; 4],
    /// The working days drawn from and what was finished on each.
    pub past: Past,
}

/// Looks some weeks ahead, as [`outlook`] does and with the same futures, and tells of the last day
/// alone.
///
/// # Errors
/// [`TooLittle`] under five days with completions.
pub fn within(snapshot: &Snapshot, measures: &Measures, weeks: u32) -> Result<Within, TooLittle> {
    let basis = Basis::of(snapshot, measures);
    let last = days(&basis, weeks).pop();
    let (day, working) = last.unwrap_or((basis.today, 0));
    let futures = Futures::draw(basis.source()?, &Ask::new(vec![working], Vec::new()));
    Ok(Within {
        day,
        items: futures.how_many(0),
        past: basis.past,
    })
}

/// The weeks within which all is finished with 95 %, or the most there are.
fn enough(today: Day, when: &When) -> u32 {
    let last = |weeks: &u32| today.plus(7 * i32::try_from(*weeks).unwrap_or(0));
    let [.., most] = HORIZONS;
    let sure = when.days[3];
    let found = HORIZONS
        .iter()
        .find(|weeks| sure.is_some_and(|day| day <= last(weeks)));
    found.copied().unwrap_or(most)
}

/// The days up to the horizon, each with how many of them are worked on up to it.
fn days(basis: &Basis<'_>, weeks: u32) -> Vec<(Day, u32)> {
    let last = basis.today.plus(7 * i32::try_from(weeks).unwrap_or(0));
    let all = (0..).map(|more| basis.ahead.from.plus(more));
    let mut working = 0;
    all.take_while(|day| *day <= last)
        .map(|day| {
            working += u32::from(basis.ahead.calendar.is_workday(day));
            (day, working)
        })
        .collect()
}
