//! The report as plain text for a terminal or a mail.

mod further;

use std::fmt::Write;

use super::table::{Table, harmless};
use super::{Answer, Section};
use crate::metrics::{BENCHMARK, Flow, Measures, OpenItem, Share, StageMeasures};
use crate::model::stage::State;
use crate::model::time::{Sec, days};

/// The report of one stream.
pub fn stream_text(answer: Answer<'_>, sections: &[Section]) -> String {
    let mut text = title(answer);
    for section in sections {
        let body = section_text(*section, answer);
        if !body.is_empty() {
            let _ = write!(text, "\n{}\n{body}", heading(*section));
        }
    }
    // Names in sentences come from trackers and files just as those in tables do.
    text.lines().map(|line| harmless(line) + "\n").collect()
}

fn title(answer: Answer<'_>) -> String {
    let (header, zone) = (answer.measures.header, answer.snapshot.zone());
    let at = |at: Sec| format!("{} {}", zone.day_of(at), zone.hour_minute(at));
    format!(
        "{} · as of {} {} · window {} to {} · clock {}\n",
        answer.measures.stream,
        at(header.as_of),
        zone.name(),
        at(header.window.from),
        at(header.window.to),
        header.clock
    )
}

fn heading(section: Section) -> &'static str {
    match section {
        Section::Items => "Items",
        Section::Flow => "Flow",
        Section::Phases => "Where the time goes (finished items, creation to finish)",
        Section::Stages => "Stages",
        Section::Bottleneck => "Bottleneck",
        Section::Throughput => "Throughput by week",
        Section::Cfd => "Cumulative flow (items that reached each stage by the day's end)",
        Section::Ageing => "Oldest in progress",
        Section::Handoffs => "Hand-offs",
        Section::Clocks => "Named clocks",
        Section::Forecast => "Forecast",
        Section::Impact => "What came of dated changes",
        Section::Quality => "Data quality",
        Section::WipAge => "Age of the work in progress",
        Section::Sle => "What may be expected, and how it is kept",
        Section::Waste => "Begun and then cancelled",
        Section::Limits => "Limits of work in progress",
        Section::Behaviour => "How items move",
        Section::LittlesLaw => "Little's law",
        Section::FlowDebt => "Flow debt",
        Section::Signals => "Signals in weekly throughput",
    }
}

fn section_text(section: Section, answer: Answer<'_>) -> String {
    let measures = answer.measures;
    match section {
        Section::Items => items(measures),
        Section::Flow => flow(measures),
        Section::Phases => phases(measures),
        Section::Stages => stages(&measures.stages),
        Section::Bottleneck => format!("  {}\n", measures.bottleneck.why),
        Section::Throughput => throughput(measures),
        Section::Cfd => cumulative_flow(measures),
        Section::Ageing => ageing(answer),
        Section::Handoffs => handoffs(measures),
        Section::Clocks => clocks(measures),
        Section::Forecast => super::forecast::text(answer),
        Section::Impact => super::impact::text(answer),
        Section::Quality => quality(measures),
        Section::WipAge => further::wip_age(measures),
        Section::Sle => further::expectations(measures),
        Section::Waste => further::waste(answer),
        Section::Limits => further::limits(measures),
        Section::Behaviour => further::behaviour(measures),
        Section::LittlesLaw => further::littles_law(measures),
        Section::FlowDebt => further::flow_debt(measures),
        Section::Signals => further::signals(measures),
    }
}

fn items(measures: &Measures) -> String {
    let items = &measures.items;
    let counts = [
        ("backlog", items.backlog),
        ("in progress", items.in_progress),
        ("done", items.done),
        ("cancelled", items.cancelled),
        ("deleted", items.deleted),
        ("unmapped", items.unmapped),
    ];
    let told: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if told.is_empty() {
        return format!("  {} in all\n", items.total);
    }
    format!("  {} in all: {}\n", items.total, told.join(", "))
}

