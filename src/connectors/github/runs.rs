//! Runs of workflows that count as deployments or, when they fail, as incidents.
//!
//! GitHub lists them the newest first. Of a row of failures of one workflow on one branch the first
//! one is the incident; it is over with the next success.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{Listed, Page, Question};
use super::GitHub;
use super::address::PAGE;
use super::convert::Run;
use super::known::{Repository, Walk, without_repository};
use super::query::Runs;
use super::tracker::{Row, odd_row};
use super::wire::{instant, list, number, text};
use crate::model::time::Millis;

/// So far back runs may still be run again, and failures end.
const OPEN_FOR: i64 = 14 * 86_400;

/// Conclusions that are failures.
const FAILURES: [&str; 3] = ["failure", "timed_out", "startup_failure"];

impl GitHub {
    /// A page of runs. The list ends where nothing can be new any more.
    pub(super) async fn runs(
        &self,
        session: &Session<'_>,
        (list_name, repository): (&str, &Repository),
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let number: u64 = question
            .next
            .as_deref()
            .and_then(|next| next.parse().ok())
            .unwrap_or(1);
        let url = self.places.runs(&repository.name, number);
        let answer = session.get::<Value>(&url).await;
        let answer = answer.map_err(|fault| without_repository(fault, &repository.name))?;
        let runs: Vec<&Value> = list(&answer.value, "/workflow_runs").collect();
        let goes_on = answer.next.is_some() && is_worth_going_on(question, &runs);
        let mut walk = self.known().walks.remove(list_name).unwrap_or_default();
        let mut rows = Vec::new();
        for at in 0..runs.len() {
            self.take(&mut walk, runs.get(at..).unwrap_or_default(), &mut rows);
        }
        if answer.next.is_none() {
            rows.extend(walk.end());
        }
        let odd = rows.iter().filter(|row| row.is_none()).count();
        let place = format!("the workflow runs of {}", repository.name);
        self.known().walks.insert(list_name.to_owned(), walk);
        Ok(Page {
            rows,
            total: None,
            limit: PAGE as u64,
            next: goes_on.then(|| (number + 1).to_string()),
            now: answer.date,
            oddities: std::iter::repeat_n(odd_row(&place), odd).collect(),
        })
    }

    /// Takes the first of `runs`; the others are older.
    fn take(&self, walk: &mut Walk, runs: &[&Value], rows: &mut Vec<Option<Listed<Row>>>) {
        let Some((run, earlier)) = runs.split_first() else {
            return;
        };
        if is_of(&self.wanted.deployments, run) {
            rows.push(deployment(run, earlier));
        }
        if is_of(&self.wanted.incidents, run) {
            rows.extend(walk.meet(run).map(incident));
        }
    }
}

/// Whether the run is of one of these workflows, by the file or the name of it.
fn is_of(wanted: &[Runs], run: &Value) -> bool {
    let path = text(run, "/path").unwrap_or_default();
    let path = path.split('@').next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    let name = text(run, "/name").unwrap_or_default();
    wanted.iter().any(|runs| match runs {
        Runs::Workflow(wanted) => [path, file, name].contains(&wanted.as_str()),
        _ => false,
    })
}

impl Walk {
    /// Meets a run that is older than all met before. Returns the incident that is certain now: a
    /// failure before which there was a success.
    fn meet(&mut self, run: &Value) -> Option<(Value, Option<Millis>)> {
        let (workflow, branch) = kept_on(run);
        let key = (workflow?, branch.unwrap_or_default().to_owned());
        match text(run, "/conclusion") {
            Some("success") => {
                let first = self.failures.remove(&key);
                self.successes.insert(key, instant(run, "/updated_at")?);
                first
            }
            Some(conclusion) if FAILURES.contains(&conclusion) => {
                let over = self.successes.get(&key).copied();
                self.failures.insert(key, (run.clone(), over));
                None
            }
            // Cancelled, skipped, or not ended: says nothing.
            _ => None,
        }
    }

    /// Nothing came before: the failures that are left are the first of their rows.
    fn end(&mut self) -> Vec<Option<Listed<Row>>> {
        let failures = std::mem::take(&mut self.failures);
        failures.into_values().map(incident).collect()
    }
}

/// The workflow and the branch of a run.
fn kept_on(run: &Value) -> (Option<u64>, Option<&str>) {
    (number(run, "/workflow_id"), text(run, "/head_branch"))
}

/// With the commit of the last success of the same workflow on the same branch before it.
fn deployment(run: &Value, earlier: &[&Value]) -> Option<Listed<Row>> {
    let mut earlier = earlier.iter();
    let before = earlier
        .find(|one| kept_on(one) == kept_on(run) && text(one, "/conclusion") == Some("success"));
    let before = before.and_then(|one| text(one, "/head_sha"));
    Some(Listed {
        id: format!("run.{}", number(run, "/id")?),
        updated: instant(run, "/updated_at")?,
        row: Some(Row::Run(
            run.clone(),
            Run::Deployment,
            before.map(str::to_owned),
        )),
    })
}

/// It is news when it begins, and again when it is over.
fn incident((run, over): (Value, Option<Millis>)) -> Option<Listed<Row>> {
    Some(Listed {
        id: format!("incident.{}", number(&run, "/id")?),
        updated: instant(&run, "/updated_at").max(over)?,
        row: Some(Row::Run(run, Run::Incident { over }, None)),
    })
}

/// Nothing new on the first page: nothing is looked for further back. Else all that can still change
/// is looked at.
fn is_worth_going_on(question: &Question, runs: &[&Value]) -> bool {
    let Some(since) = question.since else {
        return true;
    };
    let mut updates = runs.iter().filter_map(|run| instant(run, "/updated_at"));
    let has_news = updates.any(|updated| updated > since);
    let oldest = runs.last().and_then(|run| instant(run, "/created_at"));
    let is_open = oldest.is_none_or(|oldest| oldest > since.plus_secs(-OPEN_FOR));
    is_open && (has_news || question.next.is_some())
}
