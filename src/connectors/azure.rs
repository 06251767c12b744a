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

use super::http::{CONNECTIONS, Key};
use super::sync::Reach;
use super::{Fault, TrackerSettings};
use crate::model::id::SourceName;
use address::Address;
use bulk::Bulk;
use deleted::Deleted;
use fields::Fields;
use items::Snapshot;
use pulls::Seen;
use query::Query;

/// Work items of a page: as many as twice the batches take that are asked for at once, so that no
/// connection is free where one page ends and the next has not begun.
const PAGE: usize = 2 * items::TOGETHER * CONNECTIONS;

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
    reach: Reach,
    address: Address,
    query: Query,
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
        Self::with(Reach::new(name, settings)?)
    }

    fn with(reach: Reach) -> Result<Self, Fault> {
        Ok(Self {
            address: Address::new(&reach.settings.url)?,
            query: Query::read(&reach.settings.query)?,
            page: PAGE,
            learned: Mutex::default(),
            reach,
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