fn flow(measures: &Measures) -> String {
    let (flow, before) = (&measures.flow, &measures.before);
    let mut text = String::new();
    let _ = match &flow.time {
        Some(time) => {
            let [p50, p70, p85, p95] = time.percentiles.values.map(|value| day(Some(value)));
            let n = time.percentiles.n;
            let trend = change(p85_of(before), p85_of(flow));
            writeln!(
                text,
                "  Flow time     P85 {p85} d{trend} · P50 {p50} d · P70 {p70} d · P95 {p95} d (n {n})"
            )
        }
        None => writeln!(
            text,
            "  Flow time     no item with a start finished in the window"
        ),
    };
    let per_week = flow.velocity.per_week.unwrap_or(0.0);
    let trend = change(before.velocity.per_week, flow.velocity.per_week);
    let _ = writeln!(
        text,
        "  Velocity      {per_week:.1} a week{trend} ({} finished)",
        flow.velocity.finished
    );
    let load = |load: u64| u32::try_from(load).ok().map(f64::from);
    let _ = writeln!(
        text,
        "  Load          {} in progress{}",
        flow.load,
        change(measures.load_before.and_then(load), load(flow.load))
    );
    let _ = match (ratio_of(flow), flow.efficiency) {
        (Some(ratio), Some(efficiency)) => writeln!(
            text,
            "  Efficiency    {:.0} % active{} ({} d active, {} d waiting, n {})",
            ratio * 100.0,
            change(ratio_of(before), Some(ratio)),
            day(Some(efficiency.active)),
            day(Some(efficiency.waiting)),
            efficiency.n
        ),
        _ => writeln!(
            text,
            "  Efficiency    not known: nothing is configured as waiting, or nothing finished"
        ),
    };
    let _ = writeln!(
        text,
        "  Distribution  {}",
        shares(&measures.distribution.finished)
    );
    text
}

fn ratio_of(flow: &Flow) -> Option<f64> {
    flow.efficiency.and_then(|efficiency| efficiency.ratio())
}

fn p85_of(flow: &Flow) -> Option<f64> {
    flow.time.as_ref().map(|time| days(time.percentiles.p85()))
}

