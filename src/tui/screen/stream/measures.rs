//! The five flow measures, each beside what it was in the period before.

use ratatui::layout::Rect;

use super::super::figures::{Figure, Trend, Wording, figures};
use super::super::kinds::{self, counted, name_of};
use crate::app::{Action, Data};
use crate::metrics::Share;
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::text::width;
use crate::tui::theme::Role;

fn figures_of(data: &Data) -> [Figure; 4] {
    let measures = &data.measures;
    let then = figures(&measures.flow, (&measures.before, measures.load_before));
    let Some((compared, _)) = data.compared() else {
        return then;
    };
    let now = figures(
        &compared.now.flow,
        (&measures.flow, Some(measures.flow.load)),
    );
    let mut then = then.into_iter();
    now.map(|now| then.next().map_or(now.clone(), |then| now.after(&then)))
}

/// Draws the measures in as many rows as there are: cards, or one or two rows of pieces.
pub(super) fn draw(data: &Data, paint: &mut Paint<'_>) {
    match paint.height() {
        0 => {}
        1 | 2 => draw_rows(data, paint),
        _ => draw_cards(data, paint),
    }
}

/// The action that shows what stands behind the number at a cell of the area.
pub(super) fn hit(data: &Data, area: Rect, (x, y): (u16, u16)) -> Option<Action> {
    let x = x.checked_sub(1)?;
    if area.height > 2 {
        let card = usize::from(x / card_columns(area.width));
        return figures_of(data).get(card).map(|card| card.opens);
    }
    let rows = rows(data, (area.width, area.height));
    let row = rows.get(usize::from(y))?;
    let here = |(at, piece): &&(u16, Piece<Action>)| (*at..*at + piece.width()).contains(&x);
    row.iter().find(here).map(|(_, piece)| piece.means)
}

fn draw_rows(data: &Data, paint: &mut Paint<'_>) {
    let size = (paint.width(), paint.height());
    for (y, row) in (0..).zip(rows(data, size)) {
        put(paint, 1, y, &row);
    }
}

/// One or two rows of pieces, each with its first column.
fn rows(data: &Data, (width, height): (u16, u16)) -> [Vec<(u16, Piece<Action>)>; 2] {
    let columns = width.saturating_sub(2);
    let mut pieces: Vec<Piece<Action>> = (0_u8..)
        .zip(figures_of(data))
        .map(|(at, card)| inline(&card, at))
        .collect();
    let kinds = Piece {
        runs: in_words(data, columns),
        rank: 9,
        means: Action::Finished,
    };
    let second = if height == 2 {
        vec![pieces.remove(3), kinds]
    } else {
        pieces.push(kinds);
        Vec::new()
    };
    [pieces, second].map(|pieces| fit(pieces, columns, 3))
}

fn inline(card: &Figure, rank: u8) -> Piece<Action> {
    let mut runs = vec![
        (format!("{} ", card.name), Role::Muted),
        (card.value.clone(), Role::Strong),
    ];
    if let Some(trend @ Trend::Changed { .. }) = &card.trend {
        runs.push((" ".to_owned(), Role::Text));
        runs.push(trend.run(Wording::Signs));
    }
    Piece {
        runs,
        rank,
        means: card.opens,
    }
}

/// Columns of one card.
fn card_columns(width: u16) -> u16 {
    (width.saturating_sub(2) * 3 / 5 / 4).clamp(20, 26)
}

fn draw_cards(data: &Data, paint: &mut Paint<'_>) {
    let cards = figures_of(data);
    let column = card_columns(paint.width());
    let in_words = cards.iter().all(|card| card.width(Wording::Words) < column);
    let wording = if in_words {
        Wording::Words
    } else {
        Wording::Signs
    };
    let mut x = 1;
    for card in &cards {
        paint.put(x, 1, card.name, Role::Muted);
        let after = paint.put(x, 2, &card.value, Role::Strong);
        if let Some(trend) = &card.trend {
            let (text, role) = trend.run(wording);
            paint.put(after + 1, 2, &text, role);
        }
        x += column;
    }
    draw_kinds(data, paint, x);
}

fn ranked(data: &Data) -> (Vec<&Share>, f64) {
    let mut shares: Vec<&Share> = data.measures.distribution.finished.iter().collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.count));
    let all: f64 = shares.iter().map(|share| counted(share)).sum();
    (shares, all.max(1.0))
}

/// What was finished, by kind, as a bar in parts with its legend.
fn draw_kinds(data: &Data, paint: &mut Paint<'_>, x: u16) {
    let columns = paint.width().saturating_sub(x + 1);
    let (shares, all) = ranked(data);
    paint.put(x, 1, "Finished, % by kind", Role::Muted);
    let parts: Vec<(usize, f64)> = shares
        .iter()
        .map(|share| counted(share))
        .enumerate()
        .collect();
    kinds::draw_bar(
        &parts,
        (x + 21, 1, columns.saturating_sub(21).min(40)),
        paint,
    );
    let named = shares.iter().zip((0_u8..).zip(0..));
    let pieces = named.map(|(share, (rank, at))| Piece {
        runs: vec![
            ("■ ".to_owned(), kinds::role(at)),
            (format!("{} ", name_of(share)), Role::Muted),
            (format!("{:.0}", counted(share) / all * 100.0), Role::Text),
        ],
        rank,
        means: (),
    });
    let fitted = fit(pieces.collect(), columns, 2);
    put(paint, x, 2, &fitted);
}

/// The same in one row of words, as far as it fits.
fn in_words(data: &Data, columns: u16) -> Vec<Run> {
    let (shares, all) = ranked(data);
    let mut runs = vec![("Finished ".to_owned(), Role::Muted)];
    let mut used = 9;
    for share in shares {
        let text = format!("{} {:.0}  ", name_of(share), counted(share) / all * 100.0);
        used += width(&text);
        if used + 26 <= columns {
            runs.push((text, Role::Text));
        }
    }
    runs
}
