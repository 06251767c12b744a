//! Texts of trackers made fit for a row of cells.

use std::borrow::Cow;

use ratatui::buffer::Cell;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Marks on one letter beyond this many are left out.
const MARKS: usize = 3;

/// The text without what would harm a row: controls, marks of writing direction, joiners and
/// selectors whose width terminals do not agree on. Line breaks and tabs become spaces.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.chars() {
        let c = if c.is_whitespace() { ' ' } else { c };
        let Some(width) = c.width().filter(|_| !is_harmful(c)) else {
            continue;
        };
        marks = if width == 0 { marks + 1 } else { 0 };
        if marks <= MARKS && !(width == 0 && clean.is_empty()) {
            clean.push(c);
        }
    }
    Cow::Owned(clean)
}

fn is_harmful(c: char) -> bool {
    matches!(c,
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{061c}' | '\u{00ad}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0000}'..='\u{e01ef}')
}

/// Cells a text takes.
pub(crate) fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

/// What is written in a row of cells, without the blanks at its end, with a line break.
pub(crate) fn line(cells: &[Cell]) -> String {
    let mut line = String::new();
    let mut covered = 0;
    for cell in cells {
        if covered == 0 {
            line += cell.symbol();
            covered = width(cell.symbol());
        }
        covered = covered.saturating_sub(1);
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

/// The text in at most so many cells; one that was longer ends in `…`.
pub(crate) fn cut(text: &str, most: u16) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    if most == 0 {
        return Cow::Borrowed("");
    }
    let mut used = 0;
    let fitting = text.graphemes(true).take_while(|part| {
        used += width(part);
        used < most
    });
    let mut short: String = fitting.collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    Cow::Owned(short)
}

/// The text in lines of at most so many cells, broken between words; words too long are cut.
pub(crate) fn wrap(text: &str, most: u16) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) > most {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&cut(word, most));
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{cut, harmless, width, wrap};
    use proptest::prelude::*;

    #[test]
    fn what_harms_a_row_is_left_out() {
        assert_eq!(harmless("a\u{1b}[31mb\tc\nd"), "a[31mb c d");
        assert_eq!(harmless("\u{202e}evil\u{2066}"), "evil");
        assert_eq!(harmless("❤\u{fe0f} 👩\u{200d}💻 👍🏽"), "❤ 👩💻 👍");
        assert_eq!(
            harmless("z\u{301}\u{301}\u{301}\u{301}\u{301}"),
            "z\u{301}\u{301}\u{301}"
        );
        assert_eq!(harmless("\u{301}a"), "a");
    }

    #[test]
    fn cuts_count_cells() {
        assert_eq!(cut("支払い履歴の検索", 9), "支払い履…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abc def", 5), "abc…");
        assert_eq!(cut("abc", 0), "");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 7), ["incomp…"]);
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_wanted(text in "\\PC{0,30}", most in 0_u16..20) {
            let clean = harmless(&text);
            prop_assert!(width(&cut(&clean, most)) <= most);
            for line in wrap(&clean, most.max(1)) {
                prop_assert!(width(&line) <= most.max(1));
            }
        }
    }
}
