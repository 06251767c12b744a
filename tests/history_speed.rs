//! How fast the history is. By hand, as it takes its time:
//! `cargo test --release --test history_speed -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use weir::history::{History, Position, Sqlite};
use weir::model::batch::{Batch, Cursor, ItemHistory};
use weir::model::event::{Change, Event, fact};
use weir::model::id::SourceName;
use weir::model::time::Millis;

const ITEMS: u64 = 200_000;
const MOVES: u64 = 8;
const ITEMS_A_BATCH: u64 = 1_000;

#[test]
#[ignore = "takes a minute and a gigabyte; run it in release"]
fn eight_million_events_are_written_and_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut history = Sqlite::open(&folder.path().join("weir.db")).expect("a history");

    let (events, took) = timed(|| write(&mut history));
    say("wrote", events, took);

    let (read, took) = timed(|| read(&mut history, Position(0)));
    say("read", read, took);
    assert_eq!(read, events);

    let size = std::fs::metadata(history.path()).expect("the file").len();
    println!("{} MB, {} bytes an event", size >> 20, size / events);

    let before = history.append(&batch(0)).expect("a batch").position;
    let late = Batch {
        items: vec![item(ITEMS / 2, 1)],
        ..Batch::empty(source())
    };
    let (appended, took) = timed(|| history.append(&late).expect("a batch"));
    println!(
        "appended {} to an old item in {took:?}",
        appended.new_events
    );
    let (read, took) = timed(|| self::read(&mut history, before));
    println!("read {read} events that changed in {took:?}");
    let (again, took) = timed(|| history.append(&batch(1)).expect("a batch"));
    println!(
        "passed over a batch of {} in {took:?}",
        ITEMS_A_BATCH * (MOVES + 1)
    );
    assert_eq!(again.new_events, 0);
}

fn write(history: &mut Sqlite) -> u64 {
    (0..ITEMS / ITEMS_A_BATCH)
        .map(|page| history.append(&batch(page)).expect("a batch").new_events)
        .sum()
}

fn read(history: &mut Sqlite, since: Position) -> u64 {
    let mut events = 0;
    history
        .read(since, &mut |_, item| events += item.events.len() as u64)
        .expect("a reading");
    events
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

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

fn say(what: &str, events: u64, took: Duration) {
    let each = took.as_nanos() / u128::from(events);
    println!("{what} {events} events in {took:?}: {each} ns each");
}
