//! What came of dated changes. It is worked out here, when its section is asked for.

use super::super::document::Block;
use super::super::impact::{counted, in_unit};
use super::super::table::Table;
use super::super::{Answer, reason};
use super::UNKNOWN;
use crate::model::time::{Sec, days};
use crate::simulate::impact::{
    Controls, Effect, Finding, Impact, Measure, Periods, Verdict, impacts,
};

pub(super) fn impact(answer: Answer<'_>) -> Vec<Block> {
    let impacts = impacts(answer.snapshot, answer.measures);
    if impacts.is_empty() {
        return vec![Block::line(format!("none: {}", reason::NO_CHANGE))];
    }
    impacts
        .iter()
        .flat_map(|impact| told(impact, answer))
        .collect()
}

fn told(impact: &Impact, answer: Answer<'_>) -> Vec<Block> {
    let (change, verdict) = (&impact.change, impact.verdict.name());
    let mut blocks = vec![Block::line(format!(
        "{} {}: {verdict}",
        change.date, change.name
    ))];
    let doubt = impact.verdict.doubt();
    blocks.extend(doubt.map(|doubt| Block::line(doubt.to_string())));
    let Some(periods) = &impact.periods else {
        return blocks;
    };
    blocks.push(Block::Line(periods_told(periods, answer)));
    blocks.push(Block::Table(table(impact)));
    let mut lines: Vec<String> = impact.beside.iter().filter_map(doubted).collect();
    lines.extend(controls_told(&impact.controls));
    let placebo = impact.placebo;
    lines.push(format!(
        "placebo: a change is seen at {} of {} dates before it, where none is known",
        placebo.called, placebo.dates
    ));
    lines.extend(
        impact
            .cautions
            .iter()
            .map(|caution| format!("mind: {caution}")),
    );
    blocks.push(Block::List(lines));
    blocks
}

fn doubted(finding: &Finding) -> Option<String> {
    let doubt = finding.verdict.doubt()?;
    Some(format!("{}: {doubt}", label(&finding.measure)))
}

fn periods_told(periods: &Periods, answer: Answer<'_>) -> String {
    let day = |at: Sec| answer.snapshot.zone().day_of(at);
    format!(
        "before: finished {} to {}; after: finished {} to {} (from the baseline's P85 flow time, {:.1} d, after the change on)",
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

fn table(impact: &Impact) -> Table {
    let header = [
        "measure",
        "before",
        "after",
        "effect",
        "95 % interval",
        "p",
        "n",
        "verdict",
    ];
    let mut table = Table::new(header.map(str::to_owned));
    for finding in impact.flow_time.iter().chain(&impact.beside) {
        table.row(row(finding));
    }
    table
}

fn row(finding: &Finding) -> Vec<String> {
    let unknown = || UNKNOWN.to_owned();
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
        label(&finding.measure),
        value(finding.before),
        value(finding.after),
        finding.effect.map_or_else(unknown, effect),
        finding.effect.map_or_else(unknown, interval),
        finding.p.map_or_else(unknown, |p| format!("{p:.3}")),
        format!("{}, {} {counted}", finding.n[0], finding.n[1]),
        said.to_owned(),
    ]
}

fn controls_told(controls: &Controls) -> Vec<String> {
    let effect = match controls.effect {
        Some(effect) => format!(
            "control: flow time of {} changed × {effect:.2} over the same time, and is taken off",
            controls.streams.join(", ")
        ),
        None => "control: none, as there is no untouched stream with enough items; what changed everywhere at that time is in the effect".to_owned(),
    };
    let left_out = controls.left_out.iter();
    let left_out = left_out.map(|one| format!("{} is no control: {}", one.stream, one.why));
    std::iter::once(effect).chain(left_out).collect()
}
