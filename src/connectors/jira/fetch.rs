//! Issues with their changes, many by one request.
//!
//! An issue is read before its changes are: one that changes in between is listed again by the next
//! poll, for it was updated later than the issue says that was read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::Fault;
use super::super::http::{Answer, Session};
use super::super::sync::Fetched;
use super::address::Deployment;
use super::convert::Detail;
use super::fields::Plan;
use super::wire::{Changelog, Changes, History, Issue, Page, Sent, SentChanges, scalar};
use super::{Jira, jql};
use crate::model::time::Millis;

/// With more failures than this before anything came, the tracker is not well.
const MOST_IN_VAIN: u32 = 8;

/// Changes that Cloud is asked to put on a page.
const CHANGES: u32 = 1_000;

/// What became of asking for each.
pub(super) type Outcomes = Vec<(String, Fetched<Detail<'static>>)>;

/// Fetches issues. Where a request for many fails, each half is asked for alone: one issue that
/// cannot be given keeps no other away.
pub(super) async fn all(
    jira: &Jira,
    session: &Session<'_>,
    ids: Vec<String>,
) -> Result<Outcomes, Fault> {
    let mut to_come = vec![ids];
    let mut come = Vec::new();
    let mut in_vain = 0;
    while let Some(mut few) = to_come.pop() {
        let fault = match some(jira, session, &few).await {
            Ok(some) => {
                come.extend(some);
                continue;
            }
            Err(fault) => fault,
        };
        in_vain += 1;
        let may_be_of_one = matches!(fault, Fault::Server { .. } | Fault::BadAnswer { .. });
        if !may_be_of_one || come.is_empty() && in_vain > MOST_IN_VAIN {
            return Err(fault);
        }
        let half = few.split_off(few.len() / 2);
        if few.is_empty() {
            come.extend(
                half.into_iter()
                    .map(|id| (id, Fetched::Failed(fault.clone()))),
            );
        } else {
            to_come.extend([half, few]);
        }
    }
    Ok(come)
}

async fn some(jira: &Jira, session: &Session<'_>, ids: &[String]) -> Result<Outcomes, Fault> {
    let (deployment, plan) = {
        let known = jira.known();
        (known.deployment(), known.plan())
    };
    match deployment {
        Deployment::Cloud => of_cloud(jira, session, ids, &plan).await,
        Deployment::OwnServer => of_own_server(jira, session, ids, &plan).await,
    }
}

/// What an answer holds of the issues that were asked for.
struct Issues {
    found: Vec<Issue<'static>>,
    /// Why an issue is not among them, if it may come another time.
    errors: BTreeMap<String, String>,
    is_odd: bool,
    read: Option<Millis>,
    place: String,
}

impl Issues {
    fn of(answer: Answer<Page>) -> Self {
        let Page {
            issues,
            issue_errors,
            ..
        } = answer.value;
        let listed = issues.len();
        let found: Vec<Issue<'static>> = issues.into_iter().filter_map(|sent| sent.0).collect();
        let errors = issue_errors.as_array().map_or(&[][..], Vec::as_slice);
        let errors = errors.iter().filter_map(|error| {
            let why = error.get("errorMessage").and_then(scalar);
            let why = why.unwrap_or_else(|| "Jira cannot give it now".to_owned());
            Some((scalar(error.get("id")?)?, why))
        });
        Self {
            errors: errors.collect(),
            is_odd: found.len() < listed,
            found,
            read: answer.date,
            place: answer.place,
        }
    }

    /// What became of those that were asked for and are not there.
    fn absent(&self, ids: &[String]) -> Outcomes {
        let found: BTreeSet<&str> = self.found.iter().map(|issue| issue.id.as_ref()).collect();
        let absent = ids.iter().filter(|id| !found.contains(id.as_str()));
        absent.map(|id| (id.clone(), self.without(id))).collect()
    }

    fn without(&self, id: &str) -> Fetched<Detail<'static>> {
        let why = match self.errors.get(id) {
            Some(why) => why.clone(),
            None if self.is_odd => "the JSON holds something that is no issue".to_owned(),
            None => return Fetched::Gone,
        };
        let place = self.place.clone();
        Fetched::Failed(Fault::BadAnswer { place, why })
    }
}

async fn of_cloud(
    jira: &Jira,
    session: &Session<'_>,
    ids: &[String],
    plan: &Plan,
) -> Result<Outcomes, Fault> {
    let url = jira.cloud("issue/bulkfetch");
    let question = json!({"issueIdsOrKeys": ids, "fields": plan.asked()});
    let issues = Issues::of(session.post(&url, &question).await?);
    let mut outcomes = issues.absent(ids);
    let mut changes = changes(jira, session, &issues, plan).await?;
    for issue in issues.found {
        let detail = Detail {
            histories: changes.remove(issue.id.as_ref()).unwrap_or_default(),
            untold: None,
            read: issues.read,
            issue,
        };
        outcomes.push((detail.issue.id.to_string(), Fetched::Detail(detail)));
    }
    Ok(outcomes)
}

