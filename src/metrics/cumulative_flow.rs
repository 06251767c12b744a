//! Cumulative flow: per day end how many items have reached each stage, and how many stand in it.

use crate::model::id::StageIx;
use crate::model::time::{Day, Window, Zone};
use crate::model::timeline::{Position, Visit};

use super::days::Days;

/// The cumulative flow of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct CumulativeFlow {
    /// One a day of the window, in order.
    pub days: Vec<CfdDay>,
}

/// The counts at one day's end (of the last day: at as-of).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CfdDay {
    /// Which day, in the stream's zone.
    pub day: Day,
    /// By stage: items whose furthest stage by then is it or a later one; cancelled and deleted
    /// items count in all. Never falls from day to day.
    pub reached: Vec<u64>,
    /// By stage: items in it.
    pub snapshot: Vec<u64>,
    /// Items cancelled by then.
    pub cancelled: u64,
    /// Items deleted by then.
    pub deleted: u64,
    /// Items never yet in a mapped status.
    pub unmapped: u64,
}

/// Counts steps up and down by day; lines are their running sums.
#[derive(Clone, Debug)]
pub(super) struct DaySteps {
    days: Days,
    stages: usize,
    /// `[day][line]`: stages reached, stages held, cancelled, deleted, unmapped.
    by_day: Vec<i32>,
    earlier: Earlier,
}

/// Items that were over before the window.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    /// By how many stages they had reached.
    reached: Vec<i32>,
    /// By where they are: stages, cancelled, deleted, unmapped.
    held: Vec<i32>,
}

impl Earlier {
    pub(super) fn new(stages: usize) -> Self {
        Self {
            reached: vec![0; stages + 1],
            held: vec![0; stages + 3],
        }
    }

    /// Adds an item: the furthest stage it reached and where it is.
    pub(super) fn add(&mut self, furthest: Position, position: Position) {
        let stages = self.reached.len() - 1;
        self.reached[reach(furthest, stages)] += 1;
        self.held[place(position, stages)] += 1;
    }

    /// Adds others.
    pub(super) fn merge(&mut self, other: &Self) {
        let own = self.reached.iter_mut().chain(&mut self.held);
        for (own, more) in own.zip(other.reached.iter().chain(&other.held)) {
            *own += more;
        }
    }
}

/// How many of so many stages a position has reached, counted from the left.
fn reach(position: Position, stages: usize) -> usize {
    match position {
        Position::Stage(StageIx(stage)) => usize::from(stage) + 1,
        Position::Cancelled | Position::Deleted => stages,
        Position::Unmapped => 0,
    }
}

/// The line of a position among those of what is held.
fn place(position: Position, stages: usize) -> usize {
    match position {
        Position::Stage(stage) => stage.index(),
        Position::Cancelled => stages,
        Position::Deleted => stages + 1,
        Position::Unmapped => stages + 2,
    }
}

impl DaySteps {
    pub(super) fn new(window: Window, zone: &Zone, stages: usize) -> Self {
        let days = Days::of(window, zone);
        Self {
            by_day: vec![0; (days.count() + 1) * (2 * stages + 3)],
            earlier: Earlier::new(stages),
            stages,
            days,
        }
    }

    fn lines(&self) -> usize {
        2 * self.stages + 3
    }

    pub(super) fn add(&mut self, visits: &[Visit]) {
        let mut furthest = 0;
        let mut before: Option<usize> = None;
        for visit in visits {
            let base = self.days.index(visit.from) * self.lines();
            let reach = reach(visit.position, self.stages);
            for line in furthest..reach {
                self.by_day[base + line] += 1;
            }
            furthest = furthest.max(reach);
            if let Some(line) = before {
                self.by_day[base + line] -= 1;
            }
            let line = self.stages + place(visit.position, self.stages);
            self.by_day[base + line] += 1;
            before = Some(line);
        }
    }

    /// Adds an item whose visits all began before the window: the furthest stage it reached and
    /// where it is.
    pub(super) fn add_earlier(&mut self, furthest: Position, position: Position) {
        self.earlier.add(furthest, position);
    }

    /// Adds items that were over before the window.
    pub(super) fn add_past(&mut self, past: &Earlier) {
        self.earlier.merge(past);
    }

    /// Takes those that reached their stages earlier into the first day.
    fn settle_earlier(&mut self) {
        let mut reached = 0;
        for line in (0..self.stages).rev() {
            reached += self.earlier.reached[line + 1];
            self.by_day[line] += reached;
        }
        for (line, held) in self.by_day[self.stages..]
            .iter_mut()
            .zip(&self.earlier.held)
        {
            *line += held;
        }
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.by_day.iter_mut().zip(&other.by_day) {
            *own += more;
        }
        self.earlier.merge(&other.earlier);
    }

    pub(super) fn settle(mut self) -> CumulativeFlow {
        self.settle_earlier();
        let mut sums = vec![0_i64; self.lines()];
        let mut days = Vec::with_capacity(self.days.count());
        for (index, steps) in self.by_day.chunks_exact(self.lines()).enumerate() {
            if index == self.days.count() {
                break;
            }
            for (sum, step) in sums.iter_mut().zip(steps) {
                *sum += i64::from(*step);
            }
            let line = |at: usize| u64::try_from(sums[at]).unwrap_or(0);
            let stages = self.stages;
            days.push(CfdDay {
                day: self.days.day(index),
                reached: (0..stages).map(line).collect(),
                snapshot: (stages..2 * stages).map(line).collect(),
                cancelled: line(2 * stages),
                deleted: line(2 * stages + 1),
                unmapped: line(2 * stages + 2),
            });
        }
        CumulativeFlow { days }
    }
}
