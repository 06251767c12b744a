//! What lies between the newest log and the screen: the streams as they are now, the snapshot, and
//! the one measurement that may run.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::world::Streams;
use crate::metrics::{Measures, Question, measure_after};
use crate::model::log::Log;
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stream::Stream;

/// A question with its answer.
pub(super) type Answered = (Question, Arc<Snapshot>, Option<Arc<Measures>>);

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
    running: Option<JoinHandle<Answered>>,
    /// The last answer.
    last: Option<Arc<Measures>>,
    waiting: Option<Question>,
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
                (question, snapshot, measures)
            }));
        }
    }

    /// Waits for the measurement that runs, for ever if none does. May be dropped and called again.
    pub(super) async fn answered(&mut self) -> Answered {
        loop {
            let Some(running) = &mut self.running else {
                return std::future::pending().await;
            };
            let ended = running.await;
            self.running = None;
            if let Ok((_, _, measures)) = &ended {
                self.last.clone_from(measures);
            }
            self.start();
            if let Ok(answered) = ended {
                return answered;
            }
        }
    }
}
