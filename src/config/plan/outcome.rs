//! `[[outcomes]]`: what the work is for.

use toml::Spanned;

use super::super::reader::{Section, Setting};
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
    top.named_tables(("outcomes", "outcome"), |entry| read(entry, streams))
}

fn read(mut entry: Section<'_>, streams: &[&str]) -> Option<(Spanned<String>, Outcome)> {
    let name = entry.required_text("name", "\"fewer refunds by hand\"");
    let target = entry
        .required("target", "20")
        .and_then(|it| any_number(&it));
    let streams = some_streams(&mut entry, streams);
    let items = entry.filter("items");
    let unit = entry.plain_text("unit");
    let actual = entry.get("actual").and_then(|it| any_number(&it));
    let released = entry.get("released").and_then(|day| day.day());
    let measured = entry.get("measured").and_then(|day| day.day());
    entry.finish();
    let name = name?;
    let outcome = Outcome {
        name: name.get_ref().clone(),
        streams,
        items,
        unit,
        target: target?,
        actual,
        released,
        measured,
    };
    Some((name, outcome))
}

fn any_number(setting: &Setting<'_>) -> Option<f64> {
    setting.number(f64::MIN..=f64::MAX)
}
