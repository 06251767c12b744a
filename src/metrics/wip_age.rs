//! Total age of the work in progress.

use super::flow::{count, seconds};
use super::measure::Measures;

/// Age of all items in progress together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WipAge {
    /// Items in progress that have an age.
    pub n: u64,
    /// Σ age, seconds.
    pub total: i64,
}

impl WipAge {
    /// Of the items in progress of an answer.
    pub fn of(measures: &Measures) -> Self {
        Self::of_ages(measures.table.rows().filter_map(super::Row::age))
    }

    fn of_ages(ages: impl Iterator<Item = i64>) -> Self {
        let mut sum = Self::default();
        ages.for_each(|age| sum.add(age));
        sum
    }

    /// Adds an item of this age in seconds.
    pub(super) fn add(&mut self, age: i64) {
        self.n += 1;
        self.total += age;
    }

    /// Adds the ages of others.
    pub(super) fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.total += other.total;
    }

    /// Mean age in seconds; `None` if nothing is in progress.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| seconds(self.total) / count(self.n))
    }
}

#[cfg(test)]
mod tests {
    use super::WipAge;

    #[test]
    fn ages_add_up_and_an_empty_board_has_no_mean() {
        let three = WipAge::of_ages([10, 0, 5].into_iter());
        assert_eq!((three.n, three.total), (3, 15));
        assert_eq!(three.mean(), Some(5.0));
        assert_eq!(WipAge::default().mean(), None);
    }
}
