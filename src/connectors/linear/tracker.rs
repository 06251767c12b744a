//! How Linear is asked and understood.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use serde_json::{Value, json};

use secrecy::{ExposeSecret, SecretString};

use super::super::Fault;
use super::super::http::{Answer, Query, Session, place};
use super::super::record::Record;
use super::super::story::Story;
use super::super::sync::{Fetched, List, Listed, Page, Paging, Question, Tracker};
use super::super::words::unusable;
use super::Linear;
use super::convert::{Detail, NOUN, Reader};
use super::doctor;
use super::names::Names;
use super::wire;
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// A list of more pages than this never ends.
const MOST_PAGES: usize = 200;

#[async_trait]
impl Tracker for Linear {
    type Row = ();
    type Detail = Detail;

    const TOKENS: &'static str = "Linear gives personal API keys under Settings, \"Security & access\"; reading is \
                          enough; let `token` yield it";

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        if secret.expose_secret().starts_with(super::APPLICATION) {
            Key::bearer(secret)
        } else {
            Key::in_header("authorization", secret)
        }
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    /// A team that is misspelt would be an empty list without a word.
    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        if !self.has_found_teams() {
            self.find_teams(session).await?;
        }
        Ok(vec![List {
            name: "issues".to_owned(),
            noun: NOUN,
            paging: Paging::Numbered,
            together: wire::TOGETHER,
        }])
    }

    async fn page(
        &self,
        session: &Session<'_>,
        _: &List,
        question: &Question,
    ) -> Result<Page<()>, Fault> {
        let query = wire::list(&self.filter.value, question);
        let (data, date) = self.ask(session, &query).await?;
        let nodes = self.nodes(&data, "issues")?;
        let mut oddities = Vec::new();
        let rows = nodes
            .iter()
            .map(|row| {
                let listed = listed(row);
                if listed.is_none() {
                    oddities.push(odd_row());
                }
                listed
            })
            .collect();
        Ok(Page {
            rows,
            total: None,
            limit: wire::PAGE,
            next: next_of(data.at("issues")),
            now: date,
            oddities,
        })
    }

    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault> {
        let states = (wire::STATES, "workflowStates");
        let labels = (wire::LABELS, "issueLabels");
        tokio::try_join!(
            self.learn_all(session, states, Names::learn_state),
            self.learn_all(session, labels, Names::learn_label),
        )?;
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        _: &List,
        rows: Vec<Listed<()>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        let ids: Vec<String> = rows.into_iter().map(|row| row.id).collect();
        let (mut found, read) = match self.issues(session, &ids).await {
            Ok(found) => found,
            Err(fault) => return all_without(ids, &fault),
        };
        let mut fetched = Vec::with_capacity(ids.len());
        for id in ids {
            let outcome = match found.remove(&id) {
                None => Fetched::Gone,
                Some(mut issue) => match self.follow(session, &id, &mut issue).await {
                    Ok(()) => Fetched::Detail(Detail {
                        id: id.clone(),
                        issue,
                        read,
                    }),
                    Err(fault) => Fetched::without(fault)?,
                },
            };
            fetched.push((id, outcome));
        }
        Ok(fetched)
    }

    fn understand(&self, _: &List, details: Vec<Detail>) -> Vec<(String, Story)> {
        let mut names = self.names();
        for detail in &details {
            names.learn_state(detail.issue.at("state"));
            names.learn_team(detail.issue.at("team"));
        }
        let reader = Reader {
            facts: &self.facts,
            names: &names,
        };
        let stories = details.into_iter();
        stories
            .map(|detail| (detail.id.clone(), reader.tell(&detail)))
            .collect()
    }

    fn statuses(&self) -> Vec<StatusName> {
        self.names().statuses()
    }
}

impl Linear {
    /// Asks, and returns the data and the server's clock.
    pub(super) async fn ask(
        &self,
        session: &Session<'_>,
        query: &Query,
    ) -> Result<(Value, Option<Millis>), Fault> {
        let answer: Answer<Value> = session.graphql(&self.address, query).await?;
        Ok((answer.value, answer.date))
    }

