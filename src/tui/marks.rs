//! The marks that pictures and words are drawn with, and how each is spelled with 7-bit characters.
//! Everything is drawn in the first set; what writes into the buffer spells it in the one wanted.

use std::borrow::Cow;

use ratatui::style::Style;

/// Which characters weir draws with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    /// Blocks, lines, arrows: in every font of today.
    #[default]
    Unicode,
    /// The same with heavy lines: what a theme for projectors makes of them.
    Thick,
    /// Nothing beyond the 7 bits of ASCII.
    Ascii,
}

/// How each mark is spelled in ASCII, each in one cell but for the key enter.
const SPELLED: &[(char, &str)] = &[
    // Lines, corners, walls.
    ('─', "-"),
    ('━', "="),
    ('═', "="),
    ('╌', "-"),
    ('┄', "."),
    ('│', "|"),
    ('┃', "|"),
    ('║', "|"),
    ('┆', ":"),
    ('├', "+"),
    ('┤', "+"),
    ('┬', "+"),
    ('└', "+"),
    ('┘', "+"),
    ('┗', "+"),
    ('┛', "+"),
    ('╚', "+"),
    ('╝', "+"),
    ('╭', "."),
    ('╮', "."),
    ('╰', "'"),
    ('╯', "'"),
    ('╱', "/"),
    ('╳', "X"),
    // Fields and parts of fields.
    ('░', "."),
    ('▒', "+"),
    ('▓', "%"),
    ('█', "#"),
    ('▁', "_"),
    ('▂', "_"),
    ('▃', "."),
    ('▄', "-"),
    ('▅', "-"),
    ('▆', "="),
    ('▇', "%"),
    ('▏', "-"),
    ('▎', "-"),
    ('▍', "-"),
    ('▌', ">"),
    ('▋', "="),
    ('▊', "="),
    ('▉', "#"),
    ('▐', "<"),
    ('▬', "="),
    // Signs.
    ('●', "*"),
    ('•', "o"),
    ('○', "o"),
    ('◌', "~"),
    ('◉', "@"),
    ('◆', "*"),
    ('◷', "@"),
    ('■', "#"),
    ('◆', "#"),
    ('□', "="),
    ('▸', ">"),
    ('⇄', "%"),
    ('‖', "|"),
    ('▲', "^"),
    ('▼', "v"),
    ('▶', ">"),
    ('▴', "^"),
    ('▾', "v"),
    ('◂', "<"),
    ('‹', "<"),
    ('›', ">"),
    ('»', ">"),
    ('✓', "+"),
    ('×', "x"),
    ('↑', "'"),
    ('↓', ","),
    ('←', "<"),
    ('→', ">"),
    ('↩', "<"),
    ('↵', "enter"),
    ('·', "-"),
    ('–', "-"),
    ('…', "~"),
    ('≤', "<"),
    // In formulas and names of books.
    ('÷', "/"),
    ('−', "-"),
    ('±', "~"),
    ('²', "2"),
    ('√', "v"),
    ('σ', "s"),
    ('Σ', "S"),
    ('τ', "t"),
];

/// The heavier ones of some marks.
const HEAVY: &[(char, &str)] = &[
    ('─', "━"),
    ('│', "┃"),
    ('╌', "╍"),
    ('┄', "┅"),
    ('┆', "┇"),
    ('├', "┣"),
    ('┤', "┫"),
    ('┬', "┳"),
    ('└', "┗"),
    ('┘', "┛"),
    ('╭', "┏"),
    ('╮', "┓"),
    ('╰', "┗"),
    ('╯', "┛"),
    ('·', "•"),
];

/// Braille by the number of its dots.
const DOTS: [&str; 9] = [" ", "o", "o", "8", "8", "8", "#", "#", "#"];

