//! The report's further sections: those that are there when asked for by name.

use serde_json::Value;

use super::super::reason;
use super::{Answer, Notes};
use crate::metrics::{
    Expectation, FlowDebt, LimitHint, Measures, NetFlow, Signal, Signals, StageMeasures, Waste,
    Wasted, WipAge,
};
use crate::model::log::Log;
use crate::model::stage::Class;
use crate::model::time::days;

/// Days of a mean in seconds.
fn mean_days(seconds: f64) -> f64 {
    seconds / 86_400.0
}

pub(super) fn wip_age(measures: &Measures, notes: &mut Notes) -> Value {
    let age = WipAge::of(measures);
    if age.n == 0 {
        notes.add("/wip_age/mean_days", reason::NOTHING_IN_PROGRESS);
    }
    object! {
        "n": age.n, "total_days": days(age.total), "mean_days": age.mean().map(mean_days),
    }
}

pub(super) fn expectations(measures: &Measures, notes: &mut Notes) -> Value {
    let expectations = &measures.expectations;
    let mut whole = expectation(expectations.whole.as_ref(), "/sle", notes);
    let stages = measures.stages.iter().zip(&expectations.stages);
    let not_done = stages.filter(|(stage, _)| stage.class != Class::Done);
    let stage = |(at, (stage, expected)): (usize, (&StageMeasures, &Option<_>))| {
        let place = format!("/sle/stages/{at}");
        let mut value = expectation(expected.as_ref(), &place, notes);
        value["stage"] = Value::from(stage.name.as_str());
        value
    };
    whole["stages"] = not_done.enumerate().map(stage).collect();
    whole
}

/// One expectation that stands at `place` of the report.
fn expectation(expected: Option<&Expectation>, place: &str, notes: &mut Notes) -> Value {
    let Some(expected) = expected else {
        let reason = reason::NO_EXPECTATION;
        for key in ["percent", "within_days", "basis", "share", "past"] {
            notes.add(&format!("{place}/{key}"), reason);
        }
        return object! {
            "percent": Value::Null, "within_days": Value::Null, "basis": Value::Null, "n": 0, "kept": 0,
            "share": Value::Null, "past": Value::Null,
        };
    };
    if expected.n == 0 {
        let reason = reason::NOTHING_TO_HOLD;
        notes.add(&format!("{place}/share"), reason);
    }
    object! {
        "percent": expected.percent, "within_days": days(expected.within),
        "basis": expected.basis.name(), "n": expected.n, "kept": expected.kept,
        "share": expected.share(), "past": expected.past,
    }
}

pub(super) fn waste(answer: Answer<'_>) -> Value {
    let waste = Waste::of(answer.measures);
    let log = answer.snapshot.log();
    let items = waste.items.iter().map(|one| wasted(one, log));
    object! {
        "n": waste.items.len(), "days": days(waste.spent()), "active_days": days(waste.active()),
        "items": items.collect::<Vec<_>>(),
    }
}

fn wasted(one: &Wasted, log: &Log) -> Value {
    object! {
        "item": log.key(one.item), "cancelled": one.cancelled.rfc3339(), "days": days(one.spent),
        "active_days": days(one.active),
    }
}

pub(super) fn limits(measures: &Measures, notes: &mut Notes) -> Value {
    let hint = |(at, hint): (usize, LimitHint)| {
        if hint.limit.is_none() {
            notes.add(&format!("/limits/{at}/limit"), reason::NO_LIMIT);
        }
        if hint.hint.is_none() {
            let reason = reason::NO_LENGTH;
            notes.add(&format!("/limits/{at}/hint"), reason);
        }
        let name = &measures.stages[hint.stage.index()].name;
        object! { "stage": name.as_str(), "limit": hint.limit, "hint": hint.hint }
    };
    let hints = LimitHint::of(measures).into_iter();
    hints.enumerate().map(hint).collect()
}

