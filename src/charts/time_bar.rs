//! All recorded time as a row of cells, with how much happened in each.

use crate::model::time::Sec;

/// A stretch of time over so many cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeBar {
    /// When the first cell begins.
    pub from: Sec,
    /// When the last cell ends.
    pub to: Sec,
    /// How many cells.
    pub cells: u16,
}

impl TimeBar {
    /// The cell that an instant lies in; one outside lies at the nearer end.
    pub fn cell(&self, at: Sec) -> u16 {
        let length = self.to.since(self.from).max(1);
        let within = at.since(self.from).clamp(0, length);
        let cell = within * i64::from(self.cells) / length;
        u16::try_from(cell)
            .unwrap_or(0)
            .min(self.cells.saturating_sub(1))
    }

    /// The instant in the middle of a cell; the last cell ends at the end.
    pub fn instant(&self, cell: u16) -> Sec {
        let cells = i64::from(self.cells.max(1));
        if i64::from(cell) + 1 >= cells {
            return self.to;
        }
        let length = self.to.since(self.from);
        self.from
            .plus(length * (2 * i64::from(cell) + 1) / (2 * cells))
    }

    /// How high each cell stands, 0 to 8, of counts that share the time from `from` to `until`
    /// evenly; a count above 0 shows.
    pub fn heights(&self, counts: &[u32], (from, until): (Sec, Sec)) -> Vec<u8> {
        let mut sums = vec![0_u64; self.cells.into()];
        let parts = i64::try_from(counts.len()).unwrap_or(1).max(1);
        let length = until.since(from);
        for (at, count) in (0..).zip(counts) {
            let middle = from.plus(length * (2 * at + 1) / (2 * parts));
            if let Some(sum) = sums.get_mut(usize::from(self.cell(middle))) {
                *sum += u64::from(*count);
            }
        }
        let top = sums.iter().max().copied().unwrap_or(0).max(1);
        let height = |sum: &u64| u8::try_from((sum * 8).div_ceil(top)).unwrap_or(8);
        sums.iter().map(height).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::TimeBar;
    use crate::model::time::Sec;

    #[test]
    fn cells_and_instants_belong_together() {
        let bar = TimeBar {
            from: Sec(1_000),
            to: Sec(2_000),
            cells: 10,
        };
        assert_eq!(
            (
                bar.cell(Sec(1_000)),
                bar.cell(Sec(1_550)),
                bar.cell(Sec(9_999))
            ),
            (0, 5, 9)
        );
        assert_eq!((bar.instant(0), bar.instant(9)), (Sec(1_050), Sec(2_000)));
        let heights = bar.heights(&[4, 0, 0, 1], (Sec(1_000), Sec(2_000)));
        assert_eq!(heights, [0, 8, 0, 0, 0, 0, 0, 0, 2, 0]);
    }

    proptest! {
        #[test]
        fn every_cell_has_its_instant(from in 0_u32..9_000_000, length in 100_000_u32..9_000_000, cells in 1_u16..300, at in 0_u16..300) {
            let bar = TimeBar { from: Sec(from), to: Sec(from + length), cells };
            let at = at % cells;
            prop_assert_eq!(bar.cell(bar.instant(at)), at);
            let heights = bar.heights(&[3, 1, 0, 9], (bar.from, bar.to));
            prop_assert!(heights.len() == usize::from(cells) && heights.iter().all(|height| *height <= 8));
        }
    }
}
