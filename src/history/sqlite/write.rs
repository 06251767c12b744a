//! Batches into the tables.

use std::collections::HashSet;

use rusqlite::{CachedStatement, Connection, OptionalExtension};

use super::read;
use crate::history::told::Told;
use crate::history::{Appended, MARKS, Mark, Position};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::event::Event;
use crate::model::id::SourceName;

/// Writes a batch. Call it within a transaction, and commit.
pub(super) fn append(connection: &Connection, batch: &Batch) -> rusqlite::Result<Appended> {
    let before = read::position(connection)?;
    let source = source(connection, &batch.source)?;
    let mut writer = Writer::new(connection, source, Position(before.0 + 1))?;
    let mut changed = statuses(connection, source, &batch.statuses)?;
    for history in &batch.items {
        changed |= writer.item(history)?;
    }
    if let Some(Cursor(cursor)) = &batch.cursor {
        set_cursor(connection, source, cursor)?;
    }
    let position = if changed { writer.position } else { before };
    if changed {
        set_position(connection, position)?;
    }
    Ok(Appended {
        new_events: writer.new_events,
        position,
    })
}

/// Forgets where a source stands.
pub(super) fn forget_cursor(connection: &Connection, source: &SourceName) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE source SET cursor = NULL WHERE name = ?1")?
        .execute([source.as_str()])
        .map(drop)
}

/// Takes all events of the items that have not changed since they were looked at, and returns how
/// many items that were. Their rows stay, so that readers learn of it. Call it within a
/// transaction, and commit.
pub(super) fn drop_items(
    connection: &Connection,
    items: &[read::ItemRow],
) -> rusqlite::Result<u64> {
    let position = Position(read::position(connection)?.0 + 1);
    let mut mark = connection
        .prepare_cached("UPDATE item SET position = ?3 WHERE item = ?1 AND position = ?2")?;
    let mut empty = connection.prepare_cached("DELETE FROM event WHERE item = ?1")?;
    let mut dropped = 0;
    for found in items {
        let (known, now) = (found.position.0.cast_signed(), position.0.cast_signed());
        if mark.execute((found.item, known, now))? > 0 {
            empty.execute([found.item])?;
            dropped += 1;
        }
    }
    if dropped > 0 {
        set_position(connection, position)?;
    }
    Ok(dropped)
}

fn source(connection: &Connection, name: &SourceName) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("INSERT INTO source (name) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([name.as_str()])?;
    connection
        .prepare_cached("SELECT source FROM source WHERE name = ?1")?
        .query_row([name.as_str()], |row| row.get(0))
}

fn statuses(
    connection: &Connection,
    source: i64,
    statuses: &[StatusName],
) -> rusqlite::Result<bool> {
    let mut put = connection.prepare_cached(
        "INSERT INTO status (source, id, name) VALUES (?1, ?2, ?3)
         ON CONFLICT (source, id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
    )?;
    let mut changed = false;
    for status in statuses {
        changed |= put.execute((source, &status.id, &status.name))? > 0;
    }
    Ok(changed)
}

fn set_cursor(connection: &Connection, source: i64, cursor: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE source SET cursor = ?2 WHERE source = ?1")?
        .execute((source, cursor))
        .map(drop)
}

fn set_position(connection: &Connection, position: Position) -> rusqlite::Result<()> {
    let (at, mark) = (position.0.cast_signed(), Mark::random().0.cast_signed());
    connection
        .prepare_cached("UPDATE history SET position = ?1")?
        .execute([at])?;
    connection
        .prepare_cached("INSERT INTO mark (position, mark) VALUES (?1, ?2)")?
        .execute([at, mark])?;
    connection
        .prepare_cached("DELETE FROM mark WHERE position <= ?1")?
        .execute([at - MARKS.cast_signed()])
        .map(drop)
}

/// Writes the items of one source, all at one position.
struct Writer<'c> {
    source: i64,
    position: Position,
    new_events: u64,
    find_item: CachedStatement<'c>,
    add_item: CachedStatement<'c>,
    mark_item: CachedStatement<'c>,
    add_event: CachedStatement<'c>,
    correct_event: CachedStatement<'c>,
    event_ids: CachedStatement<'c>,
    drop_event: CachedStatement<'c>,
    connection: &'c Connection,
}

