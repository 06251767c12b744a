//! All streams beside one another: their five measures with the weeks behind them, and what of it
//! is hardly chance.

mod stream;
mod words;

use ratatui::layout::Rect;

use super::axis;
use super::first_row;
use super::stream::{Picture, draw_banner, draw_header};
use crate::app::{Click, Data, Order};
use crate::metrics::StreamSummary;
use crate::tui::format::count;
use crate::tui::paint::Paint;
use crate::tui::text::{cut, width};
use crate::tui::theme::Role;
use stream::Block;

/// The least cells of a column of a measure.
const LEAST: u16 = 12;

/// The columns: what they are called where there is room and where there is little, and what they
/// order the streams by.
const COLUMNS: [(&str, &str, Option<Order>); 5] = [
    ("flow time P85", "flow P85", Some(Order::FlowTime)),
    ("velocity", "velocity", Some(Order::Velocity)),
    ("load", "load", Some(Order::Load)),
    ("efficiency", "effic.", Some(Order::Efficiency)),
    ("finished, % by kind", "by kind", None),
];

/// Where columns stand.
#[derive(Clone, Copy)]
struct Columns {
    /// Cells of the names.
    name: u16,
    /// Cells of each measure.
    each: u16,
    /// How many measures have room.
    count: usize,
}

impl Columns {
    fn new(width: u16) -> Self {
        let name = (width / 6).clamp(9, 26);
        let free = width.saturating_sub(name + 3);
        let count = usize::from(free / LEAST).clamp(1, COLUMNS.len());
        Self {
            name,
            each: free / u16::try_from(count).unwrap_or(1),
            count,
        }
    }

    fn x(&self, at: usize) -> u16 {
        self.name + 3 + self.each * u16::try_from(at).unwrap_or(0)
    }
}

/// What stands where.
struct Plan {
    columns: Columns,
    /// The row of the banner, where a source is down.
    banner: Option<u16>,
    head: u16,
    list: Rect,
    /// Rows of a stream.
    block: u16,
    /// How many streams have room.
    room: usize,
    /// The row that tells of the selected stream where the rows of streams have no room for it.
    said: Option<u16>,
}

/// The most rows of a stream.
const TALLEST: u16 = 11;

impl Plan {
    fn new((state, data): Picture<'_>, area: Rect) -> Self {
        let troubled = state.sources_in_trouble() > 0 && area.height >= 12;
        let head = if troubled { 3 } else { 2 };
        let free = area.height.saturating_sub(head + 1);
        let streams = data.snapshot.streams().len().max(1);
        let each = free / u16::try_from(streams).unwrap_or(u16::MAX).max(1);
        let block = each.clamp(1, TALLEST);
        let apart = u16::from(block < 3);
        let list = Rect::new(0, head + 1, area.width, free.saturating_sub(apart));
        Self {
            columns: Columns::new(area.width),
            banner: troubled.then_some(2),
            head,
            block,
            room: usize::from(list.height / block).max(1),
            said: (apart > 0).then(|| list.bottom()),
            list,
        }
    }
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let plan = Plan::new(picture, Rect::new(0, 0, paint.width(), paint.height()));
    if let Some(y) = plan.banner {
        draw_banner(state, &mut paint.part(Rect::new(0, y, paint.width(), 1)));
    }
    let streams = data.snapshot.streams().len() as u64;
    let name = format!("Portfolio, n {}", count(streams, "stream", "streams"));
    let listed = data.streams_by(state.cursor.among.order);
    axis::draw_title(1, &name, &shows(picture, &listed), paint);
    if listed.is_empty() {
        paint.put(3, plan.head + 1, "Measuring every stream …", Role::Muted);
        return;
    }
    draw_head(state.cursor.among.order, &plan, paint);
    draw_streams(picture, &listed, &plan, paint);
    let chosen = state.stream_at_hand();
    if let Some((y, (_, chosen))) = plan.said.zip(chosen) {
        stream::draw_words(chosen, (1, y), paint);
    }
}

