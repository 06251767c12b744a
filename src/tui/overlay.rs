//! What lies over the screen: help, definitions, filter, export, a number, time machine, stage editor, choice of streams.

mod definition;
mod export;
mod filter;
mod list;
mod number;
mod palette;
mod say;
mod stages;
mod time;
mod tour;
mod view_name;

pub(super) use list::draw_input;
pub(super) use stages::draw_line;

use ratatui::layout::Rect;

use super::paint::Paint;
use crate::app::{Click, Overlay, State};

/// Draws what lies over the screen, if anything does.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    let area = Rect::new(0, 0, paint.width(), paint.height());
    match &state.overlay {
        None => tour::draw(state, paint),
        Some(Overlay::Help { input, row }) => list::draw_help(state, (input, *row), paint),
        Some(Overlay::Streams { input, row }) => list::draw_streams(state, (input, *row), paint),
        Some(Overlay::Filter { line, .. }) => filter::draw(state, line, paint),
        Some(Overlay::Say { ask, input }) => say::draw(state, (*ask, input), paint),
        Some(Overlay::Number { input, .. }) => number::draw(state, input, paint),
        Some(Overlay::Definition { at, scroll }) => {
            definition::draw(state, (*at, *scroll), paint);
        }
        Some(Overlay::Export { row }) => export::draw(state, *row, paint),
        Some(Overlay::Palette(palette)) => palette::draw(state, palette, paint),
        Some(Overlay::ViewName { input }) => view_name::draw(state, input, paint),
        Some(Overlay::Time) => time::draw(state, paint),
        Some(Overlay::Date { input, wrong }) => time::draw_date(input, wrong.as_deref(), paint),
        Some(Overlay::Stages(editor)) => {
            stages::draw(state, editor, &mut paint.part(stages::area(area)));
        }
    }
}

/// What lies at a cell while something lies over the screen.
pub(super) fn hit(state: &State, area: Rect, at: (u16, u16)) -> Option<Click> {
    match &state.overlay {
        Some(Overlay::Help { .. } | Overlay::Streams { .. }) => list::hit(state, area, at),
        Some(Overlay::Export { .. }) => export::hit(area, at),
        Some(Overlay::Stages(editor)) => stages::hit(editor, area, at),
        Some(Overlay::Time) => time::hit(state, area, at),
        Some(Overlay::Palette(palette)) => palette::hit(palette, area, at),
        Some(Overlay::Filter { line, .. }) => filter::hit(line, area, at),
        Some(
            Overlay::Say { .. }
            | Overlay::Number { .. }
            | Overlay::Definition { .. }
            | Overlay::Date { .. }
            | Overlay::ViewName { .. },
        )
        | None => None,
    }
}

/// What a frame leaves of a part.
fn inside(framed: Rect) -> Rect {
    Rect::new(
        framed.x + 1,
        framed.y + 1,
        framed.width.saturating_sub(2),
        framed.height.saturating_sub(2),
    )
}

/// A part in the middle of the area, one row kept free at the bottom for hints.
fn centred(area: Rect, columns: u16, rows: u16) -> Rect {
    let columns = columns.min(area.width.saturating_sub(2));
    let rows = rows.min(area.height.saturating_sub(2));
    Rect::new(
        (area.width - columns) / 2,
        (area.height.saturating_sub(rows)) / 2,
        columns,
        rows,
    )
}
