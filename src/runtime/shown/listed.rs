//! Rows of what no report tells: the sources, a walk, the times by stage, the streams, the days
//! ahead.

use serde_json::{Map, Value, json};

use crate::app::{Data, Outcome, Said, Walk};
use crate::metrics::{Called, Concern, Efficiency, Spread, StreamSummary};
use crate::model::health::{SourceHealth, SyncPhase};
use crate::model::time::{Millis, days};
use crate::simulate::forecast::{FAN, OutlookDay};

/// A row by the names of its columns.
pub(super) type Row = Map<String, Value>;

fn row<const N: usize>(cells: [(&str, Value); N]) -> Row {
    let cells = cells.map(|(name, value)| (name.to_owned(), value));
    cells.into_iter().collect()
}

/// A stream beside others.
pub(super) fn stream(one: &StreamSummary) -> Row {
    let flow = &one.flow;
    let [p50, p85] = [0, 2].map(|at| {
        let time = flow.time.as_ref();
        time.map(|time| days(time.percentiles.values[at]))
    });
    let kinds = one.finished.iter().map(|share| {
        let kind = share.kind.as_deref().unwrap_or("no kind");
        (kind.to_owned(), json!(share.count))
    });
    row([
        ("stream", json!(one.name)),
        ("items", json!(one.items)),
        ("flow_time_p50_days", json!(p50)),
        ("flow_time_p85_days", json!(p85)),
        ("finished", json!(flow.velocity.finished)),
        ("per_week", json!(flow.velocity.per_week)),
        ("load", json!(flow.load)),
        (
            "efficiency",
            json!(flow.efficiency.as_ref().and_then(Efficiency::ratio)),
        ),
        ("constraint", json!(one.constraint)),
        ("finished_by_kind", Value::Object(kinds.collect())),
    ])
}

/// A day ahead.
pub(super) fn day_ahead(day: &OutlookDay) -> Row {
    let mut cells = row([("date", json!(day.day.to_string()))]);
    for (confidence, items) in FAN.iter().zip(day.items) {
        cells.insert(format!("items_p{confidence}"), json!(items));
    }
    cells.insert("odds_of_all".to_owned(), json!(day.chance.share()));
    cells
}

/// The stages with the time that finished items spent in them.
pub(super) fn stage_times(data: &Data) -> Vec<Row> {
    let times = data.asides.stage_times.known();
    let stages = data.stages_with_times().into_iter();
    let told = stages.filter_map(|at| {
        let spread = times?.of_stage(at)?.spread;
        let value = |of: usize| spread.map(|spread: Spread| days(spread.values[of]));
        Some(row([
            ("stage", json!(data.measures.stages.get(at)?.name)),
            ("n", json!(spread.map_or(0, |spread| spread.n))),
            ("p5_days", json!(value(0))),
            ("p25_days", json!(value(1))),
            ("p50_days", json!(value(2))),
            ("p75_days", json!(value(3))),
            ("p95_days", json!(value(4))),
        ]))
    });
    told.collect()
}

/// A source and how it is.
pub(super) fn source(one: &SourceHealth) -> Row {
    let at = |instant: Option<Millis>| instant.map(Millis::rfc3339);
    let doing = match &one.phase {
        SyncPhase::Idle { .. } => "waits",
        SyncPhase::Syncing(_) => "reads",
        SyncPhase::Followed { .. } => "read elsewhere",
    };
    let trouble = one.trouble.as_ref();
    row([
        ("source", json!(one.source.as_str())),
        ("doing", json!(doing)),
        ("last_read", json!(at(one.last_success))),
        ("requests", json!(one.requests)),
        ("left_out", json!(one.oddity_count)),
        ("trouble", json!(trouble.map(|trouble| &trouble.what))),
        ("since", json!(at(trouble.map(|trouble| trouble.since)))),
        ("what_to_do", json!(trouble.map(|trouble| &trouble.hint))),
        (
            "next_try",
            json!(at(trouble.and_then(|trouble| trouble.next_try))),
        ),
    ])
}

/// The items of a walk, as far as it is walked, with what was said.
pub(super) fn walk(walk: &Walk) -> Vec<Row> {
    let items = walk.standup.items.iter().zip(&walk.said);
    let walked = items.take(walk.count());
    walked
        .map(|(called, said)| item(walk, called, said))
        .collect()
}

fn item(walk: &Walk, called: &Called, said: &Said) -> Row {
    let (log, open) = (walk.data.snapshot.log(), &called.open);
    let stage = walk.data.measures.stages.get(open.stage.index());
    let why = match called.concern {
        Concern::Blocked => "blocked",
        Concern::OverPace => "over its pace band",
        Concern::Stale => "stale",
        Concern::Expedite => "expedite",
        Concern::Fine => "",
    };
    let outcome = match said.outcome {
        Outcome::Open => "",
        Outcome::Spoken => "spoken of",
        Outcome::Skipped => "skipped",
        Outcome::Parked => "parked",
    };
    row([
        ("item", json!(log.key(open.item))),
        ("title", json!(log.title(open.item))),
        ("stage", json!(stage.map(|stage| &stage.name))),
        ("why", json!(why)),
        ("age_days", json!(open.age.map(days))),
        ("outcome", json!(outcome)),
        ("owner", json!(said.owner)),
        ("next_step", json!(said.step)),
        ("note", json!(said.note)),
        ("seconds", json!(said.seconds)),
        ("url", json!(log.url(open.item))),
    ])
}
