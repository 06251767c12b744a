//! Writing down an artefact's history as its tracker tells it: base values and changes in, events
//! out. Shared by all trackers that are asked over HTTP.
//!
//! Trackers keep changes, seldom the value of the start: that is the old value of a field's first
//! change, or the value of now where there was none. A value that changes without a trace thus
//! changes the past too, so a history always replaces what was known of the artefact. Event ids stay
//! the same for as long as the tracker says the same.

mod sets;

use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event, FactName, fact};
use crate::model::health::Oddity;
use crate::model::time::Millis;
pub(crate) use sets::{Course, Delta};

/// What an artefact came to.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// `None` if it cannot be placed in time.
    pub(crate) history: Option<ItemHistory>,
    /// What was left out.
    pub(crate) oddities: Vec<Oddity>,
    /// Its last update when it was read. `None`: it is fetched again where it is listed again.
    pub(crate) updated: Option<Millis>,
    /// The tracker's clock then, if it told.
    pub(crate) read: Option<Millis>,
}

/// When something happened, and the tracker's own name for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Unique within the artefact, and the same each time the tracker tells it.
    pub(crate) id: String,
    pub(crate) at: Millis,
    /// Orders what happened at one instant. Those below [`FIRST_SEQ`] belong to the creation.
    pub(crate) seq: u64,
}

/// Sequences below belong to the creation.
pub(crate) const FIRST_SEQ: u64 = 1 << 16;

impl Moment {
    /// The `index`th part (from 0) of what the tracker numbers `number`, in its own order.
    pub(crate) fn part(id: impl Into<String>, at: Millis, number: u64, index: u64) -> Self {
        let seq = number
            .saturating_add(1)
            .saturating_mul(FIRST_SEQ)
            .saturating_add(index.min(FIRST_SEQ - 1))
            // The history keeps sequences as signed numbers.
            .min(i64::MAX.unsigned_abs() - 1);
        Self {
            id: id.into(),
            at,
            seq,
        }
    }

    /// The same moment for one of several things that happened in it.
    pub(crate) fn of(&self, what: &str) -> Self {
        Self {
            id: format!("{what}.{}", self.id),
            ..self.clone()
        }
    }
}

/// A field took another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) moment: Moment,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

/// Collects the events of one artefact.
#[derive(Debug)]
pub(crate) struct Tale {
    item: String,
    noun: &'static str,
    born: Millis,
    seq: u64,
    events: Vec<Event>,
    oddities: Vec<Oddity>,
}

impl Tale {
    /// Begins the history of the artefact with the id `item`, an "issue" or what else `noun` says,
    /// that came to be at `born`.
    pub(crate) fn new(item: impl Into<String>, noun: &'static str, born: Millis) -> Self {
        Self {
            item: item.into(),
            noun,
            born,
            seq: 0,
            events: Vec::new(),
            oddities: Vec::new(),
        }
    }

    /// What cannot be placed in time, told by `why`.
    pub(crate) fn untold(item: &str, noun: &str, why: &str) -> Story {
        Story {
            oddities: vec![Oddity {
                place: format!("{noun} {item}"),
                what: format!("{why}; it is left out"),
            }],
            ..Story::default()
        }
    }

    /// Lists something that was left out.
    pub(crate) fn odd(&mut self, what: impl Into<String>) {
        self.oddities.push(Oddity {
            place: format!("{} {}", self.noun, self.item),
            what: what.into(),
        });
    }

    /// The statuses it went through: `turns` are its moves, the earliest first, ids of statuses in
    /// them; `now` is its present status, known as of `updated`.
    ///
    /// A status changed past the tracker leaves no move. Then the artefact is in another status than
    /// its moves lead to, since its last update at the latest: an approximate move says so.
    pub(crate) fn statuses(&mut self, now: Option<&str>, turns: &[Turn], updated: Millis) {
        let first = turns.first().and_then(|turn| turn.old.clone());
        let status = first.or_else(|| now.map(str::to_owned));
        if status.is_none() {
            self.odd("it does not say which status it is in");
        }
        let first = status.clone();
        self.create(status);
        for turn in turns {
            match turn.new.clone() {
                Some(to) => self.happened(&turn.moment, Change::Moved { to }),
                None => self.odd(format!("its change {} leads to no status", turn.moment.id)),
            }
        }
        let last = turns.iter().rev().find_map(|turn| turn.new.as_deref());
        if let Some((now, last)) = now.zip(last.or(first.as_deref())) {
            self.reconcile(now, last, turns.last(), updated);
        }
    }

