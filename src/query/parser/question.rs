//! `is:`, `has:` and `no:`.

use std::borrow::Cow;
use std::ops::Range;

use super::comparison::Sense;
use super::{Parser, Read, negate, set, test};
use crate::model::rule::{Field, Op, Rule, Value};
use crate::query::error::QueryError;
use crate::query::field;
use crate::query::value::Quoting;

impl Parser<'_> {
    pub(super) fn named(
        &mut self,
        name: &str,
        span: Range<usize>,
        comparison: (Op, Sense),
    ) -> Read<Rule> {
        let question = field::QUESTIONS
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name));
        match (question, comparison) {
            (Some("is"), (Op::Is, sense)) => self.is().map(|rule| sense.of(rule)),
            (Some("has"), (Op::Is, sense)) => self.has().map(|rule| sense.of(rule)),
            (Some("no"), (Op::Is, sense)) => self.has().map(|rule| sense.of(negate(rule))),
            _ => self.compare((name, span), field::named(name), comparison),
        }
    }

    /// `has:team`, the operator passed.
    fn has(&mut self) -> Read<Rule> {
        let given = self.value("has")?;
        let field = match given.quoting {
            Quoting::Bare => match field::named(&given.text) {
                Field::AssigneeCount => field::named("assignee"),
                field => field,
            },
            Quoting::Quoted => Field::Fact(Cow::Owned(given.text.clone())),
        };
        let rule = set(field);
        self.permit(&rule, &given.text, given.span)?;
        Ok(rule)
    }

    /// `is:blocked`, the operator passed.
    fn is(&mut self) -> Read<Rule> {
        let given = self.value("is")?;
        let word = given.text.to_lowercase().replace('-', "_");
        if field::flag(&word).is_some() {
            return self.bare(&word, given.span);
        }
        let field = if field::STATES.contains(&&*word) {
            Field::State
        } else if field::CONDITIONS.contains(&&*word) {
            Field::Condition
        } else {
            let what = format!("\"{}\" is nothing that an item can be", given.text);
            let known: Vec<&str> = field::words_after_is().collect();
            let hint = format!("known are {}", known.join(", "));
            return Err(QueryError::new(given.span, what).hint(hint));
        };
        let rule = test(field, Op::Is, vec![Value::Text(word)]);
        self.permit(&rule, &given.text, given.span)?;
        Ok(rule)
    }
}
