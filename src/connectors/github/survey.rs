//! What GitHub has to offer: projects with the options of their field Status, and repositories.

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::super::http::Session;
use super::super::record::Record;
use super::super::survey::{Arranged, MOST_PLACES, Place, Survey};
use super::super::sync::session;
use super::{GitHub, questions};
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldColumn, ToldStatus};

/// Projects of the token's owner and of their organisations, those changed last first.
pub(super) const PROJECTS: &str = "query {
  viewer {
    projectsV2(first: 20, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { ...One } }
    organizations(first: 20) { nodes {
      projectsV2(first: 20, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { ...One } } } }
  }
}
fragment One on ProjectV2 { number title closed
  owner { ... on User { login } ... on Organization { login } } }";

/// The options of a project's field Status (`$login`, `$number`), left to right.
pub(super) const STATUS: &str = "query($login: String!, $number: Int!) {
  repositoryOwner(login: $login) { ... on ProjectV2Owner { projectV2(number: $number) {
    field(name: \"Status\") { ... on ProjectV2SingleSelectField { options { name } } } } } } }";

/// What pull requests and issues go through without a project.
const USUAL: [(&str, Category); 7] = [
    ("open", Category::Open),
    ("draft", Category::Started),
    ("review", Category::Started),
    ("changes requested", Category::Started),
    ("approved", Category::Started),
    ("merged", Category::Finished),
    ("closed", Category::Ended),
];

#[async_trait]
impl Survey for GitHub {
    async fn whose(&self) -> Result<String, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let viewer = self.ask(&session, questions::VIEWER, json!({})).await?;
        let login = viewer.value.text("viewer.login");
        Ok(login.unwrap_or_else(|| "nobody".to_owned()))
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let mut places = projects(self, &session).await?;
        let repositories: Vec<Value> = session.get(&self.places.own_repositories()).await?.value;
        let worked_in = repositories.iter().filter(|one| !one.is("archived"));
        let named = worked_in.filter_map(|one| one.text("full_name"));
        places.extend(named.map(|name| {
            let query = format!("repo:{name}");
            Place::new("repository", name, query)
        }));
        places.truncate(MOST_PLACES);
        Ok(places)
    }

    async fn arranged(&self) -> Result<Arranged, Fault> {
        let usual = USUAL.map(|(name, category)| ToldStatus {
            name: name.to_owned(),
            category: Some(category),
        });
        let mut told = Told {
            statuses: usual.to_vec(),
            columns: Vec::new(),
        };
        if let Some(project) = &self.wanted.project {
            let cancel = CancellationToken::new();
            let session = session(self, &cancel).await?;
            let variables = json!({"login": project.owner, "number": project.number});
            let answer = self.ask(&session, STATUS, variables).await?;
            told.columns = columns(&answer.value);
        }
        Ok(Arranged::from(told))
    }
}

/// A token without the right to read projects has none to offer.
async fn projects(github: &GitHub, session: &Session<'_>) -> Result<Vec<Place>, Fault> {
    let found = match github.ask(session, PROJECTS, json!({})).await {
        Ok(found) => found.value,
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. } | Fault::Unusable { .. }) => {
            return Ok(Vec::new());
        }
        Err(Fault::BadAnswer { .. }) => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let own = found.list("viewer.projectsV2.nodes").iter();
    let shared = found.list("viewer.organizations.nodes").iter();
    let shared = shared.flat_map(|one| one.list("projectsV2.nodes"));
    let open = shared.chain(own).filter(|project| !project.is("closed"));
    let places = open.filter_map(|project| {
        let number = project.number("number")?;
        let owner = project.text("owner.login")?;
        let title = project.text("title").unwrap_or_default();
        let query = format!("project:{owner}/{number}");
        Some(Place::new(
            "project",
            format!("{title} ({owner}/{number})"),
            query,
        ))
    });
    Ok(places.collect())
}

fn columns(answer: &Value) -> Vec<ToldColumn> {
    let options = answer
        .list("repositoryOwner.projectV2.field.options")
        .iter();
    let names = options.filter_map(|option| option.text("name"));
    names
        .map(|name| ToldColumn {
            statuses: vec![name.clone()],
            name,
            limit: None,
        })
        .collect()
}