    /// It came to be, in this status.
    pub(crate) fn create(&mut self, status: Option<String>) {
        self.push(
            "created".to_owned(),
            self.born,
            0,
            Change::Created { status },
        );
    }

    fn reconcile(&mut self, now: &str, last: &str, turn: Option<&Turn>, updated: Millis) {
        // A move later than the last update: it changed while it was read.
        let is_newer = turn.is_some_and(|turn| turn.moment.at > updated);
        if is_newer || last == now {
            return;
        }
        self.odd(format!(
            "it is in status {now}, but its moves end in status {last}; the move is set at its \
             last update"
        ));
        // Not by the time of the update, which comes later each time it is read.
        let after = turn.map_or("", |turn| turn.moment.id.as_str());
        let moment = Moment {
            id: format!("now.{now}.{after}"),
            at: updated,
            seq: turn.map_or(FIRST_SEQ, |turn| turn.moment.seq) + 1,
        };
        let change = Change::Moved { to: now.to_owned() };
        self.happened(&moment, change);
        self.is_approximate();
    }

    /// A value through time: what `now` is, and the changes that led there, the earliest first.
    /// `field` is the tracker's own name of it, unique within the artefact.
    pub(crate) fn course(
        &mut self,
        field: &str,
        fact: &FactName,
        now: Option<String>,
        turns: &[Turn],
    ) {
        let first = turns.first().map_or(now, |turn| turn.old.clone());
        let mut value = first.filter(|value| !value.is_empty());
        if let Some(value) = value.clone() {
            self.at_birth(field, fact.clone(), value);
        }
        for turn in turns {
            let new = turn.new.clone().filter(|value| !value.is_empty());
            let change = Change::Set {
                fact: fact.clone(),
                old: std::mem::replace(&mut value, new.clone()),
                new,
            };
            self.happened(&turn.moment, change);
        }
    }

    /// As [`Tale::course`], of a field that changes in moments in which others do too: its value at
    /// the start and the changes from there.
    pub(crate) fn course_of(
        &mut self,
        field: &str,
        fact: &FactName,
        (first, mut turns): (Option<String>, Vec<Turn>),
    ) {
        for turn in &mut turns {
            turn.moment = turn.moment.of(field);
        }
        self.course(field, fact, first, &turns);
    }

    /// A fact that holds from the start and does not change.
    pub(crate) fn at_birth(&mut self, field: &str, fact: FactName, value: String) {
        let change = Change::Set {
            fact,
            old: None,
            new: Some(value),
        };
        self.begins_with(&["created.", field].concat(), change);
    }

    /// A tie whose making the tracker does not tell: it was there from the start, as far as one
    /// knows.
    pub(crate) fn tied(&mut self, kind: &str, to: &str) {
        let change = Change::Linked {
            kind: kind.to_owned(),
            to: to.to_owned(),
        };
        self.begins_with(&format!("link.{kind}.{to}"), change);
        self.is_approximate();
    }

    /// Something that belongs to its creation; `id` is unique within the artefact.
    pub(crate) fn begins_with(&mut self, id: &str, change: Change) {
        self.seq = (self.seq + 1).min(FIRST_SEQ - 1);
        self.push(id.to_owned(), self.born, self.seq, change);
    }

    /// When it came to be.
    pub(crate) fn born(&self) -> Millis {
        self.born
    }

    /// The id of the artefact.
    pub(crate) fn item(&self) -> &str {
        &self.item
    }

    /// Something happened.
    pub(crate) fn happened(&mut self, moment: &Moment, change: Change) {
        self.push(moment.id.clone(), moment.at, moment.seq, change);
    }

    /// The last event's instant is that of the poll, or of the creation, for want of a better one.
    pub(crate) fn is_approximate(&mut self) {
        if let Some(event) = self.events.last_mut() {
            event.approximate = true;
        }
    }

    fn push(&mut self, id: String, at: Millis, seq: u64, change: Change) {
        self.events.push(Event {
            id,
            at,
            seq,
            approximate: false,
            change,
        });
    }

    /// The whole, in place of what was known; last updated at `updated`, read at `read`.
    pub(crate) fn end(self, updated: Option<Millis>, read: Option<Millis>) -> Story {
        Story {
            history: Some(ItemHistory {
                item: self.item,
                replace: true,
                events: self.events,
            }),
            oddities: self.oddities,
            updated,
            read,
        }
    }
}

/// Several values as one: sorted, so that the same values always give the same text.
pub(crate) fn joined(mut values: Vec<String>) -> Option<String> {
    values.sort();
    values.dedup();
    (!values.is_empty()).then(|| values.join(&fact::SEPARATOR.to_string()))
}

#[cfg(test)]
mod tests;
