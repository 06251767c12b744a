//! Clocks by name: from the first entry of one stage or a later one to the last entry of another or
//! later. METRICS "The clock".

use crate::model::id::StageIx;
use crate::model::stream::NamedClock;
use crate::model::time::{Ruler, Sec, Window};
use crate::model::timeline::{Timeline, Visit};

use super::clocked::stage_of;
use super::percentile::Percentiles;

/// What a named clock says of the items that it stopped for within the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedClockTimes {
    /// The clock's name.
    pub name: String,
    /// Its times in seconds; `None` if it stopped for no item.
    pub time: Option<Percentiles>,
}

/// What a named clock says of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedAnswer {
    /// The clock's name.
    pub name: String,
    /// The first entry of its first stage or a later one.
    pub started: Option<Sec>,
    /// The last entry of its last stage or a later one, while the item is there.
    pub finished: Option<Sec>,
    /// Seconds from start to finish, or to as-of while it runs.
    pub elapsed: Option<i64>,
}

impl NamedAnswer {
    /// Asks `clock` about an item.
    pub(super) fn new(timeline: &Timeline, clock: &NamedClock, ruler: &Ruler) -> Self {
        let visits = &timeline.visits;
        let at_or_after = |stage: StageIx| {
            move |visit: &Visit| stage_of(visit.position).is_some_and(|at| at >= stage)
        };
        let (begins, ends) = (at_or_after(clock.from), at_or_after(clock.to));
        let started = visits
            .iter()
            .find(|visit| begins(visit))
            .map(|visit| visit.from);
        // Going on among the last stages is one stay: its beginning is the entry.
        let stay = visits.iter().rev().take_while(|visit| ends(visit)).last();
        let finished = stay.map(|visit| visit.from);
        let until = finished.or_else(|| visits.last().map(|visit| visit.to));
        Self {
            name: clock.name.clone(),
            started,
            finished,
            elapsed: started.zip(until).map(|(from, to)| ruler.between(from, to)),
        }
    }
}

/// Gathers the times of one named clock.
#[derive(Debug)]
pub(super) struct NamedTimes<'a> {
    clock: &'a NamedClock,
    window: Window,
    ruler: &'a Ruler,
    times: Vec<i64>,
}

impl<'a> NamedTimes<'a> {
    pub(super) fn new(clock: &'a NamedClock, window: Window, ruler: &'a Ruler) -> Self {
        Self {
            clock,
            window,
            ruler,
            times: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, timeline: &Timeline) {
        let answer = NamedAnswer::new(timeline, self.clock, self.ruler);
        if answer.finished.is_some_and(|at| self.window.contains(at)) {
            self.times.extend(answer.elapsed);
        }
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
        self.times.extend(other.times);
    }

    pub(super) fn settle(mut self) -> NamedClockTimes {
        NamedClockTimes {
            name: self.clock.name.clone(),
            time: Percentiles::of(&mut self.times),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NamedAnswer;
    use crate::model::id::{ItemIx, StageIx};
    use crate::model::stream::NamedClock;
    use crate::model::time::{Ruler, Sec};
    use crate::model::timeline::{Position, Timeline, Visit};

    /// Stages by number with the day each is entered, seen from day 30.
    fn answer(from: u8, to: u8, moves: &[(u8, u32)]) -> (Option<u32>, Option<u32>, Option<i64>) {
        let ends = moves.iter().skip(1).map(|(_, day)| *day).chain([30]);
        let visit = |((stage, day), end): (&(u8, u32), u32)| Visit {
            position: Position::Stage(StageIx(*stage)),
            from: Sec(*day),
            to: Sec(end),
        };
        let timeline = Timeline {
            item: ItemIx(0),
            visits: moves.iter().zip(ends).map(visit).collect(),
            as_of: Sec(30),
            ..Timeline::empty()
        };
        let clock = NamedClock {
            name: "test".to_owned(),
            from: StageIx(from),
            to: StageIx(to),
        };
        let answer = NamedAnswer::new(&timeline, &clock, &Ruler::elapsed());
        (
            answer.started.map(|at| at.0),
            answer.finished.map(|at| at.0),
            answer.elapsed,
        )
    }

    #[test]
    fn from_the_first_entry_to_the_last() {
        // Idea 1, build 4, release 9, back to build 12, release 15, live 20.
        let moves = [(0, 1), (1, 4), (2, 9), (1, 12), (2, 15), (3, 20)];
        assert_eq!(answer(0, 3, &moves), (Some(1), Some(20), Some(19)));
        assert_eq!(answer(1, 2, &moves), (Some(4), Some(15), Some(11)));
    }

    #[test]
    fn a_skipped_first_stage_starts_at_a_later_one() {
        assert_eq!(
            answer(1, 3, &[(0, 1), (2, 5), (3, 8)]),
            (Some(5), Some(8), Some(3))
        );
    }

    #[test]
    fn it_runs_until_the_last_stage_and_again_after_a_return() {
        assert_eq!(answer(0, 3, &[(0, 1), (1, 4)]), (Some(1), None, Some(29)));
        assert_eq!(
            answer(0, 3, &[(0, 1), (3, 4), (1, 9)]),
            (Some(1), None, Some(29))
        );
        assert_eq!(answer(2, 3, &[(0, 1), (1, 4)]), (None, None, None));
    }
}
