//! The five flow measures, each beside what it was in the period before.

use ratatui::layout::Rect;

use crate::app::{Action, Data};
use crate::metrics::{Efficiency, Flow, Share};
use crate::model::time::days;
use crate::tui::format::percent;
use crate::tui::paint::{Paint, Run};
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::text::width;
use crate::tui::theme::Role;

/// A measure: its name, its value, how it has changed, and what shows what stands behind it.
struct Card {
    name: &'static str,
    opens: Action,
    value: String,
    trend: Option<Trend>,
}

/// A change against the period before.
enum Trend {
    Same,
    Changed {
        up: bool,
        better: bool,
        size: String,
    },
}

/// How a trend is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wording {
    /// `▼8 % better`
    Words,
    /// `▼8%✓`
    Signs,
}

/// Under so many items a change is chance: none is shown, the count is.
const FEW: u64 = 10;

impl Trend {
    /// The change from one value to another; `None` where there was nothing to compare with.
    fn relative(now: f64, before: f64, more_is_better: bool) -> Option<Self> {
        let change = (now - before) / before;
        let up = change > 0.0;
        (before > 0.0).then(|| match change.abs() {
            size if size >= 0.005 => Self::Changed {
                up,
                better: up == more_is_better,
                size: percent(size),
            },
            _ => Self::Same,
        })
    }

    /// The change of a share, in points: a percentage of a percentage misleads.
    fn of_shares(now: f64, before: f64) -> Self {
        let points = (now - before) * 100.0;
        if points.abs() < 0.5 {
            return Self::Same;
        }
        Self::Changed {
            up: points > 0.0,
            better: points > 0.0,
            size: format!("{:.0} pt", points.abs()),
        }
    }

    fn run(&self, wording: Wording) -> Run {
        let Self::Changed { up, better, size } = self else {
            return ("=".to_owned(), Role::Muted);
        };
        let role = if *better { Role::Good } else { Role::Bad };
        let arrow = if *up { "▲" } else { "▼" };
        let text = match (wording, better) {
            (Wording::Words, true) => format!("{arrow}{size} better"),
            (Wording::Words, false) => format!("{arrow}{size} worse"),
            (Wording::Signs, true) => format!("{arrow}{}✓", size.replace(' ', "")),
            (Wording::Signs, false) => format!("{arrow}{}!", size.replace(' ', "")),
        };
        (text, role)
    }
}

impl Card {
    /// Cells of its value and trend.
    fn width(&self, wording: Wording) -> u16 {
        let trend = self.trend.as_ref().map(|trend| trend.run(wording).0);
        width(&self.value) + trend.map_or(0, |text| 1 + width(&text))
    }
}

