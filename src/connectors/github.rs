//! GitHub: github.com and Enterprise hosts.
//!
//! What changed comes from REST, whose list of issues has pull requests in it, can be asked from an
//! instant on and costs nothing while nothing changed (conditional requests do not count). The
//! histories come from GraphQL, which tells 25 of them with their timelines in one answer where REST
//! takes one request each and more. Issues of a project come from the project's items instead, and
//! their statuses from the project's moves, which only GraphQL has.
//!
//! What GitHub does not tell: an issue that was deleted, transferred or taken out of reach leaves no
//! trace in the list; it stays as it was last seen until all is read from the start. The fields of a
//! project keep no history but for Status. docs/trackers/github.md says more.

mod address;
mod board;
mod convert;
mod deployments;
mod details;
mod doctor;
mod issues;
mod known;
mod query;
mod questions;
mod runs;
mod survey;
mod tracker;
mod wire;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::facts::FactMap;
use super::http::{Http, HttpOptions};
use super::{Fault, TrackerSettings};
use crate::clock::{Clock, WallClock};
use crate::model::id::SourceName;
use address::Places;
use known::Known;
use query::Wanted;

/// The version of the REST API that this is written against.
const API_VERSION: &str = "2022-11-28";

/// A GitHub host.
pub struct GitHub {
    name: SourceName,
    settings: TrackerSettings,
    places: Places,
    wanted: Wanted,
    facts: FactMap,
    http: Http,
    clock: Arc<dyn Clock>,
    /// What was found out so far.
    known: Mutex<Known>,
}

impl GitHub {
    /// Prepares to read from a GitHub host; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the address, the query or the certificate file cannot be used.
    pub fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        let places = Places::of(&settings.url)?;
        let options = HttpOptions::of(places.rest.clone());
        Self::with(name, settings, places, (options, Arc::new(WallClock)))
    }

    fn with(
        name: SourceName,
        settings: TrackerSettings,
        places: Places,
        (mut options, clock): (HttpOptions, Arc<dyn Clock>),
    ) -> Result<Self, Fault> {
        options.ca_file.clone_from(&settings.ca_file);
        Ok(Self {
            name,
            wanted: Wanted::read(&settings.query)?,
            facts: FactMap::new(&settings.fields),
            http: Http::new(&options)?,
            places,
            settings,
            clock,
            known: Mutex::default(),
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number for address, query and fields.
    fn asks(&self) -> u64 {
        let TrackerSettings {
            url, query, fields, ..
        } = &self.settings;
        xxh3_64(format!("{url}\n{query}\n{fields:?}").as_bytes())
    }
}

const WHERE_TO_GET_A_TOKEN: &str = "run `gh auth login` once (for an Enterprise host with \
     --hostname), or make a token under Settings, Developer settings, Personal access tokens, and \
     let `token` yield it";

#[cfg(test)]
mod tests;
