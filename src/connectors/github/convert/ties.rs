//! What issues and pull requests have to do with each other.

use std::collections::BTreeSet;

use super::super::super::story::Tale;
use super::super::wire::{is_true, referenced, text};
use super::timeline::{Happening, Timeline};
use crate::model::event::Change;

/// Tells the ties that the timeline holds.
pub(super) fn tell(tale: &mut Tale, timeline: &Timeline<'_>) {
    let mut told = BTreeSet::new();
    for event in timeline.each() {
        let Some((kind, to)) = tie(event, tale.item()) else {
            continue;
        };
        let change = if event.what == "DisconnectedEvent" {
            told.remove(&(kind, to.clone()));
            Change::Unlinked {
                kind: kind.to_owned(),
                to,
            }
        } else if told.insert((kind, to.clone())) {
            Change::Linked {
                kind: kind.to_owned(),
                to,
            }
        } else {
            continue;
        };
        tale.happened(&event.moment("link", 0), change);
    }
}

fn tie(event: &Happening<'_>, own: &str) -> Option<(&'static str, String)> {
    let kind = match event.what {
        "CrossReferencedEvent" => crossing(event),
        "ConnectedEvent" | "DisconnectedEvent" => "connected",
        "MarkedAsDuplicateEvent" => "duplicates",
        _ => return None,
    };
    let ends = ["/source", "/subject", "/canonical"].map(|at| referenced(event.value, at));
    let other = ends.into_iter().flatten().find(|end| end != own)?;
    Some((kind, other))
}

/// A pull request that will close the issue when it is merged says so; others only speak of it.
fn crossing(event: &Happening<'_>) -> &'static str {
    let is_pull = text(event.value, "/source/__typename") == Some("PullRequest");
    if is_pull && is_true(event.value, "/willCloseTarget") {
        "closed by"
    } else {
        "mentioned by"
    }
}
