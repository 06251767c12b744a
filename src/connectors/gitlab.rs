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
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::facts::FactMap;
use super::http::{Http, HttpOptions};
use super::{Fault, TrackerSettings};
use crate::clock::{Clock, WallClock};
use crate::model::id::SourceName;
use address::Address;
use query::Query;

/// Digits of the tokens that GitLab gives to applications (OAuth); its access tokens have others.
const APPLICATION_DIGITS: usize = 64;

/// A GitLab server.
pub struct GitLab {
    name: SourceName,
    settings: TrackerSettings,
    address: Address,
    query: Query,
    facts: FactMap,
    http: Http,
    clock: Arc<dyn Clock>,
    /// A number for address, query and fields: what was read with others is not what is asked for.
    asked: u64,
    /// Names of statuses by their ids, as far as they were met.
    statuses: Mutex<BTreeMap<String, String>>,
}

impl GitLab {
    /// Prepares to read a GitLab server; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the address, the query or the certificate file cannot be used.
    pub fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        let options = HttpOptions::of(settings.url.clone());
        Self::with(name, settings, options, Arc::new(WallClock))
    }

    fn with(
        name: SourceName,
        settings: TrackerSettings,
        mut options: HttpOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        options.ca_file.clone_from(&settings.ca_file);
        let TrackerSettings {
            url, query, fields, ..
        } = &settings;
        Ok(Self {
            name,
            address: Address::new(url)?,
            query: Query::read(query)?,
            facts: FactMap::new(fields),
            http: Http::new(&options)?,
            clock,
            asked: xxh3_64(format!("{url}\n{query}\n{fields:?}").as_bytes()),
            statuses: Mutex::default(),
            settings,
        })
    }

    fn names(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.statuses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