/// The change against the window before, with its sign.
fn change(before: Option<f64>, now: Option<f64>) -> String {
    match before.zip(now) {
        Some((before, now)) if before > 0.0 => {
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
        _ => String::new(),
    }
}

fn shares(shares: &[Share]) -> String {
    let all: u64 = shares.iter().map(|share| share.count).sum();
    let told: Vec<String> = shares
        .iter()
        .map(|share| {
            let kind = share.kind.as_deref().unwrap_or("unknown");
            format!(
                "{kind} {} ({} %)",
                share.count,
                (share.count * 100 + all / 2) / all.max(1)
            )
        })
        .collect();
    if told.is_empty() {
        "nothing finished in the window".to_owned()
    } else {
        told.join(", ")
    }
}

fn phases(measures: &Measures) -> String {
    let mut table = Table::new(
        ["  phase", "share", "days", "benchmark"]
            .map(str::to_owned)
            .to_vec(),
    );
    for share in &measures.phases {
        let usual = BENCHMARK.iter().find(|(phase, _)| *phase == share.phase);
        table.row(vec![
            format!("  {}", share.phase),
            share.share.map_or("–".to_owned(), percent),
            day(Some(share.seconds)),
            usual.map_or("–".to_owned(), |(_, share)| percent(*share)),
        ]);
    }
    table.text()
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn day(seconds: Option<i64>) -> String {
    seconds.map_or("–".to_owned(), |seconds| format!("{:.1}", days(seconds)))
}

fn stages(stages: &[StageMeasures]) -> String {
    let header = [
        "  stage", "class", "load", "limit", "oldest d", "in", "out", "blocked", "stale", "waits",
        "P50 d", "P85 d", "n",
    ];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    for stage in stages {
        table.row(vec![
            format!("  {}", stage.name),
            stage.class.to_string(),
            stage.load.to_string(),
            stage
                .limit
                .map_or("–".to_owned(), |limit| limit.to_string()),
            day(stage.oldest),
            stage.arrivals.to_string(),
            stage.departures.to_string(),
            stage.blocked.to_string(),
            stage.stale.to_string(),
            stage.wait_share.map_or("–".to_owned(), percent),
            day(stage.time.map(|time| time.p50())),
            day(stage.time.map(|time| time.p85())),
            stage.time.map_or(0, |time| time.n).to_string(),
        ]);
    }
    table.text()
}

fn throughput(measures: &Measures) -> String {
    let mut table = Table::new(
        ["  week", "arrived", "finished", ""]
            .map(str::to_owned)
            .to_vec(),
    );
    for week in &measures.throughput {
        table.row(vec![
            format!("  {}", week.week),
            week.arrived.to_string(),
            week.finished.to_string(),
            if week.partial {
                "cut".to_owned()
            } else {
                String::new()
            },
        ]);
    }
    table.text()
}

/// One day a week is enough to read; JSON has them all.
fn cumulative_flow(measures: &Measures) -> String {
    let mut header = vec!["  day".to_owned()];
    header.extend(measures.stages.iter().map(|stage| stage.name.clone()));
    let mut table = Table::new(header);
    for day in measures.cumulative_flow.days.iter().rev().step_by(7) {
        let mut row = vec![format!("  {}", day.day)];
        row.extend(day.reached.iter().map(u64::to_string));
        table.row(row);
    }
    table.text()
}

fn ageing(answer: Answer<'_>) -> String {
    const SHOWN: usize = 15;
    let (measures, log) = (answer.measures, answer.snapshot.log());
    let mut open: Vec<&OpenItem> = measures
        .open
        .iter()
        .filter(|one| one.state == State::InProgress)
        .collect();
    open.sort_by_key(|one| (-one.age.unwrap_or(0), one.item));
    let header = [
        "  item",
        "stage",
        "age d",
        "in stage d",
        "pace",
        "condition",
        "title",
    ];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    for one in open.iter().take(SHOWN) {
        let blocked = one
            .block
            .as_ref()
            .map(|block| blocked_text(block, measures.header.as_of));
        table.row(vec![
            format!("  {}", log.key(one.item)),
            measures.stages[one.stage.index()].name.clone(),
            day(one.age),
            day(Some(one.in_stage)),
            one.pace
                .map_or("–".to_owned(), |pace| format!("P{:.0}", pace * 100.0)),
            blocked.unwrap_or_else(|| one.condition.map_or(String::new(), |c| c.to_string())),
            log.title(one.item).to_owned(),
        ]);
    }
    let more = open.len().saturating_sub(SHOWN);
    let rest = if more > 0 {
        format!("  … and {more} more\n")
    } else {
        String::new()
    };
    table.text() + &rest
}

fn blocked_text(block: &crate::metrics::OpenBlock, as_of: Sec) -> String {
    let since = days(as_of.since(block.since));
    format!("blocked {since:.0} d: {}", block.reason)
        .trim_end_matches(": ")
        .to_owned()
}

fn handoffs(measures: &Measures) -> String {
    let handoffs = &measures.handoffs;
    let mut text = format!(
        "  {} moves, {} of them back\n",
        handoffs.moves, handoffs.backward
    );
    for one in handoffs.between.iter().take(10) {
        let wait = days(one.wait);
        let _ = writeln!(
            text,
            "  {} to {}: {} times, {wait:.1} d of waiting",
            one.from, one.to, one.count
        );
    }
    text
}

fn clocks(measures: &Measures) -> String {
    if measures.named_clocks.is_empty() {
        return String::new();
    }
    let header = ["  clock", "P50 d", "P70 d", "P85 d", "P95 d", "n"];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    for clock in &measures.named_clocks {
        let mut row = vec![format!("  {}", clock.name)];
        row.extend((0..4).map(|at| day(clock.time.map(|time| time.values[at]))));
        row.push(clock.time.map_or(0, |time| time.n).to_string());
        table.row(row);
    }
    table.text()
}

fn quality(measures: &Measures) -> String {
    let quality = &measures.quality;
    let counts = [
        ("stages skipped", quality.skipped_stages),
        ("items closed without work", quality.closed_without_work),
        ("events out of order", quality.disorder.out_of_order),
        ("events before creation", quality.disorder.before_creation),
        ("moves stamped at the poll", quality.disorder.approximate),
    ];
    let mut text = String::new();
    for (name, count) in counts {
        let _ = writeln!(text, "  {count:>6} {name}");
    }
    for (status, items) in &quality.unmapped_statuses {
        let _ = writeln!(
            text,
            "  {items:>6} items were in \"{}\", which no stage maps",
            harmless(status)
        );
    }
    text
}
