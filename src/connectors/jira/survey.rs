//! What a Jira has to offer: its boards with their columns, its projects, and the categories of its
//! statuses.

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::super::http::Session;
use super::super::record::Record;
use super::super::survey::{Arranged, MOST_PLACES, Place, Survey};
use super::super::sync::session;
use super::address::Deployment;
use super::board::{self, Board};
use super::jql::{Scope, quoted};
use super::{Jira, doctor, server};
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldColumn, ToldStatus};

#[async_trait]
impl Survey for Jira {
    async fn whose(&self) -> Result<String, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        server::find(self, &session).await?;
        server::prove_key(self, &session).await
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let deployment = server::find(self, &session).await?;
        let boards = or_none(board::all(self, &session, None).await)?;
        let boards = boards
            .into_iter()
            .map(|(number, name)| Place::new("board", name, format!("board = {number}")));
        let projects = projects(self, &session, deployment).await?;
        let projects = projects.iter().filter_map(|project| {
            let query = format!("project = {}", quoted(&project.text("key")?));
            Some(Place::new("project", project.text("name")?, query))
        });
        Ok(boards.chain(projects).take(MOST_PLACES).collect())
    }

    async fn arranged(&self) -> Result<Arranged, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let deployment = server::find(self, &session).await?;
        server::learn_statuses(self, &session).await?;
        let statuses = statuses(self, &session, deployment).await?;
        let board = match self.scope {
            Scope::Board { .. } => or_none(doctor::read_boards(self, &session).await)?,
            _ => Vec::new(),
        };
        Ok(Arranged::from(told(&statuses, board.first())))
    }
}

/// What is not there or not to be seen is none.
fn or_none<T>(found: Result<Vec<T>, Fault>) -> Result<Vec<T>, Fault> {
    match found {
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. } | Fault::Unauthorized { .. }) => {
            Ok(Vec::new())
        }
        found => found,
    }
}

/// The statuses of the project that the query names alone, else those of the site.
async fn statuses(
    jira: &Jira,
    session: &Session<'_>,
    deployment: Deployment,
) -> Result<Vec<Value>, Fault> {
    let project = match &jira.scope {
        Scope::Jql(jql) => jql.strip_prefix("project = "),
        _ => None,
    };
    let plain = |key: &&str| {
        key.chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let key = project.map(|key| key.trim_matches('"')).filter(plain);
    if let Some(key) = key {
        let path = deployment.api(&format!("project/{key}/statuses"));
        let kinds = session
            .get::<Vec<Value>>(&jira.address.at(&path, &[]))
            .await;
        let kinds = or_none(kinds.map(|answer| answer.value))?;
        if !kinds.is_empty() {
            let each = kinds.iter().flat_map(|kind| kind.list("statuses"));
            return Ok(each.cloned().collect());
        }
    }
    let url = jira.address.at(&deployment.api("status"), &[]);
    Ok(session.get(&url).await?.value)
}

async fn projects(
    jira: &Jira,
    session: &Session<'_>,
    deployment: Deployment,
) -> Result<Vec<Value>, Fault> {
    Ok(match deployment {
        Deployment::Cloud => {
            let order = [("orderBy", "-lastIssueUpdatedTime"), ("maxResults", "100")];
            let url = jira.address.at(&deployment.api("project/search"), &order);
            let found: Value = session.get(&url).await?.value;
            found.list("values").to_vec()
        }
        Deployment::OwnServer => {
            let recent = [("expand", "lead")];
            let url = jira.address.at(&deployment.api("project"), &recent);
            session.get(&url).await?.value
        }
    })
}

/// Statuses with their categories, and the columns of the board that are in use.
fn told(statuses: &[Value], board: Option<&Board>) -> Told {
    let columns: Vec<ToldColumn> = board
        .into_iter()
        .flat_map(|board| &board.columns)
        .filter(|column| !column.statuses.is_empty())
        .map(|column| ToldColumn {
            name: column.name.clone(),
            statuses: column
                .statuses
                .iter()
                .map(|status| status.name.clone())
                .collect(),
            limit: column.limit.and_then(|limit| limit.try_into().ok()),
        })
        .collect();
    let statuses = statuses.iter().filter_map(|status| {
        Some(ToldStatus {
            name: status.text("name")?,
            category: category(status.text("statusCategory.key")?.as_str()),
        })
    });
    Told {
        statuses: statuses.collect(),
        columns,
    }
}

/// What a category of statuses, by its key, is taken for.
pub(super) fn category(key: &str) -> Option<Category> {
    match key {
        "new" => Some(Category::Unstarted),
        "indeterminate" => Some(Category::Started),
        "done" => Some(Category::Ended),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Category, told};
    use crate::connectors::{Board, Column};
    use crate::model::batch::StatusName;

    #[test]
    fn categories_and_columns_are_told() {
        let status = |name: &str, key: &str| json!({"name": name, "statusCategory": {"key": key}});
        let board = Board {
            name: "Team".to_owned(),
            columns: vec![
                Column {
                    name: "Unused".to_owned(),
                    statuses: Vec::new(),
                    limit: None,
                },
                Column {
                    name: "Doing".to_owned(),
                    statuses: vec![StatusName {
                        id: "3".to_owned(),
                        name: "In Progress".to_owned(),
                    }],
                    limit: Some(4),
                },
            ],
        };
        let statuses = [
            status("Open", "new"),
            status("Done", "done"),
            json!({"id": 7}),
        ];
        let told = told(&statuses, Some(&board));
        let categories: Vec<_> = told.statuses.iter().map(|one| one.category).collect();
        assert_eq!(
            categories,
            [Some(Category::Unstarted), Some(Category::Ended)]
        );
        assert_eq!(told.columns.len(), 1);
        assert_eq!(told.columns[0].limit, Some(4));
        assert_eq!(told.columns[0].statuses, ["In Progress"]);
    }
}
