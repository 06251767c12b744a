//! Days as months, each a grid of weeks, as many as there is room for.

use crate::model::time::Day;

/// A month, as far as the days have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day among the days.
    pub first: Day,
    /// By week, Monday to Sunday: which of the days stands there.
    pub weeks: Vec<[Option<usize>; 7]>,
    /// The column of the grid.
    pub x: u16,
    /// The row of the grid's head; the weeks stand below it.
    pub y: u16,
}

/// Cells of a grid: a day of the month, then seven days.
pub const MONTH_WIDTH: u16 = 3 + 7 * DAY_WIDTH;

/// Cells of a day.
pub const DAY_WIDTH: u16 = 4;

/// Cells between grids side by side.
const GAP: u16 = 2;

/// The months of `days`, which rise, that fit into `width` columns and `rows` rows: down, then to
/// the right. The one with the day at `selected` is among them if any is.
pub fn months(days: &[Day], selected: usize, (width, rows): (u16, u16)) -> Vec<Month> {
    let all = grids(days);
    let holds = |month: &Month| {
        let mut there = month.weeks.iter().flatten().flatten();
        there.any(|at| *at == selected)
    };
    let wanted = all.iter().position(holds).unwrap_or(0);
    let starts =
        (0..=wanted).map(|from| placed(all.get(from..).unwrap_or_default(), (width, rows)));
    let mut tried = starts.skip_while(|placed| !placed.iter().any(holds));
    tried.next().unwrap_or_default()
}

fn grids(days: &[Day]) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for (at, day) in days.iter().enumerate() {
        let (year, month, _) = day.ymd();
        let known = months.last().map(|last| last.first.ymd());
        if known.is_none_or(|(y, m, _)| (y, m) != (year, month)) {
            months.push(Month {
                first: *day,
                weeks: Vec::new(),
                x: 0,
                y: 0,
            });
        }
        let place = day.weekday().num_days_from_monday() as usize;
        let Some(last) = months.last_mut() else {
            continue;
        };
        if last.weeks.is_empty() || place == 0 {
            last.weeks.push([None; 7]);
        }
        if let Some(slot) = last.weeks.last_mut().and_then(|week| week.get_mut(place)) {
            *slot = Some(at);
        }
    }
    months
}

fn placed(months: &[Month], (width, rows): (u16, u16)) -> Vec<Month> {
    let (mut x, mut y) = (0, 0);
    let mut fitting = Vec::new();
    for month in months {
        let height = 1 + u16::try_from(month.weeks.len()).unwrap_or(u16::MAX);
        if y > 0 && y + height > rows {
            (x, y) = (x + MONTH_WIDTH + GAP, 0);
        }
        if x + MONTH_WIDTH > width || height > rows {
            break;
        }
        fitting.push(Month {
            x,
            y,
            ..month.clone()
        });
        y += height + 1;
    }
    fitting
}

impl Month {
    /// The day at a cell, as a position among the days.
    pub fn day_at(&self, (x, y): (u16, u16)) -> Option<usize> {
        let week = y.checked_sub(self.y + 1)?;
        let place = x.checked_sub(self.x + 3)? / DAY_WIDTH;
        let week = self.weeks.get(usize::from(week))?;
        week.get(usize::from(place)).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DAY_WIDTH, months};
    use crate::model::time::Day;

    fn days(from: i32, count: i32) -> Vec<Day> {
        let first = Day::from_ymd(2026, 11, 24).unwrap();
        (from..from + count).map(|more| first.plus(more)).collect()
    }

    #[test]
    fn months_begin_where_their_days_do() {
        // From Tuesday 24 November on.
        let shown = months(&days(0, 40), 0, (200, 20));
        let places: Vec<_> = shown.iter().map(|month| (month.x, month.y)).collect();
        assert_eq!(places, [(0, 0), (0, 4), (0, 11)]);
        assert_eq!(shown[0].weeks.len(), 2);
        assert_eq!(shown[0].weeks[0][..2], [None, Some(0)]);
        assert_eq!(shown[1].weeks[0][1], Some(7), "1 December is a Tuesday");
        assert_eq!(shown[1].day_at((3 + DAY_WIDTH, 5)), Some(7));
        assert_eq!(shown[1].day_at((3, 5)), None);
    }

    #[test]
    fn the_month_looked_at_is_in_view() {
        let shown = months(&days(0, 200), 190, (31, 8));
        assert_eq!(shown.len(), 1);
        assert!(shown[0].weeks.iter().flatten().any(|at| *at == Some(190)));
        assert!(months(&days(0, 200), 190, (30, 8)).is_empty());
        assert!(months(&[], 0, (200, 60)).is_empty());
    }

    proptest! {
        #[test]
        fn every_day_in_view_is_found_where_it_stands(
            from in 0_i32..400,
            count in 0_i32..380,
            selected in 0_usize..400,
            width in 0_u16..200,
            rows in 0_u16..60,
        ) {
            let days = days(from, count);
            for month in months(&days, selected, (width, rows)) {
                for (y, week) in (month.y + 1..).zip(&month.weeks) {
                    for (place, at) in (0_u16..).zip(week) {
                        let x = month.x + 3 + place * DAY_WIDTH;
                        prop_assert_eq!(month.day_at((x, y)), *at);
                        prop_assert!(x + DAY_WIDTH <= width && y < rows);
                    }
                }
            }
        }
    }
}
