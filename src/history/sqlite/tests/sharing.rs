//! Several at once.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::history::sqlite::{SqliteLeases, open};
use crate::history::{HistoryError, Lease, Leases, Owner, Report};

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

/// The leases of one file, asked by processes of one machine.
fn leases(path: &Path, process: u32) -> SqliteLeases {
    let owner = Owner::new("here", process, process.into());
    SqliteLeases::open(path, owner).expect("leases")
}

#[cfg(unix)]
#[tokio::test]
async fn a_process_of_this_machine_that_died_is_seen_and_leaves_its_lease() {
    let (_folder, path) = place();
    let mut child = std::process::Command::new("cat")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("a process");
    let (theirs, ours) = (leases(&path, child.id()), leases(&path, std::process::id()));
    let (tracker, nothing) = (source("tracker"), Report::default());
    let take = async |of: &SqliteLeases, patience| {
        let lease = of.take(&tracker, Duration::from_secs(patience), &nothing);
        lease.await.expect("an answer")
    };
    assert_eq!(take(&theirs, 0).await, Lease::Mine);
    let mut has_changed = ours.changes().expect("a file");
    assert!(!has_changed());
    assert!(matches!(take(&ours, 0).await, Lease::Theirs { .. }));
    assert!(ours.lives(theirs.owner()) && theirs.lives(ours.owner()));

    drop(child.stdin.take());
    child.wait().expect("an end");
    assert!(has_changed() && !has_changed());
    assert!(!ours.lives(theirs.owner()));
    // When it died is not known: whoever waits for others does so.
    assert!(matches!(take(&ours, 10).await, Lease::Nobodys(_)));
    assert_eq!(take(&ours, 0).await, Lease::Mine);
}

#[tokio::test]
async fn what_others_change_is_seen_once_and_what_one_does_oneself_is_not() {
    let (_folder, path) = place();
    let ours = leases(&path, 1);
    let mut has_changed = ours.changes().expect("a file");
    let (tracker, nothing) = (source("tracker"), Report::default());
    let taken = ours.take(&tracker, Duration::ZERO, &nothing).await;
    assert_eq!((taken, has_changed()), (Ok(Lease::Mine), false));
    append(&mut opened(&path), &page(1, 1));
    assert!(has_changed() && !has_changed());
}
