//! Where an issue stands on a board (a project, version 2), and what the board's fields say of it.
//!
//! GitHub keeps the history of the field Status alone. The other fields tell when they were set last.

use serde_json::Value;

use super::super::super::facts::value_of;
use super::super::super::story::{FIRST_SEQ, Moment, Story, Tale};
use super::super::wire::{instant, list, number, text, texts};
use super::Reader;
use super::issue::{OPEN, state_after};
use super::timeline::{Happening, Timeline};
use crate::model::event::{Change, FactName, fact};
use crate::model::time::Millis;

/// The field whose history GitHub keeps.
const STATUS: &str = "Status";

/// Fields that are facts by their names, without the config saying so.
const USUAL: [(&str, &str); 10] = [
    ("priority", fact::PRIORITY),
    ("estimate", fact::ESTIMATE),
    ("size", fact::ESTIMATE),
    ("points", fact::ESTIMATE),
    ("story points", fact::ESTIMATE),
    ("team", fact::TEAM),
    ("due date", fact::DUE),
    ("target date", fact::DUE),
    ("iteration", "iteration"),
    ("sprint", "iteration"),
];

/// Where an issue is: its own state, and its status on the board while it is on it.
struct Standing {
    state: &'static str,
    board: Option<String>,
}

impl Standing {
    fn status(&self) -> &str {
        self.board.as_deref().unwrap_or(self.state)
    }

    /// Takes an event in.
    fn take(&mut self, event: &Happening<'_>) {
        match event.what {
            "ProjectV2ItemStatusChangedEvent" => self.board = event.text("/status"),
            "RemovedFromProjectV2Event" => self.board = None,
            _ => self.state = state_after(event).unwrap_or(self.state),
        }
    }
}

impl Reader<'_> {
    /// The statuses of an issue on the board: the board's own; open or closed while it has none.
    pub(super) fn board_statuses(
        &self,
        tale: &mut Tale,
        item: Option<&Value>,
        timeline: &Timeline<'_>,
    ) {
        let mut standing = Standing {
            state: OPEN,
            board: None,
        };
        let events: Vec<&Happening<'_>> = timeline
            .each()
            .filter(|event| self.is_ours(event))
            .collect();
        tale.create(Some(OPEN.to_owned()));
        before_history(tale, &mut standing, &events);
        let mut last = FIRST_SEQ;
        for event in events {
            let before = standing.status().to_owned();
            standing.take(event);
            let moment = event.moment("status", 0);
            last = moment.seq;
            if standing.status() != before {
                move_to(tale, &moment, standing.status());
            }
        }
        if let Some(item) = item {
            reconcile(tale, &standing, item, last);
        }
    }

    /// What happened on another board is none of ours.
    fn is_ours(&self, event: &Happening<'_>) -> bool {
        match event.what {
            "ProjectV2ItemStatusChangedEvent"
            | "AddedToProjectV2Event"
            | "RemovedFromProjectV2Event" => text(event.value, "/project/id") == self.board,
            _ => true,
        }
    }

    /// What the board's fields say, since they were set last.
    pub(super) fn board_values(&self, tale: &mut Tale, item: &Value, born: Millis) {
        for value in list(item, "/fieldValues/nodes") {
            let Some((name, fact)) = self.field(value) else {
                continue;
            };
            let told = said(value).and_then(|raw| value_of(&fact, &raw));
            let (Some(told), Some(set)) = (told, instant(value, "/updatedAt")) else {
                continue;
            };
            let moment = Moment {
                id: format!("field.{name}"),
                at: set.max(born),
                seq: FIRST_SEQ - 1,
            };
            let change = Change::Set {
                fact,
                old: None,
                new: Some(told),
            };
            tale.happened(&moment, change);
            if instant(value, "/createdAt") != Some(set) {
                // It had another value before.
                tale.is_approximate();
            }
        }
    }

    fn field(&self, value: &Value) -> Option<(String, FactName)> {
        let name = text(value, "/field/name")?;
        let lowered = name.to_lowercase();
        let usual = USUAL.iter().find(|(usual, _)| *usual == lowered);
        let fact = self.facts.of(&[name], usual.map(|(_, fact)| *fact))?;
        (name != STATUS || fact != "status").then(|| (name.to_owned(), fact))
    }

    /// The history of a draft, which GitHub does not keep: where it is now, since that was set.
    pub(in super::super) fn draft(&self, id: &str, item: &Value, read: Option<Millis>) -> Story {
        let noun = "draft issue";
        let born = instant(item, "/content/createdAt").or_else(|| instant(item, "/createdAt"));
        let Some(born) = born else {
            return Tale::untold(id, noun, "it does not say when it was created");
        };
        let mut tale = Tale::new(id, noun, born);
        tale.create(Some(OPEN.to_owned()));
        let standing = Standing {
            state: OPEN,
            board: None,
        };
        reconcile(&mut tale, &standing, item, FIRST_SEQ);
        self.fixed(&mut tale, "type", Some(fact::TYPE), noun);
        if let Some(title) = text(item, "/content/title") {
            tale.at_birth("title", fact::TITLE.into(), title.to_owned());
        }
        for login in texts(item, "/content/assignees/nodes", "/login")
            .iter()
            .take(1)
        {
            self.fixed(&mut tale, "assignee", Some(fact::ASSIGNEE), login);
        }
        self.board_values(&mut tale, item, born);
        let updated = instant(item, "/updatedAt").max(instant(item, "/content/updatedAt"));
        tale.end(updated, read)
    }
}

