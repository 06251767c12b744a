//! `weir standup`: the agenda without a screen.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use super::numbers::{answers, measured, subject, to_stdout};
use super::walks::Walks;
use super::{Failure, Request};
use crate::clock::Clock;
use crate::metrics::Standup;
use crate::model::time::Sec;
use crate::report::{Agenda, standup_json, standup_markdown, standup_text};

/// How to write the agenda.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgendaFormat {
    /// For people.
    Text,
    /// For people, on a page.
    Markdown,
    /// For programs.
    Json,
}

/// Writes what to speak of in a stand-up, one stream after the other; JSON is an object, or a list
/// of several streams. Changes are told since the last walk on the dashboard, which this does not
/// take the place of.
///
/// # Errors
/// [`Failure`] if the data cannot be read or the output cannot be written.
pub fn standup(
    request: &Request,
    paths: &[PathBuf],
    format: AgendaFormat,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let subject = subject(request, paths, clock)?;
    let measured = measured(request, &subject)?;
    let answers = answers(&subject, &measured, None);
    let origin = subject.sources.as_ref().map(|config| config.origin.clone());
    let origin = origin.or_else(|| paths.first().cloned());
    let walks = origin.map_or_else(Walks::unkept, |origin| Walks::of(&origin));
    let last = |stream: &str| -> Option<Sec> { walks.last(stream) };
    let made: Vec<Standup> = answers
        .iter()
        .map(|one| {
            Standup::of(
                one.snapshot,
                one.stream,
                one.measures,
                last(&one.measures.stream),
            )
        })
        .collect();
    let agendas = answers.iter().zip(&made);
    let agendas: Vec<Agenda<'_>> = agendas
        .map(|(answer, standup)| Agenda {
            answer: *answer,
            standup,
        })
        .collect();
    to_stdout(|out| written(&agendas, format, out))
}

fn written(
    agendas: &[Agenda<'_>],
    format: AgendaFormat,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let texts: Vec<String> = match format {
        AgendaFormat::Text => agendas.iter().map(|one| standup_text(*one)).collect(),
        AgendaFormat::Markdown => agendas
            .iter()
            .map(|one| standup_markdown(*one, None))
            .collect(),
        AgendaFormat::Json => {
            let told = agendas.iter().map(|one| standup_json(*one));
            let told = match agendas.len() {
                1 => told.collect::<Vec<_>>().remove(0),
                _ => told.collect(),
            };
            return writeln!(out, "{told:#}");
        }
    };
    write!(out, "{}", texts.join("\n"))
}
