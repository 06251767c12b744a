//! The items of a project.

use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{Listed, Page, Question};
use super::GitHub;
use super::known::repository as repository_of;
use super::questions;
use super::tracker::{Row, odd_row};
use super::wire::{id_of, instant, list, next_cursor, number, text};
use crate::model::health::Oddity;
use crate::model::time::Millis;

impl GitHub {
    /// A page of the project's items. They come in the order of the board, so all of them are listed
    /// each time; what an item says of its last change decides whether it is fetched.
    pub(super) async fn board(
        &self,
        session: &Session<'_>,
        id: &str,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let variables = json!({"id": id, "after": question.next});
        let answer = self.ask(session, questions::BOARD, variables).await?;
        let Some(items) = answer.value.pointer("/node/items") else {
            return Err(Fault::BadAnswer {
                place: answer.place,
                why: "the project tells no items".to_owned(),
            });
        };
        let mut oddities = Vec::new();
        let mut rows = Vec::new();
        for item in list(items, "/nodes") {
            match self.item(item, answer.date) {
                Seen::Listed(row) => rows.push(Some(row)),
                Seen::Hidden if question.since.is_none() => oddities.push(hidden()),
                Seen::Hidden | Seen::Elsewhere => {}
                Seen::Odd => {
                    oddities.push(odd_row("the items of the project"));
                    rows.push(None);
                }
            }
        }
        Ok(Page {
            rows,
            total: number(items, "/totalCount"),
            limit: super::address::PAGE as u64,
            next: next_cursor(items).map(str::to_owned),
            now: answer.date,
            oddities,
        })
    }

    fn item(&self, item: &Value, read: Option<Millis>) -> Seen {
        let touched = instant(item, "/updatedAt");
        let updated = touched.max(instant(item, "/content/updatedAt"));
        let Some(updated) = updated else {
            return Seen::Odd;
        };
        match text(item, "/content/__typename") {
            Some("DraftIssue") => draft(item, (updated, read)),
            Some(kind @ ("Issue" | "PullRequest")) => self.linked(item, kind, updated),
            _ => Seen::Hidden,
        }
    }

    /// An issue or a pull request. Those of repositories that are read for pull requests come from
    /// there.
    fn linked(&self, item: &Value, kind: &str, updated: Millis) -> Seen {
        let repository = number(item, "/content/repository/databaseId");
        let numbers = repository.zip(number(item, "/content/number"));
        let (Some((repository, number)), Some(node)) = (numbers, text(item, "/content/id")) else {
            return Seen::Odd;
        };
        let is_pull = kind == "PullRequest";
        if is_pull && (!self.wants(true) || self.known().reads(repository)) {
            return Seen::Elsewhere;
        }
        if !is_pull && self.wanted.only == super::query::Only::PullRequests {
            return Seen::Elsewhere;
        }
        if let Some(repository) = item
            .pointer("/content/repository")
            .and_then(|told| repository_of(told, None))
        {
            self.known().learn(repository);
        }
        Seen::Listed(Listed {
            id: id_of(repository, number),
            updated,
            row: Some(Row::Named {
                node: node.to_owned(),
                kind: None,
                item: Some(item.clone()),
            }),
        })
    }
}

/// What an item of a project is.
enum Seen {
    Listed(Listed<Row>),
    /// Read from another list, or not asked for.
    Elsewhere,
    /// The token may not see what it stands for.
    Hidden,
    Odd,
}

fn draft(item: &Value, (updated, read): (Millis, Option<Millis>)) -> Seen {
    let Some(id) = number(item, "/fullDatabaseId") else {
        return Seen::Odd;
    };
    Seen::Listed(Listed {
        id: format!("draft.{id}"),
        updated,
        row: Some(Row::Draft(item.clone(), read)),
    })
}

fn hidden() -> Oddity {
    Oddity {
        place: "the items of the project".to_owned(),
        what: "the token may not see what an item stands for; it is left out".to_owned(),
    }
}
