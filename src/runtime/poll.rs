//! Polling: one source into the history, once or for ever.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::health::HealthBoard;
use super::keeper::Keeper;
use super::{Failure, FailureKind};
use crate::clock::Clock;
use crate::connectors::{Connector, Fault, Sink};
use crate::model::batch::Batch;
use crate::model::health::{Oddity, Progress, Trouble};
use crate::model::id::SourceName;

/// The shortest and the longest wait after a failed poll, seconds.
const RETRY: (u64, u64) = (5, 600);

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
    /// Ends all polling.
    pub(super) cancel: CancellationToken,
}

/// Hands batches to the history and tells the board.
struct Keep<'a> {
    polling: &'a Polling,
    source: &'a SourceName,
    /// Why the history took no more.
    broken: Option<Failure>,
}

#[async_trait]
impl Sink for Keep<'_> {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
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
}

impl Polling {
    /// Polls a source once into the history. The board shows it; `next` is when it is polled again.
    ///
    /// # Errors
    /// [`Failure`] if the source cannot be read or the history cannot be written.
    pub(super) async fn once(&self, connector: &dyn Connector) -> Result<(), Failure> {
        let source = connector.name();
        let cursor = self.keeper.cursor(source.clone()).await?;
        self.board.began(source);
        let mut sink = Keep {
            polling: self,
            source,
            broken: None,
        };
        let ended = connector.sync(cursor, &mut sink, &self.cancel).await;
        let broken = sink.broken.take();
        self.news.notify_one();
        match (ended, broken) {
            (Ok(()), None) => Ok(()),
            (_, Some(failure)) => Err(failure),
            (Err(fault), None) => Err(fault.into()),
        }
    }

    /// Polls a source for ever, every `every` seconds or as soon as `refresh` is told, until
    /// cancelled. A failed poll is shown and tried again, later and later.
    pub(super) async fn for_ever(&self, connector: &dyn Connector, every: u64, refresh: &Notify) {
        let mut failed = 0;
        while !self.cancel.is_cancelled() {
            let ended = self.once(connector).await;
            let wait = match &ended {
                Ok(()) => every,
                Err(_) => retry_after(failed, every),
            };
            let now = self.clock.now();
            let next = now.plus_secs(i64::try_from(wait).unwrap_or(i64::MAX / 1000));
            match ended {
                Ok(()) => {
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
    use super::retry_after;

    #[test]
    fn failed_polls_wait_longer_and_longer() {
        let waits: Vec<u64> = (0..9).map(|failed| retry_after(failed, 60)).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(retry_after(40, 3_600), 3_600);
    }
}
