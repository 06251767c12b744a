//! Forecasts made live: kept in the history, and read from it to be held against what came.

use super::numbers::note;
use super::{Failure, Request, sources};
use crate::config::Config;
use crate::history::{History, HistoryError};
use crate::metrics::Measures;
use crate::model::promise::{Promise, PromiseRule};
use crate::model::snapshot::Snapshot;
use crate::query;
use crate::simulate::forecast::{are_open, forecast, is_open, promises};

/// The forecasts that are kept of one rule for each of `measured`, in their order. Where the
/// question is of the present, those that are made now are kept first. That the history cannot be
/// written or read is said and is no failure: the numbers do not depend on it.
///
/// # Errors
/// [`Failure`] if the history's address cannot be used.
pub(super) fn kept(
    request: &Request,
    config: &Config,
    snapshot: &Snapshot,
    measured: &[(usize, Measures)],
) -> Result<Vec<Vec<Promise>>, Failure> {
    let mut history = match sources::open_history_to_read(config)? {
        Ok(history) => history,
        Err(error) => {
            say("read", &error);
            return Ok(vec![Vec::new(); measured.len()]);
        }
    };
    let told = measured.iter().map(|(stream, measures)| {
        let rule = rule(request, snapshot, *stream, measures);
        of_one(history.as_mut(), request, (snapshot, measures), &rule)
    });
    Ok(told.collect())
}

#[cfg(feature = "mcp")]
/// The same without those that are made now; `None` where the history cannot be read.
pub(super) fn known(
    request: &Request,
    config: &Config,
    snapshot: &Snapshot,
    measured: &[(usize, Measures)],
) -> Option<Vec<Vec<Promise>>> {
    let mut history = sources::open_history_to_read(config).ok()?.ok()?;
    let told = measured.iter().map(|(stream, measures)| {
        let rule = rule(request, snapshot, *stream, measures);
        like(history.as_mut(), &measures.stream, &rule)
    });
    told.collect()
}

/// Those of one rule that are kept; `None` where they cannot be read, which is said.
fn like(history: &mut dyn History, stream: &str, rule: &PromiseRule) -> Option<Vec<Promise>> {
    let kept = history.promises(stream);
    let kept = kept.map_err(|error| say("read", &error)).ok()?;
    let like = |one: &Promise| one.rule.is_like(rule);
    Some(kept.into_iter().filter(like).collect())
}

fn of_one(
    history: &mut dyn History,
    request: &Request,
    (snapshot, measures): (&Snapshot, &Measures),
    rule: &PromiseRule,
) -> Vec<Promise> {
    let Some(kept) = like(history, &measures.stream, rule) else {
        return Vec::new();
    };
    let is_live = request.as_of.is_none() && request.filter.is_lasting();
    if !is_live || are_open(snapshot, measures, &kept) {
        return kept;
    }
    let Ok(forecast) = forecast(snapshot, measures) else {
        return kept;
    };
    let made = promises(snapshot, measures, &forecast, rule);
    let made: Vec<Promise> = made
        .into_iter()
        .filter(|one| !is_open(&kept, one))
        .collect();
    match (!made.is_empty()).then(|| history.promise(&made)) {
        Some(Err(error)) => say("kept", &error),
        Some(Ok(_)) => return [kept, made].concat(),
        None => {}
    }
    kept
}

fn rule(request: &Request, snapshot: &Snapshot, stream: usize, measures: &Measures) -> PromiseRule {
    let plan = &snapshot.settings().forecast;
    let as_of = crate::metrics::AsOf::At(measures.header.as_of);
    let asked = request.question(snapshot, stream, as_of).window;
    PromiseRule {
        clock: measures.header.clock,
        filter: query::to_text(&request.filter),
        window: plan.window.unwrap_or(asked),
        split_rate: plan.split_rate,
        seed: plan.seed,
    }
}

fn say(what: &str, error: &HistoryError) {
    note(&format!(
        "live forecasts could not be {what}: {error}. {}",
        error.hint()
    ));
}
