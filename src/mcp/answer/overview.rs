//! What there is, and what holds it back.

use serde_json::{Value, json};

use super::super::{Ground, Scope};
use super::{answers, joined};
use crate::metrics::StageMeasures;
use crate::model::health::{SourceHealth, SyncPhase};
use crate::model::time::Millis;
use crate::report::{Answer, Section, stream_json};

/// Every stream with its stages, and how the sources are doing.
pub(super) fn streams(ground: &dyn Ground, scope: &Scope) -> Result<Value, String> {
    let measured = ground.measure(scope)?;
    let streams = answers(&measured, None).into_iter().map(stream);
    let sections: Vec<&str> = Section::ALL.iter().map(|one| one.name()).collect();
    let sources = ground.sources();
    let sources: Vec<Value> = sources.iter().map(source).collect();
    Ok(json!({
        "schema": 1, "streams": streams.collect::<Vec<Value>>(), "sources": sources,
        "sections": sections,
    }))
}

fn stream(answer: Answer<'_>) -> Value {
    let mut found = stream_json(answer, &[Section::Items]);
    let stages = answer.measures.stages.iter().map(stage);
    found["stages"] = stages.collect();
    let constraint = answer.measures.bottleneck.constraint;
    let name = constraint.and_then(|stage| answer.measures.stages.get(stage.index()));
    found["constraint"] = json!(name.map(|stage| stage.name.as_str()));
    found
}

fn stage(one: &StageMeasures) -> Value {
    json!({
        "name": one.name, "phase": one.phase.name(), "class": one.class.name(),
        "limit": one.limit, "load": one.load,
    })
}

fn source(one: &SourceHealth) -> Value {
    let doing = match &one.phase {
        SyncPhase::Idle { .. } => "waits for its next poll".to_owned(),
        SyncPhase::Syncing(read) => format!("is being read, {} items so far", read.done),
        SyncPhase::Followed { by: Some(by) } => format!("is polled by {by}"),
        SyncPhase::Followed { by: None } => "is polled by nobody".to_owned(),
    };
    let trouble = one.trouble.as_ref().map(|one| one.what.as_str());
    json!({
        "source": one.source.as_str(), "doing": doing,
        "last_read": one.last_success.map(Millis::rfc3339), "trouble": trouble,
        "records_left_out": one.oddity_count,
    })
}

/// The section of the report, with the numbers of the stage that is the constraint.
pub(super) fn bottleneck(ground: &dyn Ground, scope: &Scope) -> Result<Value, String> {
    let measured = ground.measure(scope)?;
    let told = answers(&measured, None).into_iter().map(constrained);
    Ok(joined(told.collect()))
}

fn constrained(answer: Answer<'_>) -> Value {
    let mut found = stream_json(answer, &[Section::Bottleneck]);
    let stages = stream_json(answer, &[Section::Stages]);
    let name = &found["bottleneck"]["constraint"];
    let mut all = stages["stages"].as_array().into_iter().flatten();
    let own = all.find(|stage| !name.is_null() && stage["name"] == *name);
    found["constraint_stage"] = json!(own);
    found
}
