//! The agenda for programs.

use serde_json::{Value, json};

use super::super::place;
use super::{Agenda, assignee, blocked_days, side};
use crate::metrics::{Called, Changed, Concern, Since};
use crate::model::time::days;
use crate::model::timeline::Position;

/// The agenda of one stream: all changes, all items in progress in order. Spans are days, instants
/// RFC 3339; what is not known is null.
pub fn standup_json(agenda: Agenda<'_>) -> Value {
    let standup = agenda.standup;
    let changes = standup.changes.iter().map(|one| changed(agenda, one));
    let items = standup.items.iter().map(|one| called(agenda, one));
    json!({
        "schema": 1,
        "stream": agenda.answer.measures.stream,
        "as_of": standup.as_of.rfc3339(),
        "since": standup.since.at().rfc3339(),
        "walked_before": matches!(standup.since, Since::LastWalk(_)),
        "changes": changes.collect::<Vec<Value>>(),
        "items": items.collect::<Vec<Value>>(),
    })
}

fn changed(agenda: Agenda<'_>, one: &Changed) -> Value {
    let (log, measures) = (agenda.answer.snapshot.log(), agenda.answer.measures);
    json!({
        "item": log.key(one.item),
        "title": log.title(one.item),
        "news": one.news.name(),
        "at": one.at.rfc3339(),
        "from": one.from.map(|from| place(measures, from)),
        "to": place(measures, one.to),
    })
}

fn concern(concern: Concern) -> Option<&'static str> {
    match concern {
        Concern::Blocked => Some("blocked"),
        Concern::OverPace => Some("over_pace"),
        Concern::Stale => Some("stale"),
        Concern::Expedite => Some("expedite"),
        Concern::Fine => None,
    }
}

fn called(agenda: Agenda<'_>, one: &Called) -> Value {
    let (log, measures) = (agenda.answer.snapshot.log(), agenda.answer.measures);
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let reason = one.open.block.as_ref().map(|block| block.reason.as_str());
    json!({
        "item": log.key(one.open.item),
        "title": log.title(one.open.item),
        "concern": concern(one.concern),
        "stage": place(measures, Position::Stage(one.open.stage)),
        "age_days": one.open.age.map(days),
        "in_stage_days": days(one.open.in_stage),
        "band_days": measures.pace.p85(one.open.stage).map(days),
        "blocked_days": blocked_days(agenda, one),
        "blocked_reason": reason.and_then(known),
        "assignee": known(assignee(agenda, one)),
        "side": known(side(agenda, one)),
        "days_left_p50": one.left.p50.map(days),
        "days_left_p85": one.left.p85.map(days),
    })
}
