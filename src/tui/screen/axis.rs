//! What stands around a chart: a ruled title, numbers at the left.

use ratatui::layout::Rect;

use crate::model::time::Day;
use crate::tui::paint::Paint;
use crate::tui::text::width;
use crate::tui::theme::Role;

/// Columns for the numbers at the left.
pub(super) const NUMBERS: u16 = 6;

/// A ruled row with the name of a picture, and what it shows where there is room for that.
pub(super) fn draw_title(y: u16, name: &str, shows: &str, paint: &mut Paint<'_>) {
    paint.rule(0, y, paint.width(), Role::Faint);
    let x = paint.put(1, y, &format!(" {name} "), Role::Strong);
    if !shows.is_empty() && x + width(shows) + 4 < paint.width() {
        paint.put(x, y, &format!("· {shows} "), Role::Muted);
    }
}

/// Numbers at the left of `chart`, each with its row from the bottom.
pub(super) fn draw_numbers(marks: &[(u64, u16)], chart: Rect, paint: &mut Paint<'_>) {
    for (number, row) in marks {
        let y = chart.bottom().saturating_sub(1 + row).max(chart.y);
        paint.put_right(
            chart.x.saturating_sub(1),
            y,
            &number.to_string(),
            Role::Muted,
        );
    }
}

/// Dates below `chart`, where days begin: Mondays, or the first of a month, as they fit. `columns`
/// says which of the days each column shows.
pub(super) fn draw_dates(
    day_of: impl Fn(usize) -> Option<Day>,
    (columns, count): (&[usize], usize),
    chart: Rect,
    paint: &mut Paint<'_>,
) {
    let mut free = chart.x;
    let mut before = None;
    for (column, at) in (chart.x..).zip(columns) {
        if before.replace(*at) == Some(*at) {
            continue;
        }
        let Some(day) = day_of(*at) else { continue };
        let is_monday = day.monday() == day;
        let begins = is_monday && (count <= 200 || day.ymd().2 <= 7);
        let text = day.short();
        if begins && column >= free && column + width(&text) <= chart.right() {
            free = paint.put(column, chart.bottom(), &text, Role::Muted) + 2;
        }
    }
}
