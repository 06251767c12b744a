//! The cumulative flow: a band a stage, a cursor that reads the day.

use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::axis::{self, NUMBERS as AXIS};
use super::beside;
use super::stream::{Picture, draw_header, fresh};
use crate::app::{Click, Data, State};
use crate::charts::{FlowCell, FlowChart, FlowReading, flow_chart, marks, reading};
use crate::model::stage::Class;
use crate::tui::format::rate;
use crate::tui::paint::{Paint, RISING, Run};
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;

/// Columns of the reading beside the picture, where there is room for it.
const ASIDE: u16 = 34;

/// Patterns of the bands where there are no colours, the lowest first.
const PATTERNS: [&str; 6] = ["░", "▒", "▓", "█", "╱", "·"];

/// What stands where.
struct Plan {
    chart: Rect,
    aside: Option<Rect>,
    below: Rect,
}

impl Plan {
    fn new(area: Rect) -> Self {
        let wide = area.width >= 100;
        let aside = if wide { ASIDE } else { 0 };
        let below = if wide { 0 } else { 3 };
        let rows = area.height.saturating_sub(3 + below);
        let columns = area.width.saturating_sub(AXIS + aside + 1);
        let chart = Rect::new(AXIS, 2, columns, rows);
        let beside = Rect::new(area.width - aside, 2, aside, area.height.saturating_sub(2));
        Self {
            chart,
            aside: wide.then_some(beside),
            below: Rect::new(0, chart.bottom() + 1, area.width, below),
        }
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let shows = "items that reached each stage by the end of the day; hatched: moved back";
    beside::draw_title(picture, "Cumulative flow", shows, paint);
    let plan = Plan::new(Rect::new(0, 0, paint.width(), paint.height()));
    let bands = data.flow_bands(state.cursor.backlog);
    let days = &data.measures.cumulative_flow.days;
    let chart = flow_chart(days, &bands, (plan.chart.width, plan.chart.height));
    if chart.top == 0 {
        let said = "Nothing was committed to or finished in this window. Press w for a longer one.";
        paint.put(AXIS, 3, said, Role::Muted);
        return;
    }
    let numbers = marks(chart.ground, chart.top, plan.chart.height);
    axis::draw_numbers(&numbers, plan.chart, paint);
    let day_of = |at: usize| days.get(at).map(|day| day.day);
    axis::draw_dates(day_of, (&chart.days, days.len()), plan.chart, paint);
    draw_bands(picture, &chart, &bands, &mut paint.part(plan.chart));
    draw_cursor(picture, &chart, &mut paint.part(plan.chart));
    match plan.aside {
        Some(aside) => draw_aside(picture, &bands, &mut paint.part(aside)),
        None => draw_below(picture, &bands, &mut paint.part(plan.below)),
    }
}

/// What lies at a cell: the day of the column, as a position among the days.
pub(super) fn hit((state, data): Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let plan = Plan::new(area);
    if !plan.chart.contains(at.into()) {
        return None;
    }
    let bands = data.flow_bands(state.cursor.backlog);
    let days = &data.measures.cumulative_flow.days;
    let chart = flow_chart(days, &bands, (plan.chart.width, plan.chart.height));
    let column = usize::from(at.0 - plan.chart.x);
    let row = usize::from(plan.chart.bottom() - 1 - at.1);
    let day = *chart.days.get(column)?;
    let cell = chart.columns.get(column)?.get(row)?;
    let stage = cell.area.most().and_then(|band| bands.get(band)).copied();
    Some(Click::Day(days.get(day)?.day, stage))
}

/// The colour of a band: that of its class, every second of a class another shade of it.
fn color(data: &Data, band: usize, bands: &[usize], paint: &Paint<'_>) -> Color {
    let stages = &data.measures.stages;
    let class = bands.get(band).map_or(Class::Done, |at| stages[*at].class);
    let before = bands.iter().take(band).rev();
    let same = before.take_while(|at| stages[**at].class == class).count();
    paint.theme().band(fresh(class), same % 2 == 1)
}

fn draw_bands(picture: Picture<'_>, chart: &FlowChart, bands: &[usize], paint: &mut Paint<'_>) {
    let (_, data) = picture;
    let colors: Vec<Color> = (0..bands.len())
        .map(|band| color(data, band, bands, paint))
        .collect();
    for (x, cells) in (0..).zip(&chart.columns) {
        for (row, cell) in (0_u16..).zip(cells) {
            let y = paint.height() - 1 - row;
            if paint.theme().is_plain() {
                draw_plain(*cell, (x, y), paint);
            } else {
                draw_colored(*cell, &colors, (x, y), paint);
            }
        }
    }
}

fn draw_plain(cell: FlowCell, (x, y): (u16, u16), paint: &mut Paint<'_>) {
    let pattern = match cell.area.most() {
        Some(_) if cell.back => "x",
        Some(band) => PATTERNS[band % PATTERNS.len()],
        None => " ",
    };
    paint.symbol(x, y, pattern, Style::new());
}

fn draw_colored(cell: FlowCell, colors: &[Color], (x, y): (u16, u16), paint: &mut Paint<'_>) {
    let of = |band: Option<usize>| band.and_then(|band| colors.get(band)).copied();
    let (below, above) = (of(cell.area.below), of(cell.area.above));
    let style = |ink: Option<Color>, ground: Option<Color>| {
        let style = ink.map_or(Style::new(), |ink| Style::new().fg(ink));
        ground.map_or(style, |ground| style.bg(ground))
    };
    if cell.back {
        let ink = Some(Color::Black);
        paint.symbol(x, y, "╱", style(ink, of(cell.area.most())));
    } else if cell.area.below == cell.area.above {
        paint.symbol(x, y, " ", style(None, below));
    } else {
        let symbol = RISING[usize::from(cell.area.eighths.min(8))];
        paint.symbol(x, y, symbol, style(below, above));
    }
}

/// The day looked at: its column, marked from top to bottom.
fn draw_cursor((state, data): Picture<'_>, chart: &FlowChart, paint: &mut Paint<'_>) {
    let day = data.flow_day(state.cursor);
    let Some(column) = chart.days.iter().rposition(|at| *at <= day) else {
        return;
    };
    let x = u16::try_from(column).unwrap_or(u16::MAX);
    let style = paint
        .theme()
        .style(Role::Accent)
        .remove_modifier(Modifier::all());
    for y in 0..paint.height() {
        paint.symbol(x, y, "│", Style { bg: None, ..style });
    }
}

/// What the day says, in words.
fn told(data: &Data, state: &State) -> Vec<(&'static str, String)> {
    let days = &data.measures.cumulative_flow.days;
    let classes: Vec<Class> = data
        .measures
        .stages
        .iter()
        .map(|stage| stage.class)
        .collect();
    let Some(read) = reading(days, &classes, data.flow_day(state.cursor)) else {
        return Vec::new();
    };
    let FlowReading {
        load,
        across,
        arrivals,
        departures,
    } = read;
    let across = across.map_or_else(
        || "longer than shown".to_owned(),
        |days| format!("~{days} d"),
    );
    vec![
        ("load", load.to_string()),
        ("flow time", across),
        ("in", format!("{} a day", rate(arrivals))),
        ("out", format!("{} a day", rate(departures))),
    ]
}

/// The bands with what stands in them that day, highest first.
fn legend((state, data): Picture<'_>, bands: &[usize], paint: &Paint<'_>) -> Vec<Entry> {
    let days = &data.measures.cumulative_flow.days;
    let day = days.get(data.flow_day(state.cursor));
    let entry = |(band, stage): (usize, &usize)| Entry {
        pattern: PATTERNS[band % PATTERNS.len()],
        color: color(data, band, bands, paint),
        name: data.measures.stages[*stage].name.clone(),
        stands: stands(data, day.and_then(|day| day.snapshot.get(*stage)), *stage),
        selected: *stage == state.cursor.selected.stage,
    };
    bands.iter().enumerate().rev().map(entry).collect()
}

fn stands(data: &Data, then: Option<&u64>, stage: usize) -> String {
    let then = then.copied().unwrap_or(0);
    let now = data.compared();
    let now = now.and_then(|(now, _)| now.now.stages.get(stage));
    match now.map(|now| now.load).filter(|now| *now != then) {
        Some(now) => format!("{then}→{now}"),
        None => then.to_string(),
    }
}

struct Entry {
    pattern: &'static str,
    color: Color,
    name: String,
    /// How many stand in it, and how many now where that is held beside.
    stands: String,
    selected: bool,
}

fn date(state: &State, data: &Data) -> String {
    let days = &data.measures.cumulative_flow.days;
    let day = days.get(data.flow_day(state.cursor));
    day.map_or_else(String::new, |day| day.day.long())
}

/// Date, bands and rates beside the picture.
fn draw_aside(picture: Picture<'_>, bands: &[usize], paint: &mut Paint<'_>) {
    let (state, data) = picture;
    paint.put(2, 0, &date(state, data), Role::Strong);
    let entries = legend(picture, bands, paint);
    let mut y = 2;
    for entry in entries {
        if y + 6 > paint.height() {
            break;
        }
        let mut line = paint.row(y, entry.selected);
        line.symbol(2, y, "█", Style::new().fg(entry.color));
        if line.theme().is_plain() {
            line.put(2, y, entry.pattern, Role::Text);
        }
        let room = line.width().saturating_sub(13);
        line.put(4, y, &cut(&entry.name, room), Role::Text);
        let end = line.width().saturating_sub(2);
        line.put_right(end, y, &entry.stands, Role::Strong);
        y += 1;
    }
    for (row, (name, value)) in (y + 1..).zip(told(data, state)) {
        paint.put(2, row, name, Role::Muted);
        let end = paint.width().saturating_sub(2);
        paint.put_right(end, row, &value, Role::Text);
    }
}

/// The bands as far as there is room: where there is little, those in which nothing stands give way.
fn legend_in(picture: Picture<'_>, bands: &[usize], paint: &Paint<'_>) -> Vec<Entry> {
    let mut entries = legend(picture, bands, paint);
    let needed = |entry: &Entry| width(&entry.name) + width(&entry.stands) + 5;
    let rows = paint.height().saturating_sub(1);
    // A row may end in a gap that the next band does not fit into.
    let longest = entries.iter().map(needed).max().unwrap_or(0);
    let room = rows.saturating_mul(paint.width().saturating_sub(longest));
    if entries.iter().map(needed).sum::<u16>() > room {
        entries.retain(|entry| entry.selected || entry.stands != "0");
    }
    entries
}

/// The same in three rows below it.
fn draw_below(picture: Picture<'_>, bands: &[usize], paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let mut x = paint.put(1, 0, &date(state, data), Role::Strong) + 2;
    for (name, value) in told(data, state) {
        let runs: [Run; 2] = [
            (format!("{name} "), Role::Muted),
            (format!("{value}  "), Role::Text),
        ];
        x = paint.put_all(x, 0, &runs);
    }
    let (mut x, mut y) = (1, 1);
    for entry in legend_in(picture, bands, paint) {
        let text = format!("{} {}", entry.name, entry.stands);
        let needed = width(&text) + 4;
        if x + needed > paint.width() {
            (x, y) = (1, y + 1);
        }
        paint.symbol(x, y, "█", Style::new().fg(entry.color));
        if paint.theme().is_plain() {
            paint.put(x, y, entry.pattern, Role::Text);
        }
        let role = if entry.selected {
            Role::Accent
        } else {
            Role::Text
        };
        paint.put(x + 2, y, &text, role);
        x += needed;
    }
}
