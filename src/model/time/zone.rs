//! Time zones: which instants make up a day.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{DAY_SECS, Day, Millis, Sec};

/// An IANA time zone with its changes of clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// A zone name that the tz database does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no time zone; use an IANA name such as Europe/Berlin, America/New_York or UTC")]
pub struct UnknownZone(pub String);

/// Other names of UTC that machines are set to.
const UTC_NAMES: [&str; 4] = ["Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu"];

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
        }
    }

    /// The machine's zone; UTC if the machine does not say or its zone has no name.
    pub fn local() -> Self {
        let rules = TimeZone::system();
        match rules.iana_name().map(str::to_owned) {
            Some(name) if !UTC_NAMES.contains(&name.as_str()) => Self { name, rules },
            _ => Self::utc(),
        }
    }

    /// The zone of an IANA name.
    ///
    /// # Errors
    /// [`UnknownZone`] if the tz database has no such name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        let rules = TimeZone::get(name).map_err(|_| UnknownZone(name.to_owned()))?;
        Ok(Self {
            name: rules.iana_name().unwrap_or(name).to_owned(),
            rules,
        })
    }

    /// The IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds to add to UTC at an instant.
    pub fn offset_secs(&self, at: Sec) -> i64 {
        Timestamp::from_second(i64::from(at.0))
            .map_or(0, |at| i64::from(self.rules.to_offset(at).seconds()))
    }

    /// The civil day that an instant lies in.
    pub fn day_of(&self, at: Sec) -> Day {
        let local = i64::from(at.0) + self.offset_secs(at);
        Day(i32::try_from(local.div_euclid(DAY_SECS)).unwrap_or(i32::MAX))
    }

    /// The first instant of a civil day. Where midnight is skipped, the first instant after it.
    pub fn start_of(&self, day: Day) -> Sec {
        let (year, month, date) = day.ymd();
        let civil = i16::try_from(year)
            .ok()
            .zip(i8::try_from(month).ok())
            .zip(i8::try_from(date).ok())
            .and_then(|((year, month), date)| Date::new(year, month, date).ok());
        let start = civil.and_then(|civil| civil.to_zoned(self.rules.clone()).ok());
        let seconds = start.map_or(i64::from(day.0) * DAY_SECS, |at| at.timestamp().as_second());
        Sec(u32::try_from(seconds.clamp(0, i64::from(u32::MAX))).unwrap_or(u32::MAX))
    }

    /// The UTC instant of civil seconds counted as if the zone were UTC. A time that the clocks
    /// skip is moved forward by the gap; of a time that comes twice the first is taken.
    pub fn to_utc(&self, civil: Millis) -> Millis {
        let as_utc = Timestamp::from_millisecond(civil.0).ok();
        as_utc
            .map(|at| TimeZone::UTC.to_datetime(at))
            .and_then(|civil| self.rules.to_timestamp(civil).ok())
            .map_or(civil, |at| Millis(at.as_millisecond()))
    }

    /// Whether the clocks skip this civil time or show it twice.
    pub fn is_unclear(&self, civil: Millis) -> bool {
        Timestamp::from_millisecond(civil.0).is_ok_and(|at| {
            let civil = TimeZone::UTC.to_datetime(at);
            self.rules.to_ambiguous_timestamp(civil).is_ambiguous()
        })
    }

    /// Civil time for people: `14:02`.
    pub fn hour_minute(&self, at: Sec) -> String {
        let local = (i64::from(at.0) + self.offset_secs(at)).rem_euclid(DAY_SECS);
        format!("{:02}:{:02}", local / 3_600, local / 60 % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, Millis, Sec, Zone};

    fn at(text: &str) -> Sec {
        Millis::parse(text).unwrap().floor().unwrap()
    }

    #[test]
    fn days_follow_the_zone_and_its_changes_of_clock() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        assert_eq!(
            berlin.day_of(at("2026-03-28T22:59:59Z")).to_string(),
            "2026-03-28"
        );
        assert_eq!(
            berlin.day_of(at("2026-03-28T23:00:00Z")).to_string(),
            "2026-03-29"
        );
        let spring = Day::parse("2026-03-29").unwrap();
        let length = berlin
            .start_of(spring.plus(1))
            .since(berlin.start_of(spring));
        assert_eq!(length, 23 * 3_600);
        let autumn = Day::parse("2026-10-25").unwrap();
        let length = berlin
            .start_of(autumn.plus(1))
            .since(berlin.start_of(autumn));
        assert_eq!(length, 25 * 3_600);
    }

    #[test]
    fn a_skipped_midnight_starts_after_the_gap() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let day = Day::parse("2018-11-04").unwrap();
        assert_eq!(zone.start_of(day), at("2018-11-04T03:00:00Z"));
        assert_eq!(zone.day_of(zone.start_of(day)), day);
    }

    #[test]
    fn civil_times_become_instants() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let civil = Millis::parse("2026-03-29T02:30:00Z").unwrap();
        assert_eq!(berlin.to_utc(civil).rfc3339(), "2026-03-29T01:30:00Z");
        let twice = Millis::parse("2026-10-25T02:30:00Z").unwrap();
        assert_eq!(berlin.to_utc(twice).rfc3339(), "2026-10-25T00:30:00Z");
        assert!(Zone::named("Europe/Atlantis").is_err());
    }
}