pub(super) fn behaviour(measures: &Measures, notes: &mut Notes) -> Value {
    let (behaviour, handoffs) = (&measures.behaviour, &measures.handoffs);
    if handoffs.moves == 0 {
        for rate in ["back_flow_rate", "rework_rate"] {
            let reason = reason::NOTHING_MOVED;
            notes.add(&format!("/behaviour/{rate}"), reason);
        }
    }
    object! {
        "moves": handoffs.moves, "backward": handoffs.backward,
        "back_flow_rate": handoffs.back_flow_rate(),
        "moved_items": behaviour.moved, "reworked_items": behaviour.reworked,
        "rework_rate": behaviour.rework_rate(),
        "finished": measures.flow.velocity.finished,
        "closed_without_work": behaviour.closed_without_work,
        "skipping_items": behaviour.skipping, "skipped_stages": behaviour.skipped_stages,
        "net_flow": net_flow(&measures.net_flow),
    }
}

fn net_flow(flow: &NetFlow) -> Value {
    object! {
        "arrivals": flow.arrivals, "departures": flow.departures(), "change": flow.change(),
        "finished": flow.finished, "returned": flow.returned, "cancelled": flow.cancelled,
        "deleted": flow.deleted, "load_before": flow.load_before, "load_after": flow.load_after,
    }
}

pub(super) fn littles_law(measures: &Measures, notes: &mut Notes) -> Value {
    let law = &measures.littles_law;
    let finished = reason::NOTHING_WITH_START;
    let window = reason::NO_LENGTH;
    let unknown = [
        (law.load.is_none(), "load", window),
        (law.per_day.is_none(), "per_day", window),
        (law.flow_days.is_none(), "flow_days", finished),
        (law.flow_days.is_none(), "expected_load", finished),
        (law.per_day.is_none(), "expected_load", window),
    ];
    for (_, key, reason) in unknown.iter().filter(|(unknown, ..)| *unknown) {
        notes.add(&format!("/littles_law/{key}"), reason);
    }
    let assumptions = law.assumptions();
    let conditions = assumptions.map(|(one, holds)| (one.name().to_owned(), Value::from(holds)));
    object! {
        "load": law.load, "per_day": law.per_day, "flow_days": law.flow_days,
        "expected_load": law.expected_load(), "n": measures.flow.velocity.finished,
        "conditions": Value::Object(conditions.collect()), "holds": law.holds(),
    }
}

pub(super) fn flow_debt(measures: &Measures, notes: &mut Notes) -> Value {
    let debt = FlowDebt::of(measures);
    if debt.is_none() {
        let reason = reason::NOTHING_WITH_START;
        for key in ["distance_days", "mean_days", "debt_days"] {
            notes.add(&format!("/flow_debt/{key}"), reason);
        }
    }
    object! {
        "n": debt.map_or(0, |debt| debt.n),
        "distance_days": debt.map(|debt| mean_days(debt.distance())),
        "mean_days": debt.map(|debt| mean_days(debt.elapsed())),
        "debt_days": debt.map(|debt| mean_days(debt.debt())),
    }
}

pub(super) fn signals(measures: &Measures, notes: &mut Notes) -> Value {
    let found = Signals::of(measures);
    let baseline = found.baseline;
    let lower = baseline.and_then(|baseline| baseline.lower());
    let reason = match baseline {
        None => reason::FEW_WEEKS,
        Some(_) => reason::NO_LOWER_LIMIT,
    };
    let keys = ["mean", "moving_range", "upper", "lower"];
    let unknown = if baseline.is_none() {
        &keys[..]
    } else {
        &keys[3..]
    };
    for key in unknown.iter().filter(|_| lower.is_none()) {
        notes.add(&format!("/signals/{key}"), reason);
    }
    let signal = |one: &Signal| object! { "week": one.week.to_string(), "finished": one.finished, "pattern": one.pattern.name() };
    object! {
        "weeks": found.weeks, "baseline_weeks": baseline.map_or(0, |baseline| baseline.n),
        "mean": baseline.map(|baseline| baseline.mean),
        "moving_range": baseline.map(|baseline| baseline.moving_range),
        "upper": baseline.map(|baseline| baseline.upper()), "lower": lower,
        "signals": found.signals.iter().map(signal).collect::<Vec<_>>(),
    }
}
