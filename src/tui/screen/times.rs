//! Flow times: a point an item by the day of its finish, percentiles across, a histogram beside.

mod by_stage;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::axis::{self, NUMBERS};
use super::beside;
use super::stream::{Picture, draw_header};
use crate::app::{Click, Data, Point, Spot, TimesBy};
use crate::charts::{Heights, Rise, Scatter, along, bar};
use crate::metrics::FlowTime;
use crate::model::rule::Rule;
use crate::model::time::{Sec, Window};
use crate::tui::format::{count, span_in};
use crate::tui::paint::{GROWING, Paint, Run};
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// Columns for the names of the percentiles.
const NAMES: u16 = 15;

/// Columns of the histogram, where there is room for one.
const HISTOGRAM: u16 = 22;

/// The picture laid out.
struct Board {
    chart: Rect,
    histogram: Option<Rect>,
    rise: Rise,
    window: Window,
}

impl Board {
    fn new(data: &Data, time: &FlowTime, area: Rect) -> Self {
        let histogram = if area.width >= 76 { HISTOGRAM } else { 0 };
        let columns = area.width.saturating_sub(NUMBERS + NAMES + histogram);
        let chart = Rect::new(NUMBERS, 2, columns, area.height.saturating_sub(5));
        let longest = data.points.iter().map(|point| point.flow).max();
        Self {
            histogram: (histogram > 0).then(|| Rect {
                x: chart.right() + NAMES,
                width: histogram,
                ..chart
            }),
            rise: Rise::of(longest.unwrap_or(0), &time.percentiles),
            window: data.measures.header.window,
            chart,
        }
    }

