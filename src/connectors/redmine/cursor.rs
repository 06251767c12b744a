//! Where a poll stands, as it is kept in the history.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::batch::Cursor;
use crate::model::time::Millis;

/// Where to go on, and what is not to be fetched again there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Standing {
    /// All updates before this instant (milliseconds since 1970) are kept; `None`: nothing is.
    since: Option<i64>,
    /// Issues kept that were updated at that instant or later, with their update (milliseconds).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    seen: BTreeMap<u64, i64>,
    /// Issues whose details the server could not give, to be asked for again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) owed: BTreeSet<u64>,
    /// What was asked for, as [`super::Redmine`] numbers it.
    pub(super) asked: u64,
}

impl Standing {
    /// Where the list was left, and what is kept from there on.
    pub(super) fn new(
        since: Option<Millis>,
        seen: &BTreeMap<u64, Millis>,
        owed: BTreeSet<u64>,
    ) -> Self {
        Self {
            since: since.map(|at| at.0),
            seen: seen.iter().map(|(id, at)| (*id, at.0)).collect(),
            owed,
            asked: 0,
        }
    }

    /// The start of the list of all that is asked for.
    pub(super) fn start(asked: u64) -> Self {
        Self {
            asked,
            ..Self::default()
        }
    }

    /// Reads a cursor. One that cannot be read is none: all is read again, and doubles nothing.
    pub(super) fn read(cursor: Option<&Cursor>) -> Self {
        cursor
            .and_then(|cursor| serde_json::from_str(&cursor.0).ok())
            .unwrap_or_default()
    }

    /// Writes it as a cursor.
    pub(super) fn cursor(&self) -> Option<Cursor> {
        serde_json::to_string(self).ok().map(Cursor)
    }

    /// See the field.
    pub(super) fn since(&self) -> Option<Millis> {
        self.since.map(Millis)
    }

    /// See the field.
    pub(super) fn seen(&self) -> BTreeMap<u64, Millis> {
        self.seen
            .iter()
            .map(|(id, at)| (*id, Millis(*at)))
            .collect()
    }
}
