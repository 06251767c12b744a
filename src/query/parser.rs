//! From text to rule, by recursive descent.

mod comparison;
mod question;

use std::borrow::Cow;
use std::ops::Range;

use super::error::QueryError;
use super::field;
use super::scanner::Scanner;
use crate::model::event::fact;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use comparison::eat_sign;

/// Brackets and negations may stand in one another this deep.
const MAX_DEPTH: u8 = 50;

/// Which fields a query may look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Any,
    Recorded,
}

/// What was being read last: what a cursor at its end would go on writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// A field's name or a word to look for, from this byte.
    Name(usize),
    /// A value of the field called so, from this byte.
    Value(String, usize),
}

pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    allowed: Allowed,
    depth: u8,
    slot: Slot,
}

type Read<T> = Result<T, QueryError>;

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, allowed: Allowed) -> Self {
        Self {
            scanner: Scanner::new(text),
            allowed,
            depth: 0,
            slot: Slot::Name(0),
        }
    }

    pub(super) fn slot(&self) -> &Slot {
        &self.slot
    }

    /// Reads the text to its end.
    pub(super) fn whole(&mut self) -> Read<Rule> {
        self.scanner.skip_space();
        self.slot = Slot::Name(self.scanner.at());
        if self.scanner.peek().is_none() {
            return Ok(Rule::Always);
        }
        let rule = self.any()?;
        match self.scanner.peek() {
            None => Ok(rule),
            Some(one) => Err(self.unexpected(one)),
        }
    }

    fn any(&mut self) -> Read<Rule> {
        let mut parts = vec![self.all()?];
        while self.scanner.eat_keyword("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Rule::Any))
    }

    fn all(&mut self) -> Read<Rule> {
        let mut parts = vec![self.term()?];
        while self.scanner.eat_keyword("and") || self.at_term() {
            parts.push(self.term()?);
        }
        Ok(one_or(parts, Rule::All))
    }

    fn at_term(&mut self) -> bool {
        self.scanner.skip_space();
        let mut ahead = self.scanner;
        !ahead.eat_keyword("or") && !matches!(ahead.peek(), None | Some(')' | ','))
    }

    fn term(&mut self) -> Read<Rule> {
        self.scanner.skip_space();
        self.slot = Slot::Name(self.scanner.at());
        if self.scanner.eat("-") || self.scanner.eat("!") || self.scanner.eat_keyword("not") {
            return self.deeper(Self::term).map(negate);
        }
        match self.scanner.peek() {
            None => Err(self.missing("a condition")),
            Some('(') => self.deeper(Self::group),
            Some('"') => self.quoted_term(),
            Some(_) => self.word_term(),
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Read<Rule>) -> Read<Rule> {
        if self.depth == MAX_DEPTH {
            let at = self.scanner.at();
            return Err(QueryError::new(at..at, "this is nested too deep"));
        }
        self.depth += 1;
        let rule = read(self);
        self.depth -= 1;
        rule
    }

    fn group(&mut self) -> Read<Rule> {
        let start = self.scanner.at();
        self.scanner.eat("(");
        let rule = self.any()?;
        self.scanner.skip_space();
        if self.scanner.eat(")") {
            return Ok(rule);
        }
        match self.scanner.peek() {
            Some(one) => Err(self.unexpected(one)),
            None => Err(
                QueryError::new(start..start + 1, "this bracket is not closed")
                    .hint("add ) where the group ends"),
            ),
        }
    }

    fn quoted_term(&mut self) -> Read<Rule> {
        let start = self.scanner.at();
        let text = self.scanner.quoted()?;
        let span = self.scanner.since(start);
        match self.comparison() {
            Some(comparison) => {
                let field = Field::Fact(Cow::Owned(text.clone()));
                self.compare((&text, span), field, comparison)
            }
            None => Ok(text_test(text)),
        }
    }

    fn word_term(&mut self) -> Read<Rule> {
        let start = self.scanner.at();
        let word = self.scanner.word();
        let span = self.scanner.since(start);
        if word.is_empty() {
            return Err(self.missing_name());
        }
        match self.comparison() {
            Some(comparison) => self.named(word, span, comparison),
            None => self.bare(word, span),
        }
    }

    /// A word alone: a flag or a text to look for.
    fn bare(&mut self, word: &str, span: Range<usize>) -> Read<Rule> {
        if let Some(flag) = field::flag(word) {
            let rule = flag_test(flag);
            self.permit(&rule, word, span)?;
            return Ok(rule);
        }
        if field::is_keyword(word) {
            let what = format!("\"{word}\" stands where a condition is expected");
            return Err(
                QueryError::new(span, what).hint("put it in quotes to look for the word itself")
            );
        }
        Ok(text_test(word.to_owned()))
    }

    fn permit(&self, rule: &Rule, name: &str, span: Range<usize>) -> Read<()> {
        let recorded = match rule {
            Rule::Test(test) => test.field.is_recorded(),
            _ => true,
        };
        if recorded || self.allowed == Allowed::Any {
            return Ok(());
        }
        let what = format!("\"{name}\" is not known from the tracker alone");
        Err(QueryError::new(span, what)
            .hint("rules of a stream may use status, source, texts and facts such as type or team"))
    }

    fn missing(&self, what: &str) -> QueryError {
        let at = self.scanner.at();
        QueryError::new(at..at, format!("{what} is missing here"))
    }

    fn missing_name(&mut self) -> QueryError {
        let start = self.scanner.at();
        match eat_sign(&mut self.scanner) {
            Some(_) => QueryError::new(self.scanner.since(start), "a field's name is missing here")
                .hint("write it before the sign, for example stage:review"),
            None => match self.scanner.peek() {
                Some(one) => self.unexpected(one),
                None => self.missing("a condition"),
            },
        }
    }

    fn unexpected(&self, one: char) -> QueryError {
        let at = self.scanner.at();
        let error = QueryError::new(
            at..at + one.len_utf8(),
            format!("\"{one}\" has no place here"),
        );
        match one {
            ')' => error.hint("no bracket is open"),
            ',' => error.hint("commas stand between values: team:cards,reader"),
            _ => error,
        }
    }
}

fn flag_test(flag: &str) -> Rule {
    match flag {
        "blocked" => set(Field::Blocked),
        "stale" => set(Field::Stale),
        "ageing" => test(Field::Condition, Op::Is, vec![Value::Text(flag.to_owned())]),
        _ => set(Field::Fact(Cow::Borrowed(fact::FLAGGED))),
    }
}

fn one_or(mut parts: Vec<Rule>, many: impl FnOnce(Vec<Rule>) -> Rule) -> Rule {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            parts.push(last);
            many(parts)
        }
        (_, None) => Rule::Always,
    }
}

fn negate(rule: Rule) -> Rule {
    Rule::Not(Box::new(rule))
}

fn test(field: Field, op: Op, values: Vec<Value>) -> Rule {
    Rule::Test(Test { field, op, values })
}

/// The field has a value, or the flag is set.
fn set(field: Field) -> Rule {
    test(field, Op::Is, Vec::new())
}

fn text_test(text: String) -> Rule {
    test(Field::Text, Op::Contains, vec![Value::Text(text)])
}
