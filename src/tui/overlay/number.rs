//! The line that a number of items is typed into, over the last two rows.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{Input, State};

/// Draws the line; the forecast above it is of the number that stands there.
pub(super) fn draw(state: &State, input: &Input, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    draw_input(input, "How many items?", &mut paint, 0);
    let load = state
        .data
        .as_ref()
        .map(|data| data.measures.items.in_progress);
    let usual = match load {
        Some(load) if load > 0 => format!("nothing typed: the {load} in progress"),
        _ => "nothing typed: 10".to_owned(),
    };
    let said = format!("{usual} · ↵ keep · esc as before");
    paint.put(1, 1, &said, Role::Muted);
}
