//! GitLab, on gitlab.com and on servers of one's own: issues, merge requests, deployments and epics
//! of projects and groups, the history of each from its events and from GitLab's own notes.
//!
//! A poll lists what was updated since the cursor; an issue's history is some requests of its own:
//! label, state, milestone, iteration and weight events, notes, links. An issue is opened or closed,
//! or, where the query names the labels that stand for statuses (`status-label:"workflow::"`), in
//! the status of the label that came last. A merge request is draft, open, review, approved, merged
//! or closed.
//!
//! What GitLab does not tell: an artefact that is deleted or moved out of reach leaves no trace in
//! the lists; it stays as it was last seen until all is read from the start. A link that is made or
//! cut does not count as an update of an issue. Labels that were deleted since are not named in the
//! events. Changes of title, due date, epic and health leave no event with values: the present value
//! holds from the start.

mod address;
mod convert;
mod doctor;
mod ident;
mod part;
mod query;
mod survey;
#[cfg(test)]
mod tests;
mod tracker;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::facts::FactMap;
use super::sync::Reach;
use super::{Fault, TrackerSettings};
use crate::model::id::SourceName;
use address::Address;
use query::Query;

/// Digits of the tokens that GitLab gives to applications (OAuth); its access tokens have others.
const APPLICATION_DIGITS: usize = 64;

/// A GitLab server.
pub struct GitLab {
    reach: Reach,
    address: Address,
    query: Query,
    facts: FactMap,
    /// Names of statuses by their ids, as far as they were met.
    statuses: Mutex<BTreeMap<String, String>>,
}

impl GitLab {
    /// Prepares to read a GitLab server; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the address, the query or the certificate file cannot be used.
    pub fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        Self::with(Reach::new(name, settings)?)
    }

    fn with(reach: Reach) -> Result<Self, Fault> {
        Ok(Self {
            address: Address::new(&reach.settings.url)?,
            query: Query::read(&reach.settings.query)?,
            facts: FactMap::new(&reach.settings.fields),
            statuses: Mutex::default(),
            reach,
        })
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.statuses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
