//! What a batch changes of what is known, worked out before anything is written.

use std::collections::{HashMap, HashSet};

use crate::model::batch::ItemHistory;
use crate::model::event::Event;

/// Events of an item by their ids.
type Events<'a> = HashMap<&'a str, &'a Event>;

/// What is known of the items of a batch, before it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Item id → its number.
    pub(super) items: HashMap<String, i64>,
    /// Item number → its events.
    pub(super) events: HashMap<i64, Vec<Event>>,
}

/// What a batch changes.
#[derive(Debug, Default)]
pub(super) struct Changes<'a> {
    /// Items not known before, with the numbers given to them.
    pub(super) added: Vec<(i64, &'a str)>,
    /// Numbers of known items that are not any more what they were.
    pub(super) touched: Vec<i64>,
    /// Events to write, over those of the same id.
    pub(super) put: Vec<(i64, &'a Event)>,
    /// Ids of events to take.
    pub(super) dropped: Vec<(i64, &'a str)>,
    /// How often an event was told that was not known.
    pub(super) new_events: u64,
}

impl Changes<'_> {
    /// Whether any item is not what it was.
    pub(super) fn any(&self) -> bool {
        !self.added.is_empty() || !self.touched.is_empty()
    }
}

/// An item while it is told.
struct Told<'a> {
    number: i64,
    before: Events<'a>,
    now: Events<'a>,
    changed: bool,
}

/// What `told` changes of `known`; new items are numbered from `next` on.
pub(super) fn merge<'a>(known: &'a Known, told: &'a [ItemHistory], next: i64) -> Changes<'a> {
    let mut changes = Changes::default();
    let mut items: Vec<Told<'a>> = Vec::with_capacity(told.len());
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(told.len());
    for history in told {
        let at = *places.entry(&history.item).or_insert_with(|| {
            items.push(begin(known, history, next, &mut changes));
            items.len() - 1
        });
        changes.new_events += items[at].tell(history);
    }
    for item in items {
        item.end(next, &mut changes);
    }
    changes
}

fn begin<'a>(
    known: &'a Known,
    history: &'a ItemHistory,
    next: i64,
    changes: &mut Changes<'a>,
) -> Told<'a> {
    let number = known.items.get(&history.item).copied();
    let number = number.unwrap_or_else(|| {
        let number = next + i64::try_from(changes.added.len()).unwrap_or(i64::MAX);
        changes.added.push((number, &history.item));
        number
    });
    let events = known.events.get(&number).into_iter().flatten();
    let before: Events<'a> = events.map(|event| (event.id.as_str(), event)).collect();
    Told {
        number,
        now: before.clone(),
        before,
        changed: false,
    }
}

impl<'a> Told<'a> {
    /// Takes what is told; how many events were not known.
    fn tell(&mut self, history: &'a ItemHistory) -> u64 {
        if history.replace {
            self.keep_only(&history.events);
        }
        history.events.iter().map(|event| self.event(event)).sum()
    }

    fn keep_only(&mut self, told: &[Event]) {
        let held = self.now.len();
        let ids: HashSet<&str> = told.iter().map(|event| event.id.as_str()).collect();
        self.now.retain(|id, _| ids.contains(id));
        self.changed |= self.now.len() < held;
    }

    fn event(&mut self, told: &'a Event) -> u64 {
        let known = self.now.get(told.id.as_str()).copied();
        if known.is_some_and(|known| stands(known, told)) {
            return 0;
        }
        self.now.insert(&told.id, told);
        self.changed = true;
        u64::from(known.is_none())
    }

    fn end(self, next: i64, changes: &mut Changes<'a>) {
        let number = self.number;
        if self.changed && number < next {
            changes.touched.push(number);
        }
        let gone = self.before.keys().filter(|id| !self.now.contains_key(*id));
        changes.dropped.extend(gone.map(|id| (number, *id)));
        let put = self.now.into_iter().filter(|(id, event)| {
            let before = self.before.get(id);
            before.is_none_or(|before| before != event)
        });
        changes.put.extend(put.map(|(_, event)| (number, event)));
    }
}

/// Whether a known event stands against another telling: it is the same, or a later sighting of
/// what was seen already.
fn stands(known: &Event, told: &Event) -> bool {
    known == told || told.approximate && known.change == told.change
}
