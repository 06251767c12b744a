//! Walks over the text of a query.

use std::ops::Range;

use super::error::QueryError;

/// A position in a query's text, always on a character border.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn at(self) -> usize {
        self.at
    }

    fn rest(self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The text from `start` to here.
    pub(super) fn since(self, start: usize) -> Range<usize> {
        start..self.at
    }

    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Goes past `wanted` if it stands here.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// Goes past spaces and a whole word, whatever its case.
    pub(super) fn eat_keyword(&mut self, keyword: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_space();
        let found = ahead.word().eq_ignore_ascii_case(keyword) && !ahead.at_sign();
        if found {
            *self = ahead;
        }
        found
    }

    /// Whether an operator stands here without a space before it, so that the word before it is a
    /// field's name whatever it says.
    fn at_sign(self) -> bool {
        let rest = self.rest();
        rest.starts_with([':', '=', '~', '<', '>']) || rest.starts_with("!=")
    }

    /// The word that stands here: up to a space, a quote, a bracket, a comma or an operator.
    pub(super) fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(at, one)| ends_word(*one, &rest[at + one.len_utf8()..]))
            .map_or(rest.len(), |(at, _)| at);
        self.at += end;
        &rest[..end]
    }

    /// The bare value that stands here: as a word, but operators belong to it.
    pub(super) fn value(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest
            .find(|one: char| one.is_whitespace() || matches!(one, '(' | ')' | ',' | '"'))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// The text in quotes that stands here, without them.
    pub(super) fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, one)) = chars.next() {
            let next = self.rest()[at + one.len_utf8()..].chars().next();
            match (one, next) {
                ('"', _) => {
                    self.at += at + 1;
                    return Ok(text);
                }
                ('\\', Some(escaped @ ('"' | '\\'))) => {
                    text.push(escaped);
                    chars.next();
                }
                _ => text.push(one),
            }
        }
        self.at = self.text.len();
        Err(
            QueryError::new(self.since(start), "the quote is not closed")
                .hint("end the text with \""),
        )
    }
}

fn ends_word(one: char, rest: &str) -> bool {
    match one {
        '(' | ')' | '"' | ',' | ':' | '=' | '~' | '<' | '>' => true,
        '!' => rest.starts_with(['=', '~']),
        _ => one.is_whitespace(),
    }
}
