//! From what GitHub tells of an artefact to its history. Total: what cannot be used is listed.

mod board;
mod deployment;
mod issue;
mod labels;
mod mentions;
mod pull;
mod ties;
mod timeline;

use serde_json::Value;

use super::super::facts::{FactMap, value_of};
use super::super::story::{Story, Tale, Turn};
use super::wire::{instant, text};
use crate::model::event::fact;
use crate::model::time::Millis;
pub(crate) use deployment::{Brought, Run};
use timeline::Timeline;

/// What is needed to understand an artefact.
pub(super) struct Reader<'a> {
    /// Which field is which fact.
    pub(super) facts: &'a FactMap,
    /// The repository whose keys need not name it: the only one of the source.
    pub(super) lone: Option<&'a str>,
    /// Labels that make an issue an incident.
    pub(super) incidents: &'a [String],
    /// The node id of the project whose statuses count.
    pub(super) board: Option<&'a str>,
}

/// An issue or a pull request, whole.
#[derive(Debug)]
pub(crate) struct Found {
    pub(super) node: Value,
    /// The name of its type, where the list told it.
    pub(super) kind: Option<String>,
    /// Its item in the project.
    pub(super) item: Option<Value>,
    /// GitHub's clock when it was read.
    pub(super) read: Option<Millis>,
}

impl Reader<'_> {
    /// The history of an issue or a pull request.
    pub(super) fn story(&self, id: &str, found: &Found) -> Story {
        let is_pull = text(&found.node, "/__typename") == Some("PullRequest");
        let noun = if is_pull { "pull request" } else { "issue" };
        let Some(born) = instant(&found.node, "/createdAt") else {
            return Tale::untold(id, noun, "it does not say when it was created");
        };
        let mut tale = Tale::new(id, noun, born);
        let timeline = Timeline::read(&found.node);
        for _ in 0..timeline.undated {
            tale.odd("something in its timeline has no time; it is left out");
        }
        let item = self.item(found);
        let touched = item.and_then(|item| instant(item, "/updatedAt"));
        let updated = instant(&found.node, "/updatedAt").max(touched);
        if is_pull {
            self.pull(&mut tale, &found.node, &timeline, updated.unwrap_or(born));
        } else {
            let kind = found.kind.as_deref();
            self.issue(&mut tale, (&found.node, item, kind), &timeline, updated);
        }
        self.shared(&mut tale, &found.node, &timeline);
        if let Some(item) = item {
            self.board_values(&mut tale, item, born);
        }
        tale.end(updated, found.read)
    }

    /// Its item in the project: from the project's own list, or else from what the issue says.
    fn item<'f>(&self, found: &'f Found) -> Option<&'f Value> {
        let board = self.board?;
        let mut own = super::wire::list(&found.node, "/projectItems/nodes");
        let own = own.find(|item| text(item, "/project/id") == Some(board));
        found.item.as_ref().or(own)
    }

    /// What issues and pull requests have alike.
    fn shared(&self, tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
        let whole = text(node, "/repository/nameWithOwner").unwrap_or_default();
        let key = self.key(
            whole,
            super::wire::number(node, "/number").unwrap_or_default(),
        );
        tale.at_birth("key", fact::KEY.into(), key);
        if let Some(url) = text(node, "/url") {
            tale.at_birth("url", fact::URL.into(), url.to_owned());
        }
        if let Some(author) = text(node, "/author/login") {
            self.fixed(tale, "author", Some("author"), author);
        }
        titles(tale, node, timeline);
        self.projects(tale, whole, timeline);
        self.milestones(tale, node, timeline);
        self.labels(tale, node, timeline);
        self.assignees(tale, node, timeline);
        ties::tell(tale, timeline);
    }

    /// `#12` in a source of one repository, else `acme/pay#12`.
    fn key(&self, repository: &str, number: u64) -> String {
        let is_lone = self
            .lone
            .is_some_and(|lone| lone.eq_ignore_ascii_case(repository));
        let named = if is_lone { "" } else { repository };
        format!("{named}#{number}")
    }

    /// A fact that GitHub tells no changes of.
    fn fixed(&self, tale: &mut Tale, field: &str, usually: Option<&'static str>, raw: &str) {
        let Some(fact) = self.facts.of(&[field], usually) else {
            return;
        };
        if let Some(value) = value_of(&fact, raw) {
            tale.at_birth(field, fact, value);
        }
    }

    /// The repository; an issue that was transferred was in another before.
    fn projects(&self, tale: &mut Tale, whole: &str, timeline: &Timeline<'_>) {
        let Some(fact) = self.facts.of(&["repository"], Some(fact::PROJECT)) else {
            return;
        };
        let moved: Vec<_> = timeline.of("TransferredEvent").collect();
        let from = |at: usize| {
            let event = moved.get(at);
            event.map_or(Some(whole.to_owned()), |event| {
                event.text("/fromRepository/nameWithOwner")
            })
        };
        let turns: Vec<Turn> = moved
            .iter()
            .enumerate()
            .map(|(at, event)| Turn {
                moment: event.moment("repository", 0),
                old: from(at),
                new: from(at + 1),
            })
            .collect();
        tale.course("repository", &fact, Some(whole.to_owned()), &turns);
    }

    fn milestones(&self, tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
        let mut held = None;
        let mut turns = Vec::new();
        for event in timeline.each() {
            let title = event.text("/milestoneTitle");
            let (old, new) = match event.what {
                "MilestonedEvent" => (held.clone(), title),
                "DemilestonedEvent" => (title, None),
                _ => continue,
            };
            held.clone_from(&new);
            turns.push(Turn {
                moment: event.moment("milestone", 0),
                old,
                new,
            });
        }
        let now = text(node, "/milestone/title").map(str::to_owned);
        if let Some(fact) = self.facts.of(&["milestone"], Some("milestone")) {
            tale.course("milestone", &fact, now, &turns);
        }
        self.due(tale, node, turns.last());
    }

    /// The due date is the milestone's, since the milestone was set.
    fn due(&self, tale: &mut Tale, node: &Value, last: Option<&Turn>) {
        let day = text(node, "/milestone/dueOn").and_then(|due| due.get(..10));
        let (Some(day), Some(fact)) = (day, self.facts.of(&["due"], Some(fact::DUE))) else {
            return;
        };
        match last {
            None => tale.at_birth("due", fact, day.to_owned()),
            Some(turn) => {
                let mut turn = turn.clone();
                turn.moment.id.push_str(".due");
                turn.moment.seq += 1;
                turn.old = None;
                turn.new = Some(day.to_owned());
                tale.course("due", &fact, None, &[turn]);
            }
        }
        tale.is_approximate();
    }
}

fn titles(tale: &mut Tale, node: &Value, timeline: &Timeline<'_>) {
    let renamed = timeline.of("RenamedTitleEvent").map(|event| Turn {
        moment: event.moment("title", 0),
        old: event.text("/previousTitle"),
        new: event.text("/currentTitle"),
    });
    let turns: Vec<Turn> = renamed.collect();
    let now = text(node, "/title").map(str::to_owned);
    tale.course("title", &fact::TITLE.into(), now, &turns);
}

#[cfg(test)]
mod tests;
