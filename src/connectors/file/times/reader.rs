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
}

/// Reads times to the millisecond.
#[derive(Clone, Debug)]
pub(in crate::connectors::file) struct TimeReader {
    months: Months,
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

    /// As [`Self::read`] of a text in the one form that most files hold; `None` for all others.
    #[inline]
    pub(in crate::connectors::file) fn read_iso(&mut self, text: &[u8]) -> Option<Sec> {
        if self.pattern.is_some() {
            return None;
        }
        let (head, tail) = text.split_first_chunk::<19>()?;
        let civil = self.civil(head)?;
        match tail {
            b"Z" => self.told.offset = true,
            b"" if self.is_utc => self.told.civil = true,
            _ => {
                let reading = self.iso(text)?;
                return self.placed(reading)?.floor();
            }
        }
        u32::try_from(civil).ok().map(Sec)
    }

    /// `2023-05-31T08:04:10`, then nothing, `Z`, or `+02:00`.
    #[inline]
    fn iso(&self, text: &[u8]) -> Option<Reading> {
        let (head, tail) = text.split_first_chunk::<19>()?;
        let civil = Millis(self.civil(head)? * 1000);
        match tail {
            [b'Z'] => Some(Reading::Instant(civil)),
            [] => Some(Reading::Civil(civil)),
            [sign @ (b'+' | b'-'), h, i, b':', m, n] => {
                let east = i64::from(pair(*h, *i)? * 3_600 + pair(*m, *n)? * 60);
                let east = if *sign == b'+' { east } else { -east };
                Some(Reading::Instant(civil.plus_secs(-east)))
            }
            _ => None,
        }
    }

    /// The seconds since 1970 that `2023-05-31T08:04:10` says, as if the zone were UTC.
    #[inline]
    fn civil(&self, head: &[u8; 19]) -> Option<i64> {
        let date = digits(*head.first_chunk()?, *b"0000-00-")?;
        let time = digits(*head.last_chunk()?, *b"00:00:00")?;
        if !matches!(head[10], b'T' | b' ') {
            return None;
        }
        let day = pair(head[8], head[9])?;
        let two = |pairs: u64, byte: u32| u32::from(pairs.to_le_bytes()[byte as usize]);
        let year = two(date, 0) * 100 + two(date, 2);
        let day = self.months.day(year, two(date, 5), day)?;
        let (hour, minute, second) = (two(time, 0), two(time, 3), two(time, 6));
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        Some(i64::from(day.0) * DAY_SECS + i64::from(hour * 3_600 + minute * 60 + second))
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
        match shift {
            Some(shift) => Millis(civil.0 + *shift),
            None => zone.to_utc(civil),
        }
    }
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
        };
        assert_eq!(reader.told(), both);
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
