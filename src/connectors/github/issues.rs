//! The list of a repository's issues and pull requests.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{Listed, Page, Question};
use super::GitHub;
use super::address::{PAGE, Turned};
use super::known::{Repository, without_repository};
use super::tracker::{Row, odd_row};
use super::wire::{id_of, instant, number, text};

impl GitHub {
    /// A page of the list. It holds pull requests beside issues; they have the same numbers, so
    /// nothing is counted twice.
    pub(super) async fn issues(
        &self,
        session: &Session<'_>,
        repository: &Repository,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let turned = turned(question);
        let labels = &self.wanted.labels;
        let url = self.places.issues(&repository.name, labels, turned);
        let answer = session.get::<Vec<Value>>(&url).await;
        let answer = answer.map_err(|fault| without_repository(fault, &repository.name))?;
        let rows = answer.value;
        let last = rows
            .iter()
            .filter_map(|row| instant(row, "/updated_at"))
            .max();
        let next = answer.next.is_some().then(|| turned.after(last).token());
        let mut oddities = Vec::new();
        let wanted = rows
            .iter()
            .filter(|row| self.wants(row.get("pull_request").is_some_and(|of| !of.is_null())));
        let rows = wanted
            .map(|row| {
                let listed = listed(repository, row);
                if listed.is_none() {
                    oddities.push(odd_row(&format!("the issues of {}", repository.name)));
                }
                listed
            })
            .collect();
        Ok(Page {
            rows,
            total: None,
            limit: PAGE as u64,
            next,
            now: answer.date,
            oddities,
        })
    }
}

fn turned(question: &Question) -> Turned {
    let given = question.next.as_deref().and_then(Turned::read);
    given.unwrap_or(Turned {
        since: question.since,
        number: 1,
    })
}

/// What a row tells.
pub(super) fn listed(repository: &Repository, row: &Value) -> Option<Listed<Row>> {
    Some(Listed {
        id: id_of(repository.id, number(row, "/number")?),
        updated: instant(row, "/updated_at")?,
        row: Some(Row::Named {
            node: text(row, "/node_id")?.to_owned(),
            kind: text(row, "/type/name").map(str::to_owned),
            item: None,
        }),
    })
}
