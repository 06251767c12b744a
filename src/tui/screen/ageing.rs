//! The ageing board: what is in progress, by stage and age, against how long such work took.

use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::axis::{self, NUMBERS};
use super::beside;
use super::rows::condition_words;
use super::stream::{Picture, draw_header, fate_told};
use crate::app::{Click, Data, State};
use crate::charts::{BoardColumn, Mark, Strip, board_column, board_top, marks, row_of, strip};
use crate::metrics::OpenItem;
use crate::model::event::fact;
use crate::model::stage::Condition;
use crate::model::time::DAY_SECS;
use crate::tui::format::{count, span_in};
use crate::tui::paint::{Paint, Run};
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// Names of the zones' upper ends.
const BANDS: [&str; 4] = ["P50", "P70", "P85", "P95"];

/// The board laid out.
struct Board {
    /// Positions of the committed stages.
    stages: Vec<usize>,
    strip: Strip,
    chart: Rect,
    /// Seconds at the top.
    top: i64,
}

impl Board {
    fn new((state, data): Picture<'_>, area: Rect) -> Self {
        let stages = data.committed();
        let here = stages
            .iter()
            .position(|stage| *stage == state.cursor.selected.stage);
        let columns = area.width.saturating_sub(NUMBERS + 5);
        let chart = Rect::new(NUMBERS, 2, columns, area.height.saturating_sub(6));
        let ages = stages
            .iter()
            .flat_map(|stage| data.open_in(*stage))
            .map(age);
        let bands = stages
            .iter()
            .filter_map(|stage| data.measures.stages[*stage].pace);
        Self {
            strip: strip(stages.len(), columns, here.unwrap_or(0)),
            top: board_top(
                ages.max().unwrap_or(0),
                bands.map(|bands| bands[3]).max().unwrap_or(0),
            ),
            chart,
            stages,
        }
    }

    /// The stages in view, each with its first column.
    fn shown(&self) -> impl Iterator<Item = (usize, u16)> + '_ {
        let stages = self
            .stages
            .iter()
            .skip(self.strip.first)
            .take(self.strip.count);
        let cells = (0..).map(|at| self.chart.x + at * self.strip.cell);
        stages.copied().zip(cells)
    }

    fn column(&self, data: &Data, stage: usize) -> BoardColumn {
        let ages: Vec<i64> = data.open_in(stage).iter().map(age).collect();
        let cells = self.strip.cell.saturating_sub(1);
        let bands = data.measures.stages[stage].pace;
        board_column(&ages, bands, self.top, (cells, self.chart.height))
    }
}

fn age(item: &OpenItem) -> i64 {
    item.age.unwrap_or(item.in_stage)
}

/// Draws the screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (_, data) = picture;
    draw_header(picture, &mut paint.part(Rect::new(0, 0, paint.width(), 1)));
    let name = format!("Ageing, {} in progress", data.measures.items.in_progress);
    let shows = "age in days by stage; zones: how old finished items were when they left it";
    beside::draw_title(picture, &name, shows, paint);
    let board = Board::new(picture, Rect::new(0, 0, paint.width(), paint.height()));
    if board.strip.count == 0 || board.chart.height == 0 {
        return;
    }
    draw_days(&board, paint);
    for (stage, x) in board.shown() {
        draw_column(picture, &board, (stage, x), paint);
    }
    draw_band_names(data, &board, paint);
    draw_words(picture, paint);
}

/// What lies at a cell: an item, or the stage of the column.
pub(super) fn hit(picture: Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let board = Board::new(picture, area);
    if !board.chart.contains(at.into()) {
        return None;
    }
    let (stage, x) = board
        .shown()
        .find(|(_, x)| (*x..x + board.strip.cell).contains(&at.0))?;
    let row = board.chart.bottom() - 1 - at.1;
    let column = board.column(picture.1, stage);
    let here = |mark: &&Mark| mark.row == row && x + mark.x == at.0;
    Some(match column.marks.iter().find(here) {
        Some(mark) => Click::Mark(stage, mark.item),
        None => Click::Stage(stage),
    })
}

