//! What each stage holds, takes in and lets go.

use crate::model::id::StageIx;
use crate::model::stage::{Class, Phase};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window};
use crate::model::timeline::{Block, Timeline, Visit};

use super::clocked::{blocked_between, stage_of};
use super::percentile::Percentiles;
use super::sorted::sort;

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
    /// Visits ever made, by all items.
    pub visits: u64,
    /// Length of all visits that ended, by all items.
    pub total: i64,
    /// The load that was not exceeded for 85 % of the window.
    pub usual_load: u64,
}

/// What one stage gathers while items go by.
#[derive(Clone, Debug, Default)]
pub(super) struct StageSum {
    pub(super) load: u64,
    pub(super) oldest: Option<i64>,
    pub(super) arrivals: u64,
    pub(super) departures: u64,
    pub(super) waiting: i64,
    pub(super) visits: u64,
    pub(super) total: i64,
    /// Time in the stage of finished items that visited it.
    pub(super) times: Vec<i64>,
    pub(super) loads: LoadLine,
    /// The load that was not exceeded for 85 % of the window; known after `settle`.
    pub(super) usual_load: i64,
    /// Of `times`; known after `settle`.
    pub(super) percentiles: Option<Percentiles>,
    /// How many of the load were blocked.
    pub(super) blocked: LoadLine,
    /// Exits in the window by the stage they led to.
    pub(super) exits_to: Vec<u64>,
}

impl StageSum {
    fn merge(&mut self, other: Self) {
        self.load += other.load;
        self.oldest = self.oldest.max(other.oldest);
        self.arrivals += other.arrivals;
        self.departures += other.departures;
        self.waiting += other.waiting;
        self.visits += other.visits;
        self.total += other.total;
        self.times.extend(other.times);
        self.loads.merge(other.loads);
        self.blocked.merge(other.blocked);
        for (own, more) in self.exits_to.iter_mut().zip(other.exits_to) {
            *own += more;
        }
    }

    /// Adds the time for which an item was blocked during a visit.
    fn add_blocked(&mut self, visit: &Visit, blocks: &[Block], window: Window) {
        for block in blocks {
            let stopped = Visit {
                from: visit.from.max(block.from),
                to: visit.to.min(block.to),
                ..*visit
            };
            if stopped.to > stopped.from {
                self.blocked.add(&stopped, false, window);
            }
        }
    }

    /// Orders the load lines, once all items have gone by, and finds what load and times are usual.
    pub(super) fn settle(&mut self, window: Window, ruler: &Ruler) {
        self.loads.settle();
        self.blocked.settle();
        self.usual_load = self.loads.percentile(window, 85, ruler);
        self.percentiles = Percentiles::of(&mut self.times);
    }
}

/// The load of a stage over the window.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadLine {
    at_start: i64,
    /// Twice the second of an entry, one more for an exit: so they sort by time, of one second
    /// entries before exits, and the line never goes below zero.
    steps: Vec<u64>,
}

impl LoadLine {
    pub(super) fn add(&mut self, visit: &Visit, open: bool, window: Window) {
        if visit.from >= window.to || (visit.to <= window.from && !open) {
            return;
        }
        if visit.from < window.from {
            self.at_start += 1;
        } else {
            self.steps.push(2 * u64::from(visit.from.0));
        }
        if !open && visit.to < window.to {
            self.steps.push(2 * u64::from(visit.to.0) + 1);
        }
    }

