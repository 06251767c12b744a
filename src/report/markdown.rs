//! A report as Markdown, for a page, a ticket or a chat.

use super::document::{Block, Document, Part};
use super::table::harmless;
use super::{Answer, Section, told};

/// The report of one stream, with tables as GitHub renders them.
pub fn stream_markdown(answer: Answer<'_>, sections: &[Section]) -> String {
    written(told::document(answer, sections))
}

/// A document as Markdown.
pub(super) fn written(document: Document) -> String {
    let Document {
        stream,
        asked,
        parts,
    } = document;
    let asked: Vec<String> = asked.iter().map(|one| escaped(one)).collect();
    let parts: String = parts.iter().map(part).collect();
    format!("# {}\n\n{}\n{parts}", escaped(&stream), asked.join(" · "))
}

fn part(part: &Part) -> String {
    let blocks: String = part.blocks.iter().map(block).collect();
    format!("\n## {}\n{blocks}", part.heading)
}

/// A block with the empty line before it.
fn block(block: &Block) -> String {
    match block {
        Block::Line(text) => format!("\n{}\n", begun(&escaped(text))),
        Block::List(texts) => listed(texts.iter().map(|text| begun(&escaped(text)))),
        Block::Terms(terms) => listed(
            terms
                .iter()
                .map(|(name, text)| format!("**{name}** {}", escaped(text))),
        ),
        Block::Table(table) => {
            let reasons = table
                .reasons()
                .map(|text| format!("\n{}\n", escaped(&text)));
            format!(
                "\n{}{}",
                table.markdown(escaped),
                reasons.unwrap_or_default()
            )
        }
    }
}

fn listed(texts: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = texts.map(|text| format!("- {text}\n")).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("\n{}", lines.concat())
}

/// Texts with nothing in them that Markdown would take for its own; only what it would is escaped,
/// so that the source reads well too.
pub(super) fn escaped(text: &str) -> String {
    let text = harmless(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(one) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        if is_markup(before, one, after) {
            out.push('\\');
        }
        out.push(one);
        before = one;
    }
    out.trim().to_owned()
}

fn is_markup(before: char, one: char, after: char) -> bool {
    match one {
        '\\' | '`' | '*' | '[' | ']' | '|' => true,
        // Inside a word it is nothing but itself.
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        '~' => before == '~' || after == '~',
        '<' => after.is_ascii_alphabetic() || "/!?".contains(after),
        '&' => after.is_ascii_alphanumeric() || after == '#',
        _ => false,
    }
}

/// A paragraph whose beginning is no heading, list, quotation or rule.
fn begun(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let number = first.strip_suffix(['.', ')']);
    if let Some(number) = number.filter(|one| is_number(one)) {
        let (number, rest) = text.split_at(number.len());
        return format!("{number}\\{rest}");
    }
    let is_mark = !first.is_empty() && first.chars().all(|one| "#-+=".contains(one));
    if is_mark || text.starts_with('>') {
        return format!("\\{text}");
    }
    text.to_owned()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{begun, block, escaped};
    use crate::report::document::Block;
    use crate::report::table::Table;

    #[test]
    fn only_what_would_mean_something_is_escaped() {
        let table = [
            ("Refund | card", "Refund \\| card"),
            ("*now* `x` [y](z)", "\\*now\\* \\`x\\` \\[y\\](z)"),
            (
                "snake_case stays, _this_ not",
                "snake_case stays, \\_this\\_ not",
            ),
            ("a < b & c > d", "a < b & c > d"),
            (
                "<script> &lt; </b> <!-- -->",
                "\\<script> \\&lt; \\</b> \\<!-- -->",
            ),
            ("~~gone~~ ~5", "\\~\\~gone\\~\\~ ~5"),
            ("C:\\new\nline\t", "C:\\\\new line"),
            ("50 % – P85 9.0 d · ▲ 3 %", "50 % – P85 9.0 d · ▲ 3 %"),
        ];
        for (given, wanted) in table {
            assert_eq!(escaped(given), wanted);
        }
    }

    #[test]
    fn a_paragraph_begins_as_one() {
        for (given, wanted) in [
            ("1. Review holds", "1\\. Review holds"),
            ("12) x", "12\\) x"),
            ("# x", "\\# x"),
            ("- x", "\\- x"),
            ("+ x", "\\+ x"),
            ("---", "\\---"),
            (">x", "\\>x"),
            ("+1: 3 in", "+1: 3 in"),
            ("162.8 d in all", "162.8 d in all"),
            ("3 in all", "3 in all"),
        ] {
            assert_eq!(begun(given), wanted);
        }
    }

    #[test]
    fn a_table_stands_as_well_raw() {
        let mut table = Table::new(["item", "age d"]).unknown(1, "nobody knows");
        table.row(["a|b", "12.5"].map(str::to_owned));
        table.row(["longer", "–"].map(str::to_owned));
        let wanted = "\n\
            | item   | age d |\n\
            | ------ | ----: |\n\
            | a\\|b   |  12.5 |\n\
            | longer |     – |\n\
            \n–  age d: nobody knows\n";
        assert_eq!(block(&Block::Table(table)), wanted);
    }
}
