//! The flow measures as figures: value, and how it has changed.

use crate::app::Action;
use crate::metrics::{Efficiency, Flow};
use crate::model::time::days;
use crate::tui::format::percent;
use crate::tui::paint::Run;
use crate::tui::text::width;
use crate::tui::theme::Role;

/// A measure: its name, its value, how it has changed, and what shows what stands behind it.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) opens: Action,
    pub(super) value: String,
    pub(super) trend: Option<Trend>,
}

/// A change against the period before.
#[derive(Clone, Debug)]
pub(super) enum Trend {
    Same,
    Changed {
        up: bool,
        better: bool,
        size: String,
    },
}

/// How a trend is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wording {
    /// `▼8 % better`
    Words,
    /// `▼8%✓`
    Signs,
}

/// Under so many items a change is chance: none is shown, the count is.
const FEW: u64 = 10;

impl Trend {
    /// The change from one value to another; `None` where there was nothing to compare with.
    pub(super) fn relative(now: f64, before: f64, more_is_better: bool) -> Option<Self> {
        let change = (now - before) / before;
        let up = change > 0.0;
        (before > 0.0).then(|| match change.abs() {
            size if size >= 0.005 => Self::Changed {
                up,
                better: up == more_is_better,
                size: percent(size),
            },
            _ => Self::Same,
        })
    }

    /// The change of a share, in points: a percentage of a percentage misleads.
    pub(super) fn of_shares(now: f64, before: f64) -> Self {
        let points = (now - before) * 100.0;
        if points.abs() < 0.5 {
            return Self::Same;
        }
        Self::Changed {
            up: points > 0.0,
            better: points > 0.0,
            size: format!("{:.0} pt", points.abs()),
        }
    }

    pub(super) fn run(&self, wording: Wording) -> Run {
        let Self::Changed { up, better, size } = self else {
            return ("=".to_owned(), Role::Muted);
        };
        let role = if *better { Role::Good } else { Role::Bad };
        let arrow = if *up { "▲" } else { "▼" };
        let text = match (wording, better) {
            (Wording::Words, true) => format!("{arrow}{size} better"),
            (Wording::Words, false) => format!("{arrow}{size} worse"),
            (Wording::Signs, true) => format!("{arrow}{}✓", size.replace(' ', "")),
            (Wording::Signs, false) => format!("{arrow}{}!", size.replace(' ', "")),
        };
        (text, role)
    }
}

impl Figure {
    /// The same with what it was then before it: `50.9→48.2 d`.
    pub(super) fn after(self, then: &Self) -> Self {
        let number = then.value.split([' ', '/']).next();
        Self {
            value: format!("{}→{}", number.unwrap_or_default(), self.value),
            ..self
        }
    }

    /// Cells of its value and trend.
    pub(super) fn width(&self, wording: Wording) -> u16 {
        let trend = self.trend.as_ref().map(|trend| trend.run(wording).0);
        width(&self.value) + trend.map_or(0, |text| 1 + width(&text))
    }
}

/// Flow time, velocity, load, efficiency, each beside what it was in another period, with the load
/// of then.
pub(super) fn figures(now: &Flow, (before, load_before): (&Flow, Option<u64>)) -> [Figure; 4] {
    let p85 = |flow: &Flow| flow.time.map(|time| days(time.percentiles.p85()));
    let per_week = |flow: &Flow| flow.velocity.per_week;
    let ratio = |flow: &Flow| flow.efficiency.as_ref().and_then(Efficiency::ratio);
    let load = |load: u64| u32::try_from(load).ok().map(f64::from);
    let load_before = load_before.and_then(load);
    let enough = now.velocity.finished.min(before.velocity.finished) >= FEW;
    let trend = |of: &dyn Fn(&Flow) -> Option<f64>, more_is_better| {
        let both = of(now).zip(of(before)).filter(|_| enough);
        both.and_then(|(now, before)| Trend::relative(now, before, more_is_better))
    };
    let n = now.time.map_or(0, |time| time.percentiles.n as u64);
    let few = if (1..FEW).contains(&n) {
        format!(" (n {n})")
    } else {
        String::new()
    };
    let value = |value: Option<f64>, write: &dyn Fn(f64) -> String| {
        value.map_or_else(|| "–".to_owned(), write)
    };
    [
        Figure {
            name: "Flow time P85",
            opens: Action::Times,
            value: value(p85(now), &|days| format!("{days:.1} d{few}")),
            trend: trend(&p85, false),
        },
        Figure {
            name: "Velocity",
            opens: Action::Throughput,
            value: value(per_week(now), &|rate| format!("{rate:.1}/wk")),
            trend: trend(&per_week, true),
        },
        Figure {
            name: "Load",
            opens: Action::InProgress,
            value: now.load.to_string(),
            trend: load(now.load)
                .zip(load_before)
                .and_then(|(now, before)| Trend::relative(now, before, false)),
        },
        Figure {
            name: "Efficiency",
            opens: Action::Finished,
            value: value(ratio(now), &percent),
            trend: ratio(now)
                .zip(ratio(before))
                .filter(|_| enough)
                .map(|(now, before)| Trend::of_shares(now, before)),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::{Action, Figure, Trend, Wording};

    fn told(now: f64, before: f64) -> Option<String> {
        Trend::relative(now, before, true).map(|trend| trend.run(Wording::Words).0)
    }

    #[test]
    fn only_what_can_be_compared_has_a_trend() {
        assert_eq!(told(11.0, 10.0).as_deref(), Some("▲10 % better"));
        assert_eq!(told(9.0, 10.0).as_deref(), Some("▼10 % worse"));
        assert_eq!(told(10.04, 10.0).as_deref(), Some("="));
        assert_eq!(told(5.0, 0.0), None, "from nothing to five is not the same");
    }

    #[test]
    fn a_card_knows_its_room() {
        let card = Figure {
            name: "Flow time P85",
            opens: Action::Times,
            value: "275.5 d".to_owned(),
            trend: Trend::relative(275.5, 475.0, false),
        };
        assert_eq!(card.width(Wording::Words), 20);
        assert_eq!(card.width(Wording::Signs), 13);
    }
}
