//! What SQLite says, in our words.

use std::path::Path;

use rusqlite::{Error, ErrorCode, ffi};

use crate::history::HistoryError;

/// Says what a failure of SQLite means for the history at `path`.
pub(super) fn failure(path: &Path, error: &Error) -> HistoryError {
    let path = path.to_owned();
    let why = error.to_string();
    if is_damage(error) {
        return HistoryError::Damaged { path, why };
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryError::Locked { path },
        Some(ErrorCode::DiskFull) => HistoryError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => HistoryError::ReadOnly { path },
        Some(ErrorCode::CannotOpen) => HistoryError::Open { path, why },
        _ => HistoryError::Failed { path, why },
    }
}

/// Whether the file itself is at fault: SQLite finds its structure broken, or a column holds what
/// weir never writes.
fn is_damage(error: &Error) -> bool {
    match error {
        Error::SqliteFailure(failure, _) => {
            matches!(
                failure.code,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
            ) || failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ
        }
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::QueryReturnedNoRows
        | Error::Utf8Error(..) => true,
        _ => false,
    }
}
