//! `[[changes]]`, `[[policies]]`, `[[outcomes]]`, `[forecast]`: what is promised, hoped for and
//! asked of the future.

mod outcome;
mod policy;

pub use outcome::Outcome;
pub use policy::{Bound, Policy, Severity};

pub(super) use outcome::read_all as read_outcomes;
pub(super) use policy::read_all as read_policies;

use toml::Spanned;

use super::reader::Section;
use crate::model::time::{Day, WindowSpec};

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

/// How forecasts are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// How many futures are drawn.
    pub trials: u32,
    /// The same seed draws the same futures.
    pub seed: u64,
    /// New items that a finished item brings with it, on average.
    pub split_rate: f64,
    /// The past to draw from; `None`: the window that is set.
    pub window: Option<WindowSpec>,
}

impl Default for Forecast {
    fn default() -> Self {
        Self {
            trials: 10_000,
            seed: 1,
            split_rate: 0.0,
            window: None,
        }
    }
}

pub(super) fn read_changes(top: &mut Section<'_>, known: &[&str]) -> Vec<Change> {
    let read = |mut entry: Section<'_>| {
        let day = entry
            .required("date", "2026-06-01")
            .and_then(|day| day.day());
        let name = entry
            .required("name", "\"assistant roll-out\"")
            .and_then(|name| name.text());
        let streams = some_streams(&mut entry, known);
        entry.finish();
        Some(Change {
            day: day?,
            name: name?.into_inner(),
            streams,
        })
    };
    top.tables("changes").into_iter().filter_map(read).collect()
}

pub(super) fn read_forecast(top: &mut Section<'_>) -> Forecast {
    let mut forecast = Forecast::default();
    let Some(mut section) = top.table("forecast") else {
        return forecast;
    };
    let trials = section
        .get("trials")
        .and_then(|it| it.whole(100..=10_000_000));
    if let Some(trials) = trials.and_then(|trials| u32::try_from(trials).ok()) {
        forecast.trials = trials;
    }
    let seed = section.get("seed").and_then(|it| it.whole(0..=i64::MAX));
    if let Some(seed) = seed.and_then(|seed| u64::try_from(seed).ok()) {
        forecast.seed = seed;
    }
    if let Some(rate) = section
        .get("split_rate")
        .and_then(|it| it.number(0.0..=0.9))
    {
        forecast.split_rate = rate;
    }
    forecast.window = section
        .get("window")
        .and_then(|window| window.parsed(WindowSpec::parse));
    section.finish();
    forecast
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
    let name = entry.get("stream")?.text()?;
    let is_known = entry.reader().check_name(&name, "stream", known);
    is_known.then(|| name.into_inner())
}
