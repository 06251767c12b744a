//! Histories of issues and pull requests, many in one answer.

use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{Fetched, Listed};
use super::GitHub;
use super::convert::Found;
use super::issues;
use super::known::Repository;
use super::questions;
use super::tracker::{Detail, Row};
use super::wire::{list, next_cursor, text};
use crate::model::time::Millis;

/// A timeline of more pages never ends.
const MOST_PAGES: usize = 200;

/// After so many in a row that cannot be had alone, GitHub is at fault.
const MOST_FAILURES: usize = 2;

type Outcome = (String, Fetched<Detail>);

/// One that is to be fetched.
struct Asked {
    id: String,
    node: String,
    kind: Option<String>,
    item: Option<Value>,
}

impl GitHub {
    /// The histories of all `rows`.
    pub(super) async fn details(
        &self,
        session: &Session<'_>,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<Outcome>, Fault> {
        let mut done = Vec::new();
        let mut asked = Vec::new();
        for Listed { id, row, .. } in rows {
            let row = match row {
                Some(row) => Fetched::Detail(row),
                None => self.again(session, &id).await?,
            };
            match row {
                Fetched::Detail(Row::Named { node, kind, item }) => asked.push(Asked {
                    id,
                    node,
                    kind,
                    item,
                }),
                Fetched::Detail(Row::Draft(item, read)) => {
                    done.push((id, Fetched::Detail(Detail::Draft(item, read))));
                }
                Fetched::Failed(fault) => done.push((id, Fetched::Failed(fault))),
                Fetched::Detail(_) | Fetched::Gone => done.push((id, Fetched::Gone)),
            }
        }
        done.extend(self.together(session, asked).await?);
        Ok(done)
    }

    /// What the list said of one that an earlier poll could not get.
    async fn again(&self, session: &Session<'_>, id: &str) -> Result<Fetched<Row>, Fault> {
        let Some((repository, number)) = id
            .split_once('#')
            .and_then(|(repository, number)| Some((repository.parse().ok()?, number)))
        else {
            // A draft: it is listed again when it changes.
            return Ok(Fetched::Gone);
        };
        let name = self.known().name_of(repository);
        let url = match &name {
            Some(name) => self.places.issue(name, number),
            None => self.places.issue_by_id(repository, number),
        };
        let row = match session.get::<Value>(&url).await {
            Ok(answer) => answer.value,
            Err(fault) => return Fetched::without(fault),
        };
        let repository = Repository {
            id: repository,
            name: name.unwrap_or_default(),
        };
        // One that was transferred has another number now.
        let listed = issues::listed(&repository, &row).filter(|listed| listed.id == id);
        Ok(listed
            .and_then(|listed| listed.row)
            .map_or(Fetched::Gone, Fetched::Detail))
    }

