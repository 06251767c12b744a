//! The palette: what is typed, and what fits it.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::super::paint::Paint;
use super::super::screen::first_row;
use super::super::text::{cut, harmless, width};
use super::super::theme::Role;
use super::list::draw_input;
use super::{centred, inside};
use crate::app::{Click, Context, Found, Palette, State, Target};

/// Rows above the list: what is typed and a line.
const TOP: u16 = 2;
/// Columns of what each row is.
const KIND: u16 = 7;
/// Columns of the keys.
const KEYS: u16 = 10;
/// Columns of names at most.
const LABEL: u16 = 20;
/// With less room rows say no more than their name.
const ROOMY: u16 = 56;

fn area_of(area: Rect) -> Rect {
    centred(area, 96, 26)
}

/// The row of the list at a cell.
pub(super) fn hit(palette: &Palette, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let area = inside(area_of(area));
    if !area.contains((x, y).into()) {
        return None;
    }
    let room = usize::from(area.height.saturating_sub(TOP));
    let count = palette.found.len();
    let at = first_row(palette.row, count, room) + usize::from((y - area.y).checked_sub(TOP)?);
    (at < count).then_some(Click::Row(at))
}

/// Draws the palette.
pub(super) fn draw(state: &State, palette: &Palette, paint: &mut Paint<'_>) {
    let whole = Rect::new(0, 0, paint.width(), paint.height());
    let mut outer = paint.part(area_of(whole));
    let mut paint = outer.framed();
    draw_input(&palette.input, "›", &mut paint, 0);
    if palette.input.text().is_empty() {
        let said = "a screen, a stage, an item, a view, anything you can do";
        paint.put(4, 0, said, Role::Muted);
    }
    let columns = paint.width();
    paint.rule(0, 1, columns, Role::Faint);
    let count = palette.found.len();
    let room = usize::from(paint.height().saturating_sub(TOP));
    let first = first_row(palette.row, count, room);
    let rows = palette.found.iter().enumerate().skip(first).take(room);
    let labels = label_columns(rows.clone().map(|(_, found)| found));
    for (y, (at, found)) in (TOP..).zip(rows) {
        let mut row = paint.row(y, at == palette.row);
        draw_row(found, (state.screen.context(), labels), &mut row, y);
    }
    if count == 0 {
        paint.put(2, TOP, "Nothing fits what is typed.", Role::Muted);
    }
}

/// Columns that names take, so that what is said of them begins in one column; items say all of it by
/// their name.
fn label_columns<'a>(rows: impl Iterator<Item = &'a Found>) -> u16 {
    let short = rows.filter(|found| !matches!(found.entry.target, Target::Item(_)));
    let longest = short
        .map(|found| width(&harmless(&found.entry.label)))
        .max();
    longest.unwrap_or(0).min(LABEL)
}

fn draw_row(found: &Found, (context, labels): (Context, u16), paint: &mut Paint<'_>, y: u16) {
    let roomy = paint.width() >= ROOMY;
    let right = paint.width().saturating_sub(1);
    let end = if roomy {
        paint.put(
            right.saturating_sub(KIND - 1),
            y,
            found.entry.target.kind(),
            Role::Muted,
        );
        right.saturating_sub(KIND)
    } else {
        right
    };
    let keys = keys(found, context, paint);
    let keys_from = paint.put_right(end.saturating_sub(1), y, &keys, Role::Accent);
    let name_end = if roomy { end - KEYS } else { keys_from }.saturating_sub(1);
    let clean = harmless(&found.entry.label);
    let label = cut(&clean, name_end.saturating_sub(2));
    let x = paint.put(2, y, &label, Role::Strong);
    mark(found, &label, paint, y);
    let x = x.max(labels + 2) + 2;
    if roomy && x + 4 < name_end && found.entry.detail != found.entry.label {
        let detail = harmless(&found.entry.detail);
        let detail = cut(&detail, name_end.saturating_sub(x));
        paint.put(x, y, &detail, Role::Muted);
    }
}

/// The keys of an action, the first ones that there is room for.
fn keys(found: &Found, context: Context, paint: &Paint<'_>) -> String {
    let Target::Action(action) = &found.entry.target else {
        return String::new();
    };
    let keys = paint.look().keymap.keys(context, *action);
    let mut shown = String::new();
    for key in keys {
        let gap = if shown.is_empty() { "" } else { " " };
        let longer = format!("{shown}{gap}{key}");
        if width(&longer) < KEYS {
            shown = longer;
        }
    }
    shown
}

/// Marks the letters that were typed. The label is the same text that was searched, but for what
/// would harm a row: where something was left out of it nothing is marked.
fn mark(found: &Found, label: &str, paint: &mut Paint<'_>, y: u16) {
    let style = paint.theme().style(Role::Accent);
    let style = style.add_modifier(Modifier::UNDERLINED);
    let mut x = 2;
    let original = &found.entry.label;
    for (at, c) in label.char_indices() {
        let mut text = [0; 4];
        let cells = width(c.encode_utf8(&mut text));
        if found.at.contains(&at) && original.get(at..).is_some_and(|rest| rest.starts_with(c)) {
            paint.restyle(x, y, cells, style);
        }
        x += cells;
    }
}
