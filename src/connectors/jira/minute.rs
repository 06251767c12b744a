//! Instants as JQL writes them: whole minutes of the clock on the asking user's wall.

use crate::model::time::{Millis, Zone};

/// Seconds that the westernmost clocks are behind UTC: nobody's wall shows an earlier time.
const WESTERNMOST: i64 = 12 * 3_600;

/// Within so many seconds of a change of clock a time on the wall can come twice.
const NEAR: i64 = 3 * 3_600;

/// A time on the wall that is not later than `at`, `2026-11-23 09:00`.
///
/// Where clocks are put back a time comes twice, and Jira does not say which of the two it takes.
/// Near such a change, and where the user's zone is not known, the time is some hours earlier:
/// what is then listed twice is not fetched twice.
pub(super) fn text(at: Millis, zone: Option<&Zone>) -> String {
    let wall = match zone {
        Some(zone) => on_the_wall(surely_once(at, zone), zone),
        None => at.plus_secs(-WESTERNMOST),
    };
    let text = wall.floor_clamped().rfc3339();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

fn on_the_wall(at: Millis, zone: &Zone) -> Millis {
    at.plus_secs(zone.offset_secs(at.floor_clamped()))
}

fn surely_once(at: Millis, zone: &Zone) -> Millis {
    let offset = |seconds| zone.offset_secs(at.plus_secs(seconds).floor_clamped());
    if offset(-NEAR) == offset(NEAR) {
        at
    } else {
        at.plus_secs(-2 * NEAR)
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::model::time::{Millis, Zone};

    fn at(text: &str) -> Millis {
        Millis::parse(text).unwrap()
    }

    #[test]
    fn minutes_are_those_of_the_users_clock() {
        let zone = |name| Zone::named(name).unwrap();
        let noon = at("2026-07-01T12:00:59.999Z");
        assert_eq!(text(noon, Some(&zone("UTC"))), "2026-07-01 12:00");
        assert_eq!(text(noon, Some(&zone("Europe/Berlin"))), "2026-07-01 14:00");
        assert_eq!(
            text(noon, Some(&zone("Asia/Kathmandu"))),
            "2026-07-01 17:45"
        );
        assert_eq!(
            text(noon, Some(&zone("America/New_York"))),
            "2026-07-01 08:00"
        );
        assert_eq!(text(noon, None), "2026-07-01 00:00");
    }

    /// However a server reads a time that comes twice, it is not after what was meant.
    #[test]
    fn no_reading_is_later_than_the_instant() {
        for name in [
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "America/Sao_Paulo",
            "Asia/Kolkata",
        ] {
            let zone = Zone::named(name).unwrap();
            for minute in (0..365 * 24 * 60).step_by(37) {
                let instant = at("2018-01-01T00:00:00Z").plus_secs(minute * 60);
                let wall = at(&format!(
                    "{}:00Z",
                    text(instant, Some(&zone)).replace(' ', "T")
                ));
                let first = zone.to_utc(wall);
                // The other reading of a time that comes twice, if there is one.
                let later = (0..=12).map(|quarter| first.plus_secs(quarter * 900));
                let second = later
                    .filter(|at| at.plus_secs(zone.offset_secs(at.floor_clamped())) == wall)
                    .max()
                    .unwrap();
                assert!(second <= instant, "{name} {}", instant.rfc3339());
                assert!(second >= instant.plus_secs(-9 * 3_600));
            }
        }
    }
}
