//! Rows out of the tables.

use std::pin::Pin;

use futures_util::{Stream, StreamExt};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, GenericClient, Row};

use super::error::Broken;
use super::text::told;
use crate::history::told::Told;
use crate::history::{Mark, Position, ServerFault};
use crate::model::batch::{Cursor, ItemHistory, StatusName};
use crate::model::event::Event;
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Rows that are taken at once, at most.
const CHUNK: usize = 1024;

/// Rows as they come in, those that are there already at once.
pub(super) type Rows = Pin<Box<dyn Stream<Item = Vec<Result<Row, tokio_postgres::Error>>>>>;

/// The row of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemRow {
    /// The number of its source.
    pub(super) source: i64,
    /// Its number there.
    pub(super) item: i64,
    /// Where it last changed.
    pub(super) position: Position,
}

/// Begins to read: what is read until [`end`] is of one moment.
pub(super) async fn begin(client: &Client) -> Result<Position, Broken> {
    let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    client.batch_execute(begin).await?;
    position(client).await
}

/// Ends what [`begin`] began.
pub(super) async fn end(client: &Client) -> Result<(), Broken> {
    Ok(client.batch_execute("COMMIT").await?)
}

/// The position of the last change.
pub(super) async fn position(client: &impl GenericClient) -> Result<Position, Broken> {
    let row = client
        .query_typed("SELECT position FROM weir.history WHERE one = 1", &[])
        .await?;
    let row = row.first().ok_or_else(|| damaged("it has no position"))?;
    Ok(Position(row.try_get::<_, i64>(0)?.cast_unsigned()))
}

/// The mark of a position.
pub(super) async fn mark(client: &Client, at: Position) -> Result<Option<Mark>, Broken> {
    let at = at.0.cast_signed();
    let rows = client
        .query_typed(
            "SELECT mark FROM weir.mark WHERE position = $1",
            &[(&at, Type::INT8)],
        )
        .await?;
    let mark = rows.first().map(|row| row.try_get::<_, i64>(0));
    Ok(mark.transpose()?.map(|mark| Mark(mark.cast_unsigned())))
}

/// That the tables hold what weir never writes.
pub(super) fn damaged(why: &str) -> Broken {
    ServerFault::Damaged(why.to_owned()).into()
}

/// The number of a source, if it was ever appended to.
pub(super) async fn source(
    client: &impl GenericClient,
    name: &SourceName,
) -> Result<Option<i64>, Broken> {
    let name = name.as_str();
    let rows = client
        .query_typed(
            "SELECT source FROM weir.source WHERE name = $1",
            &[(&name, Type::TEXT)],
        )
        .await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// All sources, in the order in which they were first appended to.
pub(super) async fn sources(client: &Client) -> Result<Vec<(i64, SourceName)>, Broken> {
    let rows = client
        .query_typed("SELECT source, name FROM weir.source ORDER BY source", &[])
        .await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, SourceName::new(row.try_get(1)?))))
        .collect()
}

/// Where a source stands.
pub(super) async fn cursor(client: &Client, source: &SourceName) -> Result<Option<Cursor>, Broken> {
    let name = source.as_str();
    let rows = client
        .query_typed(
            "SELECT cursor FROM weir.source WHERE name = $1",
            &[(&name, Type::TEXT)],
        )
        .await?;
    let cursor = rows.first().map(|row| row.try_get::<_, Option<&str>>(0));
    Ok(cursor.transpose()?.flatten().map(|text| Cursor(told(text))))
}

/// The statuses of a source.
pub(super) async fn statuses(
    client: &Client,
    source: &SourceName,
) -> Result<Vec<StatusName>, Broken> {
    let name = source.as_str();
    let rows = client
        .query_typed(
            "SELECT status.id, status.long_id, status.name FROM weir.status
             JOIN weir.source ON source.source = status.source
             WHERE source.name = $1 ORDER BY status.number",
            &[(&name, Type::TEXT)],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StatusName {
                id: key(row, 0)?,
                name: told(row.try_get(2)?),
            })
        })
        .collect()
}

