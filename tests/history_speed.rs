//! How fast the history is. By hand, as it takes its time:
//! `cargo test --release --test history_speed -- --ignored --nocapture`.

use std::time::{Duration, Instant};

#[cfg(feature = "postgres")]
use weir::history::settings::HistoryUrl;
use weir::history::{History, Position, Sqlite};
#[cfg(feature = "postgres")]
use weir::history::{Postgres, Server};
use weir::model::batch::{Batch, Cursor, ItemHistory};
use weir::model::event::{Change, Event, fact};
use weir::model::id::SourceName;
use weir::model::time::Millis;

const ITEMS: u64 = 1_000_000;
const MOVES: u64 = 8;
const ITEMS_A_BATCH: u64 = 1_000;

type Failure = Box<dyn std::error::Error>;

#[test]
#[ignore = "takes a minute and half a gigabyte; run it in release"]
fn nine_million_events_are_written_and_read_back() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut history = Sqlite::open(&folder.path().join("weir.db"))?;
    let path = history.path().to_owned();
    let events = timed_through(&mut history, ITEMS)?;
    let size = std::fs::metadata(path)?.len();
    println!("{} MB, {} bytes an event", size >> 20, size / events);
    Ok(())
}

/// In the database at `WEIR_POSTGRES`, which must be empty; look at its size afterwards.
#[cfg(feature = "postgres")]
#[test]
#[ignore = "takes minutes and a gigabyte of a server; run it in release"]
fn a_million_events_are_written_to_a_server_and_read_back() -> Result<(), Failure> {
    let address = std::env::var("WEIR_POSTGRES")?;
    let HistoryUrl::Postgres(url) = HistoryUrl::parse(&address, std::path::Path::new("/"))? else {
        return Err("no address of a server".into());
    };
    let mut history = Postgres::new(Server {
        url,
        password: None,
        ca_file: None,
    });
    assert_eq!(
        history.position()?,
        Position(0),
        "the database is not empty"
    );
    timed_through(&mut history, ITEMS / 8)?;
    Ok(())
}

/// Writes and reads so many items, a part of them again, and returns how many events that were.
fn timed_through(history: &mut dyn History, items: u64) -> Result<u64, Failure> {
    let (events, took) = timed(|| write(history, items))?;
    say("wrote", events, took);
    let (known, took) = timed(|| read(history, Position(0)))?;
    say("read", known, took);
    assert_eq!(known, events);

    let late = Batch {
        items: vec![item(items / 2, 1)],
        ..Batch::empty(source())
    };
    let before = history.append(&batch(0))?.position;
    let (appended, took) = timed(|| Ok(history.append(&late)?.new_events))?;
    say("appended to an old item", appended, took);
    let (changed, took) = timed(|| read(history, before))?;
    say("read of the item that changed", changed, took);
    let (again, took) = timed(|| Ok(history.append(&batch(1))?.new_events))?;
    say("passed over", ITEMS_A_BATCH * (MOVES + 1), took);
    assert_eq!((appended, changed, again), (MOVES + 1, 2 * (MOVES + 1), 0));
    Ok(events)
}

fn write(history: &mut dyn History, items: u64) -> Result<u64, Failure> {
    let mut events = 0;
    for page in 0..items / ITEMS_A_BATCH {
        events += history.append(&batch(page))?.new_events;
    }
    Ok(events)
}

fn read(history: &mut dyn History, since: Position) -> Result<u64, Failure> {
    let mut events = 0;
    history.read(since, &mut |_, item| events += item.events.len() as u64)?;
    Ok(events)
}

fn batch(page: u64) -> Batch {
    let first = page * ITEMS_A_BATCH;
    Batch {
        items: (first..first + ITEMS_A_BATCH)
            .map(|at| item(at, 0))
            .collect(),
        cursor: Some(Cursor(page.to_string())),
        ..Batch::empty(source())
    }
}

fn source() -> SourceName {
    SourceName::new("tracker")
}

/// A title and eight moves; `round` 1 tells new ones.
fn item(at: u64, round: u64) -> ItemHistory {
    let title = Change::Set {
        fact: fact::TITLE.into(),
        old: None,
        new: Some(format!(
            "Item {at} has a title of the usual length, more or less"
        )),
    };
    let moves = (0..MOVES).map(|step| Change::Moved {
        to: (step + 1).to_string(),
    });
    let events = std::iter::once(title)
        .chain(moves)
        .zip(0..)
        .map(|(change, step)| event(at, round * (MOVES + 1) + step, change))
        .collect();
    ItemHistory {
        item: (100_000 + at).to_string(),
        replace: false,
        events,
    }
}

fn event(item: u64, step: u64, change: Change) -> Event {
    let seq = 7_000_000 + item * 20 + step;
    Event {
        id: format!("{seq}-0"),
        at: Millis(
            1_600_000_000_000 + i64::try_from(item * 60_000 + step * 86_400_000).unwrap_or(0),
        ),
        seq,
        approximate: false,
        change,
    }
}

fn timed<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<(T, Duration), Failure> {
    let start = Instant::now();
    let value = work()?;
    Ok((value, start.elapsed()))
}

#[expect(clippy::print_stdout, reason = "the figures are what this is for")]
fn say(what: &str, events: u64, took: Duration) {
    let each = took.as_nanos() / u128::from(events);
    println!("{what} {events} events in {took:?}: {each} ns each");
}
