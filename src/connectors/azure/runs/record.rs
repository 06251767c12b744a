//! What the records of runs tell, each kind in its own way.

use serde_json::Value;

use super::super::super::record::Record;
use super::super::address::Address;
use super::super::mentions::mentions;
use super::super::pulls::short;
use super::Kind;
use crate::model::event::fact;
use crate::model::time::Millis;

/// The status of what ended well.
pub(super) const SUCCEEDED: &str = "succeeded";

/// What ran.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(super) id: String,
    pub(super) noun: &'static str,
    pub(super) queued: Option<Millis>,
    pub(super) started: Option<Millis>,
    pub(super) ended: Option<Millis>,
    /// The status it ended in.
    pub(super) outcome: Option<String>,
    pub(super) environment: Option<String>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) mentions: Vec<String>,
    /// What it belongs to: how, and its id.
    pub(super) ties: Vec<(&'static str, String)>,
    pub(super) updated: Option<Millis>,
}

impl Run {
    /// Reads a record of a project.
    pub(super) fn read(
        (kind, id): (Kind, &str),
        project: &str,
        record: &Value,
        address: &Address,
    ) -> Self {
        let read = match kind {
            Kind::Build => build(record),
            Kind::Release => release(record),
            Kind::Deployment => deployment(record),
        };
        let mut run = Self {
            id: id.to_owned(),
            noun: kind.noun(),
            ..read
        };
        run.facts.push((fact::PROJECT, project.to_owned()));
        if let Some(environment) = run.environment.clone() {
            run.facts.push(("environment", environment));
        }
        let build = match kind {
            Kind::Build => record.number("id"),
            Kind::Deployment => record.number("owner.id"),
            Kind::Release => None,
        };
        if let Some(build) = build {
            let url = address.page(Some(project), "_build/results");
            run.facts
                .push((fact::URL, format!("{url}?buildId={build}")));
        }
        run
    }

    /// With the instant of its last update.
    pub(super) fn updated(mut self, at: Millis) -> Self {
        self.updated = Some(at);
        self
    }
}

/// `partiallySucceeded` as people say it.
fn spoken(word: &str) -> String {
    let mut spoken = String::new();
    for letter in word.chars() {
        if letter.is_uppercase() && !spoken.is_empty() {
            spoken.push(' ');
        }
        spoken.extend(letter.to_lowercase());
    }
    spoken
}

fn outcome(record: &Value, field: &str) -> Option<String> {
    record.text(field).map(|word| spoken(&word))
}

fn build(record: &Value) -> Run {
    let text = |path| record.text(path).unwrap_or_default();
    let (pipeline, number) = (text("definition.name"), text("buildNumber"));
    let branch = short(&text("sourceBranch"));
    let message = record
        .at("triggerInfo")
        .get("ci.message")
        .and_then(Value::as_str);
    let title = format!("{pipeline} {number}").trim().to_owned();
    Run {
        queued: record.instant("queueTime"),
        started: record.instant("startTime"),
        ended: record.instant("finishTime"),
        outcome: outcome(record, "result").or_else(|| Some("ended".to_owned())),
        mentions: mentions([branch.as_str(), message.unwrap_or_default()]),
        facts: vec![
            (fact::TITLE, title),
            (fact::KEY, format!("build {}", text("id"))),
            ("pipeline", pipeline),
            ("branch", branch),
            ("sha", text("sourceVersion")),
            ("repository", text("repository.name")),
            (fact::ASSIGNEE, text("requestedFor.displayName")),
        ],
        ..Run::default()
    }
}

/// The version that a classic release deploys is that of its first artefact.
fn release(record: &Value) -> Run {
    let text = |path| record.text(path).unwrap_or_default();
    let (release, environment) = (text("release.name"), text("releaseEnvironment.name"));
    let artefact = record.list("release.artifacts").first();
    let version = |name: &str| {
        let reference = artefact.map(|artefact| artefact.at("definitionReference"));
        reference.and_then(|reference| reference.at(name).text("id"))
    };
    let build = version("version").and_then(|id| id.parse::<u64>().ok());
    let status = outcome(record, "deploymentStatus");
    let is_over = status
        .as_deref()
        .is_some_and(|status| !matches!(status, "in progress" | "not deployed" | "undefined"));
    Run {
        queued: record.instant("queuedOn"),
        started: record.instant("startedOn"),
        ended: record.instant("completedOn").filter(|_| is_over),
        outcome: status,
        ties: build
            .map(|build| ("build", format!("build.{build}")))
            .into_iter()
            .collect(),
        facts: vec![
            (fact::TITLE, format!("{release} to {environment}")),
            (fact::KEY, format!("release {}", text("release.id"))),
            ("pipeline", text("releaseDefinition.name")),
            (
                "branch",
                version("branch")
                    .map(|name| short(&name))
                    .unwrap_or_default(),
            ),
            ("sha", version("sourceVersion").unwrap_or_default()),
            (fact::URL, text("release.webAccessUri")),
            (fact::ASSIGNEE, text("requestedFor.displayName")),
        ],
        environment: Some(environment).filter(|name| !name.is_empty()),
        ..Run::default()
    }
}

fn deployment(record: &Value) -> Run {
    let text = |path| record.text(path).unwrap_or_default();
    let (pipeline, environment) = (text("definition.name"), text("environment"));
    let build = record.number("owner.id");
    Run {
        queued: record.instant("queueTime"),
        started: record.instant("startTime"),
        ended: record.instant("finishTime"),
        outcome: outcome(record, "result"),
        ties: build
            .map(|build| ("build", format!("build.{build}")))
            .into_iter()
            .collect(),
        facts: vec![
            (
                fact::TITLE,
                format!("{pipeline} {} to {environment}", text("owner.name")),
            ),
            (fact::KEY, format!("deployment {}", text("id"))),
            ("pipeline", pipeline),
            ("stage", text("stageName")),
        ],
        environment: Some(environment).filter(|name| !name.is_empty()),
        ..Run::default()
    }
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn results_are_words() {
        let words = [
            "succeeded",
            "partiallySucceeded",
            "inProgress",
            "NotDeployed",
        ];
        let said = words.map(spoken);
        assert_eq!(
            said,
            [
                "succeeded",
                "partially succeeded",
                "in progress",
                "not deployed"
            ]
        );
    }
}
