//! Percentiles by nearest rank with ceiling: at least p % are covered.

/// The percentiles shown everywhere.
pub const PERCENTILES: [u8; 4] = [50, 70, 85, 95];

/// P50, P70, P85 and P95 of a set of spans in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentiles {
    /// How many values stand behind them.
    pub n: usize,
    /// In the order of [`PERCENTILES`].
    pub values: [i64; 4],
}

impl Percentiles {
    /// Of `values`, which are reordered; `None` if there are none.
    pub fn of<T: Copy + Ord + Into<i64>>(values: &mut [T]) -> Option<Self> {
        let n = values.len();
        if n == 0 {
            return None;
        }
        let mut found = [0; 4];
        let mut from = 0;
        for (slot, p) in found.iter_mut().zip(PERCENTILES) {
            let rank = rank(n, p) - from;
            let (_, value, _) = values[from..].select_nth_unstable(rank);
            *slot = (*value).into();
            from += rank;
        }
        Some(Self { n, values: found })
    }

    /// Of values in rising order; `None` without values.
    pub(super) fn of_sorted<T: Copy + Into<i64>>(values: &[T]) -> Option<Self> {
        let n = values.len();
        let ranked = |p| values[rank(n, p)].into();
        (n > 0).then(|| Self {
            n,
            values: PERCENTILES.map(ranked),
        })
    }

    /// The median.
    pub fn p50(&self) -> i64 {
        self.values[0]
    }

    /// The 85th percentile.
    pub fn p85(&self) -> i64 {
        self.values[2]
    }
}

/// The `p`-th percentile of `values`, which are reordered; `None` if there are none.
pub fn percentile<T: Copy + Ord + Into<i64>>(values: &mut [T], p: u8) -> Option<i64> {
    if values.is_empty() {
        return None;
    }
    let rank = rank(values.len(), p);
    Some((*values.select_nth_unstable(rank).1).into())
}

/// Index from 0 of the nearest rank: (p·n + 99) div 100 − 1.
fn rank(n: usize, p: u8) -> usize {
    (usize::from(p) * n).div_ceil(100).clamp(1, n) - 1
}

#[cfg(test)]
mod tests {
    use super::{Percentiles, percentile};

    #[test]
    fn ten_values_give_the_ninth_for_p85() {
        let mut values: Vec<i64> = (1..=10).rev().collect();
        assert_eq!(percentile(&mut values, 85), Some(9));
        let all = Percentiles::of(&mut values).unwrap();
        assert_eq!((all.n, all.values), (10, [5, 7, 9, 10]));
    }

    #[test]
    fn one_value_is_every_percentile_and_none_gives_none() {
        assert_eq!(Percentiles::of(&mut [7]).unwrap().values, [7; 4]);
        assert_eq!(Percentiles::of::<i64>(&mut []), None);
        assert_eq!(percentile::<i64>(&mut [], 50), None);
    }
}
