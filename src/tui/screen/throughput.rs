//! Throughput: what is finished by week against what chance allows, what arrives and departs.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::axis::{self, NUMBERS};
use super::beside;
use super::stream::{Picture, draw_header};
use crate::app::{Click, Data};
use crate::charts::{RunPlan, bar_height, level_row, marks, run_plan};
use crate::metrics::{Pattern, Signals, WeekCount};
use crate::tui::format::count;
use crate::tui::paint::{Paint, RISING, Run};
use crate::tui::text::width;
use crate::tui::theme::Role;

/// Columns for the names of levels at the right.
const LEVELS: u16 = 14;

/// What stands where.
struct Plan {
    finished: Rect,
    flows: Option<Rect>,
    words: Rect,
}

impl Plan {
    fn new(area: Rect) -> Self {
        let words = Rect::new(0, area.height.saturating_sub(2), area.width, 2);
        let free = words.y.saturating_sub(2);
        let lower = if free >= 16 { free * 2 / 5 } else { 0 };
        let columns = area.width.saturating_sub(NUMBERS + LEVELS);
        let finished = Rect::new(NUMBERS, 2, columns, free.saturating_sub(lower + 1));
        let flows = (lower > 4).then(|| {
            let top = finished.bottom() + 2;
            Rect::new(NUMBERS, top, columns, words.y.saturating_sub(top + 1))
        });
        Self {
            finished,
            flows,
            words,
        }
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let plan = Plan::new(Rect::new(0, 0, paint.width(), paint.height()));
    let n = data.measures.flow.velocity.finished;
    let name = format!("Finished by week, n {n}");
    let shows = "mean and limits of the first half; ▲▼ hardly chance; ░ cut by the window";
    beside::draw_title(picture, &name, shows, paint);
    let weeks = &data.measures.throughput;
    let top = weeks.iter().map(|week| week.finished).max().unwrap_or(0);
    if top == 0 {
        let said = "Nothing was finished in this window. Press w for a longer one.";
        paint.put(NUMBERS, 3, said, Role::Muted);
        return;
    }
    let selected = data.throughput_week(state.cursor);
    let signals = Signals::of(&data.measures);
    let compared = data.compared();
    let now = compared.and_then(|(compared, _)| compared.now.flow.velocity.per_week);
    draw_finished((weeks, &signals, now), selected, plan.finished, paint);
    if let Some(area) = plan.flows {
        draw_flows(weeks, selected, area, paint);
    }
    let said = words(data, &signals, selected);
    for (y, runs) in (plan.words.y..).zip(said) {
        paint.put_all(1, y, &runs);
    }
}

/// What lies at a cell: the week of the column.
pub(super) fn hit((_, data): Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let plan = Plan::new(area);
    let flows = plan.flows.unwrap_or_default();
    if !plan.finished.contains(at.into()) && !flows.contains(at.into()) {
        return None;
    }
    let weeks = &data.measures.throughput;
    let week = run_plan(weeks.len(), plan.finished.width).value(at.0 - NUMBERS)?;
    let sunday = weeks.get(week)?.week.monday()?.plus(6);
    Some(Click::Day(sunday, None))
}

fn draw_finished(
    (weeks, signals, now): (&[WeekCount], &Signals, Option<f64>),
    selected: usize,
    area: Rect,
    paint: &mut Paint<'_>,
) {
    let most = weeks.iter().map(|week| week.finished).max().unwrap_or(0);
    let top = most.max(signals.baseline.map_or(0, |found| ceiling(found.upper())));
    // Room for a sign above the highest.
    let top = top + top.div_ceil(u64::from(area.height.max(4)) / 2);
    axis::draw_numbers(&marks(0, top, area.height), area, paint);
    draw_levels(signals, top, area, paint);
    draw_now(now, top, area, paint);
    let plan = run_plan(weeks.len(), area.width);
    for (at, week) in weeks.iter().enumerate().skip(plan.first) {
        let role = match (at == selected, week.partial) {
            (true, _) => Role::Accent,
            (_, true) => Role::Faint,
            _ => Role::Done,
        };
        let height = bar_height(week.finished, top, area.height);
        let pattern = if week.partial { "░" } else { "▓" };
        let Some(x) = plan.cell(at) else { continue };
        draw_bar(
            (x, plan.bar),
            height,
            (role, pattern),
            &mut paint.part(area),
        );
        if let Some(above) = signal_of(signals, week) {
            let y = area.height.saturating_sub(height.div_ceil(8) + 1);
            let sign = if above { "▲" } else { "▼" };
            paint.part(area).put(x + plan.bar / 2, y, sign, Role::Warn);
        }
    }
    draw_weeks(weeks, plan, area, paint);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "limits are at most a few times the greatest count, and at least 0"
)]
fn ceiling(value: f64) -> u64 {
    value.max(0.0).ceil() as u64
}

