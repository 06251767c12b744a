//! Azure DevOps, the service and servers: work items, pull requests, runs of pipelines, deployments.
//!
//! Which work items changed is asked by WIQL, page by page in the order of their changes, with the
//! instants of these changes by batches of two hundred; all are asked as of one instant, so that what
//! changes meanwhile moves to a later page. Where all is read, WIQL is asked once: pages are cut from
//! what it found, and what changes meanwhile is the next poll's. The history of each
//! is asked for by its updates, or comes in bulk where much is read from the start (`bulk`). A poll
//! that finds nothing new takes three requests: WIQL, the batch of the last known item, the recycle
//! bin.
//!
//! What Azure DevOps does not tell: an item that moves out of what `query` asks for (to another
//! project, another area) is not listed any more and stays as it was last seen until all is read from
//! the start. Deleted items are found in the recycle bin; those deleted for good are not.

mod address;
mod boards;
mod bulk;
mod convert;
mod deleted;
mod doctor;
mod fields;
mod history;
mod items;
mod mentions;
mod pulls;
mod query;
mod runs;
mod survey;
#[cfg(test)]
mod tests;
mod ties;
mod tracker;
mod wiql;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use xxhash_rust::xxh3::xxh3_64;

use super::http::{CONNECTIONS, Http, HttpOptions, Key};
use super::{Fault, TrackerSettings};
use crate::clock::{Clock, WallClock};
use crate::model::id::SourceName;
use address::Address;
use bulk::Bulk;
use deleted::Deleted;
use fields::Fields;
use items::Snapshot;
use pulls::Seen;
use query::Query;

/// Work items of a page: as many as the batches take that are asked for at once.
const PAGE: usize = items::TOGETHER * CONNECTIONS;

/// What has been learned of an organization so far.
#[derive(Default)]
struct Learned {
    fields: Arc<Fields>,
    /// Work items whose histories are worth reading in bulk.
    wanted: BTreeSet<u64>,
    bulk: Bulk,
    snapshot: Option<Snapshot>,
    deleted: BTreeMap<u64, Deleted>,
    pulls: BTreeMap<String, Seen>,
    statuses: BTreeSet<String>,
}

/// An organization of Azure DevOps, or a collection of a server.
pub struct AzureDevops {
    name: SourceName,
    settings: TrackerSettings,
    address: Address,
    query: Query,
    http: Http,
    clock: Arc<dyn Clock>,
    /// A number for address, query and fields: what was read with others is not what is asked for.
    asked: u64,
    /// The most work items of a page.
    page: usize,
    learned: Mutex<Learned>,
}

impl AzureDevops {
    /// Prepares to read an organization; nothing is sent yet.
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
        Ok(Self {
            name,
            address: Address::new(&settings.url)?,
            query: Query::read(&settings.query)?,
            http: Http::new(&options)?,
            asked: asked(&settings),
            settings,
            clock,
            page: PAGE,
            learned: Mutex::default(),
        })
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A personal access token stands for a password without a user; a token of Microsoft Entra has two
/// points in it.
fn key(secret: SecretString) -> Result<Key, Fault> {
    let points = secret.expose_secret().matches('.').count();
    let key = if points == 2 {
        Key::bearer(secret)
    } else {
        Key::basic("", secret)
    };
    // Or else a wrong token is sent to a page to sign in at.
    Ok(key?.and("x-tfs-fedauthredirect", "Suppress"))
}

fn asked(settings: &TrackerSettings) -> u64 {
    let TrackerSettings {
        url, query, fields, ..
    } = settings;
    xxh3_64(format!("{url}\n{query}\n{fields:?}").as_bytes())
}
