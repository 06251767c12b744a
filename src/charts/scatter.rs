//! Points over time: flow times by the day of finish, and how many lie at each height.

use crate::metrics::Percentiles;
use crate::model::time::{DAY_SECS, Sec, Window};

use super::scale;

/// Rows of dots in a cell, and columns of them.
const DOTS: (u16, u16) = (4, 2);

/// How far the tail must reach for heights to be told by their logarithm: P95 ÷ P50.
const LONG_TAIL: i64 = 8;

/// How heights are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heights {
    /// As they are.
    Linear,
    /// By their logarithm: a long tail leaves the others no room.
    Logarithmic,
}

/// The axis of heights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    /// Seconds at the top.
    pub top: i64,
    /// How heights are told.
    pub heights: Heights,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "spans stay far below 2^53 seconds"
)]
fn in_days(seconds: i64) -> f64 {
    seconds as f64 / DAY_SECS as f64
}

impl Rise {
    /// For values up to `most`, whose percentiles are known.
    pub fn of(most: i64, percentiles: &Percentiles) -> Self {
        let [p50, _, _, p95] = percentiles.values;
        let heights = if p95 > LONG_TAIL * p50.max(1) {
            Heights::Logarithmic
        } else {
            Heights::Linear
        };
        Self {
            top: (most / 20 * 21).max(most).max(1),
            heights,
        }
    }

    /// Where a value lies, 0 at the bottom to 1 at the top.
    pub fn share(self, value: i64) -> f64 {
        let (value, top) = (in_days(value.clamp(0, self.top)), in_days(self.top));
        match self.heights {
            Heights::Linear => value / top,
            Heights::Logarithmic => value.ln_1p() / top.ln_1p(),
        }
    }

    /// The row of a value among `rows` rows, from the bottom.
    pub fn row(self, value: i64, rows: u16) -> u16 {
        step(self.share(value), rows)
    }

    /// Days to name at the left, each with its row from the bottom, no two in one row.
    pub fn marks(self, rows: u16) -> Vec<(u64, u16)> {
        let days = u64::try_from(self.top / DAY_SECS).unwrap_or(0);
        let seconds = |days: u64| i64::try_from(days).unwrap_or(0).saturating_mul(DAY_SECS);
        let numbers: Vec<u64> = match self.heights {
            Heights::Linear => {
                let marks = scale::marks(0, days.max(1), rows);
                marks.into_iter().map(|(mark, _)| mark).collect()
            }
            Heights::Logarithmic => (0..7_u32)
                .flat_map(|power| [1, 2, 5].map(|first| first * 10_u64.pow(power)))
                .take_while(|mark| *mark <= days)
                .collect(),
        };
        let mut marks: Vec<(u64, u16)> = Vec::new();
        for number in numbers {
            let row = self.row(seconds(number), rows);
            if marks.last().is_none_or(|(_, last)| row > last + 1) {
                marks.push((number, row));
            }
        }
        marks
    }
}

/// The step that a share from 0 to 1 falls on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1 of a count of rows"
)]
fn step(share: f64, steps: u16) -> u16 {
    let at = (share.clamp(0.0, 1.0) * f64::from(steps)) as u16;
    at.min(steps.saturating_sub(1))
}

/// A cell with points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dots {
    /// Which of its eight places are taken, bits as in the Braille block.
    pub bits: u8,
    /// How many points lie in it.
    pub count: u32,
}

impl Dots {
    /// Its sign in the Braille block.
    pub fn sign(self) -> char {
        char::from_u32(0x2800 + u32::from(self.bits)).unwrap_or(' ')
    }
}

/// The bit of a place in a cell: row from the bottom, column from the left.
const BITS: [[u8; 2]; 4] = [[0x40, 0x80], [0x04, 0x20], [0x02, 0x10], [0x01, 0x08]];

/// A scatter of points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scatter {
    width: u16,
    /// Row by row from the bottom.
    cells: Vec<Dots>,
    /// By row from the bottom: how many points lie in it.
    pub rows: Vec<u32>,
}

