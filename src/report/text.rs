//! A report as plain text for a terminal or a mail.

use unicode_width::UnicodeWidthStr;

use super::document::{Block, Document, Part};
use super::table::harmless;
use super::{Answer, Section, told};

const INDENT: &str = "  ";

/// The report of one stream.
pub fn stream_text(answer: Answer<'_>, sections: &[Section]) -> String {
    written(told::document(answer, sections))
}

/// A document as plain text.
pub(super) fn written(document: Document) -> String {
    let Document {
        stream,
        asked,
        parts,
    } = document;
    let parts: String = parts.iter().map(part).collect();
    let text = format!("{stream} · {}\n{parts}", asked.join(" · "));
    // Names in sentences come from trackers and files just as those in tables do.
    text.lines().map(|line| harmless(line) + "\n").collect()
}

fn part(part: &Part) -> String {
    let blocks: String = part.blocks.iter().map(block).collect();
    format!("\n{}\n{blocks}", part.heading)
}

fn block(block: &Block) -> String {
    match block {
        Block::Line(text) => line(text),
        Block::List(texts) => texts.iter().map(|text| line(text)).collect(),
        Block::Terms(terms) => {
            let width = terms
                .iter()
                .map(|(name, _)| name.width())
                .max()
                .unwrap_or(0);
            let term = |(name, text): &(&str, String)| line(&format!("{name:<width$}  {text}"));
            terms.iter().map(term).collect()
        }
        Block::Table(table) => {
            let reasons = table.reasons().map(|text| line(&text));
            table.text(INDENT) + &reasons.unwrap_or_default()
        }
    }
}

fn line(text: &str) -> String {
    format!("{INDENT}{}\n", harmless(text))
}
