//! Where the dashboard's log comes from: sources that are polled, or files that were read.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::keeper::Loaded;
use super::lookout::Changes;
use super::notices::{Asked, Watch};
use super::opening::Opening;
use super::poll::{Pace, Polling};
use super::tenure::Part;
use super::{Failure, sources};
use crate::clock::Clock;
use crate::config::Config;
use crate::connectors::{SourceKind, SourceSettings};
use crate::model::health::Trouble;
use crate::model::id::SourceName;
use crate::model::log::Log;

/// News that come together are read together.
const GATHER: Duration = Duration::from_millis(150);

/// The newest log, the state of the sources, and a way to ask for a poll.
pub(super) struct Feed {
    /// The newest log; nothing before the history has been read.
    pub(super) logs: watch::Receiver<Option<Arc<Log>>>,
    /// Why the history could not be read or written, if it could not.
    pub(super) broken: watch::Receiver<Option<Failure>>,
    /// Tells every source to be polled now.
    pub(super) refresh: Arc<Notify>,
    /// What the dashboard is asked to tell; `None` where nobody is to be told anything.
    pub(super) notices: Option<Asked>,
    /// Files that are being read.
    pub(super) opening: Option<Opening>,
}

impl Feed {
    /// Reads the history, then polls the sources for ever and follows what is new. Needs the
    /// engine's context.
    pub(super) fn live(polling: &Polling, settings: &[SourceSettings], part: Part) -> Self {
        let (feed, senders) = Self::silent();
        begin(polling, settings, (&feed.refresh, part), senders);
        feed
    }

    /// The same, as soon as what was polled before has ended and let go of its leases.
    pub(super) fn after(
        before: Polling,
        polling: &Polling,
        settings: &[SourceSettings],
        part: Part,
    ) -> Self {
        let (feed, senders) = Self::silent();
        let (polling, settings) = (polling.clone(), settings.to_vec());
        let refresh = Arc::clone(&feed.refresh);
        tokio::spawn(async move {
            before.end().await;
            begin(&polling, &settings, (&refresh, part), senders);
        });
        feed
    }

    /// A feed that tells nothing yet, and what it is told through.
    fn silent() -> (Self, Senders) {
        let (log_sender, logs) = watch::channel(None);
        let (broken_sender, broken) = watch::channel(None);
        let feed = Self {
            logs,
            broken,
            refresh: Arc::new(Notify::new()),
            notices: None,
            opening: None,
        };
        (feed, (log_sender, broken_sender))
    }

    /// Follows what others poll into the history: no source is polled for it.
    pub(super) fn of_history(polling: &Polling, names: Vec<SourceName>) -> Self {
        let (feed, (logs, broken)) = Self::silent();
        tokio::spawn(follow(polling.clone(), names, logs, broken));
        feed
    }

    /// Tells whom the config names of what breaks or appears, from now on, and nobody else.
    pub(super) fn tell_by(&mut self, config: &Config, polling: &Polling) {
        self.notices = Asked::begin(self.watched(config, polling), &polling.clock);
    }

    /// What is looked at for those who are told unasked.
    pub(super) fn watched(&self, config: &Config, polling: &Polling) -> Watch {
        Watch {
            logs: self.logs.clone(),
            board: polling.board.clone(),
            config: config.clone(),
        }
    }

    /// Files that are being read; what they say stays as it is.
    pub(super) fn opening(opening: Opening) -> Self {
        Self {
            opening: Some(opening),
            ..Self::silent().0
        }
    }

    /// The log of files that were read.
    pub(super) fn read(&mut self, log: Arc<Log>) {
        let (_, logs) = watch::channel(Some(log));
        self.logs = logs;
    }
}

/// What a feed is told through.
type Senders = (
    watch::Sender<Option<Arc<Log>>>,
    watch::Sender<Option<Failure>>,
);

fn begin(
    polling: &Polling,
    settings: &[SourceSettings],
    (refresh, part): (&Arc<Notify>, Part),
    (logs, broken): Senders,
) {
    let names = settings.iter().map(|source| source.name.clone()).collect();
    tokio::spawn(follow(polling.clone(), names, logs, broken));
    for source in settings {
        match part {
            Part::Onlooker => look_on(polling, source),
            part => poll_for_ever(polling, source, (refresh, part)),
        }
    }
}

fn look_on(polling: &Polling, settings: &SourceSettings) {
    let (polling, source) = (polling.clone(), settings.name.clone());
    polling.tasks.clone().spawn(async move {
        if let Some(leases) = polling.leases.as_deref() {
            polling.look_on(leases, &source).await;
        }
    });
}

/// Polls a source for ever as far as its lease allows it. A source that cannot be asked at all is
/// shown.
pub(super) fn poll_for_ever(
    polling: &Polling,
    settings: &SourceSettings,
    (refresh, part): (&Arc<Notify>, Part),
) {
    let clock: &Arc<dyn Clock> = &polling.clock;
    match sources::connect(settings, clock) {
        Ok(connector) => {
            let (polling, refresh, settings) =
                (polling.clone(), Arc::clone(refresh), settings.clone());
            polling.tasks.clone().spawn(async move {
                let file = match &settings.kind {
                    SourceKind::File(file) => Some(file.path.as_path()),
                    _ => None,
                };
                let pace = Pace {
                    every: settings.poll_secs,
                    refresh: &refresh,
                    file,
                };
                polling.in_turn(connector.as_ref(), pace, part).await;
            });
        }
        Err(fault) => polling.board.failed(
            &settings.name,
            Trouble {
                since: clock.now(),
                what: fault.to_string(),
                hint: fault.hint(),
                next_try: None,
            },
        ),
    }
}

/// Waits until others may have changed the history; for ever where there are none.
async fn news_of_others(polling: &Polling, others: &mut Option<Changes>) {
    let told = async {
        match polling.leases.as_deref() {
            Some(leases) => leases.news().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = told => {}
        () = Changes::next_of(others) => {}
    }
}

/// Reads what changed since an earlier run kept the log, then what is new after every word of news. A
/// history that fails is told and asked again at the next; what was read before stays.
async fn follow(
    polling: Polling,
    names: Vec<SourceName>,
    logs: watch::Sender<Option<Arc<Log>>>,
    broken: watch::Sender<Option<Failure>>,
) {
    let mut known: Option<Loaded> = polling.keeper.recall(names.clone()).await.ok().flatten();
    let mut others = polling.others.clone();
    let mut told = None;
    loop {
        match polling.keeper.load(names.clone(), known.clone()).await {
            Ok(loaded) => {
                if told.replace(loaded.position) != Some(loaded.position) {
                    logs.send_replace(Some(Arc::clone(&loaded.log)));
                }
                broken.send_if_modified(|broken| broken.take().is_some());
                known = Some(loaded);
            }
            Err(failure) => drop(broken.send_replace(Some(failure))),
        }
        tokio::select! {
            () = polling.news.notified() => {}
            () = news_of_others(&polling, &mut others) => {}
            () = polling.cancel.cancelled() => return,
        }
        tokio::time::sleep(GATHER).await;
    }
}
