//! The time in each stage: a box with whiskers a stage, on one axis of days.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::super::beside;
use super::super::first_row;
use super::super::stream::{Picture, fresh};
use crate::app::{Action, Click, Data};
use crate::charts::{Rise, SpreadCell, spread_box};
use crate::metrics::{Basis, Expectation, Percentiles, Spread, StageMeasures, StageTimes};
use crate::tui::format::{count, percent, span_in};
use crate::tui::paint::Paint;
use crate::tui::pieces::{Piece, fit, put};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// Cells of a number at the right.
const NUMBER: u16 = 8;

/// Cells of the count.
const COUNT: u16 = 6;

/// The picture laid out: names, boxes, numbers.
struct Board {
    name: u16,
    chart: Rect,
    /// Which of P50, P75 and P95 there is room for.
    numbers: &'static [usize],
    /// Rows of a stage.
    each: u16,
    first: usize,
    shown: usize,
}

impl Board {
    fn new((state, data): Picture<'_>, area: Rect) -> Self {
        let stages = data.stages_with_times();
        let name = (area.width / 5).clamp(8, 24);
        let numbers: &[usize] = match area.width {
            ..60 => &[0],
            60..110 => &[0, 2],
            _ => &[0, 1, 2],
        };
        let taken = name + 4 + COUNT + NUMBER * u16::try_from(numbers.len()).unwrap_or(3);
        let rows = area.height.saturating_sub(6);
        let count = u16::try_from(stages.len()).unwrap_or(u16::MAX).max(1);
        let each = (rows / count).clamp(1, 3);
        let fitting = usize::from(rows / each);
        let here = stages
            .iter()
            .position(|at| *at == state.cursor.selected.stage);
        Self {
            name,
            chart: Rect::new(name + 3, 3, area.width.saturating_sub(taken), rows),
            numbers,
            each,
            first: first_row(here.unwrap_or(0), stages.len(), fitting),
            shown: fitting.min(stages.len()),
        }
    }

    /// The row of the `at`-th stage in view.
    fn row(&self, at: usize) -> u16 {
        let down = u16::try_from(at).unwrap_or(u16::MAX);
        self.chart.y + down.saturating_mul(self.each)
    }
}

/// Draws the picture below the header.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (_, data) = picture;
    let board = Board::new(picture, Rect::new(0, 0, paint.width(), paint.height()));
    let name = format!("Time in stage, n {}", data.measures.finished.len());
    let shows = "days in each stage, of the items finished in the window";
    beside::draw_title(picture, &name, shows, paint);
    let Some(times) = data.asides.stage_times.known() else {
        paint.put(3, 3, "Adding up ...", Role::Muted);
        return;
    };
    let Some(rise) = rise(data, times) else {
        let said = "Nothing was finished in this window. Press w for a longer one.";
        paint.put(3, 3, said, Role::Muted);
        return;
    };
    draw_head(&board, paint);
    let stages = data.stages_with_times();
    let shown = stages.iter().skip(board.first).take(board.shown);
    for (at, stage) in shown.enumerate() {
        let y = board.row(at);
        draw_stage(picture, (*stage, times, rise), (&board, y), paint);
    }
    let below = board.row(board.shown).min(paint.height().saturating_sub(3));
    draw_axis(rise, board.chart, below, paint);
    draw_said(picture, times, paint);
}

/// What lies at a row: a stage, or what stands behind it if it is selected.
pub(super) fn hit(picture: Picture<'_>, area: Rect, y: u16) -> Option<Click> {
    let (state, data) = picture;
    let board = Board::new(picture, area);
    let down = usize::from(y.checked_sub(board.chart.y)? / board.each);
    let stages = data.stages_with_times();
    let stage = *stages.get(board.first + down)?;
    let click = if stage == state.cursor.selected.stage {
        Click::Action(Action::Open)
    } else {
        Click::Stage(stage)
    };
    (down < board.shown).then_some(click)
}

/// The axis that has room for every box and every expectation that is set. Short stages stand
/// beside long ones: where the medians lie far below the longest whisker, by the logarithm.
fn rise(data: &Data, times: &StageTimes) -> Option<Rise> {
    let stages = data.stages_with_times();
    let spread = |at: &usize| times.of_stage(*at)?.spread;
    let spreads: Vec<Spread> = stages.iter().filter_map(spread).collect();
    let most = spreads.iter().map(|spread| spread.values[4]).max()?;
    let set = stages.iter().filter_map(|at| expected(data, *at));
    let top = set.map(|sle| sle.within).max().unwrap_or(0).max(most);
    let mut medians: Vec<i64> = spreads.iter().map(|spread| spread.values[2]).collect();
    let middle = Percentiles::of(&mut medians)?;
    let values = [middle.p50(), 0, 0, most];
    Some(Rise::of(top, &Percentiles { values, ..middle }))
}

/// What the config expects of a stage; nothing where it is only measured.
fn expected(data: &Data, stage: usize) -> Option<Expectation> {
    let all = &data.measures.expectations.stages;
    let here = all.get(stage).copied().flatten();
    here.filter(|expectation| expectation.basis == Basis::Configured)
}

/// The names of the columns.
fn draw_head(board: &Board, paint: &mut Paint<'_>) {
    paint.put(3, 2, "stage", Role::Muted);
    let mut end = board.chart.right();
    for number in board.numbers {
        end += NUMBER;
        paint.put_right(end, 2, ["P50", "P75", "P95"][*number], Role::Muted);
    }
    paint.put_right(end + COUNT, 2, "n", Role::Muted);
}

