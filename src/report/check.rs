//! Policies held against the numbers of a report: what `weir check` says, for people, for programs
//! and for pipelines.

mod alarm;
mod junit;
mod path;

use std::fmt::Write;

use serde_json::{Value, json};

pub use alarm::{Alarm, Watched, policy_alarms, signal_alarm};
pub use junit::check_junit;
pub use path::WrongMeasure;

use super::Answer;
use crate::model::policy::{Bound, Policy, Severity};
use crate::model::time::days;
use path::Found;

/// The most items of a broken policy that are named in a text.
const NAMED: usize = 8;

/// What came of a policy over one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The stream it was held against.
    pub stream: String,
    /// What was found.
    pub finding: Finding,
    /// Of a broken bound on how many items there are: those items, oldest first.
    pub items: Vec<Offender>,
}

/// A measure against its bound.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// The value keeps the bound.
    Kept(f64),
    /// The value breaks it.
    Broken(f64),
    /// There is no value; why.
    Unknown(String),
}

/// An item that a policy counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Offender {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Days since the clock started, of an item in progress.
    pub age_days: Option<f64>,
}

/// Holds a policy against the answer to its question.
///
/// # Errors
/// [`WrongMeasure`] if the report has no such measure.
pub fn verdict<'a>(policy: &'a Policy, answer: Answer<'_>) -> Result<Verdict<'a>, WrongMeasure> {
    let finding = match path::look_up(&policy.measure, answer)? {
        Found::Number(value) if policy.bound.holds(value) => Finding::Kept(value),
        Found::Number(value) => Finding::Broken(value),
        Found::Unknown(why) => Finding::Unknown(why),
    };
    let broken = matches!(finding, Finding::Broken(_));
    let too_many = broken && matches!(policy.bound, Bound::AtMost(_));
    let counted = policy.measure.strip_prefix("items.").filter(|_| too_many);
    Ok(Verdict {
        policy,
        stream: answer.measures.stream.clone(),
        finding,
        items: counted.map_or_else(Vec::new, |state| offenders(answer, state)),
    })
}

/// The items in a state, oldest first; `total` is any state.
fn offenders(answer: Answer<'_>, state: &str) -> Vec<Offender> {
    let log = answer.snapshot.log();
    let counted = |row: &&crate::metrics::Row| state == "total" || row.state.name() == state;
    let mut rows: Vec<_> = answer.measures.table.rows().filter(counted).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.age()));
    let offender = |row: &crate::metrics::Row| Offender {
        key: log.key(row.item).to_owned(),
        title: log.title(row.item).to_owned(),
        age_days: row.age().map(days),
    };
    rows.into_iter().map(offender).collect()
}

impl Verdict<'_> {
    /// Whether the check fails by it.
    pub fn fails(&self) -> bool {
        self.is_broken() && self.policy.severity == Severity::Error
    }

    fn is_broken(&self) -> bool {
        matches!(self.finding, Finding::Broken(_))
    }

    /// One sentence: the measure, its value and the bound.
    fn sentence(&self) -> String {
        let (measure, bound) = (&self.policy.measure, self.policy.bound);
        match &self.finding {
            Finding::Kept(value) => format!("{measure} is {}, {bound}", short(*value)),
            Finding::Broken(value) => {
                format!("{measure} is {} and has to be {bound}", short(*value))
            }
            Finding::Unknown(why) => format!("{measure} cannot be known: {why}"),
        }
    }

    fn mark(&self) -> char {
        match (&self.finding, self.policy.severity) {
            (Finding::Kept(_), _) => '✓',
            (Finding::Unknown(_), _) => '?',
            (Finding::Broken(_), Severity::Error) => '✗',
            (Finding::Broken(_), Severity::Warning) => '!',
        }
    }

    /// The items that are too many, as many as fit a line.
    fn named(&self) -> Option<String> {
        let one = |item: &Offender| match item.age_days {
            Some(age) => format!("{} ({age:.1} d)", item.key),
            None => item.key.clone(),
        };
        let named: Vec<String> = self.items.iter().take(NAMED).map(one).collect();
        let more = self.items.len().saturating_sub(NAMED);
        let more = (more > 0).then(|| format!(" and {more} more"));
        (!named.is_empty()).then(|| named.join(", ") + &more.unwrap_or_default())
    }

    fn json(&self) -> Value {
        let (outcome, value, reason) = match &self.finding {
            Finding::Kept(value) => ("kept", Some(*value), None),
            Finding::Broken(value) => ("broken", Some(*value), None),
            Finding::Unknown(why) => ("unknown", None, Some(why)),
        };
        let (kind, bound) = match self.policy.bound {
            Bound::AtMost(most) => ("at_most", most),
            Bound::AtLeast(least) => ("at_least", least),
        };
        let item = |item: &Offender| json!({ "item": item.key, "title": item.title, "age_days": item.age_days });
        json!({
            "policy": self.policy.name, "stream": self.stream, "measure": self.policy.measure,
            "filter": self.policy.filter_text, "severity": self.policy.severity.name(),
            kind: bound, "outcome": outcome, "value": value, "reason": reason,
            "items": self.items.iter().map(item).collect::<Vec<_>>(),
        })
    }
}

/// At most two places, no zeros at the end.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// One line a policy and stream, then how many are broken.
pub fn check_text(verdicts: &[Verdict<'_>]) -> String {
    let mut text = String::new();
    for one in verdicts {
        let (mark, name) = (one.mark(), &one.policy.name);
        let _ = writeln!(text, "{mark} {name} · {}: {}", one.stream, one.sentence());
        if let Some(items) = one.named() {
            let _ = writeln!(text, "    {items}");
        }
    }
    let _ = writeln!(text, "{}", summary(verdicts));
    text.replace(|one: char| one.is_control() && one != '\n', " ")
}

/// How many of the checks fell short, in words.
fn summary(verdicts: &[Verdict<'_>]) -> String {
    let count = |mark| verdicts.iter().filter(|one| one.mark() == mark).count();
    let parts = [
        (count('✓'), "kept"),
        (count('✗'), "broken"),
        (count('!'), "broken that only warn"),
        (count('?'), "not known"),
    ];
    let told = parts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    told.join(", ")
}

/// The verdicts for programs; schema 1.
pub fn check_json(verdicts: &[Verdict<'_>]) -> Value {
    json!({
        "schema": 1,
        "passed": !verdicts.iter().any(Verdict::fails),
        "policies": verdicts.iter().map(Verdict::json).collect::<Vec<_>>(),
    })
}