impl Marks {
    /// The other set.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Unicode | Self::Thick => Self::Ascii,
            Self::Ascii => Self::Unicode,
        }
    }

    /// What the set is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unicode | Self::Thick => "blocks",
            Self::Ascii => "ascii",
        }
    }

    /// A text in this set. What is no mark of weir's stays: titles belong to their authors.
    pub(super) fn spelled(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        for mark in text.chars() {
            match self.spelling(mark) {
                Some(spelling) => out.push_str(spelling),
                None => out.push(mark),
            }
        }
        Cow::Owned(out)
    }

    fn spelling(self, mark: char) -> Option<&'static str> {
        match (self, mark) {
            (Self::Unicode, _) => None,
            (Self::Thick, _) => found(HEAVY, mark),
            (Self::Ascii, '\u{2800}'..='\u{28ff}') => {
                let dots = (u32::from(mark) & 0xff).count_ones();
                DOTS.get(usize::try_from(dots).ok()?).copied()
            }
            (Self::Ascii, _) => found(SPELLED, mark),
        }
    }

    /// The symbol of one cell in this set, and its look. In ASCII a cell of two colours is that of
    /// the greater part, and a whole block is the ground itself.
    pub(super) fn cell(self, symbol: &str, style: Style) -> (Cow<'_, str>, Style) {
        if self != Self::Ascii || symbol.is_ascii() {
            return (self.spelled(symbol), style);
        }
        match (filled(symbol), style.fg, style.bg) {
            (Some(8), Some(ink), _) | (Some(4..), Some(ink), Some(_)) => {
                (Cow::Borrowed(" "), Style { fg: None, ..style }.bg(ink))
            }
            (Some(_), Some(_), Some(_)) => (Cow::Borrowed(" "), Style { fg: None, ..style }),
            _ => (self.spelled(symbol), style),
        }
    }
}

/// The entry of a table.
fn found(table: &[(char, &'static str)], mark: char) -> Option<&'static str> {
    let known = table.iter().find(|(known, _)| *known == mark);
    known.map(|(_, spelling)| *spelling)
}

/// How many eighths of its cell a block fills; `None` if it is none.
fn filled(symbol: &str) -> Option<u32> {
    match u32::from(symbol.chars().next()?) {
        // From below: ▁ to █.
        block @ 0x2581..=0x2588 => Some(block - 0x2580),
        // From the left: ▉ to ▏.
        block @ 0x2589..=0x258f => Some(0x2590 - block),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Style};

    use super::{DOTS, Marks, SPELLED};
    use crate::tui::text::width;

    #[test]
    fn every_mark_is_spelled_once_in_one_cell_of_ascii() {
        for (at, (mark, spelling)) in SPELLED.iter().enumerate() {
            assert!(spelling.is_ascii() && !spelling.is_empty(), "{mark}");
            assert_eq!(width(&mark.to_string()), 1, "{mark}");
            assert!(spelling.len() == 1 || *mark == '↵', "{mark}");
            let again = SPELLED[..at].iter().find(|(other, _)| other == mark);
            assert_eq!(again, None, "{mark} stands twice");
        }
        assert!(DOTS.iter().all(|dots| dots.is_ascii()));
        assert_eq!(Marks::Ascii.spelled("▲12 % · 支払い"), "^12 % - 支払い");
        assert_eq!(Marks::Unicode.spelled("▲12 %"), "▲12 %");
        assert_eq!(Marks::Ascii.spelled("⣿⠁"), "#o");
    }

    #[test]
    fn a_cell_of_two_colours_is_that_of_the_greater_part() {
        let (ink, ground) = (Color::Indexed(1), Color::Indexed(2));
        let both = Style::new().fg(ink).bg(ground);
        let drawn = |symbol: &'static str, style| {
            let (symbol, style) = Marks::Ascii.cell(symbol, style);
            (symbol.into_owned(), style.bg)
        };
        assert_eq!(drawn("▂", both), (" ".to_owned(), Some(ground)));
        assert_eq!(drawn("▆", both), (" ".to_owned(), Some(ink)));
        assert_eq!(drawn("▏", both), (" ".to_owned(), Some(ground)));
        assert_eq!(
            drawn("█", Style::new().fg(ink)),
            (" ".to_owned(), Some(ink))
        );
        assert_eq!(drawn("█", Style::new()), ("#".to_owned(), None));
        assert_eq!(drawn("▆", Style::new().fg(ink)), ("=".to_owned(), None));
    }
}