impl<'c> Writer<'c> {
    fn new(connection: &'c Connection, source: i64, position: Position) -> rusqlite::Result<Self> {
        let prepare = |sql| connection.prepare_cached(sql);
        Ok(Self {
            source,
            position,
            new_events: 0,
            find_item: prepare("SELECT item FROM item WHERE source = ?1 AND id = ?2")?,
            add_item: prepare("INSERT INTO item (source, id, position) VALUES (?1, ?2, ?3)")?,
            mark_item: prepare("UPDATE item SET position = ?2 WHERE item = ?1")?,
            add_event: prepare(
                "INSERT INTO event (item, id, at, seq, approximate, kind, what, old, new)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
            )?,
            correct_event: prepare(
                "UPDATE event SET at = ?3, seq = ?4, approximate = ?5,
                     kind = ?6, what = ?7, old = ?8, new = ?9
                 WHERE item = ?1 AND id = ?2 AND (
                     (kind, what, old, new) IS NOT (?6, ?7, ?8, ?9)
                     OR ?5 = 0 AND (at, seq, approximate) IS NOT (?3, ?4, 0))",
            )?,
            event_ids: prepare("SELECT id FROM event WHERE item = ?1")?,
            drop_event: prepare("DELETE FROM event WHERE item = ?1 AND id = ?2")?,
            connection,
        })
    }

    /// Writes what is told of one item; whether that changed anything.
    fn item(&mut self, history: &ItemHistory) -> rusqlite::Result<bool> {
        let known = self
            .find_item
            .query_row((self.source, &history.item), |row| row.get(0))
            .optional()?;
        match known {
            Some(item) => self.known_item(item, history),
            None => self.new_item(history).map(|()| true),
        }
    }

    fn new_item(&mut self, history: &ItemHistory) -> rusqlite::Result<()> {
        let position = self.position.0.cast_signed();
        self.add_item
            .execute((self.source, &history.item, position))?;
        self.events(self.connection.last_insert_rowid(), &history.events)?;
        Ok(())
    }

    fn known_item(&mut self, item: i64, history: &ItemHistory) -> rusqlite::Result<bool> {
        let dropped = history.replace && self.drop_others(item, &history.events)?;
        let changed = self.events(item, &history.events)? || dropped;
        if changed {
            self.mark_item
                .execute((item, self.position.0.cast_signed()))?;
        }
        Ok(changed)
    }

    /// Takes the events of an item that are not told any more; whether there were any.
    fn drop_others(&mut self, item: i64, told: &[Event]) -> rusqlite::Result<bool> {
        let told: HashSet<&str> = told.iter().map(|event| event.id.as_str()).collect();
        let known: Vec<String> = self
            .event_ids
            .query_map([item], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut dropped = false;
        for id in known.iter().filter(|id| !told.contains(id.as_str())) {
            self.drop_event.execute((item, id))?;
            dropped = true;
        }
        Ok(dropped)
    }

    fn events(&mut self, item: i64, events: &[Event]) -> rusqlite::Result<bool> {
        let mut changed = false;
        for event in events {
            changed |= self.event(item, event)?;
        }
        Ok(changed)
    }

    fn event(&mut self, item: i64, event: &Event) -> rusqlite::Result<bool> {
        let told = Told::of(&event.change);
        let columns = (
            item,
            &event.id,
            event.at.0,
            event.seq.cast_signed(),
            event.approximate,
            told.kind,
            told.what,
            told.old,
            told.new,
        );
        if self.add_event.execute(columns)? > 0 {
            self.new_events += 1;
            return Ok(true);
        }
        Ok(self.correct_event.execute(columns)? > 0)
    }
}
