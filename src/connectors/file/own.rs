//! Files that hold the event log itself, as `weir export` writes them: read without loss.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io;
use std::path::Path;

use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::xxh3_64;

use super::format::format_of;
use super::head::{self, Begun};
use super::report::FileReport;
use crate::archive::{self, Entries, Entry, Format, Told};
use crate::connectors::Fault;
use crate::connectors::settings::FileSettings;
use crate::model::batch::{Batch, ItemHistory, StatusName};
use crate::model::event::Event;
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;

/// Events of a page.
const PAGE: usize = 4_000;

/// Opens a file that `weir export` wrote.
///
/// # Errors
/// [`Fault::Unusable`] if it cannot be read or is another file.
pub fn open_export(path: &Path) -> Result<Entries, Fault> {
    let settings = FileSettings {
        path: path.to_owned(),
        ..FileSettings::default()
    };
    let begun = head::begin(&settings)?;
    let Some(format) = begun.own else {
        return Err(head::unusable(
            &settings,
            "was not written by `weir export`",
            "look at it with `weir open`, or name it under [[sources]]",
        ));
    };
    entries(begun, format, &settings)
}

/// What the file says, one by one.
pub(super) fn entries(
    begun: Begun,
    format: Format,
    settings: &FileSettings,
) -> Result<Entries, Fault> {
    let failed = |error: io::Error| head::fault(settings, &error);
    Ok(match format {
        Format::Csv => archive::read_csv(begun.all()),
        Format::Jsonl => archive::read_jsonl(begun.all()),
        Format::Parquet => {
            let file = File::open(&settings.path).map_err(failed)?;
            archive::read_parquet(file).map_err(failed)?
        }
    })
}

/// Takes what stands together in a file.
pub(super) trait Keeps {
    /// Events of one item. More of them may follow, after those of others.
    fn events(&mut self, source: &SourceName, item: ItemHistory) -> Result<(), Fault>;

    /// What a status is called today.
    fn status(&mut self, source: &SourceName, status: StatusName) -> Result<(), Fault>;

    /// All is said.
    fn end(&mut self) -> Result<(), Fault>;
}

/// Reads a whole file into `keeps`.
pub(super) fn read(
    entries: Entries,
    settings: &FileSettings,
    keeps: &mut dyn Keeps,
) -> Result<FileReport, Fault> {
    let mut reading = Reading {
        keeps,
        events: Vec::new(),
        about: None,
        items: HashSet::default(),
        sources: BTreeSet::new(),
    };
    let mut report = FileReport {
        found: FileSettings {
            format: format_of(&settings.path, settings.format, b""),
            ..settings.clone()
        },
        times: "times are instants, written by weir".to_owned(),
        ..FileReport::default()
    };
    for told in entries {
        let Told { place, entry } = told.map_err(|error| head::fault(settings, &error))?;
        report.rows += 1;
        match entry {
            Ok(entry) => reading.take(entry)?,
            Err(why) => report.keep_out_at(place, why),
        }
    }
    reading.flush()?;
    reading.keeps.end()?;
    report.items = reading.items.len() as u64;
    let sources: Vec<&str> = reading.sources.iter().map(SourceName::as_str).collect();
    let sources = sources.join(", ");
    report.notes = vec![format!(
        "written by `weir export`, with the events of {sources}"
    )];
    report.of_some(settings)
}

struct Reading<'a> {
    keeps: &'a mut dyn Keeps,
    /// Events of one item that stand together.
    events: Vec<Event>,
    about: Option<(SourceName, String)>,
    /// Hashes of the items so far.
    items: HashSet<u64, FxBuildHasher>,
    sources: BTreeSet<SourceName>,
}

impl Reading<'_> {
    fn take(&mut self, entry: Entry) -> Result<(), Fault> {
        if !self.sources.contains(entry.source()) {
            self.sources.insert(entry.source().clone());
        }
        match entry {
            Entry::Status { source, status } => self.keeps.status(&source, status),
            Entry::Event {
                source,
                item,
                event,
            } => {
                let about = self.about.as_ref();
                if about.is_none_or(|about| about.0 != source || about.1 != item) {
                    self.flush()?;
                    self.about = Some((source, item));
                }
                self.events.push(event);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> Result<(), Fault> {
        let Some((source, item)) = self.about.take() else {
            return Ok(());
        };
        let id = xxh3_64(format!("{source}\0{item}").as_bytes());
        let history = ItemHistory {
            replace: self.items.insert(id),
            item,
            events: std::mem::take(&mut self.events),
        };
        self.keeps.events(&source, history)
    }
}

/// Puts events straight into a log, under the sources that they come from.
pub(super) struct IntoLog<'a>(pub(super) &'a mut LogBuilder);

impl Keeps for IntoLog<'_> {
    fn events(&mut self, source: &SourceName, item: ItemHistory) -> Result<(), Fault> {
        let source = self.0.source(source).map_err(super::receive::full)?;
        self.0.history(source, item).map_err(super::receive::full)
    }

    fn status(&mut self, source: &SourceName, status: StatusName) -> Result<(), Fault> {
        let source = self.0.source(source).map_err(super::receive::full)?;
        let named = self.0.statuses(source, &[status]);
        named.map_err(super::receive::full)
    }

    fn end(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

/// Hands events over in pages, as those of one configured source.
pub(super) struct IntoBatches<'a> {
    /// The file, for a message.
    settings: &'a FileSettings,
    emit: &'a mut dyn FnMut(Batch) -> Result<(), Fault>,
    page: Batch,
    events: usize,
    /// The source that the file's events come from.
    told_by: Option<SourceName>,
}

impl<'a> IntoBatches<'a> {
    pub(super) fn new(
        source: &SourceName,
        settings: &'a FileSettings,
        emit: &'a mut dyn FnMut(Batch) -> Result<(), Fault>,
    ) -> Self {
        Self {
            settings,
            emit,
            page: Batch::empty(source.clone()),
            events: 0,
            told_by: None,
        }
    }

    /// Items of two sources may have one id: they cannot be told apart under one name.
    fn only(&mut self, source: &SourceName) -> Result<(), Fault> {
        let first = self.told_by.get_or_insert_with(|| source.clone());
        if first == source {
            return Ok(());
        }
        Err(head::unusable(
            self.settings,
            &format!("holds the events of several sources ({first}, {source}, …)"),
            "bring them into the history with `weir import`, or export one with --source",
        ))
    }

    fn hand_over(&mut self) -> Result<(), Fault> {
        let next = Batch::empty(self.page.source.clone());
        self.events = 0;
        (self.emit)(std::mem::replace(&mut self.page, next))
    }
}

impl Keeps for IntoBatches<'_> {
    fn events(&mut self, source: &SourceName, item: ItemHistory) -> Result<(), Fault> {
        self.only(source)?;
        self.events += item.events.len();
        self.page.items.push(item);
        if self.events >= PAGE {
            self.hand_over()?;
        }
        Ok(())
    }

    fn status(&mut self, source: &SourceName, status: StatusName) -> Result<(), Fault> {
        self.only(source)?;
        self.page.statuses.push(status);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.hand_over()
    }
}
