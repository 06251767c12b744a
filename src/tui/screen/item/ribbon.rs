//! The life of an item as a bar of time.

use ratatui::style::Style;

use super::{letter, place};
use crate::app::Data;
use crate::charts::{RibbonCell, ribbon};
use crate::metrics::Story;
use crate::tui::format::span_in;
use crate::tui::paint::Paint;
use crate::tui::screen::stream::fresh;
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// Draws the bar, with names above and dates below where there are four rows.
pub(in crate::tui::screen) fn draw(data: &Data, story: &Story, paint: &mut Paint<'_>) {
    let columns = paint.width().saturating_sub(2);
    let cells = ribbon(story, columns);
    let (names, bar) = if paint.height() >= 4 {
        (true, 1)
    } else {
        (false, 0)
    };
    for (x, cell) in (1..).zip(&cells) {
        draw_cell(story, *cell, (x, bar), paint);
    }
    if names {
        draw_names(data, story, &cells, paint);
    }
    draw_dates(data, story, bar + 1, paint);
}

fn draw_cell(story: &Story, cell: RibbonCell, (x, y): (u16, u16), paint: &mut Paint<'_>) {
    let class = story.visits.get(cell.visit).and_then(|visit| visit.class);
    let role = class.map_or(Role::Faint, fresh);
    let plain = paint.theme().is_plain();
    match (plain, cell.blocked) {
        (true, true) => paint.symbol(x, y, "╳", Style::new()),
        (true, false) => paint.symbol(x, y, letter(class), Style::new()),
        (false, true) => {
            let style = paint.theme().on(role);
            paint.symbol(x, y, "╱", style);
        }
        (false, false) => paint.symbol(x, y, " ", paint.theme().on(role)),
    }
}

/// The name of each visit that is long enough, over its part of the bar.
fn draw_names(data: &Data, story: &Story, cells: &[RibbonCell], paint: &mut Paint<'_>) {
    let mut x = 1;
    for run in cells.chunk_by(|a, b| a.visit == b.visit) {
        let columns = u16::try_from(run.len()).unwrap_or(u16::MAX);
        if let Some(visit) = story.visits.get(run[0].visit) {
            let name = place(data, visit.position);
            if columns >= 4 {
                paint.put(x, 0, &cut(&name, columns - 1), Role::Muted);
            }
        }
        x += columns;
    }
}

fn draw_dates(data: &Data, story: &Story, y: u16, paint: &mut Paint<'_>) {
    let (Some(first), Some(last)) = (story.visits.first(), story.visits.last()) else {
        return;
    };
    let zone = data.snapshot.zone();
    let right = paint.width().saturating_sub(1);
    let (from, to) = (zone.day_of(first.from), zone.day_of(last.to));
    let (from, to) = if from.same_year(to) {
        (from.short(), to.short())
    } else {
        (from.with_year(), to.with_year())
    };
    paint.put(1, y, &from, Role::Muted);
    paint.put_right(right, y, &to, Role::Muted);
    let length = data.measures.ruler.between(first.from, last.to);
    let length = span_in(data.question.time, length);
    let middle = (right / 2).saturating_sub(width(&length) / 2);
    paint.put(middle, y, &length, Role::Muted);
}
