//! What each stage holds, takes in and lets go.

use crate::model::id::StageIx;
use crate::model::stage::{Class, Phase};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window};
use crate::model::timeline::{Block, Replay, Timeline, Visit};

use super::clocked::{blocked_between, stage_of};
use super::loads::Loads;
use super::percentile::Percentiles;
use super::table::{ItemTable, Row, cut};
use super::threads::by_blocks;

/// One stage at as-of and over the window. Spans are seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct StageMeasures {
    /// Its position in the stream.
    pub stage: StageIx,
    /// Its name.
    pub name: String,
    /// The part of the stream it lies in.
    pub phase: Phase,
    /// What items do in it.
    pub class: Class,
    /// Items in it now.
    pub load: u64,
    /// The limit of work in progress, if one is set.
    pub limit: Option<u32>,
    /// The longest visit that lasts.
    pub oldest: Option<i64>,
    /// Entries of visits in the window.
    pub arrivals: u64,
    /// Exits of visits in the window.
    pub departures: u64,
    /// Items in it now that are blocked.
    pub blocked: u64,
    /// Items in it now that are stale.
    pub stale: u64,
    /// Items in it now that are past its P85 pace band.
    pub past_p85: u64,
    /// Its part of all waiting inside the window, 0 to 1; `None` if nothing waited.
    pub wait_share: Option<f64>,
    /// Waiting inside the window, all items.
    pub waiting: i64,
    /// Time in the stage an item, over the finished items of the window that visited it.
    pub time: Option<Percentiles>,
    /// Pace band P50, P70, P85, P95.
    pub pace: Option<[i64; 4]>,
    /// Finished items behind the stage's own band.
    pub pace_n: usize,
    /// The load that was not exceeded for 85 % of the window.
    pub usual_load: u64,
}

/// How often items ever were in a stage, and for how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visited {
    /// Visits ever made, by all items.
    pub visits: u64,
    /// Length of all visits that ended, by all items, seconds.
    pub total: i64,
}

impl Visited {
    fn add(&mut self, length: i64) {
        self.visits += 1;
        self.total += length;
    }

    fn merge(&mut self, other: Self) {
        self.visits += other.visits;
        self.total += other.total;
    }
}

/// By stage, what items ever visited. Costs a replay of every item, on several threads.
pub(super) fn visited(
    replay: &Replay<'_>,
    (table, ruler): (&ItemTable, &Ruler),
    stages: usize,
) -> Vec<Visited> {
    let parts = table.parts();
    let begin = || (QuietStages::new(stages), Timeline::empty());
    let sums = by_blocks(parts.len(), begin, |(sums, timeline), part| {
        for row in parts[part].rows() {
            replay.run(row.item, timeline);
            sums.add(&timeline.visits, ruler);
        }
    });
    let mut all = QuietStages::new(stages);
    for (sums, _) in &sums {
        all.merge(sums);
    }
    all.0.into_iter().map(|stage| stage.visited).collect()
}

/// What one stage gathers while items go by.
#[derive(Clone, Debug, Default)]
pub(super) struct StageSum {
    pub(super) load: u64,
    pub(super) oldest: Option<i64>,
    pub(super) waiting: i64,
    pub(super) visited: Visited,
    /// Time in the stage of finished items that visited it.
    pub(super) times: Vec<u32>,
    /// Of `times`; known after `settle`.
    pub(super) percentiles: Option<Percentiles>,
}

impl StageSum {
    fn merge(&mut self, other: Self) {
        self.load += other.load;
        self.oldest = self.oldest.max(other.oldest);
        self.waiting += other.waiting;
        self.visited.merge(other.visited);
        self.times.extend(other.times);
    }

    /// Finds what times are usual, once all items have gone by.
    pub(super) fn settle(&mut self) {
        self.percentiles = Percentiles::of(&mut self.times);
    }
}

/// Moves inside the window, by where from and where to: the stages, and outside them.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    places: usize,
    counts: Vec<u64>,
}

impl Moves {
    pub(super) fn new(stages: usize) -> Self {
        let places = stages + 1;
        let counts = vec![0; places * places];
        Self { places, counts }
    }

    #[inline]
    pub(super) fn add(&mut self, (from, to): (usize, usize), moves: u64) {
        self.counts[from * self.places + to] += moves;
    }

    fn merge(&mut self, other: &Self) {
        for (own, more) in self.counts.iter_mut().zip(&other.counts) {
            *own += more;
        }
    }

    /// Into a stage.
    pub(super) fn entries_to(&self, stage: StageIx) -> u64 {
        let column = self.counts.iter().skip(stage.index());
        column.step_by(self.places).sum()
    }

