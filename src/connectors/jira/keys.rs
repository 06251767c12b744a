//! Which issues have the keys that changes and fields tell without an id.

use std::collections::BTreeSet;

use serde_json::json;

use super::super::Fault;
use super::super::http::{Answer, Session};
use super::super::sync::Fetched;
use super::address::Deployment;
use super::convert::Detail;
use super::fetch::Outcomes;
use super::fields::{Plan, Shape};
use super::wire::{Page, Sent};
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
        for issue in found.into_iter().filter_map(|sent| sent.0) {
            known.names.learn_key(issue.key.as_deref(), &issue.id);
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
    let details: Vec<&Detail<'_>> = details.collect();
    let mut known = jira.known();
    let plan = known.plan();
    for detail in &details {
        known.names.learn_issue(&detail.issue, &plan);
    }
    let mut keys = BTreeSet::new();
    for detail in details {
        each_key(detail, &plan, &mut |key| {
            if known.names.wonders_at(key) {
                keys.insert(key.to_owned());
            }
        });
    }
    keys.into_iter().collect()
}

/// Tells each key by which links and parents are told, in fields and changes.
pub(super) fn each_key(detail: &Detail<'_>, plan: &Plan, tell: &mut dyn FnMut(&str)) {
    let is_parent = |at: usize| {
        let field = plan.fields().get(at);
        field.is_some_and(|field| field.shape == Shape::Parent)
    };
    for item in detail.histories.iter().flat_map(|history| &history.items) {
        let sides = [&item.old, &item.new];
        if item.is_link() {
            sides
                .iter()
                .filter_map(|side| side.id.as_deref())
                .for_each(&mut *tell);
        }
        if plan.of(item).any(is_parent) {
            sides
                .iter()
                .filter_map(|side| values::parent_key(side))
                .for_each(&mut *tell);
        }
    }
    let fields = plan.fields().iter();
    let parents = fields.filter(|field| field.shape == Shape::Parent);
    for value in parents.filter_map(|field| detail.issue.field(&field.id)) {
        let sides = values::elements(value);
        let keys = sides.iter().filter_map(|side| values::parent_key(side));
        keys.for_each(&mut *tell);
    }
}

async fn by_key(jira: &Jira, session: &Session<'_>, keys: &[String]) -> Result<Vec<Sent>, Fault> {
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
