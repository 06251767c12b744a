//! The report as JSON, schema 1. A value that cannot be known is `null`, and `notes` says why.

/// An object of names and values. It takes each value as it is, where `json!` copies what is itself an
/// object or a list.
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {
        serde_json::Value::Object(serde_json::Map::from_iter([
            $(($name.to_owned(), serde_json::Value::from($value))),*
        ]))
    };
}

mod forecast;
mod further;
mod impact;
mod lens;
mod quality;
mod written;

pub use written::json_text;

use serde_json::{Map, Value};

use super::findings::statements;
use super::{Answer, Section, reason};
use crate::metrics::{
    Bottleneck, CumulativeFlow, DaysLeft, Distribution, Flow, FlowTime, Handoffs, ItemCounts,
    Measures, NamedClockTimes, OpenItem, PERCENTILES, Percentiles, PhaseShare, Remaining, Share,
    StageMeasures, Visited, WeekCount, all,
};
use crate::model::log::Log;
use crate::model::stage::{Condition, State};
use crate::model::time::{TimeRule, days};

/// Reasons for null values, by JSON pointer.
#[derive(Default)]
pub(super) struct Notes(Map<String, Value>);

impl Notes {
    pub(super) fn add(&mut self, pointer: &str, reason: &str) {
        self.0.insert(pointer.to_owned(), Value::from(reason));
    }
}

/// What an entry of a list is called by, if it has a name.
pub(super) fn called(entry: &Value) -> Option<&str> {
    const NAMES: [&str; 6] = ["name", "stage", "phase", "item", "week", "date"];
    NAMES.iter().find_map(|key| entry.get(key)?.as_str())
}

/// The version of what the report says as JSON.
const SCHEMA: u8 = 1;

/// Items that are written together: enough for a thread of their own, and few to be held in memory.
const LOT: usize = 2_000;

/// The report of one stream.
pub fn stream_json(answer: Answer<'_>, sections: &[Section]) -> Value {
    let mut report = Map::new();
    report.insert("schema".to_owned(), Value::from(SCHEMA));
    report.extend(head(answer));
    let told = all(sections, |section| {
        let mut notes = Notes::default();
        (section_json(*section, answer, &mut notes), notes)
    });
    let mut all_notes = Map::new();
    for (section, (value, notes)) in sections.iter().zip(told) {
        report.insert(section.name().to_owned(), value);
        all_notes.extend(notes.0);
    }
    report.insert("notes".to_owned(), Value::Object(all_notes));
    Value::Object(report)
}

/// What is asked of which stream.
fn head(answer: Answer<'_>) -> Map<String, Value> {
    let measures = answer.measures;
    let header = measures.header;
    let mut head = Map::new();
    let mut put = |key: &str, value: Value| head.insert(key.to_owned(), value);
    put("stream", Value::from(measures.stream.as_str()));
    put("as_of", Value::from(header.as_of.rfc3339()));
    put("time_zone", Value::from(answer.snapshot.zone().name()));
    put("clock", Value::from(header.clock.name()));
    put("time", Value::from(header.time.name()));
    if header.time == TimeRule::Working {
        let calendar = &answer.snapshot.settings().calendar;
        put("calendar", Value::from(calendar.to_string()));
    }
    let (from, to) = (header.window.from.rfc3339(), header.window.to.rfc3339());
    put("window", object! { "from": from, "to": to });
    head
}

