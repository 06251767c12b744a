//! A spread of times as a box with whiskers, lying: from the 5th to the 95th percentile, half of all
//! between its two ends.

use super::scatter::Rise;

/// Where the parts of a box lie, in cells from the left; they rise, and stay inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpreadBox {
    /// The end of the left whisker.
    pub least: u16,
    /// The left end of the box.
    pub lower: u16,
    /// The median.
    pub median: u16,
    /// The right end of the box.
    pub upper: u16,
    /// The end of the right whisker.
    pub most: u16,
}

/// What a cell of a box shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpreadCell {
    /// The end of a whisker.
    End,
    /// A whisker.
    Whisker,
    /// The box.
    Box,
    /// The median.
    Median,
}

/// The box of five rising values, on an axis of so many cells; `None` where there are none.
pub fn spread_box(values: [i64; 5], axis: Rise, cells: u16) -> Option<SpreadBox> {
    let [least, lower, median, upper, most] = values.map(|value| axis.row(value, cells));
    (cells > 0).then_some(SpreadBox {
        least,
        lower,
        median,
        upper,
        most,
    })
}

impl SpreadBox {
    /// What is shown at a cell, if anything: of what falls together the more telling.
    pub fn cell(&self, x: u16) -> Option<SpreadCell> {
        let within = (self.least..=self.most).contains(&x);
        Some(match x {
            _ if !within => return None,
            x if x == self.median => SpreadCell::Median,
            x if (self.lower..=self.upper).contains(&x) => SpreadCell::Box,
            x if x == self.least || x == self.most => SpreadCell::End,
            _ => SpreadCell::Whisker,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SpreadBox, SpreadCell, spread_box};
    use crate::charts::{Heights, Rise};
    use crate::model::time::DAY_SECS;

    fn linear(top: i64) -> Rise {
        Rise {
            top,
            heights: Heights::Linear,
        }
    }

    fn told(of: &SpreadBox, cells: u16) -> String {
        let sign = |x| match of.cell(x) {
            None => ' ',
            Some(SpreadCell::End) => '|',
            Some(SpreadCell::Whisker) => '-',
            Some(SpreadCell::Box) => '#',
            Some(SpreadCell::Median) => 'M',
        };
        (0..cells).map(sign).collect()
    }

    #[test]
    fn a_box_lies_between_its_whiskers() {
        let noon = |day: i64| day * DAY_SECS + DAY_SECS / 2;
        let of = spread_box([1, 4, 6, 9, 18].map(noon), linear(20 * DAY_SECS), 20).unwrap();
        assert_eq!(told(&of, 20), " |--##M###--------| ");
        let narrow = spread_box([0, 0, 0, 1, 2], linear(2_000), 10).unwrap();
        assert_eq!(told(&narrow, 10), "M         ");
        assert_eq!(spread_box([0; 5], linear(1), 0), None);
    }

    proptest! {
        #[test]
        fn the_median_is_always_shown_and_nothing_leaves_the_axis(
            mut values in prop::array::uniform5(-5_i64..9_000_000),
            top in 1_i64..9_000_000,
            cells in 1_u16..300,
            logarithmic: bool,
        ) {
            values.sort_unstable();
            let heights = if logarithmic { Heights::Logarithmic } else { Heights::Linear };
            let of = spread_box(values, Rise { top, heights }, cells).unwrap();
            let shown = told(&of, cells);
            prop_assert_eq!(shown.matches('M').count(), 1);
            prop_assert_eq!(shown.trim().len(), usize::from(of.most - of.least) + 1);
            prop_assert!(of.most < cells && of.lower <= of.median && of.median <= of.upper);
        }
    }
}
