//! Redmine: what changed from its list of issues, the history of each from its journals.
//!
//! A poll proves the key (Redmine answers a wrong one as if nobody had asked), lists what was
//! updated since the cursor and fetches each changed issue with its journals, four at a time.
//! With nothing new that is two requests.
//!
//! What Redmine does not tell: an issue that is deleted, moved out of reach or out of the source's
//! `query` leaves no trace in the list. It stays in the history as it was last seen, until all is
//! read from the start: the first time, where address, query or fields are set anew, or when asked
//! for. Then whatever is not listed any more is said to be gone. Nor does a
//! relation that is made or cut at the other issue count as an update of this one: it is seen when
//! this one changes next.

mod address;
mod convert;
mod doctor;
mod facts;
mod filters;
mod names;
mod survey;
#[cfg(test)]
mod tests;
mod tracker;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::facts::FactMap;
use super::sync::Reach;
use super::{Fault, TrackerSettings};
use crate::model::id::SourceName;
use address::Address;
use names::Names;

/// A Redmine server.
pub struct Redmine {
    reach: Reach,
    address: Address,
    facts: FactMap,
    /// Names learned so far, for journals, which carry only ids.
    names: Mutex<Names>,
}

impl Redmine {
    /// Prepares to read a Redmine server; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the address, the query or the certificate file cannot be used.
    pub fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        Self::with(Reach::new(name, settings)?)
    }

    fn with(reach: Reach) -> Result<Self, Fault> {
        Ok(Self {
            address: Address::new(&reach.settings.url, &reach.settings.query)?,
            facts: FactMap::new(&reach.settings.fields),
            names: Mutex::default(),
            reach,
        })
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