/// Whether a week completes a pattern above (`true`) or below the mean.
fn signal_of(signals: &Signals, week: &WeekCount) -> Option<bool> {
    let mean = signals.baseline?.mean;
    let signal = signals
        .signals
        .iter()
        .find(|signal| signal.week == week.week)?;
    Some(u32::try_from(signal.finished).map_or(f64::MAX, f64::from) > mean)
}

/// Dashed lines at the mean and the limits, named at the right.
fn draw_levels(signals: &Signals, top: u64, area: Rect, paint: &mut Paint<'_>) {
    let Some(found) = signals.baseline else {
        let said = "6 whole weeks";
        paint.put(area.right() + 1, area.y, said, Role::Muted);
        paint.put(area.right() + 1, area.y + 1, "make limits", Role::Muted);
        return;
    };
    let levels = [
        ("upper", Some(found.upper())),
        ("mean", Some(found.mean)),
        ("lower", found.lower()),
    ];
    let style = paint.theme().style(Role::Muted);
    for (name, level) in levels {
        let Some(level) = level else { continue };
        let Some(row) = level_row(level, top, area.height) else {
            continue;
        };
        let y = area.bottom() - 1 - row;
        for x in area.x..area.right() {
            paint.symbol(x, y, "╌", style);
        }
        paint.put(
            area.right() + 1,
            y,
            &format!("{name} {level:.1}"),
            Role::Muted,
        );
    }
}

/// Where the past is held beside now: what is finished in a week now.
fn draw_now(now: Option<f64>, top: u64, area: Rect, paint: &mut Paint<'_>) {
    let row = now.and_then(|now| level_row(now, top, area.height));
    if let Some(row) = row {
        let style = paint.theme().style(Role::Accent);
        paint.symbol(area.right(), area.bottom() - 1 - row, "◂", style);
    }
}

fn draw_bar((x, cells): (u16, u16), height: u16, look: (Role, &str), paint: &mut Paint<'_>) {
    let (role, pattern) = look;
    let plain = paint.theme().is_plain();
    let color = paint.theme().between(role, role, 0.0);
    for row in 0..height.div_ceil(8) {
        let y = paint.height().saturating_sub(1 + row);
        let part = usize::from((height - row * 8).min(8));
        let symbol = if plain { pattern } else { RISING[part] };
        for x in x..x + cells {
            paint.symbol(x, y, symbol, Style::new().fg(color));
        }
    }
}

/// Names of weeks below the columns, as many as fit: their Mondays.
fn draw_weeks(weeks: &[WeekCount], plan: RunPlan, area: Rect, paint: &mut Paint<'_>) {
    let mut free = area.x;
    for (at, week) in weeks.iter().enumerate() {
        let (Some(cell), Some(monday)) = (plan.cell(at), week.week.monday()) else {
            continue;
        };
        let (x, text) = (area.x + cell, monday.short());
        if x >= free && x + width(&text) <= area.right() + LEVELS {
            free = paint.put(x, area.bottom(), &text, Role::Muted) + 2;
        }
    }
}

