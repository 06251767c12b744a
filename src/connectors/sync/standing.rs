//! Where a poll stands, as it is kept in the history.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::batch::Cursor;
use crate::model::time::Millis;

/// Where to go on in each list of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Standings {
    /// What was asked for, as the tracker numbers it.
    pub(super) asked: u64,
    /// By the name of the list. None: all is to be read from the start.
    pub(super) lists: BTreeMap<String, Standing>,
    /// Where to begin in lists that have no place yet (milliseconds since 1970); `None`: at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    begin: Option<i64>,
}

impl Standings {
    /// The start of all that is asked for.
    pub(super) fn start(asked: u64) -> Self {
        Self {
            asked,
            lists: BTreeMap::new(),
            begin: None,
        }
    }

    /// What was updated at an instant or later, of all that is asked for.
    pub(super) fn recent(asked: u64, since: Millis) -> Self {
        Self {
            begin: Some(since.0),
            ..Self::start(asked)
        }
    }

    /// Whether nothing says where to go on.
    pub(super) fn is_start(&self) -> bool {
        self.lists.is_empty() && self.begin.is_none()
    }

    /// Where to go on in a list.
    pub(super) fn of(&self, list: &str) -> Standing {
        let begin = || Standing {
            since: self.begin,
            ..Standing::default()
        };
        self.lists.get(list).cloned().unwrap_or_else(begin)
    }

    /// Reads a cursor. One that cannot be read is none: all is read again, and doubles nothing.
    pub(super) fn read(cursor: &Cursor) -> Self {
        serde_json::from_str(&cursor.0).unwrap_or_default()
    }

    /// Writes it as a cursor.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        serde_json::to_string(self).ok().map(Cursor)
    }
}

/// Where to go on in one list, and what is not to be fetched again there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Standing {
    /// All updates before this instant (milliseconds since 1970) are kept; `None`: nothing is.
    since: Option<i64>,
    /// Artefacts kept that were updated at that instant or later, with their update (milliseconds).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    seen: BTreeMap<String, i64>,
    /// Artefacts whose details the tracker could not give, to be asked for again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) owed: BTreeSet<String>,
}

impl Standing {
    /// Where the list was left, and what is kept from there on.
    pub(super) fn new(
        since: Option<Millis>,
        seen: &BTreeMap<String, Millis>,
        owed: BTreeSet<String>,
    ) -> Self {
        Self {
            since: since.map(|at| at.0),
            seen: seen.iter().map(|(id, at)| (id.clone(), at.0)).collect(),
            owed,
        }
    }

    /// See the field.
    pub(super) fn since(&self) -> Option<Millis> {
        self.since.map(Millis)
    }

    /// See the field.
    pub(super) fn seen(&self) -> BTreeMap<String, Millis> {
        let seen = self.seen.iter();
        seen.map(|(id, at)| (id.clone(), Millis(*at))).collect()
    }
}
