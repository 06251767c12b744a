//! The filter line, over the last two rows, and over it what it could go on with.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::super::paint::Paint;
use super::super::screen::first_row;
use super::super::text::{cut, harmless, width};
use super::super::theme::Role;
use super::inside;
use super::list::draw_input;
use crate::app::{Click, FilterError, FilterLine, State};

/// Completions that stand over the line at most.
const MOST: u16 = 8;

/// Columns of a completion with what it means, at most.
const WIDEST: u16 = 48;

/// Draws the filter line; what is wrong stands under the word at fault, what it could go on with over
/// the place where that would stand.
pub(super) fn draw(state: &State, line: &FilterLine, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let whole = Rect::new(0, 0, columns, rows);
    let mut bottom = paint.part(Rect::new(0, rows.saturating_sub(2), columns, 2));
    bottom.clear();
    let start = draw_input(&line.input, "/", &mut bottom, 0);
    match line
        .error
        .as_ref()
        .filter(|error| !is_unfinished(line, error))
    {
        Some(error) => draw_error((line, error), start, &mut bottom),
        None => {
            bottom.put(3, 1, &advice(state, line), Role::Muted);
        }
    }
    if let Some(area) = list_area(line, whole) {
        draw_offers(line, &mut paint.part(area));
    }
}

/// Whether nothing is wrong but that more has to be typed, which is offered.
fn is_unfinished(line: &FilterLine, error: &FilterError) -> bool {
    let end = line.input.text().trim_end().len();
    error.span.start >= end && !line.offers.list.is_empty()
}

/// Where the completions stand, frame and all; `None` if there are none or there is no room.
fn list_area(line: &FilterLine, whole: Rect) -> Option<Rect> {
    let count = u16::try_from(line.offers.list.len()).unwrap_or(MOST);
    let rows = count.min(MOST).min(whole.height.saturating_sub(6));
    let columns = offer_columns(line)
        .min(WIDEST)
        .min(whole.width.saturating_sub(4))
        + 4;
    let before = line.input.text().get(..line.offers.replace.start)?;
    let wanted = width(&harmless(before)).saturating_add(1);
    let x = wanted.min(whole.width.saturating_sub(columns));
    let y = whole.height.checked_sub(rows + 4)?;
    (rows > 0).then(|| Rect::new(x, y, columns, rows + 2))
}

fn offer_columns(line: &FilterLine) -> u16 {
    let told = line
        .offers
        .list
        .iter()
        .map(|offer| width(&harmless(&offer.told)));
    let told = told.max().unwrap_or(0);
    text_columns(line) + if told > 0 { told + 2 } else { 0 }
}

fn text_columns(line: &FilterLine) -> u16 {
    let texts = line.offers.list.iter();
    let columns = texts.map(|offer| width(harmless(&offer.insert).trim_end()));
    columns.max().unwrap_or(0).min(WIDEST / 2)
}

fn draw_offers(line: &FilterLine, paint: &mut Paint<'_>) {
    let mut paint = paint.framed();
    let (marked, count) = (line.offers.marked, line.offers.list.len());
    let room = usize::from(paint.height());
    let first = first_row(marked, count, room);
    let told_at = text_columns(line) + 3;
    let rows = line.offers.list.iter().enumerate().skip(first).take(room);
    for (y, (at, offer)) in (0..).zip(rows) {
        let right = paint.width();
        let mut row = paint.row(y, at == marked);
        let text = harmless(&offer.insert);
        row.put(1, y, &cut(text.trim_end(), told_at - 3), Role::Strong);
        let told = cut(&offer.told, right.saturating_sub(told_at)).into_owned();
        row.put(told_at, y, &told, Role::Muted);
    }
}

/// The completion at a cell.
pub(super) fn hit(line: &FilterLine, whole: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let area = inside(list_area(line, whole)?);
    if !area.contains((x, y).into()) {
        return None;
    }
    let count = line.offers.list.len();
    let first = first_row(line.offers.marked, count, usize::from(area.height));
    let at = first + usize::from(y - area.y);
    (at < count).then_some(Click::Row(at))
}

fn advice(state: &State, line: &FilterLine) -> String {
    let pass = state.data.as_ref().map(|data| data.measures.items.total);
    let before = if state.shelf.memory.filters.is_empty() {
        ""
    } else {
        " · ↑ filters before"
    };
    match pass {
        _ if line.error.is_some() => {
            format!("tab takes the marked · shift-tab marks the next{before}")
        }
        Some(pass) if !line.input.text().trim().is_empty() => {
            format!("{pass} items pass · ↵ keep · esc as before · tab completes{before}")
        }
        _ => format!("tab completes{before} · stage:review age>10d -team:infra blocked \"text\""),
    }
}

/// `start` is the column of the text's begin.
fn draw_error((line, error): (&FilterLine, &FilterError), start: i32, paint: &mut Paint<'_>) {
    let text = line.input.text();
    let column = |range: Range<usize>| {
        let cells = width(&harmless(text.get(range).unwrap_or_default()));
        u16::try_from((start + i32::from(cells)).max(3)).unwrap_or(3)
    };
    let (x, end) = (column(0..error.span.start), column(0..error.span.end));
    let style = paint.theme().style(Role::Bad);
    paint.restyle(
        x,
        0,
        end.saturating_sub(x),
        style.add_modifier(Modifier::UNDERLINED),
    );
    let room = paint.width().saturating_sub(width(&error.what) + 3);
    let after = paint.put(x.min(room), 1, "^ ", Role::Bad);
    paint.put(after, 1, &error.what, Role::Bad);
}
