//! Deployments, and runs of workflows that count as deployments or incidents.

use serde_json::Value;

use super::super::super::story::{Moment, Story, Tale};
use super::super::wire::{instant, list, number, text};
use super::Reader;
use crate::model::event::{Change, fact};
use crate::model::time::Millis;

/// A deployment, and what it brought.
#[derive(Debug)]
pub(crate) struct Brought {
    pub(in super::super) value: Value,
    pub(in super::super) repository: String,
    /// Ids of the pull requests whose commits it carries and the one before did not.
    pub(in super::super) pulls: Vec<String>,
    pub(in super::super) read: Option<Millis>,
}

/// What a run of a workflow counts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    Deployment,
    /// A failure; over with the next success.
    Incident {
        over: Option<Millis>,
    },
}

const SUCCESS: &str = "success";

impl Reader<'_> {
    /// The history of a deployment: it begins pending, its statuses move it.
    pub(in super::super) fn deployment(&self, id: &str, brought: &Brought) -> Story {
        let value = &brought.value;
        let Some(born) = instant(value, "/createdAt") else {
            return Tale::untold(id, "deployment", "it does not say when it was created");
        };
        let mut tale = Tale::new(id, "deployment", born);
        let environment = text(value, "/environment").unwrap_or_default();
        tale.create(Some("pending".to_owned()));
        let mut statuses: Vec<_> = list(value, "/statuses/nodes").filter_map(status).collect();
        statuses.sort_by_key(|(at, ..)| *at);
        for (place, (at, state, id)) in (0..).zip(statuses) {
            let moment =
                |field: &str, index| Moment::part(format!("{id}.{field}"), at, place, index);
            let to = state.clone();
            tale.happened(&moment("status", 0), Change::Moved { to });
            if state == SUCCESS {
                let environment = environment.to_owned();
                tale.happened(&moment("deployed", 1), Change::Deployed { environment });
            }
        }
        self.what(&mut tale, "deployment", brought, "/commitOid");
        self.fixed(&mut tale, "environment", Some("environment"), environment);
        let title = format!("{environment} {}", short(text(value, "/commitOid")));
        tale.at_birth("title", fact::TITLE.into(), title);
        if let Some(branch) = text(value, "/ref/name") {
            self.fixed(&mut tale, "ref", Some("ref"), branch);
        }
        if let Some(creator) = text(value, "/creator/login") {
            self.fixed(&mut tale, "creator", Some("author"), creator);
        }
        tale.end(instant(value, "/updatedAt"), brought.read)
    }

    fn what(&self, tale: &mut Tale, kind: &str, brought: &Brought, sha: &str) {
        self.fixed(tale, "type", Some(fact::TYPE), kind);
        self.fixed(tale, "repository", Some(fact::PROJECT), &brought.repository);
        if let Some(sha) = text(&brought.value, sha) {
            self.fixed(tale, "sha", Some("sha"), sha);
        }
        for pull in &brought.pulls {
            let change = Change::Linked {
                kind: "deploys".to_owned(),
                to: pull.clone(),
            };
            tale.begins_with(&format!("deploys.{pull}"), change);
        }
    }

    /// The history of a run of a workflow.
    pub(in super::super) fn run(&self, id: &str, brought: &Brought, run: &Run) -> Story {
        let value = &brought.value;
        let (kind, born) = match run {
            Run::Deployment => ("deployment", "/created_at"),
            Run::Incident { .. } => ("incident", "/updated_at"),
        };
        let Some(born) = instant(value, born) else {
            return Tale::untold(id, "workflow run", "it does not say when it ran");
        };
        let mut tale = Tale::new(id, "workflow run", born);
        let updated = match run {
            Run::Deployment => ran(&mut tale, value),
            Run::Incident { over } => failed(&mut tale, *over),
        };
        self.what(&mut tale, kind, brought, "/head_sha");
        if let Some(number) = number(value, "/run_number") {
            let name = text(value, "/name").unwrap_or("run");
            tale.at_birth("key", fact::KEY.into(), format!("{name} {number}"));
        }
        let facts = [
            ("title", fact::TITLE, "/display_title"),
            ("url", fact::URL, "/html_url"),
            ("head_branch", "ref", "/head_branch"),
            ("workflow", "workflow", "/name"),
        ];
        for (field, fact, at) in facts {
            if let Some(raw) = text(value, at) {
                self.fixed(&mut tale, field, Some(fact), raw);
            }
        }
        tale.end(updated, brought.read)
    }
}

fn status(value: &Value) -> Option<(Millis, String, String)> {
    let state = text(value, "/state")?.to_lowercase().replace('_', " ");
    let at = instant(value, "/createdAt")?;
    let id = text(value, "/id").map_or_else(|| format!("{state}.{}", at.0), str::to_owned);
    Some((at, state, id))
}

/// Queued, in progress from the start of its last attempt on, and ended as it is said.
fn ran(tale: &mut Tale, value: &Value) -> Option<Millis> {
    tale.create(Some("queued".to_owned()));
    if let Some(at) = instant(value, "/run_started_at") {
        let to = "in progress".to_owned();
        tale.happened(&Moment::part("started", at, 0, 0), Change::Moved { to });
    }
    let updated = instant(value, "/updated_at");
    if let (Some(at), Some(conclusion)) = (updated, text(value, "/conclusion")) {
        let to = conclusion.replace('_', " ");
        tale.happened(&Moment::part("ended", at, 1, 0), Change::Moved { to });
        if conclusion == SUCCESS {
            let name = text(value, "/name").unwrap_or("deployment");
            let environment = name.to_owned();
            let moment = Moment::part("deployed", at, 1, 1);
            tale.happened(&moment, Change::Deployed { environment });
        }
    }
    updated
}

/// An incident from the end of the run that failed to the next success.
fn failed(tale: &mut Tale, over: Option<Millis>) -> Option<Millis> {
    tale.create(Some(super::issue::OPEN.to_owned()));
    tale.begins_with("incident", Change::IncidentOpened);
    if let Some(over) = over {
        let to = super::issue::CLOSED.to_owned();
        tale.happened(&Moment::part("over", over, 0, 0), Change::Moved { to });
        let moment = Moment::part("resolved", over, 0, 1);
        tale.happened(&moment, Change::IncidentResolved);
    }
    Some(tale.born()).max(over)
}

/// As much of a commit's hash as people write.
fn short(sha: Option<&str>) -> &str {
    sha.map_or("", |sha| sha.get(..7).unwrap_or(sha))
}
