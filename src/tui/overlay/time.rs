//! The time machine, over the second last row: where in the recorded time one stands.

use ratatui::layout::Rect;

use super::super::format::instant;
use super::super::paint::Paint;
use super::super::text::width;
use super::super::theme::Role;
use crate::app::State;

/// Draws a line of the recorded time with the instant seen from.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 1));
    paint.clear();
    let Some(data) = &state.data else { return };
    let log = data.snapshot.log();
    let first = log.earliest_event();
    let last = state.seen.now.floor_clamped().max(data.as_of());
    let seen = state.seen.past.unwrap_or(last);
    let label = match state.seen.past {
        Some(past) => instant(past, data.snapshot.zone()),
        None => "now".to_owned(),
    };
    let x = paint.put(1, 0, "◷ ", Role::Constraint);
    let x = paint.put(x, 0, &label, Role::Strong) + 1;
    let line = columns.saturating_sub(x + 2);
    paint.rule(x, 0, line, Role::Muted);
    let length = last.since(first.unwrap_or(seen)).max(1);
    let share = seen.since(first.unwrap_or(seen)).clamp(0, length);
    let at = i64::from(line.saturating_sub(width("●"))) * share / length;
    paint.put(x + u16::try_from(at).unwrap_or(0), 0, "●", Role::Constraint);
}
