//! Proving, step by step, that an organization can be read.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::super::sync::{Question, Tracker};
use super::AzureDevops;
use super::query::Part;
use super::tracker::Detail;
use crate::connectors::sync::Checks;
use crate::connectors::sync::Fetched;

/// Who is told to be there when the token is nobody's.
const ANONYMOUS: &str = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

/// All steps, the first that fails last.
pub(super) async fn steps(
    azure: &AzureDevops,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let place = azure.address.shown();
    let token = prove_token(azure, session).await;
    let reached = match &token {
        Err(
            fault @ (Fault::Unreachable { .. } | Fault::Server { .. } | Fault::Unusable { .. }),
        ) => Err(fault.clone()),
        _ => Ok("it answers".to_owned()),
    };
    checks.note(format!("reach {place}"), reached)?;
    let token = token.map(|name| format!("it is {name}'s"));
    checks.note("prove the token".to_owned(), token)?;
    if azure.query.reads(Part::Items) {
        items(azure, session, checks).await?;
        boards(azure, session, checks).await;
    }
    others(azure, session, checks).await
}

/// Whose token it is.
pub(super) async fn prove_token(
    azure: &AzureDevops,
    session: &Session<'_>,
) -> Result<String, Fault> {
    let url = azure.address.at(None, "connectionData", &[]);
    let answer = session.get::<Value>(&url).await;
    let answer = answer.map_err(|fault| match fault {
        Fault::NotFound { .. } => azure.refused(fault),
        fault => fault,
    })?;
    let user = answer.value.at("authenticatedUser");
    if user.text("id").is_none_or(|id| id == ANONYMOUS) {
        return Err(Fault::Unauthorized {
            place: answer.place,
        });
    }
    let named = user
        .text("providerDisplayName")
        .or_else(|| user.text("customDisplayName"));
    Ok(named.unwrap_or_else(|| "someone".to_owned()))
}

async fn items(
    azure: &AzureDevops,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let page = azure.items(session, &Question::default()).await;
    let found = page
        .as_ref()
        .map_err(Clone::clone)
        .map(|page| match page.total {
            Some(0) => "none matches; check `query` and what the token's owner may see".to_owned(),
            Some(count) => count.to_string(),
            None => "more than 19998".to_owned(),
        });
    checks.note("count the work items".to_owned(), found)?;
    let Some(row) = page?.rows.into_iter().flatten().next() else {
        return Ok(());
    };
    azure.learned().wanted.clear();
    let what = format!("read the history of work item {}", row.id);
    let outcome = history(azure, session, row.id).await;
    checks.note(what, outcome)
}

async fn history(azure: &AzureDevops, session: &Session<'_>, id: String) -> Result<String, Fault> {
    azure.learn(session).await?;
    let row = super::super::sync::Listed {
        id,
        updated: crate::model::time::Millis(i64::MIN),
        row: None,
    };
    let mut fetched = azure.fetch_items(session, vec![row]).await?;
    Ok(match fetched.pop() {
        Some((_, Fetched::Detail(Detail::Item(item)))) => {
            let story = azure.item(&item).1;
            let events = story.history.map_or(0, |history| history.events.len());
            format!("{events} events")
        }
        Some((_, Fetched::Failed(fault))) => return Err(fault),
        _ => "it is gone".to_owned(),
    })
}

/// Boards are shown for whoever writes the stages; that they cannot be read is no fault of the source.
async fn boards(azure: &AzureDevops, session: &Session<'_>, checks: &mut Checks) {
    let Some(project) = azure.query.project() else {
        return;
    };
    let told = match azure.boards(session, project).await {
        Ok(boards) if boards.is_empty() => "none".to_owned(),
        Ok(boards) => {
            let lines: Vec<String> = boards.iter().map(super::boards::Board::told).collect();
            lines.join("\n    ")
        }
        Err(fault) => format!("not shown: {fault}"),
    };
    let _ = checks.note("look at the boards", Ok(told));
}

/// One page of each other list.
async fn others(
    azure: &AzureDevops,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    for list in azure
        .lists(session)
        .await?
        .iter()
        .filter(|list| list.noun != "work item")
    {
        let page = azure.page(session, list, &Question::default()).await;
        let found = page.map(|page| match (page.rows.len(), page.next) {
            (count, None) => count.to_string(),
            (count, Some(_)) => format!("{count} or more"),
        });
        checks.note(format!("list the {}", list.name), found)?;
    }
    Ok(())
}
