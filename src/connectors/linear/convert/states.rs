//! The statuses an issue went through: by its spans of status, and before the first of these by its
//! history.

use serde_json::Value;

use super::super::super::record::Record;
use super::super::super::story::{Moment, Turn};
use super::Entry;
use crate::model::time::Millis;

/// A span in one status.
struct Span {
    id: String,
    from: Millis,
    /// `None` for the last.
    until: Option<Millis>,
    state: String,
}

/// All moves, the earliest first.
pub(super) fn turns(issue: &Value, entries: &[Entry<'_>]) -> Vec<Turn> {
    let spans = spans(issue);
    let first = spans.first().map(|span| span.from);
    let mut turns: Vec<Turn> = entries
        .iter()
        .filter_map(of_entry)
        .filter(|turn| first.is_none_or(|first| turn.moment.at < first))
        .collect();
    // Without an entry before it, the first span was there from the start.
    let mut last = turns.last().and_then(|turn| turn.new.clone());
    for (number, span) in (0..).zip(spans) {
        if let Some(old) = last.filter(|old| *old != span.state) {
            turns.push(Turn {
                moment: Moment::part(format!("span.{}", span.id), span.from, number, 0),
                old: Some(old),
                new: Some(span.state.clone()),
            });
        }
        last = Some(span.state);
    }
    turns
}

fn spans(issue: &Value) -> Vec<Span> {
    let spans = issue.list("stateHistory.nodes").iter();
    let mut spans: Vec<Span> = spans
        .filter_map(|span| {
            Some(Span {
                id: span.text("id")?,
                from: span.instant("startedAt")?,
                until: span.instant("endedAt"),
                state: span.text("stateId")?,
            })
        })
        .collect();
    spans.sort_by_key(|span| (span.from, span.until.is_none(), span.until));
    spans
}

fn of_entry(entry: &Entry<'_>) -> Option<Turn> {
    let new = entry.value.text("toStateId")?;
    Some(Turn {
        moment: entry.moment.of("state"),
        old: entry.value.text("fromStateId"),
        new: Some(new),
    })
}
