//! Fetching what a page lists, several at a time, while the next page is listed and the last one is
//! handed over: so the connections have something to do.

use futures_util::stream::{self, StreamExt};

use super::super::super::Fault;
use super::super::super::http::{CONNECTIONS, Session};
use super::super::{Fetched, List, Listed, Page, Tracker};
use super::{NamesAre, Parcel, Poll, Reading, Work};

/// What came of fetching a page's rows, in the order of the rows as far as one knows.
type Details<D> = Result<Vec<(String, Fetched<D>)>, Fault>;

/// What came of listing the next page, if there is one.
type Upcoming<R> = Option<Result<Page<R>, Fault>>;

impl<T: Tracker> Poll<'_, T> {
    /// Fetches what `work` says, and hands `parcel` over meanwhile.
    ///
    /// # Errors
    /// A [`Fault`] if names cannot be learned or nobody takes the parcel.
    pub(super) async fn fetch(
        &mut self,
        reading: &Reading<'_>,
        work: Work<T::Row>,
        parcel: Option<Parcel>,
    ) -> Result<(Details<T::Detail>, Upcoming<T::Row>), Fault> {
        if !work.rows.is_empty() {
            self.learn().await?;
        }
        let (tracker, session, list) = (self.tracker, self.session, reading.list);
        let upcoming = async {
            match work.ahead {
                Some(question) => Some(tracker.page(session, list, &question).await),
                None => None,
            }
        };
        let details = details(tracker, session, list, work.rows);
        let (kept, details, upcoming) = tokio::join!(self.deliver(parcel), details, upcoming);
        session.report(self.sink);
        kept.map(|()| (details, upcoming))
    }

    async fn learn(&mut self) -> Result<(), Fault> {
        if self.names == NamesAre::Unasked {
            self.tracker.learn(self.session).await?;
            self.session.report(self.sink);
            self.names = NamesAre::Known;
        }
        Ok(())
    }
}

async fn details<T: Tracker>(
    tracker: &T,
    session: &Session<'_>,
    list: &List,
    rows: Vec<Listed<T::Row>>,
) -> Details<T::Detail> {
    let mut asked = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let few: Vec<_> = rows.by_ref().take(list.together.max(1)).collect();
        let at = asked.len();
        asked.push(async move { (at, tracker.fetch(session, list, few).await) });
    }
    let mut arriving = stream::iter(asked).buffer_unordered(CONNECTIONS);
    let mut fetched = Vec::new();
    while let Some((at, outcome)) = arriving.next().await {
        fetched.push((at, outcome?));
    }
    fetched.sort_by_key(|(at, _)| *at);
    Ok(fetched.into_iter().flat_map(|(_, few)| few).collect())
}
