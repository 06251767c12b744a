//! The ageing board: a column a stage, a mark an item as high as it is old, zones behind them that
//! say how old finished items were when they left the stage.

/// One mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Cell within the column.
    pub x: u16,
    /// Row from the bottom.
    pub row: u16,
    /// Position of the item among those of the stage, the oldest first.
    pub item: usize,
    /// How many further items found no room beside it; they are the next ones.
    pub more: usize,
    /// Whether the item is older than the board is high.
    pub beyond: bool,
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardColumn {
    /// By row from the bottom: how many of the bands P50, P70, P85, P95 end below its middle, 0 to
    /// 4. Empty where no band is known.
    pub zones: Vec<u8>,
    /// The marks, the oldest first.
    pub marks: Vec<Mark>,
}

/// How many times the widest band the board is high at most: one item forgotten for years leaves
/// the others their room.
const BANDS_SHOWN: i64 = 2;

/// Seconds at the top of the board: the oldest item within reason, and at least the widest band.
pub fn board_top(oldest: i64, widest_band: i64) -> i64 {
    let most = if widest_band > 0 {
        widest_band * BANDS_SHOWN
    } else {
        oldest
    };
    (oldest.min(most).max(widest_band) * 21 / 20).max(1)
}

/// Places the items of a stage, `ages` in seconds and the oldest first, on `rows` rows of `cells`
/// cells; items of one row stand side by side from the middle out.
pub fn board_column(
    ages: &[i64],
    bands: Option<[i64; 4]>,
    top: i64,
    (cells, rows): (u16, u16),
) -> BoardColumn {
    if cells == 0 || rows == 0 {
        return BoardColumn::default();
    }
    let zones = bands.map_or_else(Vec::new, |bands| {
        (0..rows).map(|row| zone(bands, top, (row, rows))).collect()
    });
    let mut marks: Vec<Mark> = Vec::new();
    let mut in_row = 0;
    for (item, age) in ages.iter().enumerate() {
        let row = row_of(*age, top, rows);
        match marks.last_mut() {
            Some(last) if last.row == row && in_row == cells => last.more += 1,
            last => {
                let same = last.is_some_and(|last| last.row == row);
                in_row = if same { in_row + 1 } else { 1 };
                marks.push(Mark {
                    x: from_middle(in_row - 1, cells),
                    row,
                    item,
                    more: 0,
                    beyond: *age > top,
                });
            }
        }
    }
    BoardColumn { zones, marks }
}

/// The row of an age, from the bottom.
pub fn row_of(age: i64, top: i64, rows: u16) -> u16 {
    let row = i128::from(age.max(0)) * i128::from(rows) / i128::from(top.max(1));
    u16::try_from(row)
        .unwrap_or(u16::MAX)
        .min(rows.saturating_sub(1))
}

fn zone(bands: [i64; 4], top: i64, (row, rows): (u16, u16)) -> u8 {
    let middle = i128::from(top) * (2 * i128::from(row) + 1) / (2 * i128::from(rows));
    let below = bands.iter().filter(|band| i128::from(**band) < middle);
    u8::try_from(below.count()).unwrap_or(4)
}

/// The middle cell, then one to its right, one to its left, and so on.
fn from_middle(nth: u16, cells: u16) -> u16 {
    let middle = (cells - 1) / 2;
    let aside = nth.div_ceil(2);
    if nth % 2 == 1 {
        (middle + aside).min(cells - 1)
    } else {
        middle.saturating_sub(aside)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{board_column, board_top, from_middle};

    #[test]
    fn one_forgotten_item_leaves_the_others_their_room() {
        assert_eq!(board_top(40, 100), 105);
        assert_eq!(board_top(150, 100), 157);
        assert_eq!(board_top(9_000, 100), 210);
        assert_eq!(board_top(9_000, 0), 9_450);
        assert_eq!(board_top(0, 0), 1);
    }

    #[test]
    fn items_of_one_row_stand_side_by_side() {
        let order: Vec<u16> = (0..5).map(|nth| from_middle(nth, 5)).collect();
        assert_eq!(order, [2, 3, 1, 4, 0]);
        let column = board_column(&[95, 9, 8, 7, 6], None, 100, (3, 10));
        let marks: Vec<_> = column
            .marks
            .iter()
            .map(|mark| (mark.x, mark.row, mark.item, mark.more))
            .collect();
        assert_eq!(
            marks,
            [(1, 9, 0, 0), (1, 0, 1, 0), (2, 0, 2, 0), (0, 0, 3, 1)]
        );
    }

    #[test]
    fn zones_end_where_bands_do() {
        let column = board_column(&[], Some([20, 40, 60, 80]), 100, (3, 10));
        assert_eq!(column.zones, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    }

    proptest! {
        #[test]
        fn every_item_is_on_the_board_once(
            mut ages in proptest::collection::vec(-5_i64..5_000, 0..80),
            cells in 0_u16..12,
            rows in 0_u16..50,
        ) {
            ages.sort_unstable_by(|one, other| other.cmp(one));
            let column = board_column(&ages, None, 2_000, (cells, rows));
            let shown: usize = column.marks.iter().map(|mark| 1 + mark.more).sum();
            prop_assert!(shown == ages.len() || cells == 0 || rows == 0);
            prop_assert!(column.marks.iter().all(|mark| mark.x < cells && mark.row < rows));
            let mut places: Vec<_> = column.marks.iter().map(|mark| (mark.x, mark.row)).collect();
            places.sort_unstable();
            let before = places.len();
            places.dedup();
            // Beside an edge two may share the last cell of an even column.
            prop_assert!(places.len() + usize::from(rows) >= before);
        }
    }
}
