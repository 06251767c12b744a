//! The sections that are there when asked for by name.

use super::super::document::{Block, shortened};
use super::super::table::Table;
use super::super::{Answer, reason};
use super::{SHOWN, day, or_unknown, percent};
use crate::metrics::{
    Assumption, Expectation, FlowDebt, LimitHint, Measures, NetFlow, Pattern, Signal, Signals,
    Waste, Wasted, WipAge,
};
use crate::model::stage::Class;
use crate::model::time::days;

pub(super) fn wip_age(measures: &Measures) -> Block {
    let age = WipAge::of(measures);
    let Some(mean) = age.mean() else {
        return Block::line(reason::NOTHING_IN_PROGRESS);
    };
    let (total, mean, n) = (days(age.total), mean / 86_400.0, age.n);
    Block::line(format!(
        "{total:.1} d in all, {mean:.1} d on average (n {n})"
    ))
}

pub(super) fn expectations(measures: &Measures) -> Block {
    let header = ["of", "%", "within d", "basis", "kept", "n", "past it"];
    let mut table = Table::new(header)
        .unknown(1, reason::NO_EXPECTATION)
        .unknown(4, reason::NOTHING_TO_HOLD);
    let expectations = &measures.expectations;
    table.row(expectation("flow time", expectations.whole.as_ref()));
    for (stage, expected) in measures.stages.iter().zip(&expectations.stages) {
        if stage.class != Class::Done {
            table.row(expectation(&stage.name, expected.as_ref()));
        }
    }
    Block::Table(table)
}

fn expectation(of: &str, expected: Option<&Expectation>) -> [String; 7] {
    let told = |one: &dyn Fn(&Expectation) -> String| or_unknown(expected, one);
    [
        of.to_owned(),
        told(&|one| one.percent.to_string()),
        told(&|one| day(Some(one.within))),
        told(&|one| one.basis.name().to_owned()),
        told(&|one| or_unknown(one.share(), percent)),
        expected.map_or(0, |one| one.n).to_string(),
        told(&|one| one.past.to_string()),
    ]
}

pub(super) fn waste(answer: Answer<'_>) -> Vec<Block> {
    let (waste, log) = (Waste::of(answer.measures), answer.snapshot.log());
    let (shown, rest) = shortened(&waste.items, SHOWN);
    let item = |one: &Wasted| {
        let (key, title) = (log.key(one.item), log.title(one.item));
        format!("{key} {} d  {title}", day(Some(one.spent)))
    };
    let all = format!(
        "{} items, {} d spent on them, {} d of it active",
        waste.items.len(),
        day(Some(waste.spent())),
        day(Some(waste.active()))
    );
    let items = Block::List(shown.iter().map(item).collect());
    [Block::Line(all), items].into_iter().chain(rest).collect()
}

pub(super) fn limits(measures: &Measures) -> Block {
    let header = ["stage", "limit", "held at most, 85 % of the time"];
    let mut table = Table::new(header)
        .unknown(1, reason::NO_LIMIT)
        .unknown(2, reason::NO_LENGTH);
    for hint in LimitHint::of(measures) {
        table.row([
            measures.stages[hint.stage.index()].name.clone(),
            or_unknown(hint.limit, |limit| limit.to_string()),
            or_unknown(hint.hint, |hint| hint.to_string()),
        ]);
    }
    Block::Table(table)
}

