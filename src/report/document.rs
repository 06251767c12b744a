//! What a report says, before it is written as plain text or as Markdown.

use super::table::Table;

/// The report of one stream.
pub(super) struct Document {
    /// The stream's name.
    pub(super) stream: String,
    /// What was asked: seen from when, over which window, by which clock.
    pub(super) asked: Vec<String>,
    /// One a section.
    pub(super) parts: Vec<Part>,
}

/// One section.
pub(super) struct Part {
    pub(super) heading: &'static str,
    pub(super) blocks: Vec<Block>,
}

/// Something that stands on lines of its own.
pub(super) enum Block {
    /// A sentence.
    Line(String),
    /// Names and what is to say of each.
    Terms(Vec<(&'static str, String)>),
    /// Sentences of one kind.
    List(Vec<String>),
    /// Rows under a header.
    Table(Table),
}

impl Block {
    /// A sentence.
    pub(super) fn line(text: impl Into<String>) -> Self {
        Self::Line(text.into())
    }
}

/// So many of a list, and how many more there are.
pub(super) fn shortened<T>(all: &[T], most: usize) -> (&[T], Option<Block>) {
    let shown = &all[..all.len().min(most)];
    (shown, more(all.len() - shown.len()))
}

/// How many more of a list there are than shown.
pub(super) fn more(more: usize) -> Option<Block> {
    (more > 0).then(|| Block::line(format!("… and {more} more")))
}
