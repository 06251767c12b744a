//! The ranking: score and signs of every committed stage as small bars with numbers.

use ratatui::style::Style;

use super::super::stream::Picture;
use super::first_of;
use crate::app::Data;
use crate::charts::bar;
use crate::metrics::Ranked;
use crate::tui::paint::Paint;
use crate::tui::text::cut;
use crate::tui::theme::Role;

/// The columns: name, and whether it is left out where there is little room.
const SIGNS: [(&str, bool); 6] = [
    ("score", false),
    ("waiting", false),
    ("pressure", false),
    ("growth", true),
    ("ageing", true),
    ("starving", true),
];

/// Cells of a column of numbers, and how many of the columns there are.
struct Columns {
    name: u16,
    each: u16,
    count: usize,
}

impl Columns {
    fn new(width: u16) -> Self {
        let name = (width / 4).clamp(8, 24);
        let free = width.saturating_sub(name + 4);
        let all = if width >= 60 { 6 } else { 3 };
        Self {
            name,
            each: (free / u16::try_from(all).unwrap_or(6)).min(24),
            count: all,
        }
    }

    fn x(&self, at: usize) -> u16 {
        self.name + 4 + self.each * u16::try_from(at).unwrap_or(0)
    }
}

fn values(ranked: &Ranked) -> [f64; 6] {
    let signs = ranked.evidence;
    [
        ranked.score,
        signs.waiting,
        signs.pressure,
        signs.growth,
        signs.ageing,
        signs.starving,
    ]
}

/// Draws the head and the stages.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let columns = Columns::new(paint.width());
    paint.put(3, 0, "stage", Role::Muted);
    for (at, (name, _)) in SIGNS.iter().enumerate().take(columns.count) {
        let unit = if at > 0 && columns.each >= 12 {
            " %"
        } else {
            ""
        };
        let room = columns.each.saturating_sub(1);
        paint.put(
            columns.x(at),
            0,
            &cut(&format!("{name}{unit}"), room),
            Role::Muted,
        );
    }
    let room = usize::from(paint.height().saturating_sub(1));
    let first = first_of(picture, room);
    let ranking = data.measures.bottleneck.ranking.iter();
    for (y, ranked) in (1..).zip(ranking.skip(first).take(room)) {
        let selected = ranked.stage.index() == state.cursor.selected.stage;
        let mut line = paint.row(y, selected);
        draw_stage(data, ranked, (&columns, y), &mut line);
    }
}

/// The stage at a row below the head, in a part of so many rows.
pub(super) fn stage_at(picture: Picture<'_>, height: u16, row: u16) -> Option<usize> {
    let room = usize::from(height.saturating_sub(1));
    let at = first_of(picture, room) + usize::from(row);
    let ranked = picture.1.measures.bottleneck.ranking.get(at);
    ranked.map(|ranked| ranked.stage.index())
}

fn draw_stage(data: &Data, ranked: &Ranked, (columns, y): (&Columns, u16), paint: &mut Paint<'_>) {
    let Some(stage) = data.measures.stages.get(ranked.stage.index()) else {
        return;
    };
    let is_constraint = data.measures.bottleneck.constraint == Some(ranked.stage);
    let role = if is_constraint {
        paint.put(1, y, "▶", Role::Constraint);
        Role::Strong
    } else {
        Role::Text
    };
    paint.put(3, y, &cut(&stage.name, columns.name), role);
    let shown = values(ranked).into_iter().enumerate().take(columns.count);
    let now = now_of(data, ranked);
    for (at, value) in shown {
        let ink = match (is_constraint, at) {
            (true, _) => Role::Constraint,
            (_, 0) => Role::Queue,
            _ => Role::Done,
        };
        let x = columns.x(at);
        draw_bar(value, ink, (x, y, columns.each.saturating_sub(6)), paint);
        if let Some(now) = now {
            draw_now(
                (value, now[at]),
                (x, y, columns.each.saturating_sub(6)),
                paint,
            );
        }
        let told = if at == 0 {
            format!("{value:.2}")
        } else {
            format!("{:.0}", value * 100.0)
        };
        let faint = if value < 0.005 { Role::Faint } else { role };
        paint.put_right(x + columns.each.saturating_sub(1), y, &told, faint);
    }
}

/// Where the past is held beside now: what the bars of a stage are now.
fn now_of(data: &Data, then: &Ranked) -> Option<[f64; 6]> {
    let (compared, _) = data.compared()?;
    let mut stages = compared.now.bottleneck.ranking.iter();
    stages.find(|one| one.stage == then.stage).map(values)
}

/// Where a bar ends now, if that is another cell.
fn draw_now((then, now): (f64, f64), (x, y, width): (u16, u16, u16), paint: &mut Paint<'_>) {
    let end = |value| bar(value, 1.0, width).full.min(width.saturating_sub(1));
    let at = end(now);
    if at != end(then) {
        let style = paint.theme().style(Role::Accent);
        paint.symbol(x + at, y, "◆", style);
    }
}

/// A bar a little lower than its row, so that rows stay apart, on a faint track.
fn draw_bar(value: f64, ink: Role, (x, y, width): (u16, u16, u16), paint: &mut Paint<'_>) {
    let length = bar(value, 1.0, width);
    let shows = value >= 0.005 && (length.eighths >= 4 || length.full == 0);
    let filled = (length.full + u16::from(shows)).min(width);
    let symbol = if paint.theme().is_plain() {
        "█"
    } else {
        "▆"
    };
    let style = Style::new().fg(paint.theme().between(ink, ink, 0.0));
    let track = paint.theme().style(Role::Faint);
    for at in 0..width {
        if at < filled {
            paint.symbol(x + at, y, symbol, style);
        } else {
            paint.symbol(x + at, y, "·", track);
        }
    }
}
