//! What happened to a work item, from its updates or from its revisions, field by field.

use serde_json::{Map, Value};

use super::super::record::Record;
use super::fields::{CHANGED, CREATED, Field, Fields};
use super::ties::{self, Tie};
use crate::model::time::Millis;

/// Updates whose time is not over yet say so with this year.
const NEVER: &str = "9999";

/// A field took another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delta {
    /// Its place among the fields that are wanted.
    pub(super) field: usize,
    /// The value before, where it is told.
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// What changed at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The revision that came of it; the first is 1.
    pub(super) rev: u64,
    pub(super) at: Millis,
    pub(super) deltas: Vec<Delta>,
}

/// The history of a work item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    /// When it was created, where that is told.
    pub(super) created: Option<Millis>,
    /// When it was last changed.
    pub(super) changed: Option<Millis>,
    /// In order.
    pub(super) steps: Vec<Step>,
    /// Ties made and cut, in order.
    pub(super) ties: Vec<Tie>,
    /// How many updates could not be placed in time.
    pub(super) unplaced: u64,
}

impl History {
    /// From all updates of an item, in order; `None` if none of them can be read.
    pub(super) fn of_updates(updates: &[Value], fields: &Fields) -> Option<Self> {
        let mut history = Self::default();
        for update in updates
            .iter()
            .filter(|update| update.number("rev").is_some())
        {
            history.update(update, fields);
        }
        (!history.steps.is_empty()).then_some(history)
    }

    fn update(&mut self, update: &Value, fields: &Fields) {
        let sent = update.at("fields").as_object();
        let told = |name: &str| sent.and_then(|sent| sent.get(name)?.instant("newValue"));
        self.created = self.created.or(told(CREATED));
        let changed = told(CHANGED);
        self.changed = self.changed.max(changed);
        let at = match sent {
            Some(_) => changed.or(told(CREATED)),
            None => made(update),
        };
        let Some(at) = at else {
            self.unplaced += u64::from(sent.is_some_and(|sent| is_wanted(sent, fields)));
            self.ties
                .extend(ties::of_update(update, self.changed, ties::Known::AtLeast));
            return;
        };
        if let Some(sent) = sent {
            let deltas = sent.iter().filter_map(|(name, change)| {
                let place = fields.place(name).filter(|_| change.is_object())?;
                let field = fields.wanted.get(place)?;
                Some(Delta {
                    field: place,
                    old: field.value(change.at("oldValue")),
                    new: field.value(change.at("newValue")),
                })
            });
            let deltas = deltas.collect();
            self.step(update.number("rev").unwrap_or_default(), at, deltas);
        }
        self.ties
            .extend(ties::of_update(update, Some(at), ties::Known::Exactly));
    }

    /// Updates of one revision are one step.
    fn step(&mut self, rev: u64, at: Millis, deltas: Vec<Delta>) {
        match self.steps.last_mut().filter(|last| last.rev == rev) {
            None => self.steps.push(Step { rev, at, deltas }),
            Some(last) => {
                for delta in deltas {
                    match last.deltas.iter_mut().find(|one| one.field == delta.field) {
                        Some(one) => one.new = delta.new,
                        None => last.deltas.push(delta),
                    }
                }
            }
        }
    }
}

fn is_wanted(sent: &Map<String, Value>, fields: &Fields) -> bool {
    sent.keys().any(|name| fields.place(name).is_some())
}

/// When an update without fields was made, where it says so. (Of one with fields this would be when
/// the next one was.)
fn made(update: &Value) -> Option<Millis> {
    let text = update.text("revisedDate")?;
    if text.starts_with(NEVER) {
        return None;
    }
    Millis::parse(&text)
}

/// A history that grows by whole revisions, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Growing {
    pub(super) history: History,
    /// Values as of the last revision, by place.
    last: Vec<Option<String>>,
    /// The first revision that came.
    from: u64,
    /// All revisions from there up to this one have come.
    pub(super) reached: u64,
}

