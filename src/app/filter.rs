//! The filter line: what is typed, what it means, what is wrong with it.

use std::ops::Range;

use crate::model::rule::Rule;

use super::{Input, Offers, Tally};

/// Reads a filter.
pub type ParseFilter = fn(&str) -> Result<Rule, FilterError>;

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The bytes at fault.
    pub span: Range<usize>,
    /// One sentence.
    pub what: String,
}

/// The filter being typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterLine {
    /// The text.
    pub input: Input,
    /// What is wrong with it, found while typing.
    pub error: Option<FilterError>,
    /// What it could go on with.
    pub offers: Offers,
    /// What is known of the values of fields.
    pub tallies: Vec<Tally>,
    /// Which of the filters typed before stands here, and what was typed before them.
    pub past: Option<(usize, String)>,
}

/// Understands the empty filter alone: for where no grammar is at hand.
///
/// # Errors
/// On any text that is not blank.
pub fn no_filters(text: &str) -> Result<Rule, FilterError> {
    if text.trim().is_empty() {
        return Ok(Rule::Always);
    }
    Err(FilterError {
        span: 0..text.len(),
        what: "filters cannot be read here".to_owned(),
    })
}
