//! One item: its visits as a bar of time, its blocks and ties, every clock's answer.

mod clocks;
mod ribbon;

use ratatui::layout::Rect;

use super::stream::Picture;
use crate::app::{Data, ItemView};
use crate::metrics::{StoryBlock, StoryVisit};
use crate::model::log::{Mark, MarkKind};
use crate::model::stage::Class;
use crate::model::timeline::Position;
use crate::tui::format::{instant, short_instant, span};
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::theme::Role;

/// Draws the item.
pub(super) fn draw((state, data): Picture<'_>, view: &ItemView, paint: &mut Paint<'_>) {
    draw_head(data, view, paint);
    if state.seen.past.is_some() {
        let as_of = format!("◷ as of {}", instant(data.as_of(), data.snapshot.zone()));
        let (end, row) = (paint.width().saturating_sub(1), paint.height().min(3) - 1);
        paint.put_right(end, row, &as_of, Role::Constraint);
    }
    let (columns, rows) = (paint.width(), paint.height());
    let ribbon_rows = if rows >= 16 { 4 } else { 2 };
    let top = if rows >= 16 { 4 } else { 2 };
    ribbon::draw(
        data,
        &view.story,
        &mut paint.part(Rect::new(0, top, columns, ribbon_rows)),
    );
    let below = top + ribbon_rows;
    let height = rows.saturating_sub(below);
    if columns >= 110 {
        let left = (columns - 64).min(columns / 2);
        let lines = history(data, view, columns);
        draw_lines(
            &lines,
            view.scroll,
            &mut paint.part(Rect::new(0, below, left, height)),
        );
        let right = Rect::new(left + 1, below, columns - left - 1, height);
        draw_lines(
            &clocks::lines(data, view, right.width),
            0,
            &mut paint.part(right),
        );
    } else {
        let mut lines = history(data, view, columns);
        lines.push(Vec::new());
        lines.extend(clocks::lines(data, view, columns));
        draw_lines(
            &lines,
            view.scroll,
            &mut paint.part(Rect::new(0, below, columns, height)),
        );
    }
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
        let url = log.url(item).unwrap_or("no address known");
        paint.put(1, 2, url, Role::Muted);
    }
}

/// A line of runs.
pub(super) type Line = Vec<Run>;

fn draw_lines(lines: &[Line], scroll: usize, paint: &mut Paint<'_>) {
    let room = usize::from(paint.height());
    let first = scroll.min(lines.len().saturating_sub(room));
    for (y, line) in (0..paint.height()).zip(lines.iter().skip(first)) {
        paint.put_all(1, y, line);
    }
    let edge = paint.width().saturating_sub(1);
    if first > 0 {
        paint.put(edge, 0, "↑", Role::Accent);
    }
    if first + room < lines.len() && paint.height() > 0 {
        let last = paint.height() - 1;
        paint.put(edge, last, "↓", Role::Accent);
    }
}

/// Where an item stood, in words.
fn place(data: &Data, position: Position) -> String {
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

/// Visits, blocks and marks, newest first.
fn history(data: &Data, view: &ItemView, columns: u16) -> Vec<Line> {
    let story = &view.story;
    let from = if columns < 60 { 19 } else { 26 };
    let head = format!("{:>from$}{:>9}  blocked", "from", "stayed");
    let mut lines = vec![vec![
        ("Visits".to_owned(), Role::Strong),
        (head, Role::Muted),
    ]];
    lines.extend(
        story
            .visits
            .iter()
            .rev()
            .map(|visit| visit_line(data, visit, columns)),
    );
    if !story.blocks.is_empty() {
        lines.extend([Vec::new(), heading("Blocked")]);
        lines.extend(
            story
                .blocks
                .iter()
                .rev()
                .map(|block| block_line(data, view, block)),
        );
    }
    let marks: Vec<Line> = data
        .snapshot
        .log()
        .marks(story.item)
        .iter()
        .rev()
        .filter(|mark| mark.at < story.as_of)
        .filter_map(|mark| mark_line(data, mark))
        .collect();
    if !marks.is_empty() {
        lines.extend([Vec::new(), heading("Links and deployments")]);
        lines.extend(marks);
    }
    lines
}

pub(super) fn heading(text: &str) -> Line {
    vec![(text.to_owned(), Role::Strong)]
}

fn visit_line(data: &Data, visit: &StoryVisit, columns: u16) -> Line {
    let zone = data.snapshot.zone();
    let from = if columns < 60 {
        zone.day_of(visit.from).short()
    } else {
        format!("{:>13}", short_instant(visit.from, zone))
    };
    let role = visit.class.map_or(Role::Muted, super::stream::fresh);
    let name = crate::tui::text::cut(&place(data, visit.position), 16).into_owned();
    let pad = 17_usize.saturating_sub(crate::tui::text::width(&name).into());
    let ended = visit.class == Some(Class::Done);
    let length = if ended {
        String::new()
    } else {
        span(visit.to.since(visit.from))
    };
    let mut line = vec![
        (format!("{} ", letter(visit.class)), role),
        (name, Role::Text),
        (" ".repeat(pad), Role::Text),
        (format!("{from:>6}"), Role::Muted),
        (format!("{length:>9}"), Role::Strong),
    ];
    if visit.blocked > 0 {
        line.push((
            format!("  ■ {} blocked", span(visit.blocked)),
            Role::Blocked,
        ));
    }
    if visit.backward {
        line.push(("  ↩ came back".to_owned(), Role::Warn));
    }
    line
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

fn block_line(data: &Data, view: &ItemView, block: &StoryBlock) -> Line {
    let until = block.to.unwrap_or(view.story.as_of);
    let reason = if block.reason.is_empty() {
        "no reason given"
    } else {
        &block.reason
    };
    let mut line = vec![
        ("■ ".to_owned(), Role::Blocked),
        (
            format!("{:>13}", short_instant(block.from, data.snapshot.zone())),
            Role::Muted,
        ),
        (
            format!("{:>9}  ", span(until.since(block.from))),
            Role::Strong,
        ),
        (reason.to_owned(), Role::Text),
    ];
    if block.to.is_none() {
        line.push((" · still blocked".to_owned(), Role::Bad));
    }
    line
}

/// Marks beside blocks, which have lines of their own.
fn mark_line(data: &Data, mark: &Mark) -> Option<Line> {
    let text = |symbol| data.snapshot.log().text(symbol).to_owned();
    let words = match mark.kind {
        MarkKind::Linked(kind, to) => format!("{} {}", text(kind), text(to)),
        MarkKind::Unlinked(kind, to) => format!("no longer {} {}", text(kind), text(to)),
        MarkKind::Deployed(environment) => format!("deployed to {}", text(environment)),
        MarkKind::IncidentOpened => "incident opened".to_owned(),
        MarkKind::IncidentResolved => "incident resolved".to_owned(),
        MarkKind::Deleted => "deleted".to_owned(),
        _ => return None,
    };
    let at = short_instant(mark.at, data.snapshot.zone());
    Some(vec![
        (format!("{at:>15}  "), Role::Muted),
        (words, Role::Text),
    ])
}