impl Growing {
    /// Takes a revision. One that came already is passed over; after a gap nothing is taken.
    pub(super) fn grow(&mut self, revision: &Value, fields: &Fields) {
        let changed = revision.at("fields").get(CHANGED).and_then(Value::as_str);
        let (Some(at), Some(rev)) = (changed.and_then(Millis::parse), revision.number("rev"))
        else {
            return;
        };
        if self.reached == 0 {
            self.from = rev;
        } else if rev != self.reached + 1 {
            return;
        }
        self.reached = rev;
        let sent = revision.at("fields");
        let created = sent.get(CREATED).and_then(Value::as_str);
        self.history.created = self.history.created.or(created.and_then(Millis::parse));
        self.history.changed = self.history.changed.max(Some(at));
        let value = |field: &Field| {
            sent.get(&field.reference)
                .and_then(|sent| field.value(sent))
        };
        let deltas = self.differences(fields.wanted.iter().map(value));
        self.history.step(rev, at, deltas);
    }

    /// Takes what grew elsewhere, from the next revision on. After a gap nothing is taken.
    pub(super) fn join(&mut self, more: Self) {
        if more.from != self.reached + 1 {
            return;
        }
        let mut steps = more.history.steps;
        if let Some(first) = steps.first_mut() {
            // All values it had, for nothing was known before.
            let mut values = vec![None; more.last.len()];
            for delta in std::mem::take(&mut first.deltas) {
                if let Some(value) = values.get_mut(delta.field) {
                    *value = delta.new;
                }
            }
            first.deltas = self.differences(values.into_iter());
        }
        self.from = self.from.max(1);
        self.reached = more.reached;
        self.last = more.last;
        self.history.created = self.history.created.or(more.history.created);
        self.history.changed = self.history.changed.max(more.history.changed);
        self.history.steps.append(&mut steps);
    }

    /// How the values of all places differ from the last ones, which they then are.
    fn differences(&mut self, values: impl ExactSizeIterator<Item = Option<String>>) -> Vec<Delta> {
        self.last.resize(values.len(), None);
        let mut deltas = Vec::new();
        for (field, (new, last)) in values.zip(&mut self.last).enumerate() {
            if new != *last {
                let old = std::mem::replace(last, new.clone());
                deltas.push(Delta { field, old, new });
            }
        }
        deltas
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};

    use super::{Fields, Growing};
    use crate::connectors::azure::query::StatusBy;

    fn revision(rev: u64, state: &str, title: &str) -> Value {
        json!({"id": 7, "rev": rev, "fields": {
            "System.CreatedDate": "2026-03-02T09:00:00Z", "System.State": state,
            "System.ChangedDate": format!("2026-03-02T09:00:0{rev}Z"), "System.Title": title}})
    }

    #[test]
    fn pieces_of_a_history_make_the_whole() {
        let fields = Fields::new(&BTreeMap::new(), &BTreeMap::new(), &StatusBy::State);
        let revisions = [
            revision(1, "New", "a"),
            revision(2, "Active", "a"),
            revision(3, "Active", "b"),
            revision(4, "Closed", "b"),
        ];
        let grown = |revisions: &[Value]| {
            let mut grown = Growing::default();
            for revision in revisions {
                grown.grow(revision, &fields);
            }
            grown
        };
        let whole = grown(&revisions);
        for cut in 0..=revisions.len() {
            let (early, late) = revisions.split_at(cut);
            let mut joined = Growing::default();
            joined.join(grown(early));
            joined.join(grown(late));
            assert_eq!(joined.history, whole.history, "cut at {cut}");
            assert_eq!(joined.reached, 4);
        }
        let mut gap = grown(&revisions[..1]);
        gap.join(grown(&revisions[2..]));
        assert_eq!(gap.reached, 1);
        let mut late = Growing::default();
        late.join(grown(&revisions[1..]));
        assert_eq!(late.reached, 0);
    }
}
