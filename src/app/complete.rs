//! What the filter could go on with: names, operators and values, those of the data with counts.

use std::ops::Range;

use super::{State, Tally};
use crate::model::rule::Field;
use crate::query::{Wanted, complete, name_in_text, operators, value_in_text};

/// So many offers are made at most.
const MOST: usize = 60;

/// What most filters begin with, offered first where nothing is typed.
const USUAL: [&str; 9] = [
    "stage", "kind", "team", "blocked", "age", "assignee", "label", "stale", "created",
];

/// What the filter could go on with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// The bytes of the filter that an offer takes the place of.
    pub replace: Range<usize>,
    /// The offers, the likeliest first.
    pub list: Vec<Offer>,
    /// Which one is marked.
    pub marked: usize,
}

/// One thing that the filter could go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is put into the filter.
    pub insert: String,
    /// What it means, or how many items have it.
    pub told: String,
}

/// What is offered at a cursor, and the field whose values have to be counted for it.
pub(super) fn offers(state: &State, before: &str, tallies: &[Tally]) -> (Offers, Option<Field>) {
    let completions = complete(before, before.len());
    let typed = before.get(completions.replace.clone()).unwrap_or_default();
    let (mut list, unknown) = match completions.wanted {
        Wanted::Name(known) => (names(state, &known, typed), None),
        Wanted::Value { field, known } => {
            let list = values(&field, &known, typed, tallies);
            let counted = tallies.iter().any(|tally| tally.field == field);
            (
                list,
                Some(field).filter(|field| !counted && can_be_counted(state, field)),
            )
        }
    };
    list.retain(|offer| offer.insert.trim_end() != typed);
    list.truncate(MOST);
    let offers = Offers {
        replace: completions.replace,
        list,
        marked: 0,
    };
    (offers, unknown)
}

fn names(state: &State, known: &[&str], typed: &str) -> Vec<Offer> {
    if !typed.is_empty() && operators(typed).len() > 1 && is_field(state, known, typed) {
        let each = operators(typed).iter();
        return each
            .map(|(sign, told)| offer(&format!("{typed}{sign}"), told))
            .collect();
    }
    let place = |name: &str| USUAL.iter().position(|usual| *usual == name);
    let mut own: Vec<&str> = known.to_vec();
    own.sort_by_key(|name| place(name).unwrap_or(USUAL.len()));
    let mut list: Vec<Offer> = own.into_iter().map(named).collect();
    list.extend(facts(state, typed));
    list
}

fn is_field(state: &State, known: &[&str], typed: &str) -> bool {
    let data = state.data.as_ref();
    let is_fact = || data.is_some_and(|data| data.snapshot.fact_names().contains(&typed));
    known.contains(&typed) || is_fact()
}

/// A name with the operator that mostly follows it.
fn named(name: &str) -> Offer {
    let sign = operators(name).first().map_or(" ", |(sign, _)| sign);
    offer(&format!("{name}{sign}"), meaning(name))
}

/// Names of the tracker's own fields.
fn facts(state: &State, typed: &str) -> Vec<Offer> {
    let Some(data) = &state.data else {
        return Vec::new();
    };
    let typed = typed.trim_start_matches('"').to_lowercase();
    let mut names = data.snapshot.fact_names();
    names.sort_unstable();
    names.dedup();
    let own = |name: &&str| crate::query::is_own_name(name);
    let fitting = names.into_iter().filter(|name| !own(name));
    fitting
        .filter(|name| name.to_lowercase().starts_with(&typed))
        .map(|name| {
            let written = name_in_text(&Field::Fact(name.to_owned().into()));
            offer(&format!("{written}:"), "a field of the tracker")
        })
        .collect()
}

fn values(field: &Field, known: &[&str], typed: &str, tallies: &[Tally]) -> Vec<Offer> {
    let tally = tallies.iter().find(|tally| tally.field == *field);
    let counted = tally.map_or(&[][..], |tally| &tally.values);
    let typed = typed.trim_start_matches('"').to_lowercase();
    let begins = |value: &str| value.to_lowercase().starts_with(&typed);
    let fits = |(value, _): &&(String, usize)| value.to_lowercase().contains(&typed);
    let mut fitting: Vec<&(String, usize)> = counted.iter().filter(fits).collect();
    fitting.sort_by_key(|(value, _)| !begins(value));
    let mut list: Vec<Offer> = fitting
        .into_iter()
        .map(|(value, count)| counted_offer(field, value, *count))
        .collect();
    for word in known
        .iter()
        .chain(examples(field))
        .filter(|word| begins(word))
    {
        let written = format!("{word} ");
        if !list.iter().any(|offer| offer.insert == written) {
            list.push(offer(&written, ""));
        }
    }
    list
}

/// Whether the values of a field are few enough words, and known.
fn can_be_counted(state: &State, field: &Field) -> bool {
    let data = state.data.as_ref();
    match field {
        Field::Fact(name) => data.is_some_and(|data| data.snapshot.log().fact(name).is_some()),
        Field::Status
        | Field::Source
        | Field::Stage
        | Field::Phase
        | Field::Class
        | Field::Kind
        | Field::State => true,
        _ => false,
    }
}

fn counted_offer(field: &Field, value: &str, count: usize) -> Offer {
    let items = if count == 1 { "item" } else { "items" };
    let written = format!("{} ", value_in_text(field, value));
    offer(&written, &format!("{count} {items}"))
}

/// What values of fields that are measured look like.
fn examples(field: &Field) -> &'static [&'static str] {
    match field {
        Field::Age | Field::Flow => &["5d", "10d", "30d", "90d"],
        Field::Pace => &["0.5", "0.85", "0.95"],
        _ => &[],
    }
}

fn offer(insert: &str, told: &str) -> Offer {
    Offer {
        insert: insert.to_owned(),
        told: told.to_owned(),
    }
}

/// What a name asks about.
fn meaning(name: &str) -> &'static str {
    match name {
        "stage" => "where the item stands",
        "phase" => "ideate, create, release or operate",
        "class" => "backlog, queue, active or done",
        "kind" => "the flow-item kind",
        "state" => "in progress, done, …",
        "condition" => "blocked, stale, ageing or fine",
        "blocked" => "work is stopped",
        "stale" => "too long where it stands",
        "ageing" => "older than most where it stands",
        "flagged" => "flagged in the tracker",
        "age" => "days in progress: age>10d",
        "flow" => "days it took: flow>30d",
        "pace" => "old among its like: pace>0.85",
        "status" => "the tracker's status",
        "source" => "where it comes from",
        "text" | "title" | "key" => "in key or title",
        "created" | "started" | "finished" | "done" | "due" => "a day, month or range",
        "type" => "the tracker's type",
        "assignees" => "how many work on it",
        "has" => "has a value: has:assignee",
        "no" => "has none: no:assignee",
        "is" => "any condition or state",
        "outcome" => "what it works for",
        _ => "",
    }
}
