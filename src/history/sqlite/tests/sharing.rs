//! Several at once.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::history::HistoryError;
use crate::history::sqlite::open;

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.db");
    (folder, path)
}

fn opened(path: &Path) -> Sqlite {
    Sqlite::open(path).expect("a history")
}

/// Opens without waiting for others.
fn impatient(path: &Path) -> Result<Sqlite, HistoryError> {
    Sqlite::open_with(path, Duration::ZERO, open::to_write)
}

#[test]
fn what_another_holds_is_said_and_can_be_had_later() {
    let (_folder, path) = place();
    let mut history = opened(&path);
    history
        .connection
        .busy_timeout(Duration::ZERO)
        .expect("no waiting");
    append(&mut history, &page(1, 1));
    let other = Connection::open(&path).expect("another program");

    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    let locked = HistoryError::Locked { path };
    assert_eq!(history.append(&page(2, 1)), Err(locked.clone()));
    assert_eq!(history.forget_cursor(&source("tracker")), Err(locked));
    assert_eq!(read(&mut history, Position(0)).len(), 1);

    other.execute_batch("ROLLBACK").expect("let go");
    append(&mut history, &page(2, 1));
}

#[test]
fn a_file_that_another_holds_for_itself_cannot_be_opened() {
    let (_folder, path) = place();
    append(&mut opened(&path), &page(1, 1));
    let other = Connection::open(&path).expect("another program");
    other
        .execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;
             UPDATE history SET position = position; COMMIT",
        )
        .expect("held");
    assert_eq!(
        impatient(&path).map(drop),
        Err(HistoryError::Locked { path: path.clone() })
    );
    drop(other);
    impatient(&path).expect("free again");
}

#[test]
fn a_new_file_that_another_looks_at_is_waited_for() {
    let (_folder, path) = place();
    std::fs::write(&path, "").expect("an empty file");
    let other = Connection::open(&path).expect("another program");
    other
        .execute_batch("BEGIN; SELECT * FROM sqlite_schema")
        .expect("looked at");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| Sqlite::open(&path).map(drop));
        // Long enough for the one that waits to have been turned away.
        for _ in 0..50 {
            assert!(matches!(impatient(&path), Err(HistoryError::Locked { .. })));
        }
        other.execute_batch("COMMIT").expect("looked enough");
        assert_eq!(waiting.join().expect("no panic"), Ok(()));
    });
}

#[test]
fn several_may_make_the_same_history_at_once() {
    for _ in 0..10 {
        let (_folder, path) = place();
        let names: Vec<String> = (0..4).map(|at| at.to_string()).collect();
        thread::scope(|scope| {
            for name in &names {
                let path = &path;
                scope.spawn(move || {
                    let told = Batch {
                        source: source(name),
                        ..page(1, 1)
                    };
                    append(&mut opened(path), &told);
                });
            }
        });
        assert_eq!(read(&mut opened(&path), Position(0)).len(), names.len());
    }
}

#[test]
fn two_writers_lose_nothing() {
    let (_folder, path) = place();
    let write = |name: &str| {
        let mut history = opened(&path);
        for at in 0..50 {
            append(
                &mut history,
                &Batch {
                    source: source(name),
                    ..page(at, 2)
                },
            );
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| write("a"));
        scope.spawn(|| write("b"));
    });
    let mut history = opened(&path);
    let read = read(&mut history, Position(0));
    for name in ["a", "b"].map(source) {
        assert_eq!(read.iter().filter(|(of, _)| *of == name).count(), 100);
        assert_eq!(history.cursor(&name), Ok(Some(Cursor("49".to_owned()))));
    }
    assert_eq!(history.read(Position(0), &mut |_, _| ()), Ok(Position(100)));
    history.check().expect("whole");
}

#[test]
fn a_reader_beside_a_writer_sees_whole_batches_only() {
    const ROUNDS: u64 = 300;
    let (_folder, path) = place();
    let mut writer = opened(&path);
    let mut reader = Sqlite::open_read_only(&path).expect("a reader");
    thread::scope(|scope| {
        scope.spawn(move || {
            for round in 0..ROUNDS {
                let one = || vec![moved(&round.to_string(), 1, "7")];
                let items = ["x", "y", "z"].map(|id| item(id, one()));
                append(&mut writer, &batch(items.into(), &round.to_string()));
            }
        });
        let mut since = Position(0);
        while since < Position(ROUNDS) {
            let mut events = Vec::new();
            let reached = reader
                .read(since, &mut |_, item| events.push(item.events.len() as u64))
                .expect("a reading");
            let want = if reached > since {
                vec![reached.0; 3]
            } else {
                vec![]
            };
            assert_eq!(events, want);
            since = reached;
        }
    });
}

#[test]
fn a_reading_is_of_one_moment() {
    let (_folder, path) = place();
    let mut history = opened(&path);
    let first = append(&mut history, &page(1, 5));
    let mut writer = opened(&path);
    let mut seen = 0;
    let reached = history.read(Position(0), &mut |_, _| {
        seen += 1;
        append(&mut writer, &page(1 + seen, 5));
    });
    assert_eq!((seen, reached), (5, Ok(first)));
    assert_eq!(read(&mut history, first).len(), 25);
}

#[test]
fn a_history_that_was_made_anew_is_noticed() {
    let mut old = Sqlite::in_memory().expect("a history");
    append(&mut old, &page(1, 1));
    let since = append(&mut old, &page(2, 1));
    let mut new = Sqlite::in_memory().expect("another history");
    append(&mut new, &page(1, 1));
    let reached = new.read(since, &mut |_, _| panic!("not asked for"));
    assert_eq!(reached, Ok(Position(1)));
}

#[test]
fn an_item_that_changes_while_it_is_dropped_is_kept() {
    let (_folder, path) = place();
    let mut history = opened(&path);
    append(&mut history, &page(1, 3));
    let writer = RefCell::new(opened(&path));
    let dropped = history.drop_items(Millis(100), &|_, found| {
        if found.item == "1-1" {
            let reopened = item("1-1", vec![moved("again", 200, "1")]);
            append(&mut writer.borrow_mut(), &batch(vec![reopened], "2"));
        }
        true
    });
    assert_eq!(dropped, Ok(2));
    assert_eq!(changed(&mut history, Position(0)), [("1-1".to_owned(), 4)]);
}
