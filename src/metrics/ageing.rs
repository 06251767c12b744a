//! Items that are not finished: where they stand, how old they are, how they are doing.

use crate::model::bound::KindIx;
use crate::model::id::{ItemIx, StageIx};
use crate::model::stage::{Condition, State};
use crate::model::time::Sec;

use super::pace::PaceBands;
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
}

impl Thresholds {
    /// Whether the item is longer in its stage than the stage's threshold, and not blocked.
    pub(super) fn is_stale(&self, row: &Row, as_of: Sec) -> bool {
        let limit = row.stage.and_then(|stage| *self.stale.get(stage.index())?);
        let in_stage = as_of.since(row.entered);
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
