//! Polling: one source into the history, once or for ever.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::health::HealthBoard;
use super::keeper::{Keeper, Known};
use super::{Failure, FailureKind};
use crate::clock::Clock;
use crate::connectors::{Connector, Fault, Sink};
use crate::history::Leases;
use crate::model::batch::Batch;
use crate::model::health::{Oddity, Progress, Trouble};
use crate::model::id::SourceName;

/// The shortest and the longest wait after a failed poll, seconds.
const RETRY: (u64, u64) = (5, 600);

/// What polls may take to end.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// What every poll needs.
#[derive(Clone)]
pub(super) struct Polling {
    /// Where batches go.
    pub(super) keeper: Keeper,
    /// Where the state is shown.
    pub(super) board: HealthBoard,
    /// The wall clock.
    pub(super) clock: Arc<dyn Clock>,
    /// Told after every batch that changed something.
    pub(super) news: Arc<Notify>,
    /// Who may poll; `None`: the history is shared with nobody.
    pub(super) leases: Option<Arc<dyn Leases>>,
    /// Ends all polling.
    pub(super) cancel: CancellationToken,
    /// What is polling.
    pub(super) tasks: TaskTracker,
}

/// Hands batches to the history and tells the board.
struct Keep<'a> {
    polling: &'a Polling,
    source: &'a SourceName,
    /// What was handed over.
    known: Known,
    told: Told,
    /// Why the history took no more.
    broken: Option<Failure>,
}

/// How much of a source was handed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Part,
    Whole,
}

#[async_trait]
impl Sink for Keep<'_> {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
        let items = batch.items.iter().map(|item| item.item.clone());
        self.known.items.extend(items);
        match self.polling.keeper.append(batch).await {
            Ok(appended) => {
                if appended.new_events > 0 {
                    self.polling.news.notify_one();
                }
                Ok(())
            }
            Err(failure) => {
                self.broken = Some(failure);
                Err(Fault::Stopped)
            }
        }
    }

    fn progress(&mut self, progress: Progress) {
        self.polling.board.progress(self.source, progress);
    }

    fn oddity(&mut self, oddity: Oddity) {
        self.polling.board.oddity(self.source, oddity);
    }

    fn request(&mut self) {
        self.polling.board.request(self.source);
    }

    fn whole(&mut self) {
        self.told = Told::Whole;
    }
}

impl Polling {
    /// The same history for other sources: what polls for this one goes on until it is ended.
    pub(super) fn anew(&self, board: HealthBoard) -> Self {
        Self {
            board,
            news: Arc::new(Notify::new()),
            cancel: CancellationToken::new(),
            tasks: TaskTracker::new(),
            ..self.clone()
        }
    }

    /// Ends all polling and waits a moment for it, so that leases are let go.
    pub(super) async fn end(&self) {
        self.cancel.cancel();
        self.tasks.close();
        let _ = tokio::time::timeout(LAST_WORDS, self.tasks.wait()).await;
    }

    /// Polls a source once into the history and says how many items it told of. The board shows it.
    ///
    /// # Errors
    /// [`Failure`] if the source cannot be read or the history cannot be written.
    pub(super) async fn once(&self, connector: &dyn Connector) -> Result<u64, Failure> {
        let source = connector.name();
        let cursor = self.keeper.cursor(source.clone()).await?;
        let known = Known {
            items: HashSet::new(),
            since: self.keeper.position().await?,
        };
        self.board.began(source);
        let mut sink = Keep {
            polling: self,
            source,
            known,
            told: Told::Part,
            broken: None,
        };
        let ended = connector.sync(cursor, &mut sink, &self.cancel).await;
        let Keep {
            known,
            told,
            broken,
            ..
        } = sink;
        let items = known.items.len() as u64;
        let ended = match (ended, broken) {
            (Ok(()), None) if told == Told::Whole => {
                self.drop_others(source, known).await.map(|()| items)
            }
            (Ok(()), None) => Ok(items),
            (_, Some(failure)) => Err(failure),
            (Err(fault), None) => Err(fault.into()),
        };
        self.news.notify_one();
        ended
    }

    /// Drops what a source has no more. If that fails it is read from the start again.
    async fn drop_others(&self, source: &SourceName, known: Known) -> Result<(), Failure> {
        let dropped = self.keeper.drop_others(source.clone(), known).await;
        if let Err(failure) = dropped {
            self.keeper.forget_cursor(source.clone()).await?;
            return Err(failure);
        }
        Ok(())
    }

