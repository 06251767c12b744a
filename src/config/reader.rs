//! Reads tables of a TOML document and collects every problem on the way.
//!
//! A [`Section`] notes which keys it was asked for; those that nobody asked for are unknown. So the
//! keys are named once, where they are read, and one wrong value never hides the next.

mod section;
mod setting;

use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::DeTable;

use super::problem::Problem;
use super::{Checks, mask};
use crate::query::did_you_mean;

pub(super) use section::Section;
pub(super) use setting::Setting;

/// What is common to all sections of one config.
pub(super) struct Reader<'a> {
    text: &'a str,
    folder: &'a Path,
    checks: &'a Checks<'a>,
    problems: RefCell<Vec<Problem>>,
    hidden: RefCell<Vec<Range<usize>>>,
    #[cfg(test)]
    asked: RefCell<std::collections::BTreeMap<String, Presence>>,
}

/// Whether a key that was asked for was there.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Presence {
    Absent,
    Present,
}

/// The problem of a text that `toml_edit` cannot read.
pub(super) fn not_toml(text: &str, error: &toml_edit::TomlError) -> Problem {
    broken(text, error.span(), error.message())
}

fn broken(text: &str, span: Option<Range<usize>>, why: &str) -> Problem {
    let end = text.len();
    let span = span.filter(|span| text.get(span.clone()).is_some());
    let mut problem = Problem::new(
        span.unwrap_or(end..end),
        format!("this is not TOML: {why}"),
        "",
    );
    problem.hint = syntax_hint(why).map(str::to_owned);
    problem
}

fn syntax_hint(why: &str) -> Option<&'static str> {
    let hints = [
        (
            "must be quoted",
            "a value is missing, or it is a text that needs quotes",
        ),
        (
            "invalid boolean",
            "texts stand in quotes; true and false do not",
        ),
        (
            "duplicate key",
            "a key stands once in its section; take one of them away",
        ),
        (
            "missing comma",
            "put a comma between values, and ] behind the last one",
        ),
        ("unclosed", "close what is open on this line or above it"),
    ];
    let known = hints.into_iter().find(|(part, _)| why.contains(part));
    known.map(|(_, hint)| hint)
}

impl<'a> Reader<'a> {
    /// `folder` is where relative paths start.
    pub(super) fn new(text: &'a str, folder: &'a Path, checks: &'a Checks<'a>) -> Self {
        Self {
            text,
            folder,
            checks,
            problems: RefCell::default(),
            hidden: RefCell::default(),
            #[cfg(test)]
            asked: RefCell::default(),
        }
    }

    pub(super) fn checks(&self) -> &'a Checks<'a> {
        self.checks
    }

    /// The top of the document, unless its TOML is broken.
    pub(super) fn parse(&self) -> Option<Spanned<DeTable<'a>>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            return Some(document);
        }
        // One mistake upsets the rest of its line; only the first of a line tells what it is.
        let mut last_line = None;
        for error in errors {
            let problem = broken(self.text, error.span(), error.message());
            let place = problem.place.as_ref().map_or(0, |label| label.span.start);
            let line = self
                .text
                .get(..place)
                .map(|before| before.matches('\n').count());
            if last_line != line {
                self.report(problem);
            }
            last_line = line;
        }
        None
    }

    pub(super) fn report(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Keeps a part of the text out of every excerpt.
    pub(super) fn hide(&self, span: Range<usize>) {
        self.hidden.borrow_mut().push(span);
    }

    /// The text with secrets masked, and what was found.
    pub(super) fn finish(self) -> (String, Vec<Problem>) {
        let masked = mask::masked(self.text, &self.hidden.into_inner());
        (masked, self.problems.into_inner())
    }

    /// Where relative paths start.
    pub(super) fn folder(&self) -> &'a Path {
        self.folder
    }

    /// A path of the config: `~/` is the user's home, relative ones start at the config's folder.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        let under_home = path.strip_prefix("~/");
        match under_home.zip(etcetera::home_dir().ok()) {
            Some((rest, home)) => home.join(rest),
            None => self.folder.join(path),
        }
    }

    /// The raw text of a value.
    fn raw(&self, span: &Range<usize>) -> &'a str {
        self.text.get(span.clone()).unwrap_or_default()
    }

    /// Reports a name that is none of the known ones.
    pub(super) fn unknown_name(&self, name: &Spanned<String>, what: &str, known: &[&str]) {
        let given = name.get_ref();
        let expected = match known {
            [] => format!("there is no {what}"),
            _ => format!("known are {}", known.join(", ")),
        };
        let mut problem = Problem::new(name.span(), format!("\"{given}\" is no {what}"), expected);
        problem.hint = did_you_mean(given, known.iter().copied());
        self.report(problem);
    }

    /// Whether the name is one of the known ones; reports it if not.
    pub(super) fn check_name(&self, name: &Spanned<String>, what: &str, known: &[&str]) -> bool {
        let is_known = known.contains(&name.get_ref().as_str());
        if !is_known {
            self.unknown_name(name, what, known);
        }
        is_known
    }

    /// As [`Reader::check_name`] where no known names mean that any will do.
    pub(super) fn check_name_if_known(&self, name: &Spanned<String>, what: &str, known: &[&str]) {
        if !known.is_empty() {
            self.check_name(name, what, known);
        }
    }

    /// Reports those of the names that are none of the known ones.
    pub(super) fn check_names(&self, names: &[Spanned<String>], what: &str, known: &[&str]) {
        for name in names {
            self.check_name(name, what, known);
        }
    }

    /// Reports every name that stands there twice, whatever its case.
    pub(super) fn check_unique<'n>(
        &self,
        what: &str,
        names: impl IntoIterator<Item = &'n Spanned<String>>,
    ) {
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for name in names {
            let same = |first: &&&Spanned<String>| {
                first.get_ref().to_lowercase() == name.get_ref().to_lowercase()
            };
            match seen.iter().find(same) {
                Some(first) => self.report(
                    Problem::new(
                        name.span(),
                        format!("another {what} is called \"{}\" already", name.get_ref()),
                        "the name is taken",
                    )
                    .also(first.span(), format!("the first {what} of this name"))
                    .hint("give each its own name"),
                ),
                None => seen.push(name),
            }
        }
    }

    #[cfg(test)]
    fn note(&self, key: String, presence: Presence) {
        let mut asked = self.asked.borrow_mut();
        let known = asked.entry(key).or_insert(presence);
        *known = presence.max(*known);
    }

    /// The keys that were asked for.
    #[cfg(test)]
    pub(super) fn asked_for(&self) -> Vec<String> {
        self.asked.borrow().keys().cloned().collect()
    }

    /// The keys that were asked for and never found.
    #[cfg(test)]
    pub(super) fn never_found(&self) -> Vec<String> {
        let asked = self.asked.borrow();
        let absent = asked
            .iter()
            .filter(|(_, presence)| **presence == Presence::Absent);
        absent.map(|(key, _)| key.clone()).collect()
    }
}
