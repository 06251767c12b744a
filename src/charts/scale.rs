//! Axes: round numbers, and where they stand.

/// A step of 1, 2 or 5 times a power of ten that divides `top` into at most `most` parts (at least
/// one).
pub fn round_step(top: u64, most: u16) -> u64 {
    let enough = |step: &u64| top / step <= u64::from(most).max(1);
    let steps = (0..19_u32).flat_map(|power| [1, 2, 5].map(|first| first * 10_u64.pow(power)));
    steps.into_iter().find(enough).unwrap_or(u64::MAX)
}

/// Round numbers from `ground` to `ground + top`, with the row that each stands in, counted from the
/// bottom of `rows` rows; about one in five rows.
pub fn marks(ground: u64, top: u64, rows: u16) -> Vec<(u64, u16)> {
    if top == 0 || rows == 0 {
        return Vec::new();
    }
    let step = round_step(top, (rows / 5).max(1));
    let row = |mark: u64| {
        let row = u128::from(mark - ground) * u128::from(rows) / u128::from(top);
        u16::try_from(row).unwrap_or(rows).min(rows - 1)
    };
    let all = (ground.div_ceil(step)..=(ground + top) / step).map(|at| at * step);
    all.map(|mark| (mark, row(mark))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{marks, round_step};

    #[test]
    fn steps_are_round() {
        assert_eq!(round_step(10, 5), 2);
        assert_eq!(round_step(99, 4), 20);
        assert_eq!(round_step(0, 3), 1);
        assert_eq!(round_step(7, 0), 5);
    }

    #[test]
    fn marks_stand_where_their_numbers_are() {
        assert_eq!(marks(0, 10, 10), [(0, 0), (5, 5), (10, 9)]);
        assert_eq!(marks(985, 200, 10), [(1_000, 0), (1_100, 5)]);
        assert_eq!(marks(3, 0, 10), []);
    }

    proptest! {
        #[test]
        fn no_two_marks_share_a_row(ground in 0_u64..5_000, top in 0_u64..5_000, rows in 0_u16..90) {
            let marks = marks(ground, top, rows);
            prop_assert!(marks.windows(2).all(|two| two[0].1 < two[1].1 || rows < 5));
            prop_assert!(marks.iter().all(|(mark, row)| *mark >= ground && *row < rows));
        }
    }
}
