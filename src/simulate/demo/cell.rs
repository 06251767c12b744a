//! One part of the company: a simulation whose items get keys, titles and addresses.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{plan, words};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event, fact};
use crate::model::time::{DAY_SECS, Millis, Zone};
use crate::simulate::random::Dice;
use crate::simulate::stream::{Happening, Simulation, StreamModel, What};

/// Streams of random numbers for what the simulation does not know, beside those of its items.
const DRESSING: u64 = 1 << 48;

/// Keeps the seeds of the parts far from one another (2⁶⁴ ÷ the golden ratio).
const APART: u64 = 0x9E37_79B9_7F4A_7C15;

/// One part. Items of all parts are numbered in turn.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    simulation: Simulation,
    seed: u64,
    part: u64,
    parts: u64,
}

impl Cell {
    /// Part `part` of `parts`, beginning at `start`. Part 0 has the company's own seed.
    pub(super) fn new(
        model: &Arc<StreamModel>,
        seed: u64,
        (part, parts): (u64, u64),
        start: Millis,
    ) -> Self {
        let seed = seed.wrapping_add(part.wrapping_mul(APART));
        Self {
            simulation: Simulation::of_checked(Arc::clone(model), seed, start),
            seed,
            part,
            parts,
        }
    }

    /// When something happens next.
    pub(super) fn next_at(&self) -> Option<Millis> {
        self.simulation.next_at()
    }

    /// Lives on until just before `until`; what happened since the last call, item by item.
    pub(super) fn advance(&mut self, until: Millis) -> Vec<ItemHistory> {
        let mut items: BTreeMap<u64, Vec<Event>> = BTreeMap::new();
        let happened = self.simulation.live(until);
        for happening in &happened {
            let events = items
                .entry(happening.item)
                .or_insert_with(|| room_for(happening));
            happening.tell(self.simulation.model(), &mut |event| events.push(event));
            self.dress(happening, events);
        }
        let history = |(item, events)| ItemHistory {
            item: self.number(item).to_string(),
            replace: false,
            events,
        };
        items.into_iter().map(history).collect()
    }

    fn number(&self, item: u64) -> u64 {
        item * self.parts + self.part + 1
    }

    /// Gives a new item its key, title and address, and some a due date.
    fn dress(&self, happening: &Happening, events: &mut Vec<Event>) {
        let What::Created { arrivals, .. } = happening.what else {
            return;
        };
        let mut dice = Dice::new(self.seed, DRESSING + happening.item);
        let number = self.number(happening.item);
        let key = format!("PAY-{number}");
        let mut give = |name: &'static str, value: String| {
            events.push(happening.first_value(name.into(), value));
        };
        give(fact::URL, format!("https://tracker.example/{key}"));
        give(fact::KEY, key);
        if arrivals == plan::FEATURE && dice.happens(0.2) {
            give(fact::DUE, due(happening.at, &mut dice));
        }
        if !has_title(events) {
            let title = words::title(arrivals, self.seed.wrapping_add(happening.item) % (1 << 40));
            events.push(happening.first_value(fact::TITLE.into(), title));
        }
    }
}

/// Room for the events of a whole life, if this is its beginning.
fn room_for(first: &Happening) -> Vec<Event> {
    let events = match first.what {
        What::Created { .. } => 32,
        _ => 4,
    };
    Vec::with_capacity(events)
}

fn has_title(events: &[Event]) -> bool {
    let sets_title = |event: &Event| matches!(&event.change, Change::Set { fact: name, .. } if name == fact::TITLE);
    events.iter().any(sets_title)
}

/// A day two to five months after creation.
fn due(created: Millis, dice: &mut Dice) -> String {
    let days = 60 + i64::try_from(dice.below(90)).unwrap_or(0);
    let at = created.plus_secs(days * DAY_SECS);
    Zone::utc().day_of(at.floor_clamped()).to_string()
}
