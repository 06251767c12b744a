//! Forecasts that were made, into their table and out of it.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Row, named_params};

use crate::model::promise::{Promise, PromiseRule, Promised};
use crate::model::stage::ClockRule;
use crate::model::time::{Day, Sec, WindowSpec};

const HOW_MANY: i64 = 1;
const WHEN: i64 = 2;

/// Keeps those whose days no kept one of the same kind looks at, and says how many. Call it within
/// a transaction, and commit.
pub(super) fn keep(connection: &Connection, promises: &[Promise]) -> rusqlite::Result<u64> {
    let mut kept = 0;
    for promise in promises {
        kept += keep_one(connection, promise)?;
    }
    Ok(kept)
}

fn keep_one(connection: &Connection, promise: &Promise) -> rusqlite::Result<u64> {
    let rule = &promise.rule;
    let (asked, size, answers) = columns(&promise.promised);
    let rows = connection
        .prepare_cached(
            "INSERT INTO forecast
             SELECT :stream, :asked, :size, :clock, :filter, :past, :split, :first, :due, :made,
                 :seed, :p50, :p70, :p85, :p95, :l50, :l70, :l85, :l95
             WHERE NOT EXISTS (
                 SELECT 1 FROM forecast
                 WHERE stream = :stream AND asked = :asked AND size = :size AND clock = :clock
                     AND filter = :filter AND past = :past AND split_rate = :split
                     AND due >= :first)",
        )?
        .execute(named_params! {
            ":stream": promise.stream, ":asked": asked, ":size": size,
            ":clock": rule.clock.name(), ":filter": rule.filter,
            ":past": rule.window.to_string(), ":split": rule.split_rate,
            ":first": promise.from.0, ":due": promise.promised.due().0, ":made": promise.made.0,
            ":seed": rule.seed.cast_signed(),
            ":p50": answers[0], ":p70": answers[1], ":p85": answers[2], ":p95": answers[3],
            ":l50": promise.likely[0], ":l70": promise.likely[1],
            ":l85": promise.likely[2], ":l95": promise.likely[3],
        })?;
    Ok(rows as u64)
}

fn columns(promised: &Promised) -> (i64, u32, [i64; 4]) {
    match promised {
        Promised::HowMany { within, items, .. } => (HOW_MANY, *within, items.map(i64::from)),
        Promised::When { items, by } => (WHEN, *items, by.map(|day| i64::from(day.0))),
    }
}

/// The forecasts of a stream, oldest first.
pub(super) fn of_stream(connection: &Connection, stream: &str) -> rusqlite::Result<Vec<Promise>> {
    connection
        .prepare_cached("SELECT * FROM forecast WHERE stream = ?1 ORDER BY made, asked, size")?
        .query_map([stream], promise)?
        .collect()
}

fn promise(row: &Row<'_>) -> rusqlite::Result<Promise> {
    Ok(Promise {
        stream: row.get("stream")?,
        made: Sec(row.get("made")?),
        rule: PromiseRule {
            clock: read(row, "clock", |text| text.parse::<ClockRule>().ok())?,
            filter: row.get("filter")?,
            window: read(row, "past", |text| WindowSpec::parse(text).ok())?,
            split_rate: row.get("split_rate")?,
            seed: row.get::<_, i64>("seed")?.cast_unsigned(),
        },
        from: Day(row.get("first")?),
        promised: promised(row)?,
        likely: [
            row.get("likely50")?,
            row.get("likely70")?,
            row.get("likely85")?,
            row.get("likely95")?,
        ],
    })
}

fn promised(row: &Row<'_>) -> rusqlite::Result<Promised> {
    let size = row.get("size")?;
    if row.get::<_, i64>("asked")? == WHEN {
        let day = |name| row.get(name).map(Day);
        let by = [day("p50")?, day("p70")?, day("p85")?, day("p95")?];
        return Ok(Promised::When { items: size, by });
    }
    Ok(Promised::HowMany {
        within: size,
        by: Day(row.get("due")?),
        items: [
            row.get("p50")?,
            row.get("p70")?,
            row.get("p85")?,
            row.get("p95")?,
        ],
    })
}

/// A column that weir wrote as a word. What it never writes is damage.
fn read<T>(row: &Row<'_>, name: &str, read: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text: String = row.get(name)?;
    let at = row.as_ref().column_index(name)?;
    read(&text).ok_or_else(|| {
        let why = format!("\"{text}\" in the column {name}");
        Error::FromSqlConversionFailure(at, Type::Text, why.into())
    })
}
