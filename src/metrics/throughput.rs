//! Arrivals and finishes by ISO week.

use crate::model::time::{Sec, Week, Window, Zone};

/// One ISO week of the window; weeks without anything are there too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekCount {
    /// Which week.
    pub week: Week,
    /// Entries into committed.
    pub arrived: u64,
    /// Items finished.
    pub finished: u64,
    /// Whether the window cuts the week.
    pub partial: bool,
}

/// Counts by week.
#[derive(Clone, Debug)]
pub(super) struct Weeks {
    /// Start of each week and the end of the last.
    borders: Vec<Sec>,
    counts: Vec<WeekCount>,
    window: Window,
}

impl Weeks {
    pub(super) fn new(window: Window, zone: &Zone) -> Self {
        let mut monday = zone.day_of(window.from).monday();
        let mut weeks = Self {
            borders: vec![zone.start_of(monday)],
            counts: Vec::new(),
            window,
        };
        while window.seconds() > 0 && weeks.last_border() < window.to {
            let from = weeks.last_border();
            let week = monday.week();
            monday = monday.plus(7);
            let to = zone.start_of(monday);
            weeks.borders.push(to);
            weeks.counts.push(WeekCount {
                week,
                arrived: 0,
                finished: 0,
                partial: from < window.from || to > window.to,
            });
        }
        weeks
    }

    fn last_border(&self) -> Sec {
        self.borders.last().copied().unwrap_or(Sec::MAX)
    }

    fn of(&mut self, at: Sec) -> Option<&mut WeekCount> {
        if !self.window.contains(at) {
            return None;
        }
        let after = self.borders.partition_point(|border| *border <= at);
        self.counts.get_mut(after.checked_sub(1)?)
    }

    pub(super) fn arrived(&mut self, at: Sec) {
        if let Some(week) = self.of(at) {
            week.arrived += 1;
        }
    }

    pub(super) fn finished(&mut self, at: Sec) {
        if let Some(week) = self.of(at) {
            week.finished += 1;
        }
    }

    pub(super) fn settle(self) -> Vec<WeekCount> {
        self.counts
    }
}
