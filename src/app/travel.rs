//! Travelling through time: how fast, beside what, to which day.

use std::sync::Arc;

use crate::metrics::Pulse;
use crate::model::time::{DAY_SECS, Day, Millis, Sec, Zone};

use super::{Animation, Seen};

/// How one travels.
#[derive(Clone, Debug)]
pub struct Travel {
    /// Seen from now or from a day past.
    pub seen: Seen,
    /// Whether time passes by itself.
    pub motion: Motion,
    /// How fast it passes then.
    pub pace: Pace,
    /// What the past is held beside.
    pub beside: Beside,
    /// How much happened when.
    pub pulse: Option<Arc<Pulse>>,
    /// The version of the snapshot that it was asked of.
    pub(super) pulse_asked: Option<u64>,
}

impl From<Seen> for Travel {
    /// Nowhere yet.
    fn from(seen: Seen) -> Self {
        Self {
            seen,
            motion: Motion::default(),
            pace: Pace::default(),
            beside: Beside::default(),
            pulse: None,
            pulse_asked: None,
        }
    }
}

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// It stands where it was put.
    #[default]
    Still,
    /// It passes until it is now.
    Playing,
}

/// What the past is held beside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    /// It is seen alone.
    #[default]
    Nothing,
    /// What is different now is marked.
    Now,
}

/// How much time passes in a second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// A day.
    Day,
    /// Three days.
    ThreeDays,
    /// A week.
    #[default]
    Week,
    /// Two weeks.
    TwoWeeks,
    /// Thirty days.
    Month,
}

/// Time is put on so often in a second while it passes and pictures move.
pub const FRAMES_A_SECOND: u32 = 5;

impl Pace {
    const ALL: [Self; 5] = [
        Self::Day,
        Self::ThreeDays,
        Self::Week,
        Self::TwoWeeks,
        Self::Month,
    ];

    /// In words.
    pub fn told(self) -> &'static str {
        match self {
            Self::Day => "a day a second",
            Self::ThreeDays => "3 days a second",
            Self::Week => "a week a second",
            Self::TwoWeeks => "2 weeks a second",
            Self::Month => "30 days a second",
        }
    }

    fn days(self) -> i64 {
        match self {
            Self::Day => 1,
            Self::ThreeDays => 3,
            Self::Week => 7,
            Self::TwoWeeks => 14,
            Self::Month => 30,
        }
    }

    /// Seconds that time is put on at once: those of a frame, or of a whole second where pictures
    /// stand still.
    pub(super) fn step(self, animation: Animation) -> i64 {
        let frames = match animation {
            Animation::On => FRAMES_A_SECOND,
            Animation::Off => 1,
        };
        self.days() * DAY_SECS / i64::from(frames)
    }

    /// The next pace, or this one if there is none.
    #[must_use]
    pub(super) fn other(self, faster: bool) -> Self {
        let at = self as usize;
        let there = if faster { at + 1 } else { at.saturating_sub(1) };
        Self::ALL.get(there).copied().unwrap_or(self)
    }
}

/// What is wrong with a typed date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no date: 2026-05-04, 3 weeks ago, 10d, yesterday")]
pub struct NoDate(String);

/// The instant that a typed date means, seen from `now`: the end of a day, or so much time ago.
///
/// # Errors
/// `NoDate` with what can be typed.
pub fn instant_of(text: &str, now: Sec, zone: &Zone) -> Result<Sec, NoDate> {
    let typed = text.trim().to_lowercase();
    let wrong = || NoDate(format!("\"{typed}\""));
    let end_of = |day: Day| zone.start_of(day.plus(1));
    let today = zone.day_of(now);
    match typed.as_str() {
        "" => return Err(NoDate("nothing typed".to_owned())),
        "now" | "today" => return Ok(now),
        "yesterday" => return Ok(end_of(today.plus(-1))),
        _ => {}
    }
    if let Some(day) = Day::parse(&typed) {
        return Ok(end_of(day));
    }
    if let Some(at) = Millis::parse(&typed.to_uppercase()).and_then(Millis::floor) {
        return Ok(at);
    }
    let back = seconds_of(typed.strip_suffix("ago").unwrap_or(&typed)).ok_or_else(wrong)?;
    Ok(now.plus(back.saturating_neg()))
}

/// Seconds of a number with a unit, in full or as one letter: `3 weeks`, `3w`.
fn seconds_of(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number = match number {
        "" if unit.starts_with("a ") || unit.starts_with("an ") => 1,
        digits => digits.parse::<i64>().ok()?,
    };
    let unit = unit.trim_start_matches("an ").trim_start_matches("a ");
    let seconds = match unit.trim().trim_end_matches('s') {
        "h" | "hour" => DAY_SECS / 24,
        "d" | "day" => DAY_SECS,
        "w" | "week" => 7 * DAY_SECS,
        "m" | "month" => 30 * DAY_SECS,
        "y" | "year" => 365 * DAY_SECS,
        _ => return None,
    };
    number.checked_mul(seconds)
}

#[cfg(test)]
mod tests {
    use super::{Animation, Pace, instant_of};
    use crate::model::time::{Millis, Sec, Zone};

    fn at(text: &str) -> Sec {
        Millis::parse(text).unwrap().floor().unwrap()
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let now = at("2026-11-23T13:02:00Z");
        let read = |text| instant_of(text, now, &zone);
        assert_eq!(
            read("2026-05-04"),
            Ok(at("2026-05-04T22:00:00Z")),
            "the day's end in Berlin"
        );
        for text in ["3 weeks ago", "3w", " 3 WEEKS", "21 days ago", "21d"] {
            assert_eq!(read(text), Ok(at("2026-11-02T13:02:00Z")), "{text}");
        }
        assert_eq!(read("a week ago"), read("7d"));
        assert_eq!(read("an hour ago"), Ok(at("2026-11-23T12:02:00Z")));
        assert_eq!(read("2 months"), read("60 days"));
        assert_eq!(read("yesterday"), Ok(at("2026-11-22T23:00:00Z")));
        assert_eq!(read("now"), Ok(now));
        assert_eq!(read("2026-05-04T10:00:00Z"), Ok(at("2026-05-04T10:00:00Z")));
    }

    #[test]
    fn what_is_no_date_says_what_is_one() {
        let zone = Zone::utc();
        for text in [
            "",
            "soon",
            "3 parsecs",
            "2026-13-40",
            "-3d",
            "99999999999999999999w",
            "w",
            "5",
        ] {
            let wrong = instant_of(text, Sec(86_400), &zone).unwrap_err();
            assert!(wrong.to_string().contains("3 weeks ago"), "{wrong}");
        }
    }

    #[test]
    fn paces_go_up_and_down_and_end() {
        assert_eq!(Pace::Week.other(true), Pace::TwoWeeks);
        assert_eq!(Pace::Day.other(false), Pace::Day);
        assert_eq!(Pace::Month.other(true), Pace::Month);
        assert_eq!(Pace::Day.step(Animation::On), 17_280);
    }
}
