//! `weir export`: the event log itself, out of the history.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};

use super::live::names;
use super::numbers::note;
use super::{Failure, Request, setup, sources};
use crate::archive::{self, Entry, EntryWriter};
use crate::config::Config;
use crate::history::{History, HistoryError, Position};
use crate::model::batch::ItemHistory;
use crate::model::event::Change;
use crate::model::id::SourceName;

pub use crate::archive::Format as ExportFormat;

/// What to write, and where.
#[derive(Clone, Debug, Default)]
pub struct Export {
    /// How; `None`: as the ending of the file says, else CSV.
    pub format: Option<ExportFormat>,
    /// Into which file; `None`: standard output.
    pub output: Option<PathBuf>,
    /// Only the events of these sources; empty: of all, or of those of the stream asked for.
    pub sources: Vec<String>,
}

/// Writes every event of the history, and what statuses are called. No source is asked.
///
/// # Errors
/// [`Failure`] if the config or the history cannot be read, or the file cannot be written.
pub fn export(request: &Request, export: &Export) -> Result<(), Failure> {
    whole_log_only(request)?;
    let format = format_of(export)?;
    let config = setup::config(request)?;
    let chosen = chosen(request, export, &config)?;
    let mut history = sources::open_history_to_read(&config)??;
    let mut writing = Writing::new(names(&config), chosen);
    let told = if let Some(path) = &export.output {
        let told = into_file(path, format, |out| writing.all(history.as_mut(), out))?;
        Some(format!("{}: {told}", path.display()))
    } else {
        to_stdout(format, |out| writing.all(history.as_mut(), out))?
    };
    if let Some(told) = told {
        note(&told);
    }
    Ok(())
}

/// Why an export ended early.
#[derive(Debug)]
pub(super) enum Cut {
    /// What is written cannot be.
    Output(io::Error),
    /// Anything else.
    Other(Failure),
}

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<HistoryError> for Cut {
    fn from(error: HistoryError) -> Self {
        Self::Other(error.into())
    }
}

pub(super) type Out = Box<dyn EntryWriter>;

