//! How long the finished items of the window were in each stage: item by item, and how that spreads.

use crate::model::id::{ItemIx, StageIx};
use crate::model::snapshot::Snapshot;
use crate::model::timeline::{Replay, Timeline};

use super::clocked::stage_of;
use super::measure::Measures;
use super::percentile::percentile;
use super::threads;

/// The percentiles of a [`Spread`].
pub const SPREAD: [u8; 5] = [5, 25, 50, 75, 95];

/// Items that a thread looks at before it asks for more.
const BLOCK: usize = 512;

/// How times spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub n: usize,
    /// Seconds, in the order of [`SPREAD`], by the nearest rank with ceiling.
    pub values: [i64; 5],
}

/// An item that was in a stage, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Which item.
    pub item: ItemIx,
    /// The sum of its visits that ended, seconds by the ruler of the measures.
    pub seconds: i64,
}

/// The times in every stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageTimes {
    stages: Vec<Stays>,
}

/// The times in one stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// How they spread; `None` if no finished item left the stage.
    pub spread: Option<Spread>,
    /// The items, the longest stay first.
    pub items: Vec<Stay>,
}

impl Spread {
    fn of(stays: &[Stay]) -> Option<Self> {
        let mut seconds: Vec<i64> = stays.iter().map(|stay| stay.seconds).collect();
        let mut values = [0; 5];
        for (value, p) in values.iter_mut().zip(SPREAD) {
            *value = percentile(&mut seconds, p)?;
        }
        let n = stays.len();
        Some(Self { n, values })
    }
}

impl StageTimes {
    /// Of the items that `measures` counts as finished in its window, in the stream at the position
    /// `stream`. Costs a replay of each of them, on several threads.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Self {
        let Some(bound) = snapshot.streams().get(stream) else {
            return Self::default();
        };
        let count = bound.stream().stages.len();
        let replay = Replay::new(snapshot.log(), bound, measures.header.as_of);
        let blocks: Vec<&[ItemIx]> = measures.finished.chunks(BLOCK).collect();
        let begin = || (vec![Vec::new(); count], Timeline::empty());
        let parts = threads::by_blocks(blocks.len(), begin, |(stages, timeline), block| {
            for item in blocks[block] {
                replay.run(*item, timeline);
                add(stages, *item, timeline, measures);
            }
        });
        let mut stages = vec![Vec::new(); count];
        for (part, _) in parts {
            for (own, more) in stages.iter_mut().zip(part) {
                own.extend(more);
            }
        }
        let stages = stages.into_iter().map(Stays::of).collect();
        Self { stages }
    }

    /// The times in a stage; `None` if there is no such stage.
    pub fn of_stage(&self, stage: usize) -> Option<&Stays> {
        self.stages.get(stage)
    }
}

impl Stays {
    fn of(mut items: Vec<Stay>) -> Self {
        items.sort_unstable_by_key(|stay| (std::cmp::Reverse(stay.seconds), stay.item));
        let spread = Spread::of(&items);
        Self { spread, items }
    }
}

/// Adds an item's time in each stage that it left.
fn add(stages: &mut [Vec<Stay>], item: ItemIx, timeline: &Timeline, measures: &Measures) {
    let ended = timeline.visits.len().saturating_sub(1);
    for visit in timeline.visits.iter().take(ended) {
        let stage = stage_of(visit.position).map(StageIx::index);
        let Some(stays) = stage.and_then(|stage| stages.get_mut(stage)) else {
            continue;
        };
        let seconds = measures.ruler.between(visit.from, visit.to);
        match stays.last_mut().filter(|stay| stay.item == item) {
            Some(stay) => stay.seconds += seconds,
            None => stays.push(Stay { item, seconds }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SPREAD, Spread, StageTimes, Stay};
    use crate::metrics::fixture::{snapshot, stream as small};
    use crate::metrics::{AsOf, Question, measure};
    use crate::model::id::ItemIx;
    use crate::model::time::{DAY_SECS, Sec, WindowSpec};

    #[test]
    fn of_twenty_values_the_first_fifth_tenth_fifteenth_and_nineteenth() {
        let stays: Vec<Stay> = (1..=20)
            .map(|seconds| Stay {
                item: ItemIx(0),
                seconds,
            })
            .collect();
        let spread = Spread::of(&stays).unwrap();
        assert_eq!((spread.n, spread.values), (20, [1, 5, 10, 15, 19]));
        assert_eq!(SPREAD.len(), spread.values.len());
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn visits_of_one_item_are_added_and_the_last_one_is_left_out() {
        let known = snapshot(
            small(),
            &[
                (
                    "A",
                    "Story",
                    &[
                        (1, "Ready"),
                        (3, "Build"),
                        (4, "Ready"),
                        (9, "Build"),
                        (10, "Done"),
                    ],
                ),
                ("B", "Story", &[(5, "Ready"), (6, "Build"), (12, "Done")]),
                ("C", "Story", &[(5, "Ready")]),
            ],
        );
        let mut question = Question::about(&known, 0, AsOf::At(Sec(20 * 86_400)));
        question.window = WindowSpec::LastDays(19);
        let times = StageTimes::of(&known, 0, &measure(&known, &question).unwrap());
        let days = |stage| -> Vec<i64> {
            let stays = times.of_stage(stage).unwrap().items.iter();
            stays.map(|stay| stay.seconds / DAY_SECS).collect()
        };
        assert_eq!(
            (days(1), days(2), days(3)),
            (vec![7, 1], vec![6, 2], vec![])
        );
        assert_eq!(times.of_stage(3).unwrap().spread, None);
        assert!(times.of_stage(9).is_none());
    }
}
