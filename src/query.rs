//! The one filter grammar: what `--filter`, `/`, `when`, `where`, `items`, saved views and policies
//! are written in.
//!
//! ```text
//! stage:review age>10d kind:defect -team:infra blocked "card reader"
//! type in (Story, Bug) and (label ~ debt or "Story Points" >= 8)
//! created:2026-01..2026-03 not status != "In Review"
//! ```
//!
//! Terms side by side must all hold; `and` may be said, `or` binds weaker, parentheses group, and
//! `not`, `-` or `!` before a term turns it round. A term is a comparison (`field` with one of
//! `: = != ~ !~ < <= > >=`, or `in (…)`; commas between values mean "any of"), a flag (`blocked`,
//! `stale`, `flagged`, `ageing`), `has:field`, `no:field`, `is:word`, or a text to look for. Values
//! with spaces stand in double quotes, in which `\"` and `\\` are a quote and a backslash. A field
//! name that weir does not know, or any name in quotes, is a fact of the tracker; one that nothing has
//! is told by [`unknown_name`], as is a stage of no stream.

mod complete;
mod error;
mod field;
mod format;
mod nearest;
mod parser;
mod scanner;
mod unknown;
mod value;

pub use complete::{Completions, Wanted, complete, operators};
pub use error::QueryError;
pub use format::{name_in_text, to_text, value_in_text};
pub(crate) use nearest::did_you_mean;
pub(crate) use unknown::is_own_name;
pub use unknown::unknown_name;

use crate::model::rule::Rule;
use parser::{Allowed, Parser};

/// Reads a query. Empty text is [`Rule::Always`].
///
/// # Errors
/// [`QueryError`] with the bytes at fault, what is wrong with them, and mostly a hint.
pub fn parse(text: &str) -> Result<Rule, QueryError> {
    Parser::new(text, Allowed::Any).whole()
}

/// Reads a rule of a stream (`items`, `where`, `when`), which may only look at what the event log
/// itself knows: facts, status, source, texts. See [`crate::model::rule::Field::is_recorded`].
///
/// # Errors
/// [`QueryError`], also for a field that only a stream or a clock can answer.
pub fn parse_recorded(text: &str) -> Result<Rule, QueryError> {
    Parser::new(text, Allowed::Recorded).whole()
}

#[cfg(test)]
mod tests;