pub(super) fn behaviour(measures: &Measures) -> Vec<Block> {
    let (behaviour, handoffs) = (&measures.behaviour, &measures.handoffs);
    let back = or_unknown(handoffs.back_flow_rate(), percent);
    let rework = or_unknown(behaviour.rework_rate(), percent);
    let terms = vec![
        (
            "Back-flow",
            format!("{back} ({} of {} moves)", handoffs.backward, handoffs.moves),
        ),
        (
            "Rework",
            format!(
                "{rework} ({} of {} items that moved)",
                behaviour.reworked, behaviour.moved
            ),
        ),
        (
            "Finished",
            format!(
                "{}, {} without work, {} passed over {} stages",
                measures.flow.velocity.finished,
                behaviour.closed_without_work,
                behaviour.skipping,
                behaviour.skipped_stages
            ),
        ),
        ("Net flow", net_flow(&measures.net_flow)),
    ];
    let nothing = (handoffs.moves == 0).then(|| Block::line(reason::NOTHING_MOVED));
    std::iter::once(Block::Terms(terms))
        .chain(nothing)
        .collect()
}

fn net_flow(flow: &NetFlow) -> String {
    format!(
        "{:+}: {} in, {} out ({} done, {} back, {} cancelled, {} deleted), load {} to {}",
        flow.change(),
        flow.arrivals,
        flow.departures(),
        flow.finished,
        flow.returned,
        flow.cancelled,
        flow.deleted,
        flow.load_before,
        flow.load_after
    )
}

pub(super) fn littles_law(measures: &Measures) -> Vec<Block> {
    let law = &measures.littles_law;
    let number = |value: Option<f64>| or_unknown(value, |value| format!("{value:.1}"));
    let verdict = if law.holds() {
        "It holds"
    } else {
        "It does not hold here"
    };
    let told = format!(
        "{verdict}: load {} on average; {} finished a day × {} d let expect {} (n {})",
        number(law.load),
        or_unknown(law.per_day, |value| format!("{value:.2}")),
        number(law.flow_days),
        number(law.expected_load()),
        measures.flow.velocity.finished
    );
    let assumptions = law.assumptions().map(|(assumption, holds)| {
        let sign = if holds { "yes" } else { "no" };
        (sentence(assumption), sign.to_owned())
    });
    let unknown = law.flow_days.is_none();
    let unknown = unknown.then(|| Block::line(reason::NOTHING_WITH_START));
    let blocks = [Block::Line(told), Block::Terms(assumptions.collect())];
    blocks.into_iter().chain(unknown).collect()
}

fn sentence(assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::ArrivalsMatchDepartures => "about as much arrived as left",
        Assumption::LoadAlike => "the load is about the same at both ends",
        Assumption::AgeNotRising => "the mean age has not risen",
        Assumption::AllCounted => "everything that was begun was finished or is still there",
        Assumption::OneUnit => "flow time is the time in the load, for all that finished",
    }
}

pub(super) fn flow_debt(measures: &Measures) -> Block {
    let Some(debt) = FlowDebt::of(measures) else {
        return Block::line(reason::NOTHING_WITH_START);
    };
    let [distance, mean, owed] =
        [debt.distance(), debt.elapsed(), debt.debt()].map(|value| value / 86_400.0);
    Block::line(format!(
        "{owed:+.1} d: the lines lie {distance:.1} d apart, what finished took {mean:.1} d (n {})",
        debt.n
    ))
}

pub(super) fn signals(measures: &Measures) -> Vec<Block> {
    let found = Signals::of(measures);
    let Some(baseline) = found.baseline else {
        return vec![Block::line(reason::FEW_WEEKS)];
    };
    let usual = format!(
        "{:.1} a week in the first {} of {} whole weeks, usually {:.1} to {:.1}",
        baseline.mean,
        baseline.n,
        found.weeks,
        baseline.lower().unwrap_or(0.0),
        baseline.upper()
    );
    let signal = |one: &Signal| {
        let said = match one.pattern {
            Pattern::Outside => "outside of what is usual",
            Pattern::TwoOfThree => "two of three far on one side",
            Pattern::FourOfFive => "four of five on one side",
            Pattern::EightInARow => "eight in a row on one side",
        };
        format!("{} {} finished: {said}", one.week, one.finished)
    };
    let signals = found.signals.iter().map(signal).collect();
    vec![Block::Line(usual), Block::List(signals)]
}
