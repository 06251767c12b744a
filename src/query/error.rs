//! What is wrong with a query.

use std::fmt;
use std::ops::Range;

/// A query that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The bytes at fault, on character borders; empty where something is missing.
    pub span: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl QueryError {
    pub(super) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            span,
            what: what.into(),
            hint: None,
        }
    }

    /// The query with the bytes at fault marked below it, and what to write instead, for a
    /// terminal:
    ///
    /// ```text
    /// age>10 team:pay
    ///     ^^ "10" is no duration; say the unit: 10d for days, 10h for hours
    /// ```
    pub fn marked(&self, query: &str) -> String {
        let before = query.get(..self.span.start).unwrap_or_default();
        let at_fault = query.get(self.span.clone()).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let indent: String = line
            .chars()
            .map(|one| if one == '\t' { '\t' } else { ' ' })
            .collect();
        let marks = "^".repeat(at_fault.chars().count().max(1));
        format!("{}\n{indent}{marks} {self}", query.trim_end())
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.hint {
            Some(hint) => write!(f, "{}; {hint}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

impl std::error::Error for QueryError {}
