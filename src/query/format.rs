//! From rule back to text.

use super::field::{self, Shape};
use super::value::{self, Given, Quoting};
use crate::model::event::fact;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::time::span_text;

/// Writes a rule as a query that [`super::parse`] reads as the same rule. True of every rule that
/// `parse` made; in others, parts that are always true are left out.
pub fn to_text(rule: &Rule) -> String {
    match rule {
        Rule::Always => String::new(),
        Rule::Not(inner) => format!("-{}", atom(inner)),
        Rule::All(parts) => joined(parts, " ", atom),
        Rule::Any(parts) => joined(parts, " or ", |part| match part {
            Rule::All(_) => to_text(part),
            _ => atom(part),
        }),
        Rule::Test(test) => term(test),
    }
}

fn joined(parts: &[Rule], between: &str, write: impl Fn(&Rule) -> String) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter(|part| **part != Rule::Always)
        .map(write)
        .collect();
    parts.join(between)
}

fn atom(rule: &Rule) -> String {
    match rule {
        Rule::All(_) | Rule::Any(_) => format!("({})", to_text(rule)),
        _ => to_text(rule),
    }
}

fn term(test: &Test) -> String {
    match (&test.field, test.op, &*test.values) {
        (Field::Blocked, Op::Is, []) => "blocked".to_owned(),
        (Field::Stale, Op::Is, []) => "stale".to_owned(),
        (Field::Fact(name), Op::Is, []) if name == fact::FLAGGED => "flagged".to_owned(),
        (field, Op::Is, []) => format!("has:{}", name_text(field)),
        (Field::Text, Op::Contains, [Value::Text(wanted)]) => search_text(wanted),
        (field, op, values) => {
            let shape = Shape::of(field);
            let values: Vec<String> = values
                .iter()
                .map(|value| value_text(shape, op, value))
                .collect();
            format!("{}{}{}", name_text(field), sign(op), values.join(","))
        }
    }
}

/// The operator's sign.
pub(super) fn sign(op: Op) -> &'static str {
    match op {
        Op::Is => ":",
        Op::Contains => "~",
        Op::Less => "<",
        Op::AtMost => "<=",
        Op::More => ">",
        Op::AtLeast => ">=",
    }
}

/// How a value is written beside a field so that it is read as this text.
pub fn value_in_text(field: &Field, value: &str) -> String {
    value_text(Shape::of(field), Op::Is, &Value::Text(value.to_owned()))
}

/// How a field's name is written.
pub fn name_in_text(field: &Field) -> String {
    name_text(field)
}

fn name_text(field: &Field) -> String {
    match (field::bare_name(field), field) {
        (Some(name), _) => name.into_owned(),
        (None, Field::Fact(name)) => quoted(name),
        (None, _) => String::new(),
    }
}

fn search_text(text: &str) -> String {
    if field::is_plain(text) && !field::is_keyword(text) && field::flag(text).is_none() {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn value_text(shape: Shape, op: Op, value: &Value) -> String {
    match value {
        Value::Text(text) if stays_text(shape, op, text) => text.clone(),
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Span(seconds) => span_text(*seconds),
        Value::Day(day) => day.to_string(),
        Value::Days(first, last) => format!("{first}..{last}"),
    }
}

/// Whether a text can stand bare and is still read as this text.
fn stays_text(shape: Shape, op: Op, text: &str) -> bool {
    let given = Given {
        text: text.to_owned(),
        quoting: Quoting::Bare,
        span: 0..0,
    };
    field::is_plain(text) && value::read(shape, op, &given) == Ok(Value::Text(text.to_owned()))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
