//! A hint for limits of work in progress: what a stage held at most, most of the time.

use crate::model::id::StageIx;

use super::measure::Measures;
use super::stages::StageMeasures;

/// What a limit of a committed stage could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitHint {
    /// Which stage.
    pub stage: StageIx,
    /// The limit that is set, items.
    pub limit: Option<u32>,
    /// The smallest load that was not exceeded for 85 % of the window, items; `None` if the
    /// window has no length.
    pub hint: Option<u64>,
}

impl LimitHint {
    /// One a committed stage, left to right.
    pub fn of(measures: &Measures) -> Vec<Self> {
        let known = measures.header.window.seconds() > 0;
        let stages = measures.stages.iter();
        let committed = stages.filter(|stage| stage.class.is_committed());
        committed
            .map(|stage| Self::of_stage(stage, known))
            .collect()
    }

    fn of_stage(stage: &StageMeasures, known: bool) -> Self {
        Self {
            stage: stage.stage,
            limit: stage.limit,
            hint: known.then_some(stage.usual_load),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LimitHint, StageIx};
    use crate::metrics::{AsOf, Question, fixture, measure};
    use crate::model::time::{DAY_SECS, Sec, WindowSpec};

    fn hints(window: u32) -> Vec<(usize, Option<u64>)> {
        let items: [fixture::Item<'_>; 2] = [
            ("A", "Story", &[(101, "Build")]),
            ("B", "Story", &[(101, "Ready"), (110, "Build")]),
        ];
        let snapshot = fixture::snapshot(fixture::stream(), &items);
        let as_of = Sec(u32::try_from(112 * DAY_SECS).unwrap());
        let mut question = Question::about(&snapshot, 0, AsOf::At(as_of));
        question.window = WindowSpec::LastDays(window);
        let hints = LimitHint::of(&measure(&snapshot, &question).unwrap());
        let hint = |one: LimitHint| (StageIx::index(one.stage), one.hint);
        hints.into_iter().map(hint).collect()
    }

    #[test]
    fn only_committed_stages_have_a_hint() {
        // Build held two items for two days: of ten days too many to be left out, of fourteen not.
        assert_eq!(hints(10), [(1, Some(1)), (2, Some(2))]);
        assert_eq!(hints(14), [(1, Some(1)), (2, Some(1))]);
    }

    #[test]
    fn a_window_without_length_says_nothing() {
        assert_eq!(hints(0), [(1, None), (2, None)]);
    }
}
