//! Proving, step by step, that a GitHub host can be read.

use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::Session;
use super::super::sync::{List, Listed, Question, Tracker};
use super::GitHub;
use super::questions;
use super::tracker::Row;
use super::wire::{number, text};
use crate::connectors::sync::Checks;

/// All steps, the first that fails last.
pub(super) async fn steps(
    github: &GitHub,
    session: &Session<'_>,
    checks: &mut Checks,
) -> Result<(), Fault> {
    let what = format!("reach {} and prove the token", github.places.shown());
    let viewer = github.ask(session, questions::VIEWER, json!({})).await;
    checks.note(what, viewer.map(|viewer| whose(&viewer.value)))?;
    let lists = github.lists(session).await;
    let found = lists.as_ref().map(|lists| named(github, lists));
    checks.note(
        "find what the query names".to_owned(),
        found.map_err(Clone::clone),
    )?;
    for list in lists.unwrap_or_default() {
        let (outcome, rows) = first_page(github, session, &list).await;
        checks.note(
            format!("read one page of {}", shown(github, &list)),
            outcome,
        )?;
        if let Some(row) = rows.into_iter().next() {
            let what = format!("read the history of {} {}", list.noun, row.id);
            let outcome = history(github, session, (&list, row)).await;
            checks.note(what, outcome)?;
        }
    }
    Ok(())
}

fn whose(viewer: &Value) -> String {
    let login = text(viewer, "/viewer/login").unwrap_or("nobody");
    let allowed = ["/rateLimit/remaining", "/rateLimit/limit"].map(|at| number(viewer, at));
    match allowed {
        [Some(left), Some(limit)] => {
            format!("it is {login}'s; {left} of {limit} points an hour are left")
        }
        _ => format!("it is {login}'s"),
    }
}

fn named(github: &GitHub, lists: &[List]) -> String {
    if lists.is_empty() {
        return "nothing; check `query`".to_owned();
    }
    let names: Vec<String> = lists.iter().map(|list| shown(github, list)).collect();
    names.join(", ")
}

/// A list as people know it: by the repository's name.
fn shown(github: &GitHub, list: &List) -> String {
    let known = github.known();
    let named = list.name.split_once(' ').and_then(|(what, id)| {
        let name = known.name_of(id.parse().ok()?)?;
        Some(format!("{what} of {name}"))
    });
    named.unwrap_or_else(|| list.name.clone())
}

async fn first_page(
    github: &GitHub,
    session: &Session<'_>,
    list: &List,
) -> (Result<String, Fault>, Vec<Listed<Row>>) {
    let page = github.page(session, list, &Question::default()).await;
    match page {
        Err(fault) => (Err(fault), Vec::new()),
        Ok(page) => {
            let rows: Vec<_> = page.rows.into_iter().flatten().collect();
            let more = if page.next.is_some() {
                ", and there are more"
            } else {
                ""
            };
            let finding = match rows.len() {
                0 => "none; check `query` and what the token may see".to_owned(),
                count => format!("{count}{more}"),
            };
            (Ok(finding), rows)
        }
    }
}

async fn history(
    github: &GitHub,
    session: &Session<'_>,
    (list, row): (&List, Listed<Row>),
) -> Result<String, Fault> {
    let fetched = github.fetch(session, list, vec![row]).await?;
    let mut details = Vec::new();
    for (_, fetched) in fetched {
        match fetched {
            super::super::sync::Fetched::Detail(detail) => details.push(detail),
            super::super::sync::Fetched::Gone => {}
            super::super::sync::Fetched::Failed(fault) => return Err(fault),
        }
    }
    let stories = github.understand(list, details);
    let events = stories
        .iter()
        .filter_map(|(_, story)| story.history.as_ref());
    let count: usize = events.map(|history| history.events.len()).sum();
    Ok(format!("{count} events"))
}
