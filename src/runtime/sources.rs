//! From a source's settings to a connector.

use std::sync::Arc;

use super::Failure;
use super::company::CompanySource;
use crate::clock::Clock;
use crate::config::Config;

use crate::connectors::file::FileConnector;
use crate::connectors::{Connector, Fault, Redmine, SourceKind, SourceSettings, TrackerKind};
use crate::history::settings::HistoryUrl;
use crate::history::{History, HistoryError, Sqlite};

/// The connector of a source.
///
/// # Errors
/// [`Fault`] if the settings cannot be used.
pub(super) fn connect(
    settings: &SourceSettings,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<dyn Connector>, Fault> {
    let name = settings.name.clone();
    Ok(match &settings.kind {
        SourceKind::Tracker(TrackerKind::Redmine, tracker) => {
            Arc::new(Redmine::new(name, tracker.clone())?)
        }
        SourceKind::File(file) => Arc::new(FileConnector::new(name, file.clone())),
        SourceKind::Demo(demo) => Arc::new(CompanySource::new(name, *demo, Arc::clone(clock))),
    })
}

/// Where the history of a config is.
///
/// # Errors
/// [`Failure`] if its address cannot be used.
pub(super) fn history_url(config: &Config) -> Result<HistoryUrl, Failure> {
    let settings = config.history.settings(&config.origin);
    let settings =
        settings.map_err(|error| Failure::usage(error.to_string(), "set url in [history]"))?;
    Ok(settings.url)
}

/// The history of a config, opened.
///
/// # Errors
/// [`Failure`] if its address cannot be used or it cannot be opened.
pub(super) fn open_history(config: &Config) -> Result<Box<dyn History>, Failure> {
    let HistoryUrl::Sqlite(path) = history_url(config)?;
    Ok(Box::new(Sqlite::open(&path)?))
}

/// The history of a config for reading, and for writing where that may be done.
///
/// # Errors
/// Outside: [`Failure`] if its address cannot be used; inside: why it cannot be opened.
pub(super) fn open_history_to_read(
    config: &Config,
) -> Result<Result<Box<dyn History>, HistoryError>, Failure> {
    let HistoryUrl::Sqlite(path) = history_url(config)?;
    let opened = Sqlite::open(&path).or_else(|error| match error {
        HistoryError::ReadOnly { .. } => Sqlite::open_read_only(&path),
        error => Err(error),
    });
    Ok(opened.map(|history| Box::new(history) as Box<dyn History>))
}
