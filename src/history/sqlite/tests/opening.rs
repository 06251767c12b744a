use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tempfile::TempDir;

use super::*;
use crate::history::HistoryError;
use crate::history::sqlite::schema;
use crate::model::event::fact;

/// The first schema as it is in files that are out there. Never to be changed.
const FIRST: &str = "
CREATE TABLE history (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL) STRICT;
CREATE TABLE source (source INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cursor TEXT) STRICT;
CREATE TABLE status (status INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source,
    id TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (source, id)) STRICT;
CREATE TABLE item (item INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source,
    id TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (source, id)) STRICT;
CREATE TABLE event (item INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
    seq INTEGER NOT NULL, approximate INTEGER NOT NULL, kind INTEGER NOT NULL, what TEXT, old TEXT,
    new TEXT, PRIMARY KEY (item, id)) STRICT, WITHOUT ROWID;
INSERT INTO history VALUES (1, 4);
INSERT INTO source VALUES (1, 'tracker', 'page 4');
INSERT INTO status VALUES (1, 1, '7', 'Review');
INSERT INTO item VALUES (1, 1, '1001', 3), (2, 1, '1002', 4);
INSERT INTO event VALUES (1, 'a', 1000, 1, 0, 1, NULL, NULL, '7'),
    (1, 'b', 2000, 2, 1, 3, 'team', 'cards', 'loans'), (2, 'a', 3000, -1, 0, 11, NULL, NULL, NULL);
PRAGMA application_id = 2003134834;
PRAGMA user_version = 1;
";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn file_with(path: &Path, sql: &str) {
    let connection = Connection::open(path).expect("a file");
    connection.execute_batch(sql).expect("good SQL");
}

/// The bytes of the file and of those beside it.
fn bytes(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
        .expect("a listing")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.to_string_lossy().ends_with("-shm"))
        .map(|path| (path.clone(), fs::read(path).expect("bytes")))
        .collect();
    all.sort();
    all
}

/// Opens in both ways, makes sure that nothing was touched, and says what was wrong.
fn refused(path: &Path) -> HistoryError {
    let before = bytes(path);
    let reading = Sqlite::open_read_only(path).expect_err("refused for reading");
    let writing = Sqlite::open(path).expect_err("refused");
    assert_eq!(reading, writing);
    assert!(bytes(path) == before, "the file was touched");
    writing
}

#[test]
fn a_new_history_is_empty_and_stays_where_it_was_made() {
    let folder = folder();
    let path = folder.path().join("a/b/weir.db");
    let mut history = Sqlite::open(&path).expect("a history");
    assert_eq!(history.path(), path);
    assert_eq!(read(&mut history, Position(0)), []);
    append(&mut history, &page(1, 2));
    let before = read(&mut history, Position(0));
    drop(history);

    let mut history = Sqlite::open(&path).expect("the same history");
    assert_eq!(read(&mut history, Position(0)), before);
    history.check().expect("whole");
    let mut reader = Sqlite::open_read_only(&path).expect("the same history");
    assert_eq!(read(&mut reader, Position(0)), before);
}

#[test]
fn every_commit_is_flushed_before_it_is_acknowledged() {
    let folder = folder();
    let history = Sqlite::open(&folder.path().join("weir.db")).expect("a history");
    let setting = |name: &str| {
        history
            .connection
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .expect("a setting")
    };
    assert_eq!(setting("journal_mode"), "wal".to_owned().into());
    assert_eq!(setting("synchronous"), 2.into(), "FULL");
    assert_eq!(setting("fullfsync"), 1.into());
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("a/b/weir.db");
    let mut history = Sqlite::open(&path).expect("a history");
    append(&mut history, &page(1, 2));
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("a")), 0o700);
    assert_eq!(mode(&folder.path().join("a/b")), 0o700);
    let files = bytes(&path);
    assert_eq!(files.len(), 2, "the file and its write-ahead log");
    for (file, _) in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn names_that_mean_something_to_sqlite_are_files_to_us() {
    let folder = folder();
    for name in [":memory:", "file:weir.db?mode=memory"] {
        let path = folder.path().join(name);
        append(&mut Sqlite::open(&path).expect("a history"), &page(1, 2));
        let mut history = Sqlite::open(&path).expect("the same history");
        assert_eq!(read(&mut history, Position(0)).len(), 2);
    }
}

