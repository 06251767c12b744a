//! How GitHub is asked and understood.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use secrecy::SecretString;

use super::super::Fault;
use super::super::http::Session;
use super::super::story::Story;
use super::super::sync::{Fetched, List, Listed, Page, Paging, Question, Tracker};
use super::GitHub;
use super::convert::{Brought, Found, Reader, Run};
use super::doctor;
use super::known::Part;
use super::query::{Only, Runs};
use super::questions::COMMITS_AT_ONCE;
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::event::Change;
use crate::model::time::Millis;

/// So many histories are fetched by one request. More would not be faster: GitHub gives up on
/// questions that take it longer than ten seconds.
const TOGETHER: usize = 25;

/// What a list tells of an artefact.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    /// An issue or a pull request.
    Named {
        /// GitHub's node id.
        node: String,
        /// The name of its type, if it has one and the list tells.
        kind: Option<String>,
        /// Its item in the project.
        item: Option<Value>,
    },
    /// An item of a project that is no issue yet.
    Draft(Value, Option<Millis>),
    /// A deployment, with the commit that was deployed before.
    Deployment(Value, Option<String>),
    /// A run of a workflow, with the commit of the one before that counts as a deployment.
    Run(Value, Run, Option<String>),
}

/// All of an artefact.
#[derive(Debug)]
pub(crate) enum Detail {
    Found(Found),
    Draft(Value, Option<Millis>),
    Deployment(Brought),
    Run(Brought, Run),
}

impl GitHub {
    /// Whether issues or pull requests come from lists of repositories: with a project, issues come
    /// from there.
    pub(super) fn reads_list_of_issues(&self) -> bool {
        self.wanted.project.is_none() || self.wanted.only != Only::Issues
    }

    /// Whether a row of a repository's list is wanted.
    pub(super) fn wants(&self, is_pull: bool) -> bool {
        match self.wanted.only {
            Only::Issues => !is_pull,
            Only::PullRequests => is_pull,
            Only::Both => is_pull || self.wanted.project.is_none(),
        }
    }

    /// Environments whose deployments are read.
    pub(super) fn environments(&self) -> Vec<&str> {
        let deployments = self.wanted.deployments.iter();
        let named = deployments.filter_map(|runs| match runs {
            Runs::Environment(name) => Some(name.as_str()),
            _ => None,
        });
        named.collect()
    }

    /// Whether any workflow is read.
    pub(super) fn has_workflows(&self) -> bool {
        let wanted = &self.wanted;
        let mut runs = wanted.deployments.iter().chain(&wanted.incidents);
        runs.any(|runs| matches!(runs, Runs::Workflow(_)))
    }

    fn part(&self, list: &List) -> Result<Arc<Part>, Fault> {
        let part = self.known().part(&list.name);
        part.ok_or_else(|| Fault::BadAnswer {
            place: self.places.shown(),
            why: format!("there is no list {}", list.name),
        })
    }

    /// Statuses have no ids in GitHub; their names are.
    fn learn_statuses(&self, story: &Story) {
        let events = story.history.iter().flat_map(|history| &history.events);
        let statuses = events.filter_map(|event| match &event.change {
            Change::Created { status } => status.as_ref(),
            Change::Moved { to } => Some(to),
            _ => None,
        });
        let mut known = self.known();
        for status in statuses {
            if !known.statuses.contains(status) {
                known.statuses.insert(status.clone());
            }
        }
    }
}

#[async_trait]
impl Tracker for GitHub {
    type Row = Row;
    type Detail = (String, Detail);

    const TOKENS: &'static str = super::WHERE_TO_GET_A_TOKEN;

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        Ok(Key::bearer(secret)?.and("x-github-api-version", super::API_VERSION))
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        let parts = self.find_out(session).await?;
        let lists = parts.into_iter();
        Ok(lists.map(|(name, part)| list_of(name, &part)).collect())
    }

    async fn page(
        &self,
        session: &Session<'_>,
        list: &List,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        match self.part(list)?.as_ref() {
            Part::Issues(repository) => self.issues(session, repository, question).await,
            Part::Board { id } => self.board(session, id, question).await,
            Part::Deployments(repository) => self.deployments(session, repository, question).await,
            Part::Runs(repository) => self.runs(session, (&list.name, repository), question).await,
        }
    }

    async fn learn(&self, _: &Session<'_>) -> Result<(), Fault> {
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        list: &List,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<(String, Fetched<Self::Detail>)>, Fault> {
        let part = self.part(list)?;
        let fetched = match part.as_ref() {
            Part::Issues(_) | Part::Board { .. } => self.details(session, rows).await?,
            Part::Deployments(repository) | Part::Runs(repository) => {
                self.brought(session, repository, rows).await?
            }
        };
        Ok(fetched
            .into_iter()
            .map(|(id, fetched)| (id.clone(), with_id(id, fetched)))
            .collect())
    }

    fn understand(&self, _: &List, details: Vec<Self::Detail>) -> Vec<(String, Story)> {
        let board = self.known().project();
        let incidents = self.wanted.incidents.iter();
        let incidents: Vec<String> = incidents
            .filter_map(|runs| match runs {
                Runs::Label(label) => Some(label.clone()),
                _ => None,
            })
            .collect();
        let lone = self.wanted.has_one_repository();
        let reader = Reader {
            facts: &self.facts,
            lone: self
                .wanted
                .repositories
                .first()
                .filter(|_| lone)
                .map(String::as_str),
            incidents: &incidents,
            board: board.as_deref(),
        };
        let told = details.into_iter().map(|(id, detail)| {
            let story = story(&detail, (&id, &reader));
            self.learn_statuses(&story);
            (id, story)
        });
        told.collect()
    }

    fn statuses(&self) -> Vec<StatusName> {
        let known = self.known();
        let names = known.statuses.iter();
        names
            .map(|name| StatusName {
                id: name.clone(),
                name: name.clone(),
            })
            .collect()
    }
}

fn list_of(name: String, part: &Part) -> List {
    let (noun, paging, together) = match part {
        Part::Issues(_) => ("issue", Paging::Token, TOGETHER),
        Part::Board { .. } => ("issue", Paging::Newest, TOGETHER),
        Part::Deployments(_) => ("deployment", Paging::Newest, COMMITS_AT_ONCE),
        Part::Runs(_) => ("workflow run", Paging::Newest, COMMITS_AT_ONCE),
    };
    List {
        name,
        noun,
        paging,
        together,
    }
}

fn story(detail: &Detail, (id, reader): (&str, &Reader<'_>)) -> Story {
    match detail {
        Detail::Found(found) => reader.story(id, found),
        Detail::Draft(item, read) => reader.draft(id, item, *read),
        Detail::Deployment(brought) => reader.deployment(id, brought),
        Detail::Run(brought, run) => reader.run(id, brought, run),
    }
}

fn with_id(id: String, fetched: Fetched<Detail>) -> Fetched<(String, Detail)> {
    match fetched {
        Fetched::Detail(detail) => Fetched::Detail((id, detail)),
        Fetched::Gone => Fetched::Gone,
        Fetched::Failed(fault) => Fetched::Failed(fault),
    }
}

/// What cannot be read of a page's row.
pub(super) fn odd_row(place: &str) -> crate::model::health::Oddity {
    crate::model::health::Oddity {
        place: place.to_owned(),
        what: "a row of the list has no number or no time of its last update; it is left out"
            .to_owned(),
    }
}
