//! Weeks, cumulative flow, changes of hands, and what the data does not say.

use super::super::document::Block;
use super::super::table::Table;
use crate::metrics::{Measures, WeekCount};
use crate::model::time::days;

pub(super) fn throughput(measures: &Measures) -> Block {
    let mut table = Table::new(["week", "arrived", "departed", "finished", ""]);
    for week in &measures.throughput {
        table.row(week_row(week));
    }
    Block::Table(table)
}

fn week_row(week: &WeekCount) -> [String; 5] {
    let cut = if week.partial { "cut" } else { "" };
    [
        week.week.to_string(),
        week.arrived.to_string(),
        week.departed.to_string(),
        week.finished.to_string(),
        cut.to_owned(),
    ]
}

/// One day a week is enough to read; JSON has them all.
pub(super) fn cumulative_flow(measures: &Measures) -> Block {
    let stages = measures.stages.iter().map(|stage| stage.name.as_str());
    let mut table = Table::new(std::iter::once("day").chain(stages));
    for day in measures.cumulative_flow.days.iter().rev().step_by(7) {
        let reached = day.reached.iter().map(u64::to_string);
        table.row(std::iter::once(day.day.to_string()).chain(reached));
    }
    Block::Table(table)
}

pub(super) fn handoffs(measures: &Measures) -> Vec<Block> {
    let handoffs = &measures.handoffs;
    let between = handoffs.between.iter().take(10).map(|one| {
        let wait = days(one.wait);
        format!(
            "{} to {}: {} times, {wait:.1} d of waiting",
            one.from, one.to, one.count
        )
    });
    vec![
        Block::line(format!(
            "{} moves, {} of them back",
            handoffs.moves, handoffs.backward
        )),
        Block::List(between.collect()),
    ]
}

pub(super) fn quality(measures: &Measures) -> Block {
    let quality = &measures.quality;
    let counts = [
        ("stages skipped", quality.skipped_stages),
        ("items closed without work", quality.closed_without_work),
        ("events out of order", quality.disorder.out_of_order),
        ("events before creation", quality.disorder.before_creation),
        ("moves stamped at the poll", quality.disorder.approximate),
    ];
    let mut table = Table::new(["count", "of"]);
    for (name, count) in counts {
        table.row([count.to_string(), name.to_owned()]);
    }
    for (status, items) in &quality.unmapped_statuses {
        let told = format!("items in \"{status}\", which no stage maps");
        table.row([items.to_string(), told]);
    }
    for link in &quality.links {
        let told = format!(
            "of {} artefacts of {} joined to {}",
            link.artefacts, link.from, link.to
        );
        table.row([link.joined.to_string(), told]);
    }
    if !quality.links.is_empty() {
        let told = "artefacts of no item: unlinked, counted nowhere".to_owned();
        table.row([quality.unlinked.to_string(), told]);
    }
    Block::Table(table)
}
