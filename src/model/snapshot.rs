//! All that is known at one moment, immutable.

use std::sync::Arc;

use super::bound::BoundStream;
use super::log::Log;
use super::rule::{Field, Rule};
use super::stream::Stream;
use super::time::{Calendar, Sec, WindowSpec, Zone};

/// The log and the streams tied to it. Cheap to share, never changed: news make a new one.
#[derive(Debug)]
pub struct Snapshot {
    log: Arc<Log>,
    streams: Vec<BoundStream>,
    settings: Setting,
    version: u64,
}

/// What holds for all streams.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// Day borders and dates.
    pub zone: Zone,
    /// Working time.
    pub calendar: Calendar,
    /// Dated changes to look for an effect of.
    pub changes: Vec<DatedChange>,
    /// How forecasts are made.
    pub forecast: Forecasting,
    /// What the work is for.
    pub outcomes: Vec<Outcome>,
    /// Names of facts that the sources are set to tell, whether an item has them yet or not.
    pub facts: Vec<String>,
}

/// Something the work is to bring about: which items work for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What it is called.
    pub name: String,
    /// The streams that work for it; empty: all.
    pub streams: Vec<String>,
    /// The items that work for it.
    pub items: Rule,
}

/// How forecasts are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecasting {
    /// How many futures are drawn.
    pub trials: u32,
    /// The same seed draws the same futures.
    pub seed: u64,
    /// New items that a finished item brings with it, on average; below 1.
    pub split_rate: f64,
    /// The past to draw from; `None`: the window that is set.
    pub window: Option<WindowSpec>,
}

impl Default for Forecasting {
    fn default() -> Self {
        Self {
            trials: 10_000,
            seed: 1,
            split_rate: 0.0,
            window: None,
        }
    }
}

/// A change to the way of working, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedChange {
    /// The first day of the change.
    pub date: super::time::Day,
    /// What changed.
    pub name: String,
    /// The streams it touches; empty: all.
    pub streams: Vec<String>,
}

impl Snapshot {
    /// Ties the streams to the log. A later version is newer.
    pub fn new(log: Arc<Log>, streams: &[Arc<Stream>], settings: Setting, version: u64) -> Self {
        let bind = |stream: &Arc<Stream>| BoundStream::new(Arc::clone(stream), &log);
        Self {
            streams: streams.iter().map(bind).collect(),
            log,
            settings,
            version,
        }
    }

    /// The event log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The event log, to share.
    pub fn shared_log(&self) -> Arc<Log> {
        Arc::clone(&self.log)
    }

    /// The streams in the order of the config.
    pub fn streams(&self) -> &[BoundStream] {
        &self.streams
    }

    /// The zone of days and dates.
    pub fn zone(&self) -> &Zone {
        &self.settings.zone
    }

    /// What holds for all streams.
    pub fn settings(&self) -> &Setting {
        &self.settings
    }

    /// The names of the facts that items have or that the config speaks of.
    pub fn fact_names(&self) -> Vec<&str> {
        let log = self.log.facts().iter().map(|column| column.name.as_ref());
        let set = self.settings.facts.iter().map(String::as_str);
        let mut names: Vec<&str> = log.chain(set).collect();
        let streams = self.streams.iter().flat_map(|one| one.stream().rules());
        let outcomes = self.settings.outcomes.iter().map(|one| &one.items);
        for rule in streams.chain(outcomes) {
            rule.for_each_test(&mut |test| {
                if let Field::Fact(name) = &test.field {
                    names.push(name);
                }
            });
        }
        names
    }

    /// Counts snapshots; a greater one is newer.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The as-of instant of a file: one second after its last event.
    pub fn end_of_events(&self) -> Sec {
        self.log.last_event().map_or(Sec(0), |last| last.plus(1))
    }
}