    fn nodes<'a>(&self, data: &'a Value, list: &str) -> Result<&'a Vec<Value>, Fault> {
        let nodes = data.at(list).at("nodes").as_array();
        nodes.ok_or_else(|| self.bad(&format!("the data hold no `{list}`")))
    }

    fn bad(&self, why: &str) -> Fault {
        Fault::BadAnswer {
            place: place(&self.address),
            why: why.to_owned(),
        }
    }

    /// Makes sure that the teams are there that the query names.
    pub(super) async fn find_teams(&self, session: &Session<'_>) -> Result<String, Fault> {
        let query = Query {
            text: wire::TEAMS,
            variables: json!({"keys": self.filter.teams}),
        };
        let (data, _) = self.ask(session, &query).await?;
        let nodes = self.nodes(&data, "teams")?;
        let keys: Vec<String> = nodes.iter().filter_map(|team| team.text("key")).collect();
        let lacking = self.filter.teams.iter().find(|key| !keys.contains(key));
        if let Some(key) = lacking {
            return Err(unusable(
                format!("Linear has no team \"{key}\", or this key may not see it"),
                "write the team's key as it stands before the numbers of its issues: team:ENG for \
                 ENG-12; a private team needs a member's key",
            ));
        }
        self.found.store(true, Ordering::Relaxed);
        Ok(keys.join(", "))
    }

    /// Learns names, page by page.
    pub(super) async fn learn_all(
        &self,
        session: &Session<'_>,
        (text, list): (&'static str, &str),
        learn: fn(&mut Names, &Value),
    ) -> Result<(), Fault> {
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let query = wire::names(text, after.as_deref());
            let (data, _) = self.ask(session, &query).await?;
            let nodes = self.nodes(&data, list)?;
            for node in nodes {
                learn(&mut self.names(), node);
            }
            after = next_of(data.at(list));
            if after.is_none() {
                return Ok(());
            }
        }
        Err(self.bad("the list of names never ends"))
    }

    /// Some issues by id, with the beginnings of their histories.
    pub(super) async fn issues(
        &self,
        session: &Session<'_>,
        ids: &[String],
    ) -> Result<(BTreeMap<String, Value>, Option<Millis>), Fault> {
        let (data, read) = self.ask(session, &wire::issues(ids)).await?;
        let nodes = self.nodes(&data, "issues")?;
        let found = nodes.iter().map(|issue| {
            let is_whole = issue.at("history.nodes").is_array();
            let id = issue.text("id").filter(|_| is_whole);
            id.map(|id| (id, issue.clone()))
        });
        let found: Option<BTreeMap<String, Value>> = found.collect();
        let found = found.ok_or_else(|| self.bad("an issue has no id or no history"))?;
        Ok((found, read))
    }

    /// Follows those lists of an issue that go on.
    pub(super) async fn follow(
        &self,
        session: &Session<'_>,
        id: &str,
        issue: &mut Value,
    ) -> Result<(), Fault> {
        for (list, text) in wire::FOLLOWED {
            let mut after = next_of(issue.at(list));
            let mut more = Vec::new();
            for page in 0.. {
                let Some(cursor) = after else { break };
                if page == MOST_PAGES {
                    return Err(self.bad("the history never ends"));
                }
                let query = wire::follow(text, id, &cursor);
                let (data, _) = self.ask(session, &query).await?;
                more.extend(self.nodes(data.at("issue"), list)?.iter().cloned());
                after = next_of(data.at("issue").at(list));
            }
            let nodes = issue.get_mut(list).and_then(|list| list.get_mut("nodes"));
            if let Some(nodes) = nodes.and_then(Value::as_array_mut) {
                nodes.extend(more);
            }
        }
        Ok(())
    }
}

/// What a fault means for each of several issues asked for at once.
fn all_without(ids: Vec<String>, fault: &Fault) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
    let each = ids.into_iter();
    each.map(|id| Ok((id, Fetched::without(fault.clone())?)))
        .collect()
}

fn listed(row: &Value) -> Option<Listed<()>> {
    Some(Listed {
        id: row.text("id")?,
        updated: row.instant("updatedAt")?,
        row: Some(()),
    })
}

fn odd_row() -> Oddity {
    Oddity {
        place: "the list of issues".to_owned(),
        what: "a row has no id or no time of its last update; it is left out".to_owned(),
    }
}

fn next_of(list: &Value) -> Option<String> {
    let info = list.at("pageInfo");
    info.text("endCursor").filter(|_| info.is("hasNextPage"))
}
