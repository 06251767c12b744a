//! A field's values through time, as a fact.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::super::facts::FactMap;
use super::super::facts::{STANDARD, Values, of_custom, of_standard, value_of};
use super::super::names::{Names, Sort};
use super::super::wire::{Issue, Named, scalar};
use super::Birth;
use super::step::Step;
use crate::model::event::{Change, Event, FactName, fact};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    One(Option<String>),
    /// Several values; a journal tells each that came or went.
    Many(Vec<String>),
}

/// A field that is a fact.
#[derive(Debug)]
pub(super) struct Field {
    /// `attr` or `cf`, as journals have it.
    property: &'static str,
    /// The attribute or the custom field's id.
    name: String,
    fact: FactName,
    values: Values,
    now: Held,
}

/// The fields of an issue that are facts, those included that it only had in the past.
pub(super) fn all(issue: &Issue, steps: &[Step], facts: &FactMap, names: &Names) -> Vec<Field> {
    let standard = STANDARD.iter().filter_map(|field| {
        Some(Field {
            property: "attr",
            name: field.attribute.to_owned(),
            fact: of_standard(facts, field)?,
            values: field.values,
            now: Held::One(current(issue, field.field, field.values)),
        })
    });
    let custom = custom(issue, steps).into_iter().filter_map(|(id, now)| {
        Some(Field {
            property: "cf",
            name: id.to_string(),
            fact: of_custom(facts, id, names.get(Sort::CustomField, id))?,
            values: Values::Text,
            now,
        })
    });
    standard.chain(custom).collect()
}

fn current(issue: &Issue, field: &str, values: Values) -> Option<String> {
    match values {
        Values::Named(_) | Values::Issue => issue.named(field).map(|named| named.id.to_string()),
        Values::Text | Values::Hours | Values::YesNo => issue.text(field),
    }
}

fn custom(issue: &Issue, steps: &[Step]) -> BTreeMap<u64, Held> {
    let past = steps
        .iter()
        .filter(|step| step.delta.property == "cf")
        .filter_map(|step| Some((step.delta.name.parse().ok()?, Held::One(None))));
    let present = issue
        .list("custom_fields")
        .iter()
        .filter_map(|field| Some((Named::read(field)?.id, held(field.get("value")))));
    past.chain(present).collect()
}

fn held(value: Option<&Value>) -> Held {
    match value {
        Some(Value::Array(values)) => Held::Many(values.iter().filter_map(scalar).collect()),
        other => Held::One(other.and_then(scalar)),
    }
}

impl Field {
    /// The value at the start and every change.
    pub(super) fn events(&self, steps: &[Step], names: &Names, birth: &mut Birth) -> Vec<Event> {
        let steps: Vec<&Step> = steps
            .iter()
            .filter(|step| step.is_of(self.property, &self.name))
            .collect();
        let mut held = self.at_start(&steps);
        let mut value = self.value(&held, names);
        let first = value
            .clone()
            .map(|value| birth.set(&self.key(), self.fact.clone(), value));
        let mut events: Vec<Event> = first.into_iter().collect();
        for step in steps {
            held.apply(step.delta.old.as_deref(), step.delta.new.as_deref());
            let next = self.value(&held, names);
            let change = Change::Set {
                fact: self.fact.clone(),
                old: std::mem::replace(&mut value, next.clone()),
                new: next,
            };
            events.push(step.event(change));
        }
        events
    }

    fn at_start(&self, steps: &[&Step]) -> Held {
        match &self.now {
            Held::One(now) => {
                let first = steps.first().map(|step| step.delta.old.clone());
                Held::One(first.unwrap_or_else(|| now.clone()))
            }
            many @ Held::Many(_) => {
                let mut held = many.clone();
                for step in steps.iter().rev() {
                    held.apply(step.delta.new.as_deref(), step.delta.old.as_deref());
                }
                held
            }
        }
    }

    fn value(&self, held: &Held, names: &Names) -> Option<String> {
        let one = |raw: &String| value_of(&self.fact, self.values, raw, names);
        match held {
            Held::One(raw) => raw.as_ref().and_then(one),
            Held::Many(raws) => joined(raws.iter().filter_map(one).collect()),
        }
    }

    fn key(&self) -> String {
        if self.property == "cf" {
            format!("cf_{}", self.name)
        } else {
            self.name.clone()
        }
    }
}

impl Held {
    fn apply(&mut self, gone: Option<&str>, come: Option<&str>) {
        match self {
            Self::One(value) => *value = come.map(str::to_owned),
            Self::Many(values) => {
                values.retain(|value| Some(value.as_str()) != gone);
                values.extend(come.map(str::to_owned));
            }
        }
    }
}

/// Sorted, so that the same values always give the same text.
fn joined(mut values: Vec<String>) -> Option<String> {
    values.sort();
    values.dedup();
    (!values.is_empty()).then(|| values.join(&fact::SEPARATOR.to_string()))
}
