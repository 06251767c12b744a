//! The statuses an issue went through.

use std::collections::BTreeSet;

use super::super::names::{Names, Sort};
use super::super::wire::Issue;
use super::step::{self, Step};
use super::{Birth, Story};
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

/// The creation and every move.
pub(super) fn events(
    issue: &Issue,
    created: Millis,
    steps: &[Step],
    story: &mut Story,
) -> Vec<Event> {
    let steps = moves(steps);
    let status = first(issue, &steps);
    if status.is_none() {
        story.odd(issue, "it does not say which status it is in");
    }
    let mut last = status.clone();
    let mut events = vec![Birth::event(
        "created",
        created,
        0,
        Change::Created { status },
    )];
    for step in &steps {
        match step.delta.new.clone() {
            Some(to) => {
                last = Some(to.clone());
                events.push(step.event(Change::Moved { to }));
            }
            None => story.odd(
                issue,
                format!("its change {} leads to no status", step.id()),
            ),
        }
    }
    events.extend(reconciled(
        issue,
        steps.last().copied(),
        last.as_deref(),
        story,
    ));
    events
}

/// Ids of the statuses that journals and events speak of and nobody names.
pub(super) fn unnamed(events: &[Event], steps: &[Step], names: &Names) -> BTreeSet<String> {
    let entered = events.iter().filter_map(|event| match &event.change {
        Change::Created { status } => status.clone(),
        Change::Moved { to } => Some(to.clone()),
        _ => None,
    });
    let left = moves(steps)
        .into_iter()
        .filter_map(|step| step.delta.old.clone());
    entered
        .chain(left)
        .filter(|id| !id.parse().is_ok_and(|id| names.knows(Sort::Status, id)))
        .collect()
}

fn moves(steps: &[Step]) -> Vec<&Step> {
    let moves = steps.iter().filter(|step| step.is_of("attr", "status_id"));
    moves.collect()
}

fn first(issue: &Issue, moves: &[&Step]) -> Option<String> {
    let old = moves.first().and_then(|step| step.delta.old.clone());
    old.or_else(|| now(issue))
}

fn now(issue: &Issue) -> Option<String> {
    issue.named("status").map(|status| status.id.to_string())
}

/// A status changed past Redmine (by a script on its database) leaves no journal: the issue is then
/// in another status than its journals lead to, since its last update at the latest.
fn reconciled(
    issue: &Issue,
    last_move: Option<&Step>,
    last: Option<&str>,
    story: &mut Story,
) -> Option<Event> {
    let (now, at) = (now(issue)?, issue.instant("updated_on")?);
    // A journal later than the issue's own update: the issue changed while it was read.
    let is_newer = last_move.is_some_and(|step| step.at > at);
    if is_newer || last? == now {
        return None;
    }
    story.odd(
        issue,
        format!(
            "it is in status {now}, but its journals end in status {}; the move is set at its last update",
            last?
        ),
    );
    // Not by the time of the update, which comes later each time the issue is read.
    let id = format!("now.{now}.{}", last_move.map_or_else(String::new, Step::id));
    let seq = last_move.map_or(step::FIRST_SEQ, Step::seq) + 1;
    Some(Event {
        approximate: true,
        ..Birth::event(&id, at, seq, Change::Moved { to: now })
    })
}
