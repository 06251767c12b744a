//! One item as a row: key, title, kind, team, age against the pace bands, what is wrong.

use ratatui::style::{Color, Modifier, Style};

use super::stream::{ageing, fate_told, fresh, shade};
use crate::app::{Data, Entry, Queue};
use crate::charts::{bar, oldness, ticks};
use crate::metrics::{OpenItem, StageMeasures};
use crate::model::event::fact;
use crate::model::id::ItemIx;
use crate::model::stage::{Class, Condition};
use crate::model::time::days;
use crate::tui::format::span_in;
use crate::tui::paint::Paint;
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// How wide each column is; 0 leaves it out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    key: u16,
    title: u16,
    kind: u16,
    team: u16,
    age: u16,
    bar: u16,
    pace: u16,
    condition: u16,
    /// Days at the right end of the age bars.
    longest: f64,
    /// The pace bands of the stage; none over finished items.
    bands: Option<[i64; 4]>,
}

impl Columns {
    /// For the queue of a stage.
    pub(super) fn of_queue(
        data: &Data,
        stage: &StageMeasures,
        queue: Queue<'_>,
        width: u16,
    ) -> Self {
        let items = (0..queue.len()).filter_map(|row| queue.item(row));
        let shape = Shape {
            key: key_width(data, items),
            open: matches!(queue, Queue::Open(_)),
            longest: longest(data, stage, queue),
            bands: stage.pace.filter(|_| matches!(queue, Queue::Open(_))),
        };
        Self::new(&shape, width)
    }

    /// For any items, open and finished ones.
    pub(super) fn of_list(data: &Data, entries: &[Entry], width: u16) -> Self {
        let open = |entry: &Entry| entry.open_item(data).map(age_of);
        let span = |entry: &Entry| open(entry).or_else(|| flow(data, entry.item));
        let longest = entries.iter().filter_map(span).max().unwrap_or(0);
        let shape = Shape {
            key: key_width(data, entries.iter().map(|entry| entry.item)),
            open: entries.iter().any(|entry| open(entry).is_some()),
            longest: days(longest) * 1.02,
            bands: None,
        };
        Self::new(&shape, width)
    }

    /// For a few open items of any stages.
    pub(super) fn of_some(data: &Data, items: &[&OpenItem], width: u16) -> Self {
        let longest = items.iter().map(|item| age_of(item)).max();
        let shape = Shape {
            key: key_width(data, items.iter().map(|item| item.item)),
            open: true,
            longest: days(longest.unwrap_or(0)) * 1.02,
            bands: None,
        };
        Self::new(&shape, width)
    }

    /// Shares `width` between the columns; the title takes what is left.
    fn new(shape: &Shape, width: u16) -> Self {
        let (kind, team, bar, condition) = match width {
            ..60 => (0, 0, 0, 0),
            60..76 => (0, 0, 12, 0),
            76..90 => (0, 0, 12, 15),
            90..120 => (8, 0, 16, 18),
            120..160 => (8, 8, 24, 22),
            160..180 => (9, 9, 40, 28),
            _ => (9, 9, 60, 30),
        };
        let condition = if shape.open { condition } else { 0 };
        let pace = if shape.open && width >= 60 { 4 } else { 0 };
        let key = shape.key.clamp(3, if width < 60 { 10 } else { 14 });
        let mut columns = Self {
            key,
            title: 0,
            kind,
            team,
            age: 7,
            bar,
            pace,
            condition,
            longest: shape.longest,
            bands: shape.bands,
        };
        let others = [key, kind, team, columns.age, bar, pace, condition];
        let gaps = others.iter().filter(|column| **column > 0).count();
        let used = others.iter().sum::<u16>() + u16::try_from(gaps).unwrap_or(8) + 3;
        columns.title = width.saturating_sub(used);
        columns
    }
}

/// What the columns depend on besides the width.
struct Shape {
    /// Cells of the widest key.
    key: u16,
    /// Whether any of the items is open.
    open: bool,
    /// Days at the right end of the bars.
    longest: f64,
    bands: Option<[i64; 4]>,
}

impl Columns {
    /// The first column of the age bars.
    fn bar_start(&self) -> u16 {
        let before = [self.key, self.title, self.kind, self.team, self.age];
        let taken = before
            .iter()
            .filter(|column| **column > 0)
            .map(|column| column + 1);
        taken.sum::<u16>() + 3
    }

    /// Names of bands and where they are written.
    fn band_names(&self) -> Vec<(&'static str, u16)> {
        let Some(bands) = self.bands.filter(|_| self.bar >= 16) else {
            return Vec::new();
        };
        let marks = ticks(bands, self.longest * 86_400.0, self.bar);
        let start = self.bar_start();
        let left = marks[0].map(|tick| ("P50", (start + tick).saturating_sub(3)));
        let right = marks[2].map(|tick| ("P85", start + tick));
        left.into_iter().chain(right).collect()
    }

