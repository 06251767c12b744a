//! Telling somebody, unasked, that a policy broke or a signal appeared: once, and again when it was
//! mended and comes anew. What was told is kept in the user's state folder.

mod told;

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;

use super::check::verdicts;
use super::health::HealthBoard;
use super::numbers::{Subject, measured, note};
use super::world::Binder;
use super::{Failure, Request, Words};
use crate::clock::Clock;
use crate::config::{self, About, Config, Sequence};
use crate::connectors::Webhook;
use crate::metrics::AsOf;
use crate::model::health::SyncPhase;
use crate::model::log::Log;
use crate::model::snapshot::Snapshot;
use crate::model::time::Zone;
use crate::report::{Alarm, Verdict, Watched, policy_alarms, signal_alarm};
use crate::tui::notice::{osc9, osc777};
use told::Told;

/// What depends on the time alone is looked at so often.
const EVERY: Duration = Duration::from_secs(60);
/// News that come one after the other are looked at so often.
const LEAST: Duration = Duration::from_secs(5);

/// What a dashboard is asked to tell, by work that ends with this.
pub(super) struct Asked {
    words: mpsc::Receiver<Word>,
    _work: AbortOnDropHandle<Result<(), Failure>>,
}

impl Asked {
    /// Begins to look at what is new on behalf of a dashboard; `None` if nobody is to be told.
    pub(super) fn begin(watch: Watch, clock: &Arc<dyn Clock>) -> Option<Self> {
        if !watch.config.notices.are_wanted() {
            return None;
        }
        let (asks, words) = mpsc::channel(16);
        let notices = Notices::by(&watch.config, clock, Terminal::Dashboard(asks));
        let work = tokio::spawn(watch.tell(notices));
        Some(Self {
            words,
            _work: AbortOnDropHandle::new(work),
        })
    }

    /// The next thing to tell; never where there is nobody to be told.
    pub(super) async fn next(asked: &mut Option<Self>) -> Word {
        let next = match asked {
            Some(asked) => asked.words.recv().await,
            None => None,
        };
        match next {
            Some(word) => word,
            None => std::future::pending().await,
        }
    }
}

/// What the dashboard is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Send this to the terminal.
    Sequence(String),
    /// Say that somebody could not be told.
    Failed(String),
}

/// Who is told.
pub(super) struct Notices {
    settings: config::Notices,
    zone: Zone,
    clock: Arc<dyn Clock>,
    terminal: Terminal,
    told: Told,
}

/// What is at hand to show a notice.
enum Terminal {
    /// The one that standard error goes to, if it goes to one.
    Stderr,
    /// The dashboard has it.
    Dashboard(mpsc::Sender<Word>),
}

impl Notices {
    /// Those of a command without a screen.
    pub(super) fn by_command(config: &Config, clock: &Arc<dyn Clock>) -> Self {
        Self::by(config, clock, Terminal::Stderr)
    }

    fn by(config: &Config, clock: &Arc<dyn Clock>, terminal: Terminal) -> Self {
        Self {
            settings: config.notices.clone(),
            zone: config.display.time_zone.clone(),
            clock: Arc::clone(clock),
            terminal,
            told: Told::of(&config.origin),
        }
    }

    /// Tells of what was not told yet, unless it is to be quiet now. Who cannot be told is told
    /// next time.
    pub(super) async fn tell(&self, found: Vec<Watched>) {
        let now = self.clock.now().floor_clamped();
        let time = self.zone.hour_minute(now);
        let quiet = self.settings.quiet.as_ref();
        let is_quiet = quiet.is_some_and(|quiet| quiet.holds(&time));
        if let Some(sequence) = self.settings.terminal {
            let shown = |alarm: Alarm| async move { self.show(sequence, &alarm).await };
            self.by_way("terminal", (&found, is_quiet), shown).await;
        }
        if let Some(address) = &self.settings.webhook {
            let webhook = &Webhook::new(address.clone());
            let posted = |alarm: Alarm| async move {
                let ended = webhook.tell(&alarm.json()).await;
                ended.map_err(|fault| Some(format!("notice: {fault}; {}", fault.hint())))
            };
            self.by_way("webhook", (&found, is_quiet), posted).await;
        }
    }

    /// Tells by one way; each keeps for itself what it has told. What `tell` could not tell it says
    /// why, or nothing where nobody is there to be told.
    async fn by_way<F>(
        &self,
        way: &str,
        (found, is_quiet): (&[Watched], bool),
        tell: impl Fn(Alarm) -> F,
    ) where
        F: Future<Output = Result<(), Option<String>>>,
    {
        let (mut known, fresh) = told::after(&self.told.by(way), found);
        for alarm in fresh.into_iter().filter(|_| !is_quiet) {
            let key = alarm.key.clone();
            match tell(alarm).await {
                Ok(()) => drop(known.insert(key)),
                Err(Some(why)) => self.fail(why).await,
                Err(None) => {}
            }
        }
        if let Err(failure) = self.told.keep(way, &known) {
            self.fail(failure.told()).await;
        }
    }