    /// Out of a stage.
    pub(super) fn exits_from(&self, stage: StageIx) -> u64 {
        self.row(stage.index()).iter().sum()
    }

    fn row(&self, from: usize) -> &[u64] {
        &self.counts[from * self.places..][..self.places]
    }

    /// The stage that most moves out of a stage led to; of several the last.
    pub(super) fn most_went_to(&self, from: usize) -> Option<usize> {
        let stages = self.row(from).iter().take(self.places - 1).enumerate();
        let gone = stages.filter(|(_, count)| **count > 0);
        gone.max_by_key(|(_, count)| **count).map(|(to, _)| to)
    }
}

/// Items that were over before a window, by stage.
#[derive(Clone, Debug)]
pub(super) struct QuietStages(Vec<QuietStage>);

#[derive(Clone, Copy, Debug, Default)]
struct QuietStage {
    visited: Visited,
    /// Items in it.
    load: u64,
    /// When the first of them came.
    since: Option<Sec>,
}

impl QuietStages {
    pub(super) fn new(stages: usize) -> Self {
        Self(vec![QuietStage::default(); stages])
    }

    /// Adds an item's visits.
    pub(super) fn add(&mut self, visits: &[Visit], ruler: &Ruler) {
        for visit in visits {
            if let Some(stage) = stage_of(visit.position) {
                let sum = &mut self.0[stage.index()];
                sum.visited.add(ruler.between(visit.from, visit.to));
            }
        }
        let last = visits.last();
        if let Some((visit, stage)) = last.and_then(|one| Some((one, stage_of(one.position)?))) {
            let sum = &mut self.0[stage.index()];
            sum.visited.total -= ruler.between(visit.from, visit.to);
            sum.load += 1;
            sum.since = Some(sum.since.map_or(visit.from, |since| since.min(visit.from)));
        }
    }

    /// Adds others.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.0.iter_mut().zip(&other.0) {
            own.visited.merge(more.visited);
            own.load += more.load;
            own.since = own.since.into_iter().chain(more.since).min();
        }
    }
}

/// Gathers for all stages.
#[derive(Clone, Debug)]
pub(super) struct StageSums {
    pub(super) sums: Vec<StageSum>,
    pub(super) moves: Moves,
    pub(super) loads: Loads,
    /// Whether all visits of all items were seen.
    is_whole: bool,
    classes: Vec<Class>,
    window: Window,
    ruler: Ruler,
    own: Vec<i64>,
    seen: Vec<bool>,
}

impl StageSums {
    pub(super) fn new(stream: &Stream, window: Window, ruler: &Ruler) -> Self {
        let count = stream.stages.len();
        Self {
            sums: vec![StageSum::default(); count],
            moves: Moves::new(count),
            loads: Loads::new(count, window),
            is_whole: true,
            classes: stream.stages.iter().map(|stage| stage.class).collect(),
            window,
            ruler: ruler.clone(),
            own: vec![0; count],
            seen: vec![false; count],
        }
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
        for (own, more) in self.sums.iter_mut().zip(other.sums) {
            own.merge(more);
        }
        self.moves.merge(&other.moves);
        self.is_whole &= other.is_whole;
        self.loads.merge(other.loads);
    }

    /// What was gathered of the loads, once.
    pub(super) fn take_loads(&mut self) -> Loads {
        let nothing = Loads::new(self.sums.len(), self.window);
        std::mem::replace(&mut self.loads, nothing)
    }

    /// Adds the visits of an item of which nothing but its last visit reaches into the window.
    pub(super) fn add_quiet(&mut self, visits: &[Visit]) {
        let Some((last, ended)) = visits.split_last() else {
            return;
        };
        for visit in ended {
            if let Some(stage) = stage_of(visit.position) {
                let sum = &mut self.sums[stage.index()];
                sum.visited.add(self.ruler.between(visit.from, visit.to));
            }
        }
        if let Some(stage) = stage_of(last.position) {
            self.visit(stage, last, (&[], true));
        }
    }

    /// Adds an item that was over before the window, by its row: what it visited is not known then.
    pub(super) fn add_told(&mut self, row: &Row, as_of: Sec) {
        self.is_whole = false;
        if let Some(stage) = row.stage {
            let sum = &mut self.sums[stage.index()];
            sum.load += 1;
            let since = self.ruler.between(row.entered, as_of);
            sum.oldest = sum.oldest.max(Some(since));
            self.loads.begin(stage.index(), 1);
        }
    }

    /// By stage, what was ever visited, if that is known of all items.
    pub(super) fn visited(&self) -> Option<Vec<Visited>> {
        let visited = self.sums.iter().map(|sum| sum.visited);
        self.is_whole.then(|| visited.collect())
    }

