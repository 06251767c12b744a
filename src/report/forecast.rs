//! What makes a forecast's ground other than it seems, in the words that every format uses.

use crate::simulate::forecast::Forecast;

/// How many items were finished on the days drawn from.
pub(super) fn finished(forecast: &Forecast) -> u64 {
    let counts = forecast.past.counts().iter();
    counts.map(|count| u64::from(*count)).sum()
}

/// What makes the days drawn from other than they seem.
pub(super) fn warnings(forecast: &Forecast) -> impl Iterator<Item = String> {
    young(forecast).into_iter().chain(idle(forecast))
}

/// A word on days off that the calendar does not know.
fn idle(forecast: &Forecast) -> Option<String> {
    let days = forecast.past.idle_weekdays();
    let names: Vec<String> = days.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        format!(
            "nothing was finished on any {}: if these are days off, leave them out of workdays in [calendar], or the forecast is more careful than need be",
            names.join(", ")
        )
    })
}

/// A word on days without a finish that lie before the record.
fn young(forecast: &Forecast) -> Option<String> {
    let begin = forecast.record_from;
    let first = *forecast.past.days().first()?;
    (begin > first).then(|| {
        format!("the record begins on {begin}: the days drawn from before it hold no finish, and a shorter window leaves them out")
    })
}
