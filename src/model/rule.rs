//! Conditions over an item: what `--filter`, `when`, `where` and `items` mean once read.
//!
//! The text form and its grammar live in `query`; this is the meaning alone, so that the model can
//! hold rules without knowing how they are written.

use super::event::FactName;
use super::time::Day;

/// A condition over one item at one instant.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Always true: what an absent rule means.
    Always,
    /// The contrary.
    Not(Box<Rule>),
    /// All of them.
    All(Vec<Rule>),
    /// At least one of them.
    Any(Vec<Rule>),
    /// One comparison.
    Test(Test),
}

/// One comparison of a field with values.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What is looked at.
    pub field: Field,
    /// How it is compared.
    pub op: Op,
    /// With what; true if it holds for any of them. Empty with [`Op::Is`]: "has any value".
    pub values: Vec<Value>,
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `:` or `=`: equal (texts without regard to case, `*` stands for anything), or the flag is set.
    Is,
    /// `~`: contains.
    Contains,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A duration in seconds.
    Span(i64),
    /// A whole day in the stream's zone.
    Day(Day),
    /// Days from the first to the last, both included.
    Days(Day, Day),
}

/// What a test can look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// A fact by name: `type`, `team`, `assignee`, `label`, custom ones.
    Fact(FactName),
    /// The tracker status by its current name.
    Status,
    /// The source the item comes from.
    Source,
    /// Key, title and id: a bare word or quoted text.
    Text,
    /// The stage's name.
    Stage,
    /// The stage's phase.
    Phase,
    /// The stage's class.
    Class,
    /// The flow-item kind.
    Kind,
    /// backlog, `in_progress`, done, cancelled, deleted, unmapped.
    State,
    /// blocked, stale, ageing, fine.
    Condition,
    /// Whether the item is blocked.
    Blocked,
    /// Whether the item is stale.
    Stale,
    /// Age of an item in progress, a span.
    Age,
    /// Flow time of a finished item, a span.
    Flow,
    /// Share of finished items that left the stage younger, 0 to 1.
    Pace,
    /// Number of assignees: 0 or more.
    AssigneeCount,
    /// Day of the first event.
    Created,
    /// Day of the start.
    Started,
    /// Day of the finish.
    Finished,
}

impl Field {
    /// Whether the field is known from the event log alone, without a stream or a clock. Only such
    /// fields may stand in `items`, `where`, `kinds` and `blocked`.
    pub fn is_recorded(&self) -> bool {
        matches!(
            self,
            Self::Fact(_) | Self::Status | Self::Source | Self::Text | Self::AssigneeCount
        )
    }

    /// Whether the field says what an item is, not how far it has come or how it is doing.
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Fact(_)
                | Self::Source
                | Self::Text
                | Self::Kind
                | Self::AssigneeCount
                | Self::Created
        )
    }
}

impl Rule {
    /// Whether no test asks how far items have come or how they are doing now. Only then are those
    /// that pass today the ones to compare with an earlier day.
    pub fn is_lasting(&self) -> bool {
        let mut lasting = true;
        self.for_each_test(&mut |test| lasting &= test.field.is_lasting());
        lasting
    }

    /// Calls `each` with every test of the rule.
    pub fn for_each_test<'a>(&'a self, each: &mut dyn FnMut(&'a Test)) {
        match self {
            Self::Always => {}
            Self::Not(inner) => inner.for_each_test(each),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.for_each_test(each);
                }
            }
            Self::Test(test) => each(test),
        }
    }

    /// The same rule with other rules in place of some tests: those for which `other` gives one.
    #[must_use]
    pub fn with(&self, other: &dyn Fn(&Test) -> Option<Self>) -> Self {
        let each = |parts: &[Self]| parts.iter().map(|part| part.with(other)).collect();
        match self {
            Self::Always => Self::Always,
            Self::Not(inner) => Self::Not(Box::new(inner.with(other))),
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::Test(test) => other(test).unwrap_or_else(|| self.clone()),
        }
    }

    /// Whether the rule is true, asking `holds` about each test, no more of them than needed.
    pub fn decide(&self, holds: &mut dyn FnMut(&Test) -> bool) -> bool {
        match self {
            Self::Always => true,
            Self::Not(inner) => !inner.decide(holds),
            Self::All(parts) => parts.iter().all(|part| part.decide(holds)),
            Self::Any(parts) => parts.iter().any(|part| part.decide(holds)),
            Self::Test(test) => holds(test),
        }
    }
}

impl Test {
    /// Whether a text passes the test. Case is ignored; with [`Op::Is`] a `*` stands for anything.
    pub fn accepts_text(&self, text: &str) -> bool {
        match self.op {
            Op::Is if self.asks_for_any() => !text.is_empty(),
            Op::Is => {
                self.any_text(|wanted| matches_pattern(wanted, text))
                    || (self.names_days()
                        && Day::parse(text).is_some_and(|day| self.accepts_day(day)))
            }
            Op::Contains => self.any_text(|wanted| contains(text, wanted)),
            Op::Less | Op::AtMost | Op::More | Op::AtLeast => self.accepts_ordered_text(text),
        }
    }

