//! Exports with one row an item and its dates side by side.

use super::super::names;
use super::super::plan::{DateColumn, Layout};
use super::super::times::{DayOrder, TimeReader};
use super::Chooser;
use crate::model::time::{Millis, Zone};

impl Chooser<'_> {
    /// The date columns as statuses, if every row is an item of its own and there is more than one
    /// such column, or one and nothing that could be a status.
    pub(super) fn dates(&mut self, item: usize, times: &[usize]) -> Option<Layout> {
        let ids = &self.sample.columns[item];
        if ids.distinct() < ids.filled() {
            return None;
        }
        let steps: Vec<DateColumn> = times
            .iter()
            .filter(|at| !self.taken[**at])
            .filter_map(|at| {
                let status = names::step_of(&self.sample.columns[*at].name)?;
                Some(DateColumn {
                    column: *at,
                    status,
                })
            })
            .collect();
        let free = self.free(times);
        let has_status = super::content::status_by_name(self.sample, &free, item).is_some();
        if steps.is_empty() || (steps.len() == 1 && has_status) {
            return None;
        }
        let steps = self.in_order(steps);
        self.say_steps(&steps);
        Some(Layout::Dates(steps))
    }

    /// The steps in the order in which most rows date them.
    fn in_order(&self, mut steps: Vec<DateColumn>) -> Vec<DateColumn> {
        let mut reader = TimeReader::new(DayOrder::MonthFirst, None, Zone::utc());
        let mut dates = |column: usize| -> Vec<Option<Millis>> {
            let column = &self.sample.columns[column];
            let rows = 0..self.sample.rows;
            rows.map(|row| reader.read(column.text(row).as_bytes()))
                .collect()
        };
        let columns: Vec<Vec<Option<Millis>>> =
            steps.iter().map(|step| dates(step.column)).collect();
        let before = |a: &[Option<Millis>], b: &[Option<Millis>]| -> i64 {
            let both = a.iter().zip(b).filter_map(|(a, b)| Some(((*a)?, (*b)?)));
            both.map(|(a, b)| (b.0 - a.0).signum()).sum()
        };
        // A step's place: how many of the others come before it in most rows.
        let place = |at: usize| {
            let others = columns
                .iter()
                .filter(|other| before(other, &columns[at]) > 0);
            others.count()
        };
        let mut placed: Vec<(usize, DateColumn)> = steps
            .drain(..)
            .enumerate()
            .map(|(at, step)| (place(at), step))
            .collect();
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, step)| step).collect()
    }

    fn say_steps(&mut self, steps: &[DateColumn]) {
        for (number, step) in steps.iter().enumerate() {
            let why = format!(
                "every row is an item of its own, so this date is its move into \"{}\", step {} of {}",
                step.status,
                number + 1,
                steps.len()
            );
            self.take(step.column, "status", why);
        }
    }
}
