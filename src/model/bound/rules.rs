//! Rules over recorded fields, with every comparison of texts done once a text.

use super::Standing;
use crate::model::event::fact;
use crate::model::id::{FactIx, ItemIx, StatusIx, Symbol};
use crate::model::log::Log;
use crate::model::rule::{Field, Rule, Test};

/// A rule tied to a log.
#[derive(Clone, Debug)]
pub enum BoundRule {
    /// Known without looking at an item.
    Known(bool),
    /// The contrary.
    Not(Box<Self>),
    /// All of them.
    All(Vec<Self>),
    /// At least one of them.
    Any(Vec<Self>),
    /// By the symbol that a fact has.
    Fact(FactIx, Vec<bool>),
    /// By status; the last entry is for "no status yet".
    Status(Vec<bool>),
    /// By source.
    Source(Vec<bool>),
    /// By key, id and title.
    Text(Test),
    /// Something only a measure knows (stage, age, …): asked of the caller.
    Measured(Test),
}

impl BoundRule {
    /// Ties a rule to a log.
    pub fn new(rule: &Rule, log: &Log) -> Self {
        match rule {
            Rule::Always => Self::Known(true),
            Rule::Not(inner) => Self::Not(Box::new(Self::new(inner, log))),
            Rule::All(parts) => Self::All(parts.iter().map(|part| Self::new(part, log)).collect()),
            Rule::Any(parts) => Self::Any(parts.iter().map(|part| Self::new(part, log)).collect()),
            Rule::Test(test) => Self::of_test(test, log),
        }
    }

    /// All of several rules, simplified.
    pub fn all(rules: &[&Rule], log: &Log) -> Self {
        let parts: Vec<Self> = rules
            .iter()
            .filter(|rule| ***rule != Rule::Always)
            .map(|rule| Self::new(rule, log))
            .collect();
        if parts.is_empty() {
            Self::Known(true)
        } else {
            Self::All(parts)
        }
    }

    fn of_test(test: &Test, log: &Log) -> Self {
        match &test.field {
            Field::Fact(name) => Self::of_fact(name, test, log),
            Field::Status => {
                let named = log
                    .statuses()
                    .iter()
                    .map(|one| test.accepts_text(&one.name));
                Self::Status(named.chain([test.accepts_text("")]).collect())
            }
            Field::Source => {
                let named = log
                    .sources()
                    .iter()
                    .map(|one| test.accepts_text(one.as_str()));
                Self::Source(named.collect())
            }
            Field::AssigneeCount => Self::of_assignee_count(test, log),
            Field::Text => Self::Text(test.clone()),
            _ => Self::Measured(test.clone()),
        }
    }

    fn of_fact(name: &str, test: &Test, log: &Log) -> Self {
        let accepts = |text: &str| {
            text.split(fact::SEPARATOR)
                .any(|one| accepts_value(test, one))
        };
        match log.fact(name) {
            Some(fact) => Self::Fact(fact, by_symbol(log, accepts)),
            None => Self::Known(accepts("")),
        }
    }

    fn of_assignee_count(test: &Test, log: &Log) -> Self {
        let accepts = |text: &str| {
            let count = text
                .split(fact::SEPARATOR)
                .filter(|one| !one.is_empty())
                .count();
            test.accepts_number(f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
        };
        match log.fact(fact::ASSIGNEE) {
            Some(fact) => Self::Fact(fact, by_symbol(log, accepts)),
            None => Self::Known(accepts("")),
        }
    }

    /// Whether the rule holds for an item as it stands. Measured tests are never true here.
    pub fn holds(&self, log: &Log, standing: Standing) -> bool {
        self.holds_with(log, standing, &mut |_| false)
    }

    /// As [`BoundRule::holds`], asking `measured` about what only a measure knows.
    pub fn holds_with(
        &self,
        log: &Log,
        standing: Standing,
        measured: &mut dyn FnMut(&Test) -> bool,
    ) -> bool {
        match self {
            Self::Known(known) => *known,
            Self::Not(inner) => !inner.holds_with(log, standing, measured),
            Self::All(parts) => parts
                .iter()
                .all(|part| part.holds_with(log, standing, measured)),
            Self::Any(parts) => parts
                .iter()
                .any(|part| part.holds_with(log, standing, measured)),
            Self::Fact(fact, accepted) => {
                accepted[log.fact_at(*fact, standing.item, standing.at).index()]
            }
            Self::Status(accepted) => {
                accepted[standing.status.map_or(accepted.len() - 1, StatusIx::index)]
            }
            Self::Source(accepted) => accepted[log.source_of(standing.item).index()],
            Self::Text(test) => accepts_item_text(test, log, standing.item),
            Self::Measured(test) => measured(test),
        }
    }

    /// Whether the rule holds for every item.
    pub fn is_always(&self) -> bool {
        matches!(self, Self::Known(true))
    }

    /// Whether it holds in a status, if nothing else matters to it; else `None`.
    pub(super) fn in_status(&self, status: Option<StatusIx>) -> Option<bool> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Status(accepted) => {
                Some(accepted[status.map_or(accepted.len() - 1, StatusIx::index)])
            }
            Self::Not(inner) => inner.in_status(status).map(|holds| !holds),
            Self::All(parts) => {
                let holds: Option<Vec<bool>> =
                    parts.iter().map(|part| part.in_status(status)).collect();
                holds.map(|holds| !holds.contains(&false))
            }
            Self::Any(parts) => {
                let holds: Option<Vec<bool>> =
                    parts.iter().map(|part| part.in_status(status)).collect();
                holds.map(|holds| holds.contains(&true))
            }
            _ => None,
        }
    }

    /// The facts it looks at.
    pub fn facts(&self) -> Vec<FactIx> {
        match self {
            Self::Fact(fact, _) => vec![*fact],
            Self::Not(inner) => inner.facts(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            _ => Vec::new(),
        }
    }
}

/// A fact without value passes no test that names values; a flag is set unless it says no.
fn accepts_value(test: &Test, text: &str) -> bool {
    if test.values.is_empty() {
        return !matches!(
            text.to_ascii_lowercase().as_str(),
            "" | "false" | "no" | "0"
        );
    }
    test.accepts_text(text)
}

fn by_symbol(log: &Log, accepts: impl Fn(&str) -> bool) -> Vec<bool> {
    let of = |(symbol, text): (Symbol, &str)| accepts(if symbol.is_none() { "" } else { text });
    log.symbols().iter().map(of).collect()
}

fn accepts_item_text(test: &Test, log: &Log, item: ItemIx) -> bool {
    let (key, id) = (log.key(item), log.id(item));
    test.accepts_text(key)
        || test.accepts_text(log.title(item))
        || (id != key && test.accepts_text(id))
}
