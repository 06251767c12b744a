//! The filter line, over the last two rows.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::super::paint::Paint;
use super::super::text::{harmless, width};
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{FilterError, FilterLine, State};

/// Draws the filter line; what is wrong stands under the word at fault.
pub(super) fn draw(state: &State, line: &FilterLine, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    let start = draw_input(&line.input, "/", &mut paint, 0);
    match &line.error {
        Some(error) => draw_error((line, error), start, &mut paint),
        None => {
            paint.put(3, 1, &advice(state, line), Role::Muted);
        }
    }
}

fn advice(state: &State, line: &FilterLine) -> String {
    let pass = state.data.as_ref().map(|data| data.measures.items.total);
    match pass {
        Some(pass) if !line.input.text().trim().is_empty() => {
            format!("{pass} items pass · ↵ keep · esc as before")
        }
        _ => "stage:review age>10d kind:defect -team:infra blocked \"text\"".to_owned(),
    }
}

/// `start` is the column of the text's begin.
fn draw_error((line, error): (&FilterLine, &FilterError), start: i32, paint: &mut Paint<'_>) {
    let text = line.input.text();
    let column = |range: Range<usize>| {
        let cells = width(&harmless(text.get(range).unwrap_or_default()));
        u16::try_from((start + i32::from(cells)).max(3)).unwrap_or(3)
    };
    let (x, end) = (column(0..error.span.start), column(0..error.span.end));
    let style = paint.theme().style(Role::Bad);
    paint.restyle(
        x,
        0,
        end.saturating_sub(x),
        style.add_modifier(Modifier::UNDERLINED),
    );
    let room = paint.width().saturating_sub(width(&error.what) + 3);
    let after = paint.put(x.min(room), 1, "^ ", Role::Bad);
    paint.put(after, 1, &error.what, Role::Bad);
}