    /// Polls a source for ever, every `every` seconds or as soon as `refresh` is told, until
    /// cancelled. A failed poll is shown and tried again, later and later.
    pub(super) async fn for_ever(&self, connector: &dyn Connector, every: u64, refresh: &Notify) {
        let mut failed = 0;
        while !self.cancel.is_cancelled() {
            let ended = self.once(connector).await;
            let wait = match &ended {
                Ok(_) => every,
                Err(_) => retry_after(failed, every),
            };
            let now = self.clock.now();
            let next = now.plus_secs(i64::try_from(wait).unwrap_or(i64::MAX / 1000));
            match ended {
                Ok(_) => {
                    failed = 0;
                    self.board.succeeded(connector.name(), now, Some(next));
                }
                Err(failure) if failure.kind == FailureKind::Interrupted => return,
                Err(failure) => {
                    failed += 1;
                    let trouble = Trouble {
                        since: now,
                        what: failure.what,
                        hint: failure.hint.unwrap_or_default(),
                        next_try: Some(next),
                    };
                    self.board.failed(connector.name(), trouble);
                }
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(wait)) => {}
                () = refresh.notified() => {}
                () = self.cancel.cancelled() => {}
            }
        }
    }
}

/// Seconds to wait after the `failed`-th failure in a row, doubling, never less often than the
/// poll's own pace asks unless that is longer than the longest wait.
fn retry_after(failed: u32, every: u64) -> u64 {
    let doubled = RETRY.0.saturating_mul(1 << failed.min(20));
    doubled.clamp(RETRY.0, RETRY.1.max(every))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use tokio::sync::Notify;
    use tokio_util::sync::CancellationToken;

    use super::{Polling, retry_after};
    use crate::clock::FixedClock;
    use crate::connectors::{Check, Connector, Fault, Sink};
    use crate::history::Sqlite;
    use crate::model::batch::{Batch, Cursor, ItemHistory};
    use crate::model::event::{Change, Event};
    use crate::model::id::SourceName;
    use crate::model::time::Millis;
    use crate::runtime::health::HealthBoard;
    use crate::runtime::keeper::Keeper;

    /// Hands over these items, says that they are all, and ends so.
    struct Few(SourceName, &'static [&'static str], Result<(), Fault>);

    #[async_trait]
    impl Connector for Few {
        fn name(&self) -> &SourceName {
            &self.0
        }

        async fn sync(
            &self,
            _: Option<Cursor>,
            sink: &mut dyn Sink,
            _: &CancellationToken,
        ) -> Result<(), Fault> {
            let items = self.1.iter().map(|id| ItemHistory {
                item: (*id).to_owned(),
                replace: true,
                events: vec![Event {
                    id: "0".to_owned(),
                    at: Millis(1),
                    seq: 0,
                    approximate: false,
                    change: Change::Created { status: None },
                }],
            });
            let batch = Batch {
                items: items.collect(),
                ..Batch::empty(self.0.clone())
            };
            sink.batch(batch).await?;
            sink.whole();
            self.2.clone()
        }

        async fn check(&self) -> Vec<Check> {
            Vec::new()
        }
    }

    fn polling() -> Polling {
        Polling {
            keeper: Keeper::start(Box::new(Sqlite::in_memory().unwrap()), None),
            board: HealthBoard::new([]),
            clock: Arc::new(FixedClock(Millis(0))),
            news: Arc::new(Notify::new()),
            leases: None,
            cancel: CancellationToken::new(),
            tasks: tokio_util::task::TaskTracker::new(),
        }
    }

    async fn items_after(polling: &Polling, few: Few) -> usize {
        let outcome = polling.once(&few).await;
        assert_eq!(outcome.is_ok(), few.2.is_ok());
        let loaded = polling.keeper.load(vec![few.0], None).await;
        loaded.unwrap().log.item_count()
    }

    #[tokio::test]
    async fn what_a_whole_poll_does_not_tell_is_gone_unless_it_failed() {
        let polling = polling();
        let few = |ids, ended| Few(SourceName::new("s"), ids, ended);
        assert_eq!(items_after(&polling, few(&["1", "2"], Ok(()))).await, 2);
        let cut = few(&["1"], Err(Fault::Stopped));
        assert_eq!(items_after(&polling, cut).await, 2);
        assert_eq!(items_after(&polling, few(&["1"], Ok(()))).await, 1);
        let other = Few(SourceName::new("other"), &[], Ok(()));
        assert_eq!(items_after(&polling, other).await, 0);
        assert_eq!(items_after(&polling, few(&["1", "3"], Ok(()))).await, 2);
    }

    #[test]
    fn failed_polls_wait_longer_and_longer() {
        let waits: Vec<u64> = (0..9).map(|failed| retry_after(failed, 60)).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(retry_after(40, 3_600), 3_600);
    }
}
