//! Arrivals, departures and finishes by ISO week.

use crate::model::time::{Sec, Week, Window, Zone};

/// One ISO week of the window; weeks without anything are there too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekCount {
    /// Which week.
    pub week: Week,
    /// Entries into committed.
    pub arrived: u64,
    /// Exits from committed: to backlog, done, cancelled, out of the stream.
    pub departed: u64,
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
                departed: 0,
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

    pub(super) fn departed(&mut self, at: Sec) {
        if let Some(week) = self.of(at) {
            week.departed += 1;
        }
    }

    pub(super) fn finished(&mut self, at: Sec) {
        if let Some(week) = self.of(at) {
            week.finished += 1;
        }
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.counts.iter_mut().zip(&other.counts) {
            own.arrived += more.arrived;
            own.departed += more.departed;
            own.finished += more.finished;
        }
    }

    pub(super) fn settle(self) -> Vec<WeekCount> {
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::{Sec, Weeks, Window, Zone};
    use crate::model::time::Millis;

    fn at(text: &str) -> Sec {
        Millis::parse(text).unwrap().floor().unwrap()
    }

    fn weeks(from: &str, to: &str) -> Weeks {
        let (from, to) = (at(from), at(to));
        Weeks::new(Window { from, to }, &Zone::named("Europe/Berlin").unwrap())
    }

    #[test]
    fn a_whole_week_is_not_partial_also_when_the_clocks_change() {
        // Monday 2026-10-19 to Monday 2026-10-26 in Berlin: seven days and one hour.
        let mut weeks = weeks("2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z");
        weeks.finished(at("2026-10-25T22:59:59Z"));
        weeks.finished(at("2026-10-25T23:00:00Z"));
        let weeks = weeks.settle();
        assert_eq!(weeks.len(), 1);
        assert_eq!(weeks[0].week.to_string(), "2026-W43");
        assert_eq!((weeks[0].finished, weeks[0].partial), (1, false));
    }

    #[test]
    fn the_turn_of_the_year_has_one_week() {
        let weeks = weeks("2020-12-28T00:00:00Z", "2021-01-05T00:00:00Z").settle();
        let names: Vec<String> = weeks.iter().map(|week| week.week.to_string()).collect();
        assert_eq!(names, ["2020-W53", "2021-W01"]);
        assert!(weeks.iter().all(|week| week.partial));
    }

    #[test]
    fn an_empty_window_has_no_weeks() {
        let mut weeks = weeks("2026-10-19T00:00:00Z", "2026-10-19T00:00:00Z");
        weeks.arrived(at("2026-10-19T00:00:00Z"));
        assert!(weeks.settle().is_empty());
    }
}
