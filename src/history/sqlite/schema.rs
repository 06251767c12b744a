//! The tables and how they came to be.

use rusqlite::{Connection, TransactionBehavior};

/// Marks a file as a history of weir: "weir" in ASCII.
pub(super) const APPLICATION: u32 = 0x7765_6972;

/// Each step leads from the schema of its index to the next. Steps are never changed once
/// released, only added.
pub(super) const STEPS: &[&str] = &[FIRST, SECOND, THIRD, FOURTH];

const FIRST: &str = "
CREATE TABLE history (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL -- of the last change
) STRICT;
INSERT INTO history (one, position) VALUES (1, 0);

CREATE TABLE source (
    source INTEGER PRIMARY KEY, -- in the order of the first append
    name TEXT NOT NULL UNIQUE,
    cursor TEXT -- where the connector stands; only it can read this
) STRICT;

CREATE TABLE status (
    status INTEGER PRIMARY KEY, -- in the order of the first append
    source INTEGER NOT NULL REFERENCES source,
    id TEXT NOT NULL, -- the tracker's
    name TEXT NOT NULL, -- of today
    UNIQUE (source, id)
) STRICT;

CREATE TABLE item (
    item INTEGER PRIMARY KEY, -- in the order of the first append
    source INTEGER NOT NULL REFERENCES source,
    id TEXT NOT NULL, -- the tracker's, immutable
    position INTEGER NOT NULL, -- of its last change
    UNIQUE (source, id)
) STRICT;

-- Without a foreign key: it would look up, for every event, the item that was found just before.
CREATE TABLE event (
    item INTEGER NOT NULL, -- item.item
    id TEXT NOT NULL, -- unique within the item
    at INTEGER NOT NULL, -- milliseconds since 1970, UTC
    seq INTEGER NOT NULL, -- the source's own sequence, as 64 bits without sign
    approximate INTEGER NOT NULL, -- 1: the instant is that of the poll
    kind INTEGER NOT NULL, -- 1 created, 2 moved, 3 set, 4 blocked, 5 unblocked, 6 linked,
        -- 7 unlinked, 8 deployed, 9 incident opened, 10 incident resolved, 11 deleted
    what TEXT, -- the fact that was set, the kind of link
    old TEXT, -- the value before
    new TEXT, -- status, value, reason, linked item, environment
    PRIMARY KEY (item, id)
) STRICT, WITHOUT ROWID;
";

const SECOND: &str = "
CREATE TABLE forecast (
    stream TEXT NOT NULL, -- its name
    asked INTEGER NOT NULL, -- 1 how many, 2 when
    size INTEGER NOT NULL, -- days ahead; items
    clock TEXT NOT NULL, -- the rule
    filter TEXT NOT NULL, -- a query
    past TEXT NOT NULL, -- the window drawn from
    split_rate REAL NOT NULL,
    first INTEGER NOT NULL, -- the first day that counts; days are counted from 1970-01-01
    due INTEGER NOT NULL, -- the last day that counts
    made INTEGER NOT NULL, -- seconds since 1970, UTC
    seed INTEGER NOT NULL, -- as 64 bits without sign
    p50 INTEGER NOT NULL, -- items, or a day
    p70 INTEGER NOT NULL,
    p85 INTEGER NOT NULL,
    p95 INTEGER NOT NULL,
    likely50 REAL NOT NULL, -- how likely that was said to be
    likely70 REAL NOT NULL,
    likely85 REAL NOT NULL,
    likely95 REAL NOT NULL,
    PRIMARY KEY (stream, asked, size, clock, filter, past, split_rate, first)
) STRICT, WITHOUT ROWID;
";

const THIRD: &str = "
CREATE TABLE lease (
    source TEXT NOT NULL PRIMARY KEY, -- source.name
    owner TEXT NOT NULL,
    expires INTEGER NOT NULL, -- milliseconds since 1970, UTC
    read_at INTEGER, -- end of the last complete poll, milliseconds since 1970, UTC
    failing_since INTEGER,
    failing TEXT -- why the source cannot be read
) STRICT, WITHOUT ROWID;
";

const FOURTH: &str = "
CREATE TABLE mark (
    position INTEGER PRIMARY KEY, -- of a change
    mark INTEGER NOT NULL -- given to it at random, as 64 bits without sign
) STRICT;
INSERT INTO mark (position, mark) SELECT position, random() FROM history;
";

/// The newest schema known here.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// The schema of a file; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    pragma(connection, "user_version")
}

/// The mark of the program a file belongs to; 0 for an empty one.
pub(super) fn application(connection: &Connection) -> rusqlite::Result<u32> {
    pragma(connection, "application_id")
}

/// Whether a file holds no tables at all.
pub(super) fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
        (),
        |row| row.get(0),
    )
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, name, |row| row.get(0).map(i32::cast_unsigned))
}

/// Takes the steps that a file has not taken yet, each in a transaction of its own, so that a
/// process that dies between two leaves a file that is whole.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    for (from, step) in (0_u32..).zip(steps) {
        if version(connection)? == from {
            take(connection, from, step)?;
        }
    }
    Ok(())
}

fn take(connection: &mut Connection, from: u32, step: &str) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been faster.
    if version(&transaction)? == from {
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", from + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
