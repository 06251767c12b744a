//! How Redmine is asked and understood.

use async_trait::async_trait;
use serde_json::Value;

use secrecy::SecretString;

use super::super::Fault;
use super::super::http::{Answer, Session, place};
use super::super::story::Story;
use super::super::sync::{Fetched, List, Listed, Page, Paging, Question, Tracker};
use super::Redmine;
use super::address::PAGE;
use super::convert::{self, Reader};
use super::doctor;
use super::names::Sort;
use super::wire::{self, CurrentUser, Detail, Issue, Named};
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// Names that journals need, and where they are.
const NAMES: [(Sort, &str, &str); 3] = [
    (Sort::Status, "issue_statuses.json", "issue_statuses"),
    (Sort::Tracker, "trackers.json", "trackers"),
    (
        Sort::Priority,
        "enumerations/issue_priorities.json",
        "issue_priorities",
    ),
];

/// Proves that the key is somebody's: Redmine answers a wrong one as if nobody had asked, with what
/// everyone may see. Returns the login.
pub(super) async fn prove_key(redmine: &Redmine, session: &Session<'_>) -> Result<String, Fault> {
    let url = redmine.address.at("users/current.json");
    let answer = session.get::<CurrentUser>(&url).await;
    let user = answer
        .map_err(|fault| redmine.address.without_redmine(fault))?
        .value;
    if user.user.login.is_empty() {
        return Err(Fault::Unauthorized { place: place(&url) });
    }
    Ok(user.user.login)
}

/// Learns the names of a list of things with names.
pub(super) async fn learn(
    redmine: &Redmine,
    session: &Session<'_>,
    (sort, path, field): (Sort, &str, &str),
) -> Result<(), Fault> {
    let url = redmine.address.at(path);
    let answer: Answer<Value> = session.get(&url).await?;
    let list = answer.value.get(field).and_then(Value::as_array);
    let list = list.ok_or_else(|| Fault::BadAnswer {
        place: place(&url),
        why: format!("the JSON holds no `{field}`"),
    })?;
    redmine.names().learn_all(sort, list);
    Ok(())
}

/// Learns the names of the statuses.
pub(super) async fn learn_statuses(redmine: &Redmine, session: &Session<'_>) -> Result<(), Fault> {
    learn(redmine, session, NAMES[0]).await
}

#[async_trait]
impl Tracker for Redmine {
    type Row = ();
    type Detail = (Issue, Option<Millis>);

    const TOKENS: &'static str =
        "the API key is on Redmine's page \"My account\"; let `token` yield it";

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        Key::in_header("x-redmine-api-key", secret)
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        prove_key(self, session).await?;
        Ok(vec![List {
            name: "issues".to_owned(),
            noun: "issue",
            paging: Paging::Offset,
            together: 1,
        }])
    }

    async fn page(
        &self,
        session: &Session<'_>,
        _: &List,
        question: &Question,
    ) -> Result<Page<()>, Fault> {
        let url = self.address.list(question);
        let answer = session.get::<wire::Page>(&url).await;
        let answer = answer.map_err(|fault| self.address.without_list(fault))?;
        let wire::Page {
            issues,
            total_count,
            limit,
        } = answer.value;
        let mut oddities = Vec::new();
        let rows = issues
            .into_iter()
            .map(|row| self.row(row).map_err(|oddity| oddities.push(oddity)).ok())
            .collect();
        Ok(Page {
            rows,
            total: total_count,
            limit: limit.unwrap_or(PAGE).min(PAGE),
            next: None,
            now: answer.date,
            oddities,
        })
    }

    /// Statuses are asked for by every poll that finds something, so that new names come through;
    /// the other names a server may keep to itself.
    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault> {
        learn_statuses(self, session).await?;
        for names in NAMES.into_iter().skip(1) {
            match learn(self, session, names).await {
                Ok(()) | Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        _: &List,
        rows: Vec<Listed<()>>,
    ) -> Result<Vec<(String, Fetched<Self::Detail>)>, Fault> {
        let mut fetched = Vec::with_capacity(rows.len());
        for Listed { id, .. } in rows {
            let url = self.address.issue(&id);
            let outcome = sort_out(session.get(&url).await, &id)?;
            fetched.push((id, outcome));
        }
        Ok(fetched)
    }

    /// Learns from all before the first is converted: one issue may name whom another only numbers.
    fn understand(&self, _: &List, details: Vec<Self::Detail>) -> Vec<(String, Story)> {
        let mut names = self.names();
        for (issue, _) in &details {
            names.learn_issue(issue);
        }
        drop(names);
        let stories = details.into_iter();
        stories
            .map(|(issue, read)| (issue.id.to_string(), self.story(&issue, read)))
            .collect()
    }

    fn statuses(&self) -> Vec<StatusName> {
        self.names().statuses()
    }
}

impl Redmine {
    fn row(&self, row: Value) -> Result<Listed<()>, Oddity> {
        let issue = match row {
            Value::Object(fields) => Issue::read(fields),
            _ => None,
        };
        let updated = issue.as_ref().and_then(|issue| issue.instant("updated_on"));
        if let Some(issue) = &issue {
            self.names().learn_issue(issue);
        }
        match (issue, updated) {
            (Some(issue), Some(updated)) => Ok(Listed {
                id: issue.id.to_string(),
                updated,
                row: Some(()),
            }),
            (issue, _) => Err(Oddity {
                place: issue.map_or_else(
                    || "the list of issues".to_owned(),
                    |issue| format!("issue {}", issue.id),
                ),
                what: "a row of the list has no id or no time of its last update; it is left out"
                    .to_owned(),
            }),
        }
    }

    fn story(&self, issue: &Issue, read: Option<Millis>) -> Story {
        let convert::Story {
            history,
            mut oddities,
            unnamed,
        } = self.read(issue);
        for status in unnamed {
            oddities.push(self.name_by_id(issue.id, &status));
        }
        Story {
            history,
            oddities,
            updated: issue.instant("updated_on"),
            read,
        }
    }

    fn read(&self, issue: &Issue) -> convert::Story {
        let names = self.names();
        let reader = Reader {
            names: &names,
            facts: &self.facts,
            address: &self.address,
        };
        reader.story(issue)
    }

    /// A status that the server does not name is called by its id, and said once.
    fn name_by_id(&self, issue: u64, status: &str) -> Oddity {
        if let Ok(id) = status.parse() {
            let name = Some(status.to_owned());
            self.names().learn(Sort::Status, Named { id, name });
        }
        Oddity {
            place: format!("issue {issue}"),
            what: format!(
                "its status {status} is not among the server's statuses; it is called by its id"
            ),
        }
    }
}

fn sort_out(
    outcome: Result<Answer<Value>, Fault>,
    id: &str,
) -> Result<Fetched<(Issue, Option<Millis>)>, Fault> {
    match outcome {
        Ok(Answer {
            value, date, place, ..
        }) => Ok(match issue_of(value, id) {
            Some(issue) => Fetched::Detail((issue, date)),
            None => Fetched::Failed(Fault::BadAnswer {
                place,
                why: "the JSON holds no such issue".to_owned(),
            }),
        }),
        Err(fault) => Fetched::without(fault),
    }
}

fn issue_of(value: Value, id: &str) -> Option<Issue> {
    let detail: Detail = serde_json::from_value(value).ok()?;
    Issue::read(detail.issue).filter(|issue| issue.id.to_string() == id)
}