    /// Whether a number passes the test. Spans are seconds.
    pub fn accepts_number(&self, number: f64) -> bool {
        if self.asks_for_any() {
            return true;
        }
        let passes = |bound: f64| match self.op {
            Op::Is | Op::Contains => (number - bound).abs() < 1e-9,
            Op::Less => number < bound,
            Op::AtMost => number <= bound,
            Op::More => number > bound,
            Op::AtLeast => number >= bound,
        };
        self.values.iter().any(|value| match value {
            Value::Number(bound) => passes(*bound),
            #[expect(
                clippy::cast_precision_loss,
                reason = "spans of seconds stay far below 2^53"
            )]
            Value::Span(seconds) => passes(*seconds as f64),
            Value::Text(_) | Value::Day(_) | Value::Days(..) => false,
        })
    }

    /// Whether a day passes the test.
    pub fn accepts_day(&self, day: Day) -> bool {
        if self.asks_for_any() {
            return true;
        }
        self.values.iter().any(|value| {
            let (first, last) = match value {
                Value::Day(one) => (*one, *one),
                Value::Days(first, last) => (*first, *last),
                Value::Text(_) | Value::Number(_) | Value::Span(_) => return false,
            };
            match self.op {
                Op::Is | Op::Contains => first <= day && day <= last,
                Op::Less => day < first,
                Op::AtMost => day <= last,
                Op::More => day > last,
                Op::AtLeast => day >= first,
            }
        })
    }

    /// Whether any value at all will do.
    fn asks_for_any(&self) -> bool {
        self.op == Op::Is && self.values.is_empty()
    }

    fn names_days(&self) -> bool {
        let is_days = |value: &Value| matches!(value, Value::Day(_) | Value::Days(..));
        self.values.iter().any(is_days)
    }

    fn any_text(&self, mut passes: impl FnMut(&str) -> bool) -> bool {
        self.values.iter().any(|value| match value {
            Value::Text(wanted) => passes(wanted),
            Value::Number(wanted) => passes(&wanted.to_string()),
            Value::Span(_) | Value::Day(_) | Value::Days(..) => false,
        })
    }

    /// Numbers compare as numbers, dates and ranks as texts.
    fn accepts_ordered_text(&self, text: &str) -> bool {
        match text.parse::<f64>() {
            Ok(number) => self.accepts_number(number),
            Err(_) if text.is_empty() => false,
            Err(_) => match Day::parse(text) {
                Some(day) => self.accepts_day(day),
                None => self.any_text(|wanted| match self.op {
                    Op::Less => text < wanted,
                    Op::AtMost => text <= wanted,
                    Op::More => text > wanted,
                    _ => text >= wanted,
                }),
            },
        }
    }
}

/// Whether `wanted` occurs in `text`. Case is ignored.
fn contains(text: &str, wanted: &str) -> bool {
    if !(text.is_ascii() && wanted.is_ascii()) {
        return text.to_lowercase().contains(&wanted.to_lowercase());
    }
    let (text, wanted) = (text.as_bytes(), wanted.as_bytes());
    let Some(first) = wanted.first() else {
        return true;
    };
    let Some(last) = (text.len() + 1).checked_sub(wanted.len()) else {
        return false;
    };
    let starts = memchr::memchr2_iter(
        first.to_ascii_lowercase(),
        first.to_ascii_uppercase(),
        &text[..last],
    );
    let mut begun = starts.map(|at| &text[at..at + wanted.len()]);
    begun.any(|here| here.eq_ignore_ascii_case(wanted))
}

/// Whether `text` fits `pattern`, in which `*` stands for any run of characters. Case is ignored.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    if !pattern.contains('*') {
        let plain = pattern.is_ascii() && text.is_ascii();
        return pattern.eq_ignore_ascii_case(text)
            || (!plain && pattern.to_lowercase() == text.to_lowercase());
    }
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else {
        return false;
    };
    let Some(tail) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(found) => rest = &rest[found + part.len()..],
            None => return false,
        }
    }
    rest.len() >= tail.len() && rest.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::{Day, Field, Op, Test, Value, matches_pattern};

    #[test]
    fn a_test_without_values_asks_whether_there_is_one() {
        let test = Test {
            field: Field::Started,
            op: Op::Is,
            values: vec![],
        };
        assert!(test.accepts_day(Day(0)) && test.accepts_number(0.0));
        assert!(test.accepts_text("x") && !test.accepts_text(""));
    }

    #[test]
    fn texts_that_are_dates_lie_in_spans_of_days() {
        let day = |text| Day::parse(text).unwrap();
        let test = Test {
            field: Field::Fact("due".into()),
            op: Op::Is,
            values: vec![Value::Days(day("2026-03-01"), day("2026-03-31"))],
        };
        assert!(test.accepts_text("2026-03-31"));
        assert!(!test.accepts_text("2026-04-01"));
        assert!(!test.accepts_text("soon"));
    }

    #[test]
    fn a_text_is_found_anywhere_whatever_its_case() {
        let found = |text, wanted| super::contains(text, wanted);
        assert!(found("Retry the WebHook", "webhook") && found("abc", "") && found("", ""));
        assert!(found("aab", "AB") && found("x", "X") && found("Größe", "GRÖ"));
        assert!(!found("webhoo", "webhook") && !found("", "x") && !found("ab", "ba"));
    }

    #[test]
    fn patterns_ignore_case_and_expand_stars() {
        assert!(matches_pattern("in review", "In Review"));
        assert!(matches_pattern("Check*", "checking"));
        assert!(matches_pattern("*check*", "recheck now"));
        assert!(matches_pattern("a*b*c", "a__b__c"));
        assert!(matches_pattern("*", ""));
        assert!(!matches_pattern("Check", "checking"));
        assert!(!matches_pattern("a*a", "a"));
        assert!(matches_pattern("ÜBER*", "über alles"));
    }
}
