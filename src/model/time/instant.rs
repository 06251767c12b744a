//! Instants and spans.

use chrono::{DateTime, SecondsFormat, Utc};

use super::usual;

/// Milliseconds since 1970-01-01T00:00:00Z: what the history keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Millis(pub i64);

impl Millis {
    /// Reads RFC 3339, also with an offset without colon (`+0200`), a space for the `T`, or `Z`.
    /// `None` if the text is none of these.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        usual::read(text.as_bytes()).or_else(|| parsed(text))
    }

    /// Reads the date of an HTTP header: `Mon, 23 Nov 2026 09:00:30 GMT`.
    pub fn parse_http(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc2822(text.trim())
            .ok()
            .map(|at| Self(at.timestamp_millis()))
    }

    /// The whole second the instant lies in, if the model can hold it (1970 to 2106).
    pub fn floor(self) -> Option<Sec> {
        u32::try_from(self.0.div_euclid(1000)).ok().map(Sec)
    }

    /// Whether the model can hold the instant: [`Millis::floor`] gives something.
    #[inline]
    pub fn is_in_range(self) -> bool {
        (0..(i64::from(u32::MAX) + 1) * 1000).contains(&self.0)
    }

    /// As [`Millis::floor`], moved to the nearest end of what the model can hold.
    pub fn floor_clamped(self) -> Sec {
        let seconds = self.0.div_euclid(1000).clamp(0, i64::from(u32::MAX));
        Sec(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// The instant `seconds` later.
    #[must_use]
    pub fn plus_secs(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// RFC 3339 in UTC, with milliseconds only where there are any.
    pub fn rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp_millis(self.0).map_or_else(
            || self.0.to_string(),
            |at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        )
    }
}

/// Reads an instant in any of the forms of [`Millis::parse`].
pub(super) fn parsed(text: &str) -> Option<Millis> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%z"))
        .ok()
        .map(|at| Millis(at.timestamp_millis()))
}

/// Seconds since 1970-01-01T00:00:00Z, to 2106: what the model counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sec(pub u32);

impl Sec {
    /// The last instant the model can hold.
    pub const MAX: Self = Self(u32::MAX);

    /// Seconds from `earlier` to this instant; negative if `earlier` is later.
    pub fn since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// The instant `seconds` later (or earlier), held within what the model can hold.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        let moved = i64::from(self.0)
            .saturating_add(seconds)
            .clamp(0, i64::from(u32::MAX));
        Self(u32::try_from(moved).unwrap_or(u32::MAX))
    }

    /// The same instant in milliseconds.
    pub fn millis(self) -> Millis {
        Millis(i64::from(self.0) * 1000)
    }

    /// RFC 3339 in UTC.
    pub fn rfc3339(self) -> String {
        self.millis().rfc3339()
    }
}

/// An instant that may be missing, in four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MaybeSec(u32);

impl MaybeSec {
    /// No instant.
    pub const NONE: Self = Self(u32::MAX);

    /// The instant, if there is one.
    pub fn get(self) -> Option<Sec> {
        (self != Self::NONE).then_some(Sec(self.0))
    }
}

impl From<Option<Sec>> for MaybeSec {
    fn from(at: Option<Sec>) -> Self {
        at.map_or(Self::NONE, |at| Self(at.0))
    }
}

/// Reads a span: a whole number with `s`, `m` (minutes), `h`, `d`, `w`, or `y` (365 days).
/// Returns seconds.
pub fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = text.chars().next_back()?;
    let number = text.strip_suffix(unit)?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        'y' => 365 * 86_400,
        _ => return None,
    };
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<i64>().ok()?.checked_mul(factor)
}

/// Writes a span of seconds in the largest unit that holds it whole: `5d`, `36h`, `90s`.
pub fn span_text(seconds: i64) -> String {
    let (size, unit) = [(86_400, "d"), (3_600, "h"), (60, "m")]
        .into_iter()
        .find(|(size, _)| seconds != 0 && seconds % size == 0)
        .unwrap_or((1, "s"));
    format!("{}{unit}", seconds / size)
}

#[cfg(test)]
mod tests {
    use super::{Millis, parse_span, span_text};

    #[test]
    fn instants_are_read_with_any_offset_spelling() {
        let want = Some(Millis(1_630_902_866_239));
        assert_eq!(Millis::parse("2021-09-06T04:34:26.239+0000"), want);
        assert_eq!(Millis::parse("2021-09-06T04:34:26.239Z"), want);
        assert_eq!(Millis::parse("2021-09-06T12:34:26.239+08:00"), want);
        assert_eq!(Millis::parse("2021-09-06"), None);
        assert_eq!(Millis(1_630_902_866_000).rfc3339(), "2021-09-06T04:34:26Z");
        assert_eq!(
            Millis::parse_http("Mon, 06 Sep 2021 04:34:26 GMT"),
            Some(Millis(1_630_902_866_000))
        );
    }

    #[test]
    fn spans_are_read_and_written() {
        assert_eq!(parse_span("5d"), Some(432_000));
        assert_eq!(parse_span("36h"), Some(129_600));
        assert_eq!(parse_span("d"), None);
        assert_eq!(parse_span("5 days"), None);
        assert_eq!(span_text(432_000), "5d");
        assert_eq!(span_text(129_600), "36h");
        assert_eq!(span_text(90), "90s");
    }
}
