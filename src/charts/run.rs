//! Values over time as columns, and levels across them.

use super::area::height;

/// Where the columns of a run chart stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunPlan {
    /// The first value in view; those before have no room.
    pub first: usize,
    /// How many values are in view.
    pub count: usize,
    /// Cells from one column to the next.
    pub pitch: u16,
    /// Cells of a column.
    pub bar: u16,
}

/// Cells of the widest column.
const WIDEST: u16 = 8;

/// Fits `count` values into `width` cells: columns shrink first, then the earliest go.
pub fn run_plan(count: usize, width: u16) -> RunPlan {
    let fitting = count.min(usize::from(width));
    let shown = u16::try_from(fitting).unwrap_or(u16::MAX).max(1);
    let pitch = (width / shown).min(WIDEST + 2);
    let bar = match pitch {
        ..=2 => pitch.min(1),
        pitch => pitch - 1 - u16::from(pitch > 6),
    };
    RunPlan {
        first: count - fitting,
        count: fitting,
        pitch,
        bar,
    }
}

impl RunPlan {
    /// The first cell of a value's column; `None` if it is not in view.
    pub fn cell(&self, value: usize) -> Option<u16> {
        let at = u16::try_from(value.checked_sub(self.first)?).ok()?;
        (usize::from(at) < self.count).then(|| at * self.pitch)
    }

    /// The value at a cell.
    pub fn value(&self, cell: u16) -> Option<usize> {
        let at = usize::from(cell.checked_div(self.pitch)?);
        (at < self.count).then_some(self.first + at)
    }
}

/// How high a value stands in `rows` rows, in eighths; something that is there shows.
pub fn bar_height(value: u64, top: u64, rows: u16) -> u16 {
    let eighths = height(value, top, u64::from(rows) * 8);
    let least = u64::from(value > 0 && rows > 0);
    u16::try_from(eighths.max(least)).unwrap_or(u16::MAX)
}

/// The row that a level lies in, counted from the bottom; `None` if it lies above the picture.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "levels are within the picture, which has few rows"
)]
pub fn level_row(level: f64, top: u64, rows: u16) -> Option<u16> {
    if !(0.0..=top as f64).contains(&level) || rows == 0 || top == 0 {
        return None;
    }
    let row = (level * f64::from(rows) / top as f64) as u16;
    Some(row.min(rows - 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{bar_height, level_row, run_plan};

    #[test]
    fn columns_shrink_and_then_the_earliest_go() {
        let wide = run_plan(4, 100);
        assert_eq!(
            (wide.first, wide.count, wide.pitch, wide.bar),
            (0, 4, 10, 8)
        );
        let narrow = run_plan(52, 60);
        assert_eq!(
            (narrow.first, narrow.count, narrow.pitch, narrow.bar),
            (0, 52, 1, 1)
        );
        let less = run_plan(80, 60);
        assert_eq!((less.first, less.count), (20, 60));
        assert_eq!(
            (less.cell(19), less.cell(20), less.cell(80)),
            (None, Some(0), None)
        );
        assert_eq!((less.value(0), less.value(60)), (Some(20), None));
        assert_eq!(run_plan(0, 60).value(0), None);
        assert_eq!(run_plan(5, 0).value(0), None);
    }

    #[test]
    fn levels_lie_in_rows() {
        assert_eq!(level_row(5.0, 10, 10), Some(5));
        assert_eq!(level_row(10.0, 10, 10), Some(9));
        assert_eq!(level_row(11.0, 10, 10), None);
        assert_eq!(level_row(f64::NAN, 10, 10), None);
        assert_eq!(bar_height(1, 1_000, 4), 1);
        assert_eq!(bar_height(0, 1_000, 4), 0);
    }

    proptest! {
        #[test]
        fn a_value_is_found_in_its_own_column(count in 1_usize..400, width in 1_u16..300) {
            let plan = run_plan(count, width);
            for value in plan.first..count {
                let cell = plan.cell(value).unwrap();
                prop_assert!(cell + plan.bar <= width);
                prop_assert_eq!(plan.value(cell), Some(value));
            }
        }
    }
}
