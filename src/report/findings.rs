//! What a report finds, in plain sentences, each with the evidence behind it.

use super::Answer;
use crate::metrics::{Flow, Measures, OpenItem, Signals};
use crate::model::stage::{Condition, State};
use crate::model::time::days;
use crate::simulate::forecast::{CONFIDENCES, within};

/// How far ahead is told, in weeks.
const AHEAD: u32 = 4;

/// A sentence and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What is so.
    pub says: String,
    /// The rule, the time and the count behind it.
    pub evidence: String,
}

/// What there is to say of a stream, the weightiest first; nothing that is not known.
pub fn statements(answer: Answer<'_>) -> Vec<Statement> {
    let measures = answer.measures;
    let found = [
        Some(constraint(measures)),
        flow_time(measures),
        balance(answer),
        efficiency(measures),
        phases(measures),
        open(answer),
        signals(measures),
        ahead(answer),
    ];
    found.into_iter().flatten().collect()
}

fn statement(says: String, evidence: String) -> Statement {
    Statement { says, evidence }
}

fn constraint(measures: &Measures) -> Statement {
    let first = measures.bottleneck.ranking.first();
    let evidence = first.map_or("no stage is committed".to_owned(), |first| {
        format!(
            "the strongest evidence of a stage scores {:.2} of 1",
            first.score
        )
    });
    statement(measures.bottleneck.why.clone(), evidence)
}

fn flow_time(measures: &Measures) -> Option<Statement> {
    let p85 = |flow: &Flow| flow.time.as_ref().map(|time| days(time.percentiles.p85()));
    let now = p85(&measures.flow)?;
    let n = measures.flow.time.as_ref()?.percentiles.n;
    let before = p85(&measures.before);
    let than = before.map_or_else(String::new, |before| {
        format!("; in the time before it was {before:.1}")
    });
    let clock = measures.header.clock;
    Some(statement(
        format!("85 % of what was finished took {now:.1} days or less{than}."),
        format!("clock {clock}, n {n}"),
    ))
}

fn balance(answer: Answer<'_>) -> Option<Statement> {
    let measures = answer.measures;
    let flow = &measures.net_flow;
    let (arrived, left, load) = (flow.arrivals, flow.departures(), flow.load_after);
    let per_week = measures.flow.velocity.per_week?;
    let tells = match load.cmp(&flow.load_before) {
        std::cmp::Ordering::Greater => format!("work piles up: {} to {load}", flow.load_before),
        std::cmp::Ordering::Less => format!("the load falls: {} to {load}", flow.load_before),
        std::cmp::Ordering::Equal => format!("the load stays at {load}"),
    };
    Some(statement(
        format!("{per_week:.1} a week are finished; {arrived} came, {left} left, so {tells}."),
        format!("{} finished in the window", measures.flow.velocity.finished),
    ))
}

fn efficiency(measures: &Measures) -> Option<Statement> {
    let efficiency = measures.flow.efficiency?;
    let ratio = efficiency.ratio()?;
    Some(statement(
        format!(
            "Of the time inside the clock {:.0} % was work; the rest was waiting.",
            ratio * 100.0
        ),
        format!("queues and blocks count as waiting, n {}", efficiency.n),
    ))
}

fn phases(measures: &Measures) -> Option<Statement> {
    let shares = measures.phases.iter();
    let shares = shares.filter_map(|one| Some((one.phase, one.share?)));
    let told: Vec<String> = shares
        .map(|(phase, share)| format!("{:.0} % in {phase}", share * 100.0))
        .collect();
    (!told.is_empty()).then(|| {
        statement(
            format!("From creation to finish the time lay {}.", told.join(", ")),
            format!("{} finished items", measures.flow.velocity.finished),
        )
    })
}

fn open(answer: Answer<'_>) -> Option<Statement> {
    let measures = answer.measures;
    let open = measures.open.iter();
    let open: Vec<&OpenItem> = open.filter(|one| one.state == State::InProgress).collect();
    let oldest = open.iter().max_by_key(|one| one.age)?;
    let count = |wanted| {
        open.iter()
            .filter(|one| one.condition == Some(wanted))
            .count()
    };
    let age = days(oldest.age.unwrap_or(0));
    Some(statement(
        format!(
            "Of {} in progress {} are blocked, {} are stale and {} are older than most were there; the oldest is {} with {age:.0} days.",
            open.len(),
            count(Condition::Blocked),
            count(Condition::Stale),
            count(Condition::Ageing),
            answer.snapshot.log().key(oldest.item),
        ),
        "each item counts once: blocked before stale before ageing".to_owned(),
    ))
}

fn signals(measures: &Measures) -> Option<Statement> {
    let signals = Signals::of(measures);
    let (baseline, last) = (signals.baseline?, signals.signals.last()?);
    let more = match signals.signals.len() {
        1 => String::new(),
        all => format!(" ({all} such weeks in all)"),
    };
    Some(statement(
        format!(
            "Throughput is not as steady as chance would have it: {} finished in {}, {}{more}.",
            last.finished,
            last.week,
            last.pattern.name().replace('_', " "),
        ),
        format!(
            "{:.1} a week on average, at most {:.1} by chance, from {} weeks",
            baseline.mean,
            baseline.upper(),
            baseline.n
        ),
    ))
}

/// How many are finished within [`AHEAD`] weeks, with the third of the confidences that people ask
/// for. How such forecasts did before is for the section on them: it takes longer than all else.
fn ahead(answer: Answer<'_>) -> Option<Statement> {
    let ahead = within(answer.snapshot, answer.measures, AHEAD).ok()?;
    let at = CONFIDENCES.iter().position(|p| *p == 85)?;
    Some(statement(
        format!(
            "{} or more will be finished by {}, with 85 % confidence.",
            ahead.items[at], ahead.day
        ),
        format!("drawn from {} working days", ahead.past.days().len()),
    ))
}
