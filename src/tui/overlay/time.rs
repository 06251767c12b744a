//! The time machine, over the last rows: where in the recorded time one stands, how much happened
//! when, how time passes.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::format::{instant, span};
use super::super::paint::{Paint, RISING, Run};
use super::super::pieces::{Piece, fit, put};
use super::super::text::width;
use super::super::theme::Role;
use super::list::draw_input;
use crate::app::{Beside, Click, Data, Input, Motion, State};
use crate::charts::TimeBar;
use crate::model::time::Sec;

/// Under so many rows the words and the bar share one.
const ROOMY: u16 = 14;

/// Columns of the words where they share a row with the bar.
const WORDS: u16 = 24;

/// The row of the bar, and its columns.
fn place(state: &State, data: &Data, area: Rect) -> (u16, u16, TimeBar) {
    let first = data.snapshot.log().earliest_event().unwrap_or(Sec(0));
    let left = if area.height < ROOMY {
        WORDS
    } else {
        width(&first_day(data, first)) + 2
    };
    let cells = area.width.saturating_sub(left + 5).max(1);
    let bar = TimeBar {
        from: first,
        to: last(state, data).max(first.plus(1)),
        cells,
    };
    (area.height.saturating_sub(2), left, bar)
}

fn first_day(data: &Data, first: Sec) -> String {
    data.snapshot.zone().day_of(first).with_year()
}

/// The instant that is now for this data.
fn last(state: &State, data: &Data) -> Sec {
    match state.travel.seen.live {
        crate::app::Live::Now => state.travel.seen.now.floor_clamped(),
        crate::app::Live::EndOfEvents => data.snapshot.end_of_events(),
    }
}

/// The instant at a cell of the bar.
pub(super) fn hit(state: &State, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let data = state.data.as_ref()?;
    let (row, left, bar) = place(state, data, area);
    let end = left + bar.cells + 4;
    (y == row && (left..end).contains(&x))
        .then(|| Click::Instant(bar.instant((x - left).min(bar.cells - 1))))
}

/// Draws the words and the bar.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    let Some(data) = &state.data else { return };
    let area = Rect::new(0, 0, paint.width(), paint.height());
    let (row, left, bar) = place(state, data, area);
    let rows = if area.height < ROOMY { 1 } else { 2 };
    let top = (row + 1).saturating_sub(rows);
    let mut paint = paint.part(Rect::new(0, top, area.width, rows));
    paint.clear();
    let room = if rows == 1 { left } else { area.width };
    let words = fit(words(state, data), room.saturating_sub(2), 3);
    put(&mut paint, 1, 0, &words);
    let y = rows - 1;
    if rows > 1 {
        paint.put(1, y, &first_day(data, bar.from), Role::Muted);
    }
    draw_bar((state, data), (left, y), &bar, &mut paint);
    paint.put(left + bar.cells + 1, y, "now", Role::Muted);
}

/// When one is, how long ago that is, how time passes, beside what.
fn words(state: &State, data: &Data) -> Vec<Piece<()>> {
    let zone = data.snapshot.zone();
    let when = match state.travel.seen.past {
        Some(past) => instant(past, zone),
        None => "now".to_owned(),
    };
    let mut pieces = vec![piece(
        0,
        vec![("◷ ".to_owned(), Role::Constraint), (when, Role::Strong)],
    )];
    if let Some(past) = state.travel.seen.past {
        let ago = format!("{} ago", span(last(state, data).since(past)));
        pieces.push(piece(2, vec![(ago, Role::Text)]));
    }
    let travel = &state.travel;
    let moves = match travel.motion {
        Motion::Playing => (format!("▶ {}", travel.pace.told()), Role::Accent),
        Motion::Still => (format!("‖ {}", travel.pace.told()), Role::Muted),
    };
    pieces.push(piece(3, vec![moves]));
    if travel.beside == Beside::Now {
        pieces.push(piece(1, vec![("beside now".to_owned(), Role::Accent)]));
    }
    pieces
}

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

/// How much happened when; the window stands out, and where one is.
fn draw_bar(
    (state, data): (&State, &Data),
    (x, y): (u16, u16),
    bar: &TimeBar,
    paint: &mut Paint<'_>,
) {
    let pulse = state.travel.pulse.as_deref();
    let heights = pulse.map_or_else(Vec::new, |pulse| {
        bar.heights(&pulse.moves, (pulse.from, pulse.to))
    });
    let window = data.measures.header.window;
    let window = bar.cell(window.from)..=bar.cell(window.to);
    let here = bar.cell(state.travel.seen.past.unwrap_or(bar.to));
    for cell in 0..bar.cells {
        let height = heights.get(usize::from(cell)).copied().unwrap_or(0);
        let role = if window.contains(&cell) {
            Role::Queue
        } else {
            Role::Muted
        };
        let symbol = match (height, window.contains(&cell)) {
            (0, true) => "━",
            (0, false) => "─",
            (height, _) => RISING[usize::from(height.min(8))],
        };
        let color = paint.theme().between(role, Role::Panel, 0.2);
        paint.symbol(x + cell, y, symbol, Style::new().fg(color));
    }
    paint.put(x + here, y, "●", Role::Constraint);
}

/// Draws the line that a date is typed into; what is wrong with it stands below.
pub(super) fn draw_date(input: &Input, wrong: Option<&str>, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let mut paint = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    paint.clear();
    draw_input(input, "Which day?", &mut paint, 0);
    let said = "2026-05-04 · 3 weeks ago · 10d · yesterday";
    match wrong {
        Some(wrong) => paint.put(1, 1, wrong, Role::Bad),
        None => paint.put(1, 1, said, Role::Muted),
    };
}
