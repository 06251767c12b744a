//! The configured sources and their history, for commands without a screen.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::health::HealthBoard;
use super::keeper::Keeper;
use super::lookout::Lookout;
use super::poll::Polling;
use super::progress::Bar;
use super::sync::tell_oddities;
use super::tenure::{Start, Turn};
use super::world::{Streams, setting};
use super::{Failure, FailureKind, Request, setup, sources};
use crate::clock::Clock;
use crate::config::Config;
use crate::connectors::{Connector, SourceSettings};
use crate::history::History;
use crate::model::health::SyncPhase;
use crate::model::id::SourceName;
use crate::model::snapshot::Snapshot;
use crate::model::time::Millis;

/// Worker threads for sources; measures never run on them.
const WORKERS: usize = 2;

/// A thread that has nothing to do waits so long for more: longer than a lease is renewed, so that
/// none is started for each renewal.
const SPARE: Duration = Duration::from_secs(30);

/// The engine under all that waits for a network.
///
/// # Errors
/// [`Failure`] if the system gives no threads.
pub(super) fn engine() -> Result<Runtime, Failure> {
    let engine = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_keep_alive(SPARE)
        .enable_all()
        .build();
    engine.map_err(|error| Failure {
        kind: FailureKind::Bug,
        what: format!("no threads can be started: {error}"),
        hint: None,
    })
}

/// Names of the configured sources, in order.
pub(super) fn names(config: &Config) -> Vec<SourceName> {
    config
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect()
}

/// What is known of the configured streams.
pub(super) struct Known {
    /// Whose streams.
    pub(super) config: Config,
    /// What is known.
    pub(super) snapshot: Arc<Snapshot>,
    /// The present.
    pub(super) now: Millis,
}

/// What the history knows of the configured streams, and the present. A history that may not be
/// written is read; a source that was never read
/// is polled first, unless the request says not to ask any.
///
/// # Errors
/// [`Failure`] if the config, the history or such a source cannot be read.
pub(super) fn snapshot(request: &Request, clock: &Arc<dyn Clock>) -> Result<Known, Failure> {
    let config = setup::config(request)?;
    let engine = engine()?;
    let loaded = engine.block_on(async {
        let mut polling = with(sources::open_history_to_read(&config)??, &config, clock);
        // One that may not write polls nothing.
        polling.leases = sources::leases(&config).ok();
        if !request.offline {
            let unread = unread(&config, &polling).await?;
            let polled = poll(&unread, Start::Cursor, &polling).await;
            tell_oddities(&polling.board.now());
            first_failure(polled)?;
        }
        let kept = polling.keeper.recall(names(&config)).await?;
        let loaded = polling.keeper.load(names(&config), kept).await?;
        polling.keeper.close().await;
        Ok::<_, Failure>(loaded)
    })?;
    let streams = Streams::of(&config.streams, &loaded.log, "stream");
    let mut setting = setting(&config, request.zone.as_ref());
    setting.changes.extend_from_slice(&request.changes);
    let now = request.now.unwrap_or_else(|| clock.now());
    let snapshot = streams.snapshot(loaded.log, setting, 1);
    Ok(Known {
        config,
        snapshot,
        now,
    })
}

/// Opens the history of a config and what polls need beside it.
pub(super) fn polling(config: &Config, clock: &Arc<dyn Clock>) -> Result<Polling, Failure> {
    let polling = with(sources::open_history(config)?, config, clock);
    let leases = sources::leases(config)?;
    let changes = leases.changes();
    Ok(Polling {
        others: changes.map(|has_changed| polling.lookout.watch(has_changed)),
        leases: Some(leases),
        ..polling
    })
}

fn with(history: Box<dyn History>, config: &Config, clock: &Arc<dyn Clock>) -> Polling {
    Polling {
        keeper: Keeper::start(history, sources::snapshot_file(config)),
        board: HealthBoard::new(names(config)),
        clock: Arc::clone(clock),
        news: Arc::new(Notify::new()),
        leases: None,
        lookout: Lookout::start(),
        others: None,
        cancel: CancellationToken::new(),
        tasks: TaskTracker::new(),
    }
}

async fn unread<'a>(
    config: &'a Config,
    polling: &Polling,
) -> Result<Vec<&'a SourceSettings>, Failure> {
    let mut unread = Vec::new();
    for source in &config.sources {
        if polling.keeper.cursor(source.name.clone()).await?.is_none() {
            unread.push(source);
        }
    }
    Ok(unread)
}

/// A source, and how its poll ended.
pub(super) type Polled = (SourceName, Result<Turn, Failure>);

/// Polls sources side by side, with a bar each; ends early when interrupted.
pub(super) async fn poll(
    settings: &[&SourceSettings],
    start: Start,
    polling: &Polling,
) -> Vec<Polled> {
    let bars = indicatif::MultiProgress::new();
    let mut tasks = tokio::task::JoinSet::new();
    for source in settings {
        let (name, polling) = (source.name.clone(), polling.clone());
        let bar = Bar::within(&bars, &format!("reading {name}"));
        match sources::connect(source, &polling.clock) {
            Ok(connector) => drop(tasks.spawn(with_bar(connector, start, polling, bar))),
            Err(fault) => drop(tasks.spawn(async move { (name, Err(fault.into())) })),
        }
    }
    let stop = polling.cancel.clone();
    let interrupt = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    let mut polled = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        polled.extend(ended.ok());
    }
    interrupt.abort();
    let place = |name: &SourceName| settings.iter().position(|one| one.name == *name);
    polled.sort_by_key(|(name, _)| place(name));
    polled
}

async fn with_bar(
    connector: Arc<dyn Connector>,
    start: Start,
    polling: Polling,
    bar: Bar,
) -> Polled {
    let name = connector.name().clone();
    let mut board = polling.board.follow();
    bar.tick();
    let work = polling.once_in_turn(connector.as_ref(), start);
    tokio::pin!(work);
    let ended = loop {
        tokio::select! {
            ended = &mut work => break ended,
            changed = board.changed() => {
                if changed.is_ok() {
                    show(&bar, &board.borrow_and_update(), &name);
                }
            }
        }
    };
    bar.finish();
    (name, ended)
}

fn show(bar: &Bar, board: &[crate::model::health::SourceHealth], name: &SourceName) {
    let own = board.iter().find(|one| one.source == *name);
    if let Some(SyncPhase::Syncing(progress)) = own.map(|one| &one.phase) {
        bar.show(*progress);
    }
}

fn first_failure(polled: Vec<Polled>) -> Result<(), Failure> {
    for (name, ended) in polled {
        ended.map_err(|failure| Failure {
            what: format!("source {name}: {}", failure.what),
            ..failure
        })?;
    }
    Ok(())
}
