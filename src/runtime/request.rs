//! What a command was asked for, read from its words.

use std::path::PathBuf;

use super::Failure;
use crate::metrics::{AsOf, Question};
use crate::model::rule::Rule;
use crate::model::snapshot::{DatedChange, Snapshot};
use crate::model::stage::ClockRule;
use crate::model::time::{Day, Millis, Sec, TimeRule, WindowSpec, Zone};
use crate::query::unknown_name;

/// The options that every command has, as given.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--stream`
    pub stream: Option<String>,
    /// `--filter`
    pub filter: Option<String>,
    /// `--as-of`
    pub as_of: Option<String>,
    /// `--window`
    pub window: Option<String>,
    /// `--clock`
    pub clock: Option<String>,
    /// `--time`
    pub time: Option<String>,
    /// `--time-zone`
    pub time_zone: Option<String>,
    /// `--now`
    pub now: Option<String>,
    /// `--offline`
    pub offline: bool,
    /// `--change`, each as given.
    pub changes: Vec<String>,
}

/// The same, understood.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where the config is said to be.
    pub config: Option<PathBuf>,
    /// The stream asked for.
    pub stream: Option<String>,
    /// Which items.
    pub filter: Rule,
    /// The filter as it was written.
    pub filter_text: String,
    /// Seen from when, if not the usual instant.
    pub as_of: Option<AsOfWord>,
    /// Over which time.
    pub window: Option<WindowSpec>,
    /// By which clock.
    pub clock: Option<ClockRule>,
    /// In which time.
    pub time: TimeRule,
    /// In which zone.
    pub zone: Option<Zone>,
    /// The present, if it is not the wall clock's.
    pub now: Option<Millis>,
    /// Whether to ask no source.
    pub offline: bool,
    /// Dated changes beside those of the config; they touch the stream asked for, or all.
    pub changes: Vec<DatedChange>,
}

/// How an as-of was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOfWord {
    /// An instant.
    At(Sec),
    /// A day: its end, in the zone of days and dates.
    EndOf(Day),
}

impl AsOfWord {
    /// The instant, with days in `zone`.
    pub fn instant(self, zone: &Zone) -> Sec {
        match self {
            Self::At(at) => at,
            Self::EndOf(day) => zone.start_of(day.plus(1)),
        }
    }
}

