//! What a number means, in the words of `docs/metrics.md`: the one place where each is defined.

use std::ops::Range;

/// The page on which every measure is defined.
const METRICS: &str = include_str!("../../docs/metrics.md");

/// A paragraph of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What it answers, such as `Formula`, or the first cell of a row; empty if nothing special.
    pub label: String,
    /// What it says, without marks of formatting.
    pub text: String,
    /// How it stands on the page.
    pub form: Form,
}

/// How a paragraph stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By itself.
    Text,
    /// In a list or a table, below the one before.
    Row,
}

/// The sections of the page, in order.
pub fn defined() -> impl Iterator<Item = &'static str> {
    METRICS.lines().filter_map(|line| line.strip_prefix("## "))
}

/// What the section of a name says, without its worked example; nothing if there is none.
pub fn definition(name: &str) -> Vec<Paragraph> {
    let lines = METRICS.lines();
    let own = lines
        .skip_while(|line| line.strip_prefix("## ") != Some(name))
        .skip(1)
        .take_while(|line| !line.starts_with('#') && !line.starts_with("```"));
    let lines: Vec<&str> = own.collect();
    blocks(&lines)
        .into_iter()
        .map(|block| paragraph(&lines[block]))
        .collect()
}

/// The paragraph of the page that begins with `mark`.
pub fn defining(mark: &str) -> Paragraph {
    let lines: Vec<&str> = METRICS
        .lines()
        .skip_while(|line| !line.starts_with(mark))
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph(&lines)
}

/// Where the paragraphs lie: lines up to an empty one; a row of a table and a point of a list are
/// one each.
fn blocks(lines: &[&str]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for (at, line) in lines.iter().enumerate() {
        if is_rule(line) {
            // What stands above it is the head of a table.
            blocks.pop();
        }
        if line.is_empty() || is_rule(line) {
            goes_on = false;
            continue;
        }
        let begins = line.starts_with('|') || line.starts_with("- ");
        match blocks.last_mut() {
            Some(last) if goes_on && !begins => last.end = at + 1,
            _ => blocks.push(at..at + 1),
        }
        goes_on = true;
    }
    blocks
}

/// The line under the head of a table.
fn is_rule(line: &str) -> bool {
    line.starts_with('|') && line.chars().all(|one| matches!(one, '|' | '-' | ' ' | ':'))
}

fn paragraph(lines: &[&str]) -> Paragraph {
    let text = lines.join(" ");
    if let Some(row) = text.strip_prefix('|') {
        let mut cells = row.trim_end_matches('|').split('|');
        let label = plain(cells.next().unwrap_or_default().trim());
        let cells: Vec<String> = cells.map(|cell| plain(cell.trim())).collect();
        return Paragraph {
            label,
            text: cells.join("; "),
            form: Form::Row,
        };
    }
    let form = if text.starts_with("- ") {
        Form::Row
    } else {
        Form::Text
    };
    let labelled = text
        .strip_prefix("**")
        .and_then(|text| text.split_once("**"))
        .and_then(|(label, rest)| Some((label.strip_suffix('.')?, rest)));
    let (label, text) = labelled.unwrap_or(("", &text));
    Paragraph {
        label: plain(label),
        text: plain(text.trim()),
        form,
    }
}

/// The text without what Markdown means by it: strong, code, the addresses of links.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let link = from
            .strip_prefix('[')
            .and_then(|link| link.split_once("]("))
            .and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        rest = match link {
            Some((name, after)) => {
                out.push_str(name);
                after
            }
            None if from.starts_with('[') => {
                out.push('[');
                &from[1..]
            }
            None => &from[1..],
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_page_says_something() {
        assert!(defined().count() > 30);
        for name in defined() {
            assert!(!definition(name).is_empty(), "{name}");
        }
        assert!(definition("No such thing").is_empty());
    }

    #[test]
    fn formatting_is_taken_off_and_nothing_else() {
        assert_eq!(plain("a **b** `c` [d](#e) [f"), "a b c d [f");
        let table = ["| number | is |", "| --- | --- |", "| load | items in it |"];
        let rows = blocks(&table);
        assert_eq!(rows.len(), 1, "the head of a table says nothing");
        assert_eq!(rows[0], 2..3);
        let row = paragraph(&table[2..]);
        let told = (row.label.as_str(), row.text.as_str(), row.form);
        assert_eq!(told, ("load", "items in it", Form::Row));
        let asked = paragraph(&["**Question.** How long", "does it take?"]);
        assert_eq!(
            (asked.label.as_str(), asked.text.as_str()),
            ("Question", "How long does it take?")
        );
    }
}
