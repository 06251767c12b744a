//! Day first or month first: the evidence of a whole column.

use super::stamp::{Stamp, Written};

/// Which of two numbers before a year is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::connectors::file) enum DayOrder {
    /// `31/5/2023`.
    DayFirst,
    /// `5/31/2023`.
    #[default]
    MonthFirst,
}

impl DayOrder {
    /// Month and day of two numbers.
    pub(super) fn month_day(self, parts: (u32, u32)) -> (u32, u32) {
        match self {
            Self::MonthFirst => parts,
            Self::DayFirst => (parts.1, parts.0),
        }
    }

    /// For people: `day first`.
    pub(in crate::connectors::file) fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day first",
            Self::MonthFirst => "month first",
        }
    }
}

/// What the dates seen so far say about their order.
#[derive(Clone, Debug, Default)]
pub(in crate::connectors::file) struct Evidence {
    /// Dates of two numbers before the year.
    pub(in crate::connectors::file) numbers: u64,
    first_is_day: u64,
    second_is_day: u64,
    separator: u8,
    /// Steps between one date and the next, days, summed under either reading.
    steps: [u64; 2],
    before: Option<[i64; 2]>,
}

impl Evidence {
    /// Takes a date into account.
    pub(in crate::connectors::file) fn add(&mut self, stamp: Stamp) {
        let Stamp::Date {
            year,
            parts,
            written: Written::Numbers(separator),
            ..
        } = stamp
        else {
            return;
        };
        self.numbers += 1;
        self.separator = separator;
        let is_day = |number: u32| (13..=31).contains(&number);
        self.first_is_day += u64::from(is_day(parts.0));
        self.second_is_day += u64::from(is_day(parts.1));
        self.step(year, parts);
    }

    fn step(&mut self, year: u32, parts: (u32, u32)) {
        let rough = |(month, day): (u32, u32)| i64::from(year * 372 + month * 31 + day);
        let now =
            [DayOrder::DayFirst, DayOrder::MonthFirst].map(|order| rough(order.month_day(parts)));
        if let Some(before) = self.before {
            for at in 0..2 {
                self.steps[at] += now[at].abs_diff(before[at]);
            }
        }
        self.before = Some(now);
    }

    /// Whether more dates could still tell.
    pub(in crate::connectors::file) fn is_open(&self) -> bool {
        self.numbers > 0 && self.first_is_day == self.second_is_day
    }

    /// The order, and why. Numbers above 12 decide; without any, the reading under which the dates
    /// of the file lie closer together; without that, day first for `.` and `-`, month first for `/`.
    pub(in crate::connectors::file) fn decide(&self) -> (DayOrder, String) {
        let (first, second) = (self.first_is_day, self.second_is_day);
        if first != second {
            let (order, place, count) = if first > second {
                (DayOrder::DayFirst, "first", first)
            } else {
                (DayOrder::MonthFirst, "second", second)
            };
            let dates = if count == 1 { "date has" } else { "dates have" };
            let why = format!("{count} {dates} a {place} number above 12, so that is the day");
            return (order, why);
        }
        let unclear = "no date says which number is the day";
        let [by_day, by_month] = self.steps;
        if by_day != by_month {
            let order = if by_day < by_month {
                DayOrder::DayFirst
            } else {
                DayOrder::MonthFirst
            };
            let name = order.name();
            let why = format!(
                "{unclear}; read {name} they lie closer together. Set time_format if that is wrong"
            );
            return (order, why);
        }
        let order = if self.separator == b'/' {
            DayOrder::MonthFirst
        } else {
            DayOrder::DayFirst
        };
        let between = char::from(self.separator);
        let why = format!(
            "{unclear}; with \"{between}\" between them weir takes {}. Set time_format if that is wrong",
            order.name()
        );
        (order, why)
    }
}

#[cfg(test)]
mod tests {
    use super::{DayOrder, Evidence};
    use crate::connectors::file::times::Stamp;

    fn of(dates: &[&str]) -> Evidence {
        let mut evidence = Evidence::default();
        for date in dates {
            evidence.add(Stamp::parse(date).unwrap());
        }
        evidence
    }

    #[test]
    fn numbers_above_twelve_decide() {
        let evidence = of(&["1/2/2023", "5/31/2023"]);
        assert!(!evidence.is_open());
        assert_eq!(evidence.decide().0, DayOrder::MonthFirst);
        assert_eq!(
            of(&["1/2/2023", "31/5/2023"]).decide().0,
            DayOrder::DayFirst
        );
        assert_eq!(of(&["31.5.2023"]).decide().0, DayOrder::DayFirst);
    }

    #[test]
    fn the_majority_wins_over_a_slip() {
        let dates = ["31/5/2023", "30/5/2023", "5/31/2023"];
        assert_eq!(of(&dates).decide().0, DayOrder::DayFirst);
    }

    #[test]
    fn without_a_number_above_twelve_the_closer_reading_wins() {
        let days = of(&["1/2/2023", "2/2/2023", "3/2/2023"]);
        assert!(days.is_open());
        assert_eq!(days.decide().0, DayOrder::DayFirst);
        let months = of(&["2/1/2023", "2/2/2023", "2/3/2023"]);
        let (order, why) = months.decide();
        assert_eq!(order, DayOrder::MonthFirst);
        assert!(why.contains("closer together"), "{why}");
    }

    #[test]
    fn without_any_evidence_the_separator_decides() {
        assert_eq!(of(&["4/4/2023"]).decide().0, DayOrder::MonthFirst);
        assert_eq!(of(&["4.4.2023"]).decide().0, DayOrder::DayFirst);
        assert_eq!(of(&["4-4-2023"]).decide().0, DayOrder::DayFirst);
    }
}
