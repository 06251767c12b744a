//! Proving, step by step, that a GitLab server can be read.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::super::sync::{List, Question, Tracker};
use super::super::words::unusable;
use super::GitLab;
use crate::connectors::sync::Checks;

/// All steps, the first that fails last.
pub(super) async fn steps(
    gitlab: &GitLab,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let user = session.get::<Value>(&gitlab.address.user()).await;
    let user = user.map(|answer| answer.value.text("username"));
    let reached = match &user {
        Err(
            fault @ (Fault::Unreachable { .. } | Fault::Server { .. } | Fault::BadAnswer { .. }),
        ) => Err(fault.clone()),
        Err(Fault::NotFound { place }) => Err(unusable(
            format!("a server answers, but there is no GitLab at {place}"),
            "let `url` be the address of GitLab's own start page",
        )),
        _ => Ok("it answers".to_owned()),
    };
    checks.note(format!("reach {}", gitlab.address.shown()), reached)?;
    let whose = user.map(|name| format!("it is {}'s", name.unwrap_or_default()));
    let whose = match whose {
        Err(Fault::Forbidden { .. }) => Err(unusable(
            "the token lacks the scope read_api",
            "make a token with the scope read_api",
        )),
        other => other,
    };
    checks.note("prove the token".to_owned(), whose)?;
    let lists = gitlab.lists(session).await;
    let found = lists
        .as_ref()
        .map(|lists| format!("{} to read", lists.len()));
    checks.note("find the lists".to_owned(), found.map_err(Fault::clone))?;
    for list in lists.unwrap_or_default() {
        examine(gitlab, session, &list, checks).await?;
    }
    Ok(())
}

/// Counts a list and reads one history out of it.
async fn examine(
    gitlab: &GitLab,
    session: &Session<'_>,
    list: &List,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let page = gitlab.page(session, list, &Question::default()).await;
    let first = page.as_ref().ok().and_then(|page| {
        let mut rows = page.rows.iter().flatten();
        rows.next().cloned()
    });
    let found = page.map(|page| match (page.rows.len(), page.total) {
        (0, _) => "none; check `query` and what the token's owner may see".to_owned(),
        (_, Some(total)) => total.to_string(),
        (count, None) => format!("{count} or more"),
    });
    let name = list.name.replace("%2F", "/");
    checks.note(format!("count {name}"), found)?;
    let Some(first) = first else {
        return Ok(());
    };
    let detail = gitlab.detail(session, &first.id, first.row).await;
    let told = detail.map(|detail| {
        let parts = detail.map(|detail| detail.parts).unwrap_or_default();
        let told = parts.iter();
        let told = told.map(|(part, rows)| format!("{} {}", rows.len(), part.name()));
        match told.collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => "it is in its row".to_owned(),
            some => some,
        }
    });
    checks.note(format!("read the history of {}", first.id), told)
}
