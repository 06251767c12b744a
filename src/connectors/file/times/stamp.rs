//! Takes a written time apart, whatever its form, without deciding what may be read two ways.

use super::words;

/// The parts of a written time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::connectors::file) enum Stamp {
    /// Milliseconds since 1970.
    Epoch(i64),
    /// A date, perhaps with a time.
    Date {
        /// Four digits.
        year: u32,
        /// Month and day, or day and month.
        parts: (u32, u32),
        /// Which of the two it is.
        written: Written,
        /// Milliseconds after midnight.
        time: i64,
        /// Seconds east of UTC, where it says so.
        offset: Option<i64>,
    },
}

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::connectors::file) enum Written {
    /// Month and day are told apart by their form.
    Clear,
    /// Two numbers before the year: either may be the day. The byte between them.
    Numbers(u8),
}

impl Stamp {
    /// Takes a text apart; `None` if it is no time. Digits alone are seconds, milliseconds,
    /// microseconds or nanoseconds since 1970, or `YYYYMMDD` with `HHMM` and `SS`, by their number.
    pub(in crate::connectors::file) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(stamp) = iso(text.as_bytes()) {
            return Some(stamp);
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) || text.len() > 64 {
            return None;
        }
        if let Some(digits) = digits_alone(text) {
            return digits;
        }
        let mut scan = Scan { rest: text };
        let (year, parts, written) = scan.date()?;
        scan.gap();
        let time = scan.time()?;
        let offset = scan.offset()?;
        let done = scan.rest.is_empty();
        done.then_some(Self::Date {
            year,
            parts,
            written,
            time,
            offset,
        })
    }
}

/// `2023-05-31T08:04:10` with or without `Z`, the form of most: the long way gives the same.
fn iso(text: &[u8]) -> Option<Stamp> {
    let (head, tail) = text.split_first_chunk::<19>()?;
    let offset = match tail {
        [] => None,
        [b'Z'] => Some(0),
        _ => return None,
    };
    let form = b"0000-00-00T00:00:00";
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        other => byte == other,
    };
    if !head.iter().zip(form).all(fits) {
        return None;
    }
    let two = |at: usize| u32::from(head[at] - b'0') * 10 + u32::from(head[at + 1] - b'0');
    Some(Stamp::Date {
        year: two(0) * 100 + two(2),
        parts: (two(5), two(8)),
        written: Written::Clear,
        time: clock(two(11), two(14), two(17))?,
        offset,
    })
}

/// Reads a text of digits only (with a fraction perhaps); `None` if it is none such.
#[expect(
    clippy::option_option,
    reason = "not digits alone, digits that are no time, or a time"
)]
fn digits_alone(text: &str) -> Option<Option<Stamp>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let compact = |format: &str| compact(whole, format.len());
    Some(match (whole.len(), fraction.is_empty()) {
        (8, true) => compact("YYYYMMDD"),
        (12, true) => compact("YYYYMMDDHHMM"),
        (14, true) => compact("YYYYMMDDHHMMSS"),
        (9 | 10, _) => Some(Stamp::Epoch(number * 1000 + thousandths(fraction))),
        (13, _) => Some(Stamp::Epoch(number)),
        (16, true) => Some(Stamp::Epoch(number / 1000)),
        (19, true) => Some(Stamp::Epoch(number / 1_000_000)),
        _ => None,
    })
}

fn compact(digits: &str, length: usize) -> Option<Stamp> {
    let part = |from: usize, to: usize| -> Option<u32> {
        if from >= length {
            return Some(0);
        }
        digits.get(from..to)?.parse().ok()
    };
    Some(Stamp::Date {
        year: part(0, 4)?,
        parts: (part(4, 6)?, part(6, 8)?),
        written: Written::Clear,
        time: clock(part(8, 10)?, part(10, 12)?, part(12, 14)?)?,
        offset: None,
    })
}

/// The first three decimals as a whole number.
fn thousandths(fraction: &str) -> i64 {
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    digits.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

fn clock(hour: u32, minute: u32, second: u32) -> Option<i64> {
    let midnight_after = hour == 24 && minute == 0 && second == 0;
    let valid = (hour < 24 || midnight_after) && minute < 60 && second < 61;
    let seconds = hour * 3_600 + minute * 60 + second.min(59);
    valid.then_some(i64::from(seconds) * 1000)
}

type DateParts = (u32, (u32, u32), Written);

struct Scan<'a> {
    rest: &'a str,
}

impl<'a> Scan<'a> {
    fn date(&mut self) -> Option<DateParts> {
        self.skip_weekday();
        if let Some(word) = self.word() {
            let month = words::month(word)?;
            let (day, _) = self.after_gap(2)?;
            return self.year(u32::from(month), day);
        }
        let (first, digits) = self.number()?;
        match digits {
            4 => self.year_first(first),
            8 => self.compact_date(first),
            1 | 2 => self.year_last(first),
            _ => None,
        }
    }

    fn skip_weekday(&mut self) {
        let before = self.rest;
        match self.word() {
            Some(word) if words::is_weekday(word) && words::month(word).is_none() => {
                self.separators();
            }
            _ => self.rest = before,
        }
    }

