//! One line of a file, as all formats hold it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::model::batch::StatusName;
use crate::model::event::{Change, Event, FactName};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// What the columns are called, in order.
pub(super) const COLUMNS: [&str; 11] = [
    "source",
    "item",
    "event",
    "at",
    "seq",
    "approximate",
    "change",
    "what",
    "old",
    "new",
    "name",
];

/// Words of the column `change`.
const CREATED: &str = "created";
const MOVED: &str = "moved";
const SET: &str = "set";
const BLOCKED: &str = "blocked";
const UNBLOCKED: &str = "unblocked";
const LINKED: &str = "linked";
const UNLINKED: &str = "unlinked";
const DEPLOYED: &str = "deployed";
const INCIDENT_OPENED: &str = "incident-opened";
const INCIDENT_RESOLVED: &str = "incident-resolved";
const DELETED: &str = "deleted";
const STATUS: &str = "status";

type Text<'a> = Cow<'a, str>;

/// A line; what it does not say is missing, which is not the same as empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line<'a> {
    pub(super) source: Text<'a>,
    /// The item's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<Text<'a>>,
    /// The event's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Text<'a>>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<Text<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) approximate: Option<bool>,
    /// What kind of line it is.
    pub(super) change: Text<'a>,
    /// The fact that was set, the kind of link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) what: Option<Text<'a>>,
    /// The value before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) old: Option<Text<'a>>,
    /// Status, value, reason, linked item, environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) new: Option<Text<'a>>,
    /// What the status is called today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Text<'a>>,
}

impl<'a> Line<'a> {
    /// The line of an entry.
    pub(super) fn of(entry: &'a Entry, status: Option<&'a str>) -> Self {
        match entry {
            Entry::Event {
                source,
                item,
                event,
            } => Self {
                source: source.as_str().into(),
                item: Some(item.into()),
                event: Some(event.id.as_str().into()),
                at: Some(instant(event.at).into()),
                seq: Some(event.seq),
                approximate: Some(event.approximate),
                name: status.map(Cow::Borrowed),
                ..Self::change(&event.change)
            },
            Entry::Status { source, status } => Self {
                source: source.as_str().into(),
                name: Some(status.name.as_str().into()),
                ..Self::told(STATUS, Some(&status.id))
            },
        }
    }

    fn change(change: &'a Change) -> Self {
        match change {
            Change::Created { status } => Self::told(CREATED, status.as_deref()),
            Change::Moved { to } => Self::told(MOVED, Some(to)),
            Change::Set { fact, old, new } => Self {
                old: old.as_deref().map(Cow::Borrowed),
                ..Self::told(SET, new.as_deref()).about(fact)
            },
            Change::Blocked { reason } => Self::told(BLOCKED, reason.as_deref()),
            Change::Unblocked => Self::told(UNBLOCKED, None),
            Change::Linked { kind, to } => Self::told(LINKED, Some(to)).about(kind),
            Change::Unlinked { kind, to } => Self::told(UNLINKED, Some(to)).about(kind),
            Change::Deployed { environment } => Self::told(DEPLOYED, Some(environment)),
            Change::IncidentOpened => Self::told(INCIDENT_OPENED, None),
            Change::IncidentResolved => Self::told(INCIDENT_RESOLVED, None),
            Change::Deleted => Self::told(DELETED, None),
        }
    }

    fn told(change: &'a str, new: Option<&'a str>) -> Self {
        Self {
            change: change.into(),
            new: new.map(Cow::Borrowed),
            ..Self::default()
        }
    }

    fn about(self, what: &'a str) -> Self {
        Self {
            what: Some(what.into()),
            ..self
        }
    }

    /// The entry of the line, or what is wrong with it.
    pub(super) fn entry(self) -> Result<Entry, String> {
        let source = SourceName::new(&self.source);
        if self.change == STATUS {
            let status = StatusName {
                id: needed(self.new, "new")?,
                name: needed(self.name, "name")?,
            };
            return Ok(Entry::Status { source, status });
        }
        let at = needed(self.at, "at")?;
        let event = Event {
            id: needed(self.event, "event")?,
            at: read_instant(&at).ok_or_else(|| format!("\"{at}\" is no instant"))?,
            seq: self.seq.ok_or_else(|| missing("seq"))?,
            approximate: self.approximate.ok_or_else(|| missing("approximate"))?,
            change: read_change(&self.change, (self.what, self.old, self.new))?,
        };
        Ok(Entry::Event {
            source,
            item: needed(self.item, "item")?,
            event,
        })
    }
}

fn read_change(
    change: &str,
    (what, old, new): (Option<Text<'_>>, Option<Text<'_>>, Option<Text<'_>>),
) -> Result<Change, String> {
    let maybe = |text: Option<Text<'_>>| text.map(Cow::into_owned);
    Ok(match change {
        CREATED => Change::Created { status: maybe(new) },
        MOVED => Change::Moved {
            to: needed(new, "new")?,
        },
        SET => Change::Set {
            fact: FactName::Owned(needed(what, "what")?),
            old: maybe(old),
            new: maybe(new),
        },
        BLOCKED => Change::Blocked { reason: maybe(new) },
        UNBLOCKED => Change::Unblocked,
        LINKED => Change::Linked {
            kind: needed(what, "what")?,
            to: needed(new, "new")?,
        },
        UNLINKED => Change::Unlinked {
            kind: needed(what, "what")?,
            to: needed(new, "new")?,
        },
        DEPLOYED => Change::Deployed {
            environment: needed(new, "new")?,
        },
        INCIDENT_OPENED => Change::IncidentOpened,
        INCIDENT_RESOLVED => Change::IncidentResolved,
        DELETED => Change::Deleted,
        other => return Err(format!("\"{other}\" is no change that weir knows")),
    })
}

fn needed(text: Option<Text<'_>>, column: &str) -> Result<String, String> {
    text.map(Cow::into_owned).ok_or_else(|| missing(column))
}

fn missing(column: &str) -> String {
    format!("\"{column}\" is missing")
}

/// Milliseconds of the years 0 to 9999, which RFC 3339 can say.
const DATES: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// RFC 3339 in UTC, to the millisecond; beyond its years the bare milliseconds since 1970.
fn instant(at: Millis) -> String {
    if DATES.contains(&at.0) {
        at.rfc3339()
    } else {
        at.0.to_string()
    }
}

fn read_instant(text: &str) -> Option<Millis> {
    text.parse()
        .ok()
        .map(Millis)
        .or_else(|| Millis::parse(text))
}