fn cards(data: &Data) -> [Card; 4] {
    let (now, before) = (&data.measures.flow, &data.measures.before);
    let p85 = |flow: &Flow| flow.time.map(|time| days(time.percentiles.p85()));
    let per_week = |flow: &Flow| flow.velocity.per_week;
    let ratio = |flow: &Flow| flow.efficiency.as_ref().and_then(Efficiency::ratio);
    let load = |load: u64| u32::try_from(load).ok().map(f64::from);
    let load_before = data.measures.load_before.and_then(load);
    let enough = now.velocity.finished.min(before.velocity.finished) >= FEW;
    let trend = |of: &dyn Fn(&Flow) -> Option<f64>, more_is_better| {
        let both = of(now).zip(of(before)).filter(|_| enough);
        both.and_then(|(now, before)| Trend::relative(now, before, more_is_better))
    };
    let n = now.time.map_or(0, |time| time.percentiles.n as u64);
    let few = if (1..FEW).contains(&n) {
        format!(" (n {n})")
    } else {
        String::new()
    };
    let value = |value: Option<f64>, write: &dyn Fn(f64) -> String| {
        value.map_or_else(|| "–".to_owned(), write)
    };
    [
        Card {
            name: "Flow time P85",
            opens: Action::Times,
            value: value(p85(now), &|days| format!("{days:.1} d{few}")),
            trend: trend(&p85, false),
        },
        Card {
            name: "Velocity",
            opens: Action::Throughput,
            value: value(per_week(now), &|rate| format!("{rate:.1}/wk")),
            trend: trend(&per_week, true),
        },
        Card {
            name: "Load",
            opens: Action::InProgress,
            value: now.load.to_string(),
            trend: load(now.load)
                .zip(load_before)
                .and_then(|(now, before)| Trend::relative(now, before, false)),
        },
        Card {
            name: "Efficiency",
            opens: Action::Finished,
            value: value(ratio(now), &percent),
            trend: ratio(now)
                .zip(ratio(before))
                .filter(|_| enough)
                .map(|(now, before)| Trend::of_shares(now, before)),
        },
    ]
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
        return cards(data).get(card).map(|card| card.opens);
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
        .zip(cards(data))
        .map(|(at, card)| inline(&card, at))
        .collect();
    let kinds = Piece {
        runs: kinds(data, columns),
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

fn inline(card: &Card, rank: u8) -> Piece<Action> {
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
    let cards = cards(data);
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

const KIND_ROLES: [Role; 4] = [Role::Queue, Role::Constraint, Role::Active, Role::Blocked];

fn ranked(data: &Data) -> (Vec<&Share>, f64) {
    let mut shares: Vec<&Share> = data.measures.distribution.finished.iter().collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.count));
    let all: f64 = shares.iter().map(|share| counted(share)).sum();
    (shares, all.max(1.0))
}

fn counted(share: &Share) -> f64 {
    u32::try_from(share.count).map_or(f64::MAX, f64::from)
}

fn name_of(share: &Share) -> &str {
    share.kind.as_deref().unwrap_or("no kind")
}

/// What was finished, by kind, as a bar in parts with its legend.
fn draw_kinds(data: &Data, paint: &mut Paint<'_>, x: u16) {
    let columns = paint.width().saturating_sub(x + 1);
    let (shares, all) = ranked(data);
    paint.put(x, 1, "Finished, % by kind", Role::Muted);
    let plain = paint.theme().is_plain();
    let parts: Vec<f64> = shares.iter().map(|share| counted(share)).collect();
    let widths = crate::charts::segments(&parts, columns.saturating_sub(21).min(40));
    let mut bar = x + 21;
    for (at, width) in widths.iter().enumerate() {
        let style = paint.theme().style(KIND_ROLES[at % KIND_ROLES.len()]);
        for _ in 0..*width {
            let pattern = if plain {
                ["█", "▓", "▒", "░"][at % 4]
            } else {
                "▬"
            };
            paint.symbol(bar, 1, pattern, style);
            bar += 1;
        }
    }
    let named = shares.iter().zip((0_u8..).zip(KIND_ROLES.iter().cycle()));
    let pieces = named.map(|(share, (rank, role))| Piece {
        runs: vec![
            ("■ ".to_owned(), *role),
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
fn kinds(data: &Data, columns: u16) -> Vec<Run> {
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

#[cfg(test)]
mod tests {
    use super::{Action, Card, Trend, Wording};

    fn told(now: f64, before: f64) -> Option<String> {
        Trend::relative(now, before, true).map(|trend| trend.run(Wording::Words).0)
    }

    #[test]
    fn only_what_can_be_compared_has_a_trend() {
        assert_eq!(told(11.0, 10.0).as_deref(), Some("▲10 % better"));
        assert_eq!(told(9.0, 10.0).as_deref(), Some("▼10 % worse"));
        assert_eq!(told(10.04, 10.0).as_deref(), Some("="));
        assert_eq!(told(5.0, 0.0), None, "from nothing to five is not the same");
    }

    #[test]
    fn a_card_knows_its_room() {
        let card = Card {
            name: "Flow time P85",
            opens: Action::Times,
            value: "275.5 d".to_owned(),
            trend: Trend::relative(275.5, 475.0, false),
        };
        assert_eq!(card.width(Wording::Words), 20);
        assert_eq!(card.width(Wording::Signs), 13);
    }
}
