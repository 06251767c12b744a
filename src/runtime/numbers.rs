//! `weir report` and `weir items`: the numbers without a screen.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::world::{Streams, setting};
use super::{Failure, Request, files, live, promises, setup};
use crate::clock::Clock;
use crate::config::Config;
use crate::connectors::file::file_stem;
use crate::metrics::{AsOf, Measures, measure};
use crate::model::promise::Promise;
use crate::model::snapshot::Snapshot;
use crate::model::stream::Stream;
use crate::model::time::{TimeRule, WindowSpec, Zone};
use crate::report::{self, Answer, Occasion, Section};

/// How to write a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people.
    Text,
    /// For people, on a page.
    Markdown,
    /// A page with charts, for a browser and for paper.
    Html,
    /// Schema 1.
    Json,
    /// A row a number.
    Csv,
}

/// What a report shall hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents<'a> {
    /// The meeting it is for.
    pub occasion: Option<Occasion>,
    /// Sections by name, in place of those of the occasion, or of the usual ones.
    pub sections: Option<&'a str>,
}

/// How to write the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemsFormat {
    /// For people.
    Text,
    /// With a header.
    Csv,
    /// A list of objects.
    Json,
}

/// A snapshot to be asked, and the instant it is usually seen from.
pub(super) struct Subject {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) usual: AsOf,
    /// The config whose sources were asked; `None`: files named on the command line.
    pub(super) sources: Option<Config>,
}

fn chosen(contents: Contents<'_>) -> Result<Vec<Section>, Failure> {
    let Some(names) = contents.sections else {
        let usual = || Section::USUAL.to_vec();
        return Ok(contents.occasion.map_or_else(usual, Occasion::sections));
    };
    Section::list(names).map_err(|error| {
        Failure::usage(
            format!("--section: {error}"),
            "for example --section flow,stages",
        )
    })
}

/// Writes the report. The window of an occasion holds where none was asked for.
///
/// # Errors
/// [`Failure`] if the data cannot be read or the output cannot be written.
pub fn report(
    request: &Request,
    paths: &[PathBuf],
    format: ReportFormat,
    contents: Contents<'_>,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let mut sections = chosen(contents)?;
    let usual = contents
        .occasion
        .map(|one| WindowSpec::LastDays(one.days()));
    let request = &Request {
        window: request.window.or(usual),
        ..request.clone()
    };
    if !request.changes.is_empty() && !sections.contains(&Section::Impact) {
        sections.push(Section::Impact);
    }
    let subject = subject(request, paths, clock)?;
    let measured = measured(request, &subject)?;
    let promises = promises_of(request, &subject, &measured, &sections)?;
    let answers = answers(&subject, &measured, promises.as_deref());
    to_stdout(|out| match format {
        ReportFormat::Json => out.write_all(&report::json_text(&answers, &sections)?),
        ReportFormat::Html => write!(out, "{}", report::streams_html(&answers, &sections)),
        ReportFormat::Csv => report::streams_csv(&answers, &sections, out),
        ReportFormat::Text => each(out, &answers, |one| report::stream_text(one, &sections)),
        ReportFormat::Markdown => {
            each(out, &answers, |one| report::stream_markdown(one, &sections))
        }
    })
}

