//! `[[changes]]`, `[[policies]]`, `[[outcomes]]`, `[forecast]`: what is promised, hoped for and
//! asked of the future.

mod outcome;
mod policy;

pub use outcome::Outcome;

pub(super) use outcome::read_all as read_outcomes;
pub(super) use policy::{SEVERITIES, read_all as read_policies};

use toml::Spanned;

use super::reader::Section;
use crate::model::snapshot::Forecasting;
use crate::model::time::Day;

/// A dated change of how work is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it took effect, in the time zone of the display.
    pub day: Day,
    /// What changed.
    pub name: String,
    /// The streams it touched; empty: all.
    pub streams: Vec<String>,
}

pub(super) fn read_changes(top: &mut Section<'_>, known: &[&str]) -> Vec<Change> {
    let entries = top.tables("changes").into_iter();
    entries
        .filter_map(|entry| read_change(entry, known))
        .collect()
}

fn read_change(mut entry: Section<'_>, known: &[&str]) -> Option<Change> {
    let day = entry.required("date", "2026-06-01");
    let day = day.and_then(|day| day.day());
    let name = entry.required_text("name", "\"assistant roll-out\"");
    let streams = some_streams(&mut entry, known);
    entry.finish();
    Some(Change {
        day: day?,
        name: name?.into_inner(),
        streams,
    })
}

pub(super) fn read_forecast(top: &mut Section<'_>) -> Forecasting {
    let defaults = Forecasting::default();
    let Some(mut section) = top.table("forecast") else {
        return defaults;
    };
    let trials = section
        .get("trials")
        .and_then(|it| it.whole(100..=10_000_000));
    let seed = section.get("seed").and_then(|it| it.whole(0..=i64::MAX));
    let split_rate = section.get("split_rate");
    let forecast = Forecasting {
        trials: whole_or(trials, defaults.trials),
        seed: whole_or(seed, defaults.seed),
        split_rate: split_rate
            .and_then(|it| it.number(0.0..=0.9))
            .unwrap_or(defaults.split_rate),
        window: section.window(),
    };
    section.finish();
    forecast
}

fn whole_or<T: TryFrom<i64>>(given: Option<i64>, default: T) -> T {
    given
        .and_then(|given| T::try_from(given).ok())
        .unwrap_or(default)
}

/// The streams named under `streams`; empty: all.
fn some_streams(entry: &mut Section<'_>, known: &[&str]) -> Vec<String> {
    let Some(setting) = entry.get("streams") else {
        return Vec::new();
    };
    let named = setting.texts();
    entry.reader().check_names(&named, "stream", known);
    named.into_iter().map(Spanned::into_inner).collect()
}

/// The stream named under `stream`.
pub(super) fn one_stream(entry: &mut Section<'_>, known: &[&str]) -> Option<String> {
    let name = entry.text("stream")?;
    let is_known = entry.reader().check_name(&name, "stream", known);
    is_known.then(|| name.into_inner())
}
