//! What the data does not say or says oddly, and what the link rules did.

use serde_json::{Map, Value};

use super::super::Answer;
use crate::model::link::LinkCount;
use crate::model::log::Log;

pub(super) fn quality(answer: Answer<'_>) -> Value {
    let quality = &answer.measures.quality;
    let disorder = quality.disorder;
    let log = answer.snapshot.log();
    let unmapped = quality.unmapped_statuses.iter();
    let unmapped = unmapped.map(|(status, count)| (status.clone(), Value::from(*count)));
    let links: Value = quality.links.iter().map(|one| link(log, one)).collect();
    object! {
        "unmapped_statuses": unmapped.collect::<Map<_, _>>(), "skipped_stages": quality.skipped_stages,
        "closed_without_work": quality.closed_without_work, "out_of_order": disorder.out_of_order,
        "before_creation": disorder.before_creation, "approximate": disorder.approximate,
        "links": links, "unlinked": quality.unlinked,
    }
}

/// What one link rule joined; the examples are the newest artefacts.
fn link(log: &Log, count: &LinkCount) -> Value {
    let joined = count.joined_example.map(
        |(artefact, owner)| object! { "item": log.key(artefact), "belongs_to": log.key(owner) },
    );
    let apart = count.apart_example.map(|artefact| log.key(artefact));
    object! {
        "from": count.from.as_str(), "to": count.to.as_str(),
        "artefacts": count.artefacts, "joined": count.joined, "unlinked": count.unlinked(),
        "joined_example": joined, "unlinked_example": apart,
    }
}
