//! What can go wrong with a history, said so that someone can act on it.

use std::io;
use std::path::{Path, PathBuf};

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
            Self::Failed { .. } => "Try again; if it stays, check the disk and run `weir doctor`.",
        }
    }

    /// Which file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Open { path, .. }
            | Self::Newer { path, .. }
            | Self::Older { path, .. }
            | Self::Foreign { path, .. }
            | Self::Full { path }
            | Self::ReadOnly { path }
            | Self::Locked { path }
            | Self::Damaged { path, .. }
            | Self::Failed { path, .. } => path,
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
