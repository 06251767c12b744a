//! Issues: open, closed, and where they stand on a board.

use serde_json::Value;

use super::super::super::story::{Tale, Turn};
use super::super::wire::{referenced, text};
use super::Reader;
use super::timeline::{Happening, Timeline};
use crate::model::event::{Change, fact};
use crate::model::time::Millis;

/// The statuses of an issue that is on no board.
pub(super) const OPEN: &str = "open";
pub(super) const CLOSED: &str = "closed";

/// An issue, its item on the board, and the name of its type.
pub(super) type Told<'a> = (&'a Value, Option<&'a Value>, Option<&'a str>);

impl Reader<'_> {
    /// All that only issues have.
    pub(super) fn issue(
        &self,
        tale: &mut Tale,
        (node, item, kind): Told<'_>,
        timeline: &Timeline<'_>,
        updated: Option<Millis>,
    ) {
        if self.board.is_some() {
            self.board_statuses(tale, item, timeline);
        } else {
            let turns = open_and_closed(timeline);
            let now = text(node, "/issueState").map(str::to_lowercase);
            tale.statuses(now.as_deref(), &turns, updated.unwrap_or(Millis(0)));
        }
        let is_incident = self.is_incident(node, timeline);
        let kind = if is_incident {
            "incident"
        } else {
            kind.unwrap_or("issue")
        };
        self.fixed(tale, "type", Some(fact::TYPE), kind);
        if is_incident {
            incident(tale, node, timeline);
        }
        self.resolutions(tale, timeline);
        self.parents(tale, node, timeline);
    }

    /// Why it was closed; reopened, it is for no reason.
    fn resolutions(&self, tale: &mut Tale, timeline: &Timeline<'_>) {
        let Some(fact) = self.facts.of(&["state_reason"], Some(fact::RESOLUTION)) else {
            return;
        };
        let mut held = None;
        let mut turns = Vec::new();
        for event in timeline.each() {
            let new = match event.what {
                "ClosedEvent" => event.text("/stateReason").map(|reason| in_words(&reason)),
                "ReopenedEvent" => None,
                _ => continue,
            };
            if new != held {
                turns.push(Turn {
                    moment: event.moment("resolution", 1),
                    old: std::mem::replace(&mut held, new.clone()),
                    new,
                });
            }
        }
        tale.course("resolution", &fact, None, &turns);
    }

    fn parents(&self, tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
        let Some(fact) = self.facts.of(&["parent"], Some(fact::PARENT)) else {
            return;
        };
        let mut held = None;
        let mut turns = Vec::new();
        for event in timeline.each() {
            let parent = referenced(event.value, "/parent");
            let (old, new) = match event.what {
                "ParentIssueAddedEvent" => (held.clone(), parent),
                "ParentIssueRemovedEvent" => (parent, None),
                _ => continue,
            };
            held.clone_from(&new);
            let moment = event.moment("parent", 0);
            turns.push(Turn { moment, old, new });
        }
        tale.course("parent", &fact, referenced(node, "/parent"), &turns);
    }
}

/// An incident lasts from its creation until it is closed, and again when it is reopened.
fn incident(tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
    tale.begins_with("incident", Change::IncidentOpened);
    let mut is_over = false;
    for event in timeline.each() {
        let ends = match event.what {
            "ClosedEvent" => true,
            "ReopenedEvent" => false,
            _ => continue,
        };
        if ends != is_over {
            is_over = ends;
            let change = if ends {
                Change::IncidentResolved
            } else {
                Change::IncidentOpened
            };
            tale.happened(&event.moment("incident", 2), change);
        }
    }
    let is_closed = text(node, "/issueState") == Some("CLOSED");
    if is_closed != is_over {
        tale.odd("its timeline does not say when the incident ended");
    }
}

/// `NOT_PLANNED` as people say it.
fn in_words(reason: &str) -> String {
    reason.to_lowercase().replace('_', " ")
}

/// Each time it was closed or reopened.
pub(super) fn open_and_closed(timeline: &Timeline<'_>) -> Vec<Turn> {
    let mut held = OPEN;
    let mut turns = Vec::new();
    for event in timeline.each() {
        let Some(new) = state_after(event).filter(|new| *new != held) else {
            continue;
        };
        turns.push(Turn {
            moment: event.moment("status", 0),
            old: Some(held.to_owned()),
            new: Some(new.to_owned()),
        });
        held = new;
    }
    turns
}

pub(super) fn state_after(event: &Happening<'_>) -> Option<&'static str> {
    match event.what {
        "ClosedEvent" => Some(CLOSED),
        "ReopenedEvent" => Some(OPEN),
        _ => None,
    }
}
