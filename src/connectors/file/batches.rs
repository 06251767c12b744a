//! Rows as batches for the history, a page at a time.
//!
//! An event's id is a hash of what the row says and of how often the file said it before, so that
//! reading a file again, or a longer one, doubles nothing. The first that a reading tells of an
//! item takes the place of all that was known of it, so that what left the file leaves the history.
//! Items are told whole: a page ends where an item does, and where the items of a file are mixed
//! its rows are gathered first.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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
/// Most rows gathered, some 256 MB of a file. Of an item with rows beyond them the first part
/// is told anew and the others are added to it.
const GATHERED: usize = 2_000_000;

/// Texts of an item, after the plan's facts in a row's values.
const TEXTS: [&str; 3] = [fact::TITLE, fact::KEY, fact::URL];

/// Collects rows into pages and hands each to `emit`.
pub(super) struct IntoBatches<'a> {
    source: SourceName,
    emit: &'a mut dyn FnMut(Batch) -> Result<(), Fault>,
    statuses: Vec<StatusName>,
    /// Names of a row's values.
    names: Vec<FactName>,
    now: Now,
    page: Page,
    /// How often each move was told so far.
    told: HashMap<u64, u32, FxBuildHasher>,
    /// Rows told so far of each item.
    known: HashMap<u64, u64, FxBuildHasher>,
    /// Items of which a part is handed over.
    handed: HashSet<u64, FxBuildHasher>,
    /// Whether an item came again after another.
    is_mixed: bool,
    /// Most rows gathered.
    pub(super) most: usize,
}

/// What holds for the rows until it is said anew.
struct Now {
    item: String,
    hash: u64,
    values: Vec<Rc<str>>,
    /// The values as the row before had them, if they are still the same.
    shared: Option<Values>,
}

/// What a row says beside its move: the plan's facts, then the texts.
type Values = Rc<[Rc<str>]>;

/// Rows that are not handed over yet, by item.
#[derive(Default)]
struct Page {
    rows: usize,
    place: HashMap<String, usize, FxBuildHasher>,
    items: Vec<Vec<Row>>,
    texts: HashSet<Rc<str>, FxBuildHasher>,
}

