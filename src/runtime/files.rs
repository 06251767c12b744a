//! Event logs named on the command line: straight into memory, past the history.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::numbers::note;
use super::progress::Bar;
use crate::config::Config;
use crate::connectors::file::{FileReport, file_stem, read_into};
use crate::connectors::{Fault, FileSettings, SourceKind, SourceSettings};
use crate::model::id::SourceName;
use crate::model::infer::Told;
use crate::model::log::{Log, LogBuilder};
use crate::model::time::Zone;

/// Event logs that were read.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// Their events.
    pub(super) log: Arc<Log>,
    /// How each is read, for a config: what was found out is said.
    pub(super) sources: Vec<SourceSettings>,
    /// What came of reading each.
    pub(super) reports: Vec<(SourceName, FileReport)>,
    /// Those that could not be read, and why.
    pub(super) failed: Vec<(SourceName, Fault)>,
    /// What they say of their statuses.
    pub(super) told: Told,
}

impl Opened {
    /// The same, for those who need every file.
    ///
    /// # Errors
    /// [`Failure`] with the first file that could not be read.
    pub(super) fn whole(mut self) -> Result<Self, Failure> {
        if self.failed.is_empty() {
            return Ok(self);
        }
        Err(self.failed.swap_remove(0).1.into())
    }
}

/// Reads files one after the other. How a file is read follows the source of `config` with the
/// same path, if there is one; `zone` is that of times without an offset where nothing else is said.
/// A file that cannot be opened or understood is listed; single rows that cannot are in its report.
///
/// # Errors
/// [`Failure`] if none of the files can be read.
pub(super) fn open(
    paths: &[PathBuf],
    config: Option<&Config>,
    zone: Option<&Zone>,
) -> Result<Opened, Failure> {
    let mut builder = LogBuilder::new();
    let mut opened = Opened::default();
    let mut names: Vec<SourceName> = Vec::new();
    for path in paths {
        let settings = configured(config, path).unwrap_or_else(|| {
            let mut settings = plain(path, zone);
            let known = config.map_or(&[][..], |config| &config.sources);
            let known = known.iter().map(|one| one.name.as_str());
            settings.name = SourceName::new(&unused(settings.name.as_str(), known));
            settings
        });
        let taken = names.iter().map(SourceName::as_str);
        let name = SourceName::new(&unused(settings.name.as_str(), taken));
        names.push(name.clone());
        let SourceKind::File(file) = &settings.kind else {
            continue;
        };
        match read(&mut builder, &name, file) {
            Ok(report) => {
                let kind = SourceKind::File(report.found.clone());
                opened
                    .told
                    .statuses
                    .extend_from_slice(&report.told.statuses);
                opened.reports.push((name.clone(), report));
                opened.sources.push(SourceSettings {
                    name,
                    kind,
                    ..settings
                });
            }
            Err(fault) => opened.failed.push((name, fault)),
        }
    }
    if opened.reports.is_empty() {
        opened = opened.whole()?;
    }
    opened.log = Arc::new(builder.finish());
    Ok(opened)
}

fn read(
    builder: &mut LogBuilder,
    name: &SourceName,
    file: &FileSettings,
) -> Result<FileReport, Fault> {
    let bar = Bar::start(&format!("reading {name}"));
    let report = read_into(builder, name, file, &mut |progress| bar.show(progress))?;
    bar.finish();
    if let Some(doubt) = &report.doubt {
        note(&format!("{name}: {doubt}"));
    }
    Ok(report)
}

/// The source of the config that reads this file.
fn configured(config: Option<&Config>, path: &Path) -> Option<SourceSettings> {
    let reads = |source: &&SourceSettings| match &source.kind {
        SourceKind::File(file) => is_same_file(&file.path, path),
        _ => false,
    };
    config?.sources.iter().find(reads).cloned()
}

/// Whether two paths lead to one file, however they are written.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    one == other || whole(one).is_some_and(|one| whole(other) == Some(one))
}

fn plain(path: &Path, zone: Option<&Zone>) -> SourceSettings {
    SourceSettings {
        name: SourceName::new(&file_stem(path)),
        poll_secs: 60,
        kind: SourceKind::File(FileSettings {
            path: path.to_owned(),
            time_zone: zone.cloned(),
            ..FileSettings::default()
        }),
    }
}

/// The name, with a number if another has it.
pub(super) fn unused<'a>(name: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let is_free = |name: &String| taken.clone().all(|other| other != name);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(is_free).unwrap_or_default()
}

/// A file's report in sentences: how its columns and times were read, what was kept out.
pub(super) fn sentences(report: &FileReport) -> Vec<String> {
    let choice = |choice: &crate::connectors::file::Choice| {
        format!("{} is {}: {}", choice.column, choice.role, choice.why)
    };
    let mut told: Vec<String> = report.choices.iter().map(choice).collect();
    told.push(report.times.clone());
    told.extend(report.notes.iter().cloned());
    if report.kept_out > 0 {
        told.push(format!(
            "{} of {} rows could not be read and are kept out",
            report.kept_out, report.rows
        ));
    }
    told
}