    fn place(&self, point: &Point) -> (u16, u16) {
        let x = self.chart.x + along(point.at, self.window, self.chart.width);
        let row = self.rise.row(point.flow, self.chart.height);
        (x, self.chart.bottom().saturating_sub(1 + row))
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    if state.cursor.times == TimesBy::Stage {
        return by_stage::draw(picture, paint);
    }
    let name = format!("Flow time, n {}", data.points.len());
    let shows = "days from start to finish, by the day of finish; the brighter, the more items";
    beside::draw_title(picture, &name, shows, paint);
    let Some(time) = &data.measures.flow.time else {
        let said =
            "Nothing with a flow time was finished in this window. Press w for a longer one.";
        paint.put(NUMBERS, 3, said, Role::Muted);
        return;
    };
    let board = Board::new(data, time, Rect::new(0, 0, paint.width(), paint.height()));
    if board.chart.width == 0 || board.chart.height == 0 {
        return;
    }
    axis::draw_numbers(&board.rise.marks(board.chart.height), board.chart, paint);
    draw_percentiles(data, time, &board, paint);
    draw_now(data, &board, paint);
    let points = data.points.iter().map(|point| (point.at, point.flow));
    let size = (board.chart.width, board.chart.height);
    let scatter = Scatter::of(points, board.window, board.rise, size);
    draw_points(&scatter, board.chart, paint);
    draw_dates(data, &board, paint);
    if let Some(area) = board.histogram {
        draw_histogram(&scatter, area, paint);
    }
    draw_chosen(picture, &board, paint);
}

/// What lies at a cell: the point nearest to it.
pub(super) fn hit(picture: Picture<'_>, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let (state, data) = picture;
    if state.cursor.times == TimesBy::Stage {
        return by_stage::hit(picture, area, y);
    }
    let time = data.measures.flow.time.as_ref()?;
    let board = Board::new(data, time, area);
    if !board.chart.contains((x, y).into()) {
        return None;
    }
    let far = |point: &&Point| {
        let (px, py) = board.place(point);
        u32::from(px.abs_diff(x)) + 2 * u32::from(py.abs_diff(y))
    };
    let nearest = data.points.iter().min_by_key(far)?;
    Some(Click::Point(nearest.spot()))
}

fn draw_percentiles(data: &Data, time: &FlowTime, board: &Board, paint: &mut Paint<'_>) {
    let chart = board.chart;
    let names = ["P50", "P70", "P85", "P95"];
    let mut taken = Vec::new();
    for (name, value) in names.into_iter().zip(time.percentiles.values).rev() {
        let row = board.rise.row(value, chart.height);
        let y = chart.bottom().saturating_sub(1 + row);
        let role = if name == "P85" {
            Role::Accent
        } else {
            Role::Muted
        };
        let style = paint
            .theme()
            .style(if name == "P85" { role } else { Role::Faint });
        for x in chart.x..chart.right() {
            paint.symbol(x, y, "╌", style.remove_modifier(Modifier::all()));
        }
        if !taken.contains(&y) {
            let named = if name == "P85" && is_expected(data) {
                "P85 SLE"
            } else {
                name
            };
            let text = format!("{named} {}", span_in(data.question.time, value));
            paint.put(chart.right() + 1, y, &text, role);
            taken.push(y);
        }
    }
}

/// Where the past is held beside now: the percentiles of now, at the edge of the picture.
fn draw_now(data: &Data, board: &Board, paint: &mut Paint<'_>) {
    let Some((compared, _)) = data.compared() else {
        return;
    };
    let now = compared.now.flow.time.as_ref();
    let values = now.map(|now| now.percentiles.values);
    for (at, value) in values.into_iter().flatten().enumerate() {
        let row = board.rise.row(value, board.chart.height);
        let y = board.chart.bottom().saturating_sub(1 + row);
        let role = if at == 2 { Role::Accent } else { Role::Muted };
        let style = paint.theme().style(role);
        paint.symbol(board.chart.right(), y, "◂", style);
    }
}

/// Whether the 85th percentile shown is what may be expected of any item: of the whole stream, not
/// of a choice of its items.
fn is_expected(data: &Data) -> bool {
    data.question.filter == Rule::Always
}

/// What may be expected of an item that is begun.
fn expectation(data: &Data) -> Option<String> {
    let time = data.measures.flow.time.as_ref()?;
    let days = span_in(data.question.time, time.percentiles.p85());
    is_expected(data).then(|| format!("service level expectation: 85 % within {days}"))
}

/// Up to so many points in a hundred cells are drawn large: small ones would be lost.
const SPARSE: u32 = 12;

/// The sign of a cell with few points.
fn large(count: u32) -> &'static str {
    match count {
        1 => "•",
        _ => "●",
    }
}

fn draw_points(scatter: &Scatter, chart: Rect, paint: &mut Paint<'_>) {
    let all: u32 = scatter.rows.iter().sum();
    let cells = u32::from(chart.width) * u32::from(chart.height);
    let few = all * 100 <= cells * SPARSE;
    let most = (0..chart.height)
        .flat_map(|row| (0..chart.width).map(move |x| (x, row)))
        .map(|(x, row)| scatter.cell(x, row).count)
        .max()
        .unwrap_or(1);
    for row in 0..chart.height {
        for x in 0..chart.width {
            let cell = scatter.cell(x, row);
            if cell.count == 0 {
                continue;
            }
            let dense = f64::from(cell.count).ln_1p() / f64::from(most.max(1)).ln_1p();
            let color = paint
                .theme()
                .between(Role::Queue, Role::Strong, dense * 0.9);
            let y = chart.bottom() - 1 - row;
            let sign = if few {
                large(cell.count).to_owned()
            } else {
                cell.sign().to_string()
            };
            paint.symbol(chart.x + x, y, &sign, Style::new().fg(color));
        }
    }
}

