//! Reading issue trackers and event logs.
//!
//! A connector turns what its tracker sends into [`Batch`]es, page by page, and says where it
//! stands in a [`Cursor`]. It knows nothing of streams, stages or screens.

mod azure;
#[cfg(test)]
#[path = "../tests/support/sink.rs"]
mod collected;
#[cfg(test)]
mod contract;
mod facts;
pub mod file;
mod github;
mod gitlab;
mod halves;
mod http;
mod jira;
mod linear;
mod record;
mod redmine;
mod secret;
mod settings;
mod story;
mod survey;
mod sync;
mod webhook;
mod words;

pub use azure::AzureDevops;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use jira::{Board, Column, Jira};
pub use linear::Linear;
pub use redmine::Redmine;
pub use secret::{SecretError, SecretSource};
pub use settings::{
    Columns, DemoSettings, FileFormat, FileSettings, SourceKind, SourceSettings, TrackerKind,
    TrackerSettings,
};
pub use survey::{Arranged, Place, Survey, surveyor};
pub use webhook::Webhook;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::model::batch::{Batch, Cursor};
use crate::model::health::{Oddity, Progress};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// One source, ready to be asked.
#[async_trait]
pub trait Connector: Send + Sync {
    /// The source's name in the config.
    fn name(&self) -> &SourceName;

    /// Reads all that changed since `cursor`, everything if there is none, and hands it to `sink`
    /// page by page. Each batch carries the cursor from which a later call goes on without loss if
    /// this one is cut right after that batch. Returns once the source has nothing newer.
    ///
    /// May be dropped or cancelled at any await; no batch is then half handed over.
    ///
    /// # Errors
    /// A [`Fault`] if the source cannot be read. Records that cannot be read alone are no fault:
    /// they go to [`Sink::oddity`] and the rest goes on.
    async fn sync(
        &self,
        cursor: Option<Cursor>,
        sink: &mut dyn Sink,
        cancel: &CancellationToken,
    ) -> Result<(), Fault>;

    /// Proves that the source can be reached and read, for `weir doctor`: every step taken, in
    /// order, the first that fails last.
    async fn check(&self) -> Vec<Check>;

    /// A cursor with which [`Connector::sync`] reads only what was updated at `since` or later, each
    /// with its whole history, for a look without the wait of a whole first read. Not for the history:
    /// what is older would never be read. `None`: the source is always read whole.
    fn recent(&self, since: Millis) -> Option<Cursor> {
        let _ = since;
        None
    }

    /// The last requests to the source, oldest first; none for a source that is not asked over HTTP.
    fn exchanges(&self) -> Vec<Exchange> {
        Vec::new()
    }
}

/// Where a connector puts what it has read.
#[async_trait]
pub trait Sink: Send {
    /// Takes a batch; comes back when it is kept, so that a connector never runs ahead of the
    /// history and memory stays bounded.
    ///
    /// # Errors
    /// [`Fault::Stopped`] when nobody takes batches any more.
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault>;

    /// Says how far the poll has come.
    fn progress(&mut self, progress: Progress);

    /// Lists a record that was kept out.
    fn oddity(&mut self, oddity: Oddity);

    /// Counts a request sent to the source.
    fn request(&mut self);

    /// Says that everything the source has was handed over in this sync: items that were not are gone.
    fn whole(&mut self) {}
}

/// One step of [`Connector::check`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was tried: "reach https://…", "prove the key", "read one page".
    pub what: String,
    /// What came of it: a finding, or what is wrong and how to mend it.
    pub outcome: Result<String, Fault>,
}

/// A request and what came of it, with nothing secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address with its parameters, those that may be secret left out.
    pub url: String,
    /// The status, or why there was none.
    pub outcome: String,
    /// From the request to the end of the answer.
    pub took: Duration,
}

impl fmt::Display for Exchange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            url,
            outcome,
            took,
        } = self;
        write!(out, "{method} {url}: {outcome}, {} ms", took.as_millis())
    }
}

/// Why a source could not be read. The sentences carry no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The key or token is missing, wrong or expired.
    #[error("{place} refuses the key")]
    Unauthorized {
        /// Address without query and credentials.
        place: String,
    },
    /// The key is right but may not read this.
    #[error("{place} does not let this key read it")]
    Forbidden {
        /// Address without query and credentials.
        place: String,
    },
    /// There is no such project or board.
    #[error("{place} is not there")]
    NotFound {
        /// Address without query and credentials.
        place: String,
    },
    /// Too many requests.
    #[error("{place} asks to wait")]
    RateLimited {
        /// Address without query and credentials.
        place: String,
        /// Seconds to wait, if the tracker says so.
        retry_after: Option<u64>,
    },
    /// The server failed, also after retries.
    #[error("{place} fails with status {status}")]
    Server {
        /// Address without query and credentials.
        place: String,
        /// The HTTP status.
        status: u16,
    },
    /// No connection, a cut connection, or no answer in time, also after retries.
    #[error("{place} cannot be reached: {why}")]
    Unreachable {
        /// Address without query and credentials.
        place: String,
        /// "timed out", "connection refused", "connection was cut", …
        why: String,
    },
    /// An answer that is not what the tracker documents.
    #[error("{place} answers something else than expected: {why}")]
    BadAnswer {
        /// Address without query and credentials.
        place: String,
        /// What was expected and what came.
        why: String,
    },
    /// A file or a setting that cannot be used.
    #[error("{what}")]
    Unusable {
        /// What, where.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The program is ending or the source was cancelled.
    #[error("reading was stopped")]
    Stopped,
}

impl Fault {
    /// What the reader can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unauthorized { .. } => {
                "check the token in the config; make a new one if it expired"
            }
            Self::Forbidden { .. } => {
                "give the token's owner the right to read it, or narrow the query"
            }
            Self::NotFound { .. } => {
                "check the address, and the project and the query if they are set"
            }
            Self::RateLimited { .. } => {
                "nothing to do: weir tries again; a longer `poll` asks less"
            }
            Self::Server { .. } => "nothing to do but wait; if it lasts, ask who runs the server",
            Self::Unreachable { .. } => "check the address, the network and the proxy",
            Self::BadAnswer { .. } => {
                "check that the address is the tracker's own, not a log-in page"
            }
            Self::Unusable { hint, .. } => hint,
            Self::Stopped => "start it again: it goes on where it stopped",
        }
        .to_owned()
    }

    /// Whether trying again later can help without anybody doing anything.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Server { .. }
                | Self::Unreachable { .. }
                | Self::BadAnswer { .. }
        )
    }
}
