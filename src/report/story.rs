//! One item's whole history as JSON: stays, blocks, and what every clock rule makes of it.

use serde_json::{Value, json};

use super::{Answer, place};
use crate::metrics::{ClockAnswer, StoryBlock, StoryVisit, story_by};
use crate::model::id::ItemIx;
use crate::model::stage::Class;
use crate::model::time::{Sec, days};

/// The history of an item of the answer's stream, as it is known at as-of; `None` if it is not of
/// the stream or not known then. Spans are days, instants RFC 3339; a block that lasts has no `to`.
pub fn story_json(answer: Answer<'_>, item: ItemIx) -> Option<Value> {
    let (snapshot, measures) = (answer.snapshot, answer.measures);
    let of = (answer.stream, item);
    let story = story_by(snapshot, of, measures.header.as_of, &measures.ruler)?;
    let status = story
        .status
        .and_then(|at| snapshot.log().statuses().get(at.index()));
    let visits = story.visits.iter().map(|one| visit(answer, one));
    let blocks = story.blocks.iter().map(block);
    let clocks = story.clocks.iter().map(clock);
    Some(json!({
        "state": story.state.name(),
        "status": status.map(|status| status.name.as_str()),
        "visits": visits.collect::<Vec<Value>>(),
        "blocks": blocks.collect::<Vec<Value>>(),
        "clocks": clocks.collect::<Vec<Value>>(),
    }))
}

fn visit(answer: Answer<'_>, one: &StoryVisit) -> Value {
    json!({
        "stage": place(answer.measures, one.position),
        "class": one.class.map(Class::name),
        "from": one.from.rfc3339(), "to": one.to.rfc3339(),
        "days": days(one.length), "blocked_days": days(one.blocked),
        "backward": one.backward,
    })
}

fn block(one: &StoryBlock) -> Value {
    json!({
        "reason": one.reason, "from": one.from.rfc3339(), "to": one.to.map(Sec::rfc3339),
        "days": days(one.length),
    })
}

fn clock(one: &ClockAnswer) -> Value {
    let spent = one.started.map(|_| one.spent);
    json!({
        "clock": one.rule.name(),
        "started": one.started.map(Sec::rfc3339), "finished": one.finished.map(Sec::rfc3339),
        "days": one.elapsed.map(days),
        "active_days": spent.map(|spent| days(spent.active)),
        "waiting_days": spent.map(|spent| days(spent.waiting)),
        "outside_days": spent.map(|spent| days(spent.outside)),
        "blocked_days": spent.map(|spent| days(spent.blocked)),
    })
}
