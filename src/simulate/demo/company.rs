//! The company: its history up to now, and what happens from then on.

use std::collections::VecDeque;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use super::cell::Cell;
use super::{people, plan, view};
use crate::model::batch::{ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::stream::Stream;
use crate::model::time::{Calendar, DAY_SECS, Day, Millis, Zone};

/// Items that one part of the company has had in two years, about.
const USUAL: u32 = 1_200;
/// Fewer items than this a company has by being young.
const FEWEST_IN_TWO_YEARS: u32 = 400;
/// What is asked for is held between these.
const FEWEST: u32 = 100;
const MOST: u32 = 10_000_000;
const HISTORY_WEEKS: u64 = 104;

/// The demo company. Two with the same seed, size and instant are alike in every event.
#[derive(Clone, Debug)]
pub struct Company {
    cells: Vec<Cell>,
    opened: Millis,
    monday: Millis,
}

/// Something that changed in the company on a day, for before and after to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedChange {
    /// When.
    pub day: Day,
    /// What.
    pub name: String,
    /// The streams it touched.
    pub streams: Vec<String>,
}

impl Company {
    /// A company that has had about `items` items (held between 100 and 10,000,000) when `now` comes. Nothing is
    /// simulated yet: [`Company::history`] does that.
    pub fn new(seed: u64, items: u32, now: Millis) -> Self {
        let size = Size::of(items);
        let today = Zone::utc().day_of(now.floor_clamped());
        let monday = midnight(today.monday());
        let start = midnight(today.monday().plus(-7 * size.weeks));
        let model = Arc::new(plan::company(monday, size.share));
        let cell = |part| Cell::new(&model, seed, (part, size.parts), start);
        Self {
            cells: (0..size.parts).map(cell).collect(),
            opened: now,
            monday,
        }
    }

    /// Lives up to the instant the company was opened at, and hands the items over part by part,
    /// as many parts at a time as the machine has cores, so that memory stays bounded however many
    /// there are. Read it to its end before [`Company::advance`], which otherwise tells the rest.
    pub fn history(&mut self) -> History<'_> {
        History {
            rest: &mut self.cells,
            ready: VecDeque::new(),
            until: self.opened,
        }
    }

    /// Lives on until just before `now` and hands over what happened since the last call, as new
    /// events of items, old and new.
    pub fn advance(&mut self, now: Millis) -> Vec<ItemHistory> {
        let cells = self.cells.iter_mut();
        cells.flat_map(|cell| cell.advance(now)).collect()
    }

    /// When something happens next, if ever.
    pub fn next_at(&self) -> Option<Millis> {
        self.cells.iter().filter_map(Cell::next_at).min()
    }

    /// All statuses of its tracker.
    pub fn statuses(&self) -> Vec<StatusName> {
        let status = |name: &str| StatusName {
            id: name.to_owned(),
            name: name.to_owned(),
        };
        view::statuses().map(status).collect()
    }

    /// Its value stream, drawn from `source`.
    pub fn stream(&self, source: &SourceName) -> Stream {
        view::stream(source, u32::try_from(self.cells.len()).unwrap_or(u32::MAX))
    }

    /// Its value stream, and the part of it that each of its teams works on, drawn from `source`.
    pub fn streams(&self, source: &SourceName) -> Vec<Stream> {
        let parts = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        view::streams(source, parts, people::team_names())
    }

    /// The days it works on. Whole days: its hours are those of UTC, and who watches may be anywhere.
    pub fn calendar(&self) -> Calendar {
        Calendar {
            hours: Calendar::default().hours,
            ..plan::calendar(self.monday)
        }
    }

    /// What changed in its past: the coding assistant, which made building faster and little else,
    /// and the smaller release board, which slowed it.
    pub fn changes(&self) -> Vec<DatedChange> {
        let monday = Zone::utc().day_of(self.monday.floor_clamped());
        let change = |weeks: i32, name: &str| DatedChange {
            day: monday.plus(-7 * weeks),
            name: name.to_owned(),
            streams: vec![view::STREAM.to_owned()],
        };
        vec![
            change(plan::ASSISTANT_WEEKS, "coding assistant"),
            change(plan::SLOWER_BOARD_WEEKS, "smaller release board"),
        ]
    }
}

/// The items of a company up to the instant it was opened at: a part of the company at a time,
/// every item once with all its events. The order is always the same.
#[derive(Debug)]
pub struct History<'a> {
    rest: &'a mut [Cell],
    ready: VecDeque<Vec<ItemHistory>>,
    until: Millis,
}

impl Iterator for History<'_> {
    type Item = Vec<ItemHistory>;

    fn next(&mut self) -> Option<Vec<ItemHistory>> {
        if self.ready.is_empty() {
            self.simulate_some();
        }
        self.ready.pop_front()
    }
}

impl History<'_> {
    /// Simulates the next few parts, each on a thread of its own.
    fn simulate_some(&mut self) {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let count = cores.min(self.rest.len());
        let (some, rest) = std::mem::take(&mut self.rest).split_at_mut(count);
        self.rest = rest;
        let until = self.until;
        if let [only] = some {
            self.ready.push_back(only.advance(until));
            return;
        }
        thread::scope(|scope| {
            let cells = some.iter_mut();
            let threads: Vec<_> = cells
                .map(|cell| scope.spawn(move || cell.advance(until)))
                .collect();
            for one in threads {
                let items = one.join().unwrap_or_else(|fault| resume_unwind(fault));
                self.ready.push_back(items);
            }
        });
    }
}

/// How a number of items is reached.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Size {
    /// Parts side by side.
    parts: u64,
    /// Each part's work as a share of the usual.
    share: f64,
    /// How far back the history goes from the Monday of today.
    weeks: i32,
}

impl Size {
    fn of(items: u32) -> Self {
        let items = items.clamp(FEWEST, MOST);
        let parts = (items.saturating_add(USUAL / 2) / USUAL).max(1);
        let of_two_years = items.max(FEWEST_IN_TWO_YEARS);
        let weeks = HISTORY_WEEKS * u64::from(items) / u64::from(of_two_years);
        Self {
            parts: u64::from(parts),
            share: f64::from(of_two_years) / f64::from(parts) / f64::from(USUAL),
            weeks: i32::try_from(weeks).unwrap_or(i32::MAX),
        }
    }
}

fn midnight(day: Day) -> Millis {
    Millis(i64::from(day.0) * DAY_SECS * 1000)
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
mod tests;
