//! The answers: parts of what the commands write, put together for a question.

mod ahead;
mod definitions;
mod items;
mod overview;
mod walk;

use serde_json::{Value, json};

use super::asked::{Asked, MeasuresAsked};
use super::{Ground, Measured, Scope};
use crate::metrics::Measures;
use crate::model::health::{SourceHealth, SyncPhase};
use crate::model::promise::Promise;
use crate::report::{Answer, Section, stream_json};

/// The sections of `measures` where none are named.
const USUAL: [Section; 4] = [
    Section::Findings,
    Section::Items,
    Section::Flow,
    Section::Throughput,
];

/// Answers a question.
///
/// # Errors
/// A sentence with what cannot be understood and what to do.
pub(super) fn answer(ground: &dyn Ground, asked: &Asked) -> Result<Value, String> {
    let mut found = match asked {
        Asked::Streams(scope) => overview::streams(ground, scope),
        Asked::Standup(asked) => walk::standup(ground, asked),
        Asked::Changes(asked) => walk::changes(ground, asked),
        Asked::Stages(scope) => sections(ground, scope, &[Section::Stages]),
        Asked::Bottleneck(scope) => overview::bottleneck(ground, scope),
        Asked::Items(asked) => items::list(ground, asked),
        Asked::Item(asked) => items::one(ground, asked),
        Asked::Measures(asked) => measures(ground, asked),
        Asked::Forecast(asked) => ahead::forecast(ground, asked),
        Asked::Signals(scope) => sections(ground, scope, &SIGNALS),
        Asked::Definitions(asked) => definitions::definitions(asked),
    }?;
    let warnings = warnings(&ground.sources());
    if !warnings.is_empty() {
        found["warnings"] = json!(warnings);
    }
    Ok(found)
}

/// What `signals` tells.
const SIGNALS: [Section; 4] = [
    Section::Signals,
    Section::LittlesLaw,
    Section::FlowDebt,
    Section::Impact,
];

fn measures(ground: &dyn Ground, asked: &MeasuresAsked) -> Result<Value, String> {
    let named = Section::list(&asked.sections.join(",")).map_err(|error| error.to_string());
    let wanted = if asked.sections.is_empty() {
        USUAL.to_vec()
    } else {
        named?
    };
    sections(ground, &asked.scope, &wanted)
}

/// Sections of the report of every stream asked about.
fn sections(ground: &dyn Ground, scope: &Scope, wanted: &[Section]) -> Result<Value, String> {
    let measured = ground.measure(scope)?;
    let promises = wanted.contains(&Section::Forecast);
    let promises = promises
        .then(|| ground.promises(scope, &measured))
        .flatten();
    let answers = answers(&measured, promises.as_deref()).into_iter();
    Ok(joined(
        answers.map(|one| stream_json(one, wanted)).collect(),
    ))
}

/// The streams that were measured, each with what was said of it before.
fn answers<'a>(measured: &'a Measured, promises: Option<&'a [Vec<Promise>]>) -> Vec<Answer<'a>> {
    let streams = measured.streams.iter().enumerate();
    let answer = |(at, (stream, measures)): (usize, &'a (usize, Measures))| Answer {
        snapshot: &measured.snapshot,
        stream: *stream,
        measures,
        promises: promises.and_then(|all| all.get(at)).map(Vec::as_slice),
    };
    streams.map(answer).collect()
}

/// The head that every report has: stream, as-of, window, clock.
fn head(answer: Answer<'_>) -> Value {
    let mut head = stream_json(answer, &[]);
    if let Some(head) = head.as_object_mut() {
        head.shift_remove("notes");
    }
    head
}

/// One stream as it is, several as a list, as in `weir report --format json`.
fn joined(mut streams: Vec<Value>) -> Value {
    if streams.len() == 1 {
        return streams.remove(0);
    }
    let own = streams.iter_mut().filter_map(Value::as_object_mut);
    own.for_each(|stream| drop(stream.shift_remove("schema")));
    json!({ "schema": 1, "streams": streams })
}

/// What keeps the numbers from being those of now.
fn warnings(sources: &[SourceHealth]) -> Vec<String> {
    sources.iter().filter_map(warning).collect()
}

fn warning(one: &SourceHealth) -> Option<String> {
    let name = &one.source;
    if let Some(trouble) = &one.trouble {
        let (what, hint) = (&trouble.what, &trouble.hint);
        let since = trouble.since.rfc3339();
        return Some(format!(
            "source {name} cannot be read since {since}: {what}; {hint}"
        ));
    }
    match &one.phase {
        SyncPhase::Syncing(read) if one.last_success.is_none() => Some(format!(
            "source {name} is being read, {} items so far; ask again for newer numbers",
            read.done
        )),
        _ => None,
    }
}
