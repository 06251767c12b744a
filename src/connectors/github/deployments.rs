//! Deployments to environments, and the pull requests that each brought.
//!
//! A deployment names one commit. It brought the pull requests whose merge commits lead to that
//! commit and not to the one that was deployed to the same environment before. Where the one before
//! is not known, or not among the last fifty commits (a roll-back, another branch), only what brought
//! in the commit itself is told: that much is certain.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{Fetched, Listed, Page, Question};
use super::GitHub;
use super::convert::{Brought, Run};
use super::known::{Repository, without_repository};
use super::questions::{self, COMMITS_AT_ONCE};
use super::tracker::{Detail, Row, odd_row};
use super::wire::{id_of, instant, is_true, list, number, text};
use crate::model::time::Millis;

/// A deployment waits for approval for at most thirty days; older ones change no more.
const OPEN_FOR: i64 = 31 * 86_400;

/// Of the fifty on a page so many are taken; the rest only tells what was deployed before.
const TAKEN: usize = 40;

impl GitHub {
    /// A page of deployments, the newest first. The list ends where nothing can be new any more.
    pub(super) async fn deployments(
        &self,
        session: &Session<'_>,
        repository: &Repository,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let (owner, name) = repository.name.split_once('/').unwrap_or_default();
        let environments = self.environments();
        let environments = (!environments.contains(&"*")).then_some(environments);
        let variables = json!({
            "owner": owner, "name": name, "environments": environments, "after": question.next,
        });
        let answer = self.ask(session, questions::DEPLOYMENTS, variables).await;
        let answer = answer.map_err(|fault| without_repository(fault, &repository.name))?;
        let Some(deployments) = answer.value.pointer("/repository/deployments") else {
            return Err(Fault::BadAnswer {
                place: answer.place,
                why: format!("{} tells no deployments", repository.name),
            });
        };
        let edges: Vec<&Value> = list(deployments, "/edges").collect();
        let taken = edges.get(..TAKEN).unwrap_or(&edges);
        let rows: Vec<_> = (0..taken.len()).map(|at| row(&edges, at)).collect();
        let odd = rows.iter().filter(|row| row.is_none()).count();
        let place = format!("the deployments of {}", repository.name);
        let is_more = edges.len() > TAKEN || is_true(deployments, "/pageInfo/hasNextPage");
        let goes_on = is_more && is_worth_going_on(question, &rows, taken);
        let last = taken.last().and_then(|edge| text(edge, "/cursor"));
        Ok(Page {
            rows,
            total: None,
            limit: TAKEN as u64,
            next: last.filter(|_| goes_on).map(str::to_owned),
            now: answer.date,
            oddities: std::iter::repeat_n(odd_row(&place), odd).collect(),
        })
    }

    /// What each of a few deployments brought.
    pub(super) async fn brought(
        &self,
        session: &Session<'_>,
        repository: &Repository,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        let named = rows
            .iter()
            .filter_map(|listed| deployed(listed.row.as_ref()?));
        let commits: BTreeSet<String> = named.map(|(commit, _)| commit.to_owned()).collect();
        let (led, read) = self.led(session, repository, &commits).await?;
        let brought = rows.into_iter().map(|Listed { id, row, .. }| {
            let Some(row) = row else {
                return (id, Fetched::Gone);
            };
            let pulls = deployed(&row).map_or_else(Vec::new, |(commit, before)| {
                carried(led.get(commit).map_or(&[][..], Vec::as_slice), before)
            });
            let with = |value| Brought {
                value,
                repository: repository.name.clone(),
                pulls,
                read,
            };
            let detail = match row {
                Row::Deployment(value, _) => Detail::Deployment(with(value)),
                Row::Run(value, run, _) => Detail::Run(with(value), run),
                Row::Named { .. } | Row::Draft(..) => return (id, Fetched::Gone),
            };
            (id, Fetched::Detail(detail))
        });
        Ok(brought.collect())
    }

