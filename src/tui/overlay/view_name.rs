//! The line that the name of a view is typed into, over the last two rows.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{Input, State};

/// Draws the line, and what will be saved under the name.
pub(super) fn draw(state: &State, input: &Input, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    draw_input(input, "Save this view as ›", &mut paint, 0);
    let x = paint.put(1, 1, "↵ save · esc leave · ", Role::Muted);
    paint.put(x, 1, &state.view_now().told(), Role::Text);
}
