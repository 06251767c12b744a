//! Repositories and the project that a source reads, found out once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::{Answer, Query, Session};
use super::GitHub;
use super::query::{self, Project};
use super::questions;
use super::wire::{is_true, list, next_cursor, number, text};
use crate::model::time::Millis;

/// More pages of repositories lead nowhere.
const MOST_PAGES: usize = 100;

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Repository {
    /// Never changes.
    pub(super) id: u64,
    /// `owner/name` of today.
    pub(super) name: String,
}

/// A list that a source reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Issues and pull requests of a repository.
    Issues(Repository),
    /// Items of a project.
    Board {
        /// Its node id.
        id: String,
    },
    /// Deployments of a repository.
    Deployments(Repository),
    /// Runs of workflows of a repository.
    Runs(Repository),
}

/// What a walk through runs of workflows, the newest first, has met so far.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// By workflow and branch: when the next success was.
    pub(super) successes: BTreeMap<(u64, String), Millis>,
    /// By workflow and branch: a failure, until the run before it is met.
    pub(super) failures: BTreeMap<(u64, String), (Value, Option<Millis>)>,
}

/// What was found out so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    repositories: BTreeMap<String, Repository>,
    project: Option<String>,
    parts: BTreeMap<String, Arc<Part>>,
    /// Statuses that were met.
    pub(super) statuses: BTreeSet<String>,
    /// By list.
    pub(super) walks: BTreeMap<String, Walk>,
}

impl Known {
    /// The list of that name.
    pub(super) fn part(&self, name: &str) -> Option<Arc<Part>> {
        self.parts.get(name).cloned()
    }

    /// The node id of the project.
    pub(super) fn project(&self) -> Option<String> {
        self.project.clone()
    }

    /// Whether a repository is one of the source's.
    pub(super) fn reads(&self, id: u64) -> bool {
        let mut parts = self.parts.values();
        parts.any(|part| matches!(part.as_ref(), Part::Issues(repository) if repository.id == id))
    }

    /// The name of a repository.
    pub(super) fn name_of(&self, id: u64) -> Option<String> {
        let mut repositories = self.repositories.values();
        let found = repositories.find(|repository| repository.id == id);
        found.map(|repository| repository.name.clone())
    }

    /// Takes in the name of a repository.
    pub(super) fn learn(&mut self, repository: Repository) {
        let name = repository.name.clone();
        self.repositories.insert(name, repository);
    }
}

