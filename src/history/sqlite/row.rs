//! A row of the event table and the event it stands for.

use std::borrow::Cow;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::model::event::{Change, Event, FactName, fact};
use crate::model::time::Millis;

const CREATED: i64 = 1;
const MOVED: i64 = 2;
const SET: i64 = 3;
const BLOCKED: i64 = 4;
const UNBLOCKED: i64 = 5;
const LINKED: i64 = 6;
const UNLINKED: i64 = 7;
const DEPLOYED: i64 = 8;
const INCIDENT_OPENED: i64 = 9;
const INCIDENT_RESOLVED: i64 = 10;
const DELETED: i64 = 11;

/// Facts whose names are not allocated again for each event.
const FACTS: [&str; 15] = [
    fact::TYPE,
    fact::TEAM,
    fact::ASSIGNEE,
    fact::LABEL,
    fact::PRIORITY,
    fact::RANK,
    fact::PARENT,
    fact::DUE,
    fact::ESTIMATE,
    fact::FLAGGED,
    fact::PROJECT,
    fact::RESOLUTION,
    fact::KEY,
    fact::TITLE,
    fact::URL,
];

/// The columns that say what happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told<'a> {
    pub(super) kind: i64,
    pub(super) what: Option<&'a str>,
    pub(super) old: Option<&'a str>,
    pub(super) new: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// The columns of a change.
    pub(super) fn of(change: &'a Change) -> Self {
        match change {
            Change::Created { status } => Self::new(CREATED, status.as_deref()),
            Change::Moved { to } => Self::new(MOVED, Some(to)),
            Change::Set { fact, old, new } => Self {
                old: old.as_deref(),
                ..Self::new(SET, new.as_deref()).about(fact)
            },
            Change::Blocked { reason } => Self::new(BLOCKED, reason.as_deref()),
            Change::Unblocked => Self::new(UNBLOCKED, None),
            Change::Linked { kind, to } => Self::new(LINKED, Some(to)).about(kind),
            Change::Unlinked { kind, to } => Self::new(UNLINKED, Some(to)).about(kind),
            Change::Deployed { environment } => Self::new(DEPLOYED, Some(environment)),
            Change::IncidentOpened => Self::new(INCIDENT_OPENED, None),
            Change::IncidentResolved => Self::new(INCIDENT_RESOLVED, None),
            Change::Deleted => Self::new(DELETED, None),
        }
    }

    fn new(kind: i64, new: Option<&'a str>) -> Self {
        Self {
            kind,
            new,
            ..Self::default()
        }
    }

    fn about(self, what: &'a str) -> Self {
        Self {
            what: Some(what),
            ..self
        }
    }

    /// The change of the columns; `None` if no weir has ever written such.
    fn change(self) -> Option<Change> {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let new = text(self.new);
        Some(match self.kind {
            CREATED => Change::Created { status: new },
            MOVED => Change::Moved { to: new? },
            SET => Change::Set {
                fact: fact_name(self.what?),
                old: text(self.old),
                new,
            },
            BLOCKED => Change::Blocked { reason: new },
            UNBLOCKED => Change::Unblocked,
            LINKED => Change::Linked {
                kind: text(self.what)?,
                to: new?,
            },
            UNLINKED => Change::Unlinked {
                kind: text(self.what)?,
                to: new?,
            },
            DEPLOYED => Change::Deployed { environment: new? },
            INCIDENT_OPENED => Change::IncidentOpened,
            INCIDENT_RESOLVED => Change::IncidentResolved,
            DELETED => Change::Deleted,
            _ => return None,
        })
    }
}

fn fact_name(name: &str) -> FactName {
    FACTS
        .into_iter()
        .find(|known| *known == name)
        .map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

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
    if matches!(told.kind, SET | LINKED | UNLINKED) {
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
