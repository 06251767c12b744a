//! The history of each changed issue, four at a time.

use futures_util::stream::{self, StreamExt};
use serde_json::Value;

use super::super::http::{Answer, Session};
use super::super::{Fault, Sink};
use super::address::Address;
use super::wire::{Detail, Issue};
use crate::model::time::Millis;

/// The most that are fetched at once.
const AT_ONCE: usize = 4;

/// What became of asking for one issue.
#[derive(Debug)]
pub(super) enum Told {
    /// It came; with the server's clock, if that came too.
    Issue(Issue, Option<Millis>),
    /// It was listed, but is not there any more.
    Gone,
    /// The server could not give this one.
    Failed(Fault),
}

/// Asks for issues; the answers are in the order of `ids`.
///
/// # Errors
/// A [`Fault`] that is not of one issue alone.
pub(super) async fn details(
    session: &Session<'_>,
    address: &Address,
    ids: &[u64],
    sink: &mut dyn Sink,
) -> Result<Vec<(u64, Told)>, Fault> {
    let asked: Vec<_> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| detail(session, address, at, *id))
        .collect();
    let mut arriving = stream::iter(asked).buffer_unordered(AT_ONCE);
    let mut told = Vec::with_capacity(ids.len());
    while let Some((at, outcome)) = arriving.next().await {
        session.report(sink);
        told.push((at, outcome?));
    }
    told.sort_by_key(|(at, _)| *at);
    Ok(told.into_iter().map(|(at, told)| (ids[at], told)).collect())
}

async fn detail(
    session: &Session<'_>,
    address: &Address,
    at: usize,
    id: u64,
) -> (usize, Result<Told, Fault>) {
    let url = address.issue(id);
    (at, sort_out(session.get(&url).await, id))
}

fn sort_out(outcome: Result<Answer<Value>, Fault>, id: u64) -> Result<Told, Fault> {
    match outcome {
        Ok(Answer { value, date, place }) => Ok(match issue_of(value, id) {
            Some(issue) => Told::Issue(issue, date),
            None => Told::Failed(Fault::BadAnswer {
                place,
                why: "the JSON holds no such issue".to_owned(),
            }),
        }),
        Err(Fault::NotFound { .. }) => Ok(Told::Gone),
        Err(fault @ (Fault::Server { .. } | Fault::BadAnswer { .. })) => Ok(Told::Failed(fault)),
        Err(fault) => Err(fault),
    }
}

fn issue_of(value: Value, id: u64) -> Option<Issue> {
    let detail: Detail = serde_json::from_value(value).ok()?;
    Issue::read(detail.issue).filter(|issue| issue.id == id)
}