#[test]
fn a_file_of_the_first_schema_is_read_and_written() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    file_with(&path, FIRST);
    let mut history = Sqlite::open(&path).expect("a history");
    let team = Event {
        seq: 2,
        approximate: true,
        ..event(
            "b",
            2000,
            Change::Set {
                fact: fact::TEAM.into(),
                old: Some("cards".to_owned()),
                new: Some("loans".to_owned()),
            },
        )
    };
    let created = Event {
        seq: 1,
        ..event(
            "a",
            1000,
            Change::Created {
                status: Some("7".to_owned()),
            },
        )
    };
    let deleted = Event {
        seq: u64::MAX,
        ..event("a", 3000, Change::Deleted)
    };
    let tracker = source("tracker");
    let (first, second) = (
        whole("1001", vec![created, team]),
        whole("1002", vec![deleted]),
    );
    let all = [(tracker.clone(), first), (tracker.clone(), second.clone())];
    assert_eq!(read(&mut history, Position(0)), all);
    assert_eq!(read(&mut history, Position(3)), [(tracker.clone(), second)]);
    assert_eq!(
        history.cursor(&tracker),
        Ok(Some(Cursor("page 4".to_owned())))
    );
    assert_eq!(history.statuses(&tracker), Ok(vec![status("7", "Review")]));
    assert_eq!(append(&mut history, &page(5, 1)), Position(5));
    assert_eq!(history.promises("cards"), Ok(Vec::new()));
    drop(history);
    let stepped = Connection::open(&path).expect("the file");
    assert_eq!(schema::version(&stepped), Ok(schema::newest()));
}

#[test]
fn a_step_of_a_migration_is_taken_wholly_or_not_at_all() {
    let version = |connection: &Connection| schema::version(connection).expect("a version");
    let mut connection = Connection::open_in_memory().expect("memory");
    let good = [schema::STEPS[0], "CREATE TABLE more (a)"];
    let bad = [good[0], "CREATE TABLE more (a); nonsense"];
    schema::migrate(&mut connection, &bad).expect_err("nonsense");
    assert_eq!(version(&connection), 1);
    schema::migrate(&mut connection, &good).expect("a migration");
    schema::migrate(&mut connection, &good).expect("nothing left to do");
    assert_eq!(version(&connection), 2);
    assert_eq!(schema::application(&connection), Ok(schema::APPLICATION));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    file_with(
        &path,
        &FIRST.replace("user_version = 1", "user_version = 999"),
    );
    let newer = HistoryError::Newer {
        path: path.clone(),
        found: 999,
        known: schema::newest(),
    };
    assert_eq!(refused(&path), newer);
}

#[test]
fn a_newer_schema_that_is_still_in_the_write_ahead_log_is_refused_too() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    file_with(&path, FIRST);
    let newer = Connection::open(&path).expect("the file");
    newer
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .expect("a setting");
    newer
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA user_version = 999")
        .expect("a newer schema");
    drop(newer);
    assert_eq!(bytes(&path).len(), 2, "the log is there");
    assert!(matches!(
        refused(&path),
        HistoryError::Newer { found: 999, .. }
    ));
}

#[test]
fn files_of_others_are_refused_and_left_alone() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    for content in [
        "id,name\n1,a\n".to_owned(),
        "x".repeat(5000),
        "SQLite format 3\0".to_owned(),
    ] {
        fs::write(&path, content).expect("a file");
        let said = refused(&path).to_string();
        assert!(
            said.ends_with("is not a history of weir: it does not begin like one"),
            "{said}"
        );
    }
    for sql in ["PRAGMA application_id = 7", "CREATE TABLE event (a)"] {
        fs::remove_file(&path).expect("gone");
        file_with(&path, sql);
        let said = refused(&path).to_string();
        assert!(
            said.ends_with("is not a history of weir: it belongs to another program"),
            "{said}"
        );
    }
}

