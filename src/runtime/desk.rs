//! What lies between the newest log and the screen: the streams as they are now, the snapshot, and
//! the work on its numbers that may run.

use std::sync::Arc;

use tokio::task::{JoinError, JoinHandle, JoinSet};

use super::finder::Finder;
use super::world::Streams;
use crate::app::{Answer, Data, Msg, Shown, tally};
use crate::metrics::{
    Compared, Header, Measures, Portfolio, Pulse, Question, Remaining, StageTimes, StageWeeks,
    Standup, measure_after,
};
use crate::model::log::Log;
use crate::model::rule::Field;
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stream::Stream;
use crate::model::time::Sec;
use crate::simulate::forecast::{OutlookAsk, Tested, outlook};

/// Streams, snapshot, measurement.
pub(super) struct Desk {
    configured: Vec<Stream>,
    usual_name: String,
    setting: Setting,
    streams: Streams,
    /// Whether the user changed a stream: nothing is inferred anew then.
    edited: bool,
    log: Option<Arc<Log>>,
    snapshot: Option<Arc<Snapshot>>,
    version: u64,
    running: Option<JoinHandle<Msg>>,
    /// The last answer.
    last: Option<Arc<Measures>>,
    waiting: Option<Question>,
    /// What single screens ask for, being worked out.
    asides: JoinSet<Msg>,
    finder: Finder,
}

impl Desk {
    /// A desk for these streams; an inferred one is called `usual_name`.
    pub(super) fn new(configured: Vec<Stream>, usual_name: String, setting: Setting) -> Self {
        Self {
            configured,
            usual_name,
            setting,
            streams: Streams::default(),
            edited: false,
            log: None,
            snapshot: None,
            version: 0,
            running: None,
            last: None,
            waiting: None,
            asides: JoinSet::new(),
            finder: Finder::default(),
        }
    }

    /// Takes a newer log; gives the sentences of what was inferred from it.
    pub(super) fn log(&mut self, log: Arc<Log>) -> &[String] {
        if !self.edited {
            self.streams = Streams::of(&self.configured, &log, &self.usual_name);
        }
        self.log = Some(log);
        self.bind();
        &self.streams.reasons
    }

    /// Takes other streams and settings; what the user changed and did not save is gone. Gives the
    /// sentences of what was inferred.
    pub(super) fn set_up(&mut self, configured: Vec<Stream>, setting: Setting) -> &[String] {
        self.configured = configured;
        self.setting = setting;
        self.edited = false;
        if let Some(log) = self.log.clone() {
            self.log(log);
        }
        &self.streams.reasons
    }

    /// Takes a stream that the user changed.
    pub(super) fn edit(&mut self, at: usize, stream: Stream) {
        if let Some(slot) = self.streams.streams.get_mut(at) {
            *slot = Arc::new(stream);
            self.edited = true;
            self.bind();
        }
    }

    /// The stream at a position as it is now.
    pub(super) fn streams(&self) -> &[Arc<Stream>] {
        &self.streams.streams
    }

    fn bind(&mut self) {
        if let Some(log) = &self.log {
            self.version += 1;
            let (log, setting) = (Arc::clone(log), self.setting.clone());
            self.snapshot = Some(self.streams.snapshot(log, setting, self.version));
        }
    }

    /// Asks a question; a newer one takes the place of one that still waits.
    pub(super) fn ask(&mut self, question: Question) {
        self.waiting = Some(question);
        self.start();
    }

    fn start(&mut self) {
        if self.running.is_some() {
            return;
        }
        let Some(snapshot) = self.snapshot.clone() else {
            return;
        };
        if let Some(question) = self.waiting.take() {
            let last = self.last.clone();
            self.running = Some(tokio::task::spawn_blocking(move || {
                super::crash::planted("measures");
                let measures = measure_after(&snapshot, &question, last.as_deref());
                let measures = measures.map(Arc::new);
                Msg::Measured {
                    question,
                    snapshot,
                    measures,
                }
            }));
        }
    }

    /// Works out what the items of a stream have left.
    pub(super) fn ask_remaining(&mut self, stream: usize, header: Header) {
        let Some(snapshot) = self.snapshot.clone() else {
            return;
        };
        self.asides.spawn_blocking(move || Msg::Remaining {
            version: snapshot.version(),
            stream,
            header,
            remaining: Arc::new(Remaining::of(&snapshot, stream, header)),
        });
    }

