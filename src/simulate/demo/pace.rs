//! How fast the demo company's time passes while one watches.

use super::plan;
use crate::model::time::Millis;
use crate::simulate::stream::WorkingClock;

/// Working seconds of the company that pass in a second of the watcher.
const SPEED: i64 = 600;

/// Turns the watcher's time into the company's. The two agree when the program is opened; from then
/// on the company works 600 times as fast and passes over its nights, weekends and holidays,
/// so that something happens every few seconds: a working day takes a minute, a week five. Ask it
/// for the company's instant, advance the company to it, and measure as of it.
#[derive(Clone, Debug)]
pub struct Pace {
    clock: WorkingClock,
    opened: Millis,
}

impl Pace {
    /// Starts at `opened`, where both times agree.
    pub fn new(opened: Millis) -> Self {
        let calendar = plan::calendar(opened);
        let zone = crate::model::time::Zone::utc();
        Self {
            clock: WorkingClock::new(&calendar, &zone, seconds(opened)),
            opened,
        }
    }

    /// The company's instant at the watcher's instant `wall`; never earlier than at an earlier one.
    pub fn at(&mut self, wall: Millis) -> Millis {
        let passed = wall.0.saturating_sub(self.opened.0).max(0);
        let worked = passed.saturating_mul(SPEED) / 1000;
        let now = self.clock.after(seconds(self.opened), worked) * 1000;
        Millis(now.max(self.opened.0))
    }
}

fn seconds(at: Millis) -> i64 {
    at.0.div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use crate::model::time::Millis;

    fn at(text: &str) -> Millis {
        Millis::parse(text).unwrap()
    }

    #[test]
    fn nights_and_weekends_pass_at_once() {
        let friday = at("2026-11-20T17:00:00Z");
        let mut pace = Pace::new(friday);
        assert_eq!(pace.at(friday), friday);
        assert_eq!(pace.at(friday.plus_secs(-5)), friday);
        assert_eq!(pace.at(friday.plus_secs(3)), at("2026-11-20T17:30:00Z"));
        assert_eq!(pace.at(friday.plus_secs(12)), at("2026-11-23T09:00:00Z"));
        let day = pace.at(friday.plus_secs(12 + 60));
        assert_eq!(day, at("2026-11-24T09:00:00Z"));
    }
}
