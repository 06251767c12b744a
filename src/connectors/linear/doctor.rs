//! Proving, step by step, that a Linear workspace can be read.

use serde_json::json;

use super::super::Fault;
use super::super::http::{Query, Session, place};
use super::super::record::Record;
use super::super::sync::{Question, Tracker};
use super::names::Names;
use super::{Linear, wire};
use crate::connectors::sync::Checks;

/// All steps, the first that fails last.
pub(super) async fn steps(
    linear: &Linear,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let viewer = viewer(linear, session).await;
    let reached = match &viewer {
        Err(
            fault @ (Fault::Unreachable { .. } | Fault::Server { .. } | Fault::NotFound { .. }),
        ) => Err(fault.clone()),
        _ => Ok("it answers".to_owned()),
    };
    checks.note(format!("reach {}", place(&linear.address)), reached)?;
    checks.note("prove the key".to_owned(), viewer)?;
    if !linear.filter.teams.is_empty() {
        let teams = linear.find_teams(session).await;
        checks.note("find the teams".to_owned(), teams)?;
    }
    let states = statuses(linear, session).await;
    checks.note("read the statuses".to_owned(), states)?;
    let (found, first) = match issues(linear, session).await {
        Ok((found, first)) => (Ok(found), first),
        Err(fault) => (Err(fault), None),
    };
    checks.note("list the issues".to_owned(), found)?;
    match first {
        None => Ok(()),
        Some(id) => {
            let told = history(linear, session, id).await;
            checks.note("read the history of an issue".to_owned(), told)
        }
    }
}

async fn viewer(linear: &Linear, session: &Session<'_>) -> Result<String, Fault> {
    let query = Query {
        text: wire::VIEWER,
        variables: json!({}),
    };
    let (data, _) = linear.ask(session, &query).await?;
    let name = data.text("viewer.displayName");
    Ok(format!("it is {}'s", name.unwrap_or_default()))
}

async fn statuses(linear: &Linear, session: &Session<'_>) -> Result<String, Fault> {
    linear
        .learn_all(
            session,
            (wire::STATES, "workflowStates"),
            Names::learn_state,
        )
        .await?;
    let names = linear.names().statuses().into_iter();
    let names: std::collections::BTreeSet<String> = names.map(|status| status.name).collect();
    let names: Vec<String> = names.into_iter().collect();
    Ok(format!("{}: {}", names.len(), names.join(", ")))
}

/// The finding, and the issue to prove the history with.
async fn issues(linear: &Linear, session: &Session<'_>) -> Result<(String, Option<String>), Fault> {
    let lists = linear.lists(session).await?;
    let Some(list) = lists.first() else {
        return Ok(("none".to_owned(), None));
    };
    let page = linear.page(session, list, &Question::default()).await?;
    let first = page.rows.iter().flatten().next();
    let first = first.map(|row| row.id.clone());
    let found = match (page.rows.len(), &page.next) {
        (0, _) => "none; check `query` and what the key's owner may see".to_owned(),
        (count, None) => count.to_string(),
        (count, Some(_)) => format!("{count} and more"),
    };
    Ok((found, first))
}

async fn history(linear: &Linear, session: &Session<'_>, id: String) -> Result<String, Fault> {
    let (found, _) = linear.issues(session, std::slice::from_ref(&id)).await?;
    let Some(issue) = found.get(&id) else {
        return Ok("it is not there any more".to_owned());
    };
    Ok(format!(
        "{}: {} entries, {} spans of status",
        issue.text("identifier").unwrap_or(id),
        issue.list("history.nodes").len(),
        issue.list("stateHistory.nodes").len()
    ))
}