    fn merge(&mut self, other: Self) {
        self.at_start += other.at_start;
        self.steps.extend(other.steps);
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Orders the steps.
    pub(super) fn settle(&mut self) {
        sort(&mut self.steps);
    }

    /// The line as `(from, to, load)` over the window, in order; call after `settle`.
    pub(super) fn spans(&self, window: Window) -> impl Iterator<Item = (Sec, Sec, i64)> {
        let (mut from, mut load) = (window.from, self.at_start);
        let mut steps = self.steps.iter();
        std::iter::from_fn(move || {
            for step in steps.by_ref() {
                let at = Sec(u32::try_from(step / 2).unwrap_or(u32::MAX));
                let span = (from, at, load);
                load += if step % 2 == 0 { 1 } else { -1 };
                if at > from {
                    from = at;
                    return Some(span);
                }
            }
            let rest = (from, window.to, load);
            from = from.max(window.to);
            (rest.1 > rest.0).then_some(rest)
        })
    }

    /// The load when the window opens, before what happens at that instant.
    pub(super) fn at_start(&self) -> i64 {
        self.at_start
    }

    /// What changes in the window: twice the second of an entry, one more for an exit; in order
    /// after `settle`.
    pub(super) fn steps(&self) -> &[u64] {
        &self.steps
    }

    /// The load that was not exceeded for `p` % of the window.
    pub(super) fn percentile(&self, window: Window, p: u8, ruler: &Ruler) -> i64 {
        let mut times = LoadTimes::default();
        for (from, to, load) in self.spans(window) {
            times.add(load, ruler.between(from, to));
        }
        times.percentile(p)
    }

    /// Seconds of the window for which the line stood at this load or above.
    pub(super) fn seconds_at_least(&self, load: i64, window: Window, ruler: &Ruler) -> i64 {
        let spans = self.spans(window);
        let high = spans.filter(|span| span.2 >= load);
        high.map(|(from, to, _)| ruler.between(from, to)).sum()
    }
}

/// For how long each load lasted.
#[derive(Clone, Debug, Default)]
pub(super) struct LoadTimes {
    /// Seconds, by load.
    seconds: Vec<i64>,
}

impl LoadTimes {
    pub(super) fn add(&mut self, load: i64, seconds: i64) {
        let load = usize::try_from(load).unwrap_or(0);
        if load >= self.seconds.len() {
            self.seconds.resize(load + 1, 0);
        }
        self.seconds[load] += seconds;
    }

    /// Adds other times.
    pub(super) fn merge(&mut self, other: &Self) {
        for (load, seconds) in (0..).zip(&other.seconds) {
            self.add(load, *seconds);
        }
    }

    /// The load that was not exceeded for `p` % of the time; 0 if no time passed.
    pub(super) fn percentile(&self, p: u8) -> i64 {
        // In hundredths of a second, so that nothing is rounded.
        let mut left = self.seconds.iter().sum::<i64>() * i64::from(p);
        let reached = self.seconds.iter().position(|seconds| {
            left -= seconds * 100;
            left <= 0
        });
        reached
            .and_then(|load| i64::try_from(load).ok())
            .unwrap_or(0)
    }
}

/// Items that were over before a window, by stage.
#[derive(Clone, Debug)]
pub(super) struct QuietStages(Vec<QuietStage>);

#[derive(Clone, Copy, Debug, Default)]
struct QuietStage {
    visits: u64,
    total: i64,
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
                sum.visits += 1;
                sum.total += ruler.between(visit.from, visit.to);
            }
        }
        let last = visits.last();
        if let Some((visit, stage)) = last.and_then(|one| Some((one, stage_of(one.position)?))) {
            let sum = &mut self.0[stage.index()];
            sum.total -= ruler.between(visit.from, visit.to);
            sum.load += 1;
            sum.since = Some(sum.since.map_or(visit.from, |since| since.min(visit.from)));
        }
    }

    /// Adds others.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.0.iter_mut().zip(&other.0) {
            own.visits += more.visits;
            own.total += more.total;
            own.load += more.load;
            own.since = own.since.into_iter().chain(more.since).min();
        }
    }
}

