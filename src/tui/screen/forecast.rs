//! The days ahead: how many are finished by each, as a fan, and when so many are, as a calendar.

mod calendar;
mod words;

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::axis::{self, NUMBERS};
use super::beside;
use super::stream::{Picture, draw_header};
use crate::app::{Click, Data};
use crate::charts::{AreaCell, Fan, MONTH_WIDTH, fan, level_row, marks};
use crate::model::time::Day;
use crate::simulate::forecast::Outlook;
use crate::tui::paint::{Paint, RISING};
use crate::tui::text::wrap;
use crate::tui::theme::{Role, Theme};

/// Patterns of the bands where there are no colours, the surest first.
const PATTERNS: [&str; 7] = ["▓", "▒", "░", ":", "=", "·", "'"];

/// What stands where.
struct Plan {
    words: Rect,
    fan: Rect,
    calendar: Option<Rect>,
    tested: Rect,
}

impl Plan {
    fn new(view: View<'_>, area: Rect) -> Self {
        let above = if area.height >= 16 { 3 } else { 2 };
        let below = if area.height >= 16 { 2 } else { 1 };
        let words = Rect::new(0, 2, area.width, above);
        let tested = Rect::new(0, area.height.saturating_sub(below), area.width, below);
        let top = words.bottom();
        let rows = tested.y.saturating_sub(top + 1);
        let most = match area.width {
            ..70 => 0,
            70..130 => MONTH_WIDTH,
            _ => area.width / 2,
        };
        let aside = match calendar::width(view, (most, rows + 1)) {
            0 => 0,
            used => used + 1,
        };
        let columns = area.width.saturating_sub(NUMBERS + aside + 2);
        let calendar = Rect::new(area.width - aside, top, aside, rows + 1);
        Self {
            words,
            fan: Rect::new(NUMBERS, top, columns, rows),
            calendar: (aside > 0).then_some(calendar),
            tested,
        }
    }
}

/// What is drawn, and where one looks.
#[derive(Clone, Copy)]
struct View<'a> {
    data: &'a Data,
    outlook: &'a Outlook,
    /// The position of the day looked at.
    at: usize,
}

impl<'a> View<'a> {
    fn new((state, data): Picture<'a>) -> Option<Self> {
        Some(Self {
            data,
            outlook: data.outlook()?,
            at: state.day_ahead()?,
        })
    }

    fn fan(self, area: Rect) -> Fan {
        let days: Vec<[u32; 7]> = self.outlook.days.iter().map(|day| day.items).collect();
        fan(&days, self.outlook.items(), (area.width, area.height))
    }

