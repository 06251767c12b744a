//! Stacked areas: bands one on the other, with edges of an eighth of a row.

/// One cell of a column: the band below and the band above an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaCell {
    /// The band that fills the lower part; `None` is the empty ground.
    pub below: Option<usize>,
    /// The band that fills the rest.
    pub above: Option<usize>,
    /// Eighths of the cell that the lower part takes, 0 to 8.
    pub eighths: u8,
}

impl AreaCell {
    /// The band that takes most of the cell.
    pub fn most(self) -> Option<usize> {
        if self.eighths >= 4 {
            self.below
        } else {
            self.above
        }
    }
}

/// The cells of one column, the lowest first. `edges` are the upper edges of the bands, bottom to
/// top, in items above the ground; `top` items fill `rows` rows. Edges that fall are raised to the
/// one below. Where more than two bands meet in a cell, the two that take most of it stay.
pub fn column(edges: &[u64], top: u64, rows: u16) -> Vec<AreaCell> {
    let edges = eighths(edges, top, rows);
    (0..rows).map(|row| cell(&edges, row)).collect()
}

/// The edges in eighths of a row; each at least as high as the one below.
fn eighths(edges: &[u64], top: u64, rows: u16) -> Vec<u64> {
    let full = u64::from(rows) * 8;
    let mut highest = 0;
    let heights = edges.iter().map(|edge| {
        highest = height(*edge, top, full).max(highest);
        highest
    });
    heights.collect()
}

/// How high `items` stand where `top` items take `full`, rounded to the nearest.
pub(super) fn height(items: u64, top: u64, full: u64) -> u64 {
    let (items, top) = (u128::from(items.min(top)), u128::from(top.max(1)));
    let height = (items * u128::from(full) + top / 2) / top;
    u64::try_from(height).unwrap_or(full)
}

fn cell(edges: &[u64], row: u16) -> AreaCell {
    let (from, to) = (u64::from(row) * 8, u64::from(row) * 8 + 8);
    let mut parts: Vec<(Option<usize>, u64)> = Vec::new();
    let mut lower = from;
    for (band, edge) in edges.iter().enumerate() {
        let upper = (*edge).clamp(from, to);
        if upper > lower {
            parts.push((Some(band), upper - lower));
            lower = upper;
        }
    }
    if to > lower {
        parts.push((None, to - lower));
    }
    while parts.len() > 2 {
        let thinnest = (0..parts.len()).min_by_key(|at| parts[*at].1);
        parts.remove(thinnest.unwrap_or(0));
    }
    meeting(&parts)
}

fn meeting(parts: &[(Option<usize>, u64)]) -> AreaCell {
    let (below, taken) = parts.first().copied().unwrap_or((None, 8));
    let (above, rest) = parts.get(1).copied().unwrap_or((below, 0));
    let eighths = (taken * 8 + u64::midpoint(taken, rest)) / (taken + rest).max(1);
    AreaCell {
        below,
        above,
        eighths: u8::try_from(eighths).unwrap_or(8),
    }
}

/// Which of `days` days stands in each of `columns` columns, its last one where several share a
/// column.
pub fn days_of_columns(days: usize, columns: u16) -> Vec<usize> {
    let columns = usize::from(columns);
    let day = |column: usize| ((column + 1) * days).div_ceil(columns).max(1) - 1;
    (0..if days == 0 { 0 } else { columns }).map(day).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AreaCell, column, days_of_columns};

    fn of(below: Option<usize>, above: Option<usize>, eighths: u8) -> AreaCell {
        AreaCell {
            below,
            above,
            eighths,
        }
    }

    #[test]
    fn edges_lie_on_eighths() {
        let cells = column(&[4, 12], 16, 2);
        assert_eq!(cells, [of(Some(0), Some(1), 4), of(Some(1), None, 4)]);
        let full = column(&[16], 16, 2);
        assert_eq!(full, [of(Some(0), Some(0), 8), of(Some(0), Some(0), 8)]);
        assert_eq!(column(&[0], 16, 1), [of(None, None, 8)]);
    }

    #[test]
    fn where_three_meet_the_two_widest_stay() {
        let cells = column(&[5, 6, 16], 8, 1);
        assert_eq!(cells, [of(Some(0), Some(2), 6)]);
    }

    #[test]
    fn days_share_columns_or_columns_days() {
        assert_eq!(days_of_columns(4, 2), [1, 3]);
        assert_eq!(days_of_columns(2, 4), [0, 0, 1, 1]);
        assert_eq!(days_of_columns(0, 4), [0_usize; 0]);
        assert_eq!(days_of_columns(3, 0), [0_usize; 0]);
    }

    proptest! {
        #[test]
        fn bands_follow_one_another_upwards(
            edges in proptest::collection::vec(0_u64..2_000, 0..9),
            top in 0_u64..2_000,
            rows in 0_u16..60,
        ) {
            let cells = column(&edges, top, rows);
            prop_assert_eq!(cells.len(), usize::from(rows));
            let order = |band: Option<usize>| band.unwrap_or(usize::MAX);
            let mut last = 0;
            for cell in cells {
                prop_assert!(order(cell.below) <= order(cell.above));
                prop_assert!(last <= order(cell.below));
                prop_assert!(cell.eighths <= 8);
                last = order(cell.above);
            }
        }

        #[test]
        fn the_last_day_is_in_the_last_column(days in 1_usize..900, columns in 1_u16..300) {
            let of = days_of_columns(days, columns);
            prop_assert_eq!(of.last(), Some(&(days - 1)));
            prop_assert!(of.is_sorted());
        }
    }
}
