//! One stream among all: its measures, the weeks behind them, what stands out.

use ratatui::style::Style;

use super::super::figures::{Figure, Trend, Wording, figures};
use super::super::kinds::{counted, draw_bar, name_of, role};
use super::{Columns, words};
use crate::charts::spark;
use crate::metrics::{Counted, StreamSummary, WeekFigures};
use crate::model::time::days;
use crate::tui::paint::{Paint, RISING};
use crate::tui::pieces::{fit, put};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// A stream, and how it is drawn.
pub(super) struct Block<'a> {
    /// The stream.
    pub(super) summary: &'a StreamSummary,
    /// The same stream now, where the past is held beside it.
    pub(super) now: Option<&'a StreamSummary>,
    /// The kinds of all streams.
    pub(super) kinds: &'a [Option<String>],
    /// Where columns stand.
    pub(super) columns: Columns,
    /// Whether it is the one looked at.
    pub(super) selected: bool,
}

/// From so many cells a column on, changes are told in words.
const IN_WORDS: u16 = 24;

/// Rows of the weeks in a stream of so many rows: one for the numbers, then one for the words, then
/// one that keeps streams apart.
fn spark_rows(rows: u16) -> u16 {
    match rows {
        0 | 1 => 0,
        2 | 3 => 1,
        more => more - 3,
    }
}

/// Draws the stream in as many rows as there are.
pub(super) fn draw(block: &Block<'_>, paint: &mut Paint<'_>) {
    let rows = spark_rows(paint.height());
    draw_figures(block, paint);
    if block.summary.items > 0 {
        draw_weeks(block, rows, paint);
        draw_kinds(block, rows, paint);
    }
    if paint.height() > 2 {
        let below = if block.summary.items > 0 { rows } else { 0 };
        draw_words(block.summary, (3, 1 + below), paint);
    }
}

/// What of a stream is hardly chance, as far as it fits.
pub(super) fn draw_words(summary: &StreamSummary, (x, y): (u16, u16), paint: &mut Paint<'_>) {
    let room = paint.width().saturating_sub(x + 1);
    put(paint, x, y, &fit(words::said(summary), room, 3));
}

fn draw_figures(block: &Block<'_>, paint: &mut Paint<'_>) {
    let (summary, columns) = (block.summary, block.columns);
    let mut line = paint.row(0, block.selected);
    line.put(
        3,
        0,
        &cut(&summary.name, columns.name.saturating_sub(1)),
        Role::Strong,
    );
    if summary.items == 0 {
        line.put(columns.x(0), 0, "no items", Role::Muted);
        return;
    }
    let then = of(summary);
    let now = block.now.map(of);
    for (at, figure) in then.iter().enumerate().take(columns.count) {
        let place = (columns.x(at), columns.each.saturating_sub(1));
        match now.as_ref().and_then(|now| now.get(at)) {
            Some(now) => draw_beside(figure, now, place, &mut line),
            None => draw_figure(figure, place, &mut line),
        }
    }
}

fn of(summary: &StreamSummary) -> [Figure; 4] {
    figures(&summary.flow, (&summary.before, summary.load_before))
}

/// What a figure was, where there is room, and what it is now.
fn draw_beside(then: &Figure, now: &Figure, (x, room): (u16, u16), paint: &mut Paint<'_>) {
    if then.value == now.value {
        paint.put(x, 0, &cut(&format!("= {}", now.value), room), Role::Muted);
        return;
    }
    let is = format!("→ {}", now.value);
    let mut x_now = x;
    if width(&then.value) + 1 + width(&is) <= room {
        x_now = paint.put(x, 0, &then.value, Role::Muted) + 1;
    }
    paint.put(x_now, 0, &cut(&is, room), Role::Strong);
}

fn draw_figure(figure: &Figure, (x, room): (u16, u16), paint: &mut Paint<'_>) {
    let end = paint.put(x, 0, &cut(&figure.value, room), Role::Strong);
    let Some(trend @ Trend::Changed { .. }) = &figure.trend else {
        return;
    };
    let left = room.saturating_sub(end - x + 1);
    let wording = if room < IN_WORDS {
        Wording::Signs
    } else {
        Wording::Words
    };
    let (text, role) = trend.run(wording);
    if width(&text) <= left {
        paint.put(end + 1, 0, &text, role);
    }
}

