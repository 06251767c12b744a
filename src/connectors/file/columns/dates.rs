//! Exports with one row an item and its dates side by side.

use std::cmp::Ordering;

use super::super::names;
use super::super::plan::{DateColumn, Layout, Plan};
use super::super::report::Choice;
use super::super::sample::Sample;
use super::super::times::TimeReader;
use super::Chooser;
use crate::model::time::Millis;

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
        for step in &steps {
            self.taken[step.column] = true;
        }
        Some(Layout::Dates(steps))
    }
}

/// Puts date columns in the order of the work and says so: that of the header, unless the rows
/// clearly contradict it. Dates are read by `reader`, as those of all rows will be.
pub(in crate::connectors::file) fn in_order(
    plan: &mut Plan,
    sample: &Sample,
    mut reader: TimeReader,
) {
    let Layout::Dates(steps) = &mut plan.layout else {
        return;
    };
    let dates: Vec<Dates> = steps
        .iter()
        .map(|step| dates_of(sample, step.column, &mut reader))
        .collect();
    let order = order_of(&dates);
    steps.sort_by_key(|step| {
        let at = dates.iter().position(|dates| dates.column == step.column);
        order.iter().position(|next| Some(*next) == at)
    });
    let said = steps.iter().enumerate().map(|(number, step)| Choice {
        role: "status".to_owned(),
        column: sample.columns[step.column].name.clone(),
        why: format!(
            "every row is an item of its own, so this date is its move into \"{}\", step {} of {}",
            step.status,
            number + 1,
            steps.len()
        ),
    });
    let after_item = plan.choices.len().min(1);
    plan.choices.splice(after_item..after_item, said);
}

/// The dates of one column, row by row.
struct Dates {
    column: usize,
    at: Vec<Option<Millis>>,
}

fn dates_of(sample: &Sample, at: usize, reader: &mut TimeReader) -> Dates {
    let column = &sample.columns[at];
    let dates = (0..sample.rows).map(|row| reader.read(column.text(row).trim().as_bytes()));
    Dates {
        column: at,
        at: dates.collect(),
    }
}

/// Columns in order: each time the first by the header that none of the others precedes.
fn order_of(dates: &[Dates]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..dates.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_next = |at: &usize| left.iter().all(|other| !precedes(dates, *other, *at));
        let next = left.iter().position(is_next).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}

/// Whether the rows say that a column comes before another. Against the header it takes more than
/// twice as many rows as there are for it.
fn precedes(dates: &[Dates], first: usize, second: usize) -> bool {
    let (upper, lower) = (first.min(second), first.max(second));
    let both = dates[upper].at.iter().zip(&dates[lower].at);
    let (mut with, mut against) = (0_usize, 0_usize);
    for (upper, lower) in both.filter_map(|(upper, lower)| Some(((*upper)?, (*lower)?))) {
        with += usize::from(upper < lower);
        against += usize::from(lower < upper);
    }
    let turned = against > 2 * with;
    match first.cmp(&second) {
        Ordering::Less => with > 0 && !turned,
        Ordering::Equal => false,
        Ordering::Greater => turned,
    }
}