    fn days(self) -> Vec<Day> {
        self.outlook.days.iter().map(|day| day.day).collect()
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let Some(view) = View::new(picture) else {
        axis::draw_title(1, "Forecast", "the days ahead", paint);
        return draw_without(picture.1, paint);
    };
    let (name, shows) = words::title(view);
    beside::draw_title(picture, &name, &shows, paint);
    let plan = Plan::new(view, Rect::new(0, 0, paint.width(), paint.height()));
    words::draw_when(view, &mut paint.part(plan.words));
    draw_fan(view, plan.fan, paint);
    if let Some(area) = plan.calendar {
        calendar::draw(view, &mut paint.part(area));
    }
    words::draw_tested(view, &mut paint.part(plan.tested));
}

/// What lies at a cell: the number asked for, or a day.
pub(super) fn hit(picture: Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let view = View::new(picture)?;
    let plan = Plan::new(view, area);
    if plan.words.contains(at.into()) {
        return words::hit(view, (at.0, at.1 - plan.words.y)).map(Click::Action);
    }
    let found = if plan.fan.contains(at.into()) {
        let columns = view.fan(plan.fan).days;
        columns.get(usize::from(at.0 - plan.fan.x)).copied()
    } else {
        let area = plan.calendar.filter(|area| area.contains(at.into()))?;
        calendar::day_at(view, area, (at.0 - area.x, at.1 - area.y))
    };
    let day = view.outlook.days.get(found?)?;
    Some(Click::Day(day.day, None))
}

/// Why there is nothing to draw.
fn draw_without(data: &Data, paint: &mut Paint<'_>) {
    let said = match &data.asides.outlook {
        Some(Err(reason)) => format!("No forecast: {reason} (w and /)."),
        _ => "Drawing the futures ...".to_owned(),
    };
    let lines = wrap(&said, paint.width().saturating_sub(6).min(90));
    for (y, line) in (3..).zip(lines) {
        paint.put(3, y, &line, Role::Muted);
    }
}

fn draw_fan(view: View<'_>, area: Rect, paint: &mut Paint<'_>) {
    let fan = view.fan(area);
    axis::draw_numbers(&marks(0, fan.top, area.height), area, paint);
    let day_of = |at: usize| view.outlook.days.get(at).map(|day| day.day);
    let count = view.outlook.days.len();
    axis::draw_dates(day_of, (&fan.days, count), area, paint);
    let mut part = paint.part(area);
    let colors: Vec<Color> = (0..7).map(|band| color(band, part.theme())).collect();
    for (x, cells) in (0..).zip(&fan.columns) {
        for (row, cell) in (0_u16..).zip(cells) {
            let y = part.height().saturating_sub(1 + row);
            draw_cell(*cell, &colors, (x, y), &mut part);
        }
    }
    draw_wanted(view, fan.top, &mut part);
    draw_cursor(view, &fan, &mut part);
    draw_came(view, &fan, &mut part);
}

/// The surest band is drawn whole, the others fade.
fn color(band: u8, theme: &Theme) -> Color {
    theme.between(Role::Active, Role::Panel, f64::from(band) * 0.135)
}

fn draw_cell(cell: AreaCell, colors: &[Color], (x, y): (u16, u16), paint: &mut Paint<'_>) {
    if paint.theme().is_plain() {
        let pattern = cell.most().and_then(|band| PATTERNS.get(band));
        return paint.symbol(x, y, pattern.unwrap_or(&" "), Style::new());
    }
    let of = |band: Option<usize>| band.and_then(|band| colors.get(band)).copied();
    let ground = |style: Style, color: Option<Color>| color.map_or(style, |color| style.bg(color));
    if cell.below == cell.above {
        return paint.symbol(x, y, " ", ground(Style::new(), of(cell.below)));
    }
    let ink = of(cell.below).map_or(Style::new(), |ink| Style::new().fg(ink));
    let symbol = RISING[usize::from(cell.eighths.min(8))];
    paint.symbol(x, y, symbol, ground(ink, of(cell.above)));
}

/// A line at the number asked for.
fn draw_wanted(view: View<'_>, top: u64, paint: &mut Paint<'_>) {
    let items = view.outlook.items();
    let Some(row) = level_row(f64::from(items), top, paint.height()) else {
        return;
    };
    let y = paint.height() - 1 - row;
    let style = Style {
        bg: None,
        ..paint.theme().style(Role::Strong)
    };
    for x in 0..paint.width() {
        paint.symbol(x, y, "╌", style);
    }
    paint.put(1, y, &format!(" {items} "), Role::Strong);
}

/// Where the past is held beside now: what was finished by now, on its day of the fan.
fn draw_came(view: View<'_>, fan: &Fan, paint: &mut Paint<'_>) -> Option<()> {
    let (compared, _) = view.data.compared()?;
    let zone = view.data.snapshot.zone();
    let today = zone.day_of(compared.now.header.as_of);
    let days = &view.outlook.days;
    let day = days.iter().position(|day| day.day == today)?;
    let column = fan.days.iter().position(|at| *at >= day)?;
    let finished = u32::try_from(compared.became.finished).ok()?;
    let row = level_row(f64::from(finished), fan.top, paint.height())?;
    let y = paint.height().saturating_sub(1 + row);
    let x = u16::try_from(column).ok()?;
    let style = Style {
        bg: None,
        ..paint.theme().style(Role::Strong)
    };
    paint.symbol(x, y, "◆", style);
    paint.put(x + 1, y, &format!(" {finished} came "), Role::Strong);
    Some(())
}

/// The day looked at, from top to bottom.
fn draw_cursor(view: View<'_>, fan: &Fan, paint: &mut Paint<'_>) {
    let Some(column) = fan.days.iter().rposition(|at| *at <= view.at) else {
        return;
    };
    let x = u16::try_from(column).unwrap_or(u16::MAX);
    let style = Style {
        bg: None,
        ..paint.theme().style(Role::Accent)
    };
    for y in 0..paint.height() {
        paint.symbol(x, y, "│", style);
    }
}
