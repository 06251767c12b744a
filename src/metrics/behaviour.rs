//! How items move: work that comes back, work that is closed without any, stages passed over.

use crate::model::id::StageIx;
use crate::model::time::Window;
use crate::model::timeline::{Position, Visit};

use super::clocked::stage_of;
use super::flow::count;

/// How items moved in the window. The moves themselves are counted by
/// [`Handoffs`](super::Handoffs).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Items that moved from one stage to another in the window.
    pub moved: u64,
    /// Those of them that came back to a stage which they had left for a later one.
    pub reworked: u64,
    /// Items finished in the window straight from the backlog.
    pub closed_without_work: u64,
    /// Items finished in the window that passed over at least one stage.
    pub skipping: u64,
    /// The stages they passed over.
    pub skipped_stages: u64,
}

impl Behaviour {
    /// `reworked ÷ moved`, 0 to 1; `None` if nothing moved.
    pub fn rework_rate(&self) -> Option<f64> {
        share(self.reworked, self.moved)
    }
}

/// `part ÷ whole`; `None` of nothing.
pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| count(part) / count(whole))
}

/// The stages an item went through so far.
#[derive(Clone, Copy, Debug, Default)]
struct Trail {
    before: Option<StageIx>,
    /// By stage: whether it was left for a later one and not entered since.
    left_forward: [u64; 4],
}

impl Trail {
    /// Goes on to a stage; says whether the item had left it for a later one.
    fn enter(&mut self, stage: StageIx) -> bool {
        if let Some(before) = self.before.replace(stage).filter(|before| *before < stage) {
            self.left_forward[before.index() / 64] |= 1 << (before.index() % 64);
        }
        let (word, bit) = (stage.index() / 64, 1 << (stage.index() % 64));
        let back = self.left_forward[word] & bit != 0;
        self.left_forward[word] &= !bit;
        back
    }
}

/// The way of an item through the stages, whenever it went there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// The furthest stage visited; an end without value is further than all.
    pub(super) furthest: Position,
    /// Stages between the first and the furthest visited that have no visit.
    pub(super) skipped: u8,
    /// Moves to an earlier stage.
    pub(super) backward: u16,
    /// Whether it was finished straight from the backlog, as far as that is known.
    pub(super) straight: bool,
}

impl Path {
    pub(super) fn of(visits: &[Visit]) -> Self {
        let mut visited = [0_u64; 4];
        let (mut first, mut furthest, mut before) = (u8::MAX, 0, 0);
        let (mut backward, mut ended) = (0_u16, false);
        for visit in visits {
            ended |= matches!(visit.position, Position::Cancelled | Position::Deleted);
            if let Position::Stage(StageIx(stage)) = visit.position {
                visited[usize::from(stage / 64)] |= 1 << (stage % 64);
                first = first.min(stage);
                furthest = furthest.max(stage);
                backward = backward.saturating_add((stage < before).into());
                before = stage;
            }
        }
        let count: u32 = visited.iter().map(|word| word.count_ones()).sum();
        let range = (u32::from(furthest) + 1).saturating_sub(first.into());
        let furthest = match count {
            _ if ended => Position::Cancelled,
            0 => Position::Unmapped,
            _ => Position::Stage(StageIx(furthest)),
        };
        Self {
            furthest,
            skipped: u8::try_from(range.saturating_sub(count)).unwrap_or(u8::MAX),
            backward,
            straight: false,
        }
    }
}

impl Behaviour {
    /// Adds an item's moves.
    pub(super) fn add(&mut self, visits: &[Visit], window: Window) {
        let mut trail = Trail::default();
        let (mut moved, mut reworked) = (false, false);
        for visit in visits {
            let Some(stage) = stage_of(visit.position) else {
                continue;
            };
            let inside = window.contains(visit.from);
            moved |= inside && trail.before.is_some();
            reworked |= trail.enter(stage) && inside;
        }
        self.moved += u64::from(moved);
        self.reworked += u64::from(reworked);
    }

    /// Adds what another part counted.
    pub(super) fn merge(&mut self, other: Self) {
        self.moved += other.moved;
        self.reworked += other.reworked;
        self.closed_without_work += other.closed_without_work;
        self.skipping += other.skipping;
        self.skipped_stages += other.skipped_stages;
    }

    /// Adds the way of an item finished in the window.
    pub(super) fn add_finished(&mut self, path: Path) {
        self.closed_without_work += u64::from(path.straight);
        self.skipping += u64::from(path.skipped > 0);
        self.skipped_stages += u64::from(path.skipped);
    }
}

#[cfg(test)]
mod tests {
    use super::{Behaviour, Path, StageIx, Visit, Window};
    use crate::model::time::Sec;
    use crate::model::timeline::Position;

    const CANCELLED: u8 = u8::MAX;

    /// Stages by number, one a second from 0 on; the window is 3 to 100.
    fn behaviour(stages: &[u8]) -> Behaviour {
        let position = |stage: u8| match stage {
            CANCELLED => Position::Cancelled,
            stage => Position::Stage(StageIx(stage)),
        };
        let visit = |(at, stage): (u32, &u8)| Visit {
            position: position(*stage),
            from: Sec(at),
            to: Sec(at + 1),
        };
        let visits: Vec<Visit> = (0..).zip(stages).map(visit).collect();
        let (from, to) = (Sec(3), Sec(100));
        let mut behaviour = Behaviour::default();
        behaviour.add(&visits, Window { from, to });
        behaviour
    }

    fn counts(stages: &[u8]) -> (u64, u64) {
        let found = behaviour(stages);
        (found.moved, found.reworked)
    }

    #[test]
    fn coming_back_to_a_stage_that_was_left_forward_is_rework() {
        assert_eq!(counts(&[0, 1, 2, 1, 2]), (1, 1));
        // Stage 2 was left backward, so entering it again is none; nor is a step back to a new stage.
        assert_eq!(counts(&[0, 2, 1, 2]), (1, 0));
        assert_eq!(counts(&[200, 201, 202, 200]), (1, 1));
    }

    #[test]
    fn only_what_happens_in_the_window_counts() {
        assert_eq!(counts(&[1, 2, 1]), (0, 0));
        assert_eq!(counts(&[1, 2, 1, 2]), (1, 0));
        // Left forward before the window, entered again in it.
        assert_eq!(counts(&[1, 2, 3, 1]), (1, 1));
    }

    #[test]
    fn a_detour_outside_the_stages_is_no_step_forward() {
        assert_eq!(counts(&[1, 2, 1, CANCELLED, 1]), (1, 0));
        assert_eq!(counts(&[1, CANCELLED, CANCELLED, 2, 1]), (1, 1));
    }

    #[test]
    fn an_item_counts_once_however_often_it_comes_back() {
        let often = [1, 2, 1, 2, 1, 2, 1];
        assert_eq!(counts(&often), (1, 1));
        assert_eq!(behaviour(&often).rework_rate(), Some(1.0));
        assert_eq!(Behaviour::default().rework_rate(), None);
    }

    #[test]
    fn finished_items_are_asked_what_they_passed_over() {
        let mut found = Behaviour::default();
        for (skipped, straight) in [(0, false), (2, true), (1, false)] {
            found.add_finished(Path {
                skipped,
                straight,
                ..Path::of(&[])
            });
        }
        let told = (
            found.closed_without_work,
            found.skipping,
            found.skipped_stages,
        );
        assert_eq!(told, (1, 2, 3));
    }
}
