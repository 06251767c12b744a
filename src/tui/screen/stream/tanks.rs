//! The stages left to right as tanks under their phases, with pipes between.

use ratatui::layout::Rect;

use super::Picture;
use super::phases;
use super::tank::{self, Frame};
use crate::app::Data;
use crate::charts::{Strip, strip};
use crate::metrics::StageMeasures;
use crate::model::stage::Class;
use crate::model::time::days;
use crate::tui::format::{percent, rate};
use crate::tui::paint::{Paint, Run};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// Cells kept free at both sides for the marks of stages out of view.
const MARGIN: u16 = 1;

/// Rows of the strip's parts, from its top.
#[derive(Clone, Copy)]
struct Rows {
    names: u16,
    lines_of_names: u16,
    tank: u16,
    depth: u16,
    rates: u16,
    lines_of_rates: u16,
}

impl Rows {
    fn of(height: u16, strip: Strip) -> Self {
        let names = u16::from(height >= 6);
        let lines_of_names = if strip.cell < 12 && height >= 8 { 2 } else { 1 };
        let lines_of_rates = match (height, strip.cell) {
            (..8, _) => 0,
            (10.., ..9) => 2,
            _ => 1,
        };
        let tank = names + lines_of_names;
        let depth = height.saturating_sub(tank + lines_of_rates + 1);
        Self {
            names,
            lines_of_names,
            tank,
            depth,
            rates: tank + depth + 1,
            lines_of_rates,
        }
    }
}

fn strip_of((state, data): Picture<'_>, columns: u16) -> Strip {
    let room = columns.saturating_sub(2 * MARGIN);
    strip(
        data.measures.stages.len(),
        room,
        state.cursor.selected.stage,
    )
}

/// The stage at a cell of the strip.
pub(super) fn hit(picture: Picture<'_>, area: Rect, (x, _): (u16, u16)) -> Option<usize> {
    let strip = strip_of(picture, area.width);
    let at = usize::from(x.checked_sub(MARGIN)?.checked_div(strip.cell)?);
    (at < strip.count).then_some(strip.first + at)
}

/// Draws the strip.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let strip = strip_of(picture, paint.width());
    let rows = Rows::of(paint.height(), strip);
    let shown = strip.first..strip.first + strip.count;
    let greatest = data
        .measures
        .stages
        .iter()
        .map(|stage| a_day(data, stage.departures));
    let greatest = greatest.fold(0.0, f64::max);
    if rows.names > 0 {
        draw_phases(data, strip, paint);
    }
    let mut x = MARGIN;
    for at in shown {
        let frame = Frame {
            x,
            cell: strip.cell,
            top: rows.tank,
            rows: rows.depth,
            selected: at == state.cursor.selected.stage,
        };
        draw_name((state, data), (at, &frame), rows, paint);
        tank::draw(data, at, frame, paint);
        if at + 1 < data.measures.stages.len() {
            let out = a_day(data, data.measures.stages[at].departures);
            tank::draw_pipe(frame, (out, greatest), paint);
        }
        draw_rates(data, at, &frame, rows, paint);
        x += strip.cell;
    }
    draw_unseen(strip, rows, paint);
}

/// Says how many stages are out of view at either side.
fn draw_unseen(strip: Strip, rows: Rows, paint: &mut Paint<'_>) {
    let middle = rows.tank + rows.depth / 2;
    let last = paint.width().saturating_sub(1);
    for (count, x, sign) in [(strip.first, 0, "‹"), (strip.after, last, "›")] {
        if count > 0 {
            paint.put(x, middle, sign, Role::Accent);
            paint.put(x, middle + 1, &count.to_string(), Role::Accent);
        }
    }
}

