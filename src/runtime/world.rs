//! From a log and a config to a snapshot: streams as configured, or inferred where they are not.

use std::sync::Arc;

use super::Request;
use crate::config::Config;
use crate::connectors::{SourceKind, SourceSettings};
use crate::model::id::SourceName;
use crate::model::infer::{Reason, Told, amend, infer_told};
use crate::model::log::Log;
use crate::model::snapshot::{DatedChange, Outcome, Setting, Snapshot};
use crate::model::stream::Stream;
use crate::model::time::Zone;

/// The streams of a snapshot, and why those that were inferred are what they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Streams {
    /// In the order of the config.
    pub(super) streams: Vec<Arc<Stream>>,
    /// A sentence a status of the inferred streams.
    pub(super) reasons: Vec<String>,
}

impl Streams {
    /// The configured streams; the stages of those that have none are inferred from `log`, and
    /// without any stream one of the name `usual` is.
    pub(super) fn of(configured: &[Stream], log: &Log, usual: &str) -> Self {
        Self::told(configured, log, (usual, &Told::default()))
    }

    /// The same where files say something of their statuses.
    pub(super) fn told(configured: &[Stream], log: &Log, (usual, told): (&str, &Told)) -> Self {
        let mut all = Self::default();
        for stream in configured {
            if stream.stages.is_empty() {
                all.inferred(stream, log, told);
            } else {
                all.streams.push(Arc::new(stream.clone()));
            }
        }
        if configured.is_empty() {
            all.inferred(&Stream::bare(usual), log, told);
        }
        all
    }

    /// A stream with what it lacks of a log that is of these sources.
    pub(super) fn amended(
        known: &Stream,
        log: &Log,
        (sources, told): (Vec<SourceName>, &Told),
    ) -> Self {
        let mut inference = infer_told(log, &known.name, told);
        inference.stream.sources = sources;
        let (stream, reasons) = amend(known, &inference);
        Self {
            streams: vec![Arc::new(stream)],
            reasons: reasons.iter().map(sentence).collect(),
        }
    }

    /// What the log says goes into what the config leaves open.
    fn inferred(&mut self, stream: &Stream, log: &Log, told: &Told) {
        let inference = infer_told(log, &stream.name, told);
        let found = inference.stream;
        let mut whole = stream.clone();
        whole.stages = found.stages;
        if whole.cancelled.is_empty() {
            whole.cancelled = found.cancelled;
        }
        whole.blocked.extend(found.blocked);
        self.streams.push(Arc::new(whole));
        self.reasons.extend(inference.reasons.iter().map(sentence));
    }

    /// Ties the streams to a log.
    pub(super) fn snapshot(&self, log: Arc<Log>, setting: Setting, version: u64) -> Arc<Snapshot> {
        Arc::new(Snapshot::new(log, &self.streams, setting, version))
    }
}

fn sentence(reason: &Reason) -> String {
    format!("{} is {}: {}", reason.status, reason.place, reason.why)
}

fn outcome(outcome: &crate::config::Outcome) -> Outcome {
    Outcome {
        name: outcome.name.clone(),
        streams: outcome.streams.clone(),
        items: outcome.items.clone(),
    }
}

/// The facts that a source is set to tell.
fn facts(source: &SourceSettings) -> impl Iterator<Item = &String> {
    let fields = match &source.kind {
        SourceKind::Tracker(_, tracker) => Some(&tracker.fields),
        SourceKind::File(file) => Some(&file.fields),
        SourceKind::Demo(_) => None,
    };
    fields.into_iter().flat_map(|fields| fields.values())
}

/// What holds for all streams of a config; `zone` overrides the configured one.
pub(super) fn setting(config: &Config, zone: Option<&Zone>) -> Setting {
    let change = |change: &crate::config::Change| DatedChange {
        date: change.day,
        name: change.name.clone(),
        streams: change.streams.clone(),
    };
    Setting {
        zone: zone.unwrap_or(&config.display.time_zone).clone(),
        calendar: config.calendar.clone(),
        changes: config.changes.iter().map(change).collect(),
        forecast: config.forecast.clone(),
        outcomes: config.outcomes.iter().map(outcome).collect(),
        facts: config.sources.iter().flat_map(facts).cloned().collect(),
    }
}

/// Ties the streams of a config to logs, one after the other.
#[derive(Clone)]
pub(super) struct Binder {
    streams: Vec<Stream>,
    setting: Setting,
}

impl Binder {
    /// The streams and settings of a config, with what the command line says otherwise.
    pub(super) fn of(config: &Config, request: &Request) -> Self {
        let mut setting = setting(config, request.zone.as_ref());
        setting.changes.extend_from_slice(&request.changes);
        Self {
            streams: config.streams.clone(),
            setting,
        }
    }

    /// A snapshot of a log; a newer one has a higher version.
    pub(super) fn bind(&self, log: Arc<Log>, version: u64) -> Arc<Snapshot> {
        let streams = Streams::of(&self.streams, &log, "stream");
        streams.snapshot(log, self.setting.clone(), version)
    }
}