/// Writes to standard output; nothing is told if the reader has gone away.
fn to_stdout(
    format: ExportFormat,
    write: impl FnOnce(Out) -> Result<String, Cut>,
) -> Result<Option<String>, Failure> {
    if format == ExportFormat::Parquet && io::stdout().is_terminal() {
        let hint = "name a file with --output FILE";
        return Err(Failure::usage("Parquet is no text for a terminal", hint));
    }
    let out = archive::writer(format, BufWriter::new(io::stdout()));
    match out.map_err(Cut::Output).and_then(write) {
        Ok(told) => Ok(Some(told)),
        Err(Cut::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        Err(Cut::Output(error)) => Err(error.into()),
        Err(Cut::Other(failure)) => Err(failure),
    }
}

/// Writes a file beside the one that is there, and puts it in its place when it is whole.
fn into_file(
    path: &Path,
    format: ExportFormat,
    write: impl FnOnce(Out) -> Result<String, Cut>,
) -> Result<String, Failure> {
    let beside = beside(path);
    let out = File::create(&beside)
        .and_then(|file| archive::writer(format, BufWriter::new(file)))
        .map_err(Cut::Output);
    let told = out.and_then(write).and_then(|told| {
        std::fs::rename(&beside, path)?;
        Ok(told)
    });
    told.map_err(|cut| {
        // What there is of it helps nobody.
        let _ = std::fs::remove_file(&beside);
        match cut {
            Cut::Other(failure) => failure,
            Cut::Output(error) => Failure::usage(
                format!("{} cannot be written: {error}", path.display()),
                "choose another file with --output FILE",
            ),
        }
    })
}

/// Where a file is written before it takes the place of another.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

/// An event log is whole: what narrows a question would leave histories cut.
fn whole_log_only(request: &Request) -> Result<(), Failure> {
    let given = [
        ("--filter", !request.filter_text.is_empty()),
        ("--as-of", request.as_of.is_some()),
        ("--window", request.window.is_some()),
        ("--clock", request.clock.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((word, _)) => Err(Failure::usage(
            format!("{word} means nothing to `weir export`: it writes whole histories"),
            "choose with --source or --stream; `weir items` lists items by a filter",
        )),
        None => Ok(()),
    }
}

fn format_of(export: &Export) -> Result<ExportFormat, Failure> {
    let ending = export.output.as_deref().and_then(Path::extension);
    let ending = ending.and_then(|ending| ending.to_str()).unwrap_or("");
    if ending == "gz" {
        return Err(Failure::usage(
            "`weir export` does not pack what it writes",
            "pack it with `weir export | gzip > FILE`; weir reads it packed",
        ));
    }
    Ok(export.format.unwrap_or(match ending {
        "jsonl" | "ndjson" => ExportFormat::Jsonl,
        "parquet" => ExportFormat::Parquet,
        _ => ExportFormat::Csv,
    }))
}

/// The sources asked for; `None`: all.
fn chosen(
    request: &Request,
    export: &Export,
    config: &Config,
) -> Result<Option<BTreeSet<SourceName>>, Failure> {
    let mut chosen: Option<BTreeSet<SourceName>> = None;
    if let Some(wanted) = &request.stream {
        let stream = config.streams.iter().find(|one| one.name == *wanted);
        let stream = stream.ok_or_else(|| no_stream(wanted, config))?;
        if !stream.sources.is_empty() {
            chosen = Some(stream.sources.iter().cloned().collect());
        }
    }
    if !export.sources.is_empty() {
        let named = export.sources.iter().map(|name| SourceName::new(name));
        let named: BTreeSet<SourceName> = named.collect();
        chosen = Some(match chosen {
            Some(of_stream) => of_stream.intersection(&named).cloned().collect(),
            None => named,
        });
    }
    Ok(chosen)
}

fn no_stream(wanted: &str, config: &Config) -> Failure {
    let known: Vec<&str> = config.streams.iter().map(|one| one.name.as_str()).collect();
    Failure::usage(
        format!("--stream: there is no stream \"{wanted}\""),
        format!("there are: {}", known.join(", ")),
    )
}

/// Writes the events of a history.
pub(super) struct Writing {
    /// Sources of the config.
    configured: Vec<SourceName>,
    /// The sources asked for; `None`: all.
    chosen: Option<BTreeSet<SourceName>>,
    /// What statuses are called, by source and id.
    names: HashMap<SourceName, HashMap<String, String>>,
    /// Sources met so far, in order.
    met: Vec<SourceName>,
    items: u64,
    events: u64,
}

impl Writing {
    pub(super) fn new(configured: Vec<SourceName>, chosen: Option<BTreeSet<SourceName>>) -> Self {
        Self {
            configured,
            chosen,
            names: HashMap::new(),
            met: Vec::new(),
            items: 0,
            events: 0,
        }
    }

    /// Writes all that was chosen; what it came to.
    pub(super) fn all(&mut self, history: &mut dyn History, mut out: Out) -> Result<String, Cut> {
        for source in self.configured.clone() {
            let statuses = history.statuses(&source)?;
            let names = statuses.into_iter().map(|status| (status.id, status.name));
            self.names.insert(source, names.collect());
        }
        // The history cannot be told to stop: after an error what it hands over is passed over.
        let mut written = Ok(());
        let chosen: Option<Vec<SourceName>> = self.chosen.clone().map(Vec::from_iter);
        let mut each = |source: &SourceName, item| {
            if written.is_ok() {
                written = self.item(out.as_mut(), source, item);
            }
        };
        match &chosen {
            Some(chosen) => history.read_of(chosen, Position(0), &mut each)?,
            None => history.read(Position(0), &mut each)?,
        };
        written?;
        self.all_known()?;
        // After the events: a status may have been named while they were read.
        for source in &self.met {
            for status in history.statuses(source)? {
                let source = source.clone();
                out.write(&Entry::Status { source, status }, None)?;
            }
        }
        out.finish()?;
        Ok(self.amount())
    }

    /// Whether every source asked for is one of the config or of the history.
    fn all_known(&self) -> Result<(), Cut> {
        let known: Vec<&SourceName> = self.configured.iter().chain(&self.met).collect();
        let mut chosen = self.chosen.iter().flatten();
        let Some(unknown) = chosen.find(|source| !known.contains(source)) else {
            return Ok(());
        };
        let there: Vec<&str> = self.configured.iter().map(SourceName::as_str).collect();
        Err(Cut::Other(Failure::usage(
            format!("--source: neither config nor history has a source \"{unknown}\""),
            format!("the config has: {}", there.join(", ")),
        )))
    }

    fn item(
        &mut self,
        out: &mut dyn EntryWriter,
        source: &SourceName,
        item: ItemHistory,
    ) -> io::Result<()> {
        if self.met.last() != Some(source) {
            self.met.push(source.clone());
        }
        self.items += 1;
        let names = self.names.get(source);
        for event in item.events {
            self.events += 1;
            let status = status_of(&event.change);
            let name = status.and_then(|id| names?.get(id));
            let name = name.map(String::as_str);
            let entry = Entry::Event {
                source: source.clone(),
                item: item.item.clone(),
                event,
            };
            out.write(&entry, name)?;
        }
        Ok(())
    }

    fn amount(&self) -> String {
        let names = |sources: &[SourceName]| {
            let names: Vec<&str> = sources.iter().map(SourceName::as_str).collect();
            names.join(", ")
        };
        let (events, items) = (self.events, self.items);
        match (self.met.as_slice(), &self.chosen) {
            ([], None) => "the history holds no event: run `weir sync` first".to_owned(),
            ([], Some(chosen)) => {
                let wanted: Vec<SourceName> = chosen.iter().cloned().collect();
                format!("the history holds no event of {}", names(&wanted))
            }
            (met, _) => format!("{events} events of {items} items, from {}", names(met)),
        }
    }
}

/// The status that an event speaks of.
fn status_of(change: &Change) -> Option<&str> {
    match change {
        Change::Created { status } => status.as_deref(),
        Change::Moved { to } => Some(to),
        _ => None,
    }
}