/// Gathers for all stages.
#[derive(Clone, Debug)]
pub(super) struct StageSums {
    pub(super) sums: Vec<StageSum>,
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
            sums: vec![
                StageSum {
                    exits_to: vec![0; count],
                    ..StageSum::default()
                };
                count
            ],
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
    }

    /// Adds the visits of an item of which nothing but its last visit reaches into the window.
    pub(super) fn add_quiet(&mut self, visits: &[Visit]) {
        let Some((last, ended)) = visits.split_last() else {
            return;
        };
        for visit in ended {
            if let Some(stage) = stage_of(visit.position) {
                let sum = &mut self.sums[stage.index()];
                sum.visits += 1;
                sum.total += self.ruler.between(visit.from, visit.to);
            }
        }
        if let Some(stage) = stage_of(last.position) {
            self.visit(stage, last, &[], true);
        }
    }

    /// Adds items that were over before the window, as they are at `as_of`.
    pub(super) fn add_past(&mut self, past: &QuietStages, as_of: Sec) {
        for (sum, past) in self.sums.iter_mut().zip(&past.0) {
            sum.visits += past.visits;
            sum.total += past.total;
            sum.load += past.load;
            sum.loads.at_start += past.load.cast_signed();
            let oldest = past.since.map(|since| self.ruler.between(since, as_of));
            sum.oldest = sum.oldest.max(oldest);
        }
    }

    /// Adds an item's visits.
    pub(super) fn add(&mut self, timeline: &Timeline) {
        let Some(last) = timeline.visits.len().checked_sub(1) else {
            return;
        };
        for (at, visit) in timeline.visits.iter().enumerate() {
            if let Some(stage) = stage_of(visit.position) {
                self.visit(stage, visit, &timeline.blocks, at == last);
            }
        }
        for pair in timeline.visits.windows(2) {
            if let (Some(from), Some(to)) = (stage_of(pair[0].position), stage_of(pair[1].position))
                && self.window.contains(pair[1].from)
            {
                self.sums[from.index()].exits_to[to.index()] += 1;
            }
        }
    }

    fn visit(&mut self, stage: StageIx, visit: &Visit, blocks: &[Block], open: bool) {
        let sum = &mut self.sums[stage.index()];
        let length = self.ruler.between(visit.from, visit.to);
        sum.visits += 1;
        sum.arrivals += u64::from(self.window.contains(visit.from));
        if open {
            sum.load += 1;
            sum.oldest = sum.oldest.max(Some(length));
        } else {
            sum.total += length;
            sum.departures += u64::from(self.window.contains(visit.to));
        }
        if visit.to < self.window.from {
            return;
        }
        sum.loads.add(visit, open, self.window);
        if self.classes[stage.index()].is_committed() {
            sum.add_blocked(visit, blocks, self.window);
        }
        let (from, to) = (
            visit.from.max(self.window.from),
            visit.to.min(self.window.to),
        );
        sum.waiting += match self.classes[stage.index()] {
            Class::Queue => self.ruler.between(from, to).max(0),
            Class::Active if to > from => blocked_between(blocks, from, to, &self.ruler),
            _ => 0,
        };
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
                sum.times.push(*own);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LoadLine, Ruler, Sec, StageIx, StageSums, Timeline, Visit, Window};
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

    fn line(visits: &[(u32, u32)], open: &[(u32, u32)]) -> LoadLine {
        let mut line = LoadLine::default();
        for (from, to) in visits {
            line.add(&visit(*from, *to), false, WINDOW);
        }
        for (from, to) in open {
            line.add(&visit(*from, *to), true, WINDOW);
        }
        line.settle();
        line
    }

    fn spans(line: &LoadLine) -> Vec<(u32, u32, i64)> {
        let spans = line.spans(WINDOW);
        spans.map(|(from, to, load)| (from.0, to.0, load)).collect()
    }

    #[test]
    fn the_load_line_is_cut_to_the_window() {
        let line = line(
            &[(50, 120), (110, 150), (10, 100), (200, 210)],
            &[(180, 300)],
        );
        let expected = [
            (100, 110, 1),
            (110, 120, 2),
            (120, 150, 1),
            (150, 180, 0),
            (180, 200, 1),
        ];
        assert_eq!(spans(&line), expected);
    }

    #[test]
    fn a_stay_of_no_length_and_a_relay_leave_no_dent() {
        let line = line(&[(120, 120), (50, 150)], &[(150, 300)]);
        assert!(spans(&line).iter().all(|(_, _, load)| *load == 1));
    }

    #[test]
    fn an_empty_line_is_one_span_of_nothing() {
        assert_eq!(spans(&line(&[], &[])), [(100, 200, 0)]);
        assert_eq!(line(&[], &[]).percentile(WINDOW, 85, &Ruler::elapsed()), 0);
    }

    #[test]
    fn the_usual_load_is_not_exceeded_for_its_share_of_the_window() {
        // Load 3 for 15 of 100 seconds, 1 otherwise: for 85 % it was at most 1.
        let edge = line(&[(0, 300), (100, 115), (100, 115)], &[]);
        assert_eq!(edge.percentile(WINDOW, 85, &Ruler::elapsed()), 1);
        // One second more, and it was not.
        let past = line(&[(0, 300), (100, 116), (100, 116)], &[]);
        assert_eq!(past.percentile(WINDOW, 85, &Ruler::elapsed()), 3);
        assert_eq!(past.percentile(WINDOW, 50, &Ruler::elapsed()), 1);
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
        let times: Vec<&[i64]> = sums.sums.iter().map(|sum| &*sum.times).collect();
        assert_eq!(times, [&[][..], &[15], &[30], &[]]);
    }
}
