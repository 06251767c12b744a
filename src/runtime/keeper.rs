//! The one thread that holds the history: everyone else asks it.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::{Failure, FailureKind};
use crate::history::{Appended, History, Owner, Position};
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
    Load(Vec<SourceName>, Option<Loaded>, Reply<Loaded>),
}

impl Keeper {
    /// Starts the thread.
    pub(super) fn start(mut history: Box<dyn History>) -> Self {
        let (orders, mut waiting) = mpsc::channel(WAITING);
        thread::spawn(move || {
            while let Some(order) = waiting.blocking_recv() {
                carry_out(history.as_mut(), order);
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
}

fn gone() -> Failure {
    Failure {
        kind: FailureKind::Bug,
        what: "the history's thread ended".to_owned(),
        hint: None,
    }
}

/// An asker that has gone away needs no answer.
fn carry_out(history: &mut dyn History, order: Order) {
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
        Order::DropOthers(source, Known { items, since }, reply) => {
            let dropped = history.drop_others(&source, since, &|id| items.contains(id));
            let _ = reply.send(dropped.map_err(Failure::from));
        }
        Order::Load(sources, known, reply) => {
            let _ = reply.send(load(history, &sources, known));
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
        if position < known.position {
            // Another history took its place, such as an older copy.
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
    })
}
