//! `weir mcp`: the numbers for an assistant, kept up to date while it asks.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use super::feed::Feed;
use super::health::HealthBoard;
use super::live::{engine, polling};
use super::numbers::{Subject, measured, note, subject};
use super::promises;
use super::signals::{Signal, Signals};
use super::tenure::Part;
use super::walks::Walks;
use super::world::Binder;
use super::{Failure, Request, Words, collect, setup};
use crate::clock::Clock;
use crate::config::Config;
use crate::mcp::{Ended, Ground, Measured, Scope, serve};
use crate::metrics::AsOf;
use crate::model::health::SourceHealth;
use crate::model::log::Log;
use crate::model::promise::Promise;
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;

/// Answers an assistant on standard input and output until it goes or a signal ends it. The
/// configured sources are polled meanwhile as the dashboard does; files are read once.
///
/// # Errors
/// [`Failure`] if the config, the history or a file cannot be read, or if what talks to it is no
/// assistant.
pub fn mcp(request: &Request, paths: &[PathBuf], clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    let engine = engine()?;
    let ended = match paths.first() {
        Some(first) => engine.block_on(of_files(request, (first, paths), clock)),
        None => engine.block_on(of_sources(request, clock)),
    };
    // What still reads standard input would be waited for.
    engine.shutdown_background();
    ended
}

async fn of_files(
    request: &Request,
    (first, paths): (&Path, &[PathBuf]),
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let snapshot = subject(request, paths, clock)?.snapshot;
    let (_newest, snapshots) = watch::channel(snapshot);
    until_the_end(Known {
        request: request.clone(),
        snapshots,
        config: None,
        walks: Walks::of(first),
        board: None,
        clock: Arc::clone(clock),
    })
    .await
}

async fn of_sources(request: &Request, clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    let config = setup::config(request)?;
    let polling = polling(&config, clock)?;
    collect::first_word(&config, &polling).await?;
    let part = if request.offline {
        Part::Onlooker
    } else {
        Part::Dashboard
    };
    let mut feed = Feed::live(&polling, &config.sources, part);
    let binder = Binder::of(&config, request);
    let first = binder.bind(first_log(&mut feed).await?, 1);
    let (newest, snapshots) = watch::channel(first);
    tokio::spawn(follow(feed, binder, newest));
    let ended = until_the_end(Known {
        request: request.clone(),
        snapshots,
        walks: Walks::of(&config.origin),
        config: Some(config),
        board: Some(polling.board.clone()),
        clock: Arc::clone(clock),
    })
    .await;
    polling.end().await;
    polling.keeper.close().await;
    ended
}

/// Waits for what the history knows.
async fn first_log(feed: &mut Feed) -> Result<Arc<Log>, Failure> {
    loop {
        if let Some(log) = feed.logs.borrow_and_update().clone() {
            return Ok(log);
        }
        if let Some(failure) = feed.broken.borrow_and_update().clone() {
            return Err(failure);
        }
        let gone = tokio::select! {
            changed = feed.logs.changed() => changed.is_err(),
            changed = feed.broken.changed() => changed.is_err(),
        };
        if gone {
            return Ok(Arc::default());
        }
    }
}

/// Makes a snapshot of every newer log.
async fn follow(mut feed: Feed, binder: Binder, newest: watch::Sender<Arc<Snapshot>>) {
    let mut version = 1;
    while feed.logs.changed().await.is_ok() {
        let log = feed.logs.borrow_and_update().clone();
        let Some(log) = log else { continue };
        version += 1;
        let binder = binder.clone();
        let bound = tokio::task::spawn_blocking(move || binder.bind(log, version));
        if let Ok(snapshot) = bound.await {
            newest.send_replace(snapshot);
        }
    }
}