    /// Adds items that were over before the window, as they are at `as_of`.
    pub(super) fn add_past(&mut self, past: &QuietStages, as_of: Sec) {
        for (at, (sum, past)) in self.sums.iter_mut().zip(&past.0).enumerate() {
            sum.visited.merge(past.visited);
            sum.load += past.load;
            self.loads.begin(at, past.load.cast_signed());
            let oldest = past.since.map(|since| self.ruler.between(since, as_of));
            sum.oldest = sum.oldest.max(oldest);
        }
    }

    /// Adds an item's visits.
    pub(super) fn add(&mut self, timeline: &Timeline) {
        let Some((last, ended)) = timeline.visits.split_last() else {
            return;
        };
        let mut before = self.loads.outside();
        for visit in ended {
            before = self.stay(before, visit, (&timeline.blocks, false));
        }
        self.stay(before, last, (&timeline.blocks, true));
    }

    /// Adds a visit with the move that began it; gives its place.
    #[inline]
    fn stay(&mut self, before: usize, visit: &Visit, stay: (&[Block], bool)) -> usize {
        let stage = stage_of(visit.position);
        let place = stage.map_or(self.loads.outside(), StageIx::index);
        if self.window.contains(visit.from) {
            self.moves.add((before, place), 1);
            self.loads.moved(visit.from, (before, place));
        }
        if let Some(stage) = stage {
            self.visit(stage, visit, stay);
        }
        place
    }

    /// Adds a stay in a stage, with what blocked the item and whether it is still there.
    fn visit(&mut self, stage: StageIx, visit: &Visit, (blocks, open): (&[Block], bool)) {
        let sum = &mut self.sums[stage.index()];
        let length = self.ruler.between(visit.from, visit.to);
        if open {
            sum.visited.add(0);
            sum.load += 1;
            sum.oldest = sum.oldest.max(Some(length));
        } else {
            sum.visited.add(length);
        }
        if visit.to < self.window.from {
            return;
        }
        let (from, to) = (
            visit.from.max(self.window.from),
            visit.to.min(self.window.to),
        );
        let class = self.classes[stage.index()];
        sum.waiting += match class {
            Class::Queue => self.ruler.between(from, to).max(0),
            Class::Active if to > from => blocked_between(blocks, from, to, &self.ruler),
            _ => 0,
        };
        if visit.from < self.window.from {
            self.loads.begin(stage.index(), 1);
        }
        if class.is_committed() {
            self.add_blocked(stage, visit, blocks);
        }
    }

    /// Adds the time for which an item was blocked during a visit.
    fn add_blocked(&mut self, stage: StageIx, visit: &Visit, blocks: &[Block]) {
        for block in blocks {
            let (from, to) = (visit.from.max(block.from), visit.to.min(block.to));
            if to > from {
                self.loads.blocked(stage.index(), (from, to));
            }
        }
    }

    /// Adds the time in each stage of an item finished in the window; a visit that lasts is left out.
    pub(super) fn add_finished(&mut self, timeline: &Timeline) {
        self.own.fill(0);
        self.seen.fill(false);
        let ended = timeline.visits.len().saturating_sub(1);
        for visit in &timeline.visits[..ended] {
            if let Some(stage) = stage_of(visit.position) {
                self.own[stage.index()] += self.ruler.between(visit.from, visit.to);
                self.seen[stage.index()] = true;
            }
        }
        for ((sum, own), seen) in self.sums.iter_mut().zip(&self.own).zip(&self.seen) {
            if *seen {
                sum.times.push(cut(*own));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ruler, Sec, StageIx, StageSums, Timeline, Visit, Window};
    use crate::metrics::fixture;
    use crate::model::timeline::Position;

    const WINDOW: Window = Window {
        from: Sec(100),
        to: Sec(200),
    };

    fn visit(from: u32, to: u32) -> Visit {
        Visit {
            position: Position::Stage(StageIx(0)),
            from: Sec(from),
            to: Sec(to),
        }
    }

    #[test]
    fn time_in_a_stage_is_the_sum_of_an_items_ended_visits() {
        let stream = fixture::stream();
        let mut sums = StageSums::new(&stream, WINDOW, &Ruler::elapsed());
        let at = |stage, from, to| Visit {
            position: Position::Stage(StageIx(stage)),
            ..visit(from, to)
        };
        let visits = vec![at(1, 10, 20), at(2, 20, 50), at(1, 50, 55), at(3, 55, 300)];
        let timeline = Timeline {
            visits,
            as_of: Sec(300),
            ..Timeline::empty()
        };
        sums.add_finished(&timeline);
        let times: Vec<&[u32]> = sums.sums.iter().map(|sum| &*sum.times).collect();
        assert_eq!(times, [&[][..], &[15], &[30], &[]]);
    }
}
