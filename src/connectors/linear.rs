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
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use super::facts::FactMap;
use super::http::base_of;
use super::sync::Reach;
use super::{Fault, TrackerSettings};
use crate::model::id::SourceName;
use names::Names;
use query::Filter;

/// What the tokens begin with that Linear gives to applications (OAuth).
const APPLICATION: &str = "lin_oauth_";

/// A Linear workspace.
pub struct Linear {
    reach: Reach,
    /// The one address that answers.
    address: Url,
    filter: Filter,
    facts: FactMap,
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
        Self::with(Reach::new(name, settings)?)
    }

    fn with(reach: Reach) -> Result<Self, Fault> {
        Ok(Self {
            address: address(&reach.settings.url)?,
            filter: Filter::read(&reach.settings.query)?,
            facts: FactMap::new(&reach.settings.fields),
            names: Mutex::default(),
            found: AtomicBool::new(false),
            reach,
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
