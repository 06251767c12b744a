//! What is wrong with a config, as data and as text.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::render;

/// One thing that is wrong with a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, one sentence.
    pub what: String,
    /// Where, and what was expected there; `None` if the file as a whole is at fault.
    pub place: Option<Label>,
    /// Another place that it conflicts with.
    pub also: Option<Label>,
    /// What to do.
    pub hint: Option<String>,
}

/// A place in the config's text and what there is to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The bytes.
    pub span: Range<usize>,
    /// What was expected there.
    pub text: String,
}

impl Label {
    fn new(span: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            span,
            text: text.into(),
        }
    }
}

impl Problem {
    /// A problem of the file as a whole.
    pub(super) fn of_file(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            place: None,
            also: None,
            hint: Some(hint.into()),
        }
    }

    pub(super) fn new(
        span: Range<usize>,
        what: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            what: what.into(),
            place: Some(Label::new(span, expected)),
            also: None,
            hint: None,
        }
    }

    pub(super) fn also(self, span: Range<usize>, text: impl Into<String>) -> Self {
        Self {
            also: Some(Label::new(span, text)),
            ..self
        }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    fn start(&self) -> usize {
        self.place.as_ref().map_or(0, |label| label.span.start)
    }
}

/// All that is wrong with a config, in the order of the file. Holds the text with every secret in
/// it masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    path: PathBuf,
    text: String,
    list: Vec<Problem>,
}

impl Problems {
    /// `text` with its secrets masked, byte for byte.
    pub(super) fn new(path: &Path, text: String, mut list: Vec<Problem>) -> Self {
        list.sort_by_key(Problem::start);
        Self {
            path: path.to_owned(),
            text,
            list,
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many there are; at least one.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The problems, in the order of the file.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// The line of a problem, counted from 1.
    pub fn line(&self, problem: &Problem) -> Option<usize> {
        let place = problem.place.as_ref()?;
        let before = self.text.get(..place.span.start)?;
        Some(before.matches('\n').count() + 1)
    }

    /// All problems with excerpts, and how many there are; with colours of the terminal or without.
    pub fn render(&self, colour: Colour) -> String {
        let parts = self
            .list
            .iter()
            .map(|problem| render::problem(problem, &self.path, &self.text, colour));
        let text: String = parts.map(|part| part + "\n\n").collect();
        let path = self.path.display();
        match self.count() {
            1 => text + &format!("{path} has 1 problem\n"),
            many => text + &format!("{path} has {many} problems\n"),
        }
    }
}

/// Whether to write colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences of a terminal.
    Coloured,
    /// Plain text.
    Plain,
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Colour::Plain))
    }
}

impl std::error::Error for Problems {}