/// Arrivals and departures side by side.
fn draw_flows(weeks: &[WeekCount], selected: usize, area: Rect, paint: &mut Paint<'_>) {
    let y = area.y - 1;
    axis::draw_title(
        y,
        "Arrivals and departures",
        "into committed, and out of it",
        paint,
    );
    let most = |week: &WeekCount| week.arrived.max(week.departed);
    let top = weeks.iter().map(most).max().unwrap_or(0);
    axis::draw_numbers(&marks(0, top, area.height), area, paint);
    let plan = run_plan(weeks.len(), area.width);
    for (at, week) in weeks.iter().enumerate().skip(plan.first) {
        let Some(x) = plan.cell(at) else { continue };
        let mut part = paint.part(area);
        let half = plan.bar / 2;
        let arrived = bar_height(week.arrived, top, area.height);
        let departed = bar_height(week.departed, top, area.height);
        if half == 0 {
            draw_bar((x, 1), arrived, (Role::Queue, "▒"), &mut part);
            let row = departed.div_ceil(8).saturating_sub(1);
            part.put(x, area.height.saturating_sub(1 + row), "─", Role::Strong);
            continue;
        }
        draw_bar((x, plan.bar - half), arrived, (Role::Queue, "▒"), &mut part);
        draw_bar(
            (x + plan.bar - half, half),
            departed,
            (Role::Done, "▓"),
            &mut part,
        );
        if at == selected {
            paint.put(area.x + x, area.bottom(), "▲", Role::Accent);
        }
    }
    let x = area.right() + 1;
    paint.put(x, area.y, "▒ arrived", Role::Queue);
    paint.put(x, area.y + 1, "▓ departed", Role::Done);
}

/// What there is to say of the selected week, and of the signals.
fn words(data: &Data, signals: &Signals, selected: usize) -> [Vec<Run>; 2] {
    let Some(week) = data.measures.throughput.get(selected) else {
        return [Vec::new(), Vec::new()];
    };
    let monday = week.week.monday();
    let dates = monday.map_or_else(String::new, |monday| {
        format!(" {} – {}", monday.short(), monday.plus(6).short())
    });
    let cut = if week.partial {
        " (cut by the window)"
    } else {
        ""
    };
    let first = vec![
        (format!("{}{dates}{cut}  ", week.week), Role::Strong),
        (format!("{} finished", week.finished), Role::Text),
        (
            format!("  {} arrived  {} departed", week.arrived, week.departed),
            Role::Muted,
        ),
    ];
    [first, vec![signal_words(signals, week)]]
}

fn signal_words(signals: &Signals, week: &WeekCount) -> Run {
    let here = signals
        .signals
        .iter()
        .find(|signal| signal.week == week.week);
    if let Some(signal) = here {
        let above = signal_of(signals, week).unwrap_or(true);
        let side = if above { "above" } else { "below" };
        let sign = if above { "▲" } else { "▼" };
        let said = match signal.pattern {
            Pattern::Outside => format!("{sign} outside the limits, {side} the mean"),
            Pattern::TwoOfThree => format!("{sign} two of three weeks far {side} the mean"),
            Pattern::FourOfFive => format!("{sign} four of five weeks {side} the mean"),
            Pattern::EightInARow => format!("{sign} eight weeks in a row {side} the mean"),
        };
        return (
            format!("{said}: hardly chance, ask what changed"),
            Role::Warn,
        );
    }
    let said = match (signals.baseline, signals.signals.len() as u64) {
        (None, _) => "Too few whole weeks to tell a signal from chance".to_owned(),
        (_, 0) => "No week stands out: the ups and downs may be chance".to_owned(),
        (_, found) => format!("{} in this window", count(found, "signal", "signals")),
    };
    (said, Role::Muted)
}
