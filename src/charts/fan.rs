//! The days to come as a fan: how many are finished by each, from nearly sure to hardly likely.

use super::area::{AreaCell, column, days_of_columns};

/// The fan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fan {
    /// By column from the left: cells from the bottom. The lowest band is the surest.
    pub columns: Vec<Vec<AreaCell>>,
    /// By column: which day it shows.
    pub days: Vec<usize>,
    /// Items from the ground to the top.
    pub top: u64,
}

/// So many times the highest band the picture may be high for the number asked for to be in it.
const ROOM: u64 = 3;

/// Draws the fan into `width` columns and `rows` rows. `days` holds for each day the upper edges of
/// the bands, rising; `wanted` items are in the picture if they are not far above it.
pub fn fan<const N: usize>(days: &[[u32; N]], wanted: u32, (width, rows): (u16, u16)) -> Fan {
    let highest = days.iter().flatten().max().copied().map_or(0, u64::from);
    let wanted = u64::from(wanted);
    let top = if wanted <= highest * ROOM {
        highest.max(wanted + wanted / 12)
    } else {
        highest
    };
    let shown = days_of_columns(days.len(), width);
    let edges = shown.iter().filter_map(|at| days.get(*at));
    let columns = edges.map(|edges| column(&edges.map(u64::from), top, rows));
    Fan {
        columns: columns.collect(),
        days: shown.clone(),
        top,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::fan;

    #[test]
    fn bands_open_with_the_days() {
        let days = [[0, 0, 1], [1, 2, 3], [2, 4, 6]];
        let drawn = fan(&days, 5, (3, 6));
        assert_eq!((drawn.top, drawn.days), (6, vec![0, 1, 2]));
        let bands: Vec<_> = drawn.columns[2].iter().map(|cell| cell.most()).collect();
        assert_eq!(
            bands,
            [Some(0), Some(0), Some(1), Some(1), Some(2), Some(2)]
        );
        assert_eq!(drawn.columns[0][1].most(), None);
    }

    #[test]
    fn what_is_far_above_does_not_flatten_the_fan() {
        assert_eq!(fan(&[[1, 10]], 12, (4, 4)).top, 13);
        assert_eq!(fan(&[[1, 10]], 5_000, (4, 4)).top, 10);
    }

    proptest! {
        #[test]
        fn no_size_and_no_number_breaks_it(
            days in proptest::collection::vec(any::<[u32; 7]>(), 0..40),
            wanted in any::<u32>(),
            width in 0_u16..200,
            rows in 0_u16..60,
        ) {
            let drawn = fan(&days, wanted, (width, rows));
            prop_assert!(drawn.columns.iter().all(|cells| cells.len() == usize::from(rows)));
            prop_assert!(drawn.days.iter().all(|day| *day < days.len()));
        }
    }
}
