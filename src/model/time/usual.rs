//! Instants in the form of nearly all that trackers send.

use super::{DAY_SECS, Day, Millis};

/// Reads `2026-11-23T09:00:30` with three decimals or none, then `Z`, `+0100` or `+01:00`. `None` if
/// it is written otherwise: the long way reads it, and gives the same for this form.
pub(super) fn read(text: &[u8]) -> Option<Millis> {
    let (head, rest) = text.split_first_chunk::<19>()?;
    let (decimals, offset) = match rest {
        [b'.', one, two, three, offset @ ..] => (number(&[*one, *two, *three])?, offset),
        offset => (0, offset),
    };
    let day = date(head)?;
    let seconds = i64::from(day.0) * DAY_SECS + clock(head)? - east(offset)?;
    Some(Millis(seconds * 1_000 + decimals))
}

fn date(head: &[u8; 19]) -> Option<Day> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', ..] = *head else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4])?;
    let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
    Day::from_ymd(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
}

/// Seconds after midnight; a leap second is for the long way.
fn clock(head: &[u8; 19]) -> Option<i64> {
    let [.., h1, h2, b':', m1, m2, b':', s1, s2] = *head else {
        return None;
    };
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?);
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3_600 + minute * 60 + second)
}

/// Seconds that an offset is east of UTC.
fn east(offset: &[u8]) -> Option<i64> {
    let (sign, h1, h2, m1, m2) = match *offset {
        [b'Z'] => return Some(0),
        [sign @ (b'+' | b'-'), h1, h2, m1, m2] | [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            (sign, h1, h2, m1, m2)
        }
        _ => return None,
    };
    let (hours, minutes) = (number(&[h1, h2])?, number(&[m1, m2])?);
    let seconds = hours * 3_600 + minutes * 60;
    let told = (hours < 24 && minutes < 60).then_some(seconds)?;
    Some(if sign == b'-' { -told } else { told })
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        Some(sum * 10 + digit)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::read;
    use crate::model::time::{Millis, instant};

    #[test]
    fn what_is_written_otherwise_is_left_to_the_long_way() {
        for text in [
            "2026-11-23T09:00:60Z",
            "2026-11-23T09:00:30.1Z",
            "2026-11-23 09:00:30Z",
            "2026-11-23T09:00:30",
            "2026-13-23T09:00:30Z",
            "2026-11-23T09:00:30+2400",
            "2026-11-23T09:00:30.+01Z",
            "",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
        let at = read(b"1969-12-31T23:59:59.999-0000");
        assert_eq!(at, Some(Millis(-1)));
    }

    proptest! {
        #[test]
        fn the_long_way_gives_the_same(
            (year, month, day) in (0..10_000, 0..14, 0..33),
            (hour, minute, second) in (0..26, 0..62, 0..62),
            (decimals, offset, form) in (0..1_000, (0..26, 0..62), any::<u8>()),
        ) {
            let end = match form % 5 {
                0 => "Z".to_owned(),
                1 => format!("+{:02}{:02}", offset.0, offset.1),
                2 => format!("-{:02}{:02}", offset.0, offset.1),
                3 => format!("+{:02}:{:02}", offset.0, offset.1),
                _ => format!("-{:02}:{:02}", offset.0, offset.1),
            };
            let decimals = if form > 127 { format!(".{decimals:03}") } else { String::new() };
            let text = format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{decimals}{end}"
            );
            if let Some(read) = read(text.as_bytes()) {
                prop_assert_eq!(Some(read), instant::parsed(&text), "{}", text);
            } else {
                let is_leap = second == 60;
                prop_assert_eq!(instant::parsed(&text).filter(|_| !is_leap), None, "{}", text);
            }
        }
    }
}
