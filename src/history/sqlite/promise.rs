//! Forecasts that were made, into their table and out of it.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Row, named_params};

use crate::history::forecast::{self, Cells};
use crate::model::promise::Promise;

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
    let (asked, size, answers) = forecast::asked(&promise.promised);
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

/// The forecasts of a stream, oldest first.
pub(super) fn of_stream(connection: &Connection, stream: &str) -> rusqlite::Result<Vec<Promise>> {
    connection
        .prepare_cached("SELECT * FROM forecast WHERE stream = ?1 ORDER BY made, asked, size")?
        .query_map([stream], |row| forecast::promise(row))?
        .collect()
}

impl Cells for Row<'_> {
    type Error = Error;

    fn text(&self, name: &str) -> rusqlite::Result<String> {
        self.get(name)
    }

    fn whole(&self, name: &str) -> rusqlite::Result<i64> {
        self.get(name)
    }

    fn real(&self, name: &str) -> rusqlite::Result<f64> {
        self.get(name)
    }

    fn odd(&self, name: &str, found: &str) -> Error {
        let why = format!("\"{found}\" in the column {name}");
        Error::FromSqlConversionFailure(0, Type::Text, why.into())
    }
}