    /// All in one answer; where that cannot be had, or lacks some, those one by one.
    async fn together(
        &self,
        session: &Session<'_>,
        asked: Vec<Asked>,
    ) -> Result<Vec<Outcome>, Fault> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let is_lone = asked.len() == 1;
        let (nodes, read) = match self.nodes(session, &asked).await {
            Ok(told) => told,
            Err(Fault::Server { .. } | Fault::BadAnswer { .. }) if !is_lone => (Vec::new(), None),
            Err(fault) if is_lone => {
                let ids = asked.into_iter().map(|asked| asked.id);
                let failed = Fetched::without(fault)?;
                return Ok(ids.zip([failed]).collect());
            }
            Err(fault) => return Err(fault),
        };
        let mut done = Vec::new();
        let mut missing = Vec::new();
        let nodes = nodes
            .into_iter()
            .map(Some)
            .chain(std::iter::repeat_with(|| None));
        for (asked, node) in asked.into_iter().zip(nodes) {
            match node.filter(is_whole) {
                Some(node) => done.push(self.whole(session, asked, (node, read)).await?),
                None => missing.push(asked),
            }
        }
        done.extend(self.one_by_one(session, missing).await?);
        Ok(done)
    }

    async fn one_by_one(
        &self,
        session: &Session<'_>,
        asked: Vec<Asked>,
    ) -> Result<Vec<Outcome>, Fault> {
        let mut done = Vec::new();
        let mut failures = 0;
        for asked in asked {
            let outcome = self.alone(session, asked).await?;
            failures = match &outcome.1 {
                Fetched::Failed(Fault::Server { .. }) => failures + 1,
                _ => 0,
            };
            if failures >= MOST_FAILURES
                && let Fetched::Failed(fault) = outcome.1
            {
                return Err(fault);
            }
            done.push(outcome);
        }
        Ok(done)
    }

    async fn alone(&self, session: &Session<'_>, asked: Asked) -> Result<Outcome, Fault> {
        let told = self.nodes(session, std::slice::from_ref(&asked)).await;
        let (nodes, read) = match told {
            Ok(told) => told,
            Err(fault) => return Ok((asked.id, Fetched::without(fault)?)),
        };
        if let Some(node) = nodes.into_iter().next().filter(is_whole) {
            return self.whole(session, asked, (node, read)).await;
        }
        let outcome = self.untold(session, &asked.id).await?;
        Ok((asked.id, outcome))
    }

    /// Listed, but not told: either it is gone, or GitHub cannot tell it now.
    async fn untold(&self, session: &Session<'_>, id: &str) -> Result<Fetched<Detail>, Fault> {
        Ok(match self.again(session, id).await? {
            Fetched::Gone => Fetched::Gone,
            Fetched::Failed(fault) => Fetched::Failed(fault),
            Fetched::Detail(_) => Fetched::Failed(Fault::BadAnswer {
                place: self.places.shown(),
                why: "it is listed, but its history is not told".to_owned(),
            }),
        })
    }

    async fn nodes(
        &self,
        session: &Session<'_>,
        asked: &[Asked],
    ) -> Result<(Vec<Value>, Option<Millis>), Fault> {
        let ids: Vec<&str> = asked.iter().map(|asked| asked.node.as_str()).collect();
        let text = match self.wanted.project {
            Some(_) => questions::NODES_ON_BOARD,
            None => questions::NODES,
        };
        let variables = json!({ "ids": ids });
        let answer = self.ask(session, text, variables).await?;
        let mut data = answer.value;
        let nodes = data.get_mut("nodes").map(Value::take);
        let Some(Value::Array(nodes)) = nodes else {
            return Err(Fault::BadAnswer {
                place: answer.place,
                why: "the answer holds no `nodes`".to_owned(),
            });
        };
        Ok((nodes, answer.date))
    }

    /// Reads on until the timeline is complete.
    async fn whole(
        &self,
        session: &Session<'_>,
        asked: Asked,
        (mut node, read): (Value, Option<Millis>),
    ) -> Result<Outcome, Fault> {
        let rest = self.rest_of_timeline(session, &asked.node, &node).await;
        let rest = match rest {
            Ok(rest) => rest,
            Err(fault) => return Ok((asked.id, Fetched::without(fault)?)),
        };
        let events = node.pointer_mut("/timelineItems/nodes");
        if let Some(events) = events.and_then(Value::as_array_mut) {
            events.extend(rest);
        }
        let found = Found {
            node,
            kind: asked.kind,
            item: asked.item,
            read,
        };
        Ok((asked.id, Fetched::Detail(Detail::Found(found))))
    }

    async fn rest_of_timeline(
        &self,
        session: &Session<'_>,
        id: &str,
        node: &Value,
    ) -> Result<Vec<Value>, Fault> {
        let text = match self.wanted.project {
            Some(_) => questions::MORE_ON_BOARD,
            None => questions::MORE,
        };
        let mut rest = Vec::new();
        let mut next = node
            .get("timelineItems")
            .and_then(next_cursor)
            .map(str::to_owned);
        for _ in 0..MOST_PAGES {
            let Some(after) = next else {
                return Ok(rest);
            };
            let variables = json!({"id": id, "after": after});
            let data = self.ask(session, text, variables).await?.value;
            let page = data
                .pointer("/node/timelineItems")
                .filter(|page| page.is_object());
            let page = page.ok_or_else(|| self.endless("breaks off"))?;
            rest.extend(list(page, "/nodes").cloned());
            next = next_cursor(page).map(str::to_owned);
        }
        Err(self.endless("never ends"))
    }

    fn endless(&self, what: &str) -> Fault {
        Fault::BadAnswer {
            place: self.places.shown(),
            why: format!("a timeline {what}"),
        }
    }
}

/// An answer that GitHub had no time for lacks parts; a history made from it would be wrong.
fn is_whole(node: &Value) -> bool {
    let events = node.pointer("/timelineItems/nodes");
    text(node, "/__typename").is_some() && events.is_some_and(Value::is_array)
}
