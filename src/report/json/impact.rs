//! What came of dated changes as JSON. It is worked out here, when its section is asked for.

use serde_json::Value;

use super::super::impact::{counted, in_unit};
use super::super::{Answer, reason};
use super::Notes;
use crate::model::time::{Window, days};
use crate::simulate::impact::{Controls, Finding, Impact, Measure, Periods, impacts};

/// The section of the report: one entry a change, none without changes.
pub(super) fn impact_json(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let impacts = impacts(answer.snapshot, answer.measures);
    if impacts.is_empty() {
        notes.add("/impact", reason::NO_CHANGE);
    }
    let told = impacts.iter().enumerate();
    told.map(|(at, impact)| one(impact, &format!("/impact/{at}"), notes))
        .collect()
}

fn one(impact: &Impact, place: &str, notes: &mut Notes) -> Value {
    let doubt = impact.verdict.doubt().map(ToString::to_string);
    if let Some(doubt) = &doubt {
        let missing = [
            ("periods", impact.periods.is_none()),
            ("flow_time", impact.flow_time.is_none()),
        ];
        for (key, _) in missing.iter().filter(|(_, missing)| *missing) {
            notes.add(&format!("{place}/{key}"), doubt);
        }
    }
    if impact.controls.effect.is_none() {
        let reason = "no untouched stream with enough items before and after";
        notes.add(&format!("{place}/controls/ratio"), reason);
    }
    let beside = impact.beside.iter().enumerate();
    let beside: Vec<Value> = beside
        .map(|(at, one)| finding(one, &format!("{place}/beside/{at}"), notes))
        .collect();
    let flow_time = impact.flow_time.as_ref();
    let cautions: Vec<String> = impact.cautions.iter().map(ToString::to_string).collect();
    object! {
        "name": impact.change.name.as_str(), "date": impact.change.date.to_string(),
        "verdict": impact.verdict.name(), "why": doubt,
        "periods": impact.periods.map(periods),
        "flow_time": flow_time.map(|one| finding(one, &format!("{place}/flow_time"), notes)),
        "beside": beside, "controls": controls(&impact.controls),
        "placebo": object! { "dates": impact.placebo.dates, "called": impact.placebo.called },
        "cautions": cautions,
    }
}

fn window(window: Window) -> Value {
    object! { "from": window.from.rfc3339(), "to": window.to.rfc3339() }
}

fn periods(periods: Periods) -> Value {
    object! {
        "baseline": window(periods.baseline), "lag_days": days(periods.lag),
        "after": window(periods.after),
    }
}

fn controls(controls: &Controls) -> Value {
    let left_out = controls.left_out.iter();
    let left_out =
        left_out.map(|one| object! { "stream": one.stream.as_str(), "why": one.why.to_string() });
    object! {
        "streams": controls.streams.as_slice(), "ratio": controls.effect,
        "left_out": left_out.collect::<Vec<_>>(),
    }
}

/// What is not to be known is `null`, and the note says why.
fn finding(finding: &Finding, place: &str, notes: &mut Notes) -> Value {
    let doubt = finding.verdict.doubt().map(ToString::to_string);
    let finite = |value: f64| Some(value).filter(|value| value.is_finite());
    let effect = finding.effect;
    let numbers = [
        (
            "before",
            finding.before.map(|value| in_unit(finding, value)),
        ),
        ("after", finding.after.map(|value| in_unit(finding, value))),
        ("effect", effect.and_then(|effect| finite(effect.value))),
        ("low", effect.and_then(|effect| finite(effect.low))),
        ("high", effect.and_then(|effect| finite(effect.high))),
        ("p", finding.p),
    ];
    let reason = doubt.as_deref().unwrap_or("the interval has no end there");
    for (key, _) in numbers.iter().filter(|(_, value)| value.is_none()) {
        notes.add(&format!("{place}/{key}"), reason);
    }
    let kind = match &finding.measure {
        Measure::Share(kind) => Some(kind.as_deref().unwrap_or("unknown")),
        _ => None,
    };
    let mut told = object! {
        "measure": finding.measure.name(), "unit": unit(&finding.measure),
        "n": object! { "before": finding.n[0], "after": finding.n[1] }, "n_of": counted(&finding.measure),
        "effect_is": if finding.measure.is_ratio() { "ratio" } else { "difference" },
        "confidence": 0.95, "verdict": finding.verdict.name(), "why": doubt,
    };
    if let Some(kind) = kind {
        told["kind"] = Value::from(kind);
    }
    for (key, value) in numbers {
        told[key] = Value::from(value);
    }
    told
}

const fn unit(measure: &Measure) -> &'static str {
    match measure {
        Measure::FlowTime | Measure::Waiting => "days",
        Measure::Velocity => "items a week",
        Measure::Load => "items",
        Measure::Efficiency | Measure::Share(_) => "share",
    }
}
