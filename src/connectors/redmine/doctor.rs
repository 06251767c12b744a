//! Proving, step by step, that a Redmine server can be read.

use super::super::Fault;
use super::super::http::Session;
use super::Redmine;
use super::tracker::{learn_statuses, prove_key};
use super::wire::{Detail, Issue, Page};
use crate::connectors::sync::Checks;

/// All steps, the first that fails last.
pub(super) async fn steps(
    redmine: &Redmine,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let place = redmine.address.shown();
    let key = prove_key(redmine, session).await;
    let reached = match &key {
        Err(
            fault @ (Fault::Unreachable { .. } | Fault::Server { .. } | Fault::Unusable { .. }),
        ) => Err(fault.clone()),
        _ => Ok("it answers".to_owned()),
    };
    checks.note(format!("reach {place}"), reached)?;
    checks.note(
        "prove the key".to_owned(),
        key.map(|login| format!("it is {login}'s")),
    )?;
    checks.note(
        "read the statuses".to_owned(),
        statuses(redmine, session).await,
    )?;
    let (found, oldest) = split(issues(redmine, session).await);
    checks.note("count the issues".to_owned(), found)?;
    match oldest {
        None => Ok(()),
        Some(id) => {
            let outcome = history(redmine, session, id).await;
            checks.note(format!("read the history of issue {id}"), outcome)
        }
    }
}

async fn statuses(redmine: &Redmine, session: &Session<'_>) -> Result<String, Fault> {
    learn_statuses(redmine, session).await?;
    let names = redmine.names().statuses();
    let names: Vec<String> = names.into_iter().map(|status| status.name).collect();
    Ok(match names.len() {
        0 => "none; an administrator has to make some".to_owned(),
        count => format!("{count}: {}", names.join(", ")),
    })
}

/// The finding, and the issue to prove the history with.
async fn issues(redmine: &Redmine, session: &Session<'_>) -> Result<(String, Option<u64>), Fault> {
    let answer = session.get::<Page>(&redmine.address.oldest()).await;
    let page = answer
        .map_err(|fault| redmine.address.without_list(fault))?
        .value;
    let oldest = page
        .issues
        .first()
        .and_then(|row| Issue::read(row.as_object()?.clone()));
    let count = page.total_count.unwrap_or(page.issues.len() as u64);
    let since = oldest
        .as_ref()
        .and_then(|issue| issue.instant("created_on"));
    let finding = match since {
        _ if count == 0 => "none matches; check `query` and what the key's user may see".to_owned(),
        Some(at) => format!("{count}, the oldest created {}", at.rfc3339()),
        None => count.to_string(),
    };
    Ok((finding, oldest.map(|issue| issue.id)))
}

fn split(found: Result<(String, Option<u64>), Fault>) -> (Result<String, Fault>, Option<u64>) {
    match found {
        Ok((finding, oldest)) => (Ok(finding), oldest),
        Err(fault) => (Err(fault), None),
    }
}

async fn history(redmine: &Redmine, session: &Session<'_>, id: u64) -> Result<String, Fault> {
    let detail: Detail = session
        .get(&redmine.address.issue(&id.to_string()))
        .await?
        .value;
    let issue = Issue::read(detail.issue);
    let changes = issue.map_or(0, |issue| issue.list("journals").len());
    Ok(format!("{changes} changes since its creation"))
}
