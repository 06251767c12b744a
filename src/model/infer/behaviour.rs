//! What items do: where they start, stay and end, and what comes before what.

use std::collections::HashMap;

use super::told::{Told, is_same};
use crate::model::id::StatusIx;
use crate::model::log::Log;
use crate::model::time::Sec;

/// Items looked at; of larger logs evenly spread ones.
const LOOKED_AT: usize = 8_000;

/// What was seen of all statuses, equal names (whatever their case) taken together.
#[derive(Debug)]
pub(super) struct Behaviour {
    pub(super) statuses: Vec<Seen>,
    /// For each pair how many items first came to the one before the other.
    before: Vec<u32>,
    /// Items looked at that moved at all.
    pub(super) items: u32,
}

/// What was seen of one status.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) name: String,
    /// Whether any item of the log ever was in it, also one not looked at.
    pub(super) used: bool,
    pub(super) visits: u32,
    /// Items whose first status it is.
    pub(super) starts: u32,
    /// Items whose last status it is.
    pub(super) ends: u32,
    /// Visits left to where the item had come from.
    pub(super) returns: u32,
    /// Seconds of all visits that ended.
    pub(super) seconds: i64,
    /// Places among the item's statuses in order of first visit, 0 to 1, summed.
    places: f64,
    items: u32,
}

/// The statuses of an item in the order in which it first came to them.
struct Order {
    statuses: Vec<usize>,
    /// By status: the number of the item that last came to it.
    by: Vec<u32>,
    item: u32,
}

impl Order {
    /// Of so many statuses.
    fn of(statuses: usize) -> Self {
        Self {
            statuses: Vec::new(),
            by: vec![0; statuses],
            item: 0,
        }
    }

    /// Another item, which begins in this status.
    fn begin(&mut self, status: usize) {
        self.item += 1;
        self.statuses.clear();
        self.come(status);
    }

    fn come(&mut self, status: usize) {
        if self.by[status] != self.item {
            self.by[status] = self.item;
            self.statuses.push(status);
        }
    }
}

impl Behaviour {
    /// What the log shows; statuses that only the tracker names are there too, never used.
    pub(super) fn of(log: &Log, told: &Told) -> Self {
        let (mut statuses, index) = by_name(log);
        for name in told.all() {
            if !statuses.iter().any(|seen| is_same(&seen.name, name)) {
                statuses.push(Seen {
                    name: name.to_owned(),
                    ..Seen::default()
                });
            }
        }
        let mut behaviour = Self {
            before: vec![0; statuses.len() * statuses.len()],
            statuses,
            items: 0,
        };
        for (seen, used) in index.iter().zip(log.statuses_used()) {
            behaviour.statuses[*seen].used |= used;
        }
        let step = (log.item_count() / LOOKED_AT).max(1);
        let mut order = Order::of(behaviour.statuses.len());
        for item in log.items().step_by(step) {
            behaviour.add(log.moves(item), &index, &mut order);
        }
        behaviour
    }

    /// Adds an item by its moves, those into the same status one after the other taken as one.
    fn add(&mut self, (at, to): (&[Sec], &[StatusIx]), index: &[usize], order: &mut Order) {
        let mut moves = at.iter().zip(to.iter().map(|to| index[to.index()]));
        let Some((mut entered, mut status)) = moves.next() else {
            return;
        };
        self.items += 1;
        self.statuses[status].starts += 1;
        order.begin(status);
        let mut came_from = None;
        for (at, to) in moves {
            if to == status {
                continue;
            }
            let left = &mut self.statuses[status];
            left.visits += 1;
            left.seconds += at.since(*entered);
            left.returns += u32::from(came_from == Some(to));
            order.come(to);
            came_from = Some(status);
            (entered, status) = (at, to);
        }
        let last = &mut self.statuses[status];
        last.visits += 1;
        last.ends += 1;
        self.add_order(&order.statuses);
    }

    fn add_order(&mut self, order: &[usize]) {
        let width = self.statuses.len();
        let last = order.len().saturating_sub(1).max(1);
        for (place, status) in order.iter().enumerate() {
            let seen = &mut self.statuses[*status];
            seen.items += 1;
            seen.places += f64::from(u32::try_from(place).unwrap_or(u32::MAX))
                / f64::from(u32::try_from(last).unwrap_or(u32::MAX));
            let before = &mut self.before[status * width..][..width];
            for later in &order[place + 1..] {
                before[*later] += 1;
            }
        }
    }

    /// How often items came to a status.
    pub(super) fn visits(&self, name: &str) -> u32 {
        let seen = self.statuses.iter().find(|seen| is_same(&seen.name, name));
        seen.map_or(0, |seen| seen.visits)
    }

    /// How many items first came to `a` before `b`, less those that did the contrary.
    pub(super) fn lead(&self, a: usize, b: usize) -> i64 {
        let width = self.statuses.len();
        i64::from(self.before[a * width + b]) - i64::from(self.before[b * width + a])
    }
}

impl Seen {
    /// Where it stands on average among the statuses of an item, 0 to 1.
    pub(super) fn place(&self) -> f64 {
        self.places / f64::from(self.items.max(1))
    }

    /// The share of visits that nothing followed.
    pub(super) fn finality(&self) -> f64 {
        share(self.ends, self.visits)
    }

    /// The share of visits that went back to where they came from.
    pub(super) fn return_share(&self) -> f64 {
        share(self.returns, self.visits)
    }
}

/// A part of a whole, 0 if there is nothing.
pub(super) fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

/// The statuses by name, and for each status of the log its place among them.
fn by_name(log: &Log) -> (Vec<Seen>, Vec<usize>) {
    let mut statuses: Vec<Seen> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut index = Vec::with_capacity(log.statuses().len());
    for status in log.statuses() {
        let at = *known.entry(status.name.to_lowercase()).or_insert_with(|| {
            statuses.push(Seen {
                name: status.name.clone(),
                ..Seen::default()
            });
            statuses.len() - 1
        });
        index.push(at);
    }
    (statuses, index)
}