fn section_json(section: Section, answer: Answer<'_>, notes: &mut Notes) -> Value {
    let measures = answer.measures;
    match section {
        Section::Findings => findings(answer),
        Section::Items => items(&measures.items),
        Section::Flow => flow(answer, notes),
        Section::Phases => phases(&measures.phases, notes),
        Section::Stages => stages(answer, notes),
        Section::Bottleneck => bottleneck(&measures.bottleneck, &measures.stages, notes),
        Section::Throughput => measures.throughput.iter().map(week).collect(),
        Section::Cfd => cumulative_flow(&measures.cumulative_flow, &measures.stages),
        Section::Ageing => ageing(answer, notes, |items| items)
            .into_iter()
            .flatten()
            .collect(),
        Section::Handoffs => handoffs(&measures.handoffs),
        Section::Clocks => clocks(&measures.named_clocks, notes),
        Section::Lens => lens::lens(answer, notes),
        Section::Forecast => forecast::forecast_json(answer, notes),
        Section::Impact => impact::impact_json(answer, notes),
        Section::Quality => quality::quality(answer),
        Section::WipAge => further::wip_age(measures, notes),
        Section::Sle => further::expectations(measures, notes),
        Section::Waste => further::waste(answer),
        Section::Limits => further::limits(measures, notes),
        Section::Behaviour => further::behaviour(measures, notes),
        Section::LittlesLaw => further::littles_law(measures, notes),
        Section::FlowDebt => further::flow_debt(measures, notes),
        Section::Signals => further::signals(measures, notes),
    }
}

fn findings(answer: Answer<'_>) -> Value {
    let told = statements(answer).into_iter();
    told.map(|one| object! { "says": one.says, "evidence": one.evidence })
        .collect()
}

fn items(items: &ItemCounts) -> Value {
    object! {
        "total": items.total, "backlog": items.backlog, "in_progress": items.in_progress,
        "done": items.done, "cancelled": items.cancelled, "deleted": items.deleted,
        "unmapped": items.unmapped,
    }
}

fn flow(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let flow = &answer.measures.flow;
    if flow.time.is_none() {
        notes.add("/flow/time", reason::NOTHING_WITH_START);
    }
    object! {
        "time": flow_time(flow.time.as_ref()),
        "velocity": object! { "finished": flow.velocity.finished, "per_week": flow.velocity.per_week },
        "load": flow.load,
        "efficiency": efficiency(answer.measures, flow, notes),
        "distribution": distribution(&answer.measures.distribution),
    }
}

fn flow_time(time: Option<&FlowTime>) -> Value {
    let mut object = Map::new();
    object.insert(
        "n".to_owned(),
        Value::from(time.map_or(0, |time| time.percentiles.n)),
    );
    for (at, p) in PERCENTILES.iter().enumerate() {
        let value = time.map(|time| days(time.percentiles.values[at]));
        object.insert(format!("p{p}_days"), Value::from(value));
    }
    let mean = time.map(|time| time.mean / 86_400.0);
    object.insert("mean_days".to_owned(), Value::from(mean));
    Value::Object(object)
}

fn efficiency(measures: &Measures, flow: &Flow, notes: &mut Notes) -> Value {
    let Some(efficiency) = flow.efficiency else {
        notes.add("/flow/efficiency", reason::no_efficiency(measures));
        return Value::Null;
    };
    object! {
        "ratio": efficiency.ratio(), "active_days": days(efficiency.active),
        "waiting_days": days(efficiency.waiting), "n": efficiency.n,
    }
}

fn distribution(distribution: &Distribution) -> Value {
    let by_kind = |shares: &[Share]| {
        let name = |share: &Share| share.kind.clone().unwrap_or_else(|| "unknown".to_owned());
        let counts = shares
            .iter()
            .map(|share| (name(share), Value::from(share.count)));
        Value::Object(counts.collect())
    };
    object! {
        "finished": by_kind(&distribution.finished),
        "in_progress": by_kind(&distribution.in_progress),
    }
}

fn phases(phases: &[PhaseShare], notes: &mut Notes) -> Value {
    let phase = |(at, share): (usize, &PhaseShare)| {
        if share.share.is_none() {
            notes.add(&format!("/phases/{at}/share"), reason::NO_STAGE_TIME);
        }
        object! { "phase": share.phase.name(), "share": share.share, "days": days(share.seconds) }
    };
    phases.iter().enumerate().map(phase).collect()
}

