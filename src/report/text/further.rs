//! The report's further sections: those that are there when asked for by name.

use std::fmt::Write;

use super::{Answer, Measures, Table, day, percent};
use crate::metrics::{
    Assumption, Expectation, FlowDebt, LimitHint, NetFlow, Pattern, Signals, Waste, WipAge,
};
use crate::model::stage::Class;
use crate::model::time::days;

/// So many items of a list are enough to read; JSON has them all.
const SHOWN: usize = 15;

pub(super) fn wip_age(measures: &Measures) -> String {
    let age = WipAge::of(measures);
    let Some(mean) = age.mean() else {
        return "  nothing is in progress\n".to_owned();
    };
    let (total, mean) = (days(age.total), mean / 86_400.0);
    format!(
        "  {total:.1} d in all, {mean:.1} d on average (n {})\n",
        age.n
    )
}

pub(super) fn expectations(measures: &Measures) -> String {
    let header = ["  of", "%", "within d", "basis", "kept", "n", "past it"];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    let expectations = &measures.expectations;
    table.row(expectation("flow time", expectations.whole.as_ref()));
    for (stage, expected) in measures.stages.iter().zip(&expectations.stages) {
        if stage.class != Class::Done {
            table.row(expectation(&stage.name, expected.as_ref()));
        }
    }
    table.text()
}

fn expectation(of: &str, expected: Option<&Expectation>) -> Vec<String> {
    let unknown = || "–".to_owned();
    let told = |one: &dyn Fn(&Expectation) -> String| expected.map_or_else(unknown, one);
    vec![
        format!("  {of}"),
        told(&|one| one.percent.to_string()),
        told(&|one| day(Some(one.within))),
        told(&|one| one.basis.name().to_owned()),
        told(&|one| one.share().map_or_else(unknown, percent)),
        expected.map_or(0, |one| one.n).to_string(),
        told(&|one| one.past.to_string()),
    ]
}

pub(super) fn waste(answer: Answer<'_>) -> String {
    let (waste, log) = (Waste::of(answer.measures), answer.snapshot.log());
    let mut text = format!(
        "  {} items, {} d spent on them, {} d of it active\n",
        waste.items.len(),
        day(Some(waste.spent())),
        day(Some(waste.active()))
    );
    for one in waste.items.iter().take(SHOWN) {
        let spent = day(Some(one.spent));
        let (key, title) = (log.key(one.item), log.title(one.item));
        let _ = writeln!(text, "  {key} {spent} d  {title}");
    }
    let more = waste.items.len().saturating_sub(SHOWN);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    text
}

pub(super) fn limits(measures: &Measures) -> String {
    let header = ["  stage", "limit", "held at most, 85 % of the time"];
    let mut table = Table::new(header.map(str::to_owned).to_vec());
    let number = |one: Option<u64>| one.map_or("–".to_owned(), |one| one.to_string());
    for hint in LimitHint::of(measures) {
        table.row(vec![
            format!("  {}", measures.stages[hint.stage.index()].name),
            number(hint.limit.map(u64::from)),
            number(hint.hint),
        ]);
    }
    table.text()
}

pub(super) fn behaviour(measures: &Measures) -> String {
    let (behaviour, handoffs) = (&measures.behaviour, &measures.handoffs);
    let rate = |rate: Option<f64>| rate.map_or("–".to_owned(), percent);
    let (back, rework) = (handoffs.back_flow_rate(), behaviour.rework_rate());
    let mut text = format!(
        "  Back-flow  {} ({} of {} moves)\n  Rework     {} ({} of {} items that moved)\n",
        rate(back),
        handoffs.backward,
        handoffs.moves,
        rate(rework),
        behaviour.reworked,
        behaviour.moved
    );
    let _ = writeln!(
        text,
        "  Finished   {}, {} without work, {} passed over {} stages",
        measures.flow.velocity.finished,
        behaviour.closed_without_work,
        behaviour.skipping,
        behaviour.skipped_stages
    );
    text + &net_flow(&measures.net_flow)
}

fn net_flow(flow: &NetFlow) -> String {
    format!(
        "  Net flow   {:+}: {} in, {} out ({} done, {} back, {} cancelled, {} deleted), load {} to {}\n",
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

pub(super) fn littles_law(measures: &Measures) -> String {
    let law = &measures.littles_law;
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.1}"));
    let mut text = format!(
        "  {}: load {} on average; {} finished a day × {} d let expect {}\n",
        if law.holds() {
            "It holds"
        } else {
            "It does not hold here"
        },
        number(law.load),
        law.per_day
            .map_or("–".to_owned(), |value| format!("{value:.2}")),
        number(law.flow_days),
        number(law.expected_load())
    );
    for (assumption, holds) in law.assumptions() {
        let sign = if holds { "yes" } else { "no " };
        let _ = writeln!(text, "  {sign} {}", sentence(assumption));
    }
    text
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

pub(super) fn flow_debt(measures: &Measures) -> String {
    let Some(debt) = FlowDebt::of(measures) else {
        return "  no item with a start finished in the window\n".to_owned();
    };
    let [distance, mean, owed] =
        [debt.distance(), debt.elapsed(), debt.debt()].map(|value| value / 86_400.0);
    format!(
        "  {owed:+.1} d: the lines lie {distance:.1} d apart, what finished took {mean:.1} d (n {})\n",
        debt.n
    )
}

pub(super) fn signals(measures: &Measures) -> String {
    let found = Signals::of(measures);
    let Some(baseline) = found.baseline else {
        return "  too few whole weeks in the window for a baseline of six\n".to_owned();
    };
    let mut text = format!(
        "  {:.1} a week in the first {} of {} whole weeks, usually {:.1} to {:.1}\n",
        baseline.mean,
        baseline.n,
        found.weeks,
        baseline.lower().unwrap_or(0.0),
        baseline.upper()
    );
    for one in &found.signals {
        let said = match one.pattern {
            Pattern::Outside => "outside of what is usual",
            Pattern::TwoOfThree => "two of three far on one side",
            Pattern::FourOfFive => "four of five on one side",
            Pattern::EightInARow => "eight in a row on one side",
        };
        let _ = writeln!(text, "  {} {} finished: {said}", one.week, one.finished);
    }
    text
}
