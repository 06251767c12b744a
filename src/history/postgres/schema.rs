//! The tables and how they came to be. Everything is in the schema `weir` of the database.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::error::Broken;
use crate::history::ServerFault;

/// Each step leads from the schema of its index to the next. Steps are never changed once
/// released, only added.
pub(super) const STEPS: &[&str] = &[FIRST, SECOND];

/// How often another may be faster before we give up.
const TRIES: usize = 20;

/// Every key begins with the source, so that the tables can be spread over several servers by it.
/// Numbers are given by us and not by a sequence: sequences of spread tables have no order.
const FIRST: &str = "
CREATE TABLE weir.history (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    schema BIGINT NOT NULL,
    position BIGINT NOT NULL -- of the last change
);
INSERT INTO weir.history (one, schema, position) VALUES (1, 0, 0);

CREATE TABLE weir.source (
    source BIGINT PRIMARY KEY, -- in the order of the first append
    name TEXT NOT NULL UNIQUE,
    cursor TEXT, -- where the connector stands; only it can read this
    items BIGINT NOT NULL, -- how many items it ever had
    statuses BIGINT NOT NULL
);

CREATE TABLE weir.status (
    source BIGINT NOT NULL,
    id TEXT NOT NULL, -- the tracker's; a digest of it where it is long
    long_id TEXT, -- the tracker's, where it is long
    number BIGINT NOT NULL, -- in the order of the first append
    name TEXT NOT NULL, -- of today
    PRIMARY KEY (source, id)
);

CREATE TABLE weir.item (
    source BIGINT NOT NULL,
    item BIGINT NOT NULL, -- in the order of the first append
    id TEXT NOT NULL, -- the tracker's, immutable; a digest of it where it is long
    long_id TEXT, -- the tracker's, where it is long
    position BIGINT NOT NULL, -- of its last change
    PRIMARY KEY (source, item),
    UNIQUE (source, id)
);
CREATE INDEX item_changed ON weir.item (source, position);

CREATE TABLE weir.event (
    source BIGINT NOT NULL,
    item BIGINT NOT NULL, -- item.item
    id TEXT NOT NULL, -- unique within the item; a digest where it is long
    long_id TEXT,
    at BIGINT NOT NULL, -- milliseconds since 1970, UTC
    seq BIGINT NOT NULL, -- the source's own sequence, as 64 bits without sign
    approximate BOOLEAN NOT NULL, -- the instant is that of the poll
    kind SMALLINT NOT NULL, -- 1 created, 2 moved, 3 set, 4 blocked, 5 unblocked, 6 linked,
        -- 7 unlinked, 8 deployed, 9 incident opened, 10 incident resolved, 11 deleted
    what TEXT, -- the fact that was set, the kind of link
    old TEXT, -- the value before
    new TEXT, -- status, value, reason, linked item, environment
    PRIMARY KEY (source, item, id)
);

CREATE TABLE weir.lease (
    source TEXT PRIMARY KEY, -- source.name
    owner TEXT NOT NULL,
    expires TIMESTAMP WITH TIME ZONE NOT NULL, -- by the server's clock
    read_at BIGINT, -- end of the last complete poll, milliseconds since 1970, UTC
    failing_since BIGINT,
    failing TEXT -- why the source cannot be read
);

CREATE TABLE weir.forecast (
    stream TEXT NOT NULL, -- its name
    asked BIGINT NOT NULL, -- 1 how many, 2 when
    size BIGINT NOT NULL, -- days ahead; items
    clock TEXT NOT NULL, -- the rule
    filter TEXT NOT NULL, -- a query
    past TEXT NOT NULL, -- the window drawn from
    split_rate DOUBLE PRECISION NOT NULL,
    first BIGINT NOT NULL, -- the first day that counts; days are counted from 1970-01-01
    due BIGINT NOT NULL, -- the last day that counts
    made BIGINT NOT NULL, -- seconds since 1970, UTC
    seed BIGINT NOT NULL, -- as 64 bits without sign
    p50 BIGINT NOT NULL, -- items, or a day
    p70 BIGINT NOT NULL,
    p85 BIGINT NOT NULL,
    p95 BIGINT NOT NULL,
    likely50 DOUBLE PRECISION NOT NULL, -- how likely that was said to be
    likely70 DOUBLE PRECISION NOT NULL,
    likely85 DOUBLE PRECISION NOT NULL,
    likely95 DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (stream, asked, size, clock, filter, past, split_rate, first)
);
";

