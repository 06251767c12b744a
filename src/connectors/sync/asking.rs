//! Asking: pages are listed ahead, and what they list is fetched, so that the connections have
//! something to do while histories are understood and handed over ([`super::poll`]).
//!
//! Each list has two hands: one lists page after page, the other fetches what they list, the earlier
//! page first. What is fetched but not yet handed over is limited ([`ROOM`]): whoever keeps the histories
//! may be slower than the tracker. Rows of lists are small, so more of them may wait ([`AHEAD`]).

mod desk;
mod way;

use std::sync::Arc;

use futures_util::stream::{self, FuturesUnordered, StreamExt, TryStreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use super::super::Fault;
use super::super::http::{CONNECTIONS, Session};
use super::standing::Standing;
use super::sweep::{Onward, Passage};
use super::{Fetched, List, Listed, Page, Tracker};
use crate::model::health::Oddity;
use crate::model::time::Millis;
use desk::Desk;
use way::Way;

/// The most artefacts that are being fetched or wait to be handed over; a page of more counts as this.
const ROOM: u32 = 4_000;

/// The most rows that are listed but not being fetched yet; a page of more counts as this.
const AHEAD: u32 = 10_000;

/// So many requests for artefacts of a list are under way at once: twice what the connections take, so
/// that one is waiting when a connection is free.
const AT_ONCE: usize = 2 * CONNECTIONS;

/// The half of a poll that asks.
pub(crate) struct Asking<'a, T: Tracker> {
    pub(super) tracker: &'a T,
    pub(super) session: &'a Session<'a>,
    names: OnceCell<()>,
    room: Arc<Semaphore>,
    ahead: Arc<Semaphore>,
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
    /// When the page was listed, on the tracker's clock if it tells it.
    pub(super) now: Millis,
    /// Held until it is handed over.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// What is to be fetched for a page.
struct Work<R> {
    rows: Vec<Listed<R>>,
    passage: Passage,
    now: Millis,
    /// Held until it is being fetched.
    ahead: Option<OwnedSemaphorePermit>,
    /// Held from then on.
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
            ahead: Arc::new(Semaphore::new(AHEAD as usize)),
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
            let (page, now) = match way.listed.take() {
                Some(listed) => listed,
                None => self.page(&way).await?,
            };
            let (told, mut work) = way.pass(page, now);
            // Whoever does not listen any more has ended the poll.
            let _ = tell.send(Told::Page(told));
            work.ahead = space(&self.ahead, AHEAD, work.rows.len()).await;
            let onward = work.passage.onward;
            let _ = ahead.send(work);
            match onward {
                Onward::More => {}
                Onward::End => return Ok(()),
                Onward::Lost => return Err(way.lost()),
            }
        }
    }

    /// The next page, and when it was listed: it holds all updates that showed by then.
    async fn page(&self, way: &Way<'_, T::Row>) -> Result<(Page<T::Row>, Millis), Fault> {
        let question = way.question();
        let asked = self.tracker.reach().clock.now();
        let page = self.tracker.page(self.session, way.list, &question).await?;
        let now = page.now.unwrap_or(asked);
        Ok((page, now))
    }

    /// Fetches what is listed, in the order of the list as far as connections are free.
    async fn fetch(
        &self,
        (at, list): (usize, &List),
        mut listed: UnboundedReceiver<Work<T::Row>>,
        tell: &Tell<T>,
    ) -> Result<(), Fault> {
        let mut desk = Desk::new(at, list.together);
        let mut arriving = FuturesUnordered::new();
        let mut waiting = None;
        loop {
            while arriving.len() < AT_ONCE
                && let Some((place, rows)) = desk.next()
            {
                arriving.push(async move { (place, self.details(list, rows).await) });
            }
            while let Some(sheaf) = desk.whole() {
                let _ = tell.send(Told::Sheaf(sheaf));
            }
            tokio::select! {
                Some(work) = self.admitted(&mut listed, &mut waiting), if arriving.len() < AT_ONCE => {
                    desk.take(work);
                }
                Some((place, fetched)) = arriving.next() => desk.put(place, fetched?),
                else => return Ok(()),
            }
        }
    }

    /// The next page, once there is room for it; until then it is `waiting`.
    async fn admitted(
        &self,
        listed: &mut UnboundedReceiver<Work<T::Row>>,
        waiting: &mut Option<Work<T::Row>>,
    ) -> Option<Work<T::Row>> {
        if waiting.is_none() {
            *waiting = Some(listed.recv().await?);
        }
        let count = waiting.as_ref().map_or(0, |work| work.rows.len());
        let room = space(&self.room, ROOM, count).await;
        let mut work = waiting.take()?;
        work.ahead = None;
        work.room = room;
        Some(work)
    }

    async fn details(
        &self,
        list: &List,
        rows: Vec<Listed<T::Row>>,
    ) -> Result<Vec<(String, Fetched<T::Detail>)>, Fault> {
        let learn = || self.tracker.learn(self.session);
        self.names.get_or_try_init(learn).await?;
        self.tracker.fetch(self.session, list, rows).await
    }
}

/// Waits for space for so many artefacts of at most so many; none takes some too.
async fn space(of: &Arc<Semaphore>, most: u32, count: usize) -> Option<OwnedSemaphorePermit> {
    let count = u32::try_from(count).unwrap_or(most).clamp(1, most);
    Arc::clone(of).acquire_many_owned(count).await.ok()
}