async fn until_the_end(known: Known) -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        note(
            "an assistant is waited for on standard input; docs/mcp.md says how to tell it; ctrl-c ends",
        );
    }
    let mut signals = Signals::new()?;
    let ended = async { while signals.next().await != Signal::End {} };
    tokio::select! {
        () = ended => Ok(()),
        ended = serve(Arc::new(known)) => match ended {
            Ended::Closed => Ok(()),
            Ended::NotUnderstood(what) => Err(Failure::usage(
                format!("what was said on standard input is not the Model Context Protocol: {what}"),
                "an assistant starts `weir mcp` and talks to it; people ask `weir report`",
            )),
        },
    }
}

/// What is known while the server runs.
struct Known {
    /// What the command line says; it holds where a call says nothing.
    request: Request,
    snapshots: watch::Receiver<Arc<Snapshot>>,
    /// The config whose sources are polled; `None`: files.
    config: Option<Config>,
    walks: Walks,
    board: Option<HealthBoard>,
    clock: Arc<dyn Clock>,
}

impl Known {
    fn usual(&self) -> AsOf {
        match self.config {
            Some(_) => AsOf::At(self.clock.now().floor_clamped()),
            None => AsOf::EndOfEvents,
        }
    }
}

impl Ground for Known {
    fn measure(&self, scope: &Scope) -> Result<Measured, String> {
        let request = narrowed(&self.request, scope).map_err(|failure| told(&failure))?;
        let subject = Subject {
            snapshot: self.snapshots.borrow().clone(),
            usual: self.usual(),
            sources: None,
        };
        let streams = measured(&request, &subject).map_err(|failure| told(&failure))?;
        Ok(Measured {
            snapshot: subject.snapshot,
            streams,
        })
    }

    fn promises(&self, scope: &Scope, measured: &Measured) -> Option<Vec<Vec<Promise>>> {
        let request = narrowed(&self.request, scope).ok()?;
        let config = self.config.as_ref()?;
        promises::known(&request, config, &measured.snapshot, &measured.streams)
    }

    fn last_walk(&self, stream: &str) -> Option<Sec> {
        self.walks.last(stream)
    }

    fn sources(&self) -> Vec<SourceHealth> {
        self.board.as_ref().map_or_else(Vec::new, HealthBoard::now)
    }
}

/// What the command line asks for, with what a call asks otherwise. A filter and a stream of the
/// command line hold for every call.
fn narrowed(base: &Request, scope: &Scope) -> Result<Request, Failure> {
    if let (Some(own), Some(asked)) = (&base.stream, &scope.stream)
        && own != asked
    {
        return Err(Failure::usage(
            format!("--stream: \"{asked}\" is not served here"),
            format!("this server was started for \"{own}\" alone"),
        ));
    }
    let asked = words(scope).read()?;
    let (filter, filter_text) = both(base, asked.filter, asked.filter_text);
    Ok(Request {
        stream: asked.stream.or_else(|| base.stream.clone()),
        filter,
        filter_text,
        as_of: asked.as_of.or(base.as_of),
        window: asked.window.or(base.window),
        clock: asked.clock.or(base.clock),
        time: match scope.time {
            Some(_) => asked.time,
            None => base.time,
        },
        ..base.clone()
    })
}

/// The filter of the command line and that of a call.
fn both(base: &Request, filter: Rule, text: String) -> (Rule, String) {
    if text.is_empty() {
        (base.filter.clone(), base.filter_text.clone())
    } else if base.filter_text.is_empty() {
        (filter, text)
    } else {
        let both = Rule::All(vec![base.filter.clone(), filter]);
        (both, format!("({}) ({text})", base.filter_text))
    }
}

fn words(scope: &Scope) -> Words {
    Words {
        stream: scope.stream.clone(),
        filter: scope.filter.clone(),
        as_of: scope.as_of.clone(),
        window: scope.window.clone(),
        clock: scope.clock.clone(),
        time: scope.time.clone(),
        ..Words::default()
    }
}

/// A failure in the words of a call: its arguments are no flags.
fn told(failure: &Failure) -> String {
    let told = failure.told();
    let told = told.replace("--as-of", "as_of");
    ["stream", "filter", "window", "clock", "time"]
        .iter()
        .fold(told, |told, name| told.replace(&format!("--{name}"), name))
}