/// A first move that leaves a status tells of a time of which no history is kept: the issue was
/// in that status since it was added to the board, as far as one knows.
fn before_history(tale: &mut Tale, standing: &mut Standing, events: &[&Happening<'_>]) {
    let first = events
        .iter()
        .find(|event| event.what == "ProjectV2ItemStatusChangedEvent");
    let Some((first, before)) =
        first.and_then(|first| Some((first, first.text("/previousStatus")?)))
    else {
        return;
    };
    let added = events
        .iter()
        .find(|event| event.what == "AddedToProjectV2Event" && event.at <= first.at);
    let moment = match added {
        Some(added) => added.moment("status", 0),
        None => Moment {
            id: "before.status".to_owned(),
            at: tale.born(),
            seq: FIRST_SEQ - 1,
        },
    };
    move_to(tale, &moment, &before);
    tale.is_approximate();
    standing.board = Some(before);
}

fn move_to(tale: &mut Tale, moment: &Moment, status: &str) {
    let to = status.to_owned();
    tale.happened(moment, Change::Moved { to });
}

/// A status set where no history was kept is that since it was set last.
fn reconcile(tale: &mut Tale, standing: &Standing, item: &Value, last: u64) {
    let mut values = list(item, "/fieldValues/nodes");
    let status = values.find(|value| text(value, "/field/name") == Some(STATUS));
    let Some((status, now)) = status.and_then(|status| Some((status, text(status, "/option")?)))
    else {
        return;
    };
    if now == standing.status() {
        return;
    }
    let set = instant(status, "/updatedAt").or_else(|| instant(item, "/updatedAt"));
    let moment = Moment {
        id: format!("now.{now}"),
        at: set.unwrap_or_else(|| tale.born()).max(tale.born()),
        seq: last + 1,
    };
    move_to(tale, &moment, now);
    if instant(status, "/createdAt") != set {
        tale.is_approximate();
    }
}

/// What a value says, whatever its kind.
fn said(value: &Value) -> Option<String> {
    let worded = ["/option", "/iteration", "/text", "/date"];
    let told = worded.iter().find_map(|at| text(value, at));
    told.map(str::to_owned).or_else(|| {
        number(value, "/number").map_or_else(
            || {
                value
                    .pointer("/number")?
                    .as_f64()
                    .map(|told| told.to_string())
            },
            |whole| Some(whole.to_string()),
        )
    })
}
