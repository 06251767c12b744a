//! What a Redmine has to offer: its projects, and which of its statuses count as closed.

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::super::http::{Answer, Session, place};
use super::super::record::Record;
use super::super::survey::{Arranged, Place, Survey};
use super::super::sync::session;
use super::Redmine;
use super::tracker::prove_key;
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldStatus};

/// A project that can be worked in.
const ACTIVE: u64 = 1;

#[async_trait]
impl Survey for Redmine {
    async fn whose(&self) -> Result<String, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        prove_key(self, &session).await
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let mut projects = list(self, &session, "projects.json?limit=100", "projects").await?;
        projects.retain(|project| project.number("status").is_none_or(|it| it == ACTIVE));
        projects.sort_by_key(|project| std::cmp::Reverse(project.instant("updated_on")));
        let named = projects.iter().filter_map(|project| {
            let query = format!("project_id={}", project.text("identifier")?);
            Some(Place::new("project", project.text("name")?, query))
        });
        let whole = Place::new("server", "all projects", String::new());
        Ok(named.chain([whole]).collect())
    }

    async fn arranged(&self) -> Result<Arranged, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let statuses = list(self, &session, "issue_statuses.json", "issue_statuses").await?;
        let statuses = statuses.iter().filter_map(|status| {
            let category = if status.is("is_closed") {
                Category::Ended
            } else {
                Category::Open
            };
            Some(ToldStatus {
                name: status.text("name")?,
                category: Some(category),
            })
        });
        Ok(Arranged::from(Told {
            statuses: statuses.collect(),
            columns: Vec::new(),
        }))
    }
}

async fn list(
    redmine: &Redmine,
    session: &Session<'_>,
    path: &str,
    field: &str,
) -> Result<Vec<Value>, Fault> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut url = redmine.address.at(path);
    url.set_query(Some(query).filter(|query| !query.is_empty()));
    let answer: Answer<Value> = session.get(&url).await?;
    let list = answer.value.at(field).as_array().cloned();
    list.ok_or_else(|| Fault::BadAnswer {
        place: place(&url),
        why: format!("the JSON holds no `{field}`"),
    })
}
