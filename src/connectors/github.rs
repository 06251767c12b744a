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

use super::facts::FactMap;
use super::http::HttpOptions;
use super::sync::Reach;
use super::{Fault, TrackerSettings};
use crate::clock::WallClock;
use crate::model::id::SourceName;
use address::Places;
use known::Known;
use query::Wanted;

/// The version of the REST API that this is written against.
const API_VERSION: &str = "2022-11-28";

/// A GitHub host.
pub struct GitHub {
    reach: Reach,
    places: Places,
    wanted: Wanted,
    facts: FactMap,
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
        let reach = Reach::with(name, settings, options, Arc::new(WallClock))?;
        Self::with(reach, places)
    }

    fn with(reach: Reach, places: Places) -> Result<Self, Fault> {
        Ok(Self {
            wanted: Wanted::read(&reach.settings.query)?,
            facts: FactMap::new(&reach.settings.fields),
            places,
            known: Mutex::default(),
            reach,
        })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const WHERE_TO_GET_A_TOKEN: &str = "run `gh auth login` once (for an Enterprise host with \
     --hostname), or make a token under Settings, Developer settings, Personal access tokens, and \
     let `token` yield it";

#[cfg(test)]
mod tests;
