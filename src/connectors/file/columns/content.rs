//! Tells items and statuses by what stands in the columns.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::super::names;
use super::super::sample::{Column, Sample};
use super::super::times::Stamp;

/// More different values than this are no statuses.
const STATUSES: usize = 200;

/// The column whose values come again and within whose rows another column changes; the one with
/// the most such values wins.
pub(super) fn item(sample: &Sample, free: &[usize]) -> Option<(usize, String)> {
    let candidates = free.iter().filter(|at| {
        let column = &sample.columns[**at];
        let plain = names::fact_named(&column.name).is_none();
        let full = column.filled() * 10 >= sample.rows * 9;
        plain && full && column.distinct() > 1 && column.distinct() < column.filled()
    });
    let scored = candidates.map(|at| {
        let others = free.iter().filter(|other| *other != at);
        let changing = others
            .filter(|other| may_be_status(sample, **other))
            .map(|other| changing_groups(sample, *at, *other))
            .max();
        (changing.unwrap_or(0), std::cmp::Reverse(*at))
    });
    let (changing, std::cmp::Reverse(at)) = scored.max().filter(|(changing, _)| *changing > 0)?;
    let why = format!(
        "its values come again, and {changing} of the {} in the first {} rows pass through \
         several statuses",
        sample.columns[at].distinct(),
        sample.rows
    );
    Some((at, why))
}

/// The column named like a status; one that changes within items before one that does not.
pub(super) fn status_by_name(sample: &Sample, free: &[usize], item: usize) -> Option<usize> {
    let named = free.iter().filter_map(|at| {
        let column = &sample.columns[*at];
        let rank = names::rank(&column.name, names::STATUS)?;
        let steady = !varies(sample, item, *at);
        (column.distinct() > 0).then_some(((steady, rank), *at))
    });
    named.min().map(|(_, at)| at)
}

/// The column that changes within the most items, the fewest different values first among equals.
pub(super) fn status(sample: &Sample, free: &[usize], item: usize) -> Option<(usize, String)> {
    let candidates = free.iter().filter(|at| may_be_status(sample, **at));
    let scored = candidates.map(|at| {
        let few = std::cmp::Reverse(sample.columns[*at].distinct());
        (
            changing_groups(sample, item, *at),
            few,
            std::cmp::Reverse(*at),
        )
    });
    let (changing, _, std::cmp::Reverse(at)) = scored.max().filter(|(groups, ..)| *groups > 0)?;
    let why = format!(
        "it has only {} different values, and they change within {changing} items",
        sample.columns[at].distinct()
    );
    Some((at, why))
}

fn may_be_status(sample: &Sample, at: usize) -> bool {
    let column = &sample.columns[at];
    let few = column.distinct() <= STATUSES.min(column.filled() / 2);
    let plain = names::fact_named(&column.name).is_none();
    let named = names::rank(&column.name, names::LIFECYCLE).is_some();
    few && plain && !named && column.distinct() > 1 && !column.is_digits()
}

/// Whether a column changes within any item.
pub(super) fn varies(sample: &Sample, item: usize, at: usize) -> bool {
    changing_groups(sample, item, at) > 0
}

/// In how many groups of rows with one value of `by` the column `of` has several values.
fn changing_groups(sample: &Sample, by: usize, of: usize) -> usize {
    let (by, of) = (&sample.columns[by].values, &sample.columns[of].values);
    let mut first: HashMap<u32, (u32, bool), FxBuildHasher> = HashMap::default();
    for (group, value) in by.iter().zip(of) {
        let seen = first.entry(*group).or_insert((*value, false));
        seen.1 |= seen.0 != *value;
    }
    first.values().filter(|(_, changes)| *changes).count()
}

/// Above 0 if later rows are later, below 0 if they are earlier, by the years, months and days.
pub(super) fn direction(column: &Column) -> i64 {
    let rough = |row: usize| match Stamp::parse(column.text(row)) {
        Some(Stamp::Epoch(at)) => Some(at),
        Some(Stamp::Date {
            year, parts, time, ..
        }) => Some(i64::from(year * 372 + parts.0 * 31 + parts.1) * 86_400_000 + time),
        None => None,
    };
    let instants: Vec<i64> = (0..column.values.len()).filter_map(rough).collect();
    instants
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).signum())
        .sum()
}
