//! What could stand where the cursor is.

use std::ops::Range;

use super::field::{self, Shape};
use super::parser::{Allowed, Parser, Slot};
use crate::model::rule::Field;

/// What a query could go on with at a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// The bytes that a completion replaces: what is typed of it so far.
    pub replace: Range<usize>,
    /// What is wanted there.
    pub wanted: Wanted,
}

/// What could stand at a place of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A field or a flag: the known names that begin with what is typed. A name that is no flag
    /// wants an operator behind it.
    Name(Vec<&'static str>),
    /// A value of a field.
    Value {
        /// Which field.
        field: Field,
        /// The known values that begin with what is typed; empty where only the data knows them.
        known: Vec<&'static str>,
    },
}

/// The operators that a field of this name is mostly asked with, and what each asks; none for a flag.
pub fn operators(name: &str) -> &'static [(&'static str, &'static str)] {
    if field::FLAGS.contains(&name) {
        return &[];
    }
    if field::QUESTIONS.contains(&name) {
        return &[(":", "")];
    }
    match Shape::of(&field::named(name)) {
        Shape::Span | Shape::Number => &[(">", "more than"), ("<", "less than")],
        Shape::Day => &[(":", "on or in"), (">=", "from then on"), ("<", "before")],
        Shape::Text | Shape::Fact => &[(":", "is"), ("~", "contains")],
        Shape::Word(..) | Shape::Flag => &[(":", "is")],
    }
}

/// What could stand at byte `cursor` of `text`; text behind the cursor is not looked at. A cursor
/// inside a character is moved to its beginning.
pub fn complete(text: &str, cursor: usize) -> Completions {
    let cursor = (0..=cursor.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    let text = &text[..cursor];
    let mut parser = Parser::new(text, Allowed::Any);
    let read = parser.whole();
    let slot = match parser.slot() {
        // A finished term: after a space the next one begins.
        Slot::Name(_) | Slot::Value(..)
            if read.is_ok() && text.ends_with([' ', ')', '\t', '\n']) =>
        {
            Slot::Name(cursor)
        }
        slot => slot.clone(),
    };
    match slot {
        Slot::Name(start) => name(text, start),
        Slot::Value(field, start) => value(text, &field, start),
    }
}

fn name(text: &str, start: usize) -> Completions {
    let typed = text[start..].trim_start_matches(['-', '!']);
    let start = text.len() - typed.len();
    let flags = field::FLAGS.into_iter().chain(field::QUESTIONS);
    let names = field::NAMES.iter().map(|(name, _)| *name);
    let mut known: Vec<&str> = flags
        .chain(names)
        .filter(|one| begins(one, typed))
        .collect();
    known.sort_unstable();
    known.dedup();
    Completions {
        replace: start..text.len(),
        wanted: Wanted::Name(known),
    }
}

fn value(text: &str, field: &str, start: usize) -> Completions {
    let typed = text[start..].trim_start_matches('"');
    let fits = |one: &&'static str| begins(one, typed);
    let named = field::named(field);
    let known = match (field, Shape::of(&named)) {
        ("is", _) => field::words_after_is().filter(fits).collect(),
        ("has" | "no", _) => return name(text, start),
        (_, Shape::Word(_, known)) => known.iter().copied().filter(fits).collect(),
        (_, Shape::Flag) => ["yes", "no"].into_iter().filter(fits).collect(),
        _ => Vec::new(),
    };
    Completions {
        replace: start..text.len(),
        wanted: Wanted::Value {
            field: named,
            known,
        },
    }
}

fn begins(known: &str, typed: &str) -> bool {
    known
        .get(..typed.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(typed))
}