    fn year_first(&mut self, year: u32) -> Option<DateParts> {
        self.separator()?;
        let month = self.month_or_number()?;
        self.separator()?;
        let (day, digits) = self.number()?;
        (digits <= 2).then_some((year, (month, day), Written::Clear))
    }

    fn compact_date(&mut self, digits: u32) -> Option<DateParts> {
        let joined = self.rest.starts_with(['T', 't', ' ']);
        let parts = (digits / 100 % 100, digits % 100);
        joined.then_some((digits / 10_000, parts, Written::Clear))
    }

    fn year_last(&mut self, first: u32) -> Option<DateParts> {
        let between = *self.rest.as_bytes().first()?;
        self.separators();
        if let Some(word) = self.word() {
            let month = words::month(word)?;
            return self.year(u32::from(month), first);
        }
        let (second, digits) = self.number()?;
        let same = self.rest.as_bytes().first() == Some(&between);
        if digits > 2 || !same || !matches!(between, b'/' | b'.' | b'-') {
            return None;
        }
        let (year, _, _) = self.year(1, 1)?;
        Some((year, (first, second), Written::Numbers(between)))
    }

    /// The year at the end of a date, of four or two digits.
    fn year(&mut self, month: u32, day: u32) -> Option<DateParts> {
        self.separators();
        let (year, digits) = self.number()?;
        let year = match digits {
            4 => year,
            2 if year < 70 => 2000 + year,
            2 => 1900 + year,
            _ => return None,
        };
        Some((year, (month, day), Written::Clear))
    }

    fn month_or_number(&mut self) -> Option<u32> {
        if let Some(word) = self.word() {
            return words::month(word).map(u32::from);
        }
        self.number().map(|(number, _)| number)
    }

    /// Whatever may stand between date and time.
    fn gap(&mut self) {
        self.separators();
        let before = self.rest;
        match self.word() {
            Some(word) if words::joins(word) => self.separators(),
            _ => self.rest = before,
        }
    }

    /// Milliseconds after midnight; 0 if the text ends here.
    fn time(&mut self) -> Option<i64> {
        if self.rest.is_empty() {
            return Some(0);
        }
        let (hour, digits) = self.number()?;
        let (hour, minute, second) = match digits {
            6 => (hour / 10_000, hour / 100 % 100, hour % 100),
            4 => (hour / 100, hour % 100, 0),
            1 | 2 => self.minutes(hour)?,
            _ => return None,
        };
        let fraction = self.fraction();
        let hour = self.half_of_day(hour)?;
        Some(clock(hour, minute, second)? + fraction)
    }

    fn minutes(&mut self, hour: u32) -> Option<(u32, u32, u32)> {
        if !self.take([':']) {
            // An hour alone is a time only with its half of the day: "8 AM".
            return self.rest.trim_start().get(..1).map(|_| (hour, 0, 0));
        }
        let (minute, _) = self.number()?;
        let second = if self.take([':']) {
            self.number()?.0
        } else {
            0
        };
        Some((hour, minute, second))
    }

    fn fraction(&mut self) -> i64 {
        if !self.rest.starts_with(['.', ',']) {
            return 0;
        }
        let digits = &self.rest[1..];
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        self.rest = &digits[length..];
        thousandths(&digits[..length])
    }

    fn half_of_day(&mut self, hour: u32) -> Option<u32> {
        let before = self.rest;
        self.rest = self.rest.trim_start();
        let word = self.word().unwrap_or_default();
        let Some(add) = words::half_day(word) else {
            self.rest = before;
            return Some(hour);
        };
        for dotted in [".m.", ".M.", "."] {
            self.rest = self.rest.strip_prefix(dotted).unwrap_or(self.rest);
        }
        (1..=12).contains(&hour).then_some(hour % 12 + add)
    }

