//! Operators and the values behind them.

use std::ops::Range;

use super::{Parser, Read, Slot, negate, set, test};
use crate::model::rule::{Field, Op, Rule, Value};
use crate::query::error::QueryError;
use crate::query::field::Shape;
use crate::query::format;
use crate::query::scanner::Scanner;
use crate::query::value::{self, Given, Quoting};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    Plain,
    Turned,
}

impl Sense {
    pub(super) fn of(self, rule: Rule) -> Rule {
        match self {
            Self::Plain => rule,
            Self::Turned => negate(rule),
        }
    }
}

impl Parser<'_> {
    /// The operator that stands here, if one does; `in (` is one.
    pub(super) fn comparison(&mut self) -> Option<(Op, Sense)> {
        let mut ahead = self.scanner;
        ahead.skip_space();
        let found = eat_sign(&mut ahead).or_else(|| eat_in(&mut ahead));
        if found.is_some() {
            self.scanner = ahead;
        }
        found
    }

    pub(super) fn compare(
        &mut self,
        (name, span): (&str, Range<usize>),
        field: Field,
        (op, sense): (Op, Sense),
    ) -> Read<Rule> {
        let shape = Shape::of(&field);
        let rule = set(field.clone());
        self.permit(&rule, name, span.clone())?;
        shape.allows(op).map_err(|hint| {
            QueryError::new(span.start..self.scanner.at(), not_so(name, op)).hint(hint)
        })?;
        let given = self.values(name)?;
        if shape == Shape::Flag {
            return yes_or_no(&given, rule).map(|rule| sense.of(rule));
        }
        let values = given
            .iter()
            .map(|one| value::read(shape, op, one))
            .collect::<Read<Vec<Value>>>()?;
        Ok(sense.of(test(field, op, values)))
    }

    fn values(&mut self, name: &str) -> Read<Vec<Given>> {
        self.scanner.skip_space();
        if self.scanner.eat("(") {
            return self.listed(name);
        }
        let mut values = vec![self.value(name)?];
        while self.scanner.eat(",") {
            values.push(self.value(name)?);
        }
        Ok(values)
    }

    /// Values up to the closing bracket, whose opening one is passed.
    fn listed(&mut self, name: &str) -> Read<Vec<Given>> {
        let mut values = vec![self.value(name)?];
        loop {
            self.scanner.skip_space();
            if self.scanner.eat(")") {
                return Ok(values);
            }
            if !self.scanner.eat(",") {
                return Err(self
                    .missing("a comma or )")
                    .hint("values with spaces stand in quotes"));
            }
            values.push(self.value(name)?);
        }
    }

    pub(super) fn value(&mut self, name: &str) -> Read<Given> {
        self.scanner.skip_space();
        let start = self.scanner.at();
        self.slot = Slot::Value(name.to_owned(), start);
        let (text, quoting) = match self.scanner.peek() {
            Some('"') => (self.scanner.quoted()?, Quoting::Quoted),
            _ => (self.scanner.value().to_owned(), Quoting::Bare),
        };
        let span = self.scanner.since(start);
        if span.is_empty() {
            return Err(self.missing("a value").hint("write \"\" for an empty text"));
        }
        if quoting == Quoting::Bare && self.scanner.peek() == Some('(') {
            return Err(QueryError::new(span, "a bracket stands inside the value")
                .hint("values with brackets stand in quotes"));
        }
        Ok(Given {
            text,
            quoting,
            span,
        })
    }
}

const SIGNS: [(&str, Op, Sense); 9] = [
    ("!=", Op::Is, Sense::Turned),
    ("!~", Op::Contains, Sense::Turned),
    ("<=", Op::AtMost, Sense::Plain),
    (">=", Op::AtLeast, Sense::Plain),
    (":", Op::Is, Sense::Plain),
    ("=", Op::Is, Sense::Plain),
    ("~", Op::Contains, Sense::Plain),
    ("<", Op::Less, Sense::Plain),
    (">", Op::More, Sense::Plain),
];

pub(super) fn eat_sign(scanner: &mut Scanner<'_>) -> Option<(Op, Sense)> {
    SIGNS
        .into_iter()
        .find(|(sign, ..)| scanner.eat(sign))
        .map(|(_, op, sense)| (op, sense))
}

/// `in (` or `not in (`, up to the bracket.
fn eat_in(scanner: &mut Scanner<'_>) -> Option<(Op, Sense)> {
    let sense = if scanner.eat_keyword("not") {
        Sense::Turned
    } else {
        Sense::Plain
    };
    let found = scanner.eat_keyword("in");
    scanner.skip_space();
    (found && scanner.peek() == Some('(')).then_some((Op::Is, sense))
}

fn not_so(name: &str, op: Op) -> String {
    let sign = format::sign(op);
    format!("\"{name}\" cannot be asked with {sign}")
}

fn yes_or_no(given: &[Given], rule: Rule) -> Read<Rule> {
    let [one] = given else {
        let span = given.first().map_or(0..0, |one| one.span.clone());
        return Err(QueryError::new(span, "a flag has one value").hint("write yes or no"));
    };
    match one.text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(rule),
        "no" | "false" => Ok(negate(rule)),
        other => Err(QueryError::new(
            one.span.clone(),
            format!("\"{other}\" is neither yes nor no"),
        )
        .hint("write yes or no")),
    }
}
