//! A stage as a tank: how high the work stands in it, how old each layer is.

use crate::metrics::{OpenItem, StageMeasures};

use super::bar::whole;

/// The levels of a tank, in eighths of a row from the bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tank {
    /// How high the load stands.
    pub level: u16,
    /// Where the limit lies, if there is one.
    pub limit: Option<u16>,
    /// Whether the load is above the limit.
    pub over: bool,
}

/// A tank of `rows` rows. Its top is a third above the limit, or above the usual load where no
/// limit is set; a greater load fills it to the brim.
pub fn tank(load: u64, limit: Option<u32>, usual: u64, rows: u16) -> Tank {
    tank_beside((load, load), limit, usual, rows).0
}

/// As [`tank`], on one scale with another load, of which the level is given beside.
pub fn tank_beside(
    (load, other): (u64, u64),
    limit: Option<u32>,
    usual: u64,
    rows: u16,
) -> (Tank, u16) {
    let full = u64::from(rows) * 8;
    let top = brim(limit, usual).max(load).max(other);
    let height = |items: u64| {
        let eighths = u128::from(items) * u128::from(full) / u128::from(top);
        u16::try_from(eighths).unwrap_or(u16::MAX)
    };
    let least = u16::from(load > 0 && rows > 0);
    let tank = Tank {
        level: height(load).max(least),
        limit: limit.map(|limit| height(limit.into())),
        over: limit.is_some_and(|limit| load > u64::from(limit)),
    };
    (tank, height(other))
}

/// The level of a tank on its way, in eighths of a row: it stands for `level` items, which need not
/// be whole.
pub fn level_on_its_way(level: f64, limit: Option<u32>, usual: u64, rows: u16) -> u16 {
    let top = u32::try_from(brim(limit, usual)).unwrap_or(u32::MAX);
    let full = f64::from(rows) * 8.0;
    let eighths = whole(level * full / f64::from(top).max(level));
    u16::try_from(eighths).unwrap_or(u16::MAX)
}

/// The items that fill a tank in which there are not more: a third above its limit, or above the
/// usual load where no limit is set.
fn brim(limit: Option<u32>, usual: u64) -> u64 {
    let holds = limit.map_or(usual, u64::from).max(1);
    holds.saturating_mul(4).div_ceil(3)
}

/// How old an item is for where it stands, from 0 (fresh) to 1: its pace, or in the backlog its
/// stay against the stage's usual time.
pub fn oldness(item: &OpenItem, stage: &StageMeasures) -> f64 {
    if let Some(pace) = item.pace {
        return pace;
    }
    let usual = stage.time.map(|time| time.p85()).or(stage.oldest);
    let usual = usual.filter(|usual| *usual > 0).unwrap_or(1);
    #[expect(
        clippy::cast_precision_loss,
        reason = "spans of seconds stay far below 2^53"
    )]
    let share = item.in_stage as f64 / usual as f64;
    share.clamp(0.0, 1.0)
}

/// The mean age of each of `rows` layers, from the bottom; `ages` are given oldest first.
pub fn strata(ages: &[f64], rows: u16) -> Vec<f64> {
    let rows = usize::from(rows);
    let layer = |row: usize| {
        let from = (row * ages.len() / rows).min(ages.len().saturating_sub(1));
        let to = ((row + 1) * ages.len()).div_ceil(rows).max(from + 1);
        let part = ages.get(from..to.min(ages.len())).unwrap_or_default();
        let count = u32::try_from(part.len().max(1)).map_or(1.0, f64::from);
        part.iter().sum::<f64>() / count
    };
    (0..rows).map(layer).collect()
}

/// The thickness of a pipe in eighths: 1 to 6 for a flow, 0 for none.
pub fn thickness(rate: f64, greatest: f64) -> u8 {
    if !(rate > 0.0 && greatest > 0.0) {
        return 0;
    }
    let eighths = whole((rate / greatest * 6.0).round()).clamp(1, 6);
    u8::try_from(eighths).unwrap_or(6)
}

#[cfg(test)]
mod tests {
    use super::{level_on_its_way, strata, tank, thickness};
    use proptest::prelude::*;

    #[test]
    fn a_tank_at_its_limit_is_three_quarters_full() {
        let at_limit = tank(6, Some(6), 0, 8);
        assert_eq!(
            (at_limit.level, at_limit.limit, at_limit.over),
            (48, Some(48), false)
        );
        let over = tank(14, Some(8), 0, 4);
        assert_eq!((over.level, over.limit, over.over), (32, Some(18), true));
        assert_eq!(tank(0, None, 0, 4).level, 0);
        assert_eq!(tank(1, None, 1000, 4).level, 1);
    }

    #[test]
    fn layers_are_means_from_the_oldest_up() {
        assert_eq!(strata(&[1.0, 0.5, 0.2, 0.0], 2), [0.75, 0.1]);
        assert_eq!(strata(&[0.9], 3), [0.9, 0.9, 0.9]);
        assert_eq!(strata(&[], 2), [0.0, 0.0]);
        assert_eq!(thickness(0.0, 2.0), 0);
        assert_eq!(thickness(2.0, 2.0), 6);
    }

    proptest! {
        #[test]
        fn levels_stay_inside(load in 0_u64..u64::MAX, limit in prop::option::of(0_u32..u32::MAX), usual in 0_u64..u64::MAX, rows in 0_u16..500) {
            let tank = tank(load, limit, usual, rows);
            prop_assert!(tank.level <= rows * 8);
            prop_assert!(tank.limit.is_none_or(|limit| limit <= rows * 8));
        }

        #[test]
        fn more_load_never_stands_lower(load in 0_u64..10_000, usual in 0_u64..10_000, rows in 0_u16..60) {
            prop_assert!(tank(load, None, usual, rows).level <= tank(load + 1, None, usual, rows).level);
        }

        #[test]
        fn a_level_that_has_come_to_a_load_is_that_of_the_load(load in 1_u32..10_000, limit in prop::option::of(0_u32..9_000), usual in 0_u64..9_000, rows in 1_u16..90) {
            let stands = tank(load.into(), limit, usual, rows).level;
            let came = level_on_its_way(load.into(), limit, usual, rows);
            prop_assert_eq!(came.max(1), stands);
            let less = level_on_its_way(f64::from(load) - 0.5, limit, usual, rows);
            prop_assert!(less <= came);
        }

        #[test]
        fn layers_lie_between_the_ages(ages in prop::collection::vec(0.0..1.0_f64, 1..50), rows in 1_u16..60) {
            for layer in strata(&ages, rows) {
                prop_assert!((0.0..=1.0).contains(&layer));
            }
        }
    }
}
