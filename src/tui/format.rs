//! Numbers and times as people read them.

use crate::model::time::{Millis, Sec, TimeRule, Zone, days};

/// A span of seconds in the unit that says most: `40 min`, `5 h`, `4.2 d`, `41 d`.
pub(crate) fn span(seconds: i64) -> String {
    match seconds {
        ..60 => format!("{} s", seconds.max(0)),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..864_000 => format!("{:.1} d", days(seconds)),
        _ => format!("{:.0} d", days(seconds)),
    }
}

/// A span in the time it was measured in. Of working days there are only days: an hour of theirs
/// is none of the clock.
pub(crate) fn span_in(time: TimeRule, seconds: i64) -> String {
    match (time, seconds) {
        (TimeRule::Elapsed, _) => span(seconds),
        (TimeRule::Working, ..=0) => "0 d".to_owned(),
        (TimeRule::Working, ..8_640) => "<0.1 d".to_owned(),
        (TimeRule::Working, ..864_000) => format!("{:.1} d", days(seconds)),
        (TimeRule::Working, _) => format!("{:.0} d", days(seconds)),
    }
}

/// How long ago something was, to the minute: it stays true until the next minute.
pub(crate) fn ago(now: Millis, then: Millis) -> String {
    match (now.0 - then.0).div_euclid(1000) {
        ..60 => "<1 min".to_owned(),
        seconds => span(seconds),
    }
}

/// Items a day: `12`, `2.4`, `.05`, `0`.
pub(crate) fn rate(a_day: f64) -> String {
    match a_day {
        rate if rate >= 9.95 => format!("{rate:.0}"),
        rate if rate >= 0.05 => format!("{rate:.1}"),
        rate if rate >= 0.005 => format!("{rate:.2}").trim_start_matches('0').to_owned(),
        _ => "0".to_owned(),
    }
}

/// A share as a whole percentage: `14 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A day and a time in a zone: `Mon 23 Nov 2026 14:02`.
pub(crate) fn instant(at: Sec, zone: &Zone) -> String {
    format!("{} {}", zone.day_of(at).long(), zone.hour_minute(at))
}

/// A day and a time, short: `23 Nov 14:02`.
pub(crate) fn short_instant(at: Sec, zone: &Zone) -> String {
    format!("{} {}", zone.day_of(at).short(), zone.hour_minute(at))
}

/// A day in at most 8 cells: `23 Nov`, or `Nov 2024` where its year is not that of `seen`.
pub(crate) fn day(at: Sec, seen: Sec, zone: &Zone) -> String {
    let (day, seen) = (zone.day_of(at), zone.day_of(seen));
    if day.same_year(seen) {
        day.short()
    } else {
        day.month()
    }
}

/// A day and a time, `23 Nov 14:02`, or `23 Nov 2024` where its year is not that of `seen`.
pub(crate) fn moment(at: Sec, seen: Sec, zone: &Zone) -> String {
    if zone.day_of(at).same_year(zone.day_of(seen)) {
        short_instant(at, zone)
    } else {
        zone.day_of(at).with_year()
    }
}

/// The place of a zone: `Berlin` for `Europe/Berlin`.
pub(crate) fn place(zone: &Zone) -> String {
    let name = zone.name();
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

/// "1 item", "3 items".
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{number} {noun}")
}

#[cfg(test)]
mod tests {
    use super::{day, moment, rate, span, span_in};
    use crate::model::time::{Sec, TimeRule, Zone};

    #[test]
    fn another_year_is_named() {
        // 2026-11-23 14:02, 2026-01-02 00:00 and 2024-02-29 00:00 in UTC.
        let (seen, same, other) = (1_795_442_520, 1_767_312_000, 1_709_164_800);
        let zone = Zone::utc();
        let told = |at| {
            (
                day(Sec(at), Sec(seen), &zone),
                moment(Sec(at), Sec(seen), &zone),
            )
        };
        assert_eq!(told(same), ("2 Jan".into(), "2 Jan 00:00".into()));
        assert_eq!(told(other), ("Feb 2024".into(), "29 Feb 2024".into()));
    }

    #[test]
    fn spans_and_rates_are_short() {
        let spans = [-5, 59, 60, 7_200, 362_880, 3_542_400].map(span);
        assert_eq!(spans, ["0 s", "59 s", "1 min", "2 h", "4.2 d", "41 d"]);
        let worked = [-5, 0, 60, 43_200, 362_880, 3_542_400];
        let worked = worked.map(|span| span_in(TimeRule::Working, span));
        assert_eq!(worked, ["0 d", "0 d", "<0.1 d", "0.5 d", "4.2 d", "41 d"]);
        assert_eq!(span_in(TimeRule::Elapsed, 7_200), "2 h");
        assert_eq!(
            [0.0, 0.02, 0.31, 2.44, 12.4].map(rate),
            ["0", ".02", "0.3", "2.4", "12"]
        );
    }
}