/// Writes one stream after the other, an empty line between them.
fn each(
    out: &mut dyn Write,
    answers: &[Answer<'_>],
    told: impl Fn(Answer<'_>) -> String,
) -> std::io::Result<()> {
    for (at, answer) in answers.iter().enumerate() {
        let gap = if at > 0 { "\n" } else { "" };
        write!(out, "{gap}{}", told(*answer))?;
    }
    Ok(())
}

/// Writes one row an item.
///
/// # Errors
/// [`Failure`] if the data cannot be read or the output cannot be written.
pub fn items(
    request: &Request,
    paths: &[PathBuf],
    format: ItemsFormat,
    clock: &Arc<dyn Clock>,
) -> Result<(), Failure> {
    let subject = subject(request, paths, clock)?;
    let measured = measured(request, &subject)?;
    if request.time == TimeRule::Working {
        let calendar = &subject.snapshot.settings().calendar;
        note(&format!("days are working days: {calendar}"));
    }
    let rows: Vec<report::ItemRow> = answers(&subject, &measured, None)
        .into_iter()
        .flat_map(report::item_rows)
        .collect();
    to_stdout(|out| match format {
        ItemsFormat::Csv => report::items_csv(&rows, out),
        ItemsFormat::Text => write!(out, "{}", report::items_text(&rows)),
        ItemsFormat::Json => {
            out.write_all(&serde_json::to_vec_pretty(&report::items_json(&rows))?)?;
            writeln!(out)
        }
    })
}

pub(super) fn subject(
    request: &Request,
    paths: &[PathBuf],
    clock: &Arc<dyn Clock>,
) -> Result<Subject, Failure> {
    if paths.is_empty() {
        let known = live::snapshot(request, clock)?;
        return Ok(Subject {
            snapshot: known.snapshot,
            usual: AsOf::At(known.now.floor_clamped()),
            sources: Some(known.config),
        });
    }
    let config = setup::named_config(request)?;
    let snapshot = of_files(request, paths, config.as_ref())?;
    Ok(Subject {
        snapshot,
        usual: AsOf::EndOfEvents,
        sources: None,
    })
}

fn of_files(
    request: &Request,
    paths: &[PathBuf],
    config: Option<&Config>,
) -> Result<Arc<Snapshot>, Failure> {
    let opened = files::open(paths, config, request.zone.as_ref())?.whole()?;
    for (name, report) in &opened.reports {
        for oddity in &report.oddities {
            note(&format!("{name}, {}: {}", oddity.place, oddity.what));
        }
        let more = report
            .oddity_count
            .saturating_sub(report.oddities.len() as u64);
        if more > 0 {
            note(&format!(
                "{name}: and {more} more rows that could not be read"
            ));
        }
    }
    let own: Vec<Stream> = config.map_or_else(Vec::new, |config| anywhere(&config.streams));
    let usual = usual_name(paths);
    let streams = Streams::told(&own, &opened.log, (&usual, &opened.told));
    let mut setting = match config {
        Some(config) => setting(config, request.zone.as_ref()),
        None => crate::model::snapshot::Setting {
            zone: request.zone.clone().unwrap_or_else(Zone::utc),
            ..Default::default()
        },
    };
    setting.changes.extend_from_slice(&request.changes);
    Ok(streams.snapshot(opened.log, setting, 1))
}

/// The streams, drawing from whatever files were named.
pub(super) fn anywhere(streams: &[Stream]) -> Vec<Stream> {
    let anywhere = |stream: &Stream| Stream {
        sources: Vec::new(),
        ..stream.clone()
    };
    streams.iter().map(anywhere).collect()
}

/// An inferred stream is called after the first file.
pub(super) fn usual_name(paths: &[PathBuf]) -> String {
    let first = paths.first();
    first.map_or("stream".to_owned(), |path| file_stem(path))
}

pub(super) fn measured(
    request: &Request,
    subject: &Subject,
) -> Result<Vec<(usize, Measures)>, Failure> {
    super::crash::planted("numbers");
    let snapshot = &subject.snapshot;
    if request.time == TimeRule::Working && snapshot.settings().calendar.is_always() {
        note(
            "working time is all time: no config with a [calendar] says which days and hours are worked",
        );
    }
    request.check_filter(snapshot)?;
    request.check_window(snapshot, subject.usual)?;
    let answer = |stream| {
        let question = request.question(snapshot, stream, subject.usual);
        measure(snapshot, &question).map(|measures| (stream, measures))
    };
    let streams = request.streams(snapshot)?;
    Ok(streams.into_iter().filter_map(answer).collect())
}

/// The forecasts that were made live, a list a stream, where forecasts of sources are asked for.
fn promises_of(
    request: &Request,
    subject: &Subject,
    measured: &[(usize, Measures)],
    sections: &[Section],
) -> Result<Option<Vec<Vec<Promise>>>, Failure> {
    let config = subject.sources.as_ref();
    let asked = config.filter(|_| sections.contains(&Section::Forecast));
    let kept = |config| promises::kept(request, config, &subject.snapshot, measured);
    asked.map(kept).transpose()
}

pub(super) fn answers<'a>(
    subject: &'a Subject,
    measured: &'a [(usize, Measures)],
    promises: Option<&'a [Vec<Promise>]>,
) -> Vec<Answer<'a>> {
    let answer = |(at, (stream, measures)): (usize, &'a (usize, Measures))| Answer {
        snapshot: &subject.snapshot,
        stream: *stream,
        measures,
        promises: promises.and_then(|all| all.get(at)).map(Vec::as_slice),
    };
    measured.iter().enumerate().map(answer).collect()
}

/// Writes results to standard output; a reader that has gone away ends the program quietly.
///
/// # Errors
/// What the writer says, else.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// A word on standard error; nobody is there to be told if it cannot be written.
pub(super) fn note(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", super::failure::harmless(line));
}
