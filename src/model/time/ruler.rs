//! How time between two instants is counted: all of it, or what a calendar calls working time.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::{Calendar, DAY_SECS, Day, Millis, Sec, Window, Zone};

/// Which seconds count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeRule {
    /// All of them.
    #[default]
    Elapsed,
    /// Those of the working hours of working days.
    Working,
}

/// Not the name of a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no way to count time; use elapsed or working")]
pub struct UnknownTimeRule(pub String);

impl TimeRule {
    /// Both, the usual one first.
    pub const ALL: [Self; 2] = [Self::Elapsed, Self::Working];

    /// `elapsed` or `working`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Elapsed => "elapsed",
            Self::Working => "working",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Elapsed => Self::Working,
            Self::Working => Self::Elapsed,
        }
    }
}

impl fmt::Display for TimeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for TimeRule {
    type Err = UnknownTimeRule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|rule| rule.name() == text);
        found.ok_or_else(|| UnknownTimeRule(text.to_owned()))
    }
}

/// Measures spans by a rule. Cheap to clone.
///
/// Elapsed time is in seconds. In working time one working day, whatever its hours, counts as a day:
/// 86,400 parts, each of them a second or shorter. So `5d` is five working days, and days, limits
/// and filters need not know by which rule they are measured. Spans side by side add up exactly:
/// each is the difference of two readings, and only a reading is rounded, down to a whole part.
#[derive(Clone, Debug, Default)]
pub struct Ruler(Option<Arc<WorkingDays>>);

impl Ruler {
    /// Every second counts.
    pub fn elapsed() -> Self {
        Self(None)
    }

    /// The working time of a calendar in a zone, for instants of `reach` (earlier ones are read as
    /// its beginning, later ones as its end). Made once, in one step a day of `reach`; a reading
    /// then takes the same time wherever it lies.
    pub fn working(calendar: &Calendar, zone: &Zone, reach: Window) -> Self {
        if calendar.is_always() {
            return Self::elapsed();
        }
        Self(Some(Arc::new(WorkingDays::new(calendar, zone, reach))))
    }

    /// Time from `from` to `to`; negative if `to` is earlier.
    #[inline]
    pub fn between(&self, from: Sec, to: Sec) -> i64 {
        match &self.0 {
            None => to.since(from),
            Some(days) => days.reading(to) - days.reading(from),
        }
    }

    /// What the ruler shows at an instant: never less than at an earlier one.
    #[inline]
    pub fn reading(&self, at: Sec) -> i64 {
        match &self.0 {
            None => i64::from(at.0),
            Some(days) => days.reading(at),
        }
    }

    /// Length of a window; 0 if it ends before it begins.
    pub fn length(&self, window: Window) -> i64 {
        self.between(window.from, window.to).max(0)
    }

    /// Time that `[from, to)` shares with a window.
    pub fn overlap(&self, window: Window, from: Sec, to: Sec) -> i64 {
        self.between(from.max(window.from), to.min(window.to))
            .max(0)
    }
}

/// The working hours of each civil day of a stretch of time.
#[derive(Debug)]
struct WorkingDays {
    /// Seconds that make a whole working day.
    length: i64,
    /// In order, without gaps.
    days: Vec<WorkingDay>,
}

/// One civil day. Without work, it opens and closes at its start.
#[derive(Clone, Copy, Debug)]
struct WorkingDay {
    start: Sec,
    open: Sec,
    close: Sec,
    /// Working seconds of all days before.
    before: i64,
}

impl WorkingDays {
    fn new(calendar: &Calendar, zone: &Zone, reach: Window) -> Self {
        let (first, last) = (zone.day_of(reach.from), zone.day_of(reach.to));
        let (mut days, mut before) = (Vec::new(), 0);
        let mut start = zone.start_of(first);
        for day in (first.0..=last.0.max(first.0)).map(Day) {
            let next = zone.start_of(day.plus(1));
            let (open, close) = hours(calendar, zone, day, (start, next));
            days.push(WorkingDay {
                start,
                open,
                close,
                before,
            });
            before += close.since(open);
            start = next;
        }
        Self {
            length: calendar.day_secs(),
            days,
        }
    }

    #[inline]
    fn reading(&self, at: Sec) -> i64 {
        let day = self.days[self.index(at)];
        let today = at.clamp(day.open, day.close).since(day.open);
        (day.before + today) * DAY_SECS / self.length
    }

