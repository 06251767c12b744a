//! What can go wrong with a history, said so that someone can act on it.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::id::SourceName;

/// Why the history could not be read or written: what and where. [`HistoryError::hint`] says what
/// to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The file or its folder cannot be opened.
    #[error("the history {path} cannot be opened: {why}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Written by a newer weir.
    #[error("the history {path} has schema {found}, this weir knows up to {known}")]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// Written by an older weir, and opened for reading only.
    #[error("the history {path} has schema {found}, this weir reads schema {known}")]
    Older {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The schema known here.
        known: u32,
    },
    /// Not a history of weir.
    #[error("{path} is not a history of weir: {why}")]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// What it is instead.
        why: String,
    },
    /// The disk is full.
    #[error("the history {path} cannot grow: the disk is full")]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// The file or folder may not be written.
    #[error("the history {path} may not be written")]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// Another program holds it.
    #[error("the history {path} is held by another program")]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// What is stored cannot be made sense of.
    #[error("the history {path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A server said no, or nothing.
    #[error("the history at {server} {fault}")]
    Server {
        /// Which database.
        server: String,
        /// What is wrong.
        fault: ServerFault,
    },
    /// Another weir polls the source now.
    #[error("another weir polls {source_name} now: this one has lost its lease")]
    LeaseLost {
        /// Which source.
        source_name: SourceName,
    },
    /// Anything else the store says.
    #[error("the history {path} failed: {why}")]
    Failed {
        /// Which file.
        path: PathBuf,
        /// What the store says.
        why: String,
    },
}

impl HistoryError {
    /// What the user can do about it: one sentence or two.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "Check that its folder exists and that you may read and write there, or name \
                 another place under [history] url."
            }
            Self::Newer { .. } => {
                "Update weir, or name another file under [history] url. This one was left as it is."
            }
            Self::Older { .. } => {
                "Run `weir sync` once with this weir: it brings the file up to date."
            }
            Self::Foreign { .. } => {
                "Name another file under [history] url. This one was left as it is."
            }
            Self::Full { .. } => {
                "Make room on the disk; what was acknowledged is kept, and the next sync goes on \
                 from there."
            }
            Self::ReadOnly { .. } => {
                "Allow writing to the file and its folder, or name another place under [history] url."
            }
            Self::Locked { .. } => {
                "Wait until the other program is done, or close it, and try again."
            }
            Self::Damaged { .. } => {
                "Put a copy in its place, or move it away together with the files beside it that \
                 end in -wal and -shm: weir then reads everything from the trackers again."
            }
            Self::Server { fault, .. } => fault.hint(),
            Self::LeaseLost { .. } => {
                "Nothing to do: what it had not kept is read by the other one."
            }
            Self::Failed { .. } => "Try again; if it stays, check the disk and run `weir doctor`.",
        }
    }

    /// Whether it may go away by itself, so that trying again makes sense.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Server { fault, .. } => matches!(
                fault,
                ServerFault::Unreachable(_) | ServerFault::Busy | ServerFault::Full
            ),
            Self::Locked { .. } | Self::Full { .. } | Self::LeaseLost { .. } => true,
            _ => false,
        }
    }

    /// What the file system said about `path`, in our words.
    pub(crate) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::ReadOnly { path }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Open {
                path,
                why: error.to_string(),
            },
        }
    }
}

/// What is wrong with a history on a server; each follows "the history at … ".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerFault {
    /// No server answers, or it stopped to.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// The server does not let the user in.
    #[error("does not let weir in: {0}")]
    Login(String),
    /// The password cannot be had.
    #[error("needs a password, and there is none: {0}")]
    NoPassword(String),
    /// No protected connection comes about.
    #[error("cannot be reached safely: {0}")]
    Tls(String),
    /// Written by a newer weir.
    #[error("has schema {found}, this weir knows up to {known}")]
    Newer {
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// Written by an older weir or not at all, and the user may not bring it up to date.
    #[error("has schema {found}, this weir needs {known} and may not make it")]
    Older {
        /// Its schema; 0: there is no history yet.
        found: u32,
        /// The schema known here.
        known: u32,
    },
    /// The schema `weir` of the database belongs to something else.
    #[error("is not a history of weir: its schema \"weir\" holds other tables")]
    Foreign,
    /// The user may not do this.
    #[error("does not allow it: {0}")]
    NotAllowed(String),
    /// Another session holds what is needed, for too long.
    #[error("is held by another session")]
    Busy,
    /// The server's disk is full.
    #[error("cannot grow: the server's disk is full")]
    Full,
    /// What is stored cannot be made sense of.
    #[error("is damaged: {0}")]
    Damaged(String),
    /// Anything else the server says.
    #[error("failed: {0}")]
    Failed(String),
}

impl ServerFault {
    fn hint(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => {
                "Check that the server runs and that [history] url names its host and port; weir \
                 goes on as soon as it answers."
            }
            Self::Login(_) => {
                "Check user and database in [history] url, the password, and the server's \
                 pg_hba.conf."
            }
            Self::NoPassword(_) => "Check password in [history].",
            Self::Tls(_) => {
                "Check sslmode in [history] url, and name the authority of the server's certificate \
                 by ca_file."
            }
            Self::Newer { .. } => {
                "Update weir, or name another database under [history] url. This one was left as it \
                 is."
            }
            Self::Older { .. } => {
                "Run `weir sync` or `weir collect` once as the user that owns the history: it makes \
                 the tables or brings them up to date."
            }
            Self::Foreign => {
                "Name another database under [history] url. This one was left as it is."
            }
            Self::NotAllowed(_) => {
                "Grant it to the user in [history] url (docs/shared-history.md lists what is needed), \
                 or leave the polling to others with --offline."
            }
            Self::Busy => "Wait until the other session is done and try again.",
            Self::Full => {
                "Make room on the server; what was acknowledged is kept, and weir goes on from there."
            }
            Self::Damaged(_) => {
                "Restore the database from a backup, or drop its schema \"weir\": weir then reads \
                 everything from the trackers again."
            }
            Self::Failed(_) => "Try again; if it stays, look into the server's log.",
        }
    }
}
