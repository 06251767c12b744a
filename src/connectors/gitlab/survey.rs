//! What a GitLab has to offer: its projects, and the labels that are statuses of issues.

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::super::http::Session;
use super::super::record::Record;
use super::super::survey::{Arranged, Place, Survey, quoted};
use super::super::sync::session;
use super::GitLab;
use super::query::Place as Where;
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldColumn, ToldStatus};

/// Scopes of labels that say how far an issue is, the usual ones first.
const SCOPES: [&str; 6] = ["workflow", "status", "state", "stage", "kanban", "phase"];

/// Statuses of issues and merge requests that are no labels.
const USUAL: [(&str, Category); 7] = [
    ("opened", Category::Open),
    ("open", Category::Open),
    ("draft", Category::Started),
    ("review", Category::Started),
    ("approved", Category::Started),
    ("merged", Category::Finished),
    ("closed", Category::Ended),
];

#[async_trait]
impl Survey for GitLab {
    async fn whose(&self) -> Result<String, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let user: Value = session.get(&self.address.user()).await?.value;
        Ok(user.text("username").unwrap_or_else(|| "nobody".to_owned()))
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let projects: Vec<Value> = session.get(&self.address.own_projects()).await?.value;
        let worked_in = projects.iter().filter(|project| !project.is("archived"));
        let named = worked_in.filter_map(|project| project.text("path_with_namespace"));
        Ok(named
            .map(|path| {
                Place::new(
                    "project",
                    path.clone(),
                    format!("project:{}", quoted(&path)),
                )
            })
            .collect())
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
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let Some(place) = self.query.places.first() else {
            return Ok(Arranged::from(told));
        };
        let boards = boards(self, &session, place).await?;
        let given = self.query.status_label.clone();
        let prefix = given.clone().or_else(|| scope(&boards));
        if let Some(prefix) = &prefix {
            told.columns = columns(&boards, prefix);
        }
        let query = || {
            let query = &self.reach.settings.query;
            Some(format!(
                "{query} status-label:{}",
                quoted(prefix.as_deref()?)
            ))
        };
        Ok(Arranged {
            told,
            query: given.is_none().then(query).flatten(),
        })
    }
}

/// The labels of the lists of all boards, left to right.
async fn boards(
    gitlab: &GitLab,
    session: &Session<'_>,
    place: &Where,
) -> Result<Vec<String>, Fault> {
    let boards: Vec<Value> = match session.get(&gitlab.address.boards(place)).await {
        Ok(answer) => answer.value,
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => Vec::new(),
        Err(fault) => return Err(fault),
    };
    let mut labels = Vec::new();
    for list in boards.iter().flat_map(|board| board.list("lists")) {
        let label = list.text("label.name");
        labels.extend(label.filter(|label| !labels.contains(label)));
    }
    Ok(labels)
}

/// The beginning that most labels of the boards share, if it is one that says how far an issue is.
fn scope(labels: &[String]) -> Option<String> {
    let known = SCOPES.map(|scope| format!("{scope}::"));
    let count = |prefix: &String| {
        let with = labels
            .iter()
            .filter(|label| label.starts_with(prefix.as_str()));
        with.count()
    };
    let most = known.into_iter().rev().max_by_key(count);
    most.filter(|prefix| count(prefix) > 0)
}

fn columns(labels: &[String], prefix: &str) -> Vec<ToldColumn> {
    let names = labels.iter().filter_map(|label| label.strip_prefix(prefix));
    names
        .map(|name| ToldColumn {
            name: name.to_owned(),
            statuses: vec![name.to_owned()],
            limit: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{columns, scope};

    #[test]
    fn the_scope_of_a_boards_labels_is_found() {
        let labels = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let board = labels(&["bug", "status::odd", "workflow::ready", "workflow::review"]);
        assert_eq!(scope(&board).as_deref(), Some("workflow::"));
        assert_eq!(scope(&labels(&["team::a", "bug"])), None);
        let names: Vec<_> = columns(&board, "workflow::")
            .into_iter()
            .map(|it| it.name)
            .collect();
        assert_eq!(names, ["ready", "review"]);
    }
}