    /// The day an instant lies in; the first for anything earlier, the last for anything later.
    #[inline]
    fn index(&self, at: Sec) -> usize {
        let last = self.days.len() - 1;
        let since = at.since(self.days[0].start).max(0);
        let mut guess = usize::try_from(since / DAY_SECS).map_or(last, |guess| guess.min(last));
        while guess > 0 && self.days[guess].start > at {
            guess -= 1;
        }
        while guess < last && self.days[guess + 1].start <= at {
            guess += 1;
        }
        guess
    }
}

/// When work begins and ends on a day that lasts from `start` to `next`.
fn hours(calendar: &Calendar, zone: &Zone, day: Day, (start, next): (Sec, Sec)) -> (Sec, Sec) {
    if !calendar.is_workday(day) {
        return (start, start);
    }
    let (opens, closes) = calendar.hours;
    if next.since(start) == DAY_SECS {
        return (start.plus(opens), start.plus(closes));
    }
    let clock = |seconds: i64| {
        let midnight = Millis(i64::from(day.0) * DAY_SECS * 1000);
        zone.to_utc(midnight.plus_secs(seconds)).floor_clamped()
    };
    let (open, close) = (clock(opens), clock(closes));
    (open, close.max(open))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::{Calendar, DAY_SECS, Day, Ruler, Sec, TimeRule, Window, Zone};
    use crate::model::time::Millis;

    fn at(text: &str) -> Sec {
        Millis::parse(text).unwrap().floor().unwrap()
    }

    fn office() -> Calendar {
        Calendar {
            workdays: [true, true, true, true, true, false, false],
            hours: (9 * 3_600, 17 * 3_600),
            holidays: vec![Day::parse("2026-11-24").unwrap()],
        }
    }

    fn ruler(calendar: &Calendar, zone: &Zone, from: &str, to: &str) -> Ruler {
        let (from, to) = (at(from), at(to));
        Ruler::working(calendar, zone, Window { from, to })
    }

    #[test]
    fn a_working_day_is_a_day() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let (from, to) = ("2026-11-16T00:00:00Z", "2026-11-30T00:00:00Z");
        let ruler = ruler(&office(), &berlin, from, to);
        // In quarters of a day.
        let quarters = |from, to| {
            let found = ruler.between(at(from), at(to));
            assert_eq!(found * 4 % DAY_SECS, 0);
            found * 4 / DAY_SECS
        };
        // In Berlin it is an hour later. Monday 10:00 to 14:00; Friday 16:00 to Wednesday 10:00, with
        // Tuesday off: 1 h + 8 h + 1 h of 8.
        assert_eq!(quarters("2026-11-16T09:00:00Z", "2026-11-16T13:00:00Z"), 2);
        assert_eq!(quarters("2026-11-20T15:00:00Z", "2026-11-25T09:00:00Z"), 5);
        assert_eq!(quarters("2026-11-20T22:00:00Z", "2026-11-22T09:00:00Z"), 0);
        assert_eq!(quarters("2026-11-25T09:00:00Z", "2026-11-20T15:00:00Z"), -5);
        assert_eq!(quarters(from, to), 36);
    }

    #[test]
    fn the_night_of_a_change_of_clock_is_as_long_as_it_was() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let nights = Calendar {
            hours: (3_600, 5 * 3_600),
            ..Calendar::default()
        };
        let hours = |day: &str| {
            let day = Day::parse(day).unwrap();
            let (from, to) = (berlin.start_of(day), berlin.start_of(day.plus(1)));
            let ruler = Ruler::working(&nights, &berlin, Window { from, to });
            // Four hours make a day.
            ruler.between(from, to) * 4 / 3_600 / 24
        };
        let found = ["2026-03-28", "2026-03-29", "2026-10-25", "2026-10-26"].map(hours);
        assert_eq!(found, [4, 3, 5, 4]);
    }

    #[test]
    fn all_day_every_day_is_elapsed_time() {
        let always = Calendar::default();
        let ruler = ruler(
            &always,
            &Zone::utc(),
            "2026-11-16T00:00:00Z",
            "2026-11-17T00:00:00Z",
        );
        assert_eq!(ruler.between(Sec(5), Sec(1_000_000)), 999_995);
        assert_eq!(ruler.reading(Sec(7)), 7);
    }

    #[test]
    fn rules_have_names() {
        for rule in TimeRule::ALL {
            assert_eq!(rule.to_string().parse(), Ok(rule));
            assert_eq!(rule.other().other(), rule);
        }
        let said = "weekly".parse::<TimeRule>().unwrap_err().to_string();
        assert!(said.contains("elapsed or working"), "{said}");
    }

    const ZONES: [&str; 6] = [
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ];

    /// Seconds counted in steps, each looked up on the wall: a second, plain means.
    fn counted(calendar: &Calendar, zone: &Zone, (from, to): (Sec, Sec), step: i64) -> i64 {
        let (mut seconds, mut at) = (0, from);
        while at < to {
            let local = (i64::from(at.0) + zone.offset_secs(at)).rem_euclid(DAY_SECS);
            let (open, close) = calendar.hours;
            let works = calendar.is_workday(zone.day_of(at)) && open <= local && local < close;
            seconds += if works { step } else { 0 };
            at = at.plus(step);
        }
        seconds
    }

    /// Whether the ruler shows so many working seconds: each of its two readings is rounded down by
    /// less than a part.
    fn is_near(
        calendar: &Calendar,
        zone: &Zone,
        (from, to): (Sec, Sec),
        seconds: i64,
    ) -> Result<(), TestCaseError> {
        let reach = Window {
            from: Sec(17_795 * 86_400),
            to: Sec(17_905 * 86_400),
        };
        let ruler = Ruler::working(calendar, zone, reach);
        let off = if calendar.is_always() {
            to.since(from) - ruler.between(from, to)
        } else {
            seconds * DAY_SECS - ruler.between(from, to) * calendar.day_secs()
        };
        prop_assert!(off.abs() < calendar.day_secs(), "{off}");
        Ok(())
    }

    prop_compose! {
        fn calendars()(
            workdays in any::<[bool; 7]>(),
            open in 0_i64..47,
            more in 1_i64..48,
            holidays in prop::collection::btree_set(17_800_i32..17_900, 0..9),
        ) -> Calendar {
            Calendar {
                workdays,
                hours: (open * 1_800, ((open + more) * 1_800).min(DAY_SECS)),
                holidays: holidays.into_iter().map(Day).collect(),
            }
        }
    }

    /// Whether working hours begin or end in the night hours in which clocks are changed, where
    /// "open" by the wall and by the instant differ.
    fn border_at_night(calendar: &Calendar) -> bool {
        let night = |border: i64| (1..4 * 3_600).contains(&border);
        night(calendar.hours.0) || night(calendar.hours.1)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(300) })]
        #[test]
        fn working_time_is_that_of_every_minute(
            calendar in calendars(),
            zone in prop::sample::select(&ZONES[..]),
            begin in 17_800_u32..17_890,
            (first, length) in (0_u32..1_440, 0_u32..14_000),
        ) {
            let zone = Zone::named(zone).unwrap();
            let from = Sec(begin * 86_400 + first * 60);
            let span = (from, from.plus(i64::from(length) * 60));
            let days = calendar.working_secs(span.0, span.1, &zone);
            is_near(&calendar, &zone, span, days)?;
            if !border_at_night(&calendar) {
                prop_assert_eq!(days, counted(&calendar, &zone, span, 60));
            }
        }

        /// Around the instant at which work begins or ends.
        #[test]
        fn working_time_is_that_of_every_second(
            calendar in calendars(),
            zone in prop::sample::select(&ZONES[..]),
            day in 17_800_i32..17_890,
            (at_end, before, after) in (any::<bool>(), 0_i64..900, 0_i64..900),
        ) {
            prop_assume!(!border_at_night(&calendar));
            let zone = Zone::named(zone).unwrap();
            let border = if at_end { calendar.hours.1 } else { calendar.hours.0 };
            let border = zone.start_of(Day(day)).plus(border);
            let span = (border.plus(-before), border.plus(after));
            is_near(&calendar, &zone, span, counted(&calendar, &zone, span, 1))?;
        }

        #[test]
        fn spans_side_by_side_add_up(
            calendar in calendars(),
            zone in prop::sample::select(&ZONES[..]),
            mut borders in prop::collection::vec(17_800_u32 * 86_400..17_900 * 86_400, 2..12),
        ) {
            let zone = Zone::named(zone).unwrap();
            let reach = Window { from: Sec(17_810 * 86_400), to: Sec(17_880 * 86_400) };
            let ruler = Ruler::working(&calendar, &zone, reach);
            borders.sort_unstable();
            let parts = borders.windows(2).map(|pair| ruler.between(Sec(pair[0]), Sec(pair[1])));
            let parts: Vec<i64> = parts.collect();
            prop_assert!(parts.iter().all(|part| *part >= 0));
            let whole = ruler.between(Sec(borders[0]), Sec(*borders.last().unwrap()));
            prop_assert_eq!(parts.iter().sum::<i64>(), whole);
        }
    }
}
