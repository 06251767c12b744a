//! Dates and times as files write them: civil readings that still need a zone, and instants.

use chrono::format::{Item, Parsed, StrftimeItems, parse};

use super::{DAY_SECS, Day, Millis};

/// A time as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It came with an offset, or as seconds since 1970: no question left.
    Instant(Millis),
    /// It came without: milliseconds counted as if its zone were UTC.
    Civil(Millis),
}

/// The first days of all months of the years that the model can hold.
#[derive(Clone, Debug)]
pub struct Months {
    starts: Vec<Day>,
}

const FIRST_YEAR: i32 = 1970;
const LAST_YEAR: i32 = 2106;

impl Default for Months {
    fn default() -> Self {
        let months = (FIRST_YEAR..=LAST_YEAR).flat_map(|year| (1..=12).map(move |m| (year, m)));
        let starts = months
            .chain([(LAST_YEAR + 1, 1)])
            .filter_map(|(year, month)| Day::from_ymd(year, month, 1));
        Self {
            starts: starts.collect(),
        }
    }
}

impl Months {
    /// The day with these parts, if there is one from 1970 to 2106.
    #[inline]
    pub fn day(&self, year: u32, month: u32, day: u32) -> Option<Day> {
        let years = year.checked_sub(FIRST_YEAR.unsigned_abs())?;
        if !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        let at = (years * 12 + month - 1) as usize;
        let (first, next) = (self.starts.get(at)?, self.starts.get(at + 1)?);
        let found = first.0 + i32::try_from(day).ok()? - 1;
        (found < next.0).then_some(Day(found))
    }
}

/// A day and milliseconds after its midnight, counted as if the zone were UTC.
#[inline]
pub fn civil_millis(day: Day, millis_of_day: i64) -> Millis {
    Millis(i64::from(day.0) * DAY_SECS * 1000 + millis_of_day)
}

/// A chrono pattern such as `%d.%m.%Y %H:%M`, checked.
#[derive(Clone, Debug)]
pub struct TimePattern {
    items: Vec<Item<'static>>,
}

/// A pattern that chrono does not understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no time pattern; write it like %d.%m.%Y %H:%M:%S")]
pub struct BadPattern(pub String);

impl TimePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`BadPattern`] if it holds an unknown specifier or none at all.
    pub fn new(pattern: &str) -> Result<Self, BadPattern> {
        let wrong = || BadPattern(pattern.to_owned());
        let items = StrftimeItems::new(pattern)
            .parse_to_owned()
            .map_err(|_| wrong())?;
        let says_something = items
            .iter()
            .any(|item| matches!(item, Item::Numeric(..) | Item::Fixed(_)));
        says_something.then_some(Self { items }).ok_or_else(wrong)
    }

    /// Reads a time; a date alone is its midnight. `None` if the text does not fit the pattern.
    pub fn read(&self, text: &str) -> Option<Reading> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text.trim(), self.items.iter()).ok()?;
        if let Ok(at) = parsed.to_datetime() {
            return Some(Reading::Instant(Millis(at.timestamp_millis())));
        }
        let civil = parsed
            .to_naive_datetime_with_offset(0)
            .ok()
            .or_else(|| parsed.to_naive_date().ok()?.and_hms_opt(0, 0, 0))?;
        Some(Reading::Civil(Millis(civil.and_utc().timestamp_millis())))
    }
}

#[cfg(test)]
mod tests {
    use super::{Months, Reading, TimePattern};
    use crate::model::time::{Day, Millis};

    #[test]
    fn every_day_is_found_and_no_other() {
        let months = Months::default();
        assert_eq!(months.day(1970, 1, 1), Some(Day(0)));
        assert_eq!(months.day(2024, 2, 29), Day::parse("2024-02-29"));
        assert_eq!(months.day(2106, 12, 31), Day::parse("2106-12-31"));
        for (year, month, day) in [(2023, 2, 29), (2023, 13, 1), (2023, 0, 1), (2023, 1, 0)] {
            assert_eq!(months.day(year, month, day), None);
        }
        assert_eq!(months.day(1969, 12, 31), None);
        assert_eq!(months.day(2107, 1, 1), None);
    }

    #[test]
    fn patterns_read_times_dates_and_offsets() {
        let pattern = TimePattern::new("%d.%m.%Y %H:%M").unwrap();
        let want = Millis::parse("2025-06-07T14:59:00Z").unwrap();
        assert_eq!(pattern.read("7.6.2025 14:59"), Some(Reading::Civil(want)));
        assert_eq!(pattern.read("14:59"), None);
        let day = TimePattern::new("%Y%m%d").unwrap();
        let want = Millis::parse("2025-06-07T00:00:00Z").unwrap();
        assert_eq!(day.read("20250607"), Some(Reading::Civil(want)));
        let exact = TimePattern::new("%Y-%m-%d %H:%M %z").unwrap();
        let want = Millis::parse("2025-06-07T12:00:00Z").unwrap();
        assert_eq!(
            exact.read("2025-06-07 14:00 +0200"),
            Some(Reading::Instant(want))
        );
        assert!(TimePattern::new("%Q").is_err());
        assert!(TimePattern::new("soon").is_err());
    }
}
