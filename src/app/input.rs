//! A line of text being typed.

use unicode_segmentation::UnicodeSegmentation;

/// A line of text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// In bytes, always on the border of a character as people see it.
    cursor: usize,
}

/// A change to the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Text typed or pasted; line breaks and other controls become spaces.
    Insert(String),
    /// Removes the character before the cursor.
    Backspace,
    /// Removes the character at the cursor.
    Delete,
    /// Removes the word before the cursor.
    Word,
    /// Removes everything.
    Clear,
    /// One character to the left.
    Left,
    /// One character to the right.
    Right,
    /// To the start.
    Home,
    /// To the end.
    End,
}

impl Input {
    /// A line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
        }
    }

    /// What has been typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        &self.text[..self.cursor]
    }

    /// Puts a text in place of a part; the cursor stands behind it. A part that is no part of the line
    /// changes nothing.
    pub(super) fn replace(&mut self, part: std::ops::Range<usize>, by: &str) {
        if self.text.get(part.clone()).is_some() {
            self.remove(part.start, part.end);
            self.insert(by);
        }
    }

    /// Whether the cursor stands behind everything.
    pub(super) fn is_at_end(&self) -> bool {
        self.cursor == self.text.len()
    }

    /// Changes the line.
    pub fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::Insert(text) => self.insert(text),
            Edit::Backspace => self.remove(self.left(), self.cursor),
            Edit::Delete => self.remove(self.cursor, self.right()),
            Edit::Word => self.remove(self.word_start(), self.cursor),
            Edit::Clear => self.remove(0, self.text.len()),
            Edit::Left => self.cursor = self.left(),
            Edit::Right => self.cursor = self.right(),
            Edit::Home => self.cursor = 0,
            Edit::End => self.cursor = self.text.len(),
        }
    }

    fn insert(&mut self, text: &str) {
        let clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        self.text.insert_str(self.cursor, &clean);
        let typed = self.cursor + clean.len();
        let borders = self.text.grapheme_indices(true).map(|(at, _)| at);
        self.cursor = borders
            .filter(|at| *at >= typed)
            .min()
            .unwrap_or(self.text.len());
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn left(&self) -> usize {
        let last = self.before_cursor().grapheme_indices(true).next_back();
        last.map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn word_start(&self) -> usize {
        let trimmed = self.before_cursor().trim_end();
        trimmed.rfind(char::is_whitespace).map_or(0, |at| {
            at + trimmed[at..].chars().next().map_or(0, char::len_utf8)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Input};
    use proptest::prelude::*;

    #[test]
    fn typing_moving_and_removing() {
        let mut input = Input::new("stage:review");
        input.edit(&Edit::Insert(" age>10d\n".to_owned()));
        assert_eq!(input.text(), "stage:review age>10d ");
        input.edit(&Edit::Word);
        assert_eq!(input.text(), "stage:review ");
        input.edit(&Edit::Home);
        input.edit(&Edit::Delete);
        input.edit(&Edit::Right);
        input.edit(&Edit::Backspace);
        assert_eq!((input.text(), input.before_cursor()), ("age:review ", ""));
    }

    fn edits() -> impl Strategy<Value = Edit> {
        prop_oneof![
            ".{0,3}".prop_map(Edit::Insert),
            prop_oneof![
                Just("e\u{301}"),
                Just("👩\u{200d}💻"),
                Just("漢"),
                Just("\u{2003}x")
            ]
            .prop_map(|text| Edit::Insert(text.to_owned())),
            Just(Edit::Backspace),
            Just(Edit::Delete),
            Just(Edit::Word),
            Just(Edit::Left),
            Just(Edit::Right),
            Just(Edit::Home),
        ]
    }

    proptest! {
        #[test]
        fn the_cursor_stays_on_a_border(all in prop::collection::vec(edits(), 0..40)) {
            let mut input = Input::default();
            for edit in &all {
                input.edit(edit);
                prop_assert!(input.text().is_char_boundary(input.before_cursor().len()));
            }
        }
    }
}