/// The four measures by week, in the order of the columns.
fn values(week: &WeekFigures) -> [Option<f64>; 4] {
    let items = |items: u64| u32::try_from(items).ok().map(f64::from);
    [
        week.p85.map(days),
        items(week.counts.finished),
        items(week.load),
        week.efficiency,
    ]
}

fn draw_weeks(block: &Block<'_>, rows: u16, paint: &mut Paint<'_>) {
    let columns = block.columns;
    let weeks = &block.summary.weeks;
    let room = columns.each.saturating_sub(2);
    let shown = weeks.len().min(room.into());
    for at in 0..columns.count.min(4) {
        let line: Vec<Option<f64>> = weeks.iter().map(|week| values(week)[at]).collect();
        let heights = spark(&line, room, rows);
        let cells = (heights.len() / shown.max(1)).max(1);
        for (x, (column, height)) in (columns.x(at)..).zip(heights.iter().enumerate()) {
            let week = weeks.get(weeks.len() - shown + column / cells);
            let ink = week.map_or(Ink::Usual, |week| ink(block.summary, week, at));
            draw_column((x, rows), *height, ink, paint);
        }
    }
}

/// How a week is drawn.
#[derive(Clone, Copy)]
enum Ink {
    /// The window cuts it.
    Cut,
    Usual,
    /// It is part of what stands out.
    StandsOut(Role),
}

/// The weeks of what stands out are marked where it is about what was finished.
fn ink(summary: &StreamSummary, week: &WeekFigures, column: usize) -> Ink {
    if week.counts.partial {
        return Ink::Cut;
    }
    let found = summary.stands_out.filter(|found| {
        let last = found.week.monday().zip(week.counts.week.monday());
        let within = last.is_some_and(|(last, monday)| {
            monday <= last && monday.plus(7 * found.pattern.weeks()) > last
        });
        within && column == 1 && found.counted == Counted::Finished
    });
    found.map_or(Ink::Usual, |found| Ink::StandsOut(words::role(&found)))
}

/// One cell wide, from the last row of the weeks up; a dot where nothing is known.
fn draw_column((x, rows): (u16, u16), height: Option<u16>, ink: Ink, paint: &mut Paint<'_>) {
    let Some(height) = height else {
        let style = paint.theme().style(Role::Faint);
        return paint.symbol(x, rows, "·", style);
    };
    let color = match ink {
        Ink::Cut => paint.theme().between(Role::Faint, Role::Faint, 0.0),
        Ink::Usual => paint.theme().between(Role::Queue, Role::Panel, 0.4),
        Ink::StandsOut(role) => paint.theme().between(role, Role::Panel, 0.15),
    };
    for row in 0..height.div_ceil(8) {
        let part = usize::from((height - row * 8).min(8));
        paint.symbol(x, rows - row, RISING[part], Style::new().fg(color));
    }
}

/// What was finished by kind: a bar, and below it the kinds with their percentages.
fn draw_kinds(block: &Block<'_>, rows: u16, paint: &mut Paint<'_>) {
    let (summary, columns) = (block.summary, block.columns);
    if columns.count < 5 {
        return;
    }
    let (x, room) = (columns.x(4), columns.each.saturating_sub(1));
    let place = |kind: &Option<String>| block.kinds.iter().position(|one| one == kind);
    let shares = summary.finished.iter();
    let parts: Vec<(usize, f64)> = shares
        .map(|share| (place(&share.kind).unwrap_or(0), counted(share)))
        .collect();
    draw_bar(&parts, (x, 0, room.min(40)), paint);
    let all: f64 = parts.iter().map(|(_, share)| share).sum();
    let (mut at, mut y) = (x, 1);
    for (share, (kind, part)) in summary.finished.iter().zip(&parts) {
        let name = cut(name_of(share), room.saturating_sub(5));
        let text = format!("{name} {:.0}", part / all * 100.0);
        let wide = width(&text) + 2;
        if at > x && at + wide > x + room {
            (at, y) = (x, y + 1);
        }
        if y > rows {
            return;
        }
        at = paint.put(at, y, "■ ", role(*kind));
        let left = (x + room).saturating_sub(at);
        at = paint.put(at, y, &cut(&text, left), Role::Muted) + 1;
    }
}