const SECOND: &str = "
CREATE TABLE weir.mark (
    position BIGINT PRIMARY KEY, -- of a change
    mark BIGINT NOT NULL -- given to it at random, as 64 bits without sign
);
INSERT INTO weir.mark (position, mark)
SELECT position, (random() * 9007199254740992)::bigint FROM weir.history;
";

/// The newest schema known here.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Makes the tables or brings them up to date, if that must be. A newer or foreign schema is
/// refused and not touched.
pub(super) async fn prepare(client: &mut Client) -> Result<(), Broken> {
    for _ in 0..TRIES {
        let (found, known) = (version(client).await?, newest());
        if found == known {
            return Ok(());
        }
        if found > known {
            return Err(ServerFault::Newer { found, known }.into());
        }
        match step(client, found).await {
            Err(error) if error.is_forbidden() => {
                return Err(ServerFault::Older { found, known }.into());
            }
            Err(error) if !is_race(&error) => return Err(error),
            _ => {}
        }
    }
    Err(ServerFault::Busy.into())
}

/// The schema of a database; 0 if it has no history.
async fn version(client: &Client) -> Result<u32, Broken> {
    let tables = client
        .query_typed(
            "SELECT c.relname::text FROM pg_catalog.pg_class c
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'weir' AND c.relkind IN ('r', 'p')",
            &[],
        )
        .await?;
    let tables: Vec<String> = tables
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    if tables.is_empty() {
        return Ok(0);
    }
    if !tables.iter().any(|name| name == "history") {
        return Err(ServerFault::Foreign.into());
    }
    let read = client
        .query_typed_one("SELECT schema FROM weir.history WHERE one = 1", &[])
        .await;
    match read.map_err(Broken::from) {
        Ok(row) => Ok(u32::try_from(row.try_get::<_, i64>(0)?).unwrap_or(u32::MAX)),
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_COLUMN) => {
            Err(ServerFault::Foreign.into())
        }
        Err(error) => Err(error),
    }
}

/// Takes one step, wholly or not at all.
async fn step(client: &mut Client, from: u32) -> Result<(), Broken> {
    let Some(step) = STEPS.get(from as usize) else {
        return Ok(());
    };
    let transaction = client.transaction().await?;
    if from == 0 {
        let there = "SELECT 1::bigint FROM pg_catalog.pg_namespace WHERE nspname = 'weir'";
        if transaction.query_typed_opt(there, &[]).await?.is_none() {
            transaction.batch_execute("CREATE SCHEMA weir").await?;
        }
    } else {
        let held = "SELECT schema FROM weir.history WHERE one = 1 FOR UPDATE";
        let held = transaction.query_typed_one(held, &[]).await?;
        if held.try_get::<_, i64>(0)? != i64::from(from) {
            return Ok(());
        }
    }
    transaction.batch_execute(step).await?;
    let reached = format!("UPDATE weir.history SET schema = {}", from + 1);
    transaction.batch_execute(&reached).await?;
    Ok(transaction.commit().await?)
}

/// Whether another made the same at the same time.
fn is_race(error: &Broken) -> bool {
    let made = [
        &SqlState::UNIQUE_VIOLATION,
        &SqlState::DUPLICATE_SCHEMA,
        &SqlState::DUPLICATE_TABLE,
        &SqlState::DUPLICATE_OBJECT,
        &SqlState::T_R_SERIALIZATION_FAILURE,
        &SqlState::T_R_DEADLOCK_DETECTED,
    ];
    error.code().is_some_and(|code| made.contains(&code))
}
