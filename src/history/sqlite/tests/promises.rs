//! Forecasts where the file does not allow them.

use rusqlite::Connection;

use super::Sqlite;
use crate::history::tests::promises::{how_many, when};
use crate::history::{History, HistoryError};

#[test]
fn all_are_kept_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.db");
    let mut history = Sqlite::open(&path).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON forecast WHEN NEW.asked = 2
                BEGIN SELECT RAISE(ABORT, 'no room'); END";
    Connection::open(&path)
        .unwrap()
        .execute_batch(full)
        .unwrap();
    let made = [how_many(20, 7), when(20, [22, 25, 30, 41])];
    let refused = history.promise(&made).unwrap_err();
    assert!(
        matches!(refused, HistoryError::Failed { .. }),
        "{refused:?}"
    );
    assert_eq!(history.promises("cards"), Ok(Vec::new()));
}

#[test]
fn a_history_that_is_only_read_gives_its_forecasts_and_takes_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.db");
    Sqlite::open(&path)
        .unwrap()
        .promise(&[how_many(20, 7)])
        .unwrap();
    let mut history = Sqlite::open_read_only(&path).unwrap();
    assert_eq!(history.promises("cards"), Ok(vec![how_many(20, 7)]));
    let refused = history.promise(&[how_many(40, 7)]);
    assert_eq!(refused, Err(HistoryError::ReadOnly { path }));
}
