//! Proving, step by step, that a Jira can be read.

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::Fetched;
use super::address::Deployment;
use super::board::{self, Board};
use super::jql::Scope;
use super::wire::{Issue, count};
use super::{Jira, fetch, server};
use crate::connectors::sync::Checks;

/// As many boards are shown with their columns.
const BOARDS: usize = 5;

/// All steps, the first that fails last.
pub(super) async fn steps(
    jira: &Jira,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let reach = format!("reach {}", jira.address.shown());
    checks.note(&reach, reached(jira, session).await)?;
    let key = server::prove_key(jira, session).await;
    checks.note("prove the token", key.map(|owner| format!("it is {owner}")))?;
    checks.note("read the statuses", statuses(jira, session).await)?;
    checks.note("read the fields", fields(jira, session).await)?;
    checks.note("read the boards", boards(jira, session).await)?;
    let (found, oldest) = match issues(jira, session).await {
        Ok((finding, oldest)) => (Ok(finding), oldest),
        Err(fault) => (Err(fault), None),
    };
    checks.note("count the issues", found)?;
    match oldest {
        None => Ok(()),
        Some(oldest) => {
            let name = oldest.key.as_ref().unwrap_or(&oldest.id);
            let what = format!("read the history of issue {name}");
            checks.note(&what, history(jira, session, &oldest).await)
        }
    }
}

async fn reached(jira: &Jira, session: &Session<'_>) -> Result<String, Fault> {
    let (deployment, version) = server::ask(jira, session).await?;
    let name = deployment.name();
    Ok(match (deployment, version) {
        (Deployment::OwnServer, Some(version)) => format!("it is {name} {version}"),
        _ => format!("it is {name}"),
    })
}

async fn statuses(jira: &Jira, session: &Session<'_>) -> Result<String, Fault> {
    server::learn_statuses(jira, session).await?;
    let names = jira.known().names.statuses_with_categories();
    let names: Vec<String> = names.into_iter().collect();
    Ok(match names.len() {
        0 => "none can be seen; check what the token's owner may read".to_owned(),
        count => format!("{count}: {}", names.join(", ")),
    })
}

async fn fields(jira: &Jira, session: &Session<'_>) -> Result<String, Fault> {
    server::learn_fields(jira, session).await?;
    let plan = jira.known().plan();
    if let Some(stranger) = plan.strangers().first() {
        return Err(Fault::Unusable {
            what: format!("Jira shows no field \"{stranger}\" to the token's owner"),
            hint: "write in `fields` what stands above the value in an issue, or the field's id, \
                   for example customfield_10042"
                .to_owned(),
        });
    }
    let custom = plan
        .fields()
        .iter()
        .filter(|field| field.id.starts_with("customfield_"));
    let told: Vec<String> = custom
        .map(|field| format!("{} is {}", field.id, field.fact))
        .collect();
    Ok(match told.len() {
        0 => "none of a site's own is a fact".to_owned(),
        _ => told.join(", "),
    })
}

/// Not every Jira has boards, nor needs every key to see them.
async fn boards(jira: &Jira, session: &Session<'_>) -> Result<String, Fault> {
    server::find_scope(jira, session).await?;
    let boards = match read_boards(jira, session).await {
        Ok(boards) => boards,
        Err(Fault::Forbidden { .. } | Fault::NotFound { .. } | Fault::Unauthorized { .. }) => {
            return Ok("none that this token may see".to_owned());
        }
        Err(fault) => return Err(fault),
    };
    let told: Vec<String> = boards.iter().map(told).collect();
    Ok(match told.len() {
        0 => "none".to_owned(),
        _ => told.join("; "),
    })
}

/// The board that the source's query names, or else the first boards there are.
pub(super) async fn read_boards(jira: &Jira, session: &Session<'_>) -> Result<Vec<Board>, Fault> {
    let numbers = if let Scope::Board { board, .. } = &jira.scope {
        vec![board::find(jira, session, board).await?]
    } else {
        let all = board::all(jira, session, None).await?;
        let first = all.into_iter().take(BOARDS);
        first.map(|(number, _)| number).collect()
    };
    let mut boards = Vec::new();
    for number in numbers {
        boards.push(board::read(jira, session, number).await?);
    }
    Ok(boards)
}

fn told(board: &Board) -> String {
    let columns = board.columns.iter().map(|column| {
        let names: Vec<&str> = column
            .statuses
            .iter()
            .map(|status| status.name.as_str())
            .collect();
        match names.as_slice() {
            [name] if *name == column.name => column.name.clone(),
            [] => format!("{} (no status)", column.name),
            names => format!("{} ({})", column.name, names.join(", ")),
        }
    });
    let columns: Vec<String> = columns.collect();
    format!("{}: {}", board.name, columns.join(" | "))
}

/// The finding, and the issue to prove the history with.
async fn issues(
    jira: &Jira,
    session: &Session<'_>,
) -> Result<(String, Option<Issue<'static>>), Fault> {
    let page = server::oldest(jira, session).await?;
    let total = match jira.known().deployment() {
        Deployment::OwnServer => count(&page.total),
        Deployment::Cloud => None,
    };
    let total = match total {
        None if !page.issues.is_empty() => Some(jira.count(session).await?),
        total => total,
    };
    let oldest = page.issues.into_iter().next();
    let oldest = oldest.and_then(|sent| sent.0);
    let since = oldest.as_ref().and_then(|issue| issue.instant("created"));
    let finding = match (total, since) {
        (Some(0) | None, None) => {
            "none matches; check `query` and what the token's owner may see".to_owned()
        }
        (total, since) => {
            let total = total.unwrap_or(1);
            let since = since.map(|at| format!(", the oldest created {}", at.rfc3339()));
            format!("{total}{}", since.unwrap_or_default())
        }
    };
    Ok((finding, oldest))
}

async fn history(jira: &Jira, session: &Session<'_>, oldest: &Issue<'_>) -> Result<String, Fault> {
    let fetched = fetch::all(jira, session, vec![oldest.id.to_string()]).await?;
    match fetched.into_iter().next() {
        Some((_, Fetched::Detail(detail))) => {
            let changes = detail.histories.len();
            Ok(format!("{changes} changes since its creation"))
        }
        Some((_, Fetched::Failed(fault))) => Err(fault),
        _ => Err(Fault::NotFound {
            place: jira.address.shown(),
        }),
    }
}
