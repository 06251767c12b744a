//! Names in times: months, days of the week, halves of the day.

/// Beginnings of the names of the months in English, German and French, lower case. A longer
/// beginning stands before one that is part of it.
const MONTHS: [(&str, u8); 23] = [
    ("jan", 1),
    ("jän", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("apr", 4),
    ("avr", 4),
    ("may", 5),
    ("mai", 5),
    ("jun", 6),
    ("juin", 6),
    ("juil", 7),
    ("jul", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("sep", 9),
    ("oct", 10),
    ("okt", 10),
    ("nov", 11),
];

const WEEKDAYS: [&str; 20] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so",
    "lun", "mer", "jeu", "ven", "sam", "dim",
];

/// The month that a word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<u8> {
    let word = word.to_lowercase();
    let starts = |beginning: &str| word.starts_with(beginning);
    if ["dec", "dez", "déc"].into_iter().any(starts) {
        return Some(12);
    }
    let found = MONTHS.iter().find(|(beginning, _)| starts(beginning));
    found.map(|(_, month)| *month)
}

/// Whether a word names a day of the week.
pub(super) fn is_weekday(word: &str) -> bool {
    let word = word.to_lowercase();
    WEEKDAYS.iter().any(|day| {
        let enough = day.len() > 2 || word.len() == 2;
        enough && word.starts_with(day)
    })
}

/// Whether a word may stand between date and time.
pub(super) fn joins(word: &str) -> bool {
    ["t", "at", "um", "à"].contains(&word.to_lowercase().as_str())
}

/// Hours to add for "am" (0) or "pm" (12), also written "a.m.".
pub(super) fn half_day(word: &str) -> Option<u32> {
    match word.to_lowercase().as_str() {
        "am" | "a" => Some(0),
        "pm" | "p" => Some(12),
        _ => None,
    }
}

/// Whether a word means an offset of zero.
pub(super) fn is_utc(word: &str) -> bool {
    ["z", "utc", "gmt"].contains(&word.to_lowercase().as_str())
}
