//! Boards: which issues they show, and which statuses stand in which of their columns.

use serde_json::Value;

use super::super::Fault;
use super::super::http::{Answer, Session, place};
use super::Jira;
use super::jql::quoted;
use super::names::Names;
use super::wire::{Values, count, scalar};
use crate::model::batch::StatusName;

/// The API of boards, the same on Cloud and on one's own server.
const BOARDS: &str = "rest/agile/1.0/board";

/// A board of a Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Its name.
    pub name: String,
    /// From left to right.
    pub columns: Vec<Column>,
}

/// A column of a [`Board`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub name: String,
    /// Issues in these statuses stand in it; none: it is not in use.
    pub statuses: Vec<StatusName>,
    /// The most issues that should stand in it, if the board says so.
    pub limit: Option<u64>,
}

/// Boards by number and name; those whose name holds `name`, if it is given. The first fifty.
pub(super) async fn all(
    jira: &Jira,
    session: &Session<'_>,
    name: Option<&str>,
) -> Result<Vec<(u64, String)>, Fault> {
    let parameters: Vec<(&str, &str)> = name.map(|name| ("name", name)).into_iter().collect();
    let url = jira.address.at(BOARDS, &parameters);
    let answer: Answer<Values> = session.get(&url).await?;
    let boards = answer.value.values.iter();
    let boards = boards.filter_map(|board| {
        let name = board.get("name").and_then(scalar)?;
        Some((board.get("id").and_then(count)?, name))
    });
    Ok(boards.collect())
}

/// The number of the board that the source's query names.
pub(super) async fn find(jira: &Jira, session: &Session<'_>, wanted: &str) -> Result<u64, Fault> {
    if let Ok(number) = wanted.parse() {
        return Ok(number);
    }
    let similar = all(jira, session, Some(wanted)).await?;
    let is_it = |(_, name): &&(u64, String)| name.to_lowercase() == wanted.to_lowercase();
    let found: Vec<&(u64, String)> = similar.iter().filter(is_it).collect();
    match found.as_slice() {
        [(number, _)] => Ok(*number),
        [] => Err(no_board(jira, wanted, &similar)),
        several => Err(Fault::Unusable {
            what: format!(
                "{} boards at {} are called \"{wanted}\"",
                several.len(),
                jira.address.shown()
            ),
            hint: format!("name one by its number in `query`: {}", numbers(&found)),
        }),
    }
}

fn no_board(jira: &Jira, wanted: &str, similar: &[(u64, String)]) -> Fault {
    let hint = if similar.is_empty() {
        "the number in the board's address will do too: board = 12".to_owned()
    } else {
        let similar: Vec<&(u64, String)> = similar.iter().collect();
        format!("there are: {}", numbers(&similar))
    };
    Fault::Unusable {
        what: format!(
            "the token's owner sees no board \"{wanted}\" at {}, which the `query` of this source \
             names",
            jira.address.shown()
        ),
        hint,
    }
}

fn numbers(boards: &[&(u64, String)]) -> String {
    let told = boards
        .iter()
        .map(|(number, name)| format!("board = {number} ({name})"));
    told.collect::<Vec<_>>().join(", ")
}

/// The issues of a board, as JQL: those of its filter, also those that it hides by now.
pub(super) async fn issues(
    jira: &Jira,
    session: &Session<'_>,
    number: u64,
) -> Result<String, Fault> {
    let (board, place) = configuration(jira, session, number).await?;
    let within = |thing: &str, name: &str| board.get(thing)?.get(name).and_then(scalar);
    let filter = within("filter", "id").map(|id| format!("filter = {}", quoted(&id)));
    let project = within("location", "key").map(|key| format!("project = {}", quoted(&key)));
    filter.or(project).ok_or(Fault::BadAnswer {
        place,
        why: "the board has no filter".to_owned(),
    })
}

async fn configuration(
    jira: &Jira,
    session: &Session<'_>,
    number: u64,
) -> Result<(Value, String), Fault> {
    let path = format!("{BOARDS}/{number}/configuration");
    let url = jira.address.at(&path, &[]);
    match session.get(&url).await {
        Ok(Answer { value, .. }) => Ok((value, place(&url))),
        Err(Fault::NotFound { .. }) => Err(Fault::Unusable {
            what: format!(
                "the token's owner sees no board {number} at {}",
                jira.address.shown()
            ),
            hint: "the number stands in the board's address, behind /boards/ or rapidView="
                .to_owned(),
        }),
        Err(fault) => Err(fault),
    }
}

/// A board with its columns.
pub(super) async fn read(jira: &Jira, session: &Session<'_>, number: u64) -> Result<Board, Fault> {
    let (board, _) = configuration(jira, session, number).await?;
    let columns = board
        .get("columnConfig")
        .and_then(|config| config.get("columns"));
    let columns = columns.and_then(Value::as_array).into_iter().flatten();
    let known = jira.known();
    Ok(Board {
        name: board.get("name").and_then(scalar).unwrap_or_default(),
        columns: columns
            .map(|column| read_column(column, &known.names))
            .collect(),
    })
}

fn read_column(column: &Value, names: &Names) -> Column {
    let statuses = column.get("statuses").and_then(Value::as_array);
    let ids = statuses.into_iter().flatten();
    let ids = ids.filter_map(|status| status.get("id").and_then(scalar));
    let statuses = ids.map(|id| StatusName {
        name: names.status(&id),
        id,
    });
    Column {
        name: column.get("name").and_then(scalar).unwrap_or_default(),
        statuses: statuses.collect(),
        limit: column.get("max").and_then(count),
    }
}
