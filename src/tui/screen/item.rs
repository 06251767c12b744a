//! One item: its visits as a bar of time, its blocks and ties, every clock's answer.

mod clocks;
mod history;
mod made_of;
pub(super) mod ribbon;

use ratatui::layout::Rect;

use super::stream::Picture;
use crate::app::{Data, ItemView};
use crate::model::stage::Class;
use crate::model::timeline::Position;
use crate::tui::format::instant;
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::theme::Role;

/// Draws the item.
pub(super) fn draw((state, data): Picture<'_>, view: &ItemView, paint: &mut Paint<'_>) {
    draw_head(data, view, paint);
    if state.travel.seen.past.is_some() {
        draw_as_of(data, paint);
    }
    let (columns, rows) = (paint.width(), paint.height());
    let (top, ribbon_rows) = if rows >= 16 { (4, 4) } else { (2, 2) };
    let ribbon = Rect::new(0, top, columns, ribbon_rows);
    ribbon::draw(data, &view.story, &mut paint.part(ribbon));
    let below = Rect::new(
        0,
        ribbon.bottom(),
        columns,
        rows.saturating_sub(ribbon.bottom()),
    );
    draw_below(data, view, &mut paint.part(below));
}

/// History and clocks, side by side where there is room.
fn draw_below(data: &Data, view: &ItemView, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    if columns < 110 {
        let mut lines = history::lines(data, view, columns);
        lines.push(Vec::new());
        lines.extend(clocks::lines(data, view, columns));
        return draw_lines(&lines, view.scroll, paint);
    }
    let left = Rect::new(0, 0, columns - 64, rows);
    let right = Rect::new(left.width + 1, 0, 63, rows);
    let history = history::lines(data, view, left.width);
    draw_lines(&history, view.scroll, &mut paint.part(left));
    let clocks = clocks::lines(data, view, right.width);
    draw_lines(&clocks, 0, &mut paint.part(right));
}

fn draw_as_of(data: &Data, paint: &mut Paint<'_>) {
    let as_of = format!("◷ as of {}", instant(data.as_of(), data.snapshot.zone()));
    let (end, row) = (paint.width().saturating_sub(1), paint.height().min(3) - 1);
    paint.put_right(end, row, &as_of, Role::Constraint);
}

/// Key, title, state and facts.
fn draw_head(data: &Data, view: &ItemView, paint: &mut Paint<'_>) {
    let log = data.snapshot.log();
    let item = view.story.item;
    let x = paint.put(1, 0, log.key(item), Role::Accent);
    paint.put(x + 2, 0, log.title(item), Role::Strong);
    let known = |runs: Vec<Run>, rank: u8| Piece {
        runs,
        rank,
        means: (),
    };
    let mut pieces = vec![known(
        vec![(view.story.state.name().replace('_', " "), Role::Strong)],
        0,
    )];
    let status = view
        .story
        .status
        .map(|status| log.statuses()[status.index()].name.clone());
    let kind = view.story.kind.clone();
    let own = [("status", status), ("kind", kind)];
    let own = own
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let all = own.chain(view.facts(data));
    pieces.extend(all.zip(1_u8..).map(|((name, value), rank)| {
        known(
            vec![(format!("{name} "), Role::Muted), (value, Role::Text)],
            rank,
        )
    }));
    let fitted = fit(pieces, paint.width().saturating_sub(2), 3);
    put(paint, 1, 1, &fitted);
    if paint.height() >= 16 {
        let url = log.url(view.chosen()).unwrap_or("no address known");
        paint.put(1, 2, url, Role::Muted);
    }
}

/// A line of runs.
pub(super) type Line = Vec<Run>;

/// Draws lines, the first `scroll` of them scrolled away as far as there are more than fit.
pub(super) fn draw_lines(lines: &[Line], scroll: usize, paint: &mut Paint<'_>) {
    let room = usize::from(paint.height());
    let first = scroll.min(lines.len().saturating_sub(room));
    for (y, line) in (0..paint.height()).zip(lines.iter().skip(first)) {
        paint.put_all(1, y, line);
    }
    let edge = paint.width().saturating_sub(1);
    if first > 0 {
        paint.put(edge, 0, "▴", Role::Accent);
    }
    if first + room < lines.len() && paint.height() > 0 {
        let last = paint.height() - 1;
        paint.put(edge, last, "▾", Role::Accent);
    }
}

/// Where an item stood, in words.
pub(super) fn place(data: &Data, position: Position) -> String {
    match position {
        Position::Stage(stage) => data
            .measures
            .stages
            .get(stage.index())
            .map_or_else(String::new, |stage| stage.name.clone()),
        Position::Unmapped => "no stage".to_owned(),
        Position::Cancelled => "cancelled".to_owned(),
        Position::Deleted => "deleted".to_owned(),
    }
}

pub(super) fn heading(text: &str) -> Line {
    vec![(text.to_owned(), Role::Strong)]
}

/// One letter a class, so that it can be told without colour.
pub(super) fn letter(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::Backlog) => "b",
        Some(Class::Queue) => "q",
        Some(Class::Active) => "A",
        Some(Class::Done) => "✓",
        None => "·",
    }
}
