//! What can be chosen in a set-up.

/// A tracker, or event logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindOffer {
    /// Its name in the config.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Where it usually is.
    pub usual_url: Option<String>,
    /// Whether it wants to know whose token it is.
    pub takes_user: bool,
    /// What is asked of it.
    pub sort: Sort,
    /// Where people get a token.
    pub tokens: &'static str,
}

/// Sorts of things that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A tracker, asked over the network.
    Tracker,
    /// An event log.
    File,
    /// Nothing: the simulated company is shown instead.
    Demo,
}

/// Where a token may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeepOffer {
    /// What it is.
    pub way: Way,
    /// In a few words.
    pub title: String,
    /// What stands in the line at first: the usual variable.
    pub usual: String,
}

/// Ways to have a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Where a source of the config has it, or a flag said.
    Known,
    /// What the tracker's own tool prints.
    Tool,
    /// Typed, and kept in the system's keyring.
    Keyring,
    /// Typed, and kept in a file that only its owner can read.
    File,
    /// In an environment variable, whose name is typed.
    Variable,
    /// What a command prints, which is typed.
    Command,
}

impl Way {
    /// Whether something has to be typed for it.
    pub fn is_typed(&self) -> bool {
        !matches!(self, Self::Known | Self::Tool)
    }
}

/// Where work is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceOffer {
    /// What people call it.
    pub name: String,
    /// "board", "project", "repository", "team".
    pub what: &'static str,
    /// The query that reads it.
    pub query: String,
    /// Whether it is chosen together with others.
    pub marked: bool,
}
