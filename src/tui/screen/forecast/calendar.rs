//! The calendar of odds: each day with the chance that all is done by then.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::View;
use crate::charts::{DAY_WIDTH, MONTH_WIDTH, Month, months};
use crate::simulate::forecast::Chance;
use crate::tui::paint::Paint;
use crate::tui::theme::Role;

const WEEKDAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

fn grids(view: View<'_>, size: (u16, u16)) -> Vec<Month> {
    months(&view.days(), view.at, size)
}

/// The columns that the months take of the room there is.
pub(super) fn width(view: View<'_>, size: (u16, u16)) -> u16 {
    let grids = grids(view, size);
    let ends = grids.iter().map(|month| month.x + MONTH_WIDTH);
    ends.max().unwrap_or(0)
}

/// Draws as many months as there is room for.
pub(super) fn draw(view: View<'_>, paint: &mut Paint<'_>) {
    for month in grids(view, (paint.width(), paint.height())) {
        draw_month(view, &month, paint);
    }
}

/// The day at a cell of the calendar.
pub(super) fn day_at(view: View<'_>, area: Rect, at: (u16, u16)) -> Option<usize> {
    let grids = grids(view, (area.width, area.height));
    grids.iter().find_map(|month| month.day_at(at))
}

fn draw_month(view: View<'_>, month: &Month, paint: &mut Paint<'_>) {
    let name = month.first.short();
    let name = name.split_whitespace().last().unwrap_or_default();
    paint.put(month.x, month.y, name, Role::Strong);
    for (x, weekday) in (month.x + 3..).step_by(DAY_WIDTH.into()).zip(WEEKDAYS) {
        paint.put_right(x + DAY_WIDTH - 1, month.y, weekday, Role::Muted);
    }
    for (y, week) in (month.y + 1..).zip(&month.weeks) {
        let first = week.iter().flatten().next();
        if let Some(day) = first.and_then(|at| view.outlook.days.get(*at)) {
            let (.., number) = day.day.ymd();
            paint.put_right(month.x + 2, y, &number.to_string(), Role::Muted);
        }
        for (x, at) in (month.x + 3..).step_by(DAY_WIDTH.into()).zip(week) {
            if let Some(at) = at {
                draw_day(view, *at, (x, y), paint);
            }
        }
    }
}

/// The chance in per cent, shaded; the day looked at turned round.
fn draw_day(view: View<'_>, at: usize, (x, y): (u16, u16), paint: &mut Paint<'_>) {
    let Some(day) = view.outlook.days.get(at) else {
        return;
    };
    let share = day.chance.share();
    let theme = paint.theme();
    let mut style = if theme.is_plain() {
        Style::new()
    } else {
        Style::new()
            .bg(theme.between(Role::Panel, Role::Active, share))
            .fg(theme.readable_between(Role::Panel, Role::Active, share))
    };
    if at == view.at {
        style = style.add_modifier(Modifier::REVERSED | Modifier::BOLD);
    }
    paint.put_styled(x, y, &format!("{:>3} ", number(day.chance)), style);
}

/// `83`, or `>95` and `<5` where more is not claimed. Rounded down: what is said to be 85 % is.
pub(super) fn number(chance: Chance) -> String {
    let told = chance.to_string();
    match told.trim_end_matches('%').trim_end() {
        told if told.starts_with(['<', '>']) => told.to_owned(),
        _ => format!("{:.0}", (chance.share() * 100.0).floor()),
    }
}