    /// Seconds east of UTC at the end of the text.
    #[expect(
        clippy::option_option,
        reason = "not readable, without an offset, or with one"
    )]
    fn offset(&mut self) -> Option<Option<i64>> {
        self.rest = self.rest.trim_start();
        if self.rest.is_empty() {
            return Some(None);
        }
        if let Some(word) = self.word() {
            return (words::is_utc(word) && self.rest.is_empty()).then_some(Some(0));
        }
        let sign = if self.take(['-', '\u{2212}']) { -1 } else { 1 };
        if sign == 1 && !self.take(['+']) {
            return None;
        }
        let (number, digits) = self.number()?;
        let (hours, minutes) = match digits {
            4 => (number / 100, number % 100),
            1 | 2 if self.take([':']) => (number, self.number()?.0),
            1 | 2 => (number, 0),
            _ => return None,
        };
        let valid = hours < 19 && minutes < 60;
        valid.then_some(Some(sign * i64::from(hours * 3_600 + minutes * 60)))
    }

    /// Digits as a number, and how many there are.
    fn number(&mut self) -> Option<(u32, usize)> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let number = self.rest.get(..length)?.parse().ok()?;
        self.rest = &self.rest[length..];
        Some((number, length))
    }

    /// Letters.
    fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|letter: char| !letter.is_alphabetic());
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if word.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(word)
    }

    fn after_gap(&mut self, most: usize) -> Option<(u32, usize)> {
        self.separators();
        self.number().filter(|(_, digits)| *digits <= most)
    }

    fn separator(&mut self) -> Option<()> {
        self.take(['-', '/', '.', ' ']).then_some(())
    }

    fn separators(&mut self) {
        let ends = |letter: char| !matches!(letter, ' ' | ',' | '.' | '-' | '/' | '\u{a0}');
        self.rest = self.rest.trim_start_matches(|letter| !ends(letter));
    }

    fn take<const N: usize>(&mut self, any_of: [char; N]) -> bool {
        match self.rest.strip_prefix(any_of) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Stamp, Written};

    const CLEAR: Written = Written::Clear;
    const SLASH: Written = Written::Numbers(b'/');

    type Parts = (u32, u32, u32, i64, Option<i64>, Written);

    fn parts(text: &str) -> Option<Parts> {
        match Stamp::parse(text)? {
            Stamp::Date {
                year,
                parts,
                written,
                time,
                offset,
            } => Some((year, parts.0, parts.1, time, offset, written)),
            Stamp::Epoch(_) => None,
        }
    }

    const fn at(hour: i64, minute: i64, second: i64) -> i64 {
        (hour * 3_600 + minute * 60 + second) * 1000
    }

    /// Texts with year, month or first number, day or second number, milliseconds, offset.
    #[rustfmt::skip]
    const FORMS: [(&str, Parts); 20] = [
        ("2025-06-07", (2025, 6, 7, 0, None, CLEAR)),
        ("2025-06-07T14:59", (2025, 6, 7, at(14, 59, 0), None, CLEAR)),
        ("2025-06-07 14:59:28.25", (2025, 6, 7, at(14, 59, 28) + 250, None, CLEAR)),
        ("2025-06-07T14:59:28,5+0200", (2025, 6, 7, at(14, 59, 28) + 500, Some(7_200), CLEAR)),
        ("2025-06-07T14:59:28 +02:00", (2025, 6, 7, at(14, 59, 28), Some(7_200), CLEAR)),
        ("2025-06-07 14:59:28 UTC", (2025, 6, 7, at(14, 59, 28), Some(0), CLEAR)),
        ("20250607T145928Z", (2025, 6, 7, at(14, 59, 28), Some(0), CLEAR)),
        ("20250607145928", (2025, 6, 7, at(14, 59, 28), None, CLEAR)),
        ("2014/10/22 11:15:41.000", (2014, 10, 22, at(11, 15, 41), None, CLEAR)),
        ("5/31/2023 8:04:10 AM", (2023, 5, 31, at(8, 4, 10), None, SLASH)),
        ("5/31/2023 12:04 am", (2023, 5, 31, at(0, 4, 0), None, SLASH)),
        ("5/31/23 12:04 p.m.", (2023, 5, 31, at(12, 4, 0), None, SLASH)),
        ("7.6.2025 14:59:28", (2025, 7, 6, at(14, 59, 28), None, Written::Numbers(b'.'))),
        ("07-06-2025", (2025, 7, 6, 0, None, Written::Numbers(b'-'))),
        ("07/Jun/25 8:04 PM", (2025, 6, 7, at(20, 4, 0), None, CLEAR)),
        ("7. Juni 2025 um 14:59", (2025, 6, 7, at(14, 59, 0), None, CLEAR)),
        ("Jun 7, 2025, 2:59 PM", (2025, 6, 7, at(14, 59, 0), None, CLEAR)),
        ("Sat, 07 Jun 2025 14:59:28 GMT", (2025, 6, 7, at(14, 59, 28), Some(0), CLEAR)),
        ("1 déc. 2025 09:00", (2025, 12, 1, at(9, 0, 0), None, CLEAR)),
        ("2025-06-07 24:00", (2025, 6, 7, at(24, 0, 0), None, CLEAR)),
    ];

    #[test]
    fn the_forms_of_many_tools_are_taken_apart() {
        for (text, want) in FORMS {
            assert_eq!(parts(text), Some(want), "{text}");
        }
    }

    #[test]
    fn digits_alone_are_told_by_their_number() {
        assert_eq!(
            Stamp::parse("1672531200"),
            Some(Stamp::Epoch(1_672_531_200_000))
        );
        assert_eq!(
            Stamp::parse("1672531200.25"),
            Some(Stamp::Epoch(1_672_531_200_250))
        );
        assert_eq!(
            Stamp::parse("1672531200123"),
            Some(Stamp::Epoch(1_672_531_200_123))
        );
        assert_eq!(
            Stamp::parse("1672531200123456"),
            Some(Stamp::Epoch(1_672_531_200_123))
        );
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "soon",
            "12",
            "1.2.3",
            "v1.2.2020",
            "PAY-2023",
            "2025-06",
            "1-109135791",
            "5/31/2023 25:00",
            "5/31/2023 8:61",
            "5/31/2023 13:00 PM",
            "2025-06-07 14:59 CEST",
            "2025-06-07 14:59:28 +25:00",
            "7/6.2025",
            "192.168.10.12",
            "2025-06-07 8",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }
}
