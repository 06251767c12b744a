//! Civil days and ISO weeks.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

/// Monday to Sunday.
pub use chrono::Weekday;

/// A civil day, counted from 1970-01-01 = 0. Which instants it holds depends on the zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i32);

const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

impl Day {
    /// The day with these parts, if there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        i32::try_from(date.signed_duration_since(EPOCH).num_days())
            .ok()
            .map(Self)
    }

    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
        Self::from_ymd(date.year(), date.month(), date.day())
    }

    /// Year, month (1 to 12), day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// The day `days` later, or earlier if negative.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The ISO week the day lies in.
    pub fn week(self) -> Week {
        let week = self.date().iso_week();
        Week {
            year: week.year(),
            number: week.week(),
        }
    }

    /// The Monday of the day's ISO week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus(-i32::try_from(self.weekday().num_days_from_monday()).unwrap_or(0))
    }

    /// Short for people: `23 Nov`.
    pub fn short(self) -> String {
        self.date().format("%-d %b").to_string()
    }

    /// For people who look back over years, where the day says less than the year: `Nov 2026`.
    pub fn month(self) -> String {
        self.date().format("%b %Y").to_string()
    }

    /// With its year, for people: `23 Nov 2026`.
    pub fn with_year(self) -> String {
        self.date().format("%-d %b %Y").to_string()
    }

    /// Whether two days lie in one calendar year.
    pub fn same_year(self, other: Self) -> bool {
        self.date().year() == other.date().year()
    }

    /// With the day of the week, for people: `Mon 23 Nov 2026`.
    pub fn long(self) -> String {
        self.date().format("%a %-d %b %Y").to_string()
    }

    fn date(self) -> NaiveDate {
        let days = Days::new(u64::from(self.0.unsigned_abs()));
        let moved = if self.0 < 0 {
            EPOCH.checked_sub_days(days)
        } else {
            EPOCH.checked_add_days(days)
        };
        moved.unwrap_or(EPOCH)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

/// An ISO 8601 week: Monday to Sunday, numbered from the week of the year's first Thursday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week {
    /// The week's year, which may differ from the day's.
    pub year: i32,
    /// 1 to 53.
    pub number: u32,
}

impl Week {
    /// Its first day.
    pub fn monday(self) -> Option<Day> {
        let first = Day::from_ymd(self.year, 1, 4)?.monday();
        let weeks = i32::try_from(self.number).ok()? - 1;
        Some(first.plus(7 * weeks))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Weekday};

    #[test]
    fn days_weeks_and_their_names() {
        let day = Day::parse("2026-01-01").unwrap();
        assert_eq!(day.to_string(), "2026-01-01");
        assert_eq!(day.weekday(), Weekday::Thu);
        assert_eq!(day.week().to_string(), "2026-W01");
        assert_eq!(day.monday().to_string(), "2025-12-29");
        assert_eq!(day.week().monday(), Some(day.monday()));
        assert_eq!(
            Day::parse("2021-01-03").unwrap().week().to_string(),
            "2020-W53"
        );
        assert_eq!(Day(0).to_string(), "1970-01-01");
        assert_eq!(Day(-1).to_string(), "1969-12-31");
        assert_eq!(Day::parse("2026-02-30"), None);
    }
}
