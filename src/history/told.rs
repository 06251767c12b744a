//! What happened, as the columns of a row of the event table.

use std::borrow::Cow;

use crate::model::event::{Change, FactName, fact};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// A kind with one text.
    pub(super) fn new(kind: i64, new: Option<&'a str>) -> Self {
        Self {
            kind,
            new,
            ..Self::default()
        }
    }

    /// Whether a kind has more to say than one text.
    pub(super) fn says_more(kind: i64) -> bool {
        matches!(kind, SET | LINKED | UNLINKED)
    }

    fn about(self, what: &'a str) -> Self {
        Self {
            what: Some(what),
            ..self
        }
    }

    /// The change of the columns; `None` if no weir has ever written such.
    pub(super) fn change(self) -> Option<Change> {
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
