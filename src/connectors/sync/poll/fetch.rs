//! Fetching what a page lists, several at a time, and the next page beside it.

use futures_util::stream::{self, StreamExt};

use super::super::super::Fault;
use super::super::super::http::CONNECTIONS;
use super::super::{Fetched, Listed, Page, Question, Tracker};
use super::{NamesAre, Poll, Reading};

/// What came of fetching a page's rows, in the order of the rows as far as one knows.
type Outcome<D> = Result<Vec<(String, Fetched<D>)>, Fault>;

impl<T: Tracker> Poll<'_, T> {
    /// Fetches `rows`, and the page that `ahead` asks for.
    pub(super) async fn fetch(
        &mut self,
        reading: &Reading<'_>,
        rows: Vec<Listed<T::Row>>,
        ahead: Option<Question>,
    ) -> (Outcome<T::Detail>, Option<Result<Page<T::Row>, Fault>>) {
        if !rows.is_empty()
            && let Err(fault) = self.learn().await
        {
            return (Err(fault), None);
        }
        let (tracker, session) = (self.tracker, self.session);
        let upcoming = async {
            match ahead {
                Some(question) => Some(tracker.page(session, reading.list, &question).await),
                None => None,
            }
        };
        tokio::join!(self.details(reading, rows), upcoming)
    }

    async fn learn(&mut self) -> Result<(), Fault> {
        if self.names == NamesAre::Unasked {
            self.tracker.learn(self.session).await?;
            self.session.report(self.sink);
            self.names = NamesAre::Known;
        }
        Ok(())
    }

    async fn details(
        &mut self,
        reading: &Reading<'_>,
        rows: Vec<Listed<T::Row>>,
    ) -> Outcome<T::Detail> {
        let (tracker, session, list) = (self.tracker, self.session, reading.list);
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
            session.report(self.sink);
            fetched.push((at, outcome?));
        }
        fetched.sort_by_key(|(at, _)| *at);
        Ok(fetched.into_iter().flat_map(|(_, few)| few).collect())
    }
}
