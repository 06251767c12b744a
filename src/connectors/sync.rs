//! Reading a tracker, the same way for all of them: what changed from its lists, then the history
//! of each that changed.
//!
//! A tracker says how to ask and how to understand what comes ([`Tracker`]); here is the order of
//! things: prove the key, page through the lists from where the last poll ended, fetch what is new,
//! hand the histories over page by page with a cursor from which a later poll goes on. Lists, pages
//! ahead, histories and what is handed over are under way at once, so that every connection has
//! something to do. With nothing new a poll is one request a list, and what the key costs.
//!
//! What goes wrong with one artefact is listed and asked for again by the next poll; what goes wrong
//! with the tracker ends the poll, and what was handed over stays.

mod asking;
mod kept;
mod poll;
mod reach;
mod standing;
mod sweep;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::http::{Key, Session};
use super::story::Story;
use super::{Check, Connector, Exchange, Fault, Sink};
use crate::model::batch::{Cursor, StatusName};
use crate::model::health::Oddity;
use crate::model::id::SourceName;
use crate::model::time::Millis;
use asking::Asking;
use poll::Poll;
pub(crate) use reach::Reach;
use standing::Standings;

/// Seconds after an update from which on a later one carries another instant for sure.
const TICK: i64 = 2;

/// What is asked of a tracker.
///
/// An *artefact* is whatever has a history of its own there: an issue, a pull request, a deployment.
/// Its id is unique within the source, so a tracker with several lists puts a word before it.
#[async_trait]
pub(crate) trait Tracker: Send + Sync {
    /// What a row of a list holds beside id and update, for [`Tracker::fetch`].
    type Row: Send + Sync;

    /// What is known of one artefact once all of it is fetched.
    type Detail: Send;

    /// Where people get a token, for those who have none.
    const TOKENS: &'static str;

    /// The source, and how it is reached.
    fn reach(&self) -> &Reach;

    /// The token as the tracker wants it sent.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if no header can carry it.
    fn key(&self, secret: SecretString) -> Result<Key, Fault>;

    /// Proves, step by step, that the tracker can be read, and notes each step.
    ///
    /// # Errors
    /// The [`Fault`] of the step that failed, which is noted too.
    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault>;

    /// How finely the tracker understands the instant of a question.
    fn grain(&self) -> Grain {
        Grain::Fine
    }

    /// Proves the key, and finds out what there is to be read. Called once a poll. The first page of
    /// the first list is asked for before all else; then the lists are read at once.
    ///
    /// # Errors
    /// A [`Fault`] if the tracker cannot be read.
    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault>;

    /// One page of a list.
    ///
    /// # Errors
    /// A [`Fault`] if it cannot be had; rows that cannot be read are `None` and listed as odd.
    async fn page(
        &self,
        session: &Session<'_>,
        list: &List,
        question: &Question,
    ) -> Result<Page<Self::Row>, Fault>;

    /// Learns what is needed to understand histories, such as names of statuses. Called once in a
    /// poll that has found something, before anything is fetched; pages are listed meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] if histories could not be understood without.
    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault>;

    /// Fetches all of a few artefacts, at most [`List::together`] of them; several of these are
    /// under way at once. One outcome for each, by id, in any order. Rows of artefacts that an
    /// earlier poll could not get ([`Listed::row`] is `None`) are to be asked for by id.
    ///
    /// # Errors
    /// A [`Fault`] that is not of one artefact alone.
    async fn fetch(
        &self,
        session: &Session<'_>,
        list: &List,
        rows: Vec<Listed<Self::Row>>,
    ) -> Result<Vec<(String, Fetched<Self::Detail>)>, Fault>;

    /// Turns all that was fetched for a page into histories. Pure but for names learned; no request.
    fn understand(&self, list: &List, details: Vec<Self::Detail>) -> Vec<(String, Story)>;

    /// All statuses known by now, with their current names.
    fn statuses(&self) -> Vec<StatusName>;
}

#[async_trait]
impl<T: Tracker> Connector for T {
    fn name(&self) -> &SourceName {
        &self.reach().name
    }

    async fn sync(
        &self,
        cursor: Option<Cursor>,
        sink: &mut dyn Sink,
        cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let session = session(self, cancel).await?;
        let asking = Asking::new(self, &session);
        Poll::new(&asking, sink, cursor.as_ref()).run().await
    }

    async fn check(&self) -> Vec<Check> {
        let mut checks = Checks::default();
        let cancel = CancellationToken::new();
        match session(self, &cancel).await {
            Ok(session) => {
                // What went wrong is the outcome of the last step.
                let _ = self.prove(&session, &mut checks).await;
            }
            Err(fault) => {
                let _ = checks.note("fetch the token", Err(fault));
            }
        }
        checks.0
    }

