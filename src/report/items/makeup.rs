//! What an item is made of, as JSON: its artefacts with their ties, and whence each visit came.

use serde_json::{Map, Value, json};

use super::super::Answer;
use crate::metrics::{StoryArtefact, StoryTie};
use crate::model::id::ItemIx;
use crate::model::log::Log;
use crate::model::timeline::{Position, Visit};

/// The keys `artefacts` (none if the item is one by itself) and `visits`.
pub(super) fn told(
    answer: Answer<'_>,
    (artefacts, visits): (Vec<StoryArtefact>, Vec<(Visit, ItemIx)>),
) -> Map<String, Value> {
    let log = answer.snapshot.log();
    let artefacts: Value = artefacts.iter().map(|one| artefact(log, one)).collect();
    let visits: Value = visits.iter().map(|one| visit(answer, *one)).collect();
    let keys = [("artefacts", artefacts), ("visits", visits)];
    keys.map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect()
}

fn artefact(log: &Log, artefact: &StoryArtefact) -> Value {
    let item = artefact.item;
    let status = artefact.status.map(|at| &log.statuses()[at.index()].name);
    let ties: Value = artefact.ties.iter().map(|one| tie(log, one)).collect();
    json!({
        "item": log.key(item), "source": source(log, item), "form": artefact.form.name(),
        "title": log.title(item), "status": status, "url": log.url(item), "belongs_to": ties,
    })
}

fn tie(log: &Log, tie: &StoryTie) -> Value {
    json!({
        "item": log.key(tie.owner), "source": source(log, tie.owner),
        "by": tie.by, "since": tie.since.rfc3339(),
    })
}

/// Outside the stages `stage` is `null`.
fn visit(answer: Answer<'_>, (visit, origin): (Visit, ItemIx)) -> Value {
    let log = answer.snapshot.log();
    let stage = match visit.position {
        Position::Stage(stage) => answer.measures.stages.get(stage.index()),
        _ => None,
    };
    json!({
        "stage": stage.map(|stage| &stage.name),
        "from": visit.from.rfc3339(), "to": visit.to.rfc3339(),
        "item": log.key(origin), "source": source(log, origin),
    })
}

fn source(log: &Log, item: ItemIx) -> &str {
    log.sources()
        .get(log.source_of(item).index())
        .map_or("", |name| name.as_str())
}
