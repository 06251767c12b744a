//! What a stream is held to.

use std::fmt;

use super::rule::Rule;
use super::time::WindowSpec;

/// A measure of a stream and the bound it has to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Unique among the policies.
    pub name: String,
    /// Which stream; `None`: each.
    pub stream: Option<String>,
    /// Which measure, as the report names it: `flow.time.p85_days`, `flow.load`.
    pub measure: String,
    /// Over which items.
    pub filter: Rule,
    /// The filter as it is written.
    pub filter_text: String,
    /// Over which window; `None`: the one that is set.
    pub window: Option<WindowSpec>,
    /// What it has to keep.
    pub bound: Bound,
    /// What it means to break it.
    pub severity: Severity,
}

/// A bound of a measure, in the measure's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Not more than this.
    AtMost(f64),
    /// Not less than this.
    AtLeast(f64),
}

impl Bound {
    /// Whether a value keeps it.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(out, "at most {most}"),
            Self::AtLeast(least) => write!(out, "at least {least}"),
        }
    }
}

/// How bad a broken policy is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// The check fails.
    #[default]
    Error,
    /// It is said, the check passes.
    Warning,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}