#[test]
fn a_history_whose_making_was_cut_short_is_made_anew() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    fs::write(&path, "").expect("an empty file");
    assert!(matches!(
        Sqlite::open_read_only(&path),
        Err(HistoryError::Older {
            found: 0,
            known: 4,
            ..
        })
    ));
    append(&mut Sqlite::open(&path).expect("a history"), &page(1, 1));

    let path = folder.path().join("cut.db");
    file_with(&path, "PRAGMA journal_mode = WAL");
    assert!(fs::metadata(&path).expect("the file").len() > 0);
    append(&mut Sqlite::open(&path).expect("a history"), &page(1, 1));
}

#[test]
fn what_is_not_there_is_not_made_for_a_reader() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    let error = Sqlite::open_read_only(&path).expect_err("nothing there");
    assert!(matches!(error, HistoryError::Open { .. }), "{error:?}");
    assert_eq!(bytes(&path), []);
}

#[test]
fn a_reader_may_not_write() {
    let folder = folder();
    let path = folder.path().join("weir.db");
    append(&mut Sqlite::open(&path).expect("a history"), &page(1, 1));
    let mut reader = Sqlite::open_read_only(&path).expect("a history");
    let read_only = HistoryError::ReadOnly { path };
    assert_eq!(reader.append(&page(2, 1)), Err(read_only.clone()));
    assert_eq!(reader.forget_cursor(&source("tracker")), Err(read_only));
    assert_eq!(read(&mut reader, Position(0)).len(), 1);
}

#[test]
fn a_folder_in_the_place_of_the_file_or_the_other_way_round_is_said() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, "").expect("a file");
    for path in [folder.path(), &file.join("weir.db")] {
        let error = Sqlite::open(path).expect_err("no place for a file");
        assert!(matches!(&error, HistoryError::Open { .. }), "{error:?}");
        assert!(
            error.to_string().contains(&path.display().to_string()),
            "{error}"
        );
    }
}

#[cfg(unix)]
mod without_permission {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    use super::*;

    const NOBODY: u32 = 65_534;
    const FOLDER: &str = "WEIR_TEST_FOLDER";
    const DONE: &str = "every file was tried";

    /// The superuser may do everything, so this test goes on in a child that is nobody.
    #[test]
    fn a_folder_that_may_not_be_written_is_said() {
        let folder = folder();
        let closed = folder.path().join("closed");
        fs::create_dir(&closed).expect("a folder");
        for name in ["weir.db", "closed.db"] {
            append(
                &mut Sqlite::open(&closed.join(name)).expect("a history"),
                &page(1, 1),
            );
        }
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
        };
        mode(&closed.join("closed.db"), 0o400);
        mode(&closed, 0o500);
        if rustix::process::geteuid().is_root() {
            mode(folder.path(), 0o755);
            for path in [&closed, &closed.join("weir.db"), &closed.join("closed.db")] {
                chown(path, Some(NOBODY), Some(NOBODY)).expect("another owner");
            }
            go_on_as_nobody(folder.path(), &closed);
        } else {
            closed_folder(&closed);
        }
        mode(&closed, 0o700);
    }

    fn go_on_as_nobody(folder: &Path, closed: &Path) {
        let program = folder.join("tests");
        fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
        let done = Command::new(program)
            .args(["--ignored", "--exact", "--nocapture"])
            .arg("history::sqlite::tests::opening::without_permission::as_nobody")
            .env(FOLDER, closed)
            .current_dir("/")
            .uid(NOBODY)
            .gid(NOBODY)
            .output()
            .expect("a child");
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(done.status.success() && said.contains(DONE), "{said}");
    }

    #[test]
    #[ignore = "the child of the test above"]
    fn as_nobody() {
        if let Some(closed) = std::env::var_os(FOLDER) {
            closed_folder(Path::new(&closed));
            println!("{DONE}");
        }
    }

    fn closed_folder(closed: &Path) {
        for name in ["weir.db", "closed.db", "new.db", "new/weir.db"] {
            let path = closed.join(name);
            let error = Sqlite::open(&path).expect_err("may not be written");
            assert_eq!(error, HistoryError::ReadOnly { path });
        }
        for name in ["weir.db", "closed.db"] {
            let mut reader = Sqlite::open_read_only(&closed.join(name)).expect("a reader");
            assert_eq!(read(&mut reader, Position(0)).len(), 1);
        }
    }
}
