//! How items spend their time in each stage, week by week: worked on, waiting, blocked.

use crate::model::id::StageIx;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, State};
use crate::model::time::{Ruler, Sec, Week, Window};
use crate::model::timeline::{Replay, Timeline, Visit};

use super::clocked::{blocked_between, stage_of};
use super::measure::Measures;
use super::table::Row;
use super::threads;

/// The time that all items spent in a stage within one ISO week, as far as the window has it.
/// Seconds, by the ruler of the measures; the three add up to the whole stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageWeek {
    /// Which week.
    pub week: Week,
    /// Whether the window cuts the week.
    pub partial: bool,
    /// In an active stage and not blocked.
    pub active: i64,
    /// In a queue and not blocked.
    pub waiting: i64,
    /// Blocked, in a queue or in an active stage.
    pub blocked: i64,
}

impl StageWeek {
    /// The whole time, seconds.
    pub fn all(&self) -> i64 {
        self.active + self.waiting + self.blocked
    }
}

/// The weeks of every committed stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageWeeks {
    stages: Vec<Vec<StageWeek>>,
}

impl StageWeeks {
    /// Of the items that `measures` counts, in the stream at the position `stream`.
    ///
    /// Costs a replay of every item that was in the stream during the window, on several threads,
    /// and for each of its visits one look at every week that the visit lasts and at its blocks.
    pub fn of(snapshot: &Snapshot, stream: usize, measures: &Measures) -> Self {
        let Some(bound) = snapshot.streams().get(stream) else {
            return Self::default();
        };
        let window = measures.header.window;
        let borders = borders(snapshot, measures);
        let classes = bound.stream().stages.iter().map(|stage| stage.class);
        let classes: Vec<Class> = classes.collect();
        let replay = Replay::new(snapshot.log(), bound, measures.header.as_of);
        let parts = measures.table.parts();
        let begin = || {
            let sums = Sums::new(&borders, &classes, &measures.ruler);
            (sums, Timeline::empty())
        };
        let sums = threads::by_blocks(parts.len(), begin, |(sums, timeline), part| {
            let rows = parts[part].rows();
            for row in rows.filter(|row| reaches(row, window)) {
                replay.run(row.item, timeline);
                sums.add(timeline);
            }
        });
        let sums = sums.into_iter().map(|(sums, _)| sums.spent);
        Self::settle(sums, measures, &classes)
    }

    /// The weeks of a stage, first to last; none of one that is not committed.
    pub fn of_stage(&self, stage: usize) -> &[StageWeek] {
        self.stages.get(stage).map_or(&[], Vec::as_slice)
    }

    fn settle(
        parts: impl Iterator<Item = Vec<Vec<Split>>>,
        measures: &Measures,
        classes: &[Class],
    ) -> Self {
        let mut stages: Vec<Vec<StageWeek>> = vec![Vec::new(); classes.len()];
        let weeks = measures.throughput.iter().map(|count| StageWeek {
            week: count.week,
            partial: count.partial,
            active: 0,
            waiting: 0,
            blocked: 0,
        });
        let weeks: Vec<StageWeek> = weeks.collect();
        for (stage, class) in stages.iter_mut().zip(classes) {
            if class.is_committed() {
                stage.clone_from(&weeks);
            }
        }
        for part in parts {
            for (weeks, more) in stages.iter_mut().zip(part) {
                for (week, (free, blocked)) in weeks.iter_mut().zip(more) {
                    week.blocked += blocked;
                    week.waiting += free;
                }
            }
        }
        let active = stages.iter_mut().zip(classes);
        for (weeks, _) in active.filter(|(_, class)| **class == Class::Active) {
            for week in weeks {
                (week.active, week.waiting) = (week.waiting, 0);
            }
        }
        Self { stages }
    }
}

/// Where the weeks begin and end, cut to the window.
fn borders(snapshot: &Snapshot, measures: &Measures) -> Vec<Sec> {
    let (window, zone) = (measures.header.window, snapshot.zone());
    let starts = measures.throughput.iter().filter_map(|count| {
        let monday = count.week.monday()?;
        Some(zone.start_of(monday).max(window.from))
    });
    starts.chain([window.to]).collect()
}