    fn recent(&self, since: Millis) -> Option<Cursor> {
        Standings::recent(self.reach().asked(), since).cursor()
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.reach().http.exchanges()
    }
}

/// Begins to ask a tracker, with its token.
///
/// # Errors
/// [`Fault::Unusable`] if there is no token; [`Fault::Stopped`] if cancelled meanwhile.
pub(super) async fn session<'a, T: Tracker>(
    tracker: &'a T,
    cancel: &'a CancellationToken,
) -> Result<Session<'a>, Fault> {
    let token = tracker.reach().settings.token.fetch();
    let secret = cancel.run_until_cancelled(token).await;
    let secret = secret.ok_or(Fault::Stopped)?;
    let secret = secret.map_err(|error| Fault::Unusable {
        what: error.to_string(),
        hint: T::TOKENS.to_owned(),
    })?;
    Ok(tracker.reach().http.session(tracker.key(secret)?, cancel))
}

/// Steps taken to prove that a tracker can be read, in order.
#[derive(Debug, Default)]
pub(crate) struct Checks(Vec<Check>);

impl Checks {
    /// Notes a step.
    ///
    /// # Errors
    /// The step's own fault, after which no other is taken.
    pub(crate) fn note(
        &mut self,
        what: impl Into<String>,
        outcome: Result<String, Fault>,
    ) -> Result<(), Fault> {
        let failed = outcome.clone().err();
        self.0.push(Check {
            what: what.into(),
            outcome,
        });
        failed.map_or(Ok(()), Err)
    }
}

/// One list of artefacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct List {
    /// Unique within the source; kept in the cursor.
    pub(crate) name: String,
    /// What one artefact is called: "issue", "pull request".
    pub(crate) noun: &'static str,
    /// How it is paged.
    pub(crate) paging: Paging,
    /// How many artefacts are fetched by one request.
    pub(crate) together: usize,
}

/// How a list is paged. All but [`Paging::Newest`] are asked to be in order of update, the earliest
/// first, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paging {
    /// By number of rows passed over ([`Question::offset`]); rows move up when one before them is
    /// updated.
    Offset,
    /// By address or number of the next page ([`Page::next`]); rows move up likewise.
    Numbered,
    /// By a token ([`Page::next`]) that stays right while rows move.
    Token,
    /// By a token or an address, the newest first. The tracker ends the list where nothing can be
    /// new any more; there is no place to go on from but the end.
    Newest,
}

/// How finely a tracker understands the instant from which on a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    /// As finely as it tells updates.
    Fine,
    /// In minutes, though it tells updates more finely.
    Minutes,
}

impl Grain {
    /// The beginning of the unit that an instant lies in.
    fn floor(self, at: Millis) -> Millis {
        match self {
            Self::Fine => at,
            Self::Minutes => Millis(at.0.div_euclid(60_000) * 60_000),
        }
    }

    /// Seconds after which another unit has begun.
    fn step(self) -> i64 {
        match self {
            Self::Fine => TICK,
            Self::Minutes => 60,
        }
    }
}

/// Where in a list to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Question {
    /// Only what was updated at this instant or later.
    pub(crate) since: Option<Millis>,
    /// So many of those are passed over.
    pub(crate) offset: u64,
    /// What the page before gave as its next.
    pub(crate) next: Option<String>,
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct Page<R> {
    /// A row that cannot be read is `None`.
    pub(crate) rows: Vec<Option<Listed<R>>>,
    /// How many there are in all, if the tracker says so.
    pub(crate) total: Option<u64>,
    /// The most rows the tracker puts on a page; for [`Paging::Offset`].
    pub(crate) limit: u64,
    /// Where the next page is; for the other ways of paging.
    pub(crate) next: Option<String>,
    /// The tracker's clock.
    pub(crate) now: Option<Millis>,
    /// What is wrong with the rows that are `None`.
    pub(crate) oddities: Vec<Oddity>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed<R> {
    /// The artefact's id.
    pub(crate) id: String,
    /// When it was last updated.
    pub(crate) updated: Millis,
    /// The rest; `None` for one that is asked for again.
    pub(crate) row: Option<R>,
}

/// What became of asking for one artefact.
#[derive(Debug)]
pub(crate) enum Fetched<D> {
    /// It came.
    Detail(D),
    /// It was listed, but is not there any more.
    Gone,
    /// The tracker could not give this one.
    Failed(Fault),
}

impl<D> Fetched<D> {
    /// What a fault means for the one artefact that was asked for.
    ///
    /// # Errors
    /// The fault itself if it is not of that artefact alone.
    pub(crate) fn without(fault: Fault) -> Result<Self, Fault> {
        match fault {
            Fault::NotFound { .. } => Ok(Self::Gone),
            fault @ (Fault::Server { .. } | Fault::BadAnswer { .. }) => Ok(Self::Failed(fault)),
            fault => Err(fault),
        }
    }
}
