//! A row of the forecast table and the promise it stands for.

use crate::model::promise::{Promise, PromiseRule, Promised};
use crate::model::stage::ClockRule;
use crate::model::time::{Day, Sec, WindowSpec};

const HOW_MANY: i64 = 1;
const WHEN: i64 = 2;

/// The columns of a row, by name.
pub(super) trait Cells {
    /// Why a column cannot be read.
    type Error;

    /// A text.
    fn text(&self, name: &str) -> Result<String, Self::Error>;

    /// A whole number.
    fn whole(&self, name: &str) -> Result<i64, Self::Error>;

    /// A number.
    fn real(&self, name: &str) -> Result<f64, Self::Error>;

    /// That a column holds what weir never writes.
    fn odd(&self, name: &str, found: &str) -> Self::Error;
}

/// What was asked, its size, and the answers: the columns asked, size, p50 to p95.
pub(super) fn asked(promised: &Promised) -> (i64, i64, [i64; 4]) {
    match promised {
        Promised::HowMany { within, items, .. } => {
            (HOW_MANY, i64::from(*within), items.map(i64::from))
        }
        Promised::When { items, by } => (WHEN, i64::from(*items), by.map(|day| i64::from(day.0))),
    }
}

/// Reads a row.
pub(super) fn promise<C: Cells>(row: &C) -> Result<Promise, C::Error> {
    Ok(Promise {
        stream: row.text("stream")?,
        made: Sec(number(row, "made")?),
        rule: PromiseRule {
            clock: word(row, "clock", |text| text.parse::<ClockRule>().ok())?,
            filter: row.text("filter")?,
            window: word(row, "past", |text| WindowSpec::parse(text).ok())?,
            split_rate: row.real("split_rate")?,
            seed: row.whole("seed")?.cast_unsigned(),
        },
        from: Day(number(row, "first")?),
        promised: promised(row)?,
        likely: [
            row.real("likely50")?,
            row.real("likely70")?,
            row.real("likely85")?,
            row.real("likely95")?,
        ],
    })
}

fn promised<C: Cells>(row: &C) -> Result<Promised, C::Error> {
    let size = number(row, "size")?;
    if row.whole("asked")? == WHEN {
        let by = answers(row)?.map(Day);
        return Ok(Promised::When { items: size, by });
    }
    Ok(Promised::HowMany {
        within: size,
        by: Day(number(row, "due")?),
        items: answers(row)?,
    })
}

fn answers<C: Cells, N: TryFrom<i64>>(row: &C) -> Result<[N; 4], C::Error> {
    Ok([
        number(row, "p50")?,
        number(row, "p70")?,
        number(row, "p85")?,
        number(row, "p95")?,
    ])
}

fn number<C: Cells, N: TryFrom<i64>>(row: &C, name: &str) -> Result<N, C::Error> {
    let found = row.whole(name)?;
    N::try_from(found).map_err(|_| row.odd(name, &found.to_string()))
}

fn word<C: Cells, T>(row: &C, name: &str, read: fn(&str) -> Option<T>) -> Result<T, C::Error> {
    let found = row.text(name)?;
    read(&found).ok_or_else(|| row.odd(name, &found))
}