impl GitHub {
    /// Finds out what there is to be read. Repositories and the project keep their ids, so they are
    /// asked for once; those of an organisation every time, for new ones come.
    pub(super) async fn find_out(
        &self,
        session: &Session<'_>,
    ) -> Result<Vec<(String, Arc<Part>)>, Fault> {
        let repositories = self.repositories(session).await?;
        let mut parts = Vec::new();
        if let Some(project) = &self.wanted.project {
            let id = self.project(session, project).await?;
            let name = format!("project {}/{}", project.owner, project.number);
            parts.push((name, Part::Board { id }));
        }
        for repository in repositories {
            parts.extend(self.parts_of(&repository));
        }
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(name, part)| (name, Arc::new(part)))
            .collect();
        let mut known = self.known();
        known.parts = parts.iter().cloned().collect();
        known.walks.clear();
        Ok(parts)
    }

    async fn repositories(&self, session: &Session<'_>) -> Result<BTreeSet<Repository>, Fault> {
        let mut found = BTreeSet::new();
        for name in &self.wanted.repositories {
            found.insert(self.repository(session, name).await?);
        }
        for owner in &self.wanted.owners {
            found.extend(self.of_owner(session, owner).await?);
        }
        let is_left_out = |repository: &Repository| {
            let mut without = self.wanted.without.iter();
            without.any(|name| name.eq_ignore_ascii_case(&repository.name))
        };
        found.retain(|repository| !is_left_out(repository));
        Ok(found)
    }

    /// By number, so that the order of lists stays.
    fn parts_of(&self, repository: &Repository) -> Vec<(String, Part)> {
        let id = repository.id;
        let mut parts = Vec::new();
        if self.reads_list_of_issues() {
            let part = Part::Issues(repository.clone());
            parts.push((format!("issues {id}"), part));
        }
        if !self.environments().is_empty() {
            let part = Part::Deployments(repository.clone());
            parts.push((format!("deployments {id}"), part));
        }
        if self.has_workflows() {
            parts.push((format!("runs {id}"), Part::Runs(repository.clone())));
        }
        parts
    }

    async fn repository(&self, session: &Session<'_>, name: &str) -> Result<Repository, Fault> {
        let known = self.known().repositories.get(name).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let (owner, own) = name.split_once('/').unwrap_or((name, ""));
        let variables = json!({"owner": owner, "name": own});
        let data = self.ask(session, questions::REPOSITORY, variables).await;
        let data = data.map_err(|fault| without_repository(fault, name))?;
        let found = data
            .value
            .pointer("/repository")
            .and_then(|found| repository(found, Some(name)))
            .ok_or_else(|| no_repository(name))?;
        let mut known = self.known();
        known.repositories.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    async fn of_owner(&self, session: &Session<'_>, login: &str) -> Result<Vec<Repository>, Fault> {
        let mut found = Vec::new();
        let mut after = None;
        for _ in 0..MOST_PAGES {
            let variables = json!({"login": login, "after": after});
            let data = self
                .ask(session, questions::REPOSITORIES, variables)
                .await?;
            let page = data.value.pointer("/repositoryOwner/repositories");
            let page = page.ok_or_else(|| nobody(login))?;
            let kept = list(page, "/nodes").filter(|one| !is_true(one, "/isArchived"));
            found.extend(kept.filter_map(|kept| repository(kept, None)));
            after = next_cursor(page).map(str::to_owned);
            if after.is_none() {
                return Ok(found);
            }
        }
        Err(Fault::BadAnswer {
            place: self.places.shown(),
            why: format!("the repositories of {login} never end"),
        })
    }

    async fn project(&self, session: &Session<'_>, project: &Project) -> Result<String, Fault> {
        if let Some(known) = self.known().project() {
            return Ok(known);
        }
        let variables = json!({"login": project.owner, "number": project.number});
        let data = self.ask(session, questions::PROJECT, variables).await?;
        let id = text(&data.value, "/repositoryOwner/projectV2/id")
            .ok_or_else(|| no_project(project))?;
        self.known().project = Some(id.to_owned());
        Ok(id.to_owned())
    }

    /// Asks in GraphQL.
    pub(super) async fn ask(
        &self,
        session: &Session<'_>,
        text: &'static str,
        variables: Value,
    ) -> Result<Answer<Value>, Fault> {
        let query = Query { text, variables };
        let answer = session.graphql(&self.places.graphql, &query).await;
        answer.map_err(without_graphql)
    }
}

/// What is not there is a null in an answer; an answer that is not there is no GitHub's.
fn without_graphql(fault: Fault) -> Fault {
    match fault {
        Fault::NotFound { place } => Fault::Unusable {
            what: format!("a server answers, but there is no GitHub at {place}"),
            hint: "let `url` be the address of the host, such as https://git.example.org"
                .to_owned(),
        },
        fault => fault,
    }
}

/// What is told of a repository that was asked for as `asked`. Its name becomes part of addresses.
pub(super) fn repository(value: &Value, asked: Option<&str>) -> Option<Repository> {
    let told = text(value, "/nameWithOwner").filter(|name| query::repository(name).is_ok());
    Some(Repository {
        id: number(value, "/databaseId")?,
        name: told.or(asked)?.to_owned(),
    })
}

/// What it means that a repository is not there.
pub(super) fn without_repository(fault: Fault, name: &str) -> Fault {
    match fault {
        Fault::NotFound { .. } => no_repository(name),
        Fault::Forbidden { place } => Fault::Unusable {
            what: format!("{place} does not let this token read {name}"),
            hint: "give the token read access to the repository's contents, issues and pull \
                   requests (a classic token: the scope repo); where the organisation uses single \
                   sign-on, authorise the token for it under Configure SSO"
                .to_owned(),
        },
        fault => fault,
    }
}

fn no_repository(name: &str) -> Fault {
    Fault::Unusable {
        what: format!("GitHub shows no repository {name} to this token"),
        hint: "check repo: in `query`; a private repository needs a token that may read it (a \
               classic token: the scope repo), authorised for the organisation's single sign-on"
            .to_owned(),
    }
}

fn nobody(login: &str) -> Fault {
    Fault::Unusable {
        what: format!("GitHub shows no organisation or user {login} to this token"),
        hint: "check org: in `query`, and that the token's owner is a member".to_owned(),
    }
}

fn no_project(project: &Project) -> Fault {
    let Project { owner, number } = project;
    Fault::Unusable {
        what: format!("GitHub shows no project {owner}/{number} to this token"),
        hint:
            "check project: in `query`; the token needs the scope read:project (with gh: gh auth \
               refresh -s read:project; a fine-grained token: the organisation's projects, read)"
                .to_owned(),
    }
}
