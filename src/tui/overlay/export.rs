//! The choice of how what is on screen is written.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::theme::Role;
use super::{centred, inside};
use crate::app::{Click, ExportAs, State, rows_on_screen};

/// Rows above the choice.
const TOP: u16 = 3;

fn area_of(whole: Rect) -> Rect {
    centred(whole, 64, 10)
}

/// The row of the choice at a cell.
pub(super) fn hit(whole: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let area = inside(area_of(whole));
    let row = usize::from((y.checked_sub(area.y)?).checked_sub(TOP)?);
    let here = area.contains((x, y).into()) && row < ExportAs::ALL.len();
    here.then_some(Click::Row(row))
}

/// Draws the choice.
pub(super) fn draw(state: &State, row: usize, paint: &mut Paint<'_>) {
    let whole = Rect::new(0, 0, paint.width(), paint.height());
    let mut outer = paint.part(area_of(whole));
    let paint = &mut outer.framed();
    let words = rows_on_screen(state).map_or("", |(_, words)| words);
    paint.put(1, 0, "Write what is on screen", Role::Strong);
    paint.put(1, 1, words, Role::Muted);
    for (y, (at, way)) in (TOP..).zip(ExportAs::ALL.into_iter().enumerate()) {
        let (letter, name) = way.name();
        let mut line = paint.row(y, at == row);
        line.put(2, y, &letter.to_string(), Role::Accent);
        line.put(4, y, name, Role::Text);
        line.put(14, y, way.purpose(), Role::Muted);
    }
    let said = "into the folder weir runs in; no file is overwritten";
    paint.put(1, TOP + 4, said, Role::Muted);
}
