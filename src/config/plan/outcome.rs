//! `[[outcomes]]`: what the work is for.

use toml::Spanned;

use super::super::reader::Section;
use super::some_streams;
use crate::model::rule::Rule;
use crate::model::time::Day;

/// Something the work is to bring about.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Unique among the outcomes.
    pub name: String,
    /// The streams that work for it; empty: all.
    pub streams: Vec<String>,
    /// The items that work for it.
    pub items: Rule,
    /// What is counted, for people: "%", "EUR a month".
    pub unit: Option<String>,
    /// The value hoped for.
    pub target: f64,
    /// The value reached, once there is one.
    pub actual: Option<f64>,
    /// The day the work was in use.
    pub released: Option<Day>,
    /// The day a movement was first measured.
    pub measured: Option<Day>,
}

pub(in crate::config) fn read_all(top: &mut Section<'_>, streams: &[&str]) -> Vec<Outcome> {
    let mut names = Vec::new();
    let mut outcomes = Vec::new();
    for entry in top.tables("outcomes") {
        if let Some((name, outcome)) = read(entry, streams) {
            names.push(name);
            outcomes.push(outcome);
        }
    }
    top.reader().check_unique("outcome", &names);
    outcomes
}

fn read(mut entry: Section<'_>, streams: &[&str]) -> Option<(Spanned<String>, Outcome)> {
    let any = f64::MIN..=f64::MAX;
    let name = entry
        .required("name", "\"fewer refunds by hand\"")
        .and_then(|name| name.text());
    let target = entry
        .required("target", "20")
        .and_then(|target| target.number(any.clone()));
    let streams = some_streams(&mut entry, streams);
    let items = entry.get("items").and_then(|items| items.filter());
    let unit = entry.get("unit").and_then(|unit| unit.text());
    let actual = entry.get("actual").and_then(|actual| actual.number(any));
    let released = entry.get("released").and_then(|day| day.day());
    let measured = entry.get("measured").and_then(|day| day.day());
    entry.finish();
    let name = name?;
    let outcome = Outcome {
        name: name.get_ref().clone(),
        streams,
        items: items.unwrap_or(Rule::Always),
        unit: unit.map(Spanned::into_inner),
        target: target?,
        actual,
        released,
        measured,
    };
    Some((name, outcome))
}
