//! `weir open --save`: event logs as sources of a config, with what is inferred of them.

use std::path::{Path, PathBuf};

use super::save::{SaveTo, save};
use super::world::Streams;
use super::{Failure, Request, files, numbers, setup};
use crate::config::Config;
use crate::model::id::SourceName;
use crate::model::stream::Stream;

/// Reads files and writes how they are read and what was inferred into a config. One that is a source
/// there already is read as it says, and the stream that draws from it gets what it lacks.
///
/// # Errors
/// [`Failure`] if a file cannot be read, or the config neither read nor written.
pub(super) fn save_opened(
    (request, paths): (&Request, &[PathBuf]),
    named: Option<Config>,
    path: &Path,
) -> Result<(), Failure> {
    let there = path.exists().then(|| setup::read(path)).transpose()?;
    let there = there.unwrap_or_default();
    // The config that is written is none to take streams from.
    let named = named.filter(|one| !files::is_same_file(&one.origin, path));
    let mut config = named.unwrap_or_default();
    config.sources.splice(0..0, there.sources);
    let opened = files::open(paths, Some(&config), request.zone.as_ref())?.whole()?;
    let found = found(&opened, (&there.streams, &config.streams), paths);
    let save_to = SaveTo {
        path: path.to_owned(),
        sources: opened.sources,
    };
    let path = save(&save_to, &found.streams)?;
    found
        .reasons
        .iter()
        .for_each(|reason| numbers::note(reason));
    numbers::note(&format!("written to {}; run `weir` there", path.display()));
    Ok(())
}

/// The stream that is `there` with what it lacks, else those of another config, else a new one.
fn found(
    opened: &files::Opened,
    (there, others): (&[Stream], &[Stream]),
    paths: &[PathBuf],
) -> Streams {
    let names = opened.sources.iter().map(|one| one.name.clone());
    let names: Vec<SourceName> = names.collect();
    let draws = |one: &&Stream| {
        one.sources.is_empty() || one.sources.iter().any(|name| names.contains(name))
    };
    if let Some(known) = there.iter().find(draws) {
        return Streams::amended(known, &opened.log, (names.clone(), &opened.told));
    }
    let taken = there.iter().map(|one| one.name.as_str());
    let usual = files::unused(&numbers::usual_name(paths), taken);
    Streams::told(
        &numbers::anywhere(others),
        &opened.log,
        (&usual, &opened.told),
    )
}
