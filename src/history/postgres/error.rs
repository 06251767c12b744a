//! What PostgreSQL says, in our words.

use std::error::Error as _;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::history::{HistoryError, ServerFault};
use crate::model::id::SourceName;

/// Why something was not done.
#[derive(Debug)]
pub(in crate::history) enum Broken {
    /// The driver or the server says so.
    Driver(Error),
    /// The server does not answer in time.
    Late,
    /// Anything we found out ourselves.
    Fault(ServerFault),
    /// Another holds the lease of the source.
    LeaseLost(SourceName),
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Driver(error)
    }
}

impl From<ServerFault> for Broken {
    fn from(fault: ServerFault) -> Self {
        Self::Fault(fault)
    }
}

impl Broken {
    /// The state of the server, where it gave one.
    pub(super) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Driver(error) => error.code(),
            _ => None,
        }
    }

    /// Whether the server forbids it to the user, or to everyone because it is a copy.
    pub(super) fn is_forbidden(&self) -> bool {
        let forbidden = [
            &SqlState::INSUFFICIENT_PRIVILEGE,
            &SqlState::READ_ONLY_SQL_TRANSACTION,
        ];
        self.code().is_some_and(|code| forbidden.contains(&code))
    }

    /// Whether the server took a transaction back in favour of another.
    pub(super) fn is_taken_back(&self) -> bool {
        let taken_back = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
        ];
        self.code().is_some_and(|code| taken_back.contains(&code))
    }

    /// Whether the connection is of no use any more.
    pub(super) fn is_cut(&self) -> bool {
        match self {
            Self::Driver(error) => error.code().is_none() || is_away(error.code()),
            Self::Late => true,
            Self::Fault(_) | Self::LeaseLost(_) => false,
        }
    }

    /// For the user.
    pub(super) fn told(self, server: &str) -> HistoryError {
        let fault = match self {
            Self::LeaseLost(source_name) => return HistoryError::LeaseLost { source_name },
            Self::Fault(fault) => fault,
            Self::Late => ServerFault::Unreachable("it does not answer in time".to_owned()),
            Self::Driver(error) => fault(&error),
        };
        HistoryError::Server {
            server: server.to_owned(),
            fault,
        }
    }
}

/// What the server or the driver says.
fn fault(error: &Error) -> ServerFault {
    let why = words(error);
    match error.code() {
        None => without_code(error, why),
        code if is_away(code) => ServerFault::Unreachable(why),
        Some(code) => by_code(code, why),
    }
}

fn by_code(code: &SqlState, why: String) -> ServerFault {
    match (code.code().get(..2), code) {
        (Some("28"), _) | (_, &SqlState::INVALID_CATALOG_NAME) => ServerFault::Login(why),
        (_, &(SqlState::INSUFFICIENT_PRIVILEGE | SqlState::READ_ONLY_SQL_TRANSACTION)) => {
            ServerFault::NotAllowed(why)
        }
        (_, &SqlState::LOCK_NOT_AVAILABLE) | (Some("40"), _) => ServerFault::Busy,
        (_, &SqlState::DISK_FULL) => ServerFault::Full,
        (_, &(SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED)) => ServerFault::Damaged(why),
        _ => ServerFault::Failed(why),
    }
}

/// Whether the server is going, coming or has no place: a state that passes.
fn is_away(code: Option<&SqlState>) -> bool {
    let class = code.and_then(|code| code.code().get(..2));
    class == Some("08") || class == Some("57") || code == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

/// The driver tells its kinds apart only by their words.
fn without_code(error: &Error, why: String) -> ServerFault {
    match error.to_string().as_str() {
        "error performing TLS handshake" => ServerFault::Tls(why),
        "authentication error" | "invalid configuration" => ServerFault::Login(why),
        text if text.starts_with("error deserializing") => ServerFault::Damaged(why),
        _ => ServerFault::Unreachable(why),
    }
}

/// The innermost cause, which says most.
fn words(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = deeper.to_string();
        cause = deeper.source();
    }
    words
}
