//! Pull requests: their list, and what happened to each by its threads.
//!
//! A pull request carries no instant of its last update. An active one counts as updated when it is
//! first seen with other votes, another title or another commit than before; one that is closed, when
//! it was closed.

mod review;

use futures_util::stream::{self, StreamExt};
use serde_json::Value;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::super::Fault;
use super::super::http::{CONNECTIONS, Session};
use super::super::record::Record;
use super::super::story::{Moment, Story, Tale, joined};
use super::super::sync::{Fetched, Listed, Page, Question};
use super::AzureDevops;
use super::address::Address;
use super::mentions::mentions;
use super::tracker::{Detail, Row};
use super::wire::taken;
use crate::model::event::{Change, fact};
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// What a pull request is called.
const NOUN: &str = "pull request";

/// Pull requests of a page.
const PAGE: usize = 100;

/// Descriptions in lists are cut after so many characters.
const CUT: usize = 400;

/// What is looked at to tell whether an active pull request has changed.
const TELLING: [&str; 7] = [
    "status",
    "isDraft",
    "title",
    "reviewers",
    "labels",
    "lastMergeSourceCommit.commitId",
    "targetRefName",
];

/// An active pull request as it was last seen: a number for how it looked, and since when it does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    looks: u64,
    since: Millis,
}

/// A pull request with its threads.
#[derive(Debug)]
pub(crate) struct Pull {
    id: String,
    project: String,
    record: Value,
    threads: Vec<Value>,
    updated: Option<Millis>,
    read: Option<Millis>,
}

/// What is listed, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// All, the first time.
    All,
    /// Those that can change.
    Active,
    /// Those closed since.
    Closed,
}

impl Phase {
    const NAMES: [(&'static str, Self); 3] = [
        ("all", Self::All),
        ("active", Self::Active),
        ("closed", Self::Closed),
    ];

    fn name(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(_, phase)| *phase == self);
        found.map_or("all", |(name, _)| name)
    }

    /// Where a question goes on: the phase, and how many are passed over.
    fn of(question: &Question) -> (Self, usize) {
        let told = question.next.as_deref().and_then(|next| {
            let (name, skip) = next.split_once(' ')?;
            let (_, phase) = Self::NAMES.iter().find(|(known, _)| *known == name)?;
            Some((*phase, skip.parse().ok()?))
        });
        let begin = if question.since.is_some() {
            Self::Active
        } else {
            Self::All
        };
        told.unwrap_or((begin, 0))
    }

    fn next(self, skip: usize, count: usize) -> Option<String> {
        match self {
            _ if count >= PAGE => Some(format!("{} {}", self.name(), skip + count)),
            Self::Active => Some(format!("{} 0", Self::Closed.name())),
            Self::All | Self::Closed => None,
        }
    }
}

impl AzureDevops {
    /// A page of the pull requests of a project.
    pub(super) async fn pulls(
        &self,
        session: &Session<'_>,
        project: &str,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let (phase, skip) = Phase::of(question);
        let url = self.list_of_pulls(project, (phase, skip), question.since);
        let mut answer = session.get::<Value>(&url).await?;
        let records = taken(&mut answer, "value")?;
        let now = answer.date.unwrap_or_else(|| self.reach.clock.now());
        let next = phase.next(skip, records.len());
        let mut oddities = Vec::new();
        let ours = records
            .into_iter()
            .filter(|record| phase != Phase::Closed || !is_active(record));
        let rows = ours.map(|record| {
            let row = self.seen(record, now);
            row.map_err(|odd| oddities.push(odd)).ok()
        });
        Ok(Page {
            rows: rows.collect(),
            total: None,
            limit: PAGE as u64,
            next,
            now: answer.date,
            oddities,
        })
    }

    fn list_of_pulls(
        &self,
        project: &str,
        (phase, skip): (Phase, usize),
        since: Option<Millis>,
    ) -> Url {
        let (page, skip) = (PAGE.to_string(), skip.to_string());
        let status = if phase == Phase::Active {
            "active"
        } else {
            "all"
        };
        let mut pairs = vec![
            ("$top", page.as_str()),
            ("$skip", skip.as_str()),
            ("searchCriteria.status", status),
        ];
        let since = since
            .filter(|_| phase == Phase::Closed)
            .map(Millis::rfc3339);
        if let Some(since) = &since {
            pairs.push(("searchCriteria.queryTimeRangeType", "closed"));
            pairs.push(("searchCriteria.minTime", since));
        }
        self.address.at(Some(project), "git/pullrequests", &pairs)
    }

    fn seen(&self, record: Value, now: Millis) -> Result<Listed<Row>, Oddity> {
        let Some(number) = record.number("pullRequestId") else {
            return Err(Oddity {
                place: "the list of pull requests".to_owned(),
                what: "a row has no id; it is left out".to_owned(),
            });
        };
        let id = format!("pull.{number}");
        let updated = if is_active(&record) {
            self.looks(&id, &record, now)
        } else {
            self.learned().pulls.remove(&id);
            record.instant("closedDate").unwrap_or(now)
        };
        Ok(Listed {
            id,
            updated,
            row: Some(Row::Record(record)),
        })
    }