    /// Columns left for the title of the list beside the names of bands.
    pub(super) fn title_room(&self) -> u16 {
        let names = self.band_names();
        names.first().map_or(u16::MAX, |(_, x)| x.saturating_sub(2))
    }
}

/// The widest key of the first rows.
fn key_width(data: &Data, items: impl Iterator<Item = ItemIx>) -> u16 {
    let log = data.snapshot.log();
    items
        .take(200)
        .map(|item| width(&harmless(log.key(item))))
        .max()
        .unwrap_or(3)
}

/// How many times the widest pace band an age bar shows: one item forgotten for years leaves the
/// others their bars, its own ends at the edge.
const BANDS_SHOWN: i64 = 2;

/// Days at the end of the age bars: the oldest item within reason, and at least the widest pace
/// band; of finished items a third beyond P95.
fn longest(data: &Data, stage: &StageMeasures, queue: Queue<'_>) -> f64 {
    let band = stage.pace.map_or(0, |bands| bands[3]);
    let longest = match queue {
        Queue::Open(items) => open_end(items.first().map_or(0, age_of), band),
        Queue::Finished(_) => {
            let usual = data.measures.flow.time;
            usual.map_or(0, |time| time.percentiles.values[3]) * 4 / 3
        }
    };
    days(longest) * 1.02
}

/// Seconds at the end of the age bars of open items.
fn open_end(oldest: i64, band: i64) -> i64 {
    let most = if band > 0 { band * BANDS_SHOWN } else { oldest };
    oldest.min(most).max(band)
}

/// Age by the clock, in the backlog the stay.
fn age_of(item: &OpenItem) -> i64 {
    item.age.unwrap_or(item.in_stage)
}

fn flow(data: &Data, item: ItemIx) -> Option<i64> {
    data.measures.table.row(item)?.flow()
}

/// Over the age bars: where P50 and P85 lie.
pub(super) fn draw_band_names(columns: &Columns, paint: &mut Paint<'_>) {
    for (name, x) in columns.band_names() {
        paint.put(x, 0, name, Role::Muted);
    }
}

/// A row being written from left to right.
struct Line<'p, 'b> {
    paint: &'p mut Paint<'b>,
    x: u16,
    y: u16,
}

impl Line<'_, '_> {
    /// Writes a text into a column and steps over it.
    fn column(&mut self, columns: u16, text: &str, role: Role) {
        if columns > 0 {
            self.paint
                .put(self.x, self.y, &cut(&harmless(text), columns), role);
            self.x += columns + 1;
        }
    }

    fn right(&mut self, columns: u16, text: &str, role: Role) {
        if columns > 0 {
            self.paint.put_right(self.x + columns, self.y, text, role);
            self.x += columns + 1;
        }
    }
}

fn sign(condition: Option<Condition>) -> (&'static str, Role) {
    match condition {
        Some(Condition::Blocked) => ("■", Role::Blocked),
        Some(Condition::Ageing) => ("▲", Role::Overdue),
        Some(Condition::Stale) => ("○", Role::Warn),
        Some(Condition::Fine) | None => (" ", Role::Muted),
    }
}

fn facts(data: &Data, item: ItemIx, line: &mut Line<'_, '_>, columns: &Columns) {
    let log = data.snapshot.log();
    line.column(columns.key, log.key(item), Role::Accent);
    line.column(columns.title, log.title(item), Role::Text);
    let row = data.measures.table.row(item);
    let bound = data.snapshot.streams().get(data.question.stream);
    let kind = row
        .and_then(|row| row.kind)
        .zip(bound)
        .and_then(|(kind, bound)| bound.kinds().get(usize::from(kind.0)));
    line.column(columns.kind, kind.map_or("", String::as_str), Role::Muted);
    let team = log
        .fact(fact::TEAM)
        .map(|team| log.text(log.fact_at(team, item, data.as_of().plus(-1))));
    line.column(columns.team, team.unwrap_or_default(), Role::Muted);
}

/// Draws an open item.
pub(super) fn draw_open(
    data: &Data,
    (stage, item): (&StageMeasures, &OpenItem),
    columns: &Columns,
    paint: &mut Paint<'_>,
    y: u16,
) {
    let (mark, role) = sign(item.condition);
    paint.put(1, y, mark, role);
    let mut line = Line { paint, x: 3, y };
    facts(data, item.item, &mut line, columns);
    line.right(
        columns.age,
        &span_in(data.question.time, age_of(item)),
        Role::Strong,
    );
    draw_age((stage, item), columns, &mut line);
    let pace = item
        .pace
        .map_or_else(String::new, |pace| format!("P{:.0}", pace * 100.0));
    let loud = item.pace.is_some_and(|pace| pace > 0.85);
    line.column(
        columns.pace,
        &pace,
        if loud { Role::Overdue } else { Role::Muted },
    );
    let (words, role) = match data.compared() {
        Some((compared, _)) => fate_told(data, compared.fate(item.item, item.stage)),
        None => (condition_words(data, item), role),
    };
    line.column(columns.condition, &words, role);
}

