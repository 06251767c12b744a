//! What a value means beside a field.

use std::ops::Range;

use super::error::QueryError;
use super::field::Shape;
use crate::model::rule::{Op, Value};
use crate::model::time::{Day, parse_span};

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Without quotes.
    pub(super) text: String,
    pub(super) quoting: Quoting,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    Bare,
    Quoted,
}

/// Reads a value for a field of this shape.
pub(super) fn read(shape: Shape, op: Op, given: &Given) -> Result<Value, QueryError> {
    let text = || Value::Text(given.text.clone());
    match shape {
        Shape::Word(what, known) if op == Op::Is => word(what, known, given),
        Shape::Text | Shape::Word(..) | Shape::Flag => Ok(text()),
        Shape::Span => span(given),
        Shape::Number => number(&given.text).ok_or_else(|| {
            wrong(given, "number").hint("write a number, for example 2, 0.85 or 85%")
        }),
        Shape::Day => days(given),
        Shape::Fact if given.quoting == Quoting::Quoted => Ok(text()),
        Shape::Fact => Ok(fact(op, &given.text).unwrap_or_else(text)),
    }
}

fn wrong(given: &Given, what: &str) -> QueryError {
    QueryError::new(
        given.span.clone(),
        format!("\"{}\" is no {what}", given.text),
    )
}

fn word(what: &str, known: &[&str], given: &Given) -> Result<Value, QueryError> {
    let wanted = given.text.to_lowercase().replace(['-', ' '], "_");
    if given.text.contains('*') {
        return Ok(Value::Text(given.text.clone()));
    }
    known
        .iter()
        .find(|one| **one == wanted)
        .map(|one| Value::Text((*one).to_owned()))
        .ok_or_else(|| wrong(given, what).hint(format!("known are {}", known.join(", "))))
}

fn span(given: &Given) -> Result<Value, QueryError> {
    if let Some(seconds) = parse_span(&given.text) {
        return Ok(Value::Span(seconds));
    }
    let hint = match given.text.parse::<u32>() {
        Ok(days) => format!("say the unit: {days}d for days, {days}h for hours"),
        Err(_) => "write a whole number with a unit: 36h, 5d, 2w".to_owned(),
    };
    Err(wrong(given, "duration").hint(hint))
}

/// A number; `85%` is 0.85.
fn number(text: &str) -> Option<Value> {
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) => (digits, 100.0),
        None => (text, 1.0),
    };
    let starts_well = digits.starts_with(|one: char| one.is_ascii_digit() || "+-.".contains(one));
    let value = digits.parse::<f64>().ok()? / scale;
    (starts_well && value.is_finite()).then_some(Value::Number(value))
}

fn days(given: &Given) -> Result<Value, QueryError> {
    let hint = "write 2026-03-01, 2026-03, 2026-W10, 2026 or a range such as 2026-01..2026-03";
    let (first, last) = day_range(&given.text).ok_or_else(|| wrong(given, "date").hint(hint))?;
    if last < first {
        return Err(QueryError::new(
            given.span.clone(),
            "the range ends before it begins",
        ));
    }
    Ok(day_value(&given.text, first, last))
}

/// What a bare value beside a fact says by its looks; `None` if it is a text.
fn fact(op: Op, text: &str) -> Option<Value> {
    if op == Op::Contains || (op == Op::Is && !text.contains("..")) {
        return None;
    }
    let as_number = if op == Op::Is { None } else { number(text) };
    as_number.or_else(|| {
        day_range(text)
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| day_value(text, first, last))
    })
}

fn day_value(text: &str, first: Day, last: Day) -> Value {
    if first == last && !text.contains("..") {
        Value::Day(first)
    } else {
        Value::Days(first, last)
    }
}

/// First and last day of `2026-03-01`, `2026-03`, `2026-W10`, `2026`, or two of them with `..`.
fn day_range(text: &str) -> Option<(Day, Day)> {
    match text.split_once("..") {
        Some((from, to)) => Some((period(from)?.0, period(to)?.1)),
        None => period(text),
    }
}

fn period(text: &str) -> Option<(Day, Day)> {
    let text = text.trim();
    let digits = |part: &str, length: usize| {
        let fits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let mut parts = text.splitn(3, '-');
    let year = i32::try_from(digits(parts.next()?, 4)?).ok()?;
    match (parts.next(), parts.next()) {
        (None, _) => Some((Day::from_ymd(year, 1, 1)?, Day::from_ymd(year, 12, 31)?)),
        (Some(part), None) => match part.strip_prefix(['W', 'w']) {
            Some(number) => week(year, digits(number, 2)?),
            None => month(year, digits(part, 2)?),
        },
        (Some(month), Some(day)) => {
            let day = Day::from_ymd(year, digits(month, 2)?, digits(day, 2)?)?;
            Some((day, day))
        }
    }
}

fn month(year: i32, month: u32) -> Option<(Day, Day)> {
    let first = Day::from_ymd(year, month, 1)?;
    let next = match month {
        12 => Day::from_ymd(year + 1, 1, 1)?,
        _ => Day::from_ymd(year, month + 1, 1)?,
    };
    Some((first, next.plus(-1)))
}

/// ISO weeks: the first is the one that holds 4 January.
fn week(year: i32, number: u32) -> Option<(Day, Day)> {
    let before = i32::try_from(number).ok()?.checked_sub(1)?;
    let monday = Day::from_ymd(year, 1, 4)?.monday().plus(7 * before);
    let found = monday.week();
    (found.year == year && found.number == number).then(|| (monday, monday.plus(6)))
}
