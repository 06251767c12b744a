//! The names of fields and what can be asked of each.

use std::borrow::Cow;

use crate::model::event::fact;
use crate::model::rule::{Field, Op};
use crate::model::stage::{Class, Condition, Phase, State};

/// Names with the field each means; the first name of a field is the one written out.
pub(super) static NAMES: [(&str, Field); 31] = [
    ("stage", Field::Stage),
    ("phase", Field::Phase),
    ("class", Field::Class),
    ("kind", Field::Kind),
    ("state", Field::State),
    ("condition", Field::Condition),
    ("blocked", Field::Blocked),
    ("stale", Field::Stale),
    ("age", Field::Age),
    ("flow", Field::Flow),
    ("pace", Field::Pace),
    ("status", Field::Status),
    ("source", Field::Source),
    ("text", Field::Text),
    ("title", Field::Text),
    ("key", Field::Text),
    ("assignees", Field::AssigneeCount),
    ("created", Field::Created),
    ("started", Field::Started),
    ("finished", Field::Finished),
    ("done", Field::Finished),
    ("type", known(fact::TYPE)),
    ("team", known(fact::TEAM)),
    ("assignee", known(fact::ASSIGNEE)),
    ("label", known(fact::LABEL)),
    ("priority", known(fact::PRIORITY)),
    ("parent", known(fact::PARENT)),
    ("due", known(fact::DUE)),
    ("flagged", known(fact::FLAGGED)),
    ("project", known(fact::PROJECT)),
    ("outcome", known(fact::OUTCOME)),
];

/// All names and flags.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name).chain(FLAGS)
}

/// Whether a fact is one that weir itself speaks of, whatever a tracker has.
pub(super) fn is_own(name: &str) -> bool {
    let own = |field: &Field| matches!(field, Field::Fact(own) if own == name);
    NAMES.iter().any(|(_, field)| own(field)) || fact::ALL.contains(&name)
}

/// Words that ask whether something holds, without a value.
pub(super) const FLAGS: [&str; 4] = ["blocked", "stale", "flagged", "ageing"];

/// The flag that a word means, whatever its case.
pub(super) fn flag(word: &str) -> Option<&'static str> {
    FLAGS
        .into_iter()
        .find(|flag| flag.eq_ignore_ascii_case(word))
}

/// Whether a word is a keyword, whatever its case.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// What `is:` understands.
pub(super) fn words_after_is() -> impl Iterator<Item = &'static str> {
    FLAGS.into_iter().chain(STATES).chain(["fine"])
}

/// Words that cannot be looked for without quotes.
pub(super) const KEYWORDS: [&str; 4] = ["and", "or", "not", "in"];

/// Words that stand where a field's name does and ask something else.
pub(super) const QUESTIONS: [&str; 3] = ["has", "no", "is"];

const fn known(name: &'static str) -> Field {
    Field::Fact(Cow::Borrowed(name))
}

/// What a field is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Any text.
    Text,
    /// One of some words.
    Word(&'static str, &'static [&'static str]),
    /// Yes or no.
    Flag,
    /// A duration.
    Span,
    /// A number.
    Number,
    /// A day or days.
    Day,
    /// Whatever the tracker keeps there.
    Fact,
}

impl Shape {
    pub(super) fn of(field: &Field) -> Self {
        match field {
            Field::Status | Field::Source | Field::Text | Field::Stage | Field::Kind => Self::Text,
            Field::Phase => Self::Word("phase", &PHASES),
            Field::Class => Self::Word("class", &CLASSES),
            Field::State => Self::Word("state", &STATES),
            Field::Condition => Self::Word("condition", &CONDITIONS),
            Field::Blocked | Field::Stale => Self::Flag,
            Field::Age | Field::Flow => Self::Span,
            Field::Pace | Field::AssigneeCount => Self::Number,
            Field::Created | Field::Started | Field::Finished => Self::Day,
            Field::Fact(name) if name == fact::DUE => Self::Day,
            Field::Fact(_) => Self::Fact,
        }
    }

    /// Whether the operator makes sense, and if not, which do.
    pub(super) fn allows(self, op: Op) -> Result<(), &'static str> {
        match (self, op) {
            (Self::Fact, _) | (_, Op::Is) | (Self::Text | Self::Word(..), Op::Contains) => Ok(()),
            (Self::Span | Self::Number | Self::Day, op) if op != Op::Contains => Ok(()),
            (Self::Text | Self::Word(..), _) => Err("use : or ~"),
            (Self::Span | Self::Number | Self::Day, _) => Err("use :, <, <=, > or >="),
            (Self::Flag, _) => Err("use : with yes or no"),
        }
    }
}

const PHASES: [&str; 4] = [
    Phase::Ideate.name(),
    Phase::Create.name(),
    Phase::Release.name(),
    Phase::Operate.name(),
];
const CLASSES: [&str; 4] = [
    Class::Backlog.name(),
    Class::Queue.name(),
    Class::Active.name(),
    Class::Done.name(),
];
pub(super) const STATES: [&str; 6] = [
    State::Backlog.name(),
    State::InProgress.name(),
    State::Done.name(),
    State::Cancelled.name(),
    State::Deleted.name(),
    State::Unmapped.name(),
];
pub(super) const CONDITIONS: [&str; 4] = [
    Condition::Blocked.name(),
    Condition::Stale.name(),
    Condition::Ageing.name(),
    Condition::Fine.name(),
];

/// The field of a bare name, whatever its case; a name that is not known is a fact.
pub(super) fn named(name: &str) -> Field {
    NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map_or_else(
            || Field::Fact(Cow::Owned(name.to_owned())),
            |(_, field)| field.clone(),
        )
}

/// The name that means the field; `None` for a fact whose name has to be quoted.
pub(super) fn bare_name(field: &Field) -> Option<Cow<'_, str>> {
    if let Some((name, _)) = NAMES.iter().find(|(_, known)| known == field) {
        return Some(Cow::Borrowed(name));
    }
    match field {
        Field::Fact(name) if is_free(name) => Some(Cow::Borrowed(name)),
        _ => None,
    }
}

/// Whether a word means nothing but itself where a field's name may stand.
fn is_free(name: &str) -> bool {
    is_plain(name)
        && !is_keyword(name)
        && !QUESTIONS.iter().any(|word| word.eq_ignore_ascii_case(name))
        && !NAMES
            .iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
}

/// Whether a text can stand without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric)
        && text
            .chars()
            .all(|one| one.is_alphanumeric() || "-_.#/*@+%".contains(one))
}
