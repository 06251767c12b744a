//! What came of dated changes, as JSON and as text. It is worked out here, when its section is
//! asked for.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Answer;
use super::json::Notes;
use super::table::Table;
use crate::model::time::{DAY_SECS, Sec, Window, days};
use crate::simulate::impact::{
    Controls, Effect, Finding, Impact, Measure, Periods, Verdict, impacts,
};

/// Why there is nothing to tell.
const NO_CHANGE: &str = "no dated change touches this stream: name one under [[changes]] in the config, or with --change 2026-06-01=\"new way of working\"";

/// The section of the report: one entry a change, none without changes.
pub(super) fn json(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let impacts = impacts(answer.snapshot, answer.measures);
    if impacts.is_empty() {
        notes.add("/impact", NO_CHANGE);
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
    json!({
        "name": impact.change.name, "date": impact.change.date.to_string(),
        "verdict": impact.verdict.name(), "why": doubt,
        "periods": impact.periods.map(periods),
        "flow_time": flow_time.map(|one| finding(one, &format!("{place}/flow_time"), notes)),
        "beside": beside, "controls": controls(&impact.controls),
        "placebo": { "dates": impact.placebo.dates, "called": impact.placebo.called },
        "cautions": cautions,
    })
}

fn window(window: Window) -> Value {
    json!({ "from": window.from.rfc3339(), "to": window.to.rfc3339() })
}

fn periods(periods: Periods) -> Value {
    json!({
        "baseline": window(periods.baseline), "lag_days": days(periods.lag),
        "after": window(periods.after),
    })
}

fn controls(controls: &Controls) -> Value {
    let left_out = controls.left_out.iter();
    let left_out = left_out.map(|one| json!({ "stream": one.stream, "why": one.why.to_string() }));
    json!({
        "streams": controls.streams, "ratio": controls.effect,
        "left_out": left_out.collect::<Vec<_>>(),
    })
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
    let mut told = json!({
        "measure": finding.measure.name(), "unit": unit(&finding.measure),
        "n": { "before": finding.n[0], "after": finding.n[1] }, "n_of": counted(&finding.measure),
        "effect_is": if finding.measure.is_ratio() { "ratio" } else { "difference" },
        "confidence": 0.95, "verdict": finding.verdict.name(), "why": doubt,
    });
    if let Some(kind) = kind {
        told["kind"] = json!(kind);
    }
    for (key, value) in numbers {
        told[key] = json!(value);
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

/// What a measure is counted in before and after.
const fn counted(measure: &Measure) -> &'static str {
    match measure {
        Measure::Velocity | Measure::Load => "days",
        _ => "items",
    }
}

/// Spans in days, everything else as it is.
fn in_unit(finding: &Finding, value: f64) -> f64 {
    match finding.measure {
        Measure::FlowTime | Measure::Waiting => value / days_of_seconds(),
        _ => value,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a day has few seconds")]
const fn days_of_seconds() -> f64 {
    DAY_SECS as f64
}

/// The section of the report as text.
pub(super) fn text(answer: Answer<'_>) -> String {
    let impacts = impacts(answer.snapshot, answer.measures);
    if impacts.is_empty() {
        return format!("  none: {NO_CHANGE}\n");
    }
    let told = impacts.iter().map(|impact| told(impact, answer));
    told.collect::<Vec<_>>().join("\n")
}

fn told(impact: &Impact, answer: Answer<'_>) -> String {
    let change = &impact.change;
    let mut text = format!(
        "  {} {}: {}\n",
        change.date,
        change.name,
        impact.verdict.name()
    );
    if let Some(doubt) = impact.verdict.doubt() {
        let _ = writeln!(text, "  {doubt}");
    }
    let Some(periods) = &impact.periods else {
        return text;
    };
    text += &periods_text(periods, answer);
    text += &table(impact);
    for one in &impact.beside {
        if let Some(doubt) = one.verdict.doubt() {
            let _ = writeln!(text, "  {}: {doubt}", label(&one.measure));
        }
    }
    text += &controls_text(&impact.controls);
    let placebo = impact.placebo;
    let _ = writeln!(
        text,
        "  placebo: a change is seen at {} of {} dates before it, where none is known",
        placebo.called, placebo.dates
    );
    for caution in &impact.cautions {
        let _ = writeln!(text, "  mind: {caution}");
    }
    text
}

fn periods_text(periods: &Periods, answer: Answer<'_>) -> String {
    let day = |at: Sec| answer.snapshot.zone().day_of(at);
    format!(
        "  before: finished {} to {}; after: finished {} to {} (from the baseline's P85 flow time, {:.1} d, after the change on)\n",
        day(periods.baseline.from),
        day(periods.baseline.to.plus(-1)),
        day(periods.after.from),
        day(periods.after.to.plus(-1)),
        days(periods.lag)
    )
}

fn label(measure: &Measure) -> String {
    match measure {
        Measure::FlowTime => "flow time (typical), d".to_owned(),
        Measure::Waiting => "waiting (mean), d".to_owned(),
        Measure::Efficiency => "efficiency, %".to_owned(),
        Measure::Velocity => "velocity, items a week".to_owned(),
        Measure::Load => "load, items".to_owned(),
        Measure::Share(kind) => format!("share of {}, %", kind.as_deref().unwrap_or("unknown")),
    }
}

fn table(impact: &Impact) -> String {
    let header = [
        "  measure",
        "before",
        "after",
        "effect",
        "95 % interval",
        "p",
        "n",
        "verdict",
    ];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    for finding in impact.flow_time.iter().chain(&impact.beside) {
        table.row(row(finding));
    }
    table.text()
}

fn row(finding: &Finding) -> Vec<String> {
    let unknown = || "–".to_owned();
    let shares = !finding.measure.is_ratio();
    let value = |value: Option<f64>| {
        let value = value.map(|value| in_unit(finding, value));
        let value = value.map(|value| if shares { value * 100.0 } else { value });
        value.map_or_else(unknown, |value| format!("{value:.1}"))
    };
    let number = |value: f64| match (value.is_finite(), shares) {
        (false, _) => "∞".to_owned(),
        (true, true) => format!("{:+.1}", value * 100.0),
        (true, false) => format!("{value:.2}"),
    };
    let named = |text: String| {
        if shares {
            text + " points"
        } else {
            format!("× {text}")
        }
    };
    let effect = |one: Effect| named(number(one.value));
    let interval = |one: Effect| named(format!("{} to {}", number(one.low), number(one.high)));
    let counted = counted(&finding.measure);
    let said = match &finding.verdict {
        Verdict::CannotTell(_) => "cannot tell",
        verdict => verdict.name(),
    };
    vec![
        format!("  {}", label(&finding.measure)),
        value(finding.before),
        value(finding.after),
        finding.effect.map_or_else(unknown, effect),
        finding.effect.map_or_else(unknown, interval),
        finding.p.map_or_else(unknown, |p| format!("{p:.3}")),
        format!("{}, {} {counted}", finding.n[0], finding.n[1]),
        said.to_owned(),
    ]
}

fn controls_text(controls: &Controls) -> String {
    let mut text = match controls.effect {
        Some(effect) => format!(
            "  control: flow time of {} changed × {effect:.2} over the same time, and is taken off\n",
            controls.streams.join(", ")
        ),
        None => "  control: none, as there is no untouched stream with enough items; what changed everywhere at that time is in the effect\n".to_owned(),
    };
    for one in &controls.left_out {
        let _ = writeln!(text, "  {} is no control: {}", one.stream, one.why);
    }
    text
}
