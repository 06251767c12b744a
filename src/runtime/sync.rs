//! `weir sync`: one poll of every source into the history.

use std::sync::Arc;

use super::live::{Polled, engine, poll, polling};
use super::numbers::note;
use super::retain::retain;
use super::tenure::{Start, Turn};
use super::{Failure, FailureKind, Request, setup};
use crate::clock::Clock;
use crate::connectors::SourceSettings;
use crate::history::Owner;
use crate::model::health::SourceHealth;
use crate::model::id::SourceName;

/// Records told of one by one; the others are counted.
const TOLD_ODDITIES: usize = 20;

/// Polls every source once; with `full` from the start. Says on standard error what came of each.
///
/// # Errors
/// [`Failure`] if the config or the history cannot be used, or any source could not be read; the
/// others are read all the same.
pub fn sync(request: &Request, full: bool, clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    let config = setup::config(request)?;
    if config.sources.is_empty() {
        return Err(Failure::usage(
            "the config names no source",
            "add a [[sources]] entry",
        ));
    }
    let start = if full {
        Start::Beginning
    } else {
        Start::Cursor
    };
    let all: Vec<&SourceSettings> = config.sources.iter().collect();
    let (polled, board) = engine()?.block_on(async {
        let polling = polling(&config, clock)?;
        let polled = poll(&all, start, &polling).await;
        Ok::<_, Failure>((polled, polling.board.now()))
    })?;
    tell_oddities(&board);
    outcome(&with_theirs(polled, start), &board)?;
    retain(&config, clock.now())
}

/// Says on standard error which records could not be read.
pub(super) fn tell_oddities(board: &[SourceHealth]) {
    for health in board {
        for oddity in health.oddities.iter().take(TOLD_ODDITIES) {
            let (place, what) = (&oddity.place, &oddity.what);
            note(&format!("{}, {place}: {what}", health.source));
        }
        let more = health.oddity_count.saturating_sub(TOLD_ODDITIES as u64);
        if more > 0 {
            let source = &health.source;
            note(&format!(
                "{source}: and {more} more records that could not be read"
            ));
        }
    }
}

/// Whoever wants everything read again cannot be content that another polls.
fn with_theirs(polled: Vec<Polled>, start: Start) -> Vec<Polled> {
    let refused = |owner: &Owner| Failure {
        kind: FailureKind::Source,
        what: format!("{owner} polls it, so it cannot be read from the start here"),
        hint: Some("Stop that one first, or run this there.".to_owned()),
    };
    let told = |(name, turn): Polled| match turn {
        Ok(Turn::Theirs(owner)) if start == Start::Beginning => (name, Err(refused(&owner))),
        turn => (name, turn),
    };
    polled.into_iter().map(told).collect()
}

fn outcome(polled: &[Polled], board: &[SourceHealth]) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for (name, ended) in polled {
        match ended {
            Ok(Turn::Theirs(owner)) => {
                note(&format!("{name}: {owner} polls it and keeps it up to date"));
            }
            Ok(Turn::Read(items)) => note(&format!(
                "{name}: up to date ({})",
                work(name, *items, board)
            )),
            Err(failure) => failures.push((name, failure)),
        }
    }
    match &failures[..] {
        [] => Ok(()),
        [(name, failure)] => Err(Failure {
            what: format!("{name}: {}", failure.what),
            ..(*failure).clone()
        }),
        several => Err(together(several, polled.len())),
    }
}

/// What a poll took: requests, or items where nothing is asked over a network.
fn work(name: &SourceName, items: u64, board: &[SourceHealth]) -> String {
    let own = board.iter().find(|one| one.source == *name);
    match (own.map_or(0, |one| one.requests), items) {
        (0, 0) => "nothing new".to_owned(),
        (0, 1) => "read 1 item".to_owned(),
        (0, items) => format!("read {items} items"),
        (requests, _) => format!("{requests} requests"),
    }
}

/// Says each failure, and what they come to.
fn together(failures: &[(&SourceName, &Failure)], sources: usize) -> Failure {
    let mut worst = None;
    for (name, failure) in failures {
        let hint = failure.hint.as_deref().unwrap_or_default();
        note(format!("{name}: {}\n  {hint}", failure.what).trim_end());
        worst = Some(worse(worst, failure));
    }
    let kind = worst.map_or(FailureKind::Source, |worst| worst.kind);
    Failure {
        kind,
        what: format!("{} of {sources} sources could not be read", failures.len()),
        hint: None,
    }
}

/// A broken history outweighs a source that cannot be read.
fn worse(known: Option<Failure>, next: &Failure) -> Failure {
    match known {
        Some(known) if known.kind == FailureKind::History => known,
        Some(known) if next.kind != FailureKind::History => known,
        _ => next.clone(),
    }
}
