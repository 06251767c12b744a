//! The queue of the selected stage, oldest first.

use ratatui::layout::Rect;

use super::super::first_row;
use super::super::rows::{self, Columns};
use super::Picture;
use crate::app::{Data, Queue};
use crate::metrics::StageMeasures;
use crate::model::rule::Rule;
use crate::model::stage::Class;
use crate::tui::format::count;
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit};
use crate::tui::theme::Role;

/// How many rows are for items: all but the title and a word on sources.
fn room(picture: Picture<'_>, area: Rect) -> usize {
    let banner = u16::from(area.height >= 3 && picture.0.sources_in_trouble() > 0);
    usize::from(area.height.saturating_sub(1 + banner))
}

/// The row of the queue at a cell.
pub(super) fn hit(picture: Picture<'_>, area: Rect, (_, y): (u16, u16)) -> Option<usize> {
    let (state, data) = picture;
    let queue = data.queue(state.cursor.selected.stage);
    let room = room(picture, area);
    let row = usize::from(y.checked_sub(1)?);
    let at = first_row(state.cursor.selected.row, queue.len(), room) + row;
    (row < room && at < queue.len()).then_some(at)
}

/// Draws the queue with its title.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let Some(stage) = data.measures.stages.get(state.cursor.selected.stage) else {
        return;
    };
    let area = Rect::new(0, 0, paint.width(), paint.height());
    let queue = data.queue(state.cursor.selected.stage);
    let room = room(picture, area);
    let first = first_row(state.cursor.selected.row, queue.len(), room);
    let view = View {
        first,
        room,
        len: queue.len(),
    };
    let columns = Columns::of_queue(data, stage, queue, paint.width());
    draw_title(
        data,
        stage,
        view,
        columns.title_room().min(paint.width()),
        paint,
    );
    if queue.is_empty() {
        paint.put(3, 1, nothing(data), Role::Muted);
        return;
    }
    rows::draw_band_names(&columns, paint);
    for (y, row) in (1_u16..).zip((first..queue.len()).take(room)) {
        let mut line = paint.row(y, row == state.cursor.selected.row);
        match queue {
            Queue::Open(items) => {
                rows::draw_open(data, (stage, &items[row]), &columns, &mut line, y);
            }
            Queue::Finished(items) => {
                rows::draw_finished(data, items[row], &columns, &mut line, y);
            }
        }
    }
}

fn nothing(data: &Data) -> &'static str {
    if data.question.filter == Rule::Always {
        "Nothing waits here."
    } else {
        "Nothing here passes the filter."
    }
}

/// A ruled line with the stage, its numbers, and which rows are in view; `columns` are for it.
fn draw_title(data: &Data, stage: &StageMeasures, view: View, columns: u16, paint: &mut Paint<'_>) {
    paint.rule(0, 0, paint.width(), Role::Faint);
    let name = vec![
        (format!(" {}", stage.name), Role::Strong),
        (format!(" {}", stage.class), Role::Muted),
    ];
    let mut pieces = vec![piece(0, name)];
    let facts = facts(data, stage).into_iter().zip(1_u8..);
    pieces.extend(facts.map(|(run, rank)| piece(rank, vec![("· ".to_owned(), Role::Faint), run])));
    if view.len > view.room {
        let last = (view.first + view.room).min(view.len);
        let seen = format!("· {}–{last} of {}", view.first + 1, view.len);
        pieces.push(piece(9, vec![(seen, Role::Muted)]));
    }
    let fitted = fit(pieces, columns.saturating_sub(2), 1);
    for (x, piece) in &fitted {
        let end = paint.put_all(1 + x, 0, &piece.runs);
        paint.put(end, 0, " ", Role::Text);
    }
}

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

/// Which rows of the list are in view.
#[derive(Clone, Copy)]
struct View {
    first: usize,
    room: usize,
    len: usize,
}

/// What there is to say of a stage, most telling first.
fn facts(data: &Data, stage: &StageMeasures) -> Vec<Run> {
    if stage.class == Class::Done {
        let finished = data.measures.finished.len() as u64;
        return vec![(
            format!(
                "{} finished in the window",
                count(finished, "item", "items")
            ),
            Role::Text,
        )];
    }
    let mut facts = vec![load(stage)];
    if stage.blocked > 0 {
        facts.push((format!("■ {} blocked", stage.blocked), Role::Blocked));
    }
    if stage.past_p85 > 0 {
        facts.push((format!("▲ {} past P85", stage.past_p85), Role::Overdue));
    }
    if stage.stale > 0 {
        facts.push((format!("{} stale", stage.stale), Role::Warn));
    }
    if let Some(share) = stage.wait_share.filter(|share| *share >= 0.005) {
        facts.push((
            format!("{} of all waiting", crate::tui::format::percent(share)),
            Role::Muted,
        ));
    }
    facts
}

/// The load against the limit, or against the usual load.
fn load(stage: &StageMeasures) -> Run {
    match stage.limit {
        Some(limit) if stage.load > u64::from(limit) => {
            (format!("{}, over limit {limit}", stage.load), Role::Bad)
        }
        Some(limit) => (format!("{} of limit {limit}", stage.load), Role::Text),
        None => (
            format!(
                "{}, usually at most {}",
                count(stage.load, "item", "items"),
                stage.usual_load
            ),
            Role::Text,
        ),
    }
}
