//! Jira, at Atlassian (Cloud) or at the company (Data Center, Server): what changed from its search,
//! the history of each issue from its changes.
//!
//! A poll proves the token and learns the clock of its owner, for JQL understands times as that
//! clock shows them, in minutes. It lists what was updated since the cursor and fetches each changed
//! issue with its changes, twenty-five by a request, four requests at a time. With nothing new that is two
//! requests.
//!
//! What Jira does not tell: an issue that is deleted, moved out of reach or out of the source's
//! `query` leaves no trace in the list. It stays in the history as it was last seen, until all is
//! read from the start. Nor does a new rank count as an update: it is seen when the issue changes
//! next, and only the rank of now is told, as of the last time it was ranked.

mod address;
mod board;
mod convert;
mod doctor;
mod fetch;
mod fields;
mod jql;
mod json;
mod keys;
mod lenient;
mod minute;
mod names;
mod saved;
mod server;
mod survey;
#[cfg(test)]
mod tests;
mod tracker;
mod values;
mod wire;

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use super::facts::FactMap;
use super::sync::{Reach, session};
use super::{Fault, TrackerSettings};
use crate::model::id::SourceName;
use address::Address;
pub use board::{Board, Column};
use jql::Scope;
pub(super) use saved::{Saved, is_answer};
use server::Known;

/// Where a token is made.
const TOKENS: &str = "on Jira Cloud make an API token at id.atlassian.com, Security, API tokens, and \
                      set `user` to your mail address; on your own server make a personal access \
                      token in your profile; let `token` yield it";

/// A Jira.
pub struct Jira {
    reach: Reach,
    address: Address,
    scope: Scope,
    facts: FactMap,
    /// What was found out so far.
    known: Mutex<Known>,
}

impl Jira {
    /// Prepares to read a Jira; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the address, the query or the certificate file cannot be used.
    pub fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        Self::with(Reach::new(name, settings)?)
    }

    fn with(reach: Reach) -> Result<Self, Fault> {
        Ok(Self {
            address: Address::new(&reach.settings.url)?,
            scope: Scope::read(&reach.settings.query)?,
            facts: FactMap::new(&reach.settings.fields),
            known: Mutex::default(),
            reach,
        })
    }

    /// The board that the source's query names, or else the first five boards there are, with
    /// their columns: what stages could be made of.
    ///
    /// # Errors
    /// A [`Fault`] if they cannot be read.
    pub async fn boards(&self) -> Result<Vec<Board>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        server::find(self, &session).await?;
        server::learn_statuses(self, &session).await?;
        doctor::read_boards(self, &session).await
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