fn draw_days(board: &Board, paint: &mut Paint<'_>) {
    let days = u64::try_from(board.top / DAY_SECS).unwrap_or(0);
    let rows = board.chart.height;
    let numbers: Vec<(u64, u16)> = marks(0, days.max(1), rows)
        .into_iter()
        .map(|(mark, _)| {
            let seconds = i64::try_from(mark).unwrap_or(0) * DAY_SECS;
            (mark, row_of(seconds, board.top, rows))
        })
        .collect();
    axis::draw_numbers(&numbers, board.chart, paint);
}

/// The ground of a zone: the older, the warmer.
fn ground(zone: u8, paint: &Paint<'_>) -> Color {
    let theme = paint.theme();
    match zone {
        0 => theme.between(Role::Panel, Role::Good, 0.13),
        1 => theme.between(Role::Panel, Role::Good, 0.08),
        2 => theme.between(Role::Panel, Role::Warn, 0.09),
        3 => theme.between(Role::Panel, Role::Warn, 0.17),
        _ => theme.between(Role::Panel, Role::Bad, 0.17),
    }
}

fn draw_column(
    (state, data): Picture<'_>,
    board: &Board,
    (stage, x): (usize, u16),
    paint: &mut Paint<'_>,
) {
    let column = board.column(data, stage);
    let cells = board.strip.cell.saturating_sub(1);
    let bottom = board.chart.bottom() - 1;
    for (row, zone) in (0..).zip(&column.zones) {
        let ground = ground(*zone, paint);
        let begins = row > 0 && column.zones.get(usize::from(row) - 1) != Some(zone);
        let pattern = if begins { "┄" } else { " " };
        for x in x..x + cells {
            paint.fill(x, bottom - row, ground, pattern);
        }
    }
    let here = stage == state.cursor.selected.stage;
    let items = data.open_in(stage);
    for mark in &column.marks {
        let Some(item) = items.get(mark.item) else {
            continue;
        };
        let chosen = mark.item..=mark.item + mark.more;
        let selected = here && chosen.contains(&state.cursor.selected.row);
        let place = (x + mark.x, bottom - mark.row);
        draw_mark(sign_of(data, item), *mark, (place, selected), paint);
    }
    let name = cut(&data.measures.stages[stage].name, cells).into_owned();
    let role = if here { Role::Accent } else { Role::Muted };
    paint.put(x, board.chart.bottom(), &name, role);
    let number = items.len().to_string();
    paint.put(
        x,
        board.chart.bottom() + 1,
        &number,
        if here { Role::Strong } else { Role::Text },
    );
}

/// The sign of an item: how it stands, or what became of it where the past is held beside now.
fn sign_of(data: &Data, item: &OpenItem) -> (&'static str, Role) {
    if let Some((compared, _)) = data.compared() {
        return beside::mark(compared.fate(item.item, item.stage));
    }
    match item.condition {
        Some(Condition::Blocked) => ("■", Role::Blocked),
        Some(Condition::Stale) => ("○", Role::Warn),
        Some(Condition::Ageing) => ("▲", Role::Overdue),
        Some(Condition::Fine) | None => ("●", Role::Text),
    }
}

