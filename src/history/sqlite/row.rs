//! A row of the event table and the event it stands for.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::history::told::Told;
use crate::model::event::Event;
use crate::model::time::Millis;

/// Reads an event from the columns id, at, seq, approximate, kind, what, old, new.
pub(super) fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    let told = told(row)?;
    Ok(Event {
        id: row.get_ref(0)?.as_str()?.to_owned(),
        at: Millis(row.get_ref(1)?.as_i64()?),
        seq: row.get_ref(2)?.as_i64()?.cast_unsigned(),
        approximate: row.get_ref(3)?.as_i64()? != 0,
        change: told
            .change()
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(4, told.kind))?,
    })
}

/// Asks only for the texts that the kind has: most events are moves, and there are millions.
fn told<'a>(row: &'a Row<'_>) -> rusqlite::Result<Told<'a>> {
    let mut told = Told::new(row.get_ref(4)?.as_i64()?, text(row, 7)?);
    if Told::says_more(told.kind) {
        told.what = text(row, 5)?;
        told.old = text(row, 6)?;
    }
    Ok(told)
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> rusqlite::Result<Option<&'a str>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        value => Ok(Some(value.as_str()?)),
    }
}