    async fn show(&self, sequence: Sequence, alarm: &Alarm) -> Result<(), Option<String>> {
        let written = match sequence {
            Sequence::Osc9 => osc9(&alarm.title(), &alarm.says),
            Sequence::Osc777 => osc777(&alarm.title(), &alarm.says),
        };
        match &self.terminal {
            Terminal::Dashboard(asks) => {
                let asked = asks.send(Word::Sequence(written)).await;
                asked.map_err(|_| None)
            }
            Terminal::Stderr => {
                let mut stderr = std::io::stderr();
                // Nobody sees it where there is no terminal: whoever has one is told later.
                if !stderr.is_terminal() {
                    return Err(None);
                }
                let shown = write!(stderr, "{written}").and_then(|()| stderr.flush());
                shown.map_err(|error| Some(error.to_string()))
            }
        }
    }

    async fn fail(&self, why: String) {
        match &self.terminal {
            Terminal::Stderr => note(&why),
            // A dashboard that has ended shows nothing any more.
            Terminal::Dashboard(asks) => drop(asks.send(Word::Failed(why)).await),
        }
    }
}

/// What there is to tell of policies that were held against a snapshot, and of its signals.
///
/// # Errors
/// [`Failure`] if the request asks for what there is not.
pub(super) fn found(
    request: &Request,
    subject: &Subject,
    (config, verdicts): (&Config, &[Verdict<'_>]),
) -> Result<Vec<Watched>, Failure> {
    let mut all = Vec::new();
    if config.notices.tell_of(About::Policies) {
        all = policy_alarms(verdicts);
    }
    if config.notices.tell_of(About::Signals) {
        let measured = measured(request, subject)?;
        all.extend(measured.iter().filter_map(|(_, one)| signal_alarm(one)));
    }
    Ok(all)
}

/// What is looked at while weir runs.
pub(super) struct Watch {
    /// The newest log.
    pub(super) logs: watch::Receiver<Option<Arc<Log>>>,
    /// How the sources are.
    pub(super) board: HealthBoard,
    /// Streams and policies.
    pub(super) config: Config,
}

impl Watch {
    /// Looks at what is new and at the time that passes, and tells, for ever. Before every source
    /// was read once nothing is told: half of the data breaks what the whole keeps.
    ///
    /// # Errors
    /// [`Failure`] if the question cannot be put, which is a defect.
    pub(super) async fn tell(mut self, notices: Notices) -> Result<(), Failure> {
        let request = Words::default().read()?;
        let (mut said, mut bound) = (None, None);
        loop {
            let log = self.logs.borrow_and_update().clone();
            let log = log.filter(|_| self.is_settled());
            let wait = if log.is_some() { EVERY } else { LEAST };
            if let Some(log) = log {
                match self.look(&request, (log, &mut bound), &notices).await {
                    Ok(found) => notices.tell(found).await,
                    Err(failure) if said.as_ref() == Some(&failure) => {}
                    Err(failure) => {
                        notices.fail(failure.told()).await;
                        said = Some(failure);
                    }
                }
                tokio::time::sleep(LEAST).await;
            }
            let news = tokio::time::timeout(wait, self.logs.changed()).await;
            if news.is_ok_and(|news| news.is_err()) {
                // Another feed has taken the place of this one.
                return Ok(());
            }
        }
    }

    fn is_settled(&self) -> bool {
        self.board.now().iter().all(|one| {
            let by_others = matches!(one.phase, SyncPhase::Followed { .. });
            one.last_success.is_some() || one.trouble.is_some() || by_others
        })
    }

    /// What there is to tell of a log. Its snapshot is kept: time passes without news.
    async fn look(
        &self,
        request: &Request,
        (log, bound): (Arc<Log>, &mut Option<Arc<Snapshot>>),
        notices: &Notices,
    ) -> Result<Vec<Watched>, Failure> {
        let (config, request) = (self.config.clone(), request.clone());
        let now = notices.clock.now().floor_clamped();
        let known = bound
            .take()
            .filter(|known| std::ptr::eq(known.log(), &raw const *log));
        let work = tokio::task::spawn_blocking(move || {
            let subject = Subject {
                snapshot: known.unwrap_or_else(|| Binder::of(&config, &request).bind(log, 1)),
                usual: AsOf::At(now),
                sources: None,
            };
            let verdicts = verdicts(&request, &subject, &config.policies)?;
            let found = found(&request, &subject, (&config, &verdicts))?;
            Ok::<_, Failure>((found, subject.snapshot))
        });
        match work.await {
            Ok(looked) => {
                let (found, snapshot) = looked?;
                *bound = Some(snapshot);
                Ok(found)
            }
            Err(_) => Ok(Vec::new()),
        }
    }
}