fn draw_dates(data: &Data, board: &Board, paint: &mut Paint<'_>) {
    let zone = data.snapshot.zone();
    let (first, last) = (
        zone.day_of(board.window.from),
        zone.day_of(board.window.to.plus(-1)),
    );
    let mut free = board.chart.x;
    let mut day = first.plus(6).monday();
    while day <= last {
        let x = board.chart.x + along(zone.start_of(day), board.window, board.chart.width);
        let text = day.short();
        if x >= free && x + width(&text) <= board.chart.right() {
            free = paint.put(x, board.chart.bottom(), &text, Role::Muted) + 2;
        }
        day = day.plus(7);
    }
}

/// How many items lie in each row.
fn draw_histogram(scatter: &Scatter, area: Rect, paint: &mut Paint<'_>) {
    let most = scatter.rows.iter().copied().max().unwrap_or(1);
    let room = area.width.saturating_sub(6);
    let style = Style::new().fg(paint.theme().between(Role::Queue, Role::Panel, 0.25));
    for (row, number) in (0_u16..).zip(&scatter.rows) {
        if *number == 0 {
            continue;
        }
        let y = area.bottom().saturating_sub(1 + row);
        let bar = bar(f64::from(*number), f64::from(most), room);
        for x in 0..bar.full {
            paint.symbol(area.x + x, y, "█", style);
        }
        let mut end = area.x + bar.full;
        if bar.eighths > 0 {
            paint.symbol(end, y, GROWING[usize::from(bar.eighths)], style);
            end += 1;
        }
        paint.put(end + 1, y, &number.to_string(), Role::Muted);
    }
    paint.put(area.x, area.bottom(), "items", Role::Muted);
}

/// The chosen point, the region if one is being chosen, and what there is to say of them.
fn draw_chosen((state, data): Picture<'_>, board: &Board, paint: &mut Paint<'_>) {
    let y = paint.height().saturating_sub(2);
    let Some(point) = data.point_at(state.cursor.spot) else {
        return;
    };
    if let Some(corner) = state.cursor.corner {
        draw_region(board, (corner, point.spot()), paint);
        let inside = data.points_in(corner, point.spot()).count() as u64;
        let said = format!("{} in the region", count(inside, "item", "items"));
        paint.put(1, y + 1, &said, Role::Accent);
    } else {
        let tail = (board.rise.heights == Heights::Logarithmic)
            .then(|| "days by their logarithm: the tail is long".to_owned());
        let said: Vec<String> = expectation(data).into_iter().chain(tail).collect();
        paint.put(1, y + 1, &said.join(" · "), Role::Muted);
    }
    let (x, row) = board.place(point);
    let style = paint
        .theme()
        .style(Role::Accent)
        .add_modifier(Modifier::BOLD);
    paint.symbol(x, row, "◉", style);
    paint.put_all(1, y, &sentence(data, point, paint.width()));
}

fn draw_region(board: &Board, (one, other): (Spot, Spot), paint: &mut Paint<'_>) {
    let cell = |spot: Spot| {
        let x = board.chart.x + along(spot.at, board.window, board.chart.width);
        let row = board.rise.row(spot.flow, board.chart.height);
        (x, board.chart.bottom().saturating_sub(1 + row))
    };
    let ((x1, y1), (x2, y2)) = (cell(one), cell(other));
    let style = paint.theme().style(Role::Selected);
    for y in y1.min(y2)..=y1.max(y2) {
        paint.restyle(x1.min(x2), y, x1.abs_diff(x2) + 1, style);
    }
}

fn sentence(data: &Data, point: &Point, columns: u16) -> Vec<Run> {
    let log = data.snapshot.log();
    let zone = data.snapshot.zone();
    let day = |at: Sec| zone.day_of(at).short();
    let flow = span_in(data.question.time, point.flow);
    let key = format!("{}  ", harmless(log.key(point.item)));
    let tail = format!("  {flow}, finished {}", day(point.at));
    let room = columns
        .saturating_sub(width(&key) + width(&tail) + 2)
        .max(12);
    let title = cut(&harmless(log.title(point.item)), room).into_owned();
    vec![
        (key, Role::Accent),
        (title, Role::Strong),
        (tail, Role::Text),
    ]
}
