//! From an issue with its journals to its history. Total: what cannot be used is listed.
//!
//! Redmine keeps no value of the start: it is the old value of a field's first change, or the value
//! of now where there was none. A value that changes without a journal (a name, a parent's due date
//! that follows its children) thus changes the past too, so a history always replaces what was known
//! of the issue. Event ids stay the same for as long as Redmine says the same.

mod field;
mod link;
mod status;
mod step;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::facts::FactMap;
use super::address::Address;
use super::names::Names;
use super::wire::Issue;
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event, FactName, fact};
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// What is needed to understand an issue.
pub(super) struct Reader<'a> {
    /// Names, those of the issue included.
    pub(super) names: &'a Names,
    /// Which field is which fact.
    pub(super) facts: &'a FactMap,
    /// Where issues are looked at.
    pub(super) address: &'a Address,
}

/// What an issue came to.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// `None` if it cannot be placed in time.
    pub(super) history: Option<ItemHistory>,
    /// What was left out.
    pub(super) oddities: Vec<Oddity>,
    /// Ids of its statuses that have no name.
    pub(super) unnamed: BTreeSet<String>,
}

impl Story {
    fn odd(&mut self, issue: &Issue, what: impl Into<String>) {
        self.oddities.push(Oddity {
            place: format!("issue {}", issue.id),
            what: what.into(),
        });
    }
}

impl Reader<'_> {
    /// The history of an issue.
    pub(super) fn story(&self, issue: &Issue) -> Story {
        let mut story = Story::default();
        let Some(created) = issue.instant("created_on") else {
            story.odd(issue, "it does not say when it was created; it is left out");
            return story;
        };
        let (steps, oddities) = step::read(issue);
        for what in oddities {
            story.odd(issue, what);
        }
        let mut events = status::events(issue, created, &steps, &mut story);
        story.unnamed = status::unnamed(&events, &steps, self.names);
        let mut birth = Birth::new(created);
        events.extend(self.identity(issue, &mut birth));
        for field in field::all(issue, &steps, self.facts, self.names) {
            events.extend(field.events(&steps, self.names, &mut birth));
        }
        events.extend(link::events(issue, &steps, &mut birth));
        story.history = Some(ItemHistory {
            item: issue.id.to_string(),
            replace: true,
            events,
        });
        story
    }

    fn identity(&self, issue: &Issue, birth: &mut Birth) -> [Event; 2] {
        let key = format!("#{}", issue.id);
        let url = self.address.page_of(issue.id);
        [
            birth.set("key", Cow::Borrowed(fact::KEY), key),
            birth.set("url", Cow::Borrowed(fact::URL), url),
        ]
    }
}

/// Makes the events of an issue's creation, in order.
struct Birth {
    at: Millis,
    seq: u64,
}

impl Birth {
    fn new(at: Millis) -> Self {
        Self { at, seq: 0 }
    }

    /// A fact as it was at the start.
    fn set(&mut self, field: &str, fact: FactName, value: String) -> Event {
        let change = Change::Set {
            fact,
            old: None,
            new: Some(value),
        };
        self.next(format!("created.{field}"), change)
    }

    fn next(&mut self, id: String, change: Change) -> Event {
        self.seq = (self.seq + 1).min(step::FIRST_SEQ - 1);
        Event {
            id,
            ..Self::event("", self.at, self.seq, change)
        }
    }

    fn event(id: &str, at: Millis, seq: u64, change: Change) -> Event {
        Event {
            id: id.to_owned(),
            at,
            seq,
            approximate: false,
            change,
        }
    }
}

#[cfg(test)]
mod tests;
