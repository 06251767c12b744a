//! Linear: issues of teams and projects, the history of each from its spans of status and its
//! history entries.
//!
//! A poll lists ids and updates of what changed since the cursor, archived and trashed issues
//! included, and asks for twenty issues with their histories at once; histories that are longer than
//! a first short page are followed. Everything goes through one GraphQL address.
//!
//! What Linear does not tell: an issue that was deleted for good, or that the query does not hold any
//! more, leaves no trace in the list; it stays as it was last seen until all is read from the start.
//! Positions (`sortOrder`), initiatives and relations that were cut have no history: the present
//! value holds from the start.

mod convert;
mod doctor;
mod names;
mod query;
mod survey;
#[cfg(test)]
mod tests;
mod tracker;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::facts::FactMap;
use super::http::{Http, HttpOptions, base_of};
use super::{Fault, TrackerSettings};
use crate::clock::{Clock, WallClock};
use crate::model::id::SourceName;
use names::Names;
use query::Filter;

/// What the tokens begin with that Linear gives to applications (OAuth).
const APPLICATION: &str = "lin_oauth_";

/// A Linear workspace.
pub struct Linear {
    name: SourceName,
    settings: TrackerSettings,
    /// The one address that answers.
    address: Url,
    filter: Filter,
    facts: FactMap,
    http: Http,
    clock: Arc<dyn Clock>,
    /// A number for address, query and fields: what was read with others is not what is asked for.
    asked: u64,
    /// Names learned so far, for histories, which carry only ids.
    names: Mutex<Names>,
    /// Whether the teams that the query names were found.
    found: AtomicBool,
}

impl Linear {
    /// Prepares to read a Linear workspace; nothing is sent yet.
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
            address: address(url)?,
            filter: Filter::read(query)?,
            facts: FactMap::new(fields),
            http: Http::new(&options)?,
            clock,
            asked: xxh3_64(format!("{url}\n{query}\n{fields:?}").as_bytes()),
            names: Mutex::default(),
            found: AtomicBool::new(false),
            settings,
        })
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_found_teams(&self) -> bool {
        self.filter.teams.is_empty() || self.found.load(Ordering::Relaxed)
    }
}

/// The address that answers, from that of the API.
fn address(url: &Url) -> Result<Url, Fault> {
    let mut address = base_of(url)?;
    let path = address.path().trim_end_matches('/');
    let path = path.trim_end_matches("/graphql");
    address.set_path(&format!("{path}/graphql"));
    Ok(address)
}