fn stages(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let measures = answer.measures;
    let visited = measures.visited(answer.snapshot, answer.stream);
    let stage = |(at, (stage, visited)): (usize, (&StageMeasures, Visited))| {
        let unknown = [
            (stage.limit.is_none(), "limit", reason::NO_LIMIT),
            (stage.oldest.is_none(), "oldest_days", reason::EMPTY_STAGE),
            (
                stage.wait_share.is_none(),
                "wait_share",
                reason::NOTHING_WAITED,
            ),
            (stage.time.is_none(), "time_days", reason::NOTHING_LEFT),
            (stage.pace.is_none(), "pace_days", reason::NO_BAND),
        ];
        for (_, key, reason) in unknown.iter().filter(|(unknown, ..)| *unknown) {
            notes.add(&format!("/stages/{at}/{key}"), reason);
        }
        stage_json(stage, visited)
    };
    let stages = measures.stages.iter().zip(visited);
    stages.enumerate().map(stage).collect()
}

fn stage_json(stage: &StageMeasures, visited: Visited) -> Value {
    let pace = stage.pace.map(|band| percentiles(&band));
    object! {
        "name": stage.name.as_str(), "phase": stage.phase.name(), "class": stage.class.name(),
        "load": stage.load, "limit": stage.limit, "oldest_days": stage.oldest.map(days),
        "arrivals": stage.arrivals, "departures": stage.departures,
        "blocked": stage.blocked, "stale": stage.stale, "past_p85": stage.past_p85,
        "wait_share": stage.wait_share, "waiting_days": days(stage.waiting),
        "time_days": stage.time.map(|time| with_n(percentiles(&time.values), &time)),
        "pace_days": pace, "pace_n": stage.pace_n,
    "visits": visited.visits, "total_days": days(visited.total),
    }
}

fn percentiles(values: &[i64; 4]) -> Map<String, Value> {
    let named = PERCENTILES.iter().zip(values);
    named
        .map(|(p, value)| (format!("p{p}"), Value::from(days(*value))))
        .collect()
}

fn with_n(mut object: Map<String, Value>, of: &Percentiles) -> Map<String, Value> {
    object.insert("n".to_owned(), Value::from(of.n));
    object
}

fn bottleneck(bottleneck: &Bottleneck, stages: &[StageMeasures], notes: &mut Notes) -> Value {
    let name = |stage: crate::model::id::StageIx| stages[stage.index()].name.as_str();
    if bottleneck.constraint.is_none() {
        notes.add("/bottleneck/constraint", reason::NO_CONSTRAINT);
        notes.add("/bottleneck/score", reason::NO_CONSTRAINT);
    }
    let lead = bottleneck
        .ranking
        .first()
        .filter(|_| bottleneck.constraint.is_some());
    let ranking: Vec<Value> = bottleneck
        .ranking
        .iter()
        .map(|ranked| {
            let evidence = ranked.evidence;
            object! {
                "stage": name(ranked.stage), "score": ranked.score, "growth": evidence.growth,
                "wait": evidence.waiting, "ageing": evidence.ageing, "starving": evidence.starving,
                "pressure": evidence.pressure,
            }
        })
        .collect();
    object! {
        "constraint": bottleneck.constraint.map(name), "score": lead.map(|lead| lead.score),
        "why": bottleneck.why.as_str(), "ranking": ranking,
    }
}

fn week(week: &WeekCount) -> Value {
    object! {
        "week": week.week.to_string(), "arrived": week.arrived, "departed": week.departed,
        "finished": week.finished,
        "partial": week.partial,
    }
}

