//! What each section of a report says to people, whatever the format.

mod flow;
mod forecast;
mod further;
mod impact;
mod lens;
mod movement;
mod stages;

use super::document::{Block, Document, Part};
use super::findings::statements;
use super::table::UNKNOWN;
use super::{Answer, Section};
use crate::model::time::{Sec, TimeRule, days};

/// So many items of a list are enough to read; JSON has them all.
const SHOWN: usize = 15;

/// The report of one stream.
pub(super) fn document(answer: Answer<'_>, sections: &[Section]) -> Document {
    let part = |section: &Section| Part {
        heading: heading(*section),
        blocks: blocks(*section, answer),
    };
    Document {
        stream: answer.measures.stream.clone(),
        asked: asked(answer),
        parts: sections.iter().map(part).collect(),
    }
}

fn asked(answer: Answer<'_>) -> Vec<String> {
    let (header, zone) = (answer.measures.header, answer.snapshot.zone());
    let at = |at: Sec| format!("{} {}", zone.day_of(at), zone.hour_minute(at));
    let (from, to) = (at(header.window.from), at(header.window.to));
    let mut asked = vec![
        format!("as of {} {}", at(header.as_of), zone.name()),
        format!("window {from} to {to}"),
        format!("clock {}", header.clock),
    ];
    if header.time == TimeRule::Working {
        let calendar = &answer.snapshot.settings().calendar;
        asked.push(format!("working time, {calendar}"));
    }
    asked
}

fn heading(section: Section) -> &'static str {
    match section {
        Section::Findings => "Findings",
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
        Section::Lens => "The clock rules side by side (items finished in the window)",
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

fn blocks(section: Section, answer: Answer<'_>) -> Vec<Block> {
    let measures = answer.measures;
    match section {
        Section::Findings => vec![findings(answer)],
        Section::Items => vec![flow::items(&measures.items)],
        Section::Flow => vec![flow::flow(measures)],
        Section::Phases => flow::phases(measures),
        Section::Stages => vec![stages::stages(&measures.stages)],
        Section::Bottleneck => stages::bottleneck(measures),
        Section::Throughput => vec![movement::throughput(measures)],
        Section::Cfd => vec![movement::cumulative_flow(measures)],
        Section::Ageing => stages::ageing(answer),
        Section::Handoffs => movement::handoffs(measures),
        Section::Clocks => vec![lens::clocks(measures)],
        Section::Lens => lens::lens(answer),
        Section::Forecast => forecast::forecast(answer),
        Section::Impact => impact::impact(answer),
        Section::Quality => vec![movement::quality(measures)],
        Section::WipAge => vec![further::wip_age(measures)],
        Section::Sle => vec![further::expectations(measures)],
        Section::Waste => further::waste(answer),
        Section::Limits => vec![further::limits(measures)],
        Section::Behaviour => further::behaviour(measures),
        Section::LittlesLaw => further::littles_law(measures),
        Section::FlowDebt => vec![further::flow_debt(measures)],
        Section::Signals => further::signals(measures),
    }
}

fn findings(answer: Answer<'_>) -> Block {
    let told = statements(answer).into_iter();
    Block::List(
        told.map(|one| format!("{} ({})", one.says, one.evidence))
            .collect(),
    )
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Days of a span in seconds.
pub(super) fn day(seconds: Option<i64>) -> String {
    or_unknown(seconds, |seconds| format!("{:.1}", days(seconds)))
}

pub(super) fn or_unknown<T>(value: Option<T>, told: impl Fn(T) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), told)
}
