//! The items behind a number, as a list.

use ratatui::layout::Rect;

use super::first_row;
use super::rows::{self, Columns};
use super::stream::{Picture, draw_header};
use crate::app::{Click, ItemsView};
use crate::tui::format::count;
use crate::tui::paint::Paint;
use crate::tui::theme::Role;

/// Rows before the first item: the header and the title.
const ABOVE: u16 = 2;

/// Draws the list.
pub(super) fn draw(picture: Picture<'_>, view: &ItemsView, paint: &mut Paint<'_>) {
    let (_, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    paint.rule(0, 1, paint.width(), Role::Faint);
    let x = paint.put(1, 1, &format!(" {} ", view.title), Role::Strong);
    let number = count(view.entries.len() as u64, "item", "items");
    paint.put(x, 1, &format!("· {number} "), Role::Muted);
    if view.entries.is_empty() {
        paint.put(3, ABOVE, "No item stands behind this number.", Role::Muted);
        return;
    }
    let room = usize::from(paint.height().saturating_sub(ABOVE));
    let first = first_row(view.row, view.entries.len(), room);
    let columns = Columns::of_list(data, &view.entries, paint.width());
    let shown = view.entries.iter().enumerate().skip(first).take(room);
    for (y, (row, entry)) in (ABOVE..).zip(shown) {
        let mut line = paint.row(y, row == view.row);
        let open = entry.open_item(data);
        let stage = open.and_then(|open| data.measures.stages.get(open.stage.index()));
        match open.zip(stage) {
            Some((open, stage)) => rows::draw_open(data, (stage, open), &columns, &mut line, y),
            None => rows::draw_finished(data, entry.item, &columns, &mut line, y),
        }
    }
}

/// What lies at a cell of the list.
pub(super) fn hit(view: &ItemsView, area: Rect, (_, y): (u16, u16)) -> Option<Click> {
    let row = usize::from(y.checked_sub(ABOVE)?);
    let room = usize::from(area.height.saturating_sub(ABOVE));
    let at = first_row(view.row, view.entries.len(), room) + row;
    (row < room && at < view.entries.len()).then_some(Click::Row(at))
}
