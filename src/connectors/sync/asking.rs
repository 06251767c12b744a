//! Asking: pages are listed ahead, and what they list is fetched, so that the connections have
//! something to do while histories are understood and handed over ([`super::poll`]).
//!
//! Each list has two hands: one lists page after page, the other fetches what they list, several
//! pages at once. What is listed but not yet handed over is limited ([`ROOM`]): whoever keeps the
//! histories may be slower than the tracker.

mod way;

use std::sync::Arc;

use futures_util::stream::{self, FuturesOrdered, StreamExt, TryStreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::super::Fault;
use super::super::http::{CONNECTIONS, Session};
use super::standing::Standing;
use super::sweep::{Onward, Passage};
use super::{Fetched, List, Listed, Page, Tracker};
use crate::model::health::Oddity;
use crate::model::time::Millis;
use way::Way;

/// The most artefacts that are listed but not handed over yet; a page of more counts as this.
const ROOM: u32 = 2_000;

/// So many artefacts of a page are asked for at once: twice what the connections take, so that one is
/// waiting when a connection is free.
const AT_ONCE: usize = 2 * CONNECTIONS;

/// The half of a poll that asks.
pub(crate) struct Asking<'a, T: Tracker> {
    pub(super) tracker: &'a T,
    pub(super) session: &'a Session<'a>,
    names: OnceCell<()>,
    room: Arc<Semaphore>,
}

/// What is told while lists are read.
pub(super) enum Told<D> {
    Page(PageTold),
    Sheaf(Sheaf<D>),
}

/// What a page told beside its rows.
pub(super) struct PageTold {
    /// How many artefacts are to come, if it is the first page of a list that says so.
    pub(super) expected: Option<u64>,
    /// How many rows could not be read, and why.
    pub(super) unread: u64,
    pub(super) oddities: Vec<Oddity>,
}

/// All that was fetched for a page. Those of one list come in its order.
pub(super) struct Sheaf<D> {
    /// Which list.
    pub(super) list: usize,
    pub(super) fetched: Vec<(String, Fetched<D>)>,
    pub(super) passage: Passage,
    /// The tracker's clock when the page was listed.
    pub(super) now: Option<Millis>,
    /// Held until it is handed over.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// What is to be fetched for a page.
struct Work<R> {
    rows: Vec<Listed<R>>,
    passage: Passage,
    now: Option<Millis>,
    room: Option<OwnedSemaphorePermit>,
}

/// Where it is told.
pub(super) type Tell<T> = UnboundedSender<Told<<T as Tracker>::Detail>>;

impl<'a, T: Tracker> Asking<'a, T> {
    /// Prepares to ask; nothing is sent yet.
    pub(crate) fn new(tracker: &'a T, session: &'a Session<'a>) -> Self {
        Self {
            tracker,
            session,
            names: OnceCell::new(),
            room: Arc::new(Semaphore::new(ROOM as usize)),
        }
    }

    /// Whether anything had to be understood in this poll.
    pub(super) fn has_learned(&self) -> bool {
        self.names.initialized()
    }

    /// Reads all lists from where they stood, and tells what comes.
    ///
    /// # Errors
    /// The first [`Fault`] of any list; what was told before it holds.
    pub(super) async fn read(
        &self,
        lists: &[List],
        standings: &[Standing],
        tell: Tell<T>,
    ) -> Result<(), Fault> {
        let grain = self.tracker.grain();
        let ways = lists.iter().zip(standings).enumerate();
        let mut ways: Vec<Way<'_, T::Row>> = ways
            .map(|(at, (list, standing))| Way::new(at, list, standing, grain))
            .collect();
        // Whoever may not read is told so once, not by each list.
        if let Some(first) = ways.first_mut() {
            first.listed = Some(self.page(first).await?);
        }
        let reading: Vec<_> = ways
            .into_iter()
            .map(|way| self.read_list(way, &tell))
            .collect();
        let mut reading = stream::iter(reading).buffer_unordered(CONNECTIONS);
        while reading.try_next().await?.is_some() {}
        Ok(())
    }

    async fn read_list(&self, way: Way<'_, T::Row>, tell: &Tell<T>) -> Result<(), Fault> {
        let (at, list) = (way.at, way.list);
        let (ahead, listed) = unbounded_channel();
        let listing = async {
            match self.list(way, ahead, tell).await {
                // What was listed before may be had all the same.
                Err(fault @ (Fault::Server { .. } | Fault::BadAnswer { .. })) => Ok(Some(fault)),
                outcome => outcome.map(|()| None),
            }
        };
        let fetching = self.fetch((at, list), listed, tell);
        match tokio::try_join!(listing, fetching)? {
            (Some(fault), ()) => Err(fault),
            (None, ()) => Ok(()),
        }
    }

    /// Lists page after page, no further ahead than there is room.
    async fn list(
        &self,
        mut way: Way<'_, T::Row>,
        ahead: UnboundedSender<Work<T::Row>>,
        tell: &Tell<T>,
    ) -> Result<(), Fault> {
        loop {
            let page = match way.listed.take() {
                Some(page) => page,
                None => self.page(&way).await?,
            };
            let (told, mut work) = way.pass(page);
            // Whoever does not listen any more has ended the poll.
            let _ = tell.send(Told::Page(told));
            let count = u32::try_from(work.rows.len()).unwrap_or(ROOM);
            let room = Arc::clone(&self.room);
            work.room = room.acquire_many_owned(count.clamp(1, ROOM)).await.ok();
            let onward = work.passage.onward;
            let _ = ahead.send(work);
            match onward {
                Onward::More => {}
                Onward::End => return Ok(()),
                Onward::Lost => return Err(way.lost()),
            }
        }
    }

    async fn page(&self, way: &Way<'_, T::Row>) -> Result<Page<T::Row>, Fault> {
        let question = way.question();
        self.tracker.page(self.session, way.list, &question).await
    }

    /// Fetches what is listed, several pages at once.
    async fn fetch(
        &self,
        (at, list): (usize, &List),
        mut listed: UnboundedReceiver<Work<T::Row>>,
        tell: &Tell<T>,
    ) -> Result<(), Fault> {
        let mut sheaves = FuturesOrdered::new();
        loop {
            tokio::select! {
                Some(work) = listed.recv(), if sheaves.len() < CONNECTIONS => {
                    sheaves.push_back(self.sheaf((at, list), work));
                }
                Some(sheaf) = sheaves.next() => {
                    let _ = tell.send(Told::Sheaf(sheaf?));
                }
                else => return Ok(()),
            }
        }
    }

    async fn sheaf(
        &self,
        (at, list): (usize, &List),
        work: Work<T::Row>,
    ) -> Result<Sheaf<T::Detail>, Fault> {
        Ok(Sheaf {
            list: at,
            fetched: self.details(list, work.rows).await?,
            passage: work.passage,
            now: work.now,
            room: work.room,
        })
    }

    /// What came of fetching a page's rows, in their order as far as one knows.
    async fn details(
        &self,
        list: &List,
        rows: Vec<Listed<T::Row>>,
    ) -> Result<Vec<(String, Fetched<T::Detail>)>, Fault> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let learn = || self.tracker.learn(self.session);
        self.names.get_or_try_init(learn).await?;
        let mut asked = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let few: Vec<_> = rows.by_ref().take(list.together.max(1)).collect();
            asked.push(self.tracker.fetch(self.session, list, few));
        }
        let arriving = stream::iter(asked).buffered(AT_ONCE);
        let fetched: Vec<Vec<_>> = arriving.try_collect().await?;
        Ok(fetched.into_iter().flatten().collect())
    }
}
