//! What the imitated trackers hold.

use std::collections::BTreeMap;

use crate::model::time::Millis;

/// Midnight of the day the world lives in.
const DAY: &str = "2026-11-23T00:00:00Z";

/// Items and a clock.
#[derive(Clone, Debug)]
pub(crate) struct World {
    /// By number, from 1.
    pub(crate) items: BTreeMap<u64, Item>,
    /// The tracker's clock, within the day.
    pub(crate) now: Millis,
    /// The most rows a page of the list holds.
    pub(crate) page: usize,
    /// Seconds by which the clock that answers tell is wrong.
    pub(crate) skew: i64,
    changes: u64,
}

/// One item: in the first of three statuses when created.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    /// In order.
    pub(crate) moves: Vec<Move>,
}

/// A move from one status to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move {
    /// Unique in the world, in order.
    pub(crate) number: u64,
    pub(crate) at: Millis,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl World {
    /// A world of `count` items, one a minute, all long settled; the second of each three moved
    /// once, the third twice.
    pub(crate) fn of(count: u64) -> Self {
        let noon = Millis::parse(DAY).unwrap().plus_secs(12 * 3_600);
        let mut world = Self {
            items: BTreeMap::new(),
            now: noon,
            page: 20,
            skew: 0,
            changes: 0,
        };
        for number in 1..=count {
            let age = i64::try_from(count - number).unwrap() * 60 + 7_200;
            let created = noon.plus_secs(-age);
            world.items.insert(
                number,
                Item {
                    created,
                    updated: created,
                    moves: Vec::new(),
                },
            );
            for step in 0..number % 3 {
                let at = created.plus_secs(20 * (1 + i64::try_from(step).unwrap()));
                world.shift_at(number, at);
            }
        }
        world
    }

    /// A world of ten thousand items, whose pages hold so many rows. The day has no room for as many
    /// minutes: the items are those of a smaller world, again and again.
    pub(crate) fn of_ten_thousand(page: usize) -> Self {
        let mut world = Self::of(600);
        let settled = world.items.clone();
        for (number, item) in (601..=10_000).zip(settled.values().cycle()) {
            let mut item = item.clone();
            for step in &mut item.moves {
                step.number += number * 10;
            }
            world.items.insert(number, item);
        }
        world.page = page;
        world
    }

    /// Moves an item on, from the last status to the first again, now.
    pub(crate) fn shift(&mut self, number: u64) {
        self.shift_at(number, self.now);
    }

    fn shift_at(&mut self, number: u64, at: Millis) {
        self.changes += 1;
        let change = self.changes;
        let item = self.items.get_mut(&number).unwrap();
        let from = item.status();
        item.moves.push(Move {
            number: change,
            at,
            from,
            to: (from + 1) % 3,
        });
        item.updated = at;
    }

    /// Lets time pass.
    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now = self.now.plus_secs(seconds);
    }

    /// Items updated at `since` or later, the earliest update first.
    pub(crate) fn changed(&self, since: Option<Millis>) -> Vec<(u64, &Item)> {
        let items = self.items.iter().map(|(number, item)| (*number, item));
        let mut changed: Vec<_> = items
            .filter(|(_, item)| since.is_none_or(|since| item.updated >= since))
            .collect();
        changed.sort_by_key(|(number, item)| (item.updated, *number));
        changed
    }

    /// The clock as HTTP tells it.
    pub(crate) fn date(&self) -> String {
        let midnight = Millis::parse(DAY).unwrap();
        let second = (self.now.0 - midnight.0) / 1_000 + self.skew;
        format!(
            "Mon, 23 Nov 2026 {:02}:{:02}:{:02} GMT",
            second / 3_600,
            second / 60 % 60,
            second % 60
        )
    }
}

impl Item {
    /// Where it is now.
    pub(crate) fn status(&self) -> usize {
        self.moves.last().map_or(0, |step| step.to)
    }

    /// Instants and statuses, creation first.
    pub(crate) fn told(&self) -> Vec<(Millis, usize)> {
        let moves = self.moves.iter().map(|step| (step.at, step.to));
        std::iter::once((self.created, 0)).chain(moves).collect()
    }
}
