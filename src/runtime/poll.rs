//! Polling: one source into the history, once or for ever.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::health::HealthBoard;
use super::keeper::{Keeper, Known};
use super::lookout::{Changes, Lookout, stamp};
use super::{Failure, FailureKind};
use crate::clock::Clock;
use crate::connectors::{Connector, Fault, Sink};
use crate::history::Leases;
use crate::model::batch::Batch;
use crate::model::health::{Oddity, Progress, Trouble};
use crate::model::id::SourceName;
use crate::model::time::Millis;

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
    /// Looks at files.
    pub(super) lookout: Lookout,
    /// What others change in the history, where it does not say so itself.
    pub(super) others: Option<Changes>,
    /// Ends all polling.
    pub(super) cancel: CancellationToken,
    /// What is polling.
    pub(super) tasks: TaskTracker,
}

/// When a source is asked again.
#[derive(Clone, Copy)]
pub(super) struct Pace<'a> {
    /// So many seconds after it was asked, at the earliest.
    pub(super) every: u64,
    /// Tells to ask at once.
    pub(super) refresh: &'a Notify,
    /// The file that the source is: it is read again only once it has changed.
    pub(super) file: Option<&'a Path>,
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

    /// Polls a source for ever, at its pace, until cancelled. A failed poll is shown and tried again,
    /// later and later.
    pub(super) async fn for_ever(&self, connector: &dyn Connector, pace: Pace<'_>) {
        let (source, mut failed) = (connector.name(), 0);
        while !self.cancel.is_cancelled() {
            let mut file = pace.file.map(|path| self.watch(source, path));
            let ended = self.once(connector).await;
            let wait = match &ended {
                Ok(_) => pace.every,
                Err(_) => retry_after(failed, pace.every),
            };
            let now = self.clock.now();
            let next = now.plus_secs(i64::try_from(wait).unwrap_or(i64::MAX / 1000));
            match ended {
                Ok(_) => {
                    failed = 0;
                    let next = file.is_none().then_some(next);
                    self.board.succeeded(source, now, next);
                }
                Err(failure) if failure.kind == FailureKind::Interrupted => return,
                Err(failure) => {
                    failed += 1;
                    file = None;
                    self.board.failed(source, trouble(failure, now, next));
                }
            }
            let due = async {
                tokio::time::sleep(Duration::from_secs(wait)).await;
                if let Some(file) = &mut file {
                    file.next().await;
                }
            };
            tokio::select! {
                () = due => {}
                () = pace.refresh.notified() => {}
                () = self.cancel.cancelled() => {}
            }
        }
    }

    /// Looks at the file of a source, from before it is read. As long as it stays as it was, what was
    /// read of it is as good as read now.
    fn watch(&self, source: &SourceName, path: &Path) -> Changes {
        let (board, clock, source) = (self.board.clone(), Arc::clone(&self.clock), source.clone());
        let (path, read) = (path.to_owned(), stamp(path));
        self.lookout.watch(move || {
            let has_changed = read.is_none() || stamp(&path) != read;
            if !has_changed {
                board.stands(&source, clock.now());
            }
            has_changed
        })
    }
}

fn trouble(failure: Failure, now: Millis, next: Millis) -> Trouble {
    Trouble {
        since: now,
        what: failure.what,
        hint: failure.hint.unwrap_or_default(),
        next_try: Some(next),
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
    use std::time::Duration;

    use async_trait::async_trait;
    use tokio::sync::{Notify, watch};
    use tokio_util::sync::CancellationToken;

    use super::{Pace, Polling, retry_after};
    use crate::clock::FixedClock;
    use crate::connectors::{Check, Connector, Fault, Sink};
    use crate::history::Sqlite;
    use crate::model::batch::{Batch, Cursor, ItemHistory};
    use crate::model::event::{Change, Event};
    use crate::model::id::SourceName;
    use crate::model::time::Millis;
    use crate::runtime::health::HealthBoard;
    use crate::runtime::keeper::Keeper;
    use crate::runtime::lookout::Lookout;

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
            lookout: Lookout::start(),
            others: None,
            cancel: CancellationToken::new(),
            tasks: tokio_util::task::TaskTracker::new(),
        }
    }

    /// Counts how often it is read.
    struct Counted(SourceName, watch::Sender<u32>);

    #[async_trait]
    impl Connector for Counted {
        fn name(&self) -> &SourceName {
            &self.0
        }

        async fn sync(
            &self,
            _: Option<Cursor>,
            _: &mut dyn Sink,
            _: &CancellationToken,
        ) -> Result<(), Fault> {
            self.1.send_modify(|times| *times += 1);
            Ok(())
        }

        async fn check(&self) -> Vec<Check> {
            Vec::new()
        }
    }

    #[tokio::test]
    async fn a_file_is_read_again_once_it_has_changed_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.csv");
        std::fs::write(&path, "one").unwrap();
        let polling = Polling {
            lookout: Lookout::at_pace(Duration::from_millis(1)),
            ..polling()
        };
        let mut beats = polling.lookout.watch(|| true);
        let (times, mut read) = watch::channel(0);
        let counted = Counted(SourceName::new("s"), times);
        let refresh = Notify::new();
        let pace = Pace {
            every: 0,
            refresh: &refresh,
            file: Some(&path),
        };
        let watched = async {
            for (times, next) in [(1, "one and two"), (2, "three"), (3, "")] {
                read.wait_for(|read| *read >= times).await.unwrap();
                for _ in 0..5 {
                    beats.next().await;
                }
                assert_eq!(*read.borrow(), times);
                if times < 3 {
                    std::fs::write(&path, next).unwrap();
                }
            }
            refresh.notify_one();
            read.wait_for(|read| *read >= 4).await.unwrap();
            polling.cancel.cancel();
        };
        tokio::join!(polling.for_ever(&counted, pace), watched);
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
