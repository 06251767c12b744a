//! From a path to a connection that is known to hold a history.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;
use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use url::Url;

use super::error::failure;
use super::schema;
use crate::history::HistoryError;

/// How every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The part of an SQLite file that says what it is.
const HEADER: usize = 100;
/// Kibibytes of pages to keep in memory: those that a batch about two thousand items touches, so
/// that none is written twice.
const CACHE_KIB: i64 = 16 * 1024;
/// Between two tries to have a new file for ourselves.
const TRY_AGAIN: Duration = Duration::from_millis(10);
/// Bytes that the write-ahead log may keep on disk between uses.
const WAL_BYTES: i64 = 16 << 20;

/// Opens the history at `path`, an absolute path, to read and write. Folders and file are made, for
/// the user alone, where there are none.
pub(super) fn to_write(path: &Path, wait: Duration) -> Result<Connection, HistoryError> {
    make(path).map_err(|error| HistoryError::from_io(path, &error))?;
    recognise(path)?;
    let tell = |error| failure(path, &error);
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE, wait).map_err(tell)?;
    let found = examine(path, &connection)?;
    set_up(&connection, wait).map_err(tell)?;
    if found < schema::newest() {
        schema::migrate(&mut connection, schema::STEPS).map_err(tell)?;
    }
    keep_on_close(&connection, false).map_err(tell)?;
    Ok(connection)
}

/// Opens the history at `path`, an absolute path, to read only; it must be there and up to date.
/// It may lie in a folder that cannot be written, on a read-only disk for example.
pub(super) fn to_read(path: &Path, wait: Duration) -> Result<Connection, HistoryError> {
    recognise(path)?;
    let access = OpenFlags::SQLITE_OPEN_READ_ONLY;
    // Only the first look shows whether the write-ahead log can be had.
    let looked = connect(path, access, wait)
        .and_then(|connection| schema::version(&connection).map(|_| connection));
    let closed = |error| is(error, ErrorCode::CannotOpen) || is(error, ErrorCode::ReadOnly);
    let connection = match (looked, at_rest(path)) {
        (Err(error), Some(name)) if closed(&error) => {
            connect(name, access | OpenFlags::SQLITE_OPEN_URI, wait)
        }
        (looked, _) => looked,
    };
    let connection = connection.map_err(|error| failure(path, &error))?;
    let found = examine(path, &connection)?;
    let known = schema::newest();
    if found < known {
        let path = path.to_owned();
        return Err(HistoryError::Older { path, found, known });
    }
    Ok(connection)
}

/// A history that lives as long as its connection.
pub(super) fn in_memory() -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    set_up(&connection, Duration::ZERO)?;
    schema::migrate(&mut connection, schema::STEPS)?;
    Ok(connection)
}

fn make(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    let mut file = OpenOptions::new();
    folder.recursive(true);
    file.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folder.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path.parent() {
        folder.create(parent)?;
    }
    file.open(path).map(drop)
}

/// Looks at the first bytes without SQLite, which would tidy up behind a program that was killed:
/// a file that is not ours is not to be touched.
fn recognise(path: &Path) -> Result<(), HistoryError> {
    let mut header = Vec::with_capacity(HEADER);
    File::open(path)
        .and_then(|file| file.take(HEADER as u64).read_to_end(&mut header))
        .map_err(|error| HistoryError::from_io(path, &error))?;
    if header.is_empty() {
        return Ok(());
    }
    if header.len() < HEADER || !header.starts_with(MAGIC) {
        return Err(foreign(path, "it does not begin like one"));
    }
    let number = |at: usize| {
        let bytes = [header[at], header[at + 1], header[at + 2], header[at + 3]];
        u32::from_be_bytes(bytes)
    };
    judge(path, number(68), number(60))
}

fn judge(path: &Path, application: u32, found: u32) -> Result<(), HistoryError> {
    let known = schema::newest();
    if application != schema::APPLICATION && application != 0 {
        return Err(foreign(path, "it belongs to another program"));
    }
    if application == schema::APPLICATION && found > known {
        let path = path.to_owned();
        return Err(HistoryError::Newer { path, found, known });
    }
    Ok(())
}

/// As [`recognise`], but through SQLite, which sees what has not reached the file itself yet.
/// Returns the schema.
fn examine(path: &Path, connection: &Connection) -> Result<u32, HistoryError> {
    let (application, version, empty) =
        identity(connection).map_err(|error| failure(path, &error))?;
    judge(path, application, version)?;
    if application == 0 && !empty {
        return Err(foreign(path, "it belongs to another program"));
    }
    Ok(version)
}

/// Application, schema and emptiness of one moment: another process may be making the file.
fn identity(connection: &Connection) -> rusqlite::Result<(u32, u32, bool)> {
    let moment = connection.unchecked_transaction()?;
    let application = schema::application(&moment)?;
    Ok((
        application,
        schema::version(&moment)?,
        schema::is_empty(&moment)?,
    ))
}

fn foreign(path: &Path, why: &str) -> HistoryError {
    HistoryError::Foreign {
        path: path.to_owned(),
        why: why.to_owned(),
    }
}

/// How to name a file to SQLite that lies in a folder where it can make no files beside it: as one
/// that nobody is writing. `None` if its write-ahead log holds something, which would be missed.
fn at_rest(path: &Path) -> Option<String> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let folded = fs::metadata(log).map_or(true, |log| log.len() == 0);
    let mut name = Url::from_file_path(path).ok()?;
    name.set_query(Some("immutable=1"));
    folded.then(|| name.into())
}

/// Connects without changing anything, not even on closing.
fn connect(
    name: impl AsRef<Path>,
    access: OpenFlags,
    wait: Duration,
) -> rusqlite::Result<Connection> {
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(name, flags)?;
    connection.busy_timeout(wait)?;
    keep_on_close(&connection, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(connection)
}

/// Whether the last connection to close leaves the write-ahead log as it is.
fn keep_on_close(connection: &Connection, keep: bool) -> rusqlite::Result<()> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep)
        .map(drop)
}

/// Any number of readers beside one writer (WAL); and every commit on the disk before it is
/// acknowledged (FULL). With NORMAL a killed process would lose nothing, but a power cut could take
/// the last batches with it. Their cursor would go too, so most could be read again, but what was
/// seen only at a poll could not. The price is one flush a batch, and a batch is a request.
fn set_up(connection: &Connection, wait: Duration) -> rusqlite::Result<()> {
    write_ahead(connection, wait)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is dropped is not to be found in the file afterwards.
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES, |_| Ok(()))?;
    // Room for all the statements there are.
    connection.set_prepared_statement_cache_capacity(32);
    Ok(())
}

/// Turns the write-ahead log on. Only the first time this needs the file for itself, and then
/// SQLite does not always wait for others, lest two wait for each other; so we try again.
fn write_ahead(connection: &Connection, wait: Duration) -> rusqlite::Result<()> {
    let mut tries = wait.as_millis() / TRY_AGAIN.as_millis();
    loop {
        let done = connection.query_row("PRAGMA journal_mode = WAL", (), |_| Ok(()));
        match done {
            Err(error) if tries > 0 && is(&error, ErrorCode::DatabaseBusy) => {
                thread::sleep(TRY_AGAIN);
            }
            done => return done,
        }
        tries -= 1;
    }
}

fn is(error: &rusqlite::Error, code: ErrorCode) -> bool {
    error.sqlite_error_code() == Some(code)
}
