//! Reads the times of one column, once it is known how they are written.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::order::DayOrder;
use super::stamp::{Stamp, Written};
use crate::model::time::{
    DAY_SECS, Day, Millis, Months, Reading, Sec, TimePattern, Zone, civil_millis,
};

const DAY_MILLIS: i64 = DAY_SECS * 1000;

/// What the times of a column say about their zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::connectors::file) struct Told {
    /// Whether any came with an offset, or as seconds since 1970.
    pub(in crate::connectors::file) offset: bool,
    /// Whether any came without.
    pub(in crate::connectors::file) civil: bool,
    /// How many came without that the clocks of the zone skip or show twice.
    pub(in crate::connectors::file) unclear: u32,
}

/// A month by what is written of it.
#[derive(Clone, Copy, Debug, Default)]
struct Month {
    /// As in `2023-05-`.
    text: [u8; 8],
    /// The day before its first.
    first: i32,
    days: u32,
}

/// Months that are kept at hand; a power of two.
const MONTHS: usize = 64;

/// Odd, its bits spread: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Reads times to the millisecond.
#[derive(Clone, Debug)]
pub(in crate::connectors::file) struct TimeReader {
    months: Months,
    /// Months read before, each at a place that its text says.
    known: [Month; MONTHS],
    order: DayOrder,
    pattern: Option<TimePattern>,
    zone: Zone,
    /// Milliseconds from civil to UTC time of the days without a change of clock.
    shifts: HashMap<Day, Option<i64>, FxBuildHasher>,
    is_utc: bool,
    told: Told,
}

impl TimeReader {
    /// Reads by `pattern` if there is one, else every form there is.
    pub(in crate::connectors::file) fn new(
        order: DayOrder,
        pattern: Option<TimePattern>,
        zone: Zone,
    ) -> Self {
        Self {
            months: Months::default(),
            known: [Month::default(); MONTHS],
            order,
            pattern,
            is_utc: zone == Zone::utc(),
            zone,
            shifts: HashMap::default(),
            told: Told::default(),
        }
    }

    /// One of the same zone that reads by a pattern.
    pub(in crate::connectors::file) fn with_pattern(&self, pattern: TimePattern) -> Self {
        Self::new(self.order, Some(pattern), self.zone.clone())
    }

    /// What was seen of offsets so far.
    pub(in crate::connectors::file) fn told(&self) -> Told {
        self.told
    }

    /// Forgets what was seen of offsets beyond this.
    pub(in crate::connectors::file) fn untell(&mut self, told: Told) {
        self.told = told;
    }

    /// Adds what another reader of the column saw of offsets.
    pub(in crate::connectors::file) fn tell(&mut self, told: Told) {
        self.told.offset |= told.offset;
        self.told.civil |= told.civil;
        self.told.unclear = self.told.unclear.saturating_add(told.unclear);
    }

    /// The instant a text means; `None` if it is no time from 1970 to 2106.
    #[inline]
    pub(in crate::connectors::file) fn read(&mut self, text: &[u8]) -> Option<Millis> {
        let reading = if self.pattern.is_none()
            && let Some(reading) = self.iso(text)
        {
            reading
        } else {
            self.other(std::str::from_utf8(text).ok()?)?
        };
        self.placed(reading)
    }

    /// The instant of a reading, if the model can hold it.
    #[inline]
    fn placed(&mut self, reading: Reading) -> Option<Millis> {
        let at = match reading {
            Reading::Instant(at) => {
                self.told.offset = true;
                at
            }
            Reading::Civil(civil) => {
                self.told.civil = true;
                if self.is_utc {
                    civil
                } else {
                    self.in_zone(civil)
                }
            }
        };
        at.is_in_range().then_some(at)
    }

    /// As [`Self::read`] of a text in the one form that most files hold, `None` for all others: the
    /// second, and the milliseconds after it.
    #[inline]
    pub(in crate::connectors::file) fn read_iso(&mut self, text: &[u8]) -> Option<(Sec, u16)> {
        if self.pattern.is_some() {
            return None;
        }
        let (head, tail) = text.split_first_chunk::<19>()?;
        let civil = self.civil(head)?;
        match tail {
            b"Z" => self.told.offset = true,
            b"" if self.is_utc => self.told.civil = true,
            _ => {
                let at = self.placed(with_zone(civil, tail)?)?;
                let ms = u16::try_from(at.0.rem_euclid(1000)).ok()?;
                return Some((at.floor_clamped(), ms));
            }
        }
        u32::try_from(civil).ok().map(|civil| (Sec(civil), 0))
    }

    /// `2023-05-31T08:04:10`, perhaps with a fraction, then nothing, `Z`, `+02:00` or `+0200`.
    #[inline]
    fn iso(&mut self, text: &[u8]) -> Option<Reading> {
        let (head, tail) = text.split_first_chunk::<19>()?;
        with_zone(self.civil(head)?, tail)
    }

