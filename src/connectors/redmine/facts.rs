//! Which field of an issue is which fact.

use super::super::facts::{self, FactMap};
use super::names::{Names, Sort};
use crate::model::event::{FactName, fact};

/// How a field's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Ids of things that have names.
    Named(Sort),
    /// An issue's id.
    Issue,
    /// As they are.
    Text,
    /// Hours, `8.0` or `8`.
    Hours,
    /// `1` or `0`, `true` or `false`.
    YesNo,
}

/// A field that every Redmine has.
#[derive(Debug)]
pub(super) struct Standard {
    /// Its name in journals.
    pub(super) attribute: &'static str,
    /// Its name in an issue.
    pub(super) field: &'static str,
    /// Its name on the screen.
    label: &'static str,
    /// How its values are written.
    pub(super) values: Values,
    /// The fact it is where the settings say nothing else.
    fact: Option<&'static str>,
}

const fn standard(
    names: [&'static str; 3],
    values: Values,
    fact: Option<&'static str>,
) -> Standard {
    let [attribute, field, label] = names;
    Standard {
        attribute,
        field,
        label,
        values,
        fact,
    }
}

/// All of them but the status, which is no fact, and the description, which is kept nowhere.
pub(super) const STANDARD: [Standard; 14] = [
    standard(
        ["tracker_id", "tracker", "Tracker"],
        Values::Named(Sort::Tracker),
        Some(fact::TYPE),
    ),
    standard(
        ["project_id", "project", "Project"],
        Values::Named(Sort::Project),
        Some(fact::PROJECT),
    ),
    standard(
        ["priority_id", "priority", "Priority"],
        Values::Named(Sort::Priority),
        Some(fact::PRIORITY),
    ),
    standard(
        ["assigned_to_id", "assigned_to", "Assignee"],
        Values::Named(Sort::User),
        Some(fact::ASSIGNEE),
    ),
    standard(
        ["category_id", "category", "Category"],
        Values::Named(Sort::Category),
        Some("category"),
    ),
    standard(
        ["fixed_version_id", "fixed_version", "Target version"],
        Values::Named(Sort::Version),
        Some("version"),
    ),
    standard(
        ["author_id", "author", "Author"],
        Values::Named(Sort::User),
        None,
    ),
    standard(
        ["parent_id", "parent", "Parent task"],
        Values::Issue,
        Some(fact::PARENT),
    ),
    standard(
        ["subject", "subject", "Subject"],
        Values::Text,
        Some(fact::TITLE),
    ),
    standard(
        ["due_date", "due_date", "Due date"],
        Values::Text,
        Some(fact::DUE),
    ),
    standard(
        ["start_date", "start_date", "Start date"],
        Values::Text,
        None,
    ),
    standard(
        ["estimated_hours", "estimated_hours", "Estimated time"],
        Values::Hours,
        Some(fact::ESTIMATE),
    ),
    standard(["done_ratio", "done_ratio", "% Done"], Values::Text, None),
    standard(["is_private", "is_private", "Private"], Values::YesNo, None),
];

/// The fact that a standard field is, if it is one.
pub(super) fn of_standard(facts: &FactMap, field: &Standard) -> Option<FactName> {
    facts.of(&[field.attribute, field.field, field.label], field.fact)
}

/// The fact that a custom field is, if the settings make it one: by `cf_3`, `3` or its name.
pub(super) fn of_custom(facts: &FactMap, id: u64, name: Option<&str>) -> Option<FactName> {
    let id = id.to_string();
    let tagged = format!("cf_{id}");
    facts.of(&[&tagged, &id, name.unwrap_or_default()], None)
}

/// A value of the fact as weir keeps it, from a value as Redmine sends it.
pub(super) fn value_of(fact: &str, values: Values, raw: &str, names: &Names) -> Option<String> {
    if fact == fact::FLAGGED {
        return facts::value_of(fact, raw);
    }
    match values {
        Values::Named(sort) => Some(names.call(sort, raw)),
        Values::Issue | Values::Text => Some(raw.to_owned()),
        Values::Hours => Some(
            raw.parse()
                .map_or_else(|_| raw.to_owned(), |hours: f64| hours.to_string()),
        ),
        Values::YesNo => Some(facts::is_yes(raw).to_string()),
    }
}