/// What is wrong with an item, in words.
pub(super) fn condition_words(data: &Data, item: &OpenItem) -> String {
    let span = |seconds| span_in(data.question.time, seconds);
    match (item.condition, &item.block) {
        (Some(Condition::Blocked), Some(block)) => {
            let long = span(data.measures.ruler.between(block.since, data.as_of()));
            let reason = if block.reason.is_empty() {
                "blocked"
            } else {
                &block.reason
            };
            format!("■ {reason} {long}")
        }
        (Some(Condition::Blocked), None) => "■ blocked".to_owned(),
        (Some(Condition::Ageing), _) => "▲ past P85".to_owned(),
        (Some(Condition::Stale), _) => format!("○ here {}", span(item.in_stage)),
        (Some(Condition::Fine), _) => format!("  here {}", span(item.in_stage)),
        (None, _) => String::new(),
    }
}

/// A bar is no bolder where its row is selected: it is not written again when the selection moves.
const LIGHT: Style = Style::new().remove_modifier(Modifier::BOLD);

/// The bar of age, with ticks where the pace bands end.
fn draw_age(
    (stage, item): (&StageMeasures, &OpenItem),
    columns: &Columns,
    line: &mut Line<'_, '_>,
) {
    let (x, y) = (line.x, line.y);
    let old = oldness(item, stage);
    let theme = line.paint.theme();
    let color = theme.between(fresh(stage.class), Role::Old, ageing(old));
    draw_bar(days(age_of(item)), (color, shade(old)), columns, line);
    let Some(bands) = columns.bands else { return };
    let marks = ticks(bands, columns.longest * 86_400.0, columns.bar);
    let style = theme.style(Role::Muted).patch(LIGHT);
    for (tick, symbol) in marks.into_iter().zip(["│", "│", "┃", "┃"]) {
        if let Some(tick) = tick {
            line.paint.symbol(x + tick, y, symbol, style);
        }
    }
}

/// A bar a little lower than its row, so that rows stay apart.
fn draw_bar(
    value: f64,
    (color, pattern): (Color, &str),
    columns: &Columns,
    line: &mut Line<'_, '_>,
) {
    if columns.bar == 0 {
        return;
    }
    let length = bar(value, columns.longest, columns.bar);
    let filled = length.full + u16::from(length.eighths >= 4 || length.full == 0);
    let filled = if value > 0.0 {
        filled.min(columns.bar)
    } else {
        0
    };
    let plain = line.paint.theme().is_plain();
    let bar = (if plain { pattern } else { "▆" }, Style::new().fg(color));
    let track = ("·", line.paint.theme().style(Role::Faint));
    for at in 0..columns.bar {
        let (symbol, style) = if at < filled { bar } else { track };
        line.paint
            .symbol(line.x + at, line.y, symbol, style.patch(LIGHT));
    }
    line.x += columns.bar + 1;
}

/// Draws a finished item: its flow time and the day it was finished.
pub(super) fn draw_finished(
    data: &Data,
    item: ItemIx,
    columns: &Columns,
    paint: &mut Paint<'_>,
    y: u16,
) {
    paint.put(1, y, "✓", Role::Good);
    let mut line = Line { paint, x: 3, y };
    let date = data
        .measures
        .table
        .row(item)
        .and_then(|row| row.finished.get());
    let date = date
        .map(|at| data.snapshot.zone().day_of(at).short())
        .unwrap_or_default();
    let narrowed = Columns {
        title: columns.title.saturating_sub(8),
        ..*columns
    };
    facts(data, item, &mut line, &narrowed);
    let flow = flow(data, item);
    line.right(
        columns.age,
        &flow.map_or_else(|| "–".to_owned(), |flow| span_in(data.question.time, flow)),
        Role::Strong,
    );
    let color = line
        .paint
        .theme()
        .between(fresh(Class::Done), Role::Done, 0.0);
    draw_bar(flow.map_or(0.0, days), (color, "░"), columns, &mut line);
    line.right(7, &date, Role::Muted);
}

#[cfg(test)]
mod tests {
    use super::open_end;

    #[test]
    fn one_forgotten_item_does_not_take_the_others_their_bars() {
        assert_eq!(open_end(40, 56), 56, "the bands are always in view");
        assert_eq!(open_end(90, 56), 90);
        assert_eq!(open_end(1355, 56), 112);
        assert_eq!(open_end(1355, 0), 1355, "nothing to compare with");
    }
}
