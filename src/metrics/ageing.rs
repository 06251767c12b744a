//! Items that are not finished: where they stand, how old they are, how they are doing.

use crate::model::bound::KindIx;
use crate::model::id::{ItemIx, StageIx};
use crate::model::stage::{Condition, State};
use crate::model::time::{Ruler, Sec};

use super::pace::PaceBands;
use super::sle::Expectations;
use super::table::Row;

/// An item in a backlog, queue or active stage. Spans are seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenItem {
    /// Position in the log.
    pub item: ItemIx,
    /// The stage it is in.
    pub stage: StageIx,
    /// `Backlog` or `InProgress`.
    pub state: State,
    /// Its kind, if it has one.
    pub kind: Option<KindIx>,
    /// Since it entered the stage.
    pub in_stage: i64,
    /// By the clock rule; `None` in the backlog.
    pub age: Option<i64>,
    /// Share of finished items that left the stage at this age or younger.
    pub pace: Option<f64>,
    /// How it is doing; `None` in the backlog.
    pub condition: Option<Condition>,
    /// What stops it.
    pub block: Option<OpenBlock>,
}

/// A block that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenBlock {
    /// Why, in words; empty if nobody said.
    pub reason: String,
    /// Since when.
    pub since: Sec,
}

/// From which time on an item counts as stale or ageing, by stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Thresholds {
    /// Seconds in the stage.
    pub(super) stale: Vec<Option<i64>>,
    pub(super) pace: PaceBands,
    pub(super) expectations: Expectations,
    pub(super) ruler: Ruler,
}

impl Thresholds {
    /// Whether the item is longer in its stage than the stage's threshold, and not blocked.
    pub(super) fn is_stale(&self, row: &Row, as_of: Sec) -> bool {
        let limit = row.stage.and_then(|stage| *self.stale.get(stage.index())?);
        let in_stage = self.ruler.between(row.entered, as_of);
        row.state == State::InProgress
            && !row.blocked
            && limit.is_some_and(|limit| in_stage > limit)
    }

    /// Whether the item's age is past its stage's P85 pace band.
    pub(super) fn is_ageing(&self, row: &Row) -> bool {
        let band = row.stage.and_then(|stage| self.pace.p85(stage));
        row.age().zip(band).is_some_and(|(age, band)| age > band)
    }

    /// The condition of an item in progress.
    pub(super) fn condition(&self, row: &Row, as_of: Sec) -> Option<Condition> {
        if row.state != State::InProgress {
            return None;
        }
        Some(if row.blocked {
            Condition::Blocked
        } else if self.is_stale(row, as_of) {
            Condition::Stale
        } else if self.is_ageing(row) {
            Condition::Ageing
        } else {
            Condition::Fine
        })
    }

    /// The pace of an item in progress.
    pub(super) fn pace_of(&self, row: &Row) -> Option<f64> {
        self.pace.pace(row.stage?, row.age()?)
    }
}

/// Orders open items stage by stage, oldest first; in a stage without ages, longest there first.
pub(super) fn order(items: &mut [OpenItem]) {
    items.sort_by_key(|one| {
        let oldest = -one.age.unwrap_or(one.in_stage);
        (one.stage, oldest, -one.in_stage, one.item)
    });
}

#[cfg(test)]
mod tests {
    use super::{Condition, PaceBands, Sec, State, Thresholds};
    use crate::metrics::clocked::Spent;
    use crate::metrics::table::Row;
    use crate::model::id::{ItemIx, StageIx};

    /// Stage 0 goes stale after 100 seconds and ages after 50; stage 1 knows neither.
    fn thresholds() -> Thresholds {
        let mut pace = PaceBands::default();
        pace.bands = vec![Some([10, 20, 50, 90]), None];
        let stale = vec![Some(100), None];
        Thresholds {
            stale,
            pace,
            ..Thresholds::default()
        }
    }

    /// In a stage since `in_stage` seconds at instant 1000.
    fn row(stage: u8, in_stage: u32, age: i64) -> Row {
        let mut row = Row::nowhere(ItemIx(0), Sec(0));
        row.state = State::InProgress;
        row.stage = Some(StageIx(stage));
        row.entered = Sec(1000 - in_stage);
        row.with_times(
            Spent {
                active: age,
                ..Spent::default()
            },
            true,
        )
    }

    fn condition(row: &Row) -> Option<Condition> {
        thresholds().condition(row, Sec(1000))
    }

    #[test]
    fn the_most_pressing_condition_is_named() {
        let mut blocked = row(0, 101, 200);
        blocked.blocked = true;
        assert_eq!(condition(&blocked), Some(Condition::Blocked));
        assert_eq!(condition(&row(0, 101, 200)), Some(Condition::Stale));
        assert_eq!(condition(&row(0, 100, 200)), Some(Condition::Ageing));
        assert_eq!(condition(&row(0, 10, 50)), Some(Condition::Fine));
    }

    #[test]
    fn a_stage_without_finished_items_calls_nothing_old() {
        assert_eq!(condition(&row(1, 900, 900)), Some(Condition::Fine));
    }

    #[test]
    fn only_work_in_progress_has_a_condition() {
        let mut waiting = row(0, 900, 900);
        waiting.state = State::Backlog;
        assert_eq!(condition(&waiting), None);
    }
}
