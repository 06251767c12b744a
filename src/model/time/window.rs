//! Windows of time.

use std::fmt;

use super::{DAY_SECS, Day, Sec, Zone};

/// Half-open `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant inside.
    pub from: Sec,
    /// The first instant after.
    pub to: Sec,
}

impl Window {
    /// Whether an instant lies inside.
    pub fn contains(self, at: Sec) -> bool {
        self.from <= at && at < self.to
    }

    /// Length in seconds; 0 if it ends before it begins.
    pub fn seconds(self) -> i64 {
        self.to.since(self.from).max(0)
    }

    /// Seconds that `[from, to)` shares with the window.
    pub fn overlap(self, from: Sec, to: Sec) -> i64 {
        to.min(self.to).since(from.max(self.from)).max(0)
    }
}

/// A window as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowSpec {
    /// `90d`: so many times 24 hours before as-of.
    LastDays(u32),
    /// `2026-01-01..2026-03-31`: both days included, in the stream's zone.
    Dates(Day, Day),
}

impl Default for WindowSpec {
    fn default() -> Self {
        Self::LastDays(90)
    }
}

impl WindowSpec {
    /// Reads `90d`, `12w` or `2026-01-01..2026-03-31`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected =
            || format!("\"{text}\" is no window; use 90d, 12w or 2026-01-01..2026-03-31");
        if let Some((first, last)) = text.split_once("..") {
            let first = Day::parse(first).ok_or_else(expected)?;
            let last = Day::parse(last).ok_or_else(expected)?;
            if last < first {
                return Err(format!("the window {text} ends before it begins"));
            }
            return Ok(Self::Dates(first, last));
        }
        let seconds = super::parse_span(text).ok_or_else(expected)?;
        if seconds <= 0 || seconds % DAY_SECS != 0 {
            return Err(expected());
        }
        u32::try_from(seconds / DAY_SECS)
            .map(Self::LastDays)
            .map_err(|_| expected())
    }

    /// The instants it means, seen from `as_of`.
    pub fn resolve(self, as_of: Sec, zone: &Zone) -> Window {
        match self {
            Self::LastDays(days) => Window {
                from: as_of.plus(-i64::from(days) * DAY_SECS),
                to: as_of,
            },
            Self::Dates(first, last) => Window {
                from: zone.start_of(first),
                to: zone.start_of(last.plus(1)),
            },
        }
    }
}

impl fmt::Display for WindowSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LastDays(days) => write!(f, "{days}d"),
            Self::Dates(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sec, Window, WindowSpec, Zone};

    #[test]
    fn windows_are_read_and_resolved() {
        let as_of = Sec(100 * 86_400);
        let last = WindowSpec::parse("90d")
            .unwrap()
            .resolve(as_of, &Zone::utc());
        assert_eq!((last.from, last.to), (Sec(10 * 86_400), as_of));
        let dates = WindowSpec::parse("1970-01-02..1970-01-03").unwrap();
        let window = dates.resolve(as_of, &Zone::utc());
        assert_eq!((window.from, window.to), (Sec(86_400), Sec(3 * 86_400)));
        assert_eq!(window.overlap(Sec(0), Sec(90_000)), 3_600);
        assert!(window.contains(Sec(86_400)) && !window.contains(Sec(3 * 86_400)));
        assert!(WindowSpec::parse("soon").is_err());
        assert!(WindowSpec::parse("1970-01-03..1970-01-02").is_err());
        assert_eq!(dates.to_string(), "1970-01-02..1970-01-03");
        assert_eq!(
            Window {
                from: Sec(5),
                to: Sec(2)
            }
            .seconds(),
            0
        );
    }
}
