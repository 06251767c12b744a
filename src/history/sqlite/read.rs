//! Rows out of the tables.

use rusqlite::{CachedStatement, Connection, OptionalExtension};

use super::row;
use crate::history::{Mark, Position};
use crate::model::batch::{Cursor, ItemHistory, StatusName};
use crate::model::event::Event;
use crate::model::id::SourceName;

/// Room that is enough for the events of most items.
const USUAL_EVENTS: usize = 16;

/// The row of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemRow {
    /// Its key in the item table.
    pub(super) item: i64,
    /// Where it last changed.
    pub(super) position: Position,
}

/// What is called for each item.
pub(super) type Each<'a> = &'a mut dyn FnMut(&SourceName, ItemRow, ItemHistory);

/// The position of the last change.
pub(super) fn position(connection: &Connection) -> rusqlite::Result<Position> {
    connection
        .prepare_cached("SELECT position FROM history")?
        .query_row((), |row| row.get::<_, i64>(0))
        .map(|position| Position(position.cast_unsigned()))
}

/// The mark of a position.
pub(super) fn mark(connection: &Connection, at: Position) -> rusqlite::Result<Option<Mark>> {
    let mark = connection
        .prepare_cached("SELECT mark FROM mark WHERE position = ?1")?
        .query_row([at.0.cast_signed()], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(mark.map(|mark| Mark(mark.cast_unsigned())))
}

/// Where a source stands.
pub(super) fn cursor(
    connection: &Connection,
    source: &SourceName,
) -> rusqlite::Result<Option<Cursor>> {
    let cursor = connection
        .prepare_cached("SELECT cursor FROM source WHERE name = ?1")?
        .query_row([source.as_str()], |row| row.get::<_, Option<String>>(0))
        .optional()?;
    Ok(cursor.flatten().map(Cursor))
}

/// The statuses of a source.
pub(super) fn statuses(
    connection: &Connection,
    source: &SourceName,
) -> rusqlite::Result<Vec<StatusName>> {
    connection
        .prepare_cached(
            "SELECT status.id, status.name FROM status JOIN source USING (source)
             WHERE source.name = ?1 ORDER BY status.status",
        )?
        .query_map([source.as_str()], |row| {
            Ok(StatusName {
                id: row.get(0)?,
                name: row.get(1)?,
            })
        })?
        .collect()
}

/// The items of a source that have events, did not change after `since` and that `kept` does not
/// know.
pub(super) fn others(
    connection: &Connection,
    source: &SourceName,
    since: Position,
    kept: &dyn Fn(&str) -> bool,
) -> rusqlite::Result<Vec<ItemRow>> {
    let mut items = connection.prepare_cached(
        "SELECT item.item, item.position, item.id FROM item JOIN source USING (source)
         WHERE source.name = ?1 AND item.position <= ?2
             AND EXISTS (SELECT 1 FROM event WHERE event.item = item.item)",
    )?;
    let mut rows = items.query((source.as_str(), since.0.cast_signed()))?;
    let mut others = Vec::new();
    while let Some(row) = rows.next()? {
        if !kept(row.get_ref(2)?.as_str()?) {
            others.push(ItemRow {
                item: row.get(0)?,
                position: Position(row.get::<_, i64>(1)?.cast_unsigned()),
            });
        }
    }
    Ok(others)
}

/// Hands over every item that changed after `since`. Call it within a transaction.
pub(super) fn items(
    connection: &Connection,
    since: Position,
    each: Each<'_>,
) -> rusqlite::Result<()> {
    for (source, name) in sources(connection)? {
        items_of(connection, (source, &name), since, each)?;
    }
    Ok(())
}

fn sources(connection: &Connection) -> rusqlite::Result<Vec<(i64, SourceName)>> {
    connection
        .prepare_cached("SELECT source, name FROM source ORDER BY source")?
        .query_map((), |row| {
            let name = SourceName::new(row.get_ref(1)?.as_str()?);
            Ok((row.get(0)?, name))
        })?
        .collect()
}

fn items_of(
    connection: &Connection,
    (source, name): (i64, &SourceName),
    since: Position,
    each: Each<'_>,
) -> rusqlite::Result<()> {
    // Walking the table in its own order beats any index: most reads want all of it.
    let mut items = connection.prepare_cached(
        "SELECT item, position, id FROM item NOT INDEXED
         WHERE source = ?1 AND position > ?2 ORDER BY item",
    )?;
    let mut events = events_statement(connection)?;
    let mut rows = items.query((source, since.0.cast_signed()))?;
    while let Some(row) = rows.next()? {
        let found = ItemRow {
            item: row.get(0)?,
            position: Position(row.get::<_, i64>(1)?.cast_unsigned()),
        };
        let events = ordered(&mut events, found.item)?;
        if since == Position(0) && events.is_empty() {
            continue;
        }
        let history = ItemHistory {
            item: row.get(2)?,
            replace: true,
            events,
        };
        each(name, found, history);
    }
    Ok(())
}

fn events_statement(connection: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    connection.prepare_cached(
        "SELECT id, at, seq, approximate, kind, what, old, new FROM event
         WHERE item = ?1 ORDER BY id",
    )
}

fn ordered(statement: &mut CachedStatement<'_>, item: i64) -> rusqlite::Result<Vec<Event>> {
    let mut events = Vec::with_capacity(USUAL_EVENTS);
    let mut rows = statement.query([item])?;
    while let Some(row) = rows.next()? {
        events.push(row::event(row)?);
    }
    events.sort_by_key(|event: &Event| (event.at, event.seq));
    Ok(events)
}
