//! What a history has to keep, whatever happens.

mod batches;
mod damage;
mod opening;
mod oracle;
mod promises;
mod sharing;

use super::Sqlite;
use crate::history::{History, Position};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

fn source(name: &str) -> SourceName {
    SourceName::new(name)
}

fn event(id: &str, at: i64, change: Change) -> Event {
    Event {
        id: id.to_owned(),
        at: Millis(at),
        seq: 0,
        approximate: false,
        change,
    }
}

fn moved(id: &str, at: i64, to: &str) -> Event {
    event(id, at, Change::Moved { to: to.to_owned() })
}

fn item(id: &str, events: Vec<Event>) -> ItemHistory {
    ItemHistory {
        item: id.to_owned(),
        replace: false,
        events,
    }
}

fn whole(id: &str, events: Vec<Event>) -> ItemHistory {
    ItemHistory {
        replace: true,
        ..item(id, events)
    }
}

/// A batch of the source "tracker".
fn batch(items: Vec<ItemHistory>, cursor: &str) -> Batch {
    Batch {
        items,
        cursor: Some(Cursor(cursor.to_owned())),
        ..Batch::empty(source("tracker"))
    }
}

/// A page of `items` items with three events each; every item of every page is another.
fn page(number: usize, items: usize) -> Batch {
    let events = |item: &str| {
        (0..3)
            .map(|at| moved(&format!("{item}-{at}"), at, "7"))
            .collect()
    };
    let items = (0..items)
        .map(|at| format!("{number}-{at}"))
        .map(|id| item(&id, events(&id)))
        .collect();
    batch(items, &number.to_string())
}

fn status(id: &str, name: &str) -> StatusName {
    StatusName {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

fn read(history: &mut Sqlite, since: Position) -> Vec<(SourceName, ItemHistory)> {
    let mut read = Vec::new();
    history
        .read(since, &mut |source, item| read.push((source.clone(), item)))
        .expect("a reading");
    read
}

/// The items that changed since, and how many events each has.
fn changed(history: &mut Sqlite, since: Position) -> Vec<(String, usize)> {
    read(history, since)
        .into_iter()
        .map(|(_, item)| (item.item, item.events.len()))
        .collect()
}

fn append(history: &mut Sqlite, batch: &Batch) -> Position {
    history.append(batch).expect("an append").position
}
