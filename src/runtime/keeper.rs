//! The one thread that holds the history: everyone else asks it.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::{Failure, FailureKind};
use crate::history::{Appended, History, Mark, Moment, Owner, Position, SnapshotFile};
use crate::model::batch::{Batch, Cursor};
use crate::model::id::SourceName;
use crate::model::log::{Log, LogBuilder};

/// Batches that may wait to be kept before connectors have to.
const WAITING: usize = 8;

/// Asks the thread that holds the history.
#[derive(Clone, Debug)]
pub(super) struct Keeper {
    orders: mpsc::Sender<Order>,
}

/// A log, and the position of the history it was read at.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    /// The events of the configured sources.
    pub(super) log: Arc<Log>,
    /// Later changes have greater positions.
    pub(super) position: Position,
    /// By which the history knows this position again, if it does.
    mark: Option<Mark>,
}

impl Loaded {
    fn moment(&self) -> Option<Moment> {
        let position = self.position;
        self.mark.map(|mark| Moment { position, mark })
    }
}

/// What a source was found to have.
#[derive(Debug)]
pub(super) struct Known {
    /// The ids of its items.
    pub(super) items: HashSet<String>,
    /// The position of the history before the source was asked: what others changed later stays.
    pub(super) since: Position,
}

type Reply<T> = oneshot::Sender<Result<T, Failure>>;

#[derive(Debug)]
enum Order {
    Append(Batch, Reply<Appended>),
    Cursor(SourceName, Reply<Option<Cursor>>),
    Forget(SourceName, Reply<()>),
    Fence(SourceName, Owner, Reply<()>),
    Position(Reply<Position>),
    DropOthers(SourceName, Known, Reply<u64>),
    Recall(Vec<SourceName>, Reply<Option<Loaded>>),
    Load(Vec<SourceName>, Option<Loaded>, Reply<Loaded>),
    Close(Reply<()>),
}

/// What the thread holds.
struct Held {
    history: Box<dyn History>,
    /// Where the log is kept for the next start; `None`: nowhere.
    beside: Option<SnapshotFile>,
    /// The newest log that was read.
    newest: Option<Loaded>,
    /// The moment of the log that is kept.
    kept: Option<Moment>,
}

impl Keeper {
    /// Starts the thread. What it reads is kept for the next start in `beside`, if there can be such a
    /// file.
    pub(super) fn start(history: Box<dyn History>, beside: Option<SnapshotFile>) -> Self {
        let (orders, mut waiting) = mpsc::channel(WAITING);
        let mut held = Held {
            history,
            beside,
            newest: None,
            kept: None,
        };
        thread::spawn(move || {
            while let Some(order) = waiting.blocking_recv() {
                held.carry_out(order);
            }
        });
        Self { orders }
    }

    async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let sent = self.orders.send(order(reply)).await;
        match (sent, answer.await) {
            (Ok(()), Ok(answer)) => answer,
            _ => Err(gone()),
        }
    }

    /// Keeps a batch and its cursor, both or neither.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be written.
    pub(super) async fn append(&self, batch: Batch) -> Result<Appended, Failure> {
        self.ask(|reply| Order::Append(batch, reply)).await
    }

    /// Where a source stands.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be read.
    pub(super) async fn cursor(&self, source: SourceName) -> Result<Option<Cursor>, Failure> {
        self.ask(|reply| Order::Cursor(source, reply)).await
    }

    /// Makes the next poll of a source read everything.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be written.
    pub(super) async fn forget_cursor(&self, source: SourceName) -> Result<(), Failure> {
        self.ask(|reply| Order::Forget(source, reply)).await
    }

    /// Keeps changes of a source only while `owner` holds its lease.
    ///
    /// # Errors
    /// [`Failure`] if the history is gone.
    pub(super) async fn fence(&self, source: SourceName, owner: Owner) -> Result<(), Failure> {
        self.ask(|reply| Order::Fence(source, owner, reply)).await
    }

    /// The position of the last change.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be read.
    pub(super) async fn position(&self) -> Result<Position, Failure> {
        self.ask(Order::Position).await
    }

    /// Drops the items that a source has no more, and says how many.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be written.
    pub(super) async fn drop_others(
        &self,
        source: SourceName,
        known: Known,
    ) -> Result<u64, Failure> {
        self.ask(|reply| Order::DropOthers(source, known, reply))
            .await
    }

    /// The log of these sources as an earlier run kept it, if that is a moment of the history's
    /// past: what changed since is missing.
    ///
    /// # Errors
    /// [`Failure`] if the history is gone.
    pub(super) async fn recall(&self, sources: Vec<SourceName>) -> Result<Option<Loaded>, Failure> {
        self.ask(|reply| Order::Recall(sources, reply)).await
    }

    /// The log of these sources; with `known`, only what changed since is read.
    ///
    /// # Errors
    /// [`Failure`] if the history cannot be read.
    pub(super) async fn load(
        &self,
        sources: Vec<SourceName>,
        known: Option<Loaded>,
    ) -> Result<Loaded, Failure> {
        self.ask(|reply| Order::Load(sources, known, reply)).await
    }

    /// Keeps the newest log for the next start, if that is not done yet.
    pub(super) async fn close(&self) {
        let _ = self.ask(Order::Close).await;
    }
}

