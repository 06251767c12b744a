//! Working time: which hours of which days count.

use std::fmt;

use super::{Day, Sec, Weekday, Zone};

/// Working days and hours in a zone. The default counts every second.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// Working days of the week, Monday first.
    pub workdays: [bool; 7],
    /// Working hours as seconds after midnight, `[start, end)`.
    pub hours: (i64, i64),
    /// Days off, sorted.
    pub holidays: Vec<Day>,
}

/// What is wrong with a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not `HH:MM-HH:MM` or empty.
    #[error("\"{0}\" are no working hours; use 09:00-17:00, from earlier to later")]
    Hours(String),
    /// Not a day of the week.
    #[error("\"{0}\" is no working day; use mon, tue, wed, thu, fri, sat, sun")]
    Weekday(String),
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            workdays: [true; 7],
            hours: (0, super::DAY_SECS),
            holidays: Vec::new(),
        }
    }
}

impl Calendar {
    /// Reads `09:00-17:00`; `24:00` ends a day.
    ///
    /// # Errors
    /// [`CalendarError::Hours`] if it is no such text or ends before it begins.
    pub fn parse_hours(text: &str) -> Result<(i64, i64), CalendarError> {
        let wrong = || CalendarError::Hours(text.to_owned());
        let (start, end) = text.split_once('-').ok_or_else(wrong)?;
        let (start, end) = (clock_time(start), clock_time(end));
        match (start, end) {
            (Some(start), Some(end)) if start < end => Ok((start, end)),
            _ => Err(wrong()),
        }
    }

    /// Reads `mon` to `sun`, or the whole name.
    ///
    /// # Errors
    /// [`CalendarError::Weekday`] if it is none.
    pub fn parse_weekday(text: &str) -> Result<Weekday, CalendarError> {
        text.parse()
            .map_err(|_| CalendarError::Weekday(text.to_owned()))
    }

    /// Whether a day has working hours.
    pub fn is_workday(&self, day: Day) -> bool {
        let of_week = day.weekday().num_days_from_monday() as usize;
        self.workdays[of_week] && self.holidays.binary_search(&day).is_err()
    }

    /// Seconds of working hours that make a working day.
    pub fn day_secs(&self) -> i64 {
        (self.hours.1 - self.hours.0).max(1)
    }

    /// Whether every second counts, so that working time is elapsed time.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Stretches of working days of a week, from Monday on, each by its first and last.
    fn runs(&self) -> Vec<(Weekday, Weekday)> {
        let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
        let mut day = Weekday::Mon;
        for works in self.workdays {
            let follows = |run: &&mut (Weekday, Weekday)| run.1.succ() == day;
            match runs.last_mut().filter(follows) {
                Some(run) if works => run.1 = day,
                _ if works => runs.push((day, day)),
                _ => {}
            }
            day = day.succ();
        }
        runs
    }

    /// Seconds of working time in `[from, to)`; 0 if it ends before it begins.
    pub fn working_secs(&self, from: Sec, to: Sec, zone: &Zone) -> i64 {
        if to <= from || self.is_always() {
            return to.since(from).max(0);
        }
        let (first, last) = (zone.day_of(from), zone.day_of(to));
        (first.0..=last.0)
            .map(Day)
            .filter(|day| self.is_workday(*day))
            .map(|day| self.working_secs_of_day(day, from, to, zone))
            .sum()
    }

    fn working_secs_of_day(&self, day: Day, from: Sec, to: Sec, zone: &Zone) -> i64 {
        let clock = |seconds: i64| {
            let midnight = super::Millis(i64::from(day.0) * super::DAY_SECS * 1000);
            zone.to_utc(midnight.plus_secs(seconds)).floor_clamped()
        };
        let (open, close) = (clock(self.hours.0), clock(self.hours.1));
        close.min(to).since(open.max(from)).max(0)
    }
}

/// Days that follow one another and hours: `Mon-Fri 09:00-17:00, 2 holidays`.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs: Vec<String> = self.runs().into_iter().map(run_text).collect();
        let clock = |seconds: i64| format!("{:02}:{:02}", seconds / 3_600, seconds / 60 % 60);
        let (opens, closes) = self.hours;
        write!(f, "{} {}-{}", runs.join(", "), clock(opens), clock(closes))?;
        match self.holidays.len() {
            0 => Ok(()),
            1 => f.write_str(", 1 holiday"),
            days => write!(f, ", {days} holidays"),
        }
    }
}

/// `Mon`, `Sat, Sun` or `Mon-Fri`.
fn run_text((first, last): (Weekday, Weekday)) -> String {
    if first == last {
        return first.to_string();
    }
    let sign = if first.succ() == last { ", " } else { "-" };
    format!("{first}{sign}{last}")
}

fn clock_time(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let seconds = hour * 3_600 + minute * 60;
    let valid = (0..=24).contains(&hour) && (0..60).contains(&minute) && seconds <= 86_400;
    valid.then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::super::Millis;
    use super::{Calendar, Day, Sec, Zone};

    fn at(text: &str) -> Sec {
        Millis::parse(text).unwrap().floor().unwrap()
    }

    #[test]
    fn only_working_hours_of_working_days_count() {
        let mut calendar = Calendar {
            hours: Calendar::parse_hours("09:00-17:00").unwrap(),
            ..Calendar::default()
        };
        calendar.workdays[5] = false;
        calendar.workdays[6] = false;
        calendar.holidays = vec![Day::parse("2026-11-24").unwrap()];
        let zone = Zone::named("Europe/Berlin").unwrap();
        // Friday 16:00 to Wednesday 10:00, Tuesday off: 1 h + 8 h (Monday) + 1 h.
        let seconds = calendar.working_secs(
            at("2026-11-20T15:00:00Z"),
            at("2026-11-25T09:00:00Z"),
            &zone,
        );
        assert_eq!(seconds, 10 * 3_600);
    }

    #[test]
    fn a_calendar_is_told_in_short() {
        let told = |days: &str, hours: &str, holidays: &[&str]| {
            let works = |day: char| day == 'x';
            let day = |text: &&str| Day::parse(text).unwrap();
            let calendar = Calendar {
                workdays: days
                    .chars()
                    .map(works)
                    .collect::<Vec<_>>()
                    .try_into()
                    .unwrap(),
                hours: Calendar::parse_hours(hours).unwrap(),
                holidays: holidays.iter().map(day).collect(),
            };
            calendar.to_string()
        };
        assert_eq!(told("xxxxx--", "09:00-17:00", &[]), "Mon-Fri 09:00-17:00");
        let two = ["2026-12-25", "2026-12-26"];
        assert_eq!(
            told("x-xx-xx", "07:30-24:00", &two),
            "Mon, Wed, Thu, Sat, Sun 07:30-24:00, 2 holidays"
        );
        assert_eq!(told("xxxxxxx", "00:00-24:00", &[]), "Mon-Sun 00:00-24:00");
    }

    #[test]
    fn hours_are_checked() {
        assert!(Calendar::parse_hours("17:00-09:00").is_err());
        assert!(Calendar::parse_hours("9-17").is_err());
        assert_eq!(Calendar::parse_hours("00:00-24:00"), Ok((0, 86_400)));
        assert!(Calendar::parse_weekday("funday").is_err());
    }
}
