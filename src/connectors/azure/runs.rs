//! What runs once and ends: builds, deployments of classic releases, deployments of pipelines to
//! environments. One record tells all there is of a run.

mod record;

use serde_json::Value;

use super::super::Fault;
use super::super::http::{Answer, Session};
use super::super::record::Record;
use super::super::story::{Moment, Story, Tale, joined};
use super::super::sync::{Fetched, Listed, Page, Paging, Question};
use super::AzureDevops;
use super::query::Part;
use super::tracker::{Detail, Row};
use super::wire::taken;
use crate::model::event::{Change, fact};
use crate::model::health::Oddity;
use crate::model::time::Millis;
pub(crate) use record::Run;

/// Runs of a page.
const PAGE: &str = "200";

/// What kind of run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Build,
    Release,
    Deployment,
}

impl Kind {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Build, Self::Release, Self::Deployment];

    pub(super) fn part(self) -> Part {
        match self {
            Self::Build => Part::Builds,
            Self::Release => Part::Releases,
            Self::Deployment => Part::Deployments,
        }
    }

    /// What a list of them is called, before the project's name.
    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Build => "builds of ",
            Self::Release => "releases of ",
            Self::Deployment => "deployments of ",
        }
    }

    /// What one is called.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Release | Self::Deployment => "deployment",
        }
    }

    /// The word before its id.
    fn word(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Release => "release",
            Self::Deployment => "deployment",
        }
    }

    /// Only builds come in the order in which they ended.
    pub(super) fn paging(self) -> Paging {
        match self {
            Self::Build => Paging::Token,
            Self::Release | Self::Deployment => Paging::Newest,
        }
    }

    fn id(self, record: &Value) -> Option<String> {
        Some(format!("{}.{}", self.word(), record.number("id")?))
    }

    /// When a run ended; `now` for one that has not.
    fn updated(self, record: &Value, now: Millis) -> Millis {
        let ended = match self {
            Self::Build | Self::Deployment => record.instant("finishTime"),
            Self::Release => record
                .instant("lastModifiedOn")
                .or_else(|| record.instant("completedOn")),
        };
        ended.unwrap_or(now)
    }
}

impl AzureDevops {
    /// A page of the runs of one kind in a project.
    pub(super) async fn runs(
        &self,
        session: &Session<'_>,
        (kind, project): (Kind, &str),
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let answer = match kind {
            Kind::Build => self.builds(session, project, question).await,
            Kind::Release => self.releases(session, project, question).await,
            Kind::Deployment => return self.deployments(session, project, question).await,
        };
        self.page_of(kind, answer?)
    }

    async fn builds(
        &self,
        session: &Session<'_>,
        project: &str,
        question: &Question,
    ) -> Result<Answer<Value>, Fault> {
        let since = question.since.map(Millis::rfc3339);
        let mut pairs = vec![
            ("statusFilter", "completed"),
            ("queryOrder", "finishTimeAscending"),
            ("$top", PAGE),
        ];
        pairs.extend(since.as_deref().map(|since| ("minTime", since)));
        pairs.extend(
            question
                .next
                .as_deref()
                .map(|next| ("continuationToken", next)),
        );
        session
            .get(&self.address.at(Some(project), "build/builds", &pairs))
            .await
    }

    async fn releases(
        &self,
        session: &Session<'_>,
        project: &str,
        question: &Question,
    ) -> Result<Answer<Value>, Fault> {
        let since = question.since.map(Millis::rfc3339);
        let mut pairs = vec![("queryOrder", "descending"), ("$top", "100")];
        pairs.extend(since.as_deref().map(|since| ("minModifiedTime", since)));
        pairs.extend(
            question
                .next
                .as_deref()
                .map(|next| ("continuationToken", next)),
        );
        session
            .get(
                &self
                    .address
                    .at_releases(project, "release/deployments", &pairs),
            )
            .await
    }

    /// Environments are asked one after the other; a page is one of one environment.
    async fn deployments(
        &self,
        session: &Session<'_>,
        project: &str,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let environments = self.environments(session, project).await?;
        let next = question.next.as_deref().unwrap_or_default();
        let (at, token) = next.split_once(' ').unwrap_or((next, ""));
        let at = at.parse().unwrap_or(0_usize);
        let Some((id, name)) = environments.get(at) else {
            return Ok(self.page_of_rows(Kind::Deployment, Vec::new(), None));
        };
        let mut pairs = vec![("top", PAGE)];
        pairs.extend((!token.is_empty()).then_some(("continuationToken", token)));
        let path = format!("distributedtask/environments/{id}/environmentdeploymentrecords");
        let url = self.address.at(Some(project), &path, &pairs);
        let mut answer = session.get::<Value>(&url).await?;
        name_environment(&mut answer.value, name);
        let continuation = answer.continuation.take();
        let mut page = self.page_of(Kind::Deployment, answer)?;
        let onward = continuation.filter(|_| is_news(&page, question.since));
        page.next = match onward {
            Some(token) => Some(format!("{at} {token}")),
            None => (at + 1 < environments.len()).then(|| (at + 1).to_string()),
        };
        Ok(page)
    }

