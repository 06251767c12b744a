//! How Jira is asked and understood.

use async_trait::async_trait;
use serde_json::json;

use secrecy::SecretString;

use super::super::Fault;
use super::super::http::{Answer, Session};
use super::super::story::Story;
use super::super::sync::{Fetched, Grain, List, Listed, Page, Paging, Question, Tracker};
use super::address::Deployment;
use super::convert::{Detail, Reader};
use super::doctor;
use super::wire::{self, Count, Sent, count, scalar};
use super::{Jira, fetch, jql, keys, minute, server};
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// The most rows of a page.
const PAGE: u64 = 1_000;

/// Issues that are fetched by one request: few enough that also a page of a hundred, which is all
/// that some sites give, keeps every connection busy.
const TOGETHER: usize = 25;

#[async_trait]
impl Tracker for Jira {
    type Row = ();
    type Detail = Detail<'static>;

    const TOKENS: &'static str = super::TOKENS;

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        match &self.reach.settings.user {
            Some(user) => Key::basic(user, secret),
            None => Key::bearer(secret),
        }
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    fn grain(&self) -> Grain {
        Grain::Minutes
    }

    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        let server = server::find(self, session).await?;
        server::prove_key(self, session).await?;
        server::find_scope(self, session).await?;
        Ok(vec![List {
            name: "issues".to_owned(),
            noun: "issue",
            // A page of Cloud's is named by a token, which stays right only within one question.
            paging: match server {
                Deployment::Cloud => Paging::Numbered,
                Deployment::OwnServer => Paging::Offset,
            },
            together: TOGETHER,
        }])
    }

    async fn page(
        &self,
        session: &Session<'_>,
        _: &List,
        question: &Question,
    ) -> Result<Page<()>, Fault> {
        let total = self.total(session, question);
        let (total, answer) = tokio::try_join!(total, self.listed(session, question))?;
        let mut oddities = Vec::new();
        let rows = answer.value.issues.into_iter().map(|row| {
            let row = listed(row).map_err(|oddity| oddities.push(oddity));
            row.ok()
        });
        let rows = rows.collect();
        Ok(Page {
            rows,
            total: count(&answer.value.total).or(total),
            limit: count(&answer.value.max_results).unwrap_or(PAGE).min(PAGE),
            next: scalar(&answer.value.next_page_token),
            now: answer.date,
            oddities,
        })
    }

    /// Statuses are asked for by every poll that finds something, so that new names come through;
    /// fields until all are found that the settings name.
    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault> {
        let is_settled = {
            let plan = self.known().plan.clone();
            plan.is_some_and(|plan| plan.strangers().is_empty())
        };
        let fields = async {
            if is_settled {
                return Ok(());
            }
            server::learn_fields(self, session).await
        };
        tokio::try_join!(server::learn_statuses(self, session), fields)?;
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        _: &List,
        rows: Vec<Listed<()>>,
    ) -> Result<Vec<(String, Fetched<Self::Detail>)>, Fault> {
        let ids = rows.into_iter().map(|row| row.id).collect();
        let fetched = fetch::all(self, session, ids).await?;
        keys::learn(self, session, &fetched).await?;
        Ok(fetched)
    }

    /// Learns from all before the first is converted: one issue may name what another only numbers.
    /// What they are called now was learned when they were fetched.
    fn understand(&self, _: &List, details: Vec<Self::Detail>) -> Vec<(String, Story)> {
        let mut known = self.known();
        let plan = known.plan();
        for detail in &details {
            known.names.learn_past(&detail.histories);
        }
        let reader = Reader {
            names: &known.names,
            plan: &plan,
            address: Some(&self.address),
        };
        let told = details.into_iter().map(|detail| {
            let story = reader.story(&detail);
            (detail.issue.id.into_owned(), story)
        });
        let mut stories: Vec<(String, Story)> = told.collect();
        if let Some((_, first)) = stories.first_mut() {
            first.oddities.extend(known.strangers());
        }
        stories
    }

    fn statuses(&self) -> Vec<StatusName> {
        self.known().names.statuses()
    }
}

impl Jira {
    async fn listed(
        &self,
        session: &Session<'_>,
        question: &Question,
    ) -> Result<Answer<wire::Page>, Fault> {
        let (deployment, scope, since) = {
            let known = self.known();
            let since = question.since;
            let since = since.map(|since| minute::text(since, known.zone.as_ref()));
            (known.deployment(), known.scope.clone(), since)
        };
        let jql = jql::list(scope.as_deref(), since.as_deref());
        let (most, offset) = (PAGE.to_string(), question.offset.to_string());
        let mut parameters = vec![
            ("jql", jql.as_str()),
            ("fields", "updated"),
            ("maxResults", most.as_str()),
        ];
        match deployment {
            Deployment::Cloud => {
                parameters.extend(question.next.as_deref().map(|next| ("nextPageToken", next)));
            }
            Deployment::OwnServer => parameters.push(("startAt", &offset)),
        }
        let url = self.address.at(&deployment.search(), &parameters);
        let answer = session.get(&url).await;
        match question.next {
            None => answer.map_err(jql::refused),
            Some(_) => answer,
        }
    }

    /// How many there are, before the first page of all: Cloud's pages do not say.
    async fn total(
        &self,
        session: &Session<'_>,
        question: &Question,
    ) -> Result<Option<u64>, Fault> {
        let is_first = question.since.is_none() && question.next.is_none();
        if !is_first || self.known().deployment() == Deployment::OwnServer {
            return Ok(None);
        }
        match self.count(session).await {
            Ok(count) => Ok(Some(count)),
            // It is only for the progress.
            Err(Fault::Stopped) => Err(Fault::Stopped),
            Err(_) => Ok(None),
        }
    }

    /// How many issues there are, as far as Cloud knows.
    pub(super) async fn count(&self, session: &Session<'_>) -> Result<u64, Fault> {
        let scope = self.known().scope.clone();
        let path = Deployment::Cloud.api("search/approximate-count");
        let question = json!({"jql": jql::conditions(scope.as_deref())});
        let url = self.address.at(&path, &[]);
        let answer: Answer<Count> = session.post(&url, &question).await?;
        Ok(answer.value.count)
    }
}

fn listed(Sent(issue): Sent) -> Result<Listed<()>, Oddity> {
    let updated = issue.as_ref().and_then(|issue| issue.instant("updated"));
    match (issue, updated) {
        (Some(issue), Some(updated)) => Ok(row_of(issue.id.into_owned(), updated)),
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

fn row_of(id: String, updated: Millis) -> Listed<()> {
    Listed {
        id,
        updated,
        row: Some(()),
    }
}