    /// The seconds since 1970 that `2023-05-31T08:04:10` says, as if the zone were UTC.
    #[inline]
    fn civil(&mut self, head: &[u8; 19]) -> Option<i64> {
        let month = self.month(*head.first_chunk()?)?;
        let time = digits(*head.last_chunk()?, *b"00:00:00")?;
        if !matches!(head[10], b'T' | b' ') {
            return None;
        }
        let day = pair(head[8], head[9])?;
        let two = |byte: u32| u32::from(time.to_le_bytes()[byte as usize]);
        let (hour, minute, second) = (two(0), two(3), two(6));
        if hour > 23 || minute > 59 || second > 59 || day == 0 || day > month.days {
            return None;
        }
        let day = i64::from(month.first) + i64::from(day);
        Some(day * DAY_SECS + i64::from(hour * 3_600 + minute * 60 + second))
    }

    /// The month that `2023-05-` says.
    #[inline]
    fn month(&mut self, text: [u8; 8]) -> Option<Month> {
        let mixed = u64::from_le_bytes(text).wrapping_mul(MIX);
        let slot = usize::from(mixed.to_be_bytes()[0]) % MONTHS;
        let known = self.known[slot];
        if known.text == text {
            return Some(known);
        }
        let found = self.other_month(text)?;
        self.known[slot] = found;
        Some(found)
    }

    #[cold]
    fn other_month(&self, text: [u8; 8]) -> Option<Month> {
        let date = digits(text, *b"0000-00-")?;
        let two = |byte: u32| u32::from(date.to_le_bytes()[byte as usize]);
        let (year, month) = (two(0) * 100 + two(2), two(5));
        let first = self.months.day(year, month, 1)?;
        let has = |day: &u32| self.months.day(year, month, *day).is_some();
        Some(Month {
            text,
            first: first.0 - 1,
            days: (28..=31).rev().find(has)?,
        })
    }

    #[cold]
    fn other(&self, text: &str) -> Option<Reading> {
        if let Some(pattern) = &self.pattern {
            return pattern.read(text);
        }
        match Stamp::parse(text)? {
            Stamp::Epoch(at) => Some(Reading::Instant(Millis(at))),
            Stamp::Date {
                year,
                parts,
                written,
                time,
                offset,
            } => {
                let (month, day) = match written {
                    Written::Clear => parts,
                    Written::Numbers(_) => self.order.month_day(parts),
                };
                let civil = civil_millis(self.months.day(year, month, day)?, time);
                Some(match offset {
                    Some(east) => Reading::Instant(civil.plus_secs(-east)),
                    None => Reading::Civil(civil),
                })
            }
        }
    }

    /// Civil time of the zone to UTC. A day without a change of clock is looked up once.
    fn in_zone(&mut self, civil: Millis) -> Millis {
        let day = Day(i32::try_from(civil.0.div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX));
        let zone = &self.zone;
        let shift = self.shifts.entry(day).or_insert_with(|| {
            let midnight = civil_millis(day, 0);
            let shift = |at: Millis| zone.to_utc(at).0 - at.0;
            let steady = (0..=24).map(|hour| shift(midnight.plus_secs(hour * 3_600)));
            let first = shift(midnight);
            steady
                .into_iter()
                .all(|other| other == first)
                .then_some(first)
        });
        if let Some(shift) = *shift {
            return Millis(civil.0 + shift);
        }
        let unclear = u32::from(zone.is_unclear(civil));
        self.told.unclear = self.told.unclear.saturating_add(unclear);
        zone.to_utc(civil)
    }
}

/// Seconds of civil time, and what is written behind them: a fraction of a second, a zone.
fn with_zone(civil: i64, tail: &[u8]) -> Option<Reading> {
    let (ms, zone) = fraction(tail);
    let civil = Millis(civil * 1000 + ms);
    match zone {
        [b'Z'] => Some(Reading::Instant(civil)),
        [] => Some(Reading::Civil(civil)),
        [sign @ (b'+' | b'-'), h, i, b':', m, n] | [sign @ (b'+' | b'-'), h, i, m, n] => {
            let (hours, minutes) = (pair(*h, *i)?, pair(*m, *n)?);
            let east = i64::from(hours * 3_600 + minutes * 60);
            let east = if *sign == b'+' { east } else { -east };
            let is_zone = hours < 19 && minutes < 60;
            is_zone.then(|| Reading::Instant(civil.plus_secs(-east)))
        }
        _ => None,
    }
}

