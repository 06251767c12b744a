//! The clock rules side by side.

use serde_json::{Map, Value};

use super::super::reason;
use super::{Answer, Notes, flow_time};
use crate::metrics::{CauseSum, Lens, LensItem, Measures, Pair, Stretch};
use crate::model::stage::ClockRule;
use crate::model::time::days;
use crate::report::place;

pub(super) fn lens(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let lens = Lens::of(answer.snapshot, answer.stream, answer.measures);
    let velocity = answer.measures.flow.velocity;
    let mut rules = Map::new();
    for (rule, time) in lens.rules() {
        if time.is_none() {
            let reason = reason::RULE_SAYS_NOTHING;
            notes.add(&format!("/lens/rules/{rule}/time"), reason);
        }
        if velocity.per_week.is_none() {
            let reason = reason::NO_LENGTH;
            notes.add(&format!("/lens/rules/{rule}/velocity/per_week"), reason);
        }
        let velocity = object! { "finished": velocity.finished, "per_week": velocity.per_week };
        let told = object! { "time": flow_time(time), "velocity": velocity };
        rules.insert(rule.name().to_owned(), told);
    }
    let listed = lens.items.iter().enumerate();
    let items = listed.map(|(at, one)| item(one, answer, &format!("/lens/items/{at}"), notes));
    object! {
        "n": answer.measures.finished.len(), "rules": rules,
        "pairs": lens.pairs.iter().map(pair).collect::<Vec<_>>(),
        "differing": lens.differing, "items": items.collect::<Vec<_>>(),
    }
}

fn pair(pair: &Pair) -> Value {
    let cause = |sum: &CauseSum| object! { "cause": sum.cause.name(), "items": sum.items, "more_days": days(sum.more) };
    object! {
        "one": pair.one.name(), "other": pair.other.name(), "items": pair.items,
        "causes": pair.causes.iter().map(cause).collect::<Vec<_>>(),
    }
}

/// One item, standing at `at` of the report, with the moves that decide what each rule says of it.
fn item(one: &LensItem, answer: Answer<'_>, at: &str, notes: &mut Notes) -> Value {
    let mut told = Map::new();
    for rule in ClockRule::ALL {
        let elapsed = one.account.elapsed(rule);
        if elapsed.is_none() {
            notes.add(&format!("{at}/days/{rule}"), reason::RULE_WITHOUT_START);
        }
        told.insert(rule.name().to_owned(), Value::from(elapsed.map(days)));
    }
    let moves = one.account.stretches.iter();
    let moves = moves.map(|stretch| moved(stretch, answer.measures));
    object! {
        "item": answer.snapshot.log().key(one.item), "days": told,
        "apart_days": days(one.account.spread(&ClockRule::ALL)), "moves": moves.collect::<Vec<_>>(),
    }
}

/// A time that the same rules count, with the move that began it.
fn moved(stretch: &Stretch, measures: &Measures) -> Value {
    let begun = &stretch.begun_by;
    let rules: Vec<&str> = stretch.counted_by().map(ClockRule::name).collect();
    let mut told = object! {
        "at": begun.at.rfc3339(), "to": place(measures, begun.to),
        "days": days(stretch.length()), "counted_by": rules,
    };
    // A creation comes from nowhere, and what all count needs no cause.
    if let Some(from) = begun.from {
        told["from"] = Value::from(place(measures, from));
    }
    if let Some(cause) = stretch.cause {
        told["cause"] = Value::from(cause.name());
    }
    told
}