/// What one row says.
struct Row {
    at: Millis,
    seq: u64,
    change: RowChange,
    values: Values,
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
        let facts = plan.facts.iter().map(|one| one.name.clone());
        let names: Vec<FactName> = facts.chain(TEXTS.map(FactName::from)).collect();
        Self {
            source: source.clone(),
            emit,
            statuses: Vec::new(),
            now: Now {
                item: String::new(),
                hash: 0,
                values: vec![Rc::from(""); names.len()],
                shared: None,
            },
            names,
            page: Page::default(),
            told: HashMap::default(),
            known: HashMap::default(),
            handed: HashSet::default(),
            is_mixed: false,
            most: GATHERED,
        }
    }

    fn push(&mut self, at: Millis, change: RowChange) -> Result<(), Fault> {
        let told = self.known.entry(self.now.hash).or_default();
        *told += 1;
        let row = Row {
            at,
            seq: *told,
            change,
            values: self.now.shared(),
        };
        self.page.add(&self.now.item, row);
        if self.page.rows >= self.most {
            self.flush()?;
        }
        Ok(())
    }

    fn set(&mut self, at: usize, value: &str) {
        let value = self.page.text(value);
        self.now.set(at, value);
    }

    /// Hands over all rows gathered, a page at a time.
    fn flush(&mut self) -> Result<(), Fault> {
        let page = std::mem::take(&mut self.page);
        let mut names: Vec<(String, usize)> = page.place.into_iter().collect();
        names.sort_by_key(|(_, place)| *place);
        let (mut items, mut rows_of_page) = (Vec::new(), 0);
        for ((item, _), rows) in names.into_iter().zip(page.items) {
            rows_of_page += rows.len();
            let replace = self.handed.insert(hash(&[&item]));
            let events = self.events(&item, rows);
            items.push(ItemHistory {
                item,
                replace,
                events,
            });
            if rows_of_page >= PAGE {
                self.hand_over(std::mem::take(&mut items))?;
                rows_of_page = 0;
            }
        }
        self.hand_over(items)
    }

    fn hand_over(&mut self, items: Vec<ItemHistory>) -> Result<(), Fault> {
        if items.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::empty(self.source.clone());
        batch.statuses.clone_from(&self.statuses);
        batch.items = items;
        (self.emit)(batch)
    }

    /// The events of an item's rows: moves, and facts wherever they differ from the row before.
    fn events(&mut self, item: &str, mut rows: Vec<Row>) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        // Ids count repeats in the order of the file, facts follow the order of time.
        let ids: HashMap<u64, String> = rows
            .iter()
            .map(|row| (row.seq, self.id_of(item, row)))
            .collect();
        rows.sort_by_key(|row| (row.at, row.seq));
        let facts = self.names.len() - TEXTS.len();
        let mut before: Vec<Option<Rc<str>>> = vec![None; self.names.len()];
        for row in rows {
            for (at, value) in row.values.iter().enumerate() {
                let name = &self.names[at];
                let is_text = at >= facts || *name == fact::TITLE;
                let says_nothing = value.is_empty() && (is_text || before[at].is_none());
                if !says_nothing && before[at].as_ref() != Some(value) {
                    before[at] = Some(Rc::clone(value));
                    events.push(set(item, (row.at, row.seq), name.clone(), value));
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

impl Now {
    fn set(&mut self, at: usize, value: Rc<str>) {
        self.values[at] = value;
        self.shared = None;
    }

    /// The values, one copy for all rows that share them.
    fn shared(&mut self) -> Values {
        let values = &self.values;
        Rc::clone(
            self.shared
                .get_or_insert_with(|| Rc::from(values.as_slice())),
        )
    }
}

impl Page {
    /// One copy of a text for all rows that say it.
    fn text(&mut self, text: &str) -> Rc<str> {
        if let Some(known) = self.texts.get(text) {
            return Rc::clone(known);
        }
        let new: Rc<str> = Rc::from(text);
        self.texts.insert(Rc::clone(&new));
        new
    }

    fn add(&mut self, item: &str, mut row: Row) {
        self.rows += 1;
        let place = self.place.get(item).copied().unwrap_or_else(|| {
            self.place.insert(item.to_owned(), self.items.len());
            self.items.push(Vec::new());
            self.items.len() - 1
        });
        let rows = &mut self.items[place];
        if let Some(before) = rows.last().filter(|before| before.values == row.values) {
            row.values = Rc::clone(&before.values);
        }
        rows.push(row);
    }
}

impl Receiver for IntoBatches<'_> {
    type Value = Rc<str>;

    fn item(&mut self, id: &str) -> Result<(), Fault> {
        self.now.hash = hash(&[id]);
        self.is_mixed |= self.known.contains_key(&self.now.hash);
        if self.page.rows >= PAGE && !self.is_mixed {
            self.flush()?;
        }
        id.clone_into(&mut self.now.item);
        for at in self.names.len() - TEXTS.len()..self.names.len() {
            self.set(at, "");
        }
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

    fn value(&mut self, at: usize, text: &str) -> Rc<str> {
        if self.names[at] == fact::LABEL {
            self.page.text(&labels(text))
        } else {
            self.page.text(text)
        }
    }

    fn fact(&mut self, at: usize, value: Rc<str>) -> Result<(), Fault> {
        self.now.set(at, value);
        Ok(())
    }

    fn text(&mut self, kind: TextKind, text: &str) {
        let place = match kind {
            TextKind::Title => 0,
            TextKind::Key => 1,
            TextKind::Url => 2,
        };
        self.set(self.names.len() - TEXTS.len() + place, text);
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
