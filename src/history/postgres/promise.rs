//! Forecasts that were made, into their table and out of it.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row, Transaction};

use super::error::Broken;
use super::read::damaged;
use super::text::{stored, told};
use crate::history::forecast::{self, Cells};
use crate::model::promise::Promise;

/// Keeps one, unless a kept one of its kind looks at its days; says how many. Commit afterwards.
pub(super) async fn keep(transaction: &Transaction<'_>, promise: &Promise) -> Result<u64, Broken> {
    let rule = &promise.rule;
    let (asked, size, answers) = forecast::asked(&promise.promised);
    let (stream, filter) = (stored(&promise.stream), stored(&rule.filter));
    let (clock, past) = (rule.clock.name(), rule.window.to_string());
    let (first, due) = (
        i64::from(promise.from.0),
        i64::from(promise.promised.due().0),
    );
    let (made, seed) = (i64::from(promise.made.0), rule.seed.cast_signed());
    let (answers, likely) = (answers.to_vec(), promise.likely.to_vec());
    let rows = transaction
        .execute_typed(
            "INSERT INTO weir.forecast (stream, asked, size, clock, filter, past, split_rate,
                 first, due, made, seed, p50, p70, p85, p95, likely50, likely70, likely85, likely95)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                 ($12::bigint[])[1], ($12::bigint[])[2], ($12::bigint[])[3], ($12::bigint[])[4],
                 ($13::float8[])[1], ($13::float8[])[2], ($13::float8[])[3], ($13::float8[])[4]
             WHERE NOT EXISTS (
                 SELECT 1 FROM weir.forecast
                 WHERE stream = $1 AND asked = $2 AND size = $3 AND clock = $4 AND filter = $5
                     AND past = $6 AND split_rate = $7 AND due >= $8)
             ON CONFLICT DO NOTHING",
            &[
                (&stream, Type::TEXT),
                (&asked, Type::INT8),
                (&size, Type::INT8),
                (&clock, Type::TEXT),
                (&filter, Type::TEXT),
                (&past, Type::TEXT),
                (&rule.split_rate, Type::FLOAT8),
                (&first, Type::INT8),
                (&due, Type::INT8),
                (&made, Type::INT8),
                (&seed, Type::INT8),
                (&answers, Type::INT8_ARRAY),
                (&likely, Type::FLOAT8_ARRAY),
            ],
        )
        .await?;
    Ok(rows)
}

/// The forecasts of a stream, oldest first.
pub(super) async fn of_stream(client: &Client, stream: &str) -> Result<Vec<Promise>, Broken> {
    let stream = stored(stream);
    let rows = client
        .query_typed(
            "SELECT * FROM weir.forecast WHERE stream = $1 ORDER BY made, asked, size",
            &[(&stream, Type::TEXT)],
        )
        .await?;
    rows.iter().map(forecast::promise).collect()
}

impl Cells for Row {
    type Error = Broken;

    fn text(&self, name: &str) -> Result<String, Broken> {
        Ok(told(self.try_get(name)?))
    }

    fn whole(&self, name: &str) -> Result<i64, Broken> {
        Ok(self.try_get(name)?)
    }

    fn real(&self, name: &str) -> Result<f64, Broken> {
        Ok(self.try_get(name)?)
    }

    fn odd(&self, name: &str, found: &str) -> Broken {
        damaged(&format!("\"{found}\" in the column {name}"))
    }
}
