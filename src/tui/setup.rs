//! Drawing the guided set-up, and its keys.

mod keys;
#[cfg(test)]
mod tests;

pub use keys::message as setup_message;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::overlay::{draw_input, draw_line};
use super::paint::Paint;
use super::screen::first_row;
use super::text::wrap;
use super::theme::Role;
use super::{LEAST_SIZE, Look, draw};
use crate::app::{Input, Setup, Step};

/// Rows over and under the body.
const HEAD: u16 = 2;
const FOOT: u16 = 1;

/// Rows that a preview of a terminal of so many rows has.
pub fn preview_rows(rows: u16) -> u16 {
    rows.saturating_sub(HEAD + FOOT)
}

/// Draws a set-up into an area.
pub fn draw_setup(setup: &Setup, look: &Look, area: Rect, buffer: &mut Buffer) {
    let (columns, rows) = LEAST_SIZE;
    let mut paint = Paint::new(buffer, look, area);
    paint.ground();
    if area.width < columns || area.height < rows {
        paint.put(0, 0, &format!("weir needs {columns}×{rows}"), Role::Text);
        return;
    }
    draw_head(setup, &mut paint);
    draw_foot(setup, &mut paint);
    let body = Rect::new(0, HEAD, area.width, area.height - HEAD - FOOT);
    if setup.step == Step::Preview
        && let Some(state) = &setup.outcome.preview
    {
        let body = Rect::new(area.x, area.y + HEAD, area.width, body.height);
        draw(state, look, body, buffer);
        return;
    }
    draw_body(setup, &mut paint.part(body));
}

fn draw_head(setup: &Setup, paint: &mut Paint<'_>) {
    let mut x = paint.put(1, 0, "weir init", Role::Strong) + 2;
    for (at, (name, here)) in setup.trail().into_iter().enumerate() {
        if at > 0 {
            x = paint.put(x, 0, " › ", Role::Faint);
        }
        let role = if here { Role::Accent } else { Role::Muted };
        x = paint.put(x, 0, name, role);
    }
    let columns = paint.width();
    paint.rule(0, 1, columns, Role::Faint);
}

fn draw_foot(setup: &Setup, paint: &mut Paint<'_>) {
    let y = paint.height() - FOOT;
    let mut x = 1;
    for (key, what) in setup.keys() {
        x = paint.put(x, y, key, Role::Accent) + 1;
        x = paint.put(x, y, what, Role::Muted) + 2;
    }
}

fn draw_body(setup: &Setup, paint: &mut Paint<'_>) {
    let mut y = 0;
    for said in &setup.state.said {
        paint.put(1, y, &format!("✓ {said}"), Role::Good);
        y += 1;
    }
    y += u16::from(y > 0);
    paint.put(1, y, &setup.question(), Role::Strong);
    y += 1;
    for advice in setup.advice() {
        y = put_wrapped(paint, y, &advice, Role::Muted);
    }
    y += 1;
    let below = draw_trouble(setup, paint);
    let room = paint.height().saturating_sub(y + below);
    let columns = paint.width();
    let mut part = paint.part(Rect::new(0, y, columns, room));
    if let Some(busy) = &setup.state.busy {
        draw_busy(busy, &mut part);
    } else {
        draw_step(setup, &mut part);
    }
}

fn put_wrapped(paint: &mut Paint<'_>, y: u16, text: &str, role: Role) -> u16 {
    let lines = wrap(text, paint.width().saturating_sub(2));
    let mut at = y;
    for line in lines {
        paint.put(1, at, &line, role);
        at += 1;
    }
    at
}

/// What went wrong, at the bottom; gives the rows that it takes.
fn draw_trouble(setup: &Setup, paint: &mut Paint<'_>) -> u16 {
    let Some(trouble) = &setup.state.trouble else {
        return 0;
    };
    let room = paint.width().saturating_sub(4);
    let what = wrap(&format!("✗ {}", trouble.what), room);
    let hint = wrap(&trouble.hint, room);
    let rows = u16::try_from(what.len() + hint.len()).unwrap_or(2).min(6);
    let mut y = paint.height().saturating_sub(rows);
    for line in what {
        paint.put(1, y, &line, Role::Bad);
        y += 1;
    }
    for line in hint {
        paint.put(3, y, &line, Role::Text);
        y += 1;
    }
    rows + 1
}