fn gone() -> Failure {
    Failure {
        kind: FailureKind::Bug,
        what: "the history's thread ended".to_owned(),
        hint: None,
    }
}

impl Held {
    /// An asker that has gone away needs no answer.
    fn carry_out(&mut self, order: Order) {
        let history = self.history.as_mut();
        match order {
            Order::Append(batch, reply) => {
                let _ = reply.send(history.append(&batch).map_err(Failure::from));
            }
            Order::Cursor(source, reply) => {
                let _ = reply.send(history.cursor(&source).map_err(Failure::from));
            }
            Order::Forget(source, reply) => {
                let _ = reply.send(history.forget_cursor(&source).map_err(Failure::from));
            }
            Order::Fence(source, owner, reply) => {
                history.fence(&source, &owner);
                let _ = reply.send(Ok(()));
            }
            Order::Position(reply) => {
                let _ = reply.send(history.position().map_err(Failure::from));
            }
            Order::DropOthers(source, known, reply) => {
                let _ = reply.send(self.drop_others(&source, &known));
            }
            Order::Recall(sources, reply) => {
                let _ = reply.send(Ok(self.recall(&sources)));
            }
            Order::Load(sources, known, reply) => {
                let was_known = known.is_some();
                let loaded = load(history, &sources, known);
                self.newest = loaded.as_ref().ok().cloned();
                let _ = reply.send(loaded);
                if !was_known {
                    self.keep();
                }
            }
            Order::Close(reply) => {
                self.keep();
                let _ = reply.send(Ok(()));
            }
        }
    }

    /// What a source has no more is not kept beside the history either.
    fn drop_others(&mut self, source: &SourceName, known: &Known) -> Result<u64, Failure> {
        let Known { items, since } = known;
        let kept = |id: &str| items.contains(id);
        let dropped = self.history.drop_others(source, *since, &kept)?;
        if dropped > 0 {
            self.newest = None;
            self.kept = None;
            // One that stays is taken for an old one.
            let _ = self.beside.as_ref().map(SnapshotFile::remove);
        }
        Ok(dropped)
    }

    fn recall(&mut self, sources: &[SourceName]) -> Option<Loaded> {
        self.kept = None;
        let file = self.beside.as_ref()?;
        let history = self.history.as_mut();
        let is_ours = |moment: Moment| {
            let mark = history.mark(moment.position);
            mark.is_ok_and(|mark| mark == Some(moment.mark))
        };
        let (log, moment) = file.read(sources, is_ours)?;
        self.kept = Some(moment);
        Some(Loaded {
            log: Arc::new(log),
            position: moment.position,
            mark: Some(moment.mark),
        })
    }

    /// Keeps the newest log. Where it cannot be kept the next start takes longer, and nothing else is
    /// lost.
    fn keep(&mut self) {
        let Some(newest) = &self.newest else {
            return;
        };
        let moment = newest.moment().filter(|moment| self.kept != Some(*moment));
        if let (Some(moment), Some(file)) = (moment, &self.beside)
            && file.write(&newest.log, moment).is_ok()
        {
            self.kept = Some(moment);
        }
    }
}

pub(super) fn load(
    history: &mut dyn History,
    sources: &[SourceName],
    known: Option<Loaded>,
) -> Result<Loaded, Failure> {
    let since = known
        .as_ref()
        .map_or(Position::default(), |known| known.position);
    let mut builder = LogBuilder::new();
    for source in sources {
        builder.source(source)?;
    }
    let mut full = None;
    let mut changed = Vec::new();
    let position = history.read_of(sources, since, &mut |source, item| {
        let Some(at) = sources.iter().position(|one| one == source) else {
            return;
        };
        let Ok(at) = builder.source(&sources[at]) else {
            return;
        };
        if known.is_some() {
            changed.push((at, item));
        } else if full.is_none() {
            full = builder.history(at, item).err();
        }
    })?;
    if let Some(known) = known {
        if position == known.position {
            return Ok(known);
        }
        let is_new = |source| {
            known
                .log
                .items()
                .all(|item| known.log.source_of(item) != source)
        };
        let has_new_source = changed
            .chunk_by(|(a, _), (b, _)| a == b)
            .any(|run| is_new(run[0].0));
        let has_lost = changed.iter().any(|(_, item)| item.events.is_empty());
        if position < known.position || has_new_source || has_lost {
            // Another history took its place, such as an older copy; or items of a source that had
            // none: only the history knows before which others they stand; or of an item nothing is
            // left, so that no text of it may stay either.
            return load(history, sources, None);
        }
        builder = LogBuilder::resume(&known.log, changed)?;
    }
    if let Some(too_many) = full {
        return Err(too_many.into());
    }
    for source in sources {
        let at = builder.source(source)?;
        builder.statuses(at, &history.statuses(source)?)?;
    }
    Ok(Loaded {
        log: Arc::new(builder.finish()),
        position,
        // A history that does not tell it is read whole next time.
        mark: history.mark(position).ok().flatten(),
    })
}

#[cfg(test)]
mod tests;
