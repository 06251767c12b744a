//! `weir import`: what `weir export` wrote, back into a history.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::live::names;
use super::numbers::note;
use super::progress::Bar;
use super::{Failure, FailureKind, Request, setup, sources};
use crate::archive::{Entries, Entry};
use crate::connectors::file::open_export;
use crate::history::{History, HistoryError};
use crate::model::batch::{Batch, ItemHistory};
use crate::model::health::Progress;
use crate::model::id::SourceName;

/// Entries of a batch.
const PAGE: usize = 4_000;
/// Entries that could not be read and are told one by one; the others are counted.
const TOLD_ODDITIES: u64 = 20;

/// Adds the events of files to the history. What is known already is passed over; where a source
/// stands is left as it is.
///
/// # Errors
/// [`Failure`] if the config, a file or the history cannot be used; nothing is imported then but
/// for what was before a file's damage. Also after everything else is imported, if single entries
/// could not be read.
pub fn import(request: &Request, paths: &[PathBuf]) -> Result<(), Failure> {
    let config = setup::config(request)?;
    let mut files = Vec::new();
    for path in paths {
        files.push((path, open_export(path)?));
    }
    let mut history = sources::open_history(&config)?;
    let (mut met, mut odd) = (BTreeSet::new(), 0);
    for (path, entries) in files {
        let imported = one(history.as_mut(), path, entries)?;
        note(&imported.told(path));
        met.extend(imported.sources);
        odd += imported.odd;
    }
    let configured = names(&config);
    for source in met.iter().filter(|source| !configured.contains(source)) {
        note(&format!(
            "{source}: the config has no source of this name; its events are kept, and are shown \
             once it has"
        ));
    }
    if odd == 0 {
        return Ok(());
    }
    Err(Failure {
        kind: FailureKind::Source,
        what: format!("{odd} entries could not be read; everything else is imported"),
        hint: Some("export them again, or mend the lines and import the file again".to_owned()),
    })
}

/// Adds what a file says.
fn one(history: &mut dyn History, path: &Path, entries: Entries) -> Result<Imported, Failure> {
    let bar = Bar::start(&format!("importing {}", path.display()));
    let mut importing = Importing {
        history,
        page: None,
        entries: 0,
        imported: Imported::default(),
    };
    for told in entries {
        let told = told.map_err(|error| damaged(path, &error))?;
        match told.entry {
            Ok(entry) => importing.take(entry)?,
            Err(why) => importing.imported.keep_out(path, &told.place, &why),
        }
        bar.show(Progress {
            done: importing.imported.items,
            total: None,
        });
    }
    importing.flush()?;
    bar.finish();
    Ok(importing.imported)
}

fn damaged(path: &Path, error: &std::io::Error) -> Failure {
    Failure {
        kind: FailureKind::Source,
        what: format!("{} cannot be read to its end: {error}", path.display()),
        hint: Some("what stands before is imported; export or copy it again".to_owned()),
    }
}

/// What came of a file.
#[derive(Debug, Default)]
struct Imported {
    sources: BTreeSet<SourceName>,
    /// Runs of events of one item: as many as there are items, if they stand together.
    items: u64,
    events: u64,
    new: u64,
    odd: u64,
}

impl Imported {
    fn keep_out(&mut self, path: &Path, place: &str, why: &str) {
        self.odd += 1;
        if self.odd <= TOLD_ODDITIES {
            note(&format!("{}, {place}: {why}", path.display()));
        }
    }

    fn told(&self, path: &Path) -> String {
        let names: Vec<&str> = self.sources.iter().map(SourceName::as_str).collect();
        let (path, events, new) = (path.display(), self.events, self.new);
        format!(
            "{path}: {events} events, {new} of them new, from {}",
            names.join(", ")
        )
    }
}

struct Importing<'a> {
    history: &'a mut dyn History,
    page: Option<Batch>,
    /// Entries of the page.
    entries: usize,
    imported: Imported,
}

impl Importing<'_> {
    fn take(&mut self, entry: Entry) -> Result<(), HistoryError> {
        let source = entry.source();
        let is_same = self
            .page
            .as_ref()
            .is_some_and(|page| page.source == *source);
        if !is_same || self.entries >= PAGE {
            self.flush()?;
        }
        if !self.imported.sources.contains(source) {
            self.imported.sources.insert(source.clone());
        }
        let empty = || Batch::empty(source.clone());
        let page = self.page.get_or_insert_with(empty);
        self.entries += 1;
        match entry {
            Entry::Status { status, .. } => page.statuses.push(status),
            Entry::Event { item, event, .. } => {
                self.imported.events += 1;
                if let Some(last) = page.items.last_mut().filter(|last| last.item == item) {
                    last.events.push(event);
                    return Ok(());
                }
                self.imported.items += 1;
                page.items.push(ItemHistory {
                    item,
                    replace: false,
                    events: vec![event],
                });
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), HistoryError> {
        self.entries = 0;
        if let Some(page) = self.page.take() {
            self.imported.new += self.history.append(&page)?.new_events;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
