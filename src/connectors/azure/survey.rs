//! What an organization has to offer: its projects, the columns of their boards, the categories of
//! their states.

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::super::http::Session;
use super::super::record::Record;
use super::super::survey::{Arranged, Place, Survey, quoted};
use super::super::sync::session;
use super::boards::Board;
use super::{AzureDevops, doctor};
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldColumn, ToldStatus};

#[async_trait]
impl Survey for AzureDevops {
    async fn whose(&self) -> Result<String, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        doctor::prove_token(self, &session).await
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let url = self.address.at(None, "projects", &[("$top", "200")]);
        let found: Value = session.get(&url).await?.value;
        let mut projects = found.list("value").to_vec();
        projects.sort_by_key(|project| std::cmp::Reverse(project.instant("lastUpdateTime")));
        let names = projects.iter().filter_map(|project| project.text("name"));
        let place = |name: String| {
            let query = format!("project:{}", quoted(&name));
            Place::new("project", name, query)
        };
        Ok(names.map(place).collect())
    }

    async fn arranged(&self) -> Result<Arranged, Fault> {
        let Some(project) = self.query.project() else {
            return Ok(Arranged::default());
        };
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let statuses = states(self, &session, project).await?;
        let boards = match self.boards(&session, project).await {
            Ok(boards) => boards,
            Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => Vec::new(),
            Err(fault) => return Err(fault),
        };
        Ok(Arranged::from(Told {
            statuses,
            columns: columns(&boards),
        }))
    }
}

/// The states of all types of work item, each once.
async fn states(
    azure: &AzureDevops,
    session: &Session<'_>,
    project: &str,
) -> Result<Vec<ToldStatus>, Fault> {
    let url = azure.address.at(Some(project), "wit/workitemtypes", &[]);
    let found: Value = session.get(&url).await?.value;
    let mut statuses: Vec<ToldStatus> = Vec::new();
    let hidden = |kind: &&Value| !kind.is("isDisabled");
    for state in found
        .list("value")
        .iter()
        .filter(hidden)
        .flat_map(|kind| kind.list("states"))
    {
        let Some(name) = state.text("name") else {
            continue;
        };
        if !statuses.iter().any(|known| known.name == name) {
            let category = state.text("category");
            statuses.push(ToldStatus {
                name,
                category: category.as_deref().and_then(category_of),
            });
        }
    }
    Ok(statuses)
}

fn category_of(category: &str) -> Option<Category> {
    match category {
        "Proposed" => Some(Category::Unstarted),
        "InProgress" | "Resolved" => Some(Category::Started),
        "Completed" => Some(Category::Finished),
        "Removed" => Some(Category::Cancelled),
        _ => None,
    }
}

/// The columns of the board whose columns tell states apart best: several columns of one state say
/// nothing of statuses that are states.
fn columns(boards: &[Board]) -> Vec<ToldColumn> {
    let clear = |board: &Board| {
        let states: Vec<&String> = board
            .columns
            .iter()
            .flat_map(|column| &column.states)
            .collect();
        let mut each = states.clone();
        each.sort();
        each.dedup();
        (each.len() == states.len()).then_some(each.len())
    };
    let best = boards.iter().rev().max_by_key(|board| clear(board));
    let best = best.filter(|board| clear(board).is_some());
    let columns = best.into_iter().flat_map(|board| &board.columns);
    let told = columns.filter(|column| !column.states.is_empty());
    told.map(|column| ToldColumn {
        name: column.name.clone(),
        statuses: column.states.clone(),
        limit: column.limit.and_then(|limit| limit.try_into().ok()),
    })
    .collect()
}
