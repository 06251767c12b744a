//! From a source's settings to a connector.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};

use super::Failure;
use super::company::CompanySource;
use crate::clock::Clock;
use crate::config::Config;
use crate::connectors::file::FileConnector;
use crate::connectors::{
    AzureDevops, Connector, Fault, GitHub, GitLab, Jira, Linear, Redmine, SourceKind,
    SourceSettings, TrackerKind,
};
use crate::history::settings::HistoryUrl;
use crate::history::{History, HistoryError, Leases, Owner, SnapshotFile, Sqlite, SqliteLeases};
use crate::model::id::SourceName;

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
        SourceKind::Tracker(TrackerKind::AzureDevops, tracker) => {
            Arc::new(AzureDevops::new(name, tracker.clone())?)
        }
        SourceKind::Tracker(TrackerKind::GitHub, tracker) => {
            Arc::new(GitHub::new(name, tracker.clone())?)
        }
        SourceKind::Tracker(TrackerKind::GitLab, tracker) => {
            Arc::new(GitLab::new(name, tracker.clone())?)
        }
        SourceKind::Tracker(TrackerKind::Jira, tracker) => {
            Arc::new(Jira::new(name, tracker.clone())?)
        }
        SourceKind::Tracker(TrackerKind::Linear, tracker) => {
            Arc::new(Linear::new(name, tracker.clone())?)
        }
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

/// The history of a config. A file is opened; a server is not asked yet.
///
/// # Errors
/// [`Failure`] if its address cannot be used or it cannot be opened.
pub(super) fn open_history(config: &Config) -> Result<Box<dyn History>, Failure> {
    Ok(match history_url(config)? {
        HistoryUrl::Sqlite(path) => Box::new(Sqlite::open(&path)?),
        HistoryUrl::Postgres(url) => server::history(config, url)?,
    })
}

/// The history of a config for reading, and for writing where that may be done.
///
/// # Errors
/// Outside: [`Failure`] if its address cannot be used; inside: why it cannot be opened.
pub(super) fn open_history_to_read(
    config: &Config,
) -> Result<Result<Box<dyn History>, HistoryError>, Failure> {
    let path = match history_url(config)? {
        HistoryUrl::Sqlite(path) => path,
        HistoryUrl::Postgres(url) => return server::history(config, url).map(Ok),
    };
    let opened = Sqlite::open(&path).or_else(|error| match error {
        HistoryError::ReadOnly { .. } => Sqlite::open_read_only(&path),
        error => Err(error),
    });
    Ok(opened.map(|history| Box::new(history) as Box<dyn History>))
}

/// The file that spares reading the history of a config at the next start, wherever there can be one.
pub(super) fn snapshot_file(config: &Config) -> Option<SnapshotFile> {
    let names: Vec<SourceName> = config.sources.iter().map(|one| one.name.clone()).collect();
    history_url(config).ok()?.snapshot_file(&names).ok()
}

/// The leases of a config's history. A server is not asked yet.
///
/// # Errors
/// [`Failure`] if its address cannot be used or it cannot be opened to write.
pub(super) fn leases(config: &Config) -> Result<Arc<dyn Leases>, Failure> {
    Ok(match history_url(config)? {
        HistoryUrl::Sqlite(path) => Arc::new(SqliteLeases::open(&path, owner().clone())?),
        HistoryUrl::Postgres(url) => server::leases(config, url)?,
    })
}

/// This process among all that share a history.
fn owner() -> &'static Owner {
    static OWNER: OnceLock<Owner> = OnceLock::new();
    // The keys of a new state are random, and so is what it makes of anything.
    let nonce = || RandomState::new().hash_one(std::process::id());
    OWNER.get_or_init(|| Owner::new(&machine(), std::process::id(), nonce()))
}

/// The name of this machine.
#[cfg(unix)]
fn machine() -> String {
    let names = rustix::system::uname();
    names.nodename().to_string_lossy().into_owned()
}

/// The name of this machine.
#[cfg(not(unix))]
fn machine() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned())
}

#[cfg(feature = "postgres")]
mod server {
    //! A history on a server.

    use std::sync::Arc;

    use async_trait::async_trait;
    use secrecy::SecretString;

    use crate::config::Config;
    use crate::connectors::SecretSource;
    use crate::history::settings::ServerUrl;
    use crate::history::{History, Leases, Password, Postgres, PostgresLeases, Server};
    use crate::runtime::Failure;

    /// A password from where the config says it is found.
    #[derive(Debug)]
    struct Secret(SecretSource);

    #[async_trait]
    impl Password for Secret {
        async fn fetch(&self) -> Result<SecretString, String> {
            self.0.fetch().await.map_err(|error| error.to_string())
        }
    }

    fn server(config: &Config, url: ServerUrl) -> Server {
        let secret = config.history.password.clone();
        Server {
            url,
            password: secret.map(|secret| Arc::new(Secret(secret)) as Arc<dyn Password>),
            ca_file: config.history.ca_file.clone(),
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "a build without PostgreSQL refuses"
    )]
    pub(super) fn history(config: &Config, url: ServerUrl) -> Result<Box<dyn History>, Failure> {
        Ok(Box::new(Postgres::new(server(config, url))))
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "a build without PostgreSQL refuses"
    )]
    pub(super) fn leases(config: &Config, url: ServerUrl) -> Result<Arc<dyn Leases>, Failure> {
        let owner = super::owner().clone();
        Ok(Arc::new(PostgresLeases::new(server(config, url), owner)))
    }
}

#[cfg(not(feature = "postgres"))]
mod server {
    //! No history on a server: the config refuses its address already.

    use std::sync::Arc;

    use crate::config::Config;
    use crate::history::settings::{HistoryUrlError, ServerUrl};
    use crate::history::{History, Leases};
    use crate::runtime::Failure;

    fn refused() -> Failure {
        Failure::usage(HistoryUrlError::Lean.to_string(), "set url in [history]")
    }

    pub(super) fn history(_: &Config, _: ServerUrl) -> Result<Box<dyn History>, Failure> {
        Err(refused())
    }

    pub(super) fn leases(_: &Config, _: ServerUrl) -> Result<Arc<dyn Leases>, Failure> {
        Err(refused())
    }
}