/// In which order, and whether newer numbers are on their way.
fn shows((state, data): Picture<'_>, listed: &[&StreamSummary]) -> String {
    let beside = |one: &&StreamSummary| data.stream_now(one.stream).is_some();
    let order = state.cursor.among.order.told();
    match &data.asides.portfolio {
        Some((_, false)) => format!("{order}, measuring …"),
        _ if listed.iter().any(beside) => format!("{order}; then → now"),
        _ => format!("{order}; by week below, pale: cut by the window"),
    }
}

fn draw_head(order: Order, plan: &Plan, paint: &mut Paint<'_>) {
    let columns = plan.columns;
    let stream = if order == Order::Name {
        "stream ▾"
    } else {
        "stream"
    };
    paint.put(3, plan.head, stream, head_role(order == Order::Name));
    for (at, (long, short, by)) in COLUMNS.iter().enumerate().take(columns.count) {
        let here = *by == Some(order);
        let name = if width(long) + 3 <= columns.each {
            long
        } else {
            short
        };
        let text = format!("{name}{}", if here { " ▾" } else { "" });
        let room = columns.each.saturating_sub(1);
        paint.put(columns.x(at), plan.head, &cut(&text, room), head_role(here));
    }
}

fn head_role(here: bool) -> Role {
    if here { Role::Accent } else { Role::Muted }
}

fn draw_streams(
    (state, data): Picture<'_>,
    listed: &[&StreamSummary],
    plan: &Plan,
    paint: &mut Paint<'_>,
) {
    let chosen = state.stream_at_hand().map_or(0, |(row, _)| row);
    let first = first_row(chosen, listed.len(), plan.room);
    let kinds = kinds_of(data);
    let mut list = paint.part(plan.list);
    let shown = listed.iter().enumerate().skip(first).take(plan.room);
    for (y, (row, summary)) in (0..).zip(shown) {
        let area = Rect::new(0, y * plan.block, plan.list.width, plan.block);
        let block = Block {
            summary,
            now: data.stream_now(summary.stream),
            kinds: &kinds,
            columns: plan.columns,
            selected: row == chosen,
        };
        stream::draw(&block, &mut list.part(area));
    }
}

/// The kinds of all streams, those finished most first, so that one has one colour.
fn kinds_of(data: &Data) -> Vec<Option<String>> {
    let mut kinds: Vec<(Option<String>, u64)> = Vec::new();
    let streams = data.streams_by(Order::Signal);
    for share in streams.iter().flat_map(|one| &one.finished) {
        match kinds.iter_mut().find(|(kind, _)| *kind == share.kind) {
            Some((_, all)) => *all += share.count,
            None => kinds.push((share.kind.clone(), share.count)),
        }
    }
    kinds.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    kinds.into_iter().map(|(kind, _)| kind).collect()
}

/// What lies at a cell: a column to order by, a stream.
pub(super) fn hit(picture: Picture<'_>, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let (state, data) = picture;
    let plan = Plan::new(picture, area);
    if y == 1 {
        return Some(Click::Order(Order::Signal));
    }
    if y == plan.head {
        return order_at(&plan, x).map(Click::Order);
    }
    if !plan.list.contains((x, y).into()) {
        return None;
    }
    let listed = data.streams_by(state.cursor.among.order).len();
    let chosen = state.stream_at_hand().map_or(0, |(row, _)| row);
    let row = usize::from((y - plan.list.y) / plan.block);
    let at = first_row(chosen, listed, plan.room) + row;
    (row < plan.room && at < listed).then_some(Click::Row(at))
}

fn order_at(plan: &Plan, x: u16) -> Option<Order> {
    let Some(within) = x.checked_sub(plan.columns.x(0)) else {
        return Some(Order::Name);
    };
    let at = usize::from(within / plan.columns.each.max(1));
    COLUMNS.get(at).filter(|_| at < plan.columns.count)?.2
}