impl Words {
    /// Reads the words.
    ///
    /// # Errors
    /// [`Failure`] names the first that cannot be understood.
    pub fn read(self) -> Result<Request, Failure> {
        let filter_text = self.filter.unwrap_or_default();
        let touched: Vec<String> = self.stream.iter().cloned().collect();
        Ok(Request {
            config: self.config,
            stream: self.stream,
            filter: read_filter(&filter_text)?,
            filter_text,
            as_of: self.as_of.as_deref().map(read_as_of).transpose()?,
            window: self.window.as_deref().map(read_window).transpose()?,
            clock: self.clock.as_deref().map(read_clock).transpose()?,
            time: self
                .time
                .as_deref()
                .map_or(Ok(TimeRule::default()), read_time)?,
            zone: self.time_zone.as_deref().map(read_zone).transpose()?,
            now: self.now.as_deref().map(read_now).transpose()?,
            offline: self.offline,
            changes: self
                .changes
                .iter()
                .map(|text| read_change(text, &touched))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn read_filter(text: &str) -> Result<Rule, Failure> {
    crate::query::parse(text).map_err(|error| {
        Failure::usage(
            format!("--filter cannot be read:\n{}", error.marked(text)),
            "for example 'stage:review age>10d -team:infra'",
        )
    })
}

fn read_as_of(text: &str) -> Result<AsOfWord, Failure> {
    let instant = Millis::parse(text)
        .and_then(Millis::floor)
        .map(AsOfWord::At);
    instant
        .or_else(|| Day::parse(text).map(AsOfWord::EndOf))
        .ok_or_else(|| {
            Failure::usage(
                format!("--as-of: \"{text}\" is no instant"),
                "use 2026-03-03 for the end of that day, or 2026-03-03T09:00:00Z",
            )
        })
}

/// `2026-06-01`, or `2026-06-01=name`.
fn read_change(text: &str, touched: &[String]) -> Result<DatedChange, Failure> {
    let (date, name) = text.split_once('=').unwrap_or((text, ""));
    let date = Day::parse(date).ok_or_else(|| {
        Failure::usage(
            format!("--change: \"{date}\" is no date"),
            "use 2026-06-01, or 2026-06-01=\"new way of working\"",
        )
    })?;
    let name = name.trim();
    Ok(DatedChange {
        date,
        name: if name.is_empty() { "change" } else { name }.to_owned(),
        streams: touched.to_vec(),
    })
}

fn read_window(text: &str) -> Result<WindowSpec, Failure> {
    WindowSpec::parse(text)
        .map_err(|what| Failure::usage(format!("--window: {what}"), "90d is the usual one"))
}

fn read_clock(text: &str) -> Result<ClockRule, Failure> {
    text.parse::<ClockRule>().map_err(|error| {
        Failure::usage(
            format!("--clock: {error}"),
            "last-crossing is the usual one",
        )
    })
}

fn read_time(text: &str) -> Result<TimeRule, Failure> {
    text.parse::<TimeRule>().map_err(|error| {
        Failure::usage(
            format!("--time: {error}"),
            "elapsed is the usual one; working follows [calendar]",
        )
    })
}

fn read_zone(text: &str) -> Result<Zone, Failure> {
    Zone::named(text).map_err(|error| {
        Failure::usage(format!("--time-zone: {error}"), "for example Europe/Berlin")
    })
}

fn read_now(text: &str) -> Result<Millis, Failure> {
    Millis::parse(text).ok_or_else(|| {
        Failure::usage(
            format!("--now: \"{text}\" is no instant"),
            "use 2026-03-03T09:00:00Z",
        )
    })
}

impl Request {
    /// The question about one stream of a snapshot; `usual` is the as-of where none was asked for.
    pub fn question(&self, snapshot: &Snapshot, stream: usize, usual: AsOf) -> Question {
        let as_of = match self.as_of {
            Some(word) => AsOf::At(word.instant(snapshot.zone())),
            None => usual,
        };
        let plain = Question::about(snapshot, stream, as_of);
        Question {
            window: self.window.unwrap_or(plain.window),
            clock: self.clock.unwrap_or(plain.clock),
            time: self.time,
            filter: self.filter.clone(),
            ..plain
        }
    }

    /// Whether the window asked for has begun, seen from the as-of; `usual` is that where none was
    /// asked for.
    ///
    /// # Errors
    /// [`Failure`] names both if it has not: nothing can have happened in it.
    pub fn check_window(&self, snapshot: &Snapshot, usual: AsOf) -> Result<(), Failure> {
        let question = self.question(snapshot, 0, usual);
        let (as_of, window) = question.resolve(snapshot);
        let Some(dates @ WindowSpec::Dates(..)) = self.window else {
            return Ok(());
        };
        if window.from < as_of {
            return Ok(());
        }
        let seen = as_of.rfc3339();
        Err(Failure::usage(
            format!("--window: {dates} has not begun yet, seen from {seen}"),
            "use an earlier --window or a later --as-of",
        ))
    }

    /// Whether the filter asks only about what there is. Of a log without items nothing is known.
    ///
    /// # Errors
    /// [`Failure`] names what is not there.
    pub fn check_filter(&self, snapshot: &Snapshot) -> Result<(), Failure> {
        match unknown_name(&self.filter, &self.filter_text, snapshot) {
            None => Ok(()),
            Some(error) => Err(Failure::usage(
                format!(
                    "--filter finds nothing:\n{}",
                    error.marked(&self.filter_text)
                ),
                "a word alone looks into keys and titles",
            )),
        }
    }

    /// Positions of the streams asked for: all, or the one named.
    ///
    /// # Errors
    /// [`Failure`] lists the streams there are if the one named is not among them.
    pub fn streams(&self, snapshot: &Snapshot) -> Result<Vec<usize>, Failure> {
        let names: Vec<&str> = snapshot
            .streams()
            .iter()
            .map(|one| one.stream().name.as_str())
            .collect();
        let Some(wanted) = &self.stream else {
            return Ok((0..names.len()).collect());
        };
        match names.iter().position(|name| name == wanted) {
            Some(at) => Ok(vec![at]),
            None => Err(Failure::usage(
                format!("--stream: there is no stream \"{wanted}\""),
                format!("there are: {}", names.join(", ")),
            )),
        }
    }
}
