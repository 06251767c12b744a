//! What items do: where they start, stay and end, and what comes before what.

use std::collections::HashMap;

use super::told::{Told, is_same};
use crate::model::id::{ItemIx, StatusIx};
use crate::model::log::Log;

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

/// One stay in a status.
#[derive(Clone, Copy)]
struct Visit {
    status: usize,
    /// `None` for the last.
    seconds: Option<i64>,
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
        let (mut visits, mut order) = (Vec::new(), Vec::new());
        for item in log.items().step_by(step) {
            visits_of(log, item, &index, &mut visits);
            behaviour.add(&visits, &mut order);
        }
        behaviour
    }

    fn add(&mut self, visits: &[Visit], order: &mut Vec<usize>) {
        let (Some(first), Some(last)) = (visits.first(), visits.last()) else {
            return;
        };
        self.items += 1;
        self.statuses[first.status].starts += 1;
        self.statuses[last.status].ends += 1;
        for (at, visit) in visits.iter().enumerate() {
            let seen = &mut self.statuses[visit.status];
            seen.visits += 1;
            seen.seconds += visit.seconds.unwrap_or(0);
            let came_from = at.checked_sub(1).map(|at| visits[at].status);
            let left_to = visits.get(at + 1).map(|next| next.status);
            seen.returns += u32::from(came_from.is_some() && came_from == left_to);
        }
        self.add_order(visits, order);
    }

    fn add_order(&mut self, visits: &[Visit], order: &mut Vec<usize>) {
        order.clear();
        for visit in visits {
            if !order.contains(&visit.status) {
                order.push(visit.status);
            }
        }
        let width = self.statuses.len();
        let last = order.len().saturating_sub(1).max(1);
        for (place, status) in order.iter().enumerate() {
            let seen = &mut self.statuses[*status];
            seen.items += 1;
            seen.places += f64::from(u32::try_from(place).unwrap_or(u32::MAX))
                / f64::from(u32::try_from(last).unwrap_or(u32::MAX));
            for later in &order[place + 1..] {
                self.before[status * width + later] += 1;
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

/// The visits of an item, moves into the same status one after the other taken as one.
fn visits_of(log: &Log, item: ItemIx, index: &[usize], visits: &mut Vec<Visit>) {
    visits.clear();
    let (at, to) = log.moves(item);
    let place = |status: &StatusIx| index[status.index()];
    let mut entered = 0;
    for row in 0..to.len() {
        let next = row + 1;
        if to.get(next).map(place) == Some(place(&to[row])) {
            continue;
        }
        visits.push(Visit {
            status: place(&to[row]),
            seconds: at.get(next).map(|left| left.since(at[entered])),
        });
        entered = next;
    }
}
