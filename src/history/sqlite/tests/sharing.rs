//! Several at once.

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
