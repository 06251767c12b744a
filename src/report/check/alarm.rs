//! What somebody is told of without asking: policies that are broken, weeks unlike those before.

use serde_json::{Value, json};

use super::{Finding, Verdict};
use crate::metrics::{Measures, Signals};
use crate::model::policy::Severity;

/// Something to be told, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Two alarms of one key are about the same.
    pub key: String,
    /// `policy` or `signal`.
    pub kind: &'static str,
    /// The stream.
    pub stream: String,
    /// The policy's name, or the signal's.
    pub name: String,
    /// How bad a policy's breach is; `None` of a signal.
    pub severity: Option<Severity>,
    /// One sentence.
    pub says: String,
}

/// Something that is looked at again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watched {
    /// It is so now.
    Alarm(Alarm),
    /// Whether it is so cannot be known now; by its key.
    Unknown(String),
}

impl Watched {
    /// What it is about.
    pub fn key(&self) -> &str {
        match self {
            Self::Alarm(alarm) => &alarm.key,
            Self::Unknown(key) => key,
        }
    }
}

impl Alarm {
    /// For programs, schema 1. `text` is all that it says, as chats read it.
    pub fn json(&self) -> Value {
        json!({
            "schema": 1, "kind": self.kind, "stream": self.stream, "name": self.name,
            "severity": self.severity.map(Severity::name), "says": self.says,
            "text": format!("{}: {}", self.title(), self.says),
        })
    }

    /// A few words before the sentence.
    pub fn title(&self) -> String {
        format!("{} · {}", self.stream, self.name)
    }
}

/// The policies that are broken, and those that cannot be known. What is not among them is kept.
pub fn policy_alarms(verdicts: &[Verdict<'_>]) -> Vec<Watched> {
    let watched = |one: &Verdict<'_>| {
        let key = format!("policy {} {}", one.policy.name, one.stream);
        match one.finding {
            Finding::Kept(_) => None,
            Finding::Unknown(_) => Some(Watched::Unknown(key)),
            Finding::Broken(_) => Some(Watched::Alarm(Alarm {
                key,
                kind: "policy",
                stream: one.stream.clone(),
                name: one.policy.name.clone(),
                severity: Some(one.policy.severity),
                says: one.sentence(),
            })),
        }
    };
    verdicts.iter().filter_map(watched).collect()
}

/// The signal of the last whole week, if it is one. Older ones are history.
pub fn signal_alarm(measures: &Measures) -> Option<Watched> {
    let whole = measures
        .throughput
        .iter()
        .rev()
        .find(|week| !week.partial)?;
    let signals = Signals::of(measures);
    let signal = signals.signals.iter().find(|one| one.week == whole.week)?;
    let baseline = signals.baseline?;
    let pattern = signal.pattern.name().replace('_', " ");
    let usual = format!("{:.1} a week are usual", baseline.mean);
    Some(Watched::Alarm(Alarm {
        key: format!("signal {} {}", signal.week, measures.stream),
        kind: "signal",
        stream: measures.stream.clone(),
        name: "throughput".to_owned(),
        severity: None,
        says: format!(
            "{} finished in {}, where {usual} ({pattern})",
            signal.finished, signal.week
        ),
    }))
}