fn draw_mark(
    (sign, role): (&'static str, Role),
    mark: Mark,
    ((x, y), selected): ((u16, u16), bool),
    paint: &mut Paint<'_>,
) {
    let sign = match mark {
        Mark { more: 1.., .. } => "+",
        Mark { beyond: true, .. } => "↑",
        _ => sign,
    };
    let color = paint.theme().style(role).fg;
    let style = color.map_or(Style::new(), |color| Style::new().fg(color));
    let style = style.add_modifier(Modifier::BOLD);
    let style = if selected {
        style.add_modifier(Modifier::REVERSED)
    } else {
        style
    };
    paint.symbol(x, y, sign, style);
}

/// At the right edge: where the bands of the last stage end.
fn draw_band_names(data: &Data, board: &Board, paint: &mut Paint<'_>) {
    let last = board.shown().last();
    let Some((stage, x)) = last else { return };
    let Some(bands) = data.measures.stages[stage].pace else {
        return;
    };
    let mut taken = None;
    for (name, band) in BANDS.into_iter().zip(bands) {
        let row = row_of(band, board.top, board.chart.height);
        if band <= board.top && taken != Some(row) {
            let y = board.chart.bottom() - 1 - row;
            paint.put(x + board.strip.cell, y, name, Role::Muted);
            taken = Some(row);
        }
    }
}

/// What there is to say of the item at hand, and what the marks mean.
fn draw_words((state, data): Picture<'_>, paint: &mut Paint<'_>) {
    let y = paint.height().saturating_sub(2);
    let items = data.open_in(state.cursor.selected.stage);
    let Some(item) = items.get(state.cursor.selected.row) else {
        let said = "Nothing stands in this stage. ← → for another.";
        paint.put(1, y, said, Role::Muted);
        return;
    };
    paint.put_all(1, y, &sentence(data, item, paint.width()));
    let number = format!(
        "{} of {}",
        state.cursor.selected.row + 1,
        count_of(state, data)
    );
    let end = paint.width().saturating_sub(1);
    let free = paint.put_right(end, y + 1, &number, Role::Muted);
    let beside = data.compared().is_some();
    let legends = if beside { FATES } else { SIGNS };
    if let Some(legend) = legends.into_iter().find(|legend| width(legend) + 3 < free) {
        paint.put(1, y + 1, legend, Role::Muted);
    }
}

/// What the signs of items say, as much of it as there is room for.
const SIGNS: [&str; 3] = [
    "● fine  ○ stale  ▲ past its P85  ■ blocked  + several  ↑ older than shown",
    "○ stale  ▲ past P85  ■ blocked  + several",
    "○ stale  ▲ old  ■ blocked",
];

/// The same where the past is held beside now.
const FATES: [&str; 3] = [
    "✓ finished  → further on  = still there  ← back  × ended  + several  ↑ older than shown",
    "✓ finished  → further on  = still there  ← back",
    "✓ finished  → on  = still there",
];

fn count_of(state: &State, data: &Data) -> String {
    let stage = data.measures.stages.get(state.cursor.selected.stage);
    let name = stage.map_or("", |stage| stage.name.as_str());
    let items = data.open_in(state.cursor.selected.stage).len() as u64;
    format!("{} in {name}", count(items, "item", "items"))
}

fn sentence(data: &Data, item: &OpenItem, columns: u16) -> Vec<Run> {
    let log = data.snapshot.log();
    let age = span_in(data.question.time, age(item));
    let pace = item.pace.map_or_else(String::new, |pace| match columns {
        ..110 => format!(", P{:.0}", pace * 100.0),
        _ => format!(", older than {:.0} % were when they left", pace * 100.0),
    });
    let who = log.fact(fact::ASSIGNEE).map_or("", |column| {
        log.text(log.fact_at(column, item.item, data.as_of().plus(-1)))
    });
    let key = format!("{}  ", harmless(log.key(item.item)));
    let words = match data.compared() {
        Some((compared, _)) => fate_told(data, compared.fate(item.item, item.stage)).0,
        None => condition_words(data, item),
    };
    let tail = format!("  {age}{pace}  {words}  {who}");
    let room = columns
        .saturating_sub(width(&key) + width(&tail) + 2)
        .max(12);
    let title = cut(&harmless(log.title(item.item)), room).into_owned();
    vec![
        (key, Role::Accent),
        (title, Role::Strong),
        (tail, Role::Text),
    ]
}