    /// Since when an active pull request looks as it does.
    fn looks(&self, id: &str, record: &Value, now: Millis) -> Millis {
        let told = TELLING.map(|path| record.at(path).to_string()).join("\n");
        let looks = xxh3_64(told.as_bytes());
        let mut learned = self.learned();
        let fresh = Seen { looks, since: now };
        let seen = learned.pulls.entry(id.to_owned()).or_insert(fresh);
        if seen.looks != looks {
            *seen = fresh;
        }
        seen.since
    }

    pub(super) async fn fetch_pulls(
        &self,
        session: &Session<'_>,
        project: &str,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        let asked = rows.into_iter().map(|row| async move {
            let id = row.id.clone();
            let outcome = self.pull(session, project, row).await;
            let outcome = outcome.map(|pull| Fetched::Detail(Detail::Pull(pull)));
            outcome
                .or_else(Fetched::without)
                .map(|fetched| (id, fetched))
        });
        let outcomes: Vec<_> = stream::iter(asked).buffered(CONNECTIONS).collect().await;
        outcomes.into_iter().collect()
    }

    async fn pull(
        &self,
        session: &Session<'_>,
        project: &str,
        row: Listed<Row>,
    ) -> Result<Pull, Fault> {
        let number = row.id.trim_start_matches("pull.").to_owned();
        let record = match row.row {
            Some(Row::Record(record)) if !is_cut(&record) => record,
            _ => {
                let path = format!("git/pullrequests/{number}");
                let url = self.address.at(Some(project), &path, &[]);
                session.get::<Value>(&url).await?.value
            }
        };
        let repository = record.text("repository.id").unwrap_or_default();
        let path = format!("git/repositories/{repository}/pullRequests/{number}/threads");
        let url = self.address.at(Some(project), &path, &[]);
        let mut answer = session.get::<Value>(&url).await?;
        let threads = taken(&mut answer, "value")?;
        let updated = Some(row.updated).filter(|at| *at != Millis(i64::MIN));
        Ok(Pull {
            id: row.id,
            project: project.to_owned(),
            threads,
            record,
            updated,
            read: answer.date,
        })
    }
}

fn is_active(record: &Value) -> bool {
    record
        .text("status")
        .is_none_or(|status| status == "active")
}

fn is_cut(record: &Value) -> bool {
    let text = record.text("description");
    text.is_some_and(|text| text.chars().count() >= CUT)
}

impl Pull {
    /// One that is known by its record and its threads alone.
    #[cfg(test)]
    pub(super) fn of(project: &str, record: Value, threads: Vec<Value>) -> Self {
        Self {
            id: format!(
                "pull.{}",
                record.number("pullRequestId").unwrap_or_default()
            ),
            project: project.to_owned(),
            record,
            threads,
            updated: None,
            read: None,
        }
    }

    /// Its history.
    pub(super) fn story(self, address: &Address) -> (String, Story) {
        let Some(born) = self.record.instant("creationDate") else {
            let story = Tale::untold(&self.id, NOUN, "it does not say when it was created");
            return (self.id, story);
        };
        let mut tale = Tale::new(self.id.clone(), NOUN, born);
        let review = review::Review::read(&self.record, &self.threads, born);
        tale.create(Some(review.first.to_owned()));
        for (number, step) in (1..).zip(&review.steps) {
            let moment = Moment::part(step.id.clone(), step.at, number, 0);
            tale.happened(
                &moment,
                Change::Moved {
                    to: step.to.to_owned(),
                },
            );
        }
        self.facts(&mut tale, address);
        (self.id, tale.end(self.updated, self.read))
    }

    fn facts(&self, tale: &mut Tale, address: &Address) {
        let record = &self.record;
        let number = record.number("pullRequestId").unwrap_or_default();
        let repository = record.text("repository.name").unwrap_or_default();
        let path = format!("_git/{repository}/pullrequest/{number}");
        let branch = record.text("sourceRefName").map(|name| short(&name));
        let title = record.text("title");
        let texts = [title.clone(), branch.clone(), record.text("description")];
        let labels = record
            .list("labels")
            .iter()
            .filter_map(|label| label.text("name"));
        let told = [
            (fact::TYPE, Some(NOUN.to_owned())),
            (fact::KEY, Some(format!("!{number}"))),
            (fact::URL, Some(address.page(Some(&self.project), &path))),
            (fact::TITLE, title),
            ("branch", branch),
            ("mentions", joined(mentions(texts.iter().flatten()))),
            (fact::PROJECT, Some(self.project.clone())),
            (
                "repository",
                Some(repository).filter(|name| !name.is_empty()),
            ),
            (fact::ASSIGNEE, record.text("createdBy.displayName")),
            (fact::LABEL, joined(labels.collect())),
        ];
        for (fact, value) in told {
            if let Some(value) = value {
                tale.at_birth(fact, fact.into(), value);
            }
        }
    }
}

/// The name of a branch without what all of them begin with.
pub(super) fn short(name: &str) -> String {
    name.trim_start_matches("refs/heads/").to_owned()
}
