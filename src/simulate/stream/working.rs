//! The working clock: it runs while the calendar's hours are open and stands still otherwise.

use crate::model::time::{Calendar, DAY_SECS, Day, Millis, Sec, Zone};

/// Turns instants into readings of a working clock and back. Instants are whole seconds since 1970;
/// readings are seconds of working time since shortly before the clock's start.
#[derive(Clone, Debug)]
pub(in crate::simulate) struct WorkingClock {
    calendar: Calendar,
    zone: Zone,
    /// Working days so far looked at, in order.
    open: Vec<OpenDay>,
    /// The next day to look at.
    next: Day,
    last: Day,
}

/// The working hours of one day as instants, and the reading when they begin.
#[derive(Clone, Copy, Debug)]
struct OpenDay {
    opens: i64,
    closes: i64,
    before: i64,
}

impl OpenDay {
    fn after(self) -> i64 {
        self.before + self.closes - self.opens
    }
}

impl WorkingClock {
    pub(in crate::simulate) fn new(calendar: &Calendar, zone: &Zone, start: i64) -> Self {
        Self {
            calendar: calendar.clone(),
            zone: zone.clone(),
            open: Vec::new(),
            next: zone.day_of(sec(start)).plus(-1),
            last: zone.day_of(Sec::MAX).plus(-1),
        }
    }

    /// The instant at which `seconds` of working time have passed since `from`, which lies at or
    /// after the start. Where the calendar never opens again: the end of time.
    pub(in crate::simulate) fn after(&mut self, from: i64, seconds: i64) -> i64 {
        if self.calendar.is_always() {
            return from + seconds;
        }
        let reading = self.reading(from);
        self.instant(reading + seconds).max(from)
    }

    /// What the clock shows at an instant.
    pub(in crate::simulate) fn reading(&mut self, at: i64) -> i64 {
        if self.calendar.is_always() {
            return at;
        }
        while self.open.last().is_none_or(|day| day.closes <= at) && self.look_further() {}
        let begun = self.open.partition_point(|day| day.opens <= at);
        match begun.checked_sub(1).map(|last| self.open[last]) {
            Some(day) => day.before + at.min(day.closes) - day.opens,
            None => 0,
        }
    }

    /// The first instant at which the clock shows a reading.
    fn instant(&mut self, reading: i64) -> i64 {
        while self.open.last().is_none_or(|day| day.after() < reading) && self.look_further() {}
        let begun = self.open.partition_point(|day| day.before < reading);
        match self.open.get(begun.saturating_sub(1)) {
            Some(day) if reading <= day.after() => day.opens + (reading - day.before).max(0),
            _ => i64::from(Sec::MAX.0),
        }
    }

    /// Adds the next day if it is a working day; false at the end of time.
    fn look_further(&mut self) -> bool {
        let day = self.next;
        if day > self.last {
            return false;
        }
        self.next = day.plus(1);
        if self.calendar.is_workday(day) {
            let (from, to) = self.calendar.hours;
            let (opens, closes) = (self.at_time(day, from), self.at_time(day, to));
            let before = self.open.last().map_or(0, |last| last.after());
            self.open.push(OpenDay {
                opens,
                closes,
                before,
            });
        }
        true
    }

    /// The instant of a civil time, given in seconds after midnight.
    fn at_time(&self, day: Day, seconds: i64) -> i64 {
        let civil = Millis((i64::from(day.0) * DAY_SECS + seconds) * 1000);
        self.zone.to_utc(civil).0.div_euclid(1000)
    }

    pub(super) fn day_of(&self, at: i64) -> Day {
        self.zone.day_of(sec(at))
    }

    /// The first working day at or after `from` that `wanted` accepts, at this time of day and
    /// after the instant `after`. `None` if there is none within two years.
    pub(super) fn find(
        &self,
        after: i64,
        time_of_day: i64,
        wanted: impl Fn(Day) -> bool,
    ) -> Option<i64> {
        let today = self.day_of(after);
        (0..=731)
            .map(|ahead| today.plus(ahead))
            .filter(|day| self.calendar.is_workday(*day) && wanted(*day))
            .map(|day| self.at_time(day, time_of_day))
            .find(|at| *at > after)
    }

    /// Working seconds of a week without holidays.
    pub(super) fn week(&self) -> i64 {
        let days = self.calendar.workdays.iter().filter(|works| **works);
        let (from, to) = self.calendar.hours;
        days.map(|_| to - from).sum()
    }
}

fn sec(at: i64) -> Sec {
    Millis(at.saturating_mul(1000)).floor_clamped()
}

#[cfg(test)]
mod tests {
    use super::WorkingClock;
    use crate::model::time::{Calendar, Day, Millis, Zone};

    fn at(text: &str) -> i64 {
        Millis::parse(text).unwrap().0 / 1000
    }

    fn office() -> WorkingClock {
        let calendar = Calendar {
            workdays: [true, true, true, true, true, false, false],
            hours: (9 * 3_600, 17 * 3_600),
            holidays: vec![Day::parse("2026-11-24").unwrap()],
        };
        let berlin = Zone::named("Europe/Berlin").unwrap();
        WorkingClock::new(&calendar, &berlin, at("2026-11-16T00:00:00Z"))
    }

    #[test]
    fn work_goes_on_after_the_night_the_weekend_and_the_holiday() {
        let mut clock = office();
        let friday_four = at("2026-11-20T15:00:00Z");
        assert_eq!(clock.after(friday_four, 1_800), friday_four + 1_800);
        assert_eq!(clock.after(friday_four, 3_600), friday_four + 3_600);
        assert_eq!(
            clock.after(friday_four, 10 * 3_600),
            at("2026-11-25T09:00:00Z")
        );
        let saturday = at("2026-11-21T12:00:00Z");
        assert_eq!(clock.after(saturday, 60), at("2026-11-23T08:01:00Z"));
        assert_eq!(clock.after(saturday, 0), saturday);
    }

    #[test]
    fn readings_agree_with_the_calendar() {
        let mut clock = office();
        let (from, to) = (at("2026-11-17T10:15:00Z"), at("2026-12-08T09:30:00Z"));
        let passed = clock.reading(to) - clock.reading(from);
        let counted = clock
            .calendar
            .working_secs(super::sec(from), super::sec(to), &clock.zone);
        assert_eq!(passed, counted);
        assert_eq!(clock.week(), 40 * 3_600);
    }

    #[test]
    fn a_calendar_that_never_opens_ends_at_the_end_of_time() {
        let never = Calendar {
            workdays: [false; 7],
            ..Calendar::default()
        };
        let mut clock = WorkingClock::new(&never, &Zone::utc(), at("2026-01-01T00:00:00Z"));
        assert_eq!(
            clock.after(at("2026-01-01T00:00:00Z"), 1),
            i64::from(u32::MAX)
        );
    }
}