/// The milliseconds of a fraction, cut off behind the third digit, and what is written behind it.
fn fraction(tail: &[u8]) -> (i64, &[u8]) {
    let [b'.', rest @ ..] = tail else {
        return (0, tail);
    };
    let is_over = |byte: &u8| !byte.is_ascii_digit();
    let (digits, zone) = rest.split_at(rest.iter().position(is_over).unwrap_or(rest.len()));
    if digits.is_empty() {
        return (0, tail);
    }
    let three = digits.iter().chain(std::iter::repeat(&b'0')).take(3);
    let ms = three.fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'));
    (ms, zone)
}

/// Eight bytes at once: digits where `form` has a 0, its own bytes elsewhere. Each byte of the
/// answer holds the number that the digit there makes with the one after it.
#[inline]
fn digits(text: [u8; 8], form: [u8; 8]) -> Option<u64> {
    // Digits become 0 to 9 and separators 0. What is added carries into a byte's highest bit if
    // it is more than that.
    let most = u64::from_le_bytes(form.map(|byte| if byte == b'0' { 0x80 - 10 } else { 0x7f }));
    let values = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    let high = u64::from_le_bytes([0x80; 8]);
    if (((values & !high) + most) | values) & high != 0 {
        return None;
    }
    Some(values.wrapping_mul(10).wrapping_add(values >> 8))
}

/// The number of two digits.
#[inline]
fn pair(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

#[cfg(test)]
mod tests {
    use super::{DayOrder, TimeReader, Told};
    use crate::model::time::{Millis, TimePattern, Zone};

    fn reader(order: DayOrder, zone: &str) -> TimeReader {
        TimeReader::new(order, None, Zone::named(zone).unwrap())
    }

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        let mut reader = reader(DayOrder::DayFirst, "UTC");
        for text in [
            "2023-05-31T08:04:10Z",
            "2023-05-31 08:04:10Z",
            "2023-05-31T10:04:10+02:00",
            "2023-05-31T10:04:10+0200",
            "2023-05-31T03:34:10-04:30",
            "2023-05-31T08:04:10.000Z",
            "2023-05-31T10:04:10.0004567+0200",
            "2023-05-31 08:04:10.0",
            "2023-05-31 08:04:10",
            "31.5.2023 8:04:10",
            "31/05/2023 8:04:10 AM",
            "1685520250",
            "1685520250000",
        ] {
            let at = reader.read(text.as_bytes()).map(Millis::rfc3339);
            assert_eq!(at.as_deref(), Some("2023-05-31T08:04:10Z"), "{text}");
        }
        let both = Told {
            offset: true,
            civil: true,
            unclear: 0,
        };
        assert_eq!(reader.told(), both);
    }

    #[test]
    fn fractions_and_offsets_mean_the_same_both_ways() {
        let mut reader = reader(DayOrder::DayFirst, "Europe/Berlin");
        for fraction in ["", ".5", ".25", ".999", ".1234567", ".", ".x"] {
            for zone in ["", "Z", "+02:00", "-0430", "+18:59", "+1860", "+19:00", "X"] {
                let text = format!("2023-05-31T08:04:10{fraction}{zone}");
                let long = reader.other(&text);
                let long = long.and_then(|reading| reader.placed(reading));
                assert_eq!(reader.read(text.as_bytes()), long, "{text}");
                let quick = reader.read_iso(text.as_bytes());
                let quick = quick.map(|(at, ms)| Millis(at.millis().0 + i64::from(ms)));
                assert!(quick.is_none() || quick == long, "{text}");
            }
        }
    }

    #[test]
    fn impossible_times_are_none() {
        let mut reader = reader(DayOrder::MonthFirst, "UTC");
        for text in [
            "2023-02-29T08:00:00Z",
            "2023-13-01T08:00:00Z",
            "2023-01-01T24:00:01Z",
            "31/05/2023",
            "1969-12-31T23:59:59Z",
            "9999-01-01T00:00:00Z",
        ] {
            assert_eq!(reader.read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn civil_times_follow_the_zone_on_every_day() {
        let mut reader = reader(DayOrder::DayFirst, "Europe/Berlin");
        for (text, want) in [
            ("2026-03-28 12:00:00", "2026-03-28T11:00:00Z"),
            ("2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
            ("2026-03-29 03:00:00", "2026-03-29T01:00:00Z"),
            ("2026-03-30 12:00:00", "2026-03-30T10:00:00Z"),
            ("2026-10-25 23:00:00", "2026-10-25T22:00:00Z"),
        ] {
            let at = reader.read(text.as_bytes()).map(Millis::rfc3339);
            assert_eq!(at.as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn a_given_pattern_is_the_only_form() {
        let pattern = TimePattern::new("%d.%m.%y").unwrap();
        let mut reader = TimeReader::new(DayOrder::MonthFirst, Some(pattern), Zone::utc());
        let at = reader.read(b"07.06.25").map(Millis::rfc3339);
        assert_eq!(at.as_deref(), Some("2025-06-07T00:00:00Z"));
        assert_eq!(reader.read(b"2025-06-07T00:00:00Z"), None);
    }
}
