//! What stands around a chart: a ruled title, numbers at the left.

use ratatui::layout::Rect;

use crate::tui::paint::Paint;
use crate::tui::text::width;
use crate::tui::theme::Role;

/// Columns for the numbers at the left.
pub(super) const NUMBERS: u16 = 6;

/// A ruled row with the name of a picture, and what it shows where there is room for that.
pub(super) fn draw_title(y: u16, name: &str, shows: &str, paint: &mut Paint<'_>) {
    paint.rule(0, y, paint.width(), Role::Faint);
    let x = paint.put(1, y, &format!(" {name} "), Role::Strong);
    if x + width(shows) + 4 < paint.width() {
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
