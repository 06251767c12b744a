//! Items by state, the flow measures, time by phase.

use super::super::document::Block;
use super::super::reason;
use super::super::table::Table;
use super::{day, or_unknown, percent};
use crate::metrics::{BENCHMARK, Flow, ItemCounts, Measures, Share};
use crate::model::time::days;

pub(super) fn items(items: &ItemCounts) -> Block {
    let counts = [
        ("backlog", items.backlog),
        ("in progress", items.in_progress),
        ("done", items.done),
        ("cancelled", items.cancelled),
        ("deleted", items.deleted),
        ("unmapped", items.unmapped),
    ];
    let there = counts.iter().filter(|(_, count)| *count > 0);
    let told: Vec<String> = there
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if told.is_empty() {
        return Block::line(format!("{} in all", items.total));
    }
    Block::line(format!("{} in all: {}", items.total, told.join(", ")))
}

pub(super) fn flow(measures: &Measures) -> Block {
    let (flow, before) = (&measures.flow, &measures.before);
    let velocity = change(before.velocity.per_week, flow.velocity.per_week);
    let count = |load: u64| u32::try_from(load).ok().map(f64::from);
    let load = change(measures.load_before.and_then(count), count(flow.load));
    Block::Terms(vec![
        ("Flow time", time(flow, before)),
        (
            "Velocity",
            format!(
                "{:.1} a week{velocity} ({} finished)",
                flow.velocity.per_week.unwrap_or(0.0),
                flow.velocity.finished
            ),
        ),
        ("Load", format!("{} in progress{load}", flow.load)),
        ("Efficiency", efficiency(measures)),
        ("Distribution", shares(&measures.distribution.finished)),
    ])
}

fn time(flow: &Flow, before: &Flow) -> String {
    let Some(time) = &flow.time else {
        return reason::NOTHING_WITH_START.to_owned();
    };
    let [p50, p70, p85, p95] = time.percentiles.values.map(|value| day(Some(value)));
    let n = time.percentiles.n;
    let trend = change(p85_of(before), p85_of(flow));
    format!("P85 {p85} d{trend} · P50 {p50} d · P70 {p70} d · P95 {p95} d (n {n})")
}

fn efficiency(measures: &Measures) -> String {
    let (flow, before) = (&measures.flow, &measures.before);
    let (Some(ratio), Some(efficiency)) = (ratio_of(flow), flow.efficiency) else {
        return format!("not known: {}", reason::no_efficiency(measures));
    };
    format!(
        "{} active{} ({} d active, {} d waiting, n {})",
        percent(ratio),
        change(ratio_of(before), Some(ratio)),
        day(Some(efficiency.active)),
        day(Some(efficiency.waiting)),
        efficiency.n
    )
}

fn ratio_of(flow: &Flow) -> Option<f64> {
    flow.efficiency.and_then(|efficiency| efficiency.ratio())
}

fn p85_of(flow: &Flow) -> Option<f64> {
    flow.time.as_ref().map(|time| days(time.percentiles.p85()))
}

/// The change against the window before, with its sign.
fn change(before: Option<f64>, now: Option<f64>) -> String {
    let Some((before, now)) = before.zip(now).filter(|(before, _)| *before > 0.0) else {
        return String::new();
    };
    let percent = (now / before - 1.0) * 100.0;
    let sign = if percent >= 0.5 {
        "▲"
    } else if percent <= -0.5 {
        "▼"
    } else {
        "="
    };
    format!(" {sign} {:.0} %", percent.abs())
}

fn shares(shares: &[Share]) -> String {
    let all: u64 = shares.iter().map(|share| share.count).sum();
    let told = shares.iter().map(|share| {
        let kind = share.kind.as_deref().unwrap_or("unknown");
        let rounded = (share.count * 100 + all / 2) / all.max(1);
        format!("{kind} {} ({rounded} %)", share.count)
    });
    if shares.is_empty() {
        "nothing finished in the window".to_owned()
    } else {
        told.collect::<Vec<_>>().join(", ")
    }
}

pub(super) fn phases(measures: &Measures) -> Vec<Block> {
    let header = ["phase", "share", "days", "benchmark"];
    let mut table = Table::new(header)
        .unknown(1, reason::NO_STAGE_TIME)
        .unknown(3, "no benchmark is known");
    for share in &measures.phases {
        let usual = BENCHMARK.iter().find(|(phase, _)| *phase == share.phase);
        table.row([
            share.phase.to_string(),
            or_unknown(share.share, percent),
            day(Some(share.seconds)),
            or_unknown(usual, |(_, share)| percent(*share)),
        ]);
    }
    let n = measures.flow.velocity.finished;
    vec![
        Block::Table(table),
        Block::line(format!("n {n} finished items")),
    ]
}
