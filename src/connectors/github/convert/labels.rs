//! Labels and assignees: sets that events add to and take from.
//!
//! GitHub has no fields for priority, team or a flag; people use labels for them. What the config
//! says of `label:priority/` holds for all labels that begin so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::super::facts::value_of;
use super::super::super::story::{Moment, Tale, Turn, joined};
use super::super::wire::texts;
use super::Reader;
use super::timeline::Timeline;
use crate::model::event::{FactName, fact};

/// A set through time: what it held at first, and after each event.
struct Held {
    first: BTreeSet<String>,
    then: Vec<(Moment, BTreeSet<String>)>,
}

/// One came or went.
struct Step {
    moment: Moment,
    name: String,
    has_come: bool,
}

impl Held {
    /// Goes back from what it holds now to what it held at first, and on again.
    fn read(now: Vec<String>, steps: Vec<Step>) -> Self {
        let mut held: BTreeSet<String> = now.into_iter().collect();
        for step in steps.iter().rev() {
            put(&mut held, &step.name, !step.has_come);
        }
        let first = held.clone();
        let then = steps.into_iter().map(|step| {
            put(&mut held, &step.name, step.has_come);
            (step.moment, held.clone())
        });
        Self {
            then: then.collect(),
            first,
        }
    }

    /// What `value` says of the set, from the start to now.
    fn tell(&self, tale: &mut Tale, (field, fact): (&str, &FactName), value: &Said<'_>) {
        let mut held = value(&self.first);
        let start = held.clone();
        let mut turns = Vec::new();
        for (moment, names) in &self.then {
            let new = value(names);
            if new != held {
                let mut moment = moment.clone();
                moment.id = format!("{}.{field}", moment.id);
                turns.push(Turn {
                    moment,
                    old: std::mem::replace(&mut held, new.clone()),
                    new,
                });
            }
        }
        tale.course(field, fact, start, &turns);
    }

    fn all(&self) -> BTreeSet<&String> {
        let later = self.then.iter().flat_map(|(_, names)| names);
        self.first.iter().chain(later).collect()
    }
}

/// What is said of a set.
type Said<'a> = dyn Fn(&BTreeSet<String>) -> Option<String> + 'a;

fn put(held: &mut BTreeSet<String>, name: &str, is_in: bool) {
    if is_in {
        held.insert(name.to_owned());
    } else {
        held.remove(name);
    }
}

fn steps(timeline: &Timeline<'_>, (come, gone): (&str, &str), name: &str) -> Vec<Step> {
    let events = timeline
        .each()
        .filter(|event| [come, gone].contains(&event.what));
    let step = |event: &super::timeline::Happening<'_>| {
        Some(Step {
            moment: event.moment("set", 0),
            name: event.text(name)?,
            has_come: event.what == come,
        })
    };
    events.filter_map(step).collect()
}

fn together(names: &BTreeSet<String>) -> Option<String> {
    joined(names.iter().cloned().collect())
}

impl Reader<'_> {
    /// The labels, and the facts that some of them mean.
    pub(super) fn labels(&self, tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
        let now = texts(node, "/labels/nodes", "/name");
        let steps = steps(timeline, ("LabeledEvent", "UnlabeledEvent"), "/label/name");
        let held = Held::read(now, steps);
        if let Some(fact) = self.facts.of(&["label", "labels"], Some(fact::LABEL)) {
            held.tell(tale, ("label", &fact), &together);
        }
        let mut meant: BTreeMap<FactName, BTreeMap<&str, String>> = BTreeMap::new();
        for label in held.all() {
            if let Some((fact, value)) = self.meaning(label) {
                meant.entry(fact).or_default().insert(label, value);
            }
        }
        for (fact, values) in &meant {
            let value = |names: &BTreeSet<String>| {
                let told = names.iter().filter_map(|name| values.get(name.as_str()));
                joined(told.cloned().collect())
            };
            let field = format!("label.{fact}");
            held.tell(tale, (&field, fact), &value);
        }
    }

    /// The fact that a label means, by the longest beginning that the config names: what follows is
    /// the value.
    fn meaning(&self, label: &str) -> Option<(FactName, String)> {
        let mut ends = label
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        let mut found = None;
        while let Some((start, rest)) = ends.next().and_then(|end| label.split_at_checked(end)) {
            let usually = label.eq_ignore_ascii_case("blocked") && rest.is_empty();
            let usually = usually.then_some(fact::FLAGGED);
            let fact = self.facts.of(&[&format!("label:{start}")], usually);
            found = fact.map(|fact| (fact, rest)).or(found);
        }
        let (fact, rest) = found?;
        let raw = if rest.trim().is_empty() {
            label
        } else {
            rest.trim()
        };
        let value = value_of(&fact, raw)?;
        Some((fact, value))
    }

    /// Whom it is assigned to.
    pub(super) fn assignees(&self, tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
        let Some(fact) = self
            .facts
            .of(&["assignee", "assignees"], Some(fact::ASSIGNEE))
        else {
            return;
        };
        let now = texts(node, "/assignees/nodes", "/login");
        let kinds = ("AssignedEvent", "UnassignedEvent");
        let steps = steps(timeline, kinds, "/assignee/login");
        Held::read(now, steps).tell(tale, ("assignee", &fact), &together);
    }

    /// Whether an issue was ever labelled as an incident.
    pub(super) fn is_incident(&self, node: &Value, timeline: &Timeline<'_>) -> bool {
        let now = texts(node, "/labels/nodes", "/name");
        let past = timeline
            .of("LabeledEvent")
            .filter_map(|event| event.text("/label/name"));
        let mut ever = now.into_iter().chain(past);
        ever.any(|label| {
            let mut incidents = self.incidents.iter();
            incidents.any(|incident| incident.eq_ignore_ascii_case(&label))
        })
    }
}