    /// Ids and names of the environments of a project.
    pub(super) async fn environments(
        &self,
        session: &Session<'_>,
        project: &str,
    ) -> Result<Vec<(u64, String)>, Fault> {
        let url = self.address.at(
            Some(project),
            "distributedtask/environments",
            &[("$top", "1000")],
        );
        let answer = session.get::<Value>(&url).await?;
        let all = answer.value.list("value").iter();
        Ok(all
            .filter_map(|one| Some((one.number("id")?, one.text("name")?)))
            .collect())
    }

    fn page_of(&self, kind: Kind, mut answer: Answer<Value>) -> Result<Page<Row>, Fault> {
        let rows = taken(&mut answer, "value")?;
        let next = answer.continuation;
        Ok(Page {
            next,
            ..self.page_of_rows(kind, rows, answer.date)
        })
    }

    fn page_of_rows(&self, kind: Kind, records: Vec<Value>, date: Option<Millis>) -> Page<Row> {
        let now = date.unwrap_or_else(|| self.reach.clock.now());
        let mut oddities = Vec::new();
        let rows = records.into_iter().map(|record| {
            let row = kind.id(&record).map(|id| Listed {
                id,
                updated: kind.updated(&record, now),
                row: Some(Row::Record(record)),
            });
            if row.is_none() {
                oddities.push(nameless(kind));
            }
            row
        });
        Page {
            rows: rows.collect(),
            total: None,
            limit: u64::MAX,
            next: None,
            now: date,
            oddities,
        }
    }

    /// What a row of a list of runs tells.
    pub(super) fn run(
        &self,
        kind: Kind,
        project: &str,
        row: Listed<Row>,
    ) -> (String, Fetched<Detail>) {
        let Listed { id, updated, row } = row;
        let fetched = match row {
            Some(Row::Record(record)) => {
                let run = Run::read((kind, &id), project, &record, &self.address);
                Fetched::Detail(Detail::Run(run.updated(updated)))
            }
            _ => Fetched::Gone,
        };
        (id, fetched)
    }
}

/// A record knows the environment by its id only.
fn name_environment(answer: &mut Value, name: &str) {
    let records = answer.get_mut("value").and_then(Value::as_array_mut);
    for record in records
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        record.insert("environment".to_owned(), name.into());
    }
}

/// Whether a page, newest first, may be followed by more that is new.
fn is_news(page: &Page<Row>, since: Option<Millis>) -> bool {
    let mut rows = page.rows.iter().flatten();
    since.is_none_or(|since| rows.any(|row| row.updated >= since))
}

fn nameless(kind: Kind) -> Oddity {
    Oddity {
        place: format!("the list of {}s", kind.noun()),
        what: "a row has no id; it is left out".to_owned(),
    }
}

impl Run {
    /// Its history.
    pub(super) fn story(self) -> (String, Story) {
        let Some(born) = self.queued.or(self.started).or(self.ended) else {
            let story = Tale::untold(&self.id, self.noun, "it does not say when it was queued");
            return (self.id, story);
        };
        let mut tale = Tale::new(self.id.clone(), self.noun, born);
        tale.create(Some("queued".to_owned()));
        self.happen(&mut tale, born);
        tale.at_birth("type", fact::TYPE.into(), self.noun.to_owned());
        for (fact, value) in self.facts {
            if !value.is_empty() {
                tale.at_birth(fact, fact.into(), value);
            }
        }
        if let Some(mentions) = joined(self.mentions) {
            tale.at_birth("mentions", "mentions".into(), mentions);
        }
        for (kind, to) in self.ties {
            let moment = Moment::part(format!("link.{kind}.{to}"), born, 0, 1);
            let kind = kind.to_owned();
            tale.happened(&moment, Change::Linked { kind, to });
        }
        (self.id, tale.end(self.updated, None))
    }

    /// It starts and ends, and is deployed if it ends well.
    fn happen(&self, tale: &mut Tale, born: Millis) {
        let at = |id: &str, at: Millis, number| Moment::part(id, at.max(born), number, 0);
        if let Some(started) = self.started {
            let to = "running".to_owned();
            tale.happened(&at("started", started, 1), Change::Moved { to });
        }
        let (Some(ended), Some(outcome)) = (self.ended, &self.outcome) else {
            return;
        };
        let to = outcome.clone();
        tale.happened(&at("ended", ended, 2), Change::Moved { to });
        if let Some(environment) = self.environment.clone()
            && outcome == record::SUCCEEDED
        {
            let moment = at("deployed", ended, 3);
            tale.happened(&moment, Change::Deployed { environment });
        }
    }
}
