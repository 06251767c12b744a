//! Lists that are narrowed by typing: the keys, the streams.

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::screen::first_row;
use super::super::text::{cut, harmless, width};
use super::super::theme::Role;
use super::definition::{card_rows, draw_card};
use super::{centred, inside};
use crate::app::{ActionInfo, Click, Input, Overlay, State, matching};

/// Rows above the list: what is typed and a line.
const TOP: u16 = 2;

fn area_of(area: Rect) -> Rect {
    centred(area, 78, 30)
}

/// The row of the list at a cell.
pub(super) fn hit(state: &State, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let area = inside(area_of(area));
    let (selected, count, top) = match &state.overlay {
        Some(Overlay::Help { input, row }) => {
            let count = matching(input.text(), state.screen.context()).len();
            (*row, count, TOP + card_of(state, input, area.height))
        }
        Some(Overlay::Streams { input, row }) => {
            (*row, state.streams_like(input.text()).len(), TOP)
        }
        _ => return None,
    };
    if !area.contains((x, y).into()) {
        return None;
    }
    let room = usize::from(area.height.saturating_sub(top));
    let at = first_row(selected, count, room) + usize::from((y - area.y).checked_sub(top)?);
    (at < count).then_some(Click::Row(at))
}

/// Rows of the card over the keys: it makes room as soon as something is searched for.
fn card_of(state: &State, input: &Input, rows: u16) -> u16 {
    if input.text().is_empty() {
        card_rows(state, rows)
    } else {
        0
    }
}

/// What is typed, with the cursor. Returns the column of the text's begin, which lies left of
/// the part where the text is longer than the room.
pub(in super::super) fn draw_input(
    input: &Input,
    prompt: &str,
    paint: &mut Paint<'_>,
    y: u16,
) -> i32 {
    let x = paint.put(1, y, prompt, Role::Accent);
    let start = x + 1;
    let room = paint.width().saturating_sub(start + 1);
    let before = tail(input.before_cursor(), room);
    let after = input
        .text()
        .get(input.before_cursor().len()..)
        .unwrap_or_default();
    let cursor = paint.put(start, y, before, Role::Text);
    paint.put(cursor, y, after, Role::Text);
    let style = ratatui::style::Style::new().add_modifier(ratatui::style::Modifier::REVERSED);
    paint.restyle(cursor.min(paint.width().saturating_sub(1)), y, 1, style);
    i32::from(cursor) - i32::from(width(&harmless(input.before_cursor())))
}

/// The end of a text that is too long for the room there is.
fn tail(text: &str, room: u16) -> &str {
    let starts = text.char_indices().map(|(at, _)| at);
    let mut fitting = starts.map(|at| &text[at..]);
    fitting
        .find(|rest| width(&harmless(rest)) <= room)
        .unwrap_or_default()
}

fn draw_list(rows: &[Vec<(String, Role)>], selected: usize, paint: &mut Paint<'_>) {
    let room = usize::from(paint.height().saturating_sub(TOP));
    let first = first_row(selected, rows.len(), room);
    for (y, (at, row)) in (TOP..).zip(rows.iter().enumerate().skip(first).take(room)) {
        paint.row(y, at == selected).put_all(2, y, row);
    }
    if rows.is_empty() {
        paint.put(2, TOP, "Nothing fits what is typed.", Role::Muted);
    }
}

/// Draws the help.
pub(super) fn draw_help(state: &State, (input, row): (&Input, usize), paint: &mut Paint<'_>) {
    let whole = Rect::new(0, 0, paint.width(), paint.height());
    let context = state.screen.context();
    let keymap = &paint.look().keymap;
    let line = |info: &&ActionInfo| {
        let keys = keymap.keys(context, info.action);
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let keys = cut(&keys.join(" "), 16).into_owned();
        vec![
            (format!("{keys:<17}"), Role::Accent),
            (format!("{} ", info.doc), Role::Text),
            (format!(" {}", info.name), Role::Muted),
        ]
    };
    let rows: Vec<Vec<(String, Role)>> = matching(input.text(), context).iter().map(line).collect();
    let mut outer = paint.part(area_of(whole));
    let mut framed = outer.framed();
    let size = Rect::new(0, 0, framed.width(), framed.height());
    let card = card_of(state, input, size.height);
    if card > 0 {
        draw_card(
            state,
            &mut framed.part(Rect {
                height: card,
                ..size
            }),
        );
    }
    let keys = Rect {
        y: card,
        height: size.height - card,
        ..size
    };
    let mut paint = framed.part(keys);
    draw_input(input, "Keys: type to search, ↵ runs ›", &mut paint, 0);
    let columns = paint.width();
    paint.rule(0, 1, columns, Role::Faint);
    let hint = if state.terminal.mouse {
        " shift-drag selects text "
    } else {
        ""
    };
    paint.put_right(columns.saturating_sub(1), 1, hint, Role::Muted);
    draw_list(&rows, row, &mut paint);
}

/// Draws the choice of streams.
pub(super) fn draw_streams(state: &State, (input, row): (&Input, usize), paint: &mut Paint<'_>) {
    let whole = Rect::new(0, 0, paint.width(), paint.height());
    let line = |(at, name): (usize, String)| {
        let sign = if at == state.asked.question.stream {
            "● "
        } else {
            "  "
        };
        vec![(sign.to_owned(), Role::Accent), (name, Role::Text)]
    };
    let rows: Vec<_> = state
        .streams_like(input.text())
        .into_iter()
        .map(line)
        .collect();
    let mut outer = paint.part(area_of(whole));
    let mut paint = outer.framed();
    draw_input(input, "Streams ›", &mut paint, 0);
    let columns = paint.width();
    paint.rule(0, 1, columns, Role::Faint);
    draw_list(&rows, row, &mut paint);
}
