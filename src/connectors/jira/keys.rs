//! Which issues have the keys that changes and fields tell without an id.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::{Answer, Session};
use super::super::sync::Fetched;
use super::address::Deployment;
use super::convert::Detail;
use super::fetch::Outcomes;
use super::fields::{Plan, Shape};
use super::wire::{Issue, Page};
use super::{Jira, jql, values};

/// Keys that are asked for at once.
const TOGETHER: usize = 100;

/// Finds out the ids of those that nothing fetched so far has told.
pub(super) async fn learn(
    jira: &Jira,
    session: &Session<'_>,
    fetched: &Outcomes,
) -> Result<(), Fault> {
    let keys = unknown(jira, fetched);
    for few in keys.chunks(TOGETHER) {
        let found = by_key(jira, session, few).await?;
        let mut known = jira.known();
        for mut value in found {
            if let Some(issue) = Issue::read(&mut value) {
                known.names.learn_key(issue.key, &issue.id);
            }
        }
        for key in few {
            known.names.learn_stray(key);
        }
    }
    Ok(())
}

fn unknown(jira: &Jira, fetched: &Outcomes) -> Vec<String> {
    let details = fetched.iter().filter_map(|(_, fetched)| match fetched {
        Fetched::Detail(detail) => Some(detail),
        _ => None,
    });
    let details: Vec<&Detail> = details.collect();
    let mut known = jira.known();
    let plan = known.plan();
    for detail in &details {
        known.names.learn_issue(&detail.issue, &plan);
    }
    let keys = details.iter().flat_map(|detail| keys_of(detail, &plan));
    let keys: BTreeSet<String> = keys.filter(|key| known.names.wonders_at(key)).collect();
    keys.into_iter().collect()
}

fn keys_of<'a>(detail: &'a Detail, plan: &'a Plan) -> impl Iterator<Item = String> + 'a {
    let items = detail.histories.iter().flat_map(|history| &history.items);
    let sides = items
        .clone()
        .flat_map(|item| [(item, &item.old), (item, &item.new)]);
    let linked = sides.clone().filter(|(item, _)| item.is_link());
    let linked = linked.filter_map(|(_, side)| side.id.clone());
    let parents = plan
        .fields()
        .iter()
        .filter(|field| field.shape == Shape::Parent);
    let above = parents.clone().flat_map(|field| {
        let value = detail.issue.field(&field.id);
        value.map(values::elements).unwrap_or_default()
    });
    let was_above = sides.filter(move |(item, _)| parents.clone().any(|field| field.has(item)));
    let above = above.chain(was_above.map(|(_, side)| side.clone()));
    linked.chain(above.filter_map(|side| values::parent_key(&side).map(str::to_owned)))
}

async fn by_key(jira: &Jira, session: &Session<'_>, keys: &[String]) -> Result<Vec<Value>, Fault> {
    let deployment = jira.known().deployment();
    let answer: Result<Answer<Page>, Fault> = match deployment {
        Deployment::Cloud => {
            let question = json!({"issueIdsOrKeys": keys, "fields": ["updated"]});
            session
                .post(&jira.cloud("issue/bulkfetch"), &question)
                .await
        }
        Deployment::OwnServer => {
            let jql = jql::among("key", keys.iter());
            jira.search(session, &jql, &[("fields", "updated")]).await
        }
    };
    match answer {
        Ok(answer) => Ok(answer.value.issues),
        // The keys then stand for themselves.
        Err(Fault::BadAnswer { .. } | Fault::NotFound { .. }) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}
