//! One row an item.

mod makeup;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::table::Table;
use super::{Answer, Sheet};
use crate::metrics::{DaysLeft, Makeup, OpenItem, Remaining, Row};
use crate::model::event::fact;
use crate::model::id::ItemIx;
use crate::model::log::Log;
use crate::model::time::{Sec, days};

/// The columns, in order.
const COLUMNS: [&str; 23] = [
    "item",
    "title",
    "kind",
    "team",
    "stage",
    "state",
    "condition",
    "created",
    "started",
    "finished",
    "flow_days",
    "active_days",
    "waiting_days",
    "outside_days",
    "blocked_days",
    "age_days",
    "pace",
    "reopened",
    "backward_moves",
    "url",
    "days_left_p50",
    "days_left_p85",
    "days_left_n",
];

/// One item; a value that does not exist is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRow {
    cells: Vec<Cell>,
    /// Of a stream with links: what the item is made of.
    makeup: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Text(Option<String>),
    Number(Option<f64>),
    Count(Option<u64>),
}

/// The rows of all items a question is about, in the order of the log. What items in progress have
/// left costs a second pass over the items of the stream.
pub fn item_rows(answer: Answer<'_>) -> Vec<ItemRow> {
    let measures = answer.measures;
    let mut open: Vec<&OpenItem> = measures.open.iter().collect();
    open.sort_by_key(|one| one.item);
    let mut open = open.into_iter().peekable();
    let remaining = Remaining::of(answer.snapshot, answer.stream, measures.header);
    let mut makeup = Makeup::new(answer.snapshot, answer.stream, measures.header.as_of);
    let rows = measures.table.rows();
    rows.map(|row| {
        let one = open.next_if(|one| one.item == row.item);
        let left = row.stage.zip(row.age());
        let left = left.map(|(stage, age)| remaining.left(stage, age));
        let mut found = item_row(answer, row, one);
        found.cells.extend(left_cells(left));
        if let Some(makeup) = &mut makeup {
            found.makeup = makeup::told(answer, makeup.of(row.item));
        }
        found
    })
    .collect()
}

fn left_cells(left: Option<DaysLeft>) -> [Cell; 3] {
    let of = |of: fn(&DaysLeft) -> Option<i64>| Cell::Number(left.as_ref().and_then(of).map(days));
    let n = left.map(|left| left.n);
    [of(|left| left.p50), of(|left| left.p85), Cell::Count(n)]
}

fn item_row(answer: Answer<'_>, row: &Row, open: Option<&OpenItem>) -> ItemRow {
    let (log, measures) = (answer.snapshot.log(), answer.measures);
    let bound = answer.snapshot.streams().get(answer.stream);
    let kinds = bound.map_or(&[][..], |bound| bound.kinds());
    let kind = row
        .kind
        .and_then(|kind| kinds.get(usize::from(kind.0)).cloned());
    let stage = row
        .stage
        .map(|stage| measures.stages[stage.index()].name.clone());
    let condition = open
        .and_then(|one| one.condition)
        .map(|one| one.name().to_owned());
    let spent = row.started.get().map(|_| row.spent());
    let spent =
        |of: fn(&crate::metrics::Spent) -> i64| Cell::Number(spent.as_ref().map(|s| days(of(s))));
    let cells = vec![
        Cell::Text(Some(log.key(row.item).to_owned())),
        text(log.title(row.item)),
        Cell::Text(kind),
        text(team(log, row, measures.header.as_of)),
        Cell::Text(stage),
        Cell::Text(Some(row.state.name().to_owned())),
        Cell::Text(condition),
        Cell::Text(Some(row.created.rfc3339())),
        instant(row.started.get()),
        instant(row.finished.get()),
        Cell::Number(row.flow().map(days)),
        spent(|s| s.active),
        spent(|s| s.waiting),
        spent(|s| s.outside),
        spent(|s| s.blocked),
        Cell::Number(row.age().map(days)),
        Cell::Number(open.and_then(|one| one.pace)),
        Cell::Count(Some(row.reopened.into())),
        Cell::Count(Some(row.backward_moves.into())),
        Cell::Text(log.url(row.item).map(str::to_owned)),
    ];
    ItemRow {
        cells,
        makeup: Map::new(),
    }
}

/// The team at the finish of a finished item, else at as-of.
fn team<'a>(log: &'a Log, row: &Row, as_of: Sec) -> &'a str {
    let at = row.finished.get().unwrap_or(as_of.plus(-1));
    let team = log
        .fact(fact::TEAM)
        .map(|team| log.fact_at(team, row.item, at));
    team.map_or("", |team| log.text(team))
}

fn text(text: &str) -> Cell {
    Cell::Text((!text.is_empty()).then(|| text.to_owned()))
}

fn instant(at: Option<Sec>) -> Cell {
    Cell::Text(at.map(Sec::rfc3339))
}

impl Cell {
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone().unwrap_or_default(),
            Self::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
            Self::Count(count) => count.map_or_else(String::new, |count| count.to_string()),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.clone()),
            Self::Number(number) => Value::from(*number),
            Self::Count(count) => Value::from(*count),
        }
    }

    /// For people: days to one place.
    fn short(&self) -> String {
        match self {
            Self::Number(Some(number)) => format!("{number:.1}"),
            other => other.plain(),
        }
    }
}

/// The rows as CSV with a header.
///
/// # Errors
/// What the writer of `out` says.
pub fn items_csv(rows: &[ItemRow], out: impl std::io::Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS).map_err(writing)?;
    for row in rows {
        writer
            .write_record(row.cells.iter().map(Cell::plain))
            .map_err(writing)?;
    }
    writer.flush()
}

/// What the writer under the CSV said, with its kind.
pub(super) fn writing(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

/// The rows as a JSON list of objects; those of a stream with links tell too what each item is made
/// of and whence its visits came.
pub fn items_json(rows: &[ItemRow]) -> Value {
    let object = |row: &ItemRow| -> Map<String, Value> {
        let named = COLUMNS.iter().zip(&row.cells);
        let cells = named.map(|(name, cell)| ((*name).to_owned(), cell.json()));
        cells.chain(row.makeup.clone()).collect()
    };
    rows.iter().map(object).collect()
}

/// The rows of some items, in their order, with the columns of [`items_csv`].
pub fn items_sheet(answer: Answer<'_>, items: &[ItemIx]) -> Sheet {
    let all = answer.measures.table.rows().map(|row| row.item);
    let rows: HashMap<ItemIx, ItemRow> = all.zip(item_rows(answer)).collect();
    let object = |row: &ItemRow| -> Map<String, Value> {
        let named = COLUMNS.iter().zip(&row.cells);
        named
            .map(|(name, cell)| ((*name).to_owned(), cell.json()))
            .collect()
    };
    Sheet::new(items.iter().filter_map(|item| rows.get(item).map(object)))
}

/// The rows as a table for people: what fits a line.
pub fn items_text(rows: &[ItemRow]) -> String {
    const SHOWN: [(usize, &str); 10] = [
        (0, "item"),
        (4, "stage"),
        (5, "state"),
        (6, "condition"),
        (2, "kind"),
        (10, "flow d"),
        (15, "age d"),
        (21, "P85 left d"),
        (12, "waiting d"),
        (1, "title"),
    ];
    let mut table = Table::new(SHOWN.iter().map(|(_, name)| *name));
    for row in rows {
        table.row(SHOWN.iter().map(|(at, _)| row.cells[*at].short()));
    }
    table.text("")
}
