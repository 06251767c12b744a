//! How items spend their time in the selected stage, by week.

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::super::axis::{self, NUMBERS};
use super::super::stream::Picture;
use crate::charts::{AreaCell, column, marks, run_plan};
use crate::metrics::{StageMeasures, StageWeek};
use crate::model::time::DAY_SECS;
use crate::tui::paint::{Paint, RISING, Run};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// What the parts of a bar are, the lowest first: name, colour, pattern without colours.
const PARTS: [(&str, Role, &str); 3] = [
    ("active", Role::Active, "▓"),
    ("waiting", Role::Queue, "░"),
    ("blocked", Role::Blocked, "x"),
];

/// Parts of a day that edges are rounded to: hours.
const HOURS: i64 = 24;

/// Draws the weeks of a stage.
pub(super) fn draw((_, data): Picture<'_>, stage: &StageMeasures, paint: &mut Paint<'_>) {
    let room = paint.width().saturating_sub(24);
    let name = format!("Item-days in {} by week", cut(&stage.name, room));
    axis::draw_title(0, &name, "", paint);
    let Some(known) = &data.asides.stage_weeks else {
        paint.put(NUMBERS, 1, "Adding up ...", Role::Muted);
        return;
    };
    let weeks = known.of_stage(stage.stage.index());
    let highest = weeks.iter().map(StageWeek::all).max().unwrap_or(0);
    if highest == 0 {
        paint.put(NUMBERS, 1, "No item was in it in this window.", Role::Muted);
        return;
    }
    draw_legend(weeks.iter().any(|week| week.partial), paint);
    let columns = paint.width().saturating_sub(NUMBERS + 1);
    let area = Rect::new(NUMBERS, 2, columns, paint.height().saturating_sub(3));
    let days = u64::try_from(highest / DAY_SECS + 1).unwrap_or(1);
    axis::draw_numbers(&marks(0, days, area.height), area, paint);
    draw_bars(weeks, days, area, paint);
}

/// Names the parts, and what pale bars are where there are any.
fn draw_legend(any_cut: bool, paint: &mut Paint<'_>) {
    let runs = PARTS.map(|(name, role, pattern)| -> [Run; 2] {
        let sign = if paint.theme().is_plain() {
            pattern
        } else {
            "█"
        };
        [
            (format!("{sign} "), role),
            (format!("{name}  "), Role::Muted),
        ]
    });
    let x = paint.put_all(1, 1, &runs.concat());
    let plain = paint.theme().is_plain();
    let said = if plain {
        "~ cut week"
    } else {
        "pale: cut week"
    };
    if any_cut && x + width(said) < paint.width() {
        paint.put(x, 1, said, Role::Muted);
    }
}

/// The edges of a week's parts, in hours.
fn edges(week: &StageWeek) -> [u64; 3] {
    let hours = |seconds: i64| u64::try_from(seconds * HOURS / DAY_SECS).unwrap_or(0);
    let worked = week.active;
    [worked, worked + week.waiting, week.all()].map(hours)
}

fn draw_bars(weeks: &[StageWeek], days: u64, area: Rect, paint: &mut Paint<'_>) {
    let plan = run_plan(weeks.len(), area.width);
    let mut free = area.x;
    for (at, week) in weeks.iter().enumerate().skip(plan.first) {
        let Some(cell) = plan.cell(at) else { continue };
        let bar = Rect {
            x: area.x + cell,
            width: plan.bar,
            ..area
        };
        draw_week(week, days, &mut paint.part(bar));
        free = draw_date(week, (bar.x, free), area, paint);
    }
}

/// The parts of one week; pale where the window cuts it.
fn draw_week(week: &StageWeek, days: u64, paint: &mut Paint<'_>) {
    let pale = if week.partial { 0.55 } else { 0.0 };
    let colors = PARTS.map(|(_, role, _)| paint.theme().between(role, Role::Panel, pale));
    let cells = column(&edges(week), days * 24, paint.height());
    for (row, cell) in (1..).zip(cells) {
        let y = paint.height().saturating_sub(row);
        for x in 0..paint.width() {
            draw_cell(cell, &colors, (x, y), paint);
        }
    }
}

/// The Monday of a week below its bar, if there is room from `free` on; gives what is free then.
fn draw_date(week: &StageWeek, (x, free): (u16, u16), area: Rect, paint: &mut Paint<'_>) -> u16 {
    let Some(monday) = week.week.monday() else {
        return free;
    };
    let cut = week.partial && paint.theme().is_plain();
    let text = format!("{}{}", if cut { "~" } else { "" }, monday.short());
    if x < free || x + width(&text) > area.right() + 1 {
        return free;
    }
    paint.put(x, area.bottom(), &text, Role::Muted) + 2
}

fn draw_cell(cell: AreaCell, colors: &[Color; 3], (x, y): (u16, u16), paint: &mut Paint<'_>) {
    if paint.theme().is_plain() {
        let part = cell.most().and_then(|part| PARTS.get(part));
        let pattern = part.map_or(" ", |(.., pattern)| pattern);
        return paint.symbol(x, y, pattern, Style::new());
    }
    let of = |part: Option<usize>| part.and_then(|part| colors.get(part)).copied();
    let ink = of(cell.below).map_or(Style::new(), |ink| Style::new().fg(ink));
    let style = match of(cell.above) {
        Some(ground) if cell.above != cell.below => ink.bg(ground),
        _ => ink,
    };
    let symbol = match cell.below {
        None => " ",
        below if below == cell.above => "█",
        _ => RISING[usize::from(cell.eighths.min(8))],
    };
    paint.symbol(x, y, symbol, style);
}
