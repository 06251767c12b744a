//! A hint of the first tour, over the row above the bottom one.

use ratatui::layout::Rect;

use super::super::hints::sign;
use super::super::paint::{Paint, Run};
use super::super::text::{width, wrap};
use super::super::theme::Role;
use crate::app::{Hint, State, TOUR};

/// Stands in a hint for the end of a key's name.
const END: char = '\u{1}';

/// Draws the hint in view, in as many rows as it needs.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    let Some((at, hint)) = state.hint() else {
        return;
    };
    let (columns, rows) = (paint.width(), paint.height());
    let place = format!("{} of {} ", at + 1, TOUR.len());
    let from = width(&place) + 3;
    let text = with_keys(state, hint, paint);
    let mut lines = wrap(&text, columns.saturating_sub(from + 1));
    let more = "any key goes on";
    let last = lines.last().map_or(0, |line| width(line));
    if from + last + width(more) + 3 > columns {
        lines.push(String::new());
    }
    let count = u16::try_from(lines.len()).unwrap_or(1).min(rows / 2);
    let area = Rect::new(0, rows.saturating_sub(count + 1), columns, count);
    let mut paint = paint.part(area);
    paint.clear();
    paint.put(1, 0, "◆", Role::Accent);
    paint.put(3, 0, &place, Role::Muted);
    for (y, line) in (0..count).zip(&lines) {
        paint.put_all(from, y, &runs(line));
    }
    let end = columns.saturating_sub(1);
    paint.put_right(end, count.saturating_sub(1), more, Role::Muted);
}

/// The words of a hint with the keys in their places, each marked.
fn with_keys(state: &State, hint: &Hint, paint: &Paint<'_>) -> String {
    let keymap = &paint.look().keymap;
    let context = state.context();
    let marks = paint.look().marks;
    let key = |action| {
        keymap
            .keys(context, action)
            .first()
            .map(ToString::to_string)
    };
    let mut text = hint.text.to_owned();
    for action in hint.actions {
        let key = key(*action).map_or_else(|| "no key".to_owned(), |key| sign(&key, marks));
        text = text.replacen("{}", &format!("{END}{key}{END}"), 1);
    }
    text
}

/// A line in runs: keys stand out.
fn runs(line: &str) -> Vec<Run> {
    let parts = line.split(END).enumerate();
    let run = |(at, part): (usize, &str)| {
        let role = if at % 2 == 1 {
            Role::Accent
        } else {
            Role::Text
        };
        (part.to_owned(), role)
    };
    parts.map(run).collect()
}
