//! Rows as batches for the history, a page at a time.
//!
//! An event's id is a hash of what the row says and of how often the file said it before, so that
//! reading a file again, or a longer one, doubles nothing.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;
use xxhash_rust::xxh3::xxh3_64;

use super::plan::{Plan, TextKind};
use super::receive::{Receiver, SUSPENDED, labels};
use crate::connectors::Fault;
use crate::model::batch::{Batch, ItemHistory, StatusName};
use crate::model::event::{Change, Event, FactName, fact};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Rows of a page.
const PAGE: usize = 4_000;

/// Collects rows into pages and hands each to `emit`.
pub(super) struct IntoBatches<'a> {
    source: SourceName,
    emit: &'a mut dyn FnMut(Batch) -> Result<(), Fault>,
    statuses: Vec<StatusName>,
    facts: Vec<(FactName, String)>,
    page: Page,
    item: String,
    texts: Vec<(FactName, String)>,
    /// How often each move was told so far.
    told: HashMap<u64, u32, FxBuildHasher>,
    known: HashSet<u64, FxBuildHasher>,
    seq: u64,
}

/// Rows that are not handed over yet, by item.
#[derive(Default)]
struct Page {
    rows: usize,
    place: HashMap<String, usize, FxBuildHasher>,
    items: Vec<Vec<Row>>,
}

/// What one row says.
struct Row {
    at: Millis,
    seq: u64,
    change: RowChange,
    facts: Vec<(FactName, String)>,
}

enum RowChange {
    Moved(u16),
    Stopped,
    Resumed,
}

impl<'a> IntoBatches<'a> {
    pub(super) fn new(
        source: &SourceName,
        plan: &Plan,
        emit: &'a mut dyn FnMut(Batch) -> Result<(), Fault>,
    ) -> Self {
        let facts = plan.facts.iter();
        Self {
            source: source.clone(),
            emit,
            statuses: Vec::new(),
            facts: facts.map(|one| (one.name.clone(), String::new())).collect(),
            page: Page::default(),
            item: String::new(),
            texts: Vec::new(),
            told: HashMap::default(),
            known: HashSet::default(),
            seq: 0,
        }
    }

    fn push(&mut self, at: Millis, change: RowChange) -> Result<(), Fault> {
        self.seq += 1;
        let row = Row {
            at,
            seq: self.seq,
            change,
            facts: self.facts.iter().chain(&self.texts).cloned().collect(),
        };
        self.known.insert(xxh3_64(self.item.as_bytes()));
        self.page.add(&self.item, row);
        if self.page.rows >= PAGE {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        let page = std::mem::take(&mut self.page);
        if page.rows == 0 {
            return Ok(());
        }
        let mut batch = Batch::empty(self.source.clone());
        batch.statuses.clone_from(&self.statuses);
        let mut names: Vec<(String, usize)> = page.place.into_iter().collect();
        names.sort_by_key(|(_, place)| *place);
        for ((item, _), rows) in names.into_iter().zip(page.items) {
            let events = self.events(&item, rows);
            batch.items.push(ItemHistory {
                item,
                replace: false,
                events,
            });
        }
        (self.emit)(batch)
    }

    /// The events of an item's rows: moves, and facts wherever they differ from the row before.
    fn events(&mut self, item: &str, mut rows: Vec<Row>) -> Vec<Event> {
        for row in &mut rows {
            row.facts
                .retain(|(name, value)| !(value.is_empty() && *name == fact::TITLE));
        }
        let mut events: Vec<Event> = Vec::new();
        // Ids count repeats in the order of the file, facts follow the order of time.
        let ids: HashMap<u64, String> = rows
            .iter()
            .map(|row| (row.seq, self.id_of(item, row)))
            .collect();
        rows.sort_by_key(|row| (row.at, row.seq));
        let mut before: HashMap<FactName, String> = HashMap::new();
        for row in rows {
            for (name, value) in row.facts {
                let old = before.insert(name.clone(), value.clone());
                let unknown = old.is_none() && value.is_empty();
                if !unknown && old.as_ref() != Some(&value) {
                    events.push(set(item, (row.at, row.seq), name, &value));
                }
            }
            events.push(Event {
                id: ids.get(&row.seq).cloned().unwrap_or_default(),
                at: row.at,
                seq: row.seq,
                approximate: false,
                change: self.change(&row.change),
            });
        }
        events
    }

    fn id_of(&mut self, item: &str, row: &Row) -> String {
        let what = match row.change {
            RowChange::Moved(status) => self.statuses[usize::from(status)].id.as_str(),
            RowChange::Stopped => "\u{1}stopped",
            RowChange::Resumed => "\u{1}resumed",
        };
        let base = hash(&[item, &row.at.0.to_string(), what]);
        let count = self.told.entry(base).or_default();
        let occurrence = *count;
        *count += 1;
        format!(
            "{:016x}",
            hash(&[&base.to_string(), &occurrence.to_string()])
        )
    }

    fn change(&self, change: &RowChange) -> Change {
        match change {
            RowChange::Moved(status) => Change::Moved {
                to: self.statuses[usize::from(*status)].id.clone(),
            },
            RowChange::Stopped => Change::Blocked {
                reason: Some(SUSPENDED.to_owned()),
            },
            RowChange::Resumed => Change::Unblocked,
        }
    }
}

impl Page {
    fn add(&mut self, item: &str, row: Row) {
        self.rows += 1;
        let place = self.place.get(item).copied().unwrap_or_else(|| {
            self.place.insert(item.to_owned(), self.items.len());
            self.items.push(Vec::new());
            self.items.len() - 1
        });
        self.items[place].push(row);
    }
}

impl Receiver for IntoBatches<'_> {
    fn item(&mut self, id: &str) -> Result<(), Fault> {
        id.clone_into(&mut self.item);
        self.texts.clear();
        Ok(())
    }