/// Whether any of an item's committed time can lie in the window.
fn reaches(row: &Row, window: Window) -> bool {
    let over = matches!(row.state, State::Done | State::Cancelled | State::Deleted);
    row.created < window.to && !(over && row.entered < window.from)
}

/// Seconds not blocked and blocked.
type Split = (i64, i64);

/// What a thread gathers.
struct Sums<'a> {
    borders: &'a [Sec],
    classes: &'a [Class],
    ruler: &'a Ruler,
    /// By stage and week.
    spent: Vec<Vec<Split>>,
}

impl<'a> Sums<'a> {
    fn new(borders: &'a [Sec], classes: &'a [Class], ruler: &'a Ruler) -> Self {
        let weeks = borders.len().saturating_sub(1);
        Self {
            borders,
            classes,
            ruler,
            spent: vec![vec![(0, 0); weeks]; classes.len()],
        }
    }

    fn add(&mut self, timeline: &Timeline) {
        for visit in &timeline.visits {
            let stage = stage_of(visit.position).map(StageIx::index);
            let class = stage.and_then(|stage| self.classes.get(stage));
            if class.is_some_and(|class| class.is_committed()) {
                self.stay(stage.unwrap_or_default(), visit, timeline);
            }
        }
    }

    fn stay(&mut self, stage: usize, visit: &Visit, timeline: &Timeline) {
        let after = self.borders.partition_point(|border| *border <= visit.from);
        let first = after.saturating_sub(1);
        let weeks = self.borders.windows(2).enumerate().skip(first);
        for (at, week) in weeks.take_while(|(_, week)| week[0] < visit.to) {
            let (from, to) = (visit.from.max(week[0]), visit.to.min(week[1]));
            if from >= to {
                continue;
            }
            let blocked = blocked_between(&timeline.blocks, from, to, self.ruler);
            if let Some(spent) = self
                .spent
                .get_mut(stage)
                .and_then(|weeks| weeks.get_mut(at))
            {
                spent.0 += self.ruler.between(from, to) - blocked;
                spent.1 += blocked;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StageWeeks;
    use crate::metrics::fixture::{snapshot, stream};
    use crate::metrics::{AsOf, Measures, Question, measure};
    use crate::model::snapshot::Snapshot;
    use crate::model::time::{DAY_SECS, Sec, WindowSpec};

    fn seen(known: &Snapshot, day: u32, window: u32) -> Measures {
        let mut question = Question::about(known, 0, AsOf::At(Sec(day * 86_400)));
        question.window = WindowSpec::LastDays(window);
        measure(known, &question).unwrap()
    }

    #[test]
    fn days_are_split_where_weeks_begin() {
        // Day 11 from 1970-01-01 is a Monday. Two days of Ready before it, one after; Build goes on.
        let known = snapshot(
            stream(),
            &[
                ("A", "Story", &[(7, "Backlog"), (9, "Ready"), (12, "Build")]),
                ("B", "Story", &[(10, "Build"), (11, "Done")]),
                ("C", "Story", &[(16, "Ready"), (16, "Cancelled")]),
            ],
        );
        let weeks = StageWeeks::of(&known, 0, &seen(&known, 20, 13));
        let days = |stage: usize| -> Vec<[i64; 3]> {
            let weeks = weeks.of_stage(stage).iter();
            weeks
                .map(|week| [week.active, week.waiting, week.blocked].map(|secs| secs / DAY_SECS))
                .collect()
        };
        assert_eq!(days(1), [[0, 2, 0], [0, 1, 0], [0, 0, 0]]);
        assert_eq!(days(2), [[1, 0, 0], [6, 0, 0], [2, 0, 0]]);
        assert!(days(0).is_empty() && days(3).is_empty() && days(9).is_empty());
        let cut: Vec<bool> = weeks.of_stage(1).iter().map(|week| week.partial).collect();
        assert_eq!(cut, [true, false, true]);
    }
}