impl Scatter {
    /// Lays out points, instants and seconds, on `rows` rows of `width` cells.
    pub fn of(
        points: impl Iterator<Item = (Sec, i64)>,
        window: Window,
        rise: Rise,
        (width, rows): (u16, u16),
    ) -> Self {
        let mut scatter = Self {
            width,
            cells: vec![Dots::default(); usize::from(width) * usize::from(rows)],
            rows: vec![0; usize::from(rows)],
        };
        if width > 0 && rows > 0 {
            for (at, value) in points {
                scatter.add(
                    along(at, window, width * DOTS.1),
                    rise.row(value, rows * DOTS.0),
                );
            }
        }
        scatter
    }

    fn add(&mut self, column: u16, row: u16) {
        let (x, y) = (column / DOTS.1, row / DOTS.0);
        let at = usize::from(y) * usize::from(self.width) + usize::from(x);
        if let Some(cell) = self.cells.get_mut(at) {
            cell.bits |= BITS[usize::from(row % DOTS.0)][usize::from(column % DOTS.1)];
            cell.count += 1;
        }
        if let Some(count) = self.rows.get_mut(usize::from(y)) {
            *count += 1;
        }
    }

    /// The cell at a column and a row from the bottom.
    pub fn cell(&self, x: u16, row: u16) -> Dots {
        let at = usize::from(row) * usize::from(self.width) + usize::from(x);
        let found = self.cells.get(at).filter(|_| x < self.width);
        found.copied().unwrap_or_default()
    }
}

/// The column of an instant among `columns` columns of a window.
pub fn along(at: Sec, window: Window, columns: u16) -> u16 {
    let length = window.seconds().max(1);
    let within = at.since(window.from).clamp(0, length);
    let column = i128::from(within) * i128::from(columns) / i128::from(length);
    u16::try_from(column)
        .unwrap_or(columns)
        .min(columns.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DAY_SECS, Dots, Heights, Rise, Scatter, along};
    use crate::metrics::Percentiles;
    use crate::model::time::{Sec, Window};

    fn window() -> Window {
        Window {
            from: Sec(1_000),
            to: Sec(1_100),
        }
    }

    fn linear(top: i64) -> Rise {
        Rise {
            top,
            heights: Heights::Linear,
        }
    }

    #[test]
    fn a_long_tail_is_told_by_its_logarithm() {
        let of = |values: &mut [i64]| Rise::of(200, &Percentiles::of(values).unwrap()).heights;
        assert_eq!(of(&mut [10, 11, 12, 40]), Heights::Linear);
        assert_eq!(of(&mut [10, 10, 10, 200]), Heights::Logarithmic);
    }

    #[test]
    fn points_lie_in_their_cells() {
        let points = [(Sec(1_000), 0), (Sec(1_099), 99), (Sec(1_099), 99)];
        let scatter = Scatter::of(points.into_iter(), window(), linear(100), (10, 5));
        assert_eq!(
            scatter.cell(0, 0),
            Dots {
                bits: 0x40,
                count: 1
            }
        );
        assert_eq!(
            scatter.cell(9, 4),
            Dots {
                bits: 0x08,
                count: 2
            }
        );
        assert_eq!(scatter.cell(9, 4).sign(), '⠈');
        assert_eq!(scatter.rows, [1, 0, 0, 0, 2]);
        assert_eq!(scatter.cell(10, 0), Dots::default());
    }

    #[test]
    fn days_are_named_where_they_lie() {
        assert_eq!(linear(10 * DAY_SECS).marks(10), [(0, 0), (5, 5), (10, 9)]);
        let log = Rise {
            top: 150 * DAY_SECS,
            heights: Heights::Logarithmic,
        };
        let marks = log.marks(20);
        assert!(
            marks.len() >= 5 && marks.windows(2).all(|two| two[0].1 < two[1].1),
            "{marks:?}"
        );
    }

    proptest! {
        #[test]
        fn every_point_is_counted_once(
            points in proptest::collection::vec((0_u32..3_000, -5_i64..9_000_000), 0..200),
            width in 0_u16..80,
            rows in 0_u16..50,
        ) {
            let rise = Rise { top: 5_000_000, heights: Heights::Logarithmic };
            let of = points.iter().map(|(at, value)| (Sec(*at), *value));
            let scatter = Scatter::of(of, window(), rise, (width, rows));
            let counted: u32 = scatter.rows.iter().sum();
            let expected = if width == 0 || rows == 0 { 0 } else { points.len() };
            prop_assert_eq!(usize::try_from(counted).unwrap(), expected);
            prop_assert!(along(Sec(5), window(), width) < width.max(1));
        }
    }
}