fn draw_busy(busy: &crate::app::Busy, paint: &mut Paint<'_>) {
    let x = paint.put(1, 0, &format!("… {}", busy.what), Role::Accent);
    let Some(progress) = busy.progress else {
        return;
    };
    let told = match progress.total {
        Some(total) => format!("{} of {total} items", progress.done),
        None => format!("{} items", progress.done),
    };
    paint.put(x + 2, 0, &told, Role::Muted);
}

fn draw_step(setup: &Setup, paint: &mut Paint<'_>) {
    match setup.step {
        Step::Kind => {
            let rows: Vec<_> = setup
                .kinds
                .iter()
                .map(|kind| ("", kind.title, ""))
                .collect();
            draw_list(&rows, setup.kind, paint, 0);
        }
        Step::Keep => {
            let rows: Vec<_> = setup
                .keeps
                .iter()
                .map(|keep| ("", keep.title.as_str(), ""))
                .collect();
            draw_list(&rows, setup.keep, paint, 0);
        }
        Step::Place => {
            draw_input(&setup.line, "/", paint, 0);
            let fitting = setup.fitting();
            let rows: Vec<_> = fitting
                .iter()
                .map(|place| {
                    let mark = if place.marked { "✓ " } else { "· " };
                    (mark, place.name.as_str(), place.what)
                })
                .collect();
            draw_list(&rows, setup.row, paint, 2);
        }
        Step::Path | Step::Address | Step::User | Step::Token => {
            let dots = Input::new(&"•".repeat(setup.line.text().chars().count()));
            let line = if setup.is_secret() {
                &dots
            } else {
                &setup.line
            };
            draw_input(line, ">", paint, 0);
        }
        Step::Stages => draw_stages(setup, paint),
        Step::Preview | Step::Written => {}
    }
}

/// A list of marks, names and what they are; the selected one stands in view.
fn draw_list(rows: &[(&str, &str, &str)], selected: usize, paint: &mut Paint<'_>, top: u16) {
    let room = usize::from(paint.height().saturating_sub(top));
    let first = first_row(selected, rows.len(), room);
    let shown = rows.iter().enumerate().skip(first).take(room);
    for (y, (at, (mark, name, what))) in (top..).zip(shown) {
        let row = &mut paint.row(y, at == selected);
        let x = row.put(2, y, mark, Role::Good);
        let x = row.put(x, y, name, Role::Text);
        row.put(x + 2, y, what, Role::Muted);
    }
}

/// The stages, and under them why the selected one is what it is.
fn draw_stages(setup: &Setup, paint: &mut Paint<'_>) {
    let Some(proposed) = &setup.outcome.proposed else {
        return;
    };
    let mut told = setup.why();
    told.extend(setup.rules());
    let told: Vec<String> = told
        .iter()
        .flat_map(|why| wrap(why, paint.width().saturating_sub(2)))
        .collect();
    let (columns, rows) = (paint.width(), paint.height());
    let below = u16::try_from(told.len()).unwrap_or(rows).min(rows / 3);
    let list = rows.saturating_sub(below + 1);
    let editor = &proposed.editor;
    let lines = editor.lines();
    let first = first_row(editor.line, lines.len(), usize::from(list));
    let shown = lines.iter().enumerate().skip(first).take(usize::from(list));
    for (y, (at, line)) in (0..).zip(shown) {
        draw_line(editor, *line, &mut paint.row(y, at == editor.line), y);
    }
    paint.rule(0, list, columns, Role::Faint);
    for (y, line) in (list + 1..).zip(told.iter().take(usize::from(below))) {
        paint.put(1, y, line, Role::Muted);
    }
}