/// The changes of issues, by id, page by page.
async fn changes(
    jira: &Jira,
    session: &Session<'_>,
    issues: &Issues,
    plan: &Plan,
) -> Result<BTreeMap<String, Vec<History<'static>>>, Fault> {
    let mut changes: BTreeMap<String, Vec<History<'static>>> = BTreeMap::new();
    if issues.found.is_empty() {
        return Ok(changes);
    }
    let ids: Vec<&str> = issues.found.iter().map(|issue| issue.id.as_ref()).collect();
    let url = jira.cloud("changelog/bulkfetch");
    let mut question = json!({"issueIdsOrKeys": ids, "maxResults": CHANGES});
    let mut given = BTreeSet::new();
    loop {
        let page: Answer<Changes> = session.post(&url, &question).await?;
        for SentChanges(one) in page.value.issue_change_logs {
            let issue = one.issue.as_deref().map(str::to_owned);
            let issue = issue
                .ok_or_else(|| odd(&page.place, "the JSON holds changes that are no issue's"))?;
            let told = of_use(one.histories, plan);
            changes.entry(issue).or_default().extend(told);
        }
        let Some(next) = scalar(&page.value.next_page_token) else {
            return Ok(changes);
        };
        question["nextPageToken"] = json!(next);
        if !given.insert(next) {
            return Err(odd(&page.place, "its pages of changes lead in circles"));
        }
    }
}

/// What is of use of changes.
fn of_use(mut histories: Vec<History<'static>>, plan: &Plan) -> Vec<History<'static>> {
    for history in &mut histories {
        history.items.retain(|item| plan.uses(item));
    }
    histories
}

fn odd(place: &str, why: &str) -> Fault {
    Fault::BadAnswer {
        place: place.to_owned(),
        why: why.to_owned(),
    }
}

async fn of_own_server(
    jira: &Jira,
    session: &Session<'_>,
    ids: &[String],
    plan: &Plan,
) -> Result<Outcomes, Fault> {
    let jql = jql::among("id", ids.iter());
    let fields = plan.asked().join(",");
    let parameters = [("fields", fields.as_str()), ("expand", "changelog")];
    let answer = jira.search(session, &jql, &parameters).await?;
    let issues = Issues::of(answer);
    let mut outcomes = issues.absent(ids);
    for mut issue in issues.found {
        let (histories, untold) = told(jira, session, &mut issue, plan).await?;
        let detail = Detail {
            histories,
            untold,
            read: issues.read,
            issue,
        };
        outcomes.push((detail.issue.id.to_string(), Fetched::Detail(detail)));
    }
    Ok(outcomes)
}

/// Changes; and how many there are, if these are not all.
type Told = (Vec<History<'static>>, Option<u64>);

/// The changes that came with an issue; if some were left out, all of them, asked for alone.
async fn told(
    jira: &Jira,
    session: &Session<'_>,
    issue: &mut Issue<'static>,
    plan: &Plan,
) -> Result<Told, Fault> {
    let embedded = issue.changelog.take().unwrap_or_default();
    if embedded.untold().is_none() {
        return Ok(embedded_of_use(embedded, plan));
    }
    let path = Deployment::OwnServer.api(&format!("issue/{}", issue.id));
    let parameters = [("expand", "changelog"), ("fields", "updated")];
    let url = jira.address.at(&path, &parameters);
    match session.get::<Sent>(&url).await {
        Ok(answer) => {
            let whole = answer.value.0.unwrap_or_default();
            Ok(embedded_of_use(whole.changelog.unwrap_or_default(), plan))
        }
        Err(Fault::NotFound { .. }) => Ok(embedded_of_use(embedded, plan)),
        Err(fault) => Err(fault),
    }
}

fn embedded_of_use(changelog: Changelog<'static>, plan: &Plan) -> Told {
    let untold = changelog.untold();
    (of_use(changelog.histories, plan), untold)
}

impl Jira {
    pub(super) fn cloud(&self, path: &str) -> url::Url {
        self.address.at(&Deployment::Cloud.api(path), &[])
    }

    /// Searches one's own server for known issues, those passed over that are not there.
    pub(super) async fn search(
        &self,
        session: &Session<'_>,
        jql: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Answer<Page>, Fault> {
        let most = [
            ("jql", jql),
            ("maxResults", "1000"),
            ("validateQuery", "false"),
        ];
        let parameters: Vec<(&str, &str)> =
            most.into_iter().chain(parameters.iter().copied()).collect();
        let url = self
            .address
            .at(&Deployment::OwnServer.api("search"), &parameters);
        session.get(&url).await
    }
}