    fn status(&mut self, name: &str) -> Result<u16, Fault> {
        let known = self.statuses.iter().position(|status| status.id == name);
        let at = known.unwrap_or(self.statuses.len());
        if known.is_none() {
            self.statuses.push(StatusName {
                id: name.to_owned(),
                name: name.to_owned(),
            });
        }
        u16::try_from(at).map_err(|_| Fault::Unusable {
            what: format!("{} has more than 65,535 statuses", self.source),
            hint: "name the status column with columns = { status = \"…\" }".to_owned(),
        })
    }

    fn fact(&mut self, fact: usize, value: &str) -> Result<(), Fault> {
        let (name, known) = &mut self.facts[fact];
        *known = if name == fact::LABEL {
            labels(value)
        } else {
            value.to_owned()
        };
        Ok(())
    }

    fn text(&mut self, kind: TextKind, text: &str) {
        let name = match kind {
            TextKind::Title => fact::TITLE,
            TextKind::Key => fact::KEY,
            TextKind::Url => fact::URL,
        };
        self.texts.retain(|(known, _)| known != name);
        self.texts.push((name.into(), text.to_owned()));
    }

    fn moved(&mut self, at: Millis, status: u16, _changed: bool) -> Result<(), Fault> {
        self.push(at, RowChange::Moved(status))
    }

    fn stopped(&mut self, at: Millis, stopped: bool) -> Result<(), Fault> {
        let change = if stopped {
            RowChange::Stopped
        } else {
            RowChange::Resumed
        };
        self.push(at, change)
    }

    fn items(&self) -> u64 {
        self.known.len() as u64
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.flush()
    }

    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A fact took a value.
fn set(item: &str, (at, seq): (Millis, u64), fact: FactName, value: &str) -> Event {
    let base = hash(&[item, &at.0.to_string(), "\u{1}set", &fact, value]);
    Event {
        id: format!("{base:016x}"),
        at,
        seq,
        approximate: false,
        change: Change::Set {
            fact,
            old: None,
            new: (!value.is_empty()).then(|| value.to_owned()),
        },
    }
}

/// A hash of several texts that keeps them apart.
fn hash(parts: &[&str]) -> u64 {
    xxh3_64(parts.join("\0").as_bytes())
}