/// The items of a source that have events, did not change after `since` and that `kept` does not
/// know.
pub(super) async fn others(
    client: &impl GenericClient,
    source: i64,
    since: Position,
    kept: &dyn Fn(&str) -> bool,
) -> Result<Vec<ItemRow>, Broken> {
    let since = since.0.cast_signed();
    let rows = client
        .query_typed(
            "SELECT item.id, item.long_id, item.item, item.position FROM weir.item
             WHERE item.source = $1 AND item.position <= $2 AND EXISTS (
                 SELECT 1 FROM weir.event
                 WHERE event.source = item.source AND event.item = item.item)",
            &[(&source, Type::INT8), (&since, Type::INT8)],
        )
        .await?;
    let mut others = Vec::new();
    for row in &rows {
        if !kept(&key(row, 0)?) {
            others.push(ItemRow {
                source,
                item: row.try_get(2)?,
                position: Position(row.try_get::<_, i64>(3)?.cast_unsigned()),
            });
        }
    }
    Ok(others)
}

/// The items of a source that changed after `since`, with their events: a row an event, those of an
/// item one after the other.
pub(super) async fn events(client: &Client, source: i64, since: Position) -> Result<Rows, Broken> {
    let since = since.0.cast_signed();
    let rows = client
        .query_typed_raw(
            "SELECT event.id, event.long_id, event.at, event.seq, event.approximate, event.kind,
                 event.what, event.old, event.new, item.item, item.position, item.id, item.long_id
             FROM weir.item LEFT JOIN weir.event
                 ON event.source = item.source AND event.item = item.item
             WHERE item.source = $1 AND item.position > $2 ORDER BY item.item",
            [(source, Type::INT8), (since, Type::INT8)],
        )
        .await?;
    Ok(Box::pin(rows.ready_chunks(CHUNK)))
}

/// An item while its rows come in.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) row: ItemRow,
    id: String,
    events: Vec<Event>,
}

impl Gathered {
    /// Begins with the first row of an item.
    pub(super) fn begin(source: i64, row: &Row) -> Result<Self, Broken> {
        Ok(Self {
            row: ItemRow {
                source,
                item: row.try_get(9)?,
                position: Position(row.try_get::<_, i64>(10)?.cast_unsigned()),
            },
            id: key(row, 11)?,
            events: Vec::new(),
        })
    }

    /// Whether a row is of this item.
    pub(super) fn has(&self, row: &Row) -> Result<bool, Broken> {
        Ok(self.row.item == row.try_get::<_, i64>(9)?)
    }

    /// Takes the event of a row, if it has one.
    pub(super) fn add(&mut self, row: &Row) -> Result<(), Broken> {
        if row.try_get::<_, Option<&str>>(0)?.is_some() {
            self.events.push(event(row)?);
        }
        Ok(())
    }

    /// The item, with its events in order.
    pub(super) fn end(mut self) -> (ItemRow, ItemHistory) {
        let order =
            |one: &Event, two: &Event| (one.at, one.seq, &one.id).cmp(&(two.at, two.seq, &two.id));
        self.events.sort_unstable_by(order);
        let history = ItemHistory {
            item: self.id,
            replace: true,
            events: self.events,
        };
        (self.row, history)
    }
}

/// A key, from its column and the one after it, which holds it if it is long.
pub(super) fn key(row: &Row, at: usize) -> Result<String, Broken> {
    let long: Option<&str> = row.try_get(at + 1)?;
    Ok(match long {
        Some(long) => told(long),
        None => told(row.try_get(at)?),
    })
}

/// An event, from the columns id, `long_id`, at, seq, approximate, kind, what, old, new.
pub(super) fn event(row: &Row) -> Result<Event, Broken> {
    let kind = i64::from(row.try_get::<_, i16>(5)?);
    let text = |at| -> Result<Option<String>, Broken> {
        Ok(row.try_get::<_, Option<&str>>(at)?.map(told))
    };
    let new = text(8)?;
    let (what, old) = if Told::says_more(kind) {
        (text(6)?, text(7)?)
    } else {
        (None, None)
    };
    let told = Told {
        kind,
        what: what.as_deref(),
        old: old.as_deref(),
        new: new.as_deref(),
    };
    Ok(Event {
        id: key(row, 0)?,
        at: Millis(row.try_get(2)?),
        seq: row.try_get::<_, i64>(3)?.cast_unsigned(),
        approximate: row.try_get(4)?,
        change: told
            .change()
            .ok_or_else(|| damaged(&format!("an event of the kind {kind}")))?,
    })
}
