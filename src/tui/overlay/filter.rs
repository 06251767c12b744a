//! The filter line, over the last two rows.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::text::{harmless, width};
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{FilterLine, State};

/// Draws the filter line; what is wrong stands under the word at fault.
pub(super) fn draw(state: &State, line: &FilterLine, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    draw_input(&line.input, "/", &mut paint, 0);
    let Some(error) = &line.error else {
        let shown = state.data.as_ref().map(|data| data.measures.items.total);
        let words = match shown {
            Some(shown) if !line.input.text().trim().is_empty() => {
                format!("{shown} items pass · ↵ keep · esc as before")
            }
            _ => "stage:review age>10d kind:defect -team:infra blocked \"text\"".to_owned(),
        };
        paint.put(3, 1, &words, Role::Muted);
        return;
    };
    let before = line
        .input
        .text()
        .get(..error.span.start)
        .unwrap_or_default();
    let at_fault = line
        .input
        .text()
        .get(error.span.clone())
        .unwrap_or_default();
    let x = 3 + width(&harmless(before));
    let style = paint
        .theme()
        .style(Role::Bad)
        .add_modifier(ratatui::style::Modifier::UNDERLINED);
    paint.put_styled(x, 0, at_fault, style);
    let room = columns.saturating_sub(width(&error.what) + 3);
    let end = paint.put(x.min(room), 1, "^ ", Role::Bad);
    paint.put(end, 1, &error.what, Role::Bad);
}