fn draw_stage(
    (state, data): Picture<'_>,
    (at, times, rise): (usize, &StageTimes, Rise),
    (board, y): (&Board, u16),
    paint: &mut Paint<'_>,
) {
    let Some(stage) = data.measures.stages.get(at) else {
        return;
    };
    let constraint = data.measures.bottleneck.constraint == Some(stage.stage);
    let mut line = paint.row(y, at == state.cursor.selected.stage);
    let mut role = Role::Text;
    if constraint {
        line.put(1, y, "▶", Role::Constraint);
        role = Role::Strong;
    }
    line.put(3, y, &cut(&stage.name, board.name.saturating_sub(1)), role);
    let Some(spread) = times.of_stage(at).and_then(|stays| stays.spread) else {
        let said = cut("no finished item was in it", board.chart.width);
        line.put(board.chart.x, y, &said, Role::Faint);
        return;
    };
    draw_box(spread, stage, (rise, board.chart, y), &mut line);
    if let Some(sle) = expected(data, at) {
        let x = board.chart.x + rise.row(sle.within, board.chart.width);
        let style = line.theme().style(Role::Accent);
        line.symbol(x, y, "◆", style);
    }
    draw_numbers(data, spread, (board, y), &mut line);
}

fn draw_numbers(data: &Data, spread: Spread, (board, y): (&Board, u16), paint: &mut Paint<'_>) {
    let mut end = board.chart.right();
    for number in board.numbers {
        end += NUMBER;
        let told = span_in(data.question.time, spread.values[number + 2]);
        let role = if *number == 0 {
            Role::Strong
        } else {
            Role::Muted
        };
        paint.put_right(end, y, &told, role);
    }
    paint.put_right(end + COUNT, y, &spread.n.to_string(), Role::Muted);
}

/// The box with its whiskers; the median stands out without colours too.
fn draw_box(
    spread: Spread,
    stage: &StageMeasures,
    (rise, chart, y): (Rise, Rect, u16),
    paint: &mut Paint<'_>,
) {
    let Some(of) = spread_box(spread.values, rise, chart.width) else {
        return;
    };
    let ink = paint.theme().between(fresh(stage.class), Role::Panel, 0.0);
    let ink = Style::new().fg(ink);
    let whisker = paint.theme().style(Role::Muted);
    let median = paint.theme().style(Role::Strong);
    for x in of.least..=of.most {
        let (symbol, style) = match of.cell(x) {
            Some(SpreadCell::End) if x == of.least => ("├", whisker),
            Some(SpreadCell::End) => ("┤", whisker),
            Some(SpreadCell::Whisker) => ("─", whisker),
            Some(SpreadCell::Box) => (self::body(paint.theme().is_plain()), ink),
            Some(SpreadCell::Median) => ("┃", median.add_modifier(Modifier::BOLD)),
            None => continue,
        };
        paint.symbol(chart.x + x, y, symbol, style);
    }
}

/// What boxes are made of.
fn body(plain: bool) -> &'static str {
    if plain { "▒" } else { "▆" }
}

/// The axis of days below the boxes, no two numbers in one place.
fn draw_axis(rise: Rise, chart: Rect, y: u16, paint: &mut Paint<'_>) {
    let unit = "days";
    let last = chart.right().saturating_sub(width(unit) + 1);
    let mut free = chart.x;
    for (days, at) in rise.marks(chart.width) {
        let text = days.to_string();
        let x = (chart.x + at).saturating_sub((width(&text) - 1) / 2);
        if x >= free && x + width(&text) <= last {
            free = paint.put(x, y, &text, Role::Muted) + 3;
        }
    }
    paint.put_right(chart.right(), y, unit, Role::Muted);
}

/// The selected stage in words, and what the picture shows.
fn draw_said((state, data): Picture<'_>, times: &StageTimes, paint: &mut Paint<'_>) {
    let y = paint.height().saturating_sub(2);
    let room = paint.width().saturating_sub(2);
    let at = state.cursor.selected.stage;
    let spread = times.of_stage(at).and_then(|stays| stays.spread);
    if let Some((stage, spread)) = data.measures.stages.get(at).zip(spread) {
        put(paint, 1, y, &fit(said(data, (at, stage), spread), room, 2));
    }
    let set = data
        .stages_with_times()
        .into_iter()
        .any(|at| expected(data, at).is_some());
    let body = body(paint.theme().is_plain());
    let ranks = format!("├─{body}┃{body}─┤ 5, 25, 50, 75, 95 of 100 took no longer");
    let mut legend = vec![
        piece(0, &ranks, Role::Muted),
        piece(2, &format!("{body} half of all"), Role::Muted),
    ];
    legend.extend(set.then(|| piece(1, "◆ what is expected", Role::Accent)));
    put(paint, 1, y + 1, &fit(legend, room, 3));
}

fn said(data: &Data, (at, stage): (usize, &StageMeasures), spread: Spread) -> Vec<Piece<()>> {
    let told = |at: usize| span_in(data.question.time, spread.values[at]);
    let items = count(spread.n as u64, "item", "items");
    let half = format!("half of {items} took up to {}", told(2));
    let most = format!("19 of 20 up to {}", told(4));
    let mut pieces = vec![
        piece(0, &cut(&stage.name, 24), Role::Strong),
        piece(0, &half, Role::Text),
        piece(2, &most, Role::Text),
    ];
    pieces.extend(expected(data, at).map(|sle| {
        let within = span_in(data.question.time, sle.within);
        let kept = sle
            .share()
            .map(|share| format!(", kept by {}", percent(share)));
        let kept = kept.unwrap_or_default();
        let told = format!("◆ {} % within {within}{kept}", sle.percent);
        piece(1, &told, Role::Accent)
    }));
    pieces
}

fn piece(rank: u8, text: &str, role: Role) -> Piece<()> {
    Piece {
        runs: vec![(text.to_owned(), role)],
        rank,
        means: (),
    }
}
