//! Why a command ended early: what, where, what to do, and with which exit code.

use std::io::IsTerminal;

use crate::config::{Colour, Problems};
use crate::connectors::Fault;
use crate::history::HistoryError;
use crate::model::log::TooMany;

/// A command that could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Failure {
    /// What kind of end it is.
    pub kind: FailureKind,
    /// What failed and where, one sentence or a rendered list of problems.
    pub what: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The ends a command can come to, by exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// A check fell short.
    Check,
    /// Bad use or bad config.
    Usage,
    /// A source could not be read.
    Source,
    /// The history could not be read or written.
    History,
    /// A defect of weir.
    Bug,
    /// Stopped by the user.
    Interrupted,
}

impl FailureKind {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Check => 1,
            Self::Usage => 2,
            Self::Source => 3,
            Self::History => 4,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }
}

impl Failure {
    /// What failed and what to do, on one line.
    pub(super) fn told(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{}; {hint}", self.what),
            None => self.what.clone(),
        }
    }

    /// Bad use or bad config.
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Usage,
            what: what.into(),
            hint: Some(hint.into()),
        }
    }
}

/// Without characters that would move the cursor or change colours: what sources say may quote
/// anything. Line breaks stay.
pub(super) fn harmless(text: &str) -> String {
    let control = |one: char| one.is_control() && one != '\n';
    text.replace(control, " ")
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::Stopped => FailureKind::Interrupted,
            _ => FailureKind::Source,
        };
        Self {
            kind,
            hint: Some(harmless(&fault.hint())),
            what: harmless(&fault.to_string()),
        }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        Self {
            kind: FailureKind::History,
            hint: Some(error.hint().to_owned()),
            what: error.to_string(),
        }
    }
}

impl From<TooMany> for Failure {
    fn from(error: TooMany) -> Self {
        Self {
            kind: FailureKind::Source,
            what: error.to_string(),
            hint: None,
        }
    }
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        let colour = if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
            Colour::Coloured
        } else {
            Colour::Plain
        };
        Self {
            kind: FailureKind::Usage,
            what: problems.render(colour).trim_end().to_owned(),
            hint: None,
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self {
            kind: FailureKind::Bug,
            what: format!("the output cannot be written: {error}"),
            hint: None,
        }
    }
}