    /// Looks for items.
    pub(super) fn ask_items(&mut self, of: Shown, typed: String) {
        self.finder.ask(of, typed);
    }

    /// Counts the values of a field.
    pub(super) fn ask_tally(&mut self, of: Shown, question: Question, field: Field) {
        self.asides
            .spawn_blocking(move || Msg::Tally(tally(&of, &question, &field)));
    }

    /// Works out how items spend their time in each stage by week.
    pub(super) fn ask_stage_weeks(&mut self, of: Shown) {
        self.asides.spawn_blocking(move || Msg::StageWeeks {
            weeks: Arc::new(StageWeeks::of(&of.snapshot, of.stream, &of.measures)),
            of,
        });
    }

    /// Works out how long finished items were in each stage.
    pub(super) fn ask_stage_times(&mut self, of: Shown) {
        self.asides.spawn_blocking(move || Msg::StageTimes {
            times: Arc::new(StageTimes::of(&of.snapshot, of.stream, &of.measures)),
            of,
        });
    }

    /// Measures every stream beside a picture.
    pub(super) fn ask_portfolio(&mut self, of: Shown, question: Question) {
        self.asides.spawn_blocking(move || Msg::Portfolio {
            portfolio: Arc::new(Portfolio::of(&of.snapshot, &question, &of.measures)),
            of,
        });
    }

    /// Holds a picture of the past beside the answer to a question of now.
    pub(super) fn ask_comparison(&mut self, of: Shown, question: Question, known: Option<Answer>) {
        self.asides.spawn_blocking(move || {
            let known = known.map(|known| known.0);
            let found = Compared::of(&of.snapshot, &question, &of.measures, known);
            match found.map(Arc::new) {
                Some(compared) => Msg::Compared {
                    of,
                    question,
                    compared,
                },
                None => Msg::News,
            }
        });
    }

    /// Counts how much happened when.
    pub(super) fn ask_pulse(&mut self, of: Shown) {
        self.asides
            .spawn_blocking(move || Msg::Pulse(Arc::new(Pulse::of(of.snapshot.log()))));
    }

    /// Forecasts the days ahead.
    pub(super) fn ask_outlook(&mut self, of: Shown, asked: OutlookAsk, tested: Option<Tested>) {
        self.asides.spawn_blocking(move || Msg::Outlook {
            outlook: outlook(&of.snapshot, &of.measures, asked, tested).map(Arc::new),
            of,
            asked,
        });
    }

    /// Does some work whose end a message tells.
    pub(super) fn work(&mut self, work: impl FnOnce() -> Msg + Send + 'static) {
        self.asides.spawn_blocking(work);
    }

    /// Makes the agenda of a stand-up from a picture; `last` is the last walk.
    pub(super) fn ask_standup(&mut self, data: Data, last: Option<Sec>) {
        self.asides.spawn_blocking(move || {
            let stream = data.question.stream;
            let standup = Standup::of(&data.snapshot, stream, &data.measures, last);
            Msg::Standup {
                standup: Arc::new(standup),
                data: Box::new(data),
            }
        });
    }

    /// Waits for the work that runs, for ever if none does. May be dropped and called again.
    pub(super) async fn answered(&mut self) -> Msg {
        loop {
            let ended = tokio::select! {
                measured = ended(&mut self.running) => {
                    self.running = None;
                    if let Ok(Msg::Measured { measures, .. }) = &measured {
                        self.last.clone_from(measures);
                    }
                    self.start();
                    measured
                }
                aside = next(&mut self.asides) => aside,
                found = self.finder.found() => found,
            };
            if let Ok(answer) = ended {
                return answer;
            }
        }
    }
}

/// Waits for the end of any of some tasks, for ever if there is none.
async fn next(tasks: &mut JoinSet<Msg>) -> Result<Msg, JoinError> {
    match tasks.join_next().await {
        Some(answer) => answer,
        None => std::future::pending().await,
    }
}

/// Waits for the end of a task, for ever if there is none.
async fn ended(task: &mut Option<JoinHandle<Msg>>) -> Result<Msg, JoinError> {
    match task {
        Some(task) => task.await,
        None => std::future::pending().await,
    }
}
