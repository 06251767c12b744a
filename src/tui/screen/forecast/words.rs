//! What the forecast says in words, and how such forecasts held.

use ratatui::style::Style;

use super::calendar::number;
use super::{PATTERNS, View, color};
use crate::app::Action;
use crate::model::time::Day;
use crate::simulate::forecast::{Backtest, CONFIDENCES, FAN};
use crate::tui::format::count;
use crate::tui::paint::{Paint, Run};
use crate::tui::text::width;
use crate::tui::theme::Role;

/// The place of 85 % among the confidences.
const P85: usize = 2;

/// The title: how many days are drawn from, and how.
pub(super) fn title(view: View<'_>) -> (String, String) {
    let past = &view.outlook.past;
    let name = format!("Forecast, n {} working days", past.days().len());
    let span = past.days().first().zip(past.days().last());
    let span = span.map_or_else(String::new, |(from, to)| {
        format!(" of {} – {}", from.short(), to.short())
    });
    let plan = &view.data.snapshot.settings().forecast;
    let rate = view.outlook.split_rate;
    let split = if rate > 0.0 {
        format!("; each brings {rate} new ones")
    } else {
        String::new()
    };
    let shows = format!("{} futures drawn from those{span}{split}", plan.trials);
    (name, shows)
}

/// When they are done, then what the day looked at says.
pub(super) fn draw_when(view: View<'_>, paint: &mut Paint<'_>) {
    let outlook = view.outlook;
    let items = outlook.items();
    let is_load = u64::from(items) == view.data.measures.items.in_progress;
    let which = match items {
        _ if is_load => "in progress",
        1 => "item",
        _ => "items",
    };
    let gap = if paint.width() >= 100 { "    " } else { "  " };
    let mut runs: Vec<Run> = vec![
        ("- ".to_owned(), Role::Muted),
        (items.to_string(), Role::Strong),
        (" + ".to_owned(), Role::Muted),
        (format!("{which} done by{gap}"), Role::Strong),
    ];
    for (at, (sure, day)) in CONFIDENCES.iter().zip(outlook.when.days).enumerate() {
        let role = if at == P85 { Role::Accent } else { Role::Text };
        runs.push((date(view, day), role));
        let gap = if at + 1 < CONFIDENCES.len() { gap } else { "" };
        runs.push((format!(" {sure} %{gap}"), Role::Muted));
    }
    paint.put_all(1, 0, &runs);
    if let Some(day) = outlook.days.get(view.at) {
        let [_, p85, _, p50, ..] = day.items;
        let told = [
            (format!("{}  ", day.day.long()), Role::Strong),
            (
                format!("{} % that all are done", number(day.chance)),
                Role::Text,
            ),
            (
                format!("   {p85} or more with 85 %, {p50} with 50 %"),
                Role::Muted,
            ),
        ];
        paint.put_all(1, 1, &told);
    }
    draw_legend(paint);
}

/// What a click on the number and the signs beside it asks for.
pub(super) fn hit(view: View<'_>, (x, y): (u16, u16)) -> Option<Action> {
    let digits = width(&view.outlook.items().to_string());
    match x.checked_sub(1).filter(|_| y == 0)? {
        0..2 => Some(Action::FewerItems),
        at if at < 2 + digits => Some(Action::Number),
        at if at < 5 + digits => Some(Action::MoreItems),
        _ => None,
    }
}

/// What the bands are.
fn draw_legend(paint: &mut Paint<'_>) {
    let mut x = paint.put(1, 2, "at least so many with ", Role::Muted);
    for ((band, sure), pattern) in (0..).zip(FAN).zip(PATTERNS) {
        let sign = if paint.theme().is_plain() {
            pattern
        } else {
            "█"
        };
        let ink = Style::new().fg(color(band, paint.theme()));
        paint.symbol(x, 2, sign, ink);
        x = paint.put(x + 2, 2, &format!("{sure}  "), Role::Muted);
    }
    paint.put(x - 1, 2, "%", Role::Muted);
}

fn date(view: View<'_>, day: Option<Day>) -> String {
    let seen = view.data.snapshot.zone().day_of(view.data.as_of());
    match day {
        // Within a year a day and its month are one day.
        Some(day) if day < seen.plus(300) => day.short(),
        Some(day) => day.with_year(),
        None => "too far".to_owned(),
    }
}

/// How such forecasts held.
pub(super) fn draw_tested(view: View<'_>, paint: &mut Paint<'_>) {
    let tested = view.outlook.tested;
    let lines = [("When", tested.when), ("How many", tested.how_many)];
    if lines.iter().all(|(_, test)| test.is_none()) {
        let said = "Not tested yet: the record is no longer than the window. w: another window";
        paint.put(1, 0, said, Role::Muted);
        return;
    }
    for (y, (name, test)) in (0..).zip(lines) {
        paint.put(1, y, &format!("{name:<9}"), Role::Muted);
        match test {
            Some(test) => paint.put_all(10, y, &held(test, paint.width())),
            None => paint.put(10, y, "not tested: too short a record", Role::Muted),
        };
    }
}

/// "of 100 such forecasts 83 held (85 expected), Brier 0.11".
fn held(test: Backtest, room: u16) -> [Run; 2] {
    let all = f64::from(test.forecasts);
    let held = (test.coverage[P85] * all).round();
    let expected = all * f64::from(CONFIDENCES[P85]) / 100.0;
    let forecasts = count(test.forecasts.into(), "such forecast", "such forecasts");
    let perfect = if room >= 90 { ", 0 is perfect" } else { "" };
    [
        (format!("of {forecasts} {held:.0} held"), Role::Text),
        (
            format!(
                "   expected at 85 %: {expected:.0}   Brier {:.2}{perfect}",
                test.brier
            ),
            Role::Muted,
        ),
    ]
}