    /// The commits that led to each of at most ten.
    async fn led(
        &self,
        session: &Session<'_>,
        repository: &Repository,
        commits: &BTreeSet<String>,
    ) -> Result<(BTreeMap<String, Vec<Value>>, Option<Millis>), Fault> {
        let Some(first) = commits.first() else {
            return Ok((BTreeMap::new(), None));
        };
        let (owner, name) = repository.name.split_once('/').unwrap_or_default();
        let mut variables: Map<String, Value> = Map::new();
        variables.insert("owner".to_owned(), json!(owner));
        variables.insert("name".to_owned(), json!(name));
        let asked = commits.iter().chain(std::iter::repeat(first));
        for (at, commit) in asked.take(COMMITS_AT_ONCE).enumerate() {
            variables.insert(format!("c{at}"), json!(commit));
        }
        let variables = Value::Object(variables);
        let answer = self.ask(session, questions::CARRIED, variables).await?;
        let commits = commits.iter().enumerate().map(|(at, commit)| {
            let place = format!("/repository/c{at}/history/nodes");
            (
                commit.clone(),
                list(&answer.value, &place).cloned().collect(),
            )
        });
        Ok((commits.collect(), answer.date))
    }
}

/// The commit that was deployed, and the one before.
fn deployed(row: &Row) -> Option<(&str, Option<&str>)> {
    match row {
        Row::Deployment(value, before) => Some((text(value, "/commitOid")?, before.as_deref())),
        Row::Run(value, Run::Deployment, before) => {
            Some((text(value, "/head_sha")?, before.as_deref()))
        }
        _ => None,
    }
}

/// The row of the edge at `at`, with what was deployed to the same environment before it.
fn row(edges: &[&Value], at: usize) -> Option<Listed<Row>> {
    let (edge, earlier) = edges.split_at_checked(at)?.1.split_first()?;
    let deployment = edge.get("node")?;
    let environment = text(deployment, "/environment");
    let before = earlier
        .iter()
        .find(|edge| text(edge, "/node/environment") == environment && has_succeeded(edge));
    let before = before.and_then(|edge| text(edge, "/node/commitOid"));
    Some(Listed {
        id: format!("deployment.{}", number(deployment, "/databaseId")?),
        updated: instant(deployment, "/updatedAt")?,
        row: Some(Row::Deployment(
            deployment.clone(),
            before.map(str::to_owned),
        )),
    })
}

fn has_succeeded(edge: &Value) -> bool {
    let mut statuses = list(edge, "/node/statuses/nodes");
    statuses.any(|status| text(status, "/state") == Some("SUCCESS"))
}

/// Nothing new on the first page: nothing is looked for further back. Else all that can still change
/// is looked at.
fn is_worth_going_on(question: &Question, rows: &[Option<Listed<Row>>], taken: &[&Value]) -> bool {
    let Some(since) = question.since else {
        return true;
    };
    let has_news = rows.iter().flatten().any(|row| row.updated > since);
    let oldest = taken
        .last()
        .and_then(|edge| instant(edge, "/node/createdAt"));
    let is_open = oldest.is_none_or(|oldest| oldest > since.plus_secs(-OPEN_FOR));
    is_open && (has_news || question.next.is_some())
}

/// Ids of the pull requests that brought in `commits` (the newest first) down to `before`; without
/// `before` among them, those of the newest commit alone.
fn carried(commits: &[Value], before: Option<&str>) -> Vec<String> {
    let until = commits
        .iter()
        .position(|commit| text(commit, "/oid") == before && before.is_some());
    let new = commits.get(..until.unwrap_or(1)).unwrap_or_default();
    let pulls: BTreeSet<String> = new.iter().flat_map(pulls_of).collect();
    pulls.into_iter().collect()
}

/// The pull requests whose merging brought in a commit.
fn pulls_of(commit: &Value) -> impl Iterator<Item = String> + use<'_> {
    list(commit, "/associatedPullRequests/nodes")
        .filter(|pull| is_true(pull, "/merged"))
        .filter_map(|pull| {
            let repository = number(pull, "/repository/databaseId")?;
            Some(id_of(repository, number(pull, "/number")?))
        })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::carried;

    fn commit(oid: &str, pull: u64) -> Value {
        json!({"oid": oid, "associatedPullRequests": {"nodes": [
            {"number": pull, "merged": true, "repository": {"databaseId": 9}},
            {"number": 99, "merged": false, "repository": {"databaseId": 9}},
        ]}})
    }

    #[test]
    fn a_deployment_carries_what_was_merged_since_the_one_before() {
        let commits = [
            commit("d", 4),
            commit("c", 3),
            commit("b", 3),
            commit("a", 1),
        ];
        assert_eq!(carried(&commits, Some("a")), ["9#3", "9#4"]);
        assert_eq!(carried(&commits, Some("d")), [""; 0]);
        assert_eq!(carried(&commits, None), ["9#4"]);
        assert_eq!(carried(&commits, Some("elsewhere")), ["9#4"]);
        assert_eq!(carried(&[], Some("a")), [""; 0]);
    }
}