/// The line of phases: each over its stages, with its share of the time.
fn draw_phases(data: &Data, strip: Strip, paint: &mut Paint<'_>) {
    let stages = &data.measures.stages[strip.first..strip.first + strip.count];
    let mut x = MARGIN;
    for (run, group) in stages.chunk_by(|a, b| a.phase == b.phase).enumerate() {
        let columns = strip.cell * u16::try_from(group.len()).unwrap_or(1);
        let phase = group[0].phase;
        let role = phases::role(phase);
        paint.rule(x, 0, columns, role);
        if run > 0 {
            paint.put(x, 0, "┬", Role::Faint);
        }
        let share = data
            .measures
            .phases
            .iter()
            .find(|share| share.phase == phase);
        let share = share
            .and_then(|share| share.share)
            .map(|share| format!(" {}", percent(share)));
        let label = format!(" {}{} ", phases::name(phase), share.unwrap_or_default());
        let short = format!(" {} ", phases::name(phase));
        let bare = phases::name(phase).to_owned();
        let fits = |(label, spare): &(String, u16)| width(label) + spare <= columns;
        let labels = [(label, 2), (short, 1), (bare.clone(), 0)];
        let label = labels
            .into_iter()
            .find(fits)
            .map_or(bare, |(label, _)| label);
        paint.put(
            x + 1,
            0,
            &cut(&label, columns.saturating_sub(1)),
            Role::Strong,
        );
        x += columns;
    }
}

/// A stage's name over its tank; of narrow tanks every other name stands a row lower.
fn draw_name(
    (state, data): Picture<'_>,
    (at, frame): (usize, &Frame),
    rows: Rows,
    paint: &mut Paint<'_>,
) {
    let stage = &data.measures.stages[at];
    let constraint = data.measures.bottleneck.constraint == Some(stage.stage);
    let selected = at == state.cursor.selected.stage;
    let lower = rows.lines_of_names == 2 && at % 2 == 1;
    let room = if rows.lines_of_names == 2 {
        2 * frame.cell - 1
    } else {
        frame.cell - 1
    };
    let row = rows.names + u16::from(lower);
    let sign = if constraint { "▶" } else { "" };
    let name = format!("{sign}{}", stage.name);
    let name = cut(&name, room);
    let role = match (constraint, stage.class) {
        (true, _) => Role::Constraint,
        (_, Class::Backlog | Class::Done) => Role::Muted,
        _ => Role::Text,
    };
    if selected {
        let ground = if constraint {
            Role::Constraint
        } else {
            Role::Accent
        };
        let style = paint.theme().on(ground);
        paint.put_styled(frame.x, row, &name, style);
    } else {
        paint.put(frame.x, row, &name, role);
    }
}

/// Items a day over the window.
fn a_day(data: &Data, items: u64) -> f64 {
    let length = days(data.measures.header.window.seconds()).max(1.0);
    u32::try_from(items).map_or(f64::MAX, f64::from) / length
}

/// Under a tank: what comes in a day, what leaves.
fn draw_rates(data: &Data, at: usize, frame: &Frame, rows: Rows, paint: &mut Paint<'_>) {
    let stage = &data.measures.stages[at];
    let (into, out) = (
        rate(a_day(data, stage.arrivals)),
        rate(a_day(data, stage.departures)),
    );
    let role = if piles_up(stage) {
        Role::Bad
    } else {
        Role::Muted
    };
    let last = at + 1 == data.measures.stages.len() || stage.class == Class::Done;
    let lines: [Vec<Run>; 2] = match (rows.lines_of_rates, last) {
        (0, _) => return,
        (1, false) => [
            vec![(both_or_out(&into, &out, frame.cell), role)],
            Vec::new(),
        ],
        (1, true) => [vec![(format!("→{into}"), role)], Vec::new()],
        (_, false) => [
            vec![(format!("→{into}"), Role::Muted)],
            vec![(format!("{out}→"), role)],
        ],
        (_, true) => [vec![(format!("→{into}"), Role::Muted)], Vec::new()],
    };
    for (row, line) in (rows.rates..).zip(lines) {
        let used: u16 = line.iter().map(|(text, _)| width(text)).sum();
        let indent = frame.tank_width().saturating_sub(used) / 2;
        let end = paint.put_all(frame.x + indent, row, &line);
        if at == 0 && strip_shows_unit(frame) && row == rows.rates {
            paint.put(end, row, "/d", Role::Faint);
        }
    }
}

/// What comes in and what leaves; the latter alone where both would touch those of the next tank.
fn both_or_out(into: &str, out: &str, cell: u16) -> String {
    let both = format!("{into}→{out}");
    if width(&both) < cell {
        both
    } else {
        format!("{out}→")
    }
}

fn strip_shows_unit(frame: &Frame) -> bool {
    frame.cell >= 12
}

/// A tenth more came in than left.
fn piles_up(stage: &StageMeasures) -> bool {
    stage.class.is_committed() && stage.arrivals * 10 > stage.departures * 11 + 10
}
