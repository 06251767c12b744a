//! Small lines of values: one column a value, heights in eighths of a row, from zero.

/// Cells of the widest column.
const WIDEST: u16 = 3;

/// The heights of `width` cells at most, in eighths of one of `rows` rows; `None` where a value is
/// not known. Values share the cells evenly; where there are more than cells, the last are shown. A
/// value above 0 shows.
pub fn spark(values: &[Option<f64>], width: u16, rows: u16) -> Vec<Option<u16>> {
    let count = values.len().min(usize::from(width));
    let shown = &values[values.len() - count..];
    let known = shown
        .iter()
        .flatten()
        .copied()
        .filter(|one| one.is_finite());
    let top = known.fold(0.0, f64::max);
    let cells = width.checked_div(u16::try_from(count).unwrap_or(u16::MAX));
    let cells = usize::from(cells.unwrap_or(0).min(WIDEST));
    let height = |value: &Option<f64>| value.map(|value| eighths(value, top, rows));
    let heights = shown.iter().map(height);
    heights
        .flat_map(|height| std::iter::repeat_n(height, cells))
        .collect()
}

fn eighths(value: f64, top: f64, rows: u16) -> u16 {
    let bar = super::bar::bar(value, top, rows);
    bar.full * 8 + u16::from(bar.eighths)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::spark;

    #[test]
    fn values_share_the_cells_and_the_last_are_shown() {
        let values = [Some(1.0), None, Some(4.0), Some(0.0)];
        assert_eq!(
            spark(&values, 8, 1),
            [
                Some(2),
                Some(2),
                None,
                None,
                Some(8),
                Some(8),
                Some(0),
                Some(0)
            ]
        );
        assert_eq!(spark(&values, 3, 2), [None, Some(16), Some(0)]);
        assert_eq!(spark(&[], 8, 1), []);
        assert_eq!(spark(&[Some(0.001), Some(9.0)], 2, 1), [Some(1), Some(8)]);
    }

    proptest! {
        #[test]
        fn no_column_leaves_its_place(
            values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..60),
            width in 0_u16..80,
            rows in 0_u16..20,
        ) {
            let heights = spark(&values, width, rows);
            prop_assert!(heights.len() <= usize::from(width));
            prop_assert!(heights.iter().flatten().all(|height| *height <= rows * 8));
        }
    }
}