fn cumulative_flow(flow: &CumulativeFlow, stages: &[StageMeasures]) -> Value {
    let by_name = |counts: &[u64]| -> Map<String, Value> {
        let named = stages.iter().zip(counts);
        named
            .map(|(stage, count)| (stage.name.clone(), Value::from(*count)))
            .collect()
    };
    let day = |day: &crate::metrics::CfdDay| {
        let mut snapshot = by_name(&day.snapshot);
        let elsewhere = [
            ("cancelled", day.cancelled),
            ("deleted", day.deleted),
            ("unmapped", day.unmapped),
        ];
        snapshot.extend(elsewhere.map(|(name, count)| (name.to_owned(), Value::from(count))));
        object! { "date": day.day.to_string(), "reached": by_name(&day.reached), "snapshot": snapshot }
    };
    flow.days.iter().map(day).collect()
}

/// The items in progress, the oldest first, some at a time: what `told` makes of each lot.
fn ageing<T: Send>(
    answer: Answer<'_>,
    notes: &mut Notes,
    told: impl Fn(Vec<Value>) -> T + Sync,
) -> Vec<T> {
    let measures = answer.measures;
    let open = measures.open.iter();
    let mut open: Vec<&OpenItem> = open.filter(|one| one.state == State::InProgress).collect();
    open.sort_by_key(|one| (-one.age.unwrap_or(0), one.item));
    let remaining = Remaining::of(answer.snapshot, answer.stream, measures.header);
    let lots: Vec<(usize, &[&OpenItem])> = (0..).step_by(LOT).zip(open.chunks(LOT)).collect();
    let told = all(&lots, |(from, lot)| {
        let mut notes = Notes::default();
        let items = (*from..).zip(*lot).map(|(at, one)| {
            let mut item = ageing_item(one, answer.snapshot.log(), measures);
            let place = format!("/ageing/{at}");
            if one.pace.is_none() {
                notes.add(&format!("{place}/pace"), reason::NO_PACE);
            }
            let left = remaining.left(one.stage, one.age.unwrap_or(0));
            add_days_left(&mut item, left, &place, &mut notes);
            item
        });
        (told(items.collect()), notes)
    });
    let told = told.into_iter().map(|(told, own)| {
        notes.0.extend(own.0);
        told
    });
    told.collect()
}

/// What blocks an item is there only while something does.
fn ageing_item(one: &OpenItem, log: &Log, measures: &Measures) -> Value {
    let mut item = object! {
        "item": log.key(one.item), "stage": measures.stages[one.stage.index()].name.as_str(),
        "age_days": one.age.map(days), "in_stage_days": days(one.in_stage),
        "pace": one.pace, "condition": one.condition.map(Condition::name),
    };
    if let Some(block) = &one.block {
        item["blocked_by"] = Value::from(block.reason.as_str());
    }
    item
}

/// What the item that stands at `place` of the report has left.
fn add_days_left(item: &mut Value, left: DaysLeft, place: &str, notes: &mut Notes) {
    for (key, value) in [("days_left_p50", left.p50), ("days_left_p85", left.p85)] {
        if value.is_none() {
            notes.add(&format!("{place}/{key}"), left.reason());
        }
        item[key] = Value::from(value.map(days));
    }
    item["days_left_n"] = Value::from(left.n);
}

fn handoffs(handoffs: &Handoffs) -> Value {
    let between: Vec<Value> = handoffs
        .between
        .iter()
        .map(|one| object! { "from": one.from.as_str(), "to": one.to.as_str(), "count": one.count, "wait_days": days(one.wait) })
        .collect();
    object! { "moves": handoffs.moves, "backward": handoffs.backward, "between": between }
}

fn clocks(clocks: &[NamedClockTimes], notes: &mut Notes) -> Value {
    let clock = |(at, clock): (usize, &NamedClockTimes)| {
        if clock.time.is_none() {
            let place = format!("/clocks/{at}/time_days");
            notes.add(&place, reason::CLOCK_DID_NOT_STOP);
        }
        let times = clock
            .time
            .map(|time| with_n(percentiles(&time.values), &time));
        object! { "clock": clock.name.as_str(), "time_days": times }
    };
    clocks.iter().enumerate().map(clock).collect()
}
