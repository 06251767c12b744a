//! Working time read plainly: every half hour is asked whether it is worked.

use std::sync::LazyLock;

use weir::model::time::{Calendar, Day, Sec, TimeRule, Zone};

/// Six hours: the grid on which things happen.
pub(crate) const UNIT: u32 = 21_600;
/// Monday 2024-01-01 UTC.
pub(crate) const BASE: u32 = 1_704_067_200;
/// A hundred days before.
const FIRST: u32 = BASE - 400 * UNIT;
const UNITS: u32 = 800;
const HALF: u32 = 1_800;

/// The zones of the worlds.
pub(crate) const ZONES: [&str; 3] = ["UTC", "Europe/Berlin", "America/New_York"];

/// Twelve hours a day, two of them counting as four; weekends and two more days are off.
pub(crate) fn calendar() -> Calendar {
    let off = ["2024-01-01", "2024-01-17"];
    Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: (6 * 3_600, 18 * 3_600),
        holidays: off.iter().filter_map(|day| Day::parse(day)).collect(),
    }
}

/// What a ruler should show at every unit.
pub(crate) struct Hours {
    readings: Vec<i64>,
}

static ALL: LazyLock<Vec<(TimeRule, &str, Hours)>> = LazyLock::new(|| {
    let rules = TimeRule::ALL.into_iter();
    rules
        .flat_map(|rule| ZONES.map(|zone| (rule, zone, Hours::new(rule, zone))))
        .collect()
});

impl Hours {
    /// Those of a rule in one of the zones.
    pub(crate) fn of(rule: TimeRule, zone: &str) -> &'static Self {
        let found = ALL.iter().find(|one| one.0 == rule && one.1 == zone);
        &found.unwrap().2
    }

    fn new(rule: TimeRule, zone: &str) -> Self {
        let (zone, calendar) = (Zone::named(zone).unwrap(), calendar());
        let mut readings = vec![0];
        for unit in 0..UNITS {
            let halves = (0..UNIT / HALF).map(|half| Sec(FIRST + unit * UNIT + half * HALF));
            let length: i64 = halves
                .map(|at| match rule {
                    TimeRule::Elapsed => i64::from(HALF),
                    // Twelve hours make a day of twenty-four.
                    TimeRule::Working => {
                        2 * i64::from(HALF) * i64::from(works(at, &calendar, &zone))
                    }
                })
                .sum();
            readings.push(readings.last().unwrap_or(&0) + length);
        }
        Self { readings }
    }

    /// From one unit to another.
    pub(crate) fn span(&self, from: u32, to: u32) -> i64 {
        let reading = |at: u32| self.readings[((at - FIRST) / UNIT) as usize];
        reading(to) - reading(from)
    }

    /// Of the unit that begins at an instant.
    pub(crate) fn unit(&self, at: u32) -> i64 {
        self.span(at, at + UNIT)
    }
}

fn works(at: Sec, calendar: &Calendar, zone: &Zone) -> bool {
    let local = (i64::from(at.0) + zone.offset_secs(at)).rem_euclid(86_400);
    calendar.is_workday(zone.day_of(at)) && calendar.hours.0 <= local && local < calendar.hours.1
}
