//! The one pass over all items: each is replayed once and shown to every measure.

use crate::model::bound::{BoundStream, Standing};
use crate::model::id::ItemIx;
use crate::model::log::Log;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, State};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window, Zone};
use crate::model::timeline::{Block, Replay, Timeline};

use super::behaviour::Behaviour;
use super::clocked::{Clocked, class_of, stage_of, state_of};
use super::cumulative_flow::DaySteps;
use super::distribution::KindCounts;
use super::filter::Filter;
use super::flow::Finished;
use super::handoffs::HandoffCounts;
use super::littles_law::LawCounts;
use super::measure::{Header, ItemCounts};
use super::named_clock::NamedTimes;
use super::net_flow::NetFlowCounts;
use super::pace::Exits;
use super::phases::PhaseTimes;
use super::quality::{QualityCounts, skipped_stages};
use super::stages::StageSums;
use super::table::Row;
use super::throughput::Weeks;

/// Everything that is gathered while items go by.
pub(super) struct Pass<'a> {
    pub(super) log: &'a Log,
    pub(super) zone: &'a Zone,
    pub(super) bound: &'a BoundStream,
    pub(super) header: Header,
    pub(super) ruler: &'a Ruler,
    pub(super) previous: Window,
    pub(super) classes: Vec<Class>,
    pub(super) rows: Vec<Row>,
    pub(super) open_blocks: Vec<(ItemIx, Block)>,
    pub(super) gathered: Gathered<'a>,
}

/// The measures' own sums.
pub(super) struct Gathered<'a> {
    pub(super) items: ItemCounts,
    pub(super) finished: Finished,
    pub(super) before: Finished,
    pub(super) finished_kinds: KindCounts,
    pub(super) open_kinds: KindCounts,
    pub(super) phases: PhaseTimes,
    pub(super) stages: StageSums,
    pub(super) weeks: Weeks,
    pub(super) steps: DaySteps,
    pub(super) handoffs: HandoffCounts<'a>,
    pub(super) behaviour: Behaviour,
    pub(super) net_flow: NetFlowCounts,
    pub(super) littles_law: LawCounts,
    pub(super) quality: QualityCounts,
    pub(super) exits: Exits,
    pub(super) named_clocks: Vec<NamedTimes<'a>>,
}

impl<'a> Pass<'a> {
    /// Shows every item of the log that the filter accepts to every measure.
    pub(super) fn run(
        snapshot: &'a Snapshot,
        bound: &'a BoundStream,
        (header, ruler): (Header, &'a Ruler),
        filter: &Filter<'_>,
    ) -> Self {
        let mut pass = Self::new(snapshot, bound, header, ruler);
        let replay = Replay::new(pass.log, bound, header.as_of);
        let mut timeline = Timeline::empty();
        for item in pass.log.items() {
            replay.run(item, &mut timeline);
            if !timeline.visits.is_empty() {
                pass.add(&timeline, filter);
            }
        }
        pass
    }

    fn new(
        snapshot: &'a Snapshot,
        bound: &'a BoundStream,
        header: Header,
        ruler: &'a Ruler,
    ) -> Self {
        let (log, stream) = (snapshot.log(), bound.stream());
        let window = header.window;
        let length = window.seconds();
        let clocks = stream.clocks.iter();
        Self {
            previous: Window {
                from: window.from.plus(-length),
                to: window.from,
            },
            classes: stream.stages.iter().map(|stage| stage.class).collect(),
            rows: Vec::new(),
            open_blocks: Vec::new(),
            gathered: Gathered {
                items: ItemCounts::default(),
                finished: Finished::default(),
                before: Finished::default(),
                finished_kinds: KindCounts::default(),
                open_kinds: KindCounts::default(),
                phases: PhaseTimes::new(stream, ruler),
                stages: StageSums::new(stream, window, ruler),
                weeks: Weeks::new(window, snapshot.zone()),
                steps: DaySteps::new(window, snapshot.zone(), stream.stages.len()),
                handoffs: HandoffCounts::new(log, stream, window, ruler),
                behaviour: Behaviour::default(),
                net_flow: NetFlowCounts::new(window, ruler),
                littles_law: LawCounts::new(window, header.clock, ruler),
                quality: QualityCounts::new(log, bound),
                exits: Exits::new(stream.stages.len(), ruler),
                named_clocks: clocks
                    .map(|clock| NamedTimes::new(clock, window, ruler))
                    .collect(),
            },
            log,
            zone: snapshot.zone(),
            bound,
            header,
            ruler,
        }
    }

    pub(super) fn stream(&self) -> &'a Stream {
        self.bound.stream()
    }

    fn add(&mut self, timeline: &Timeline, filter: &Filter<'_>) {
        let clocked = Clocked::by(timeline, &self.classes, self.header.clock, self.ruler);
        let (mut row, standing) = self.row(timeline, &clocked);
        if !filter.accepts(&row, standing) {
            return;
        }
        let gathered = &mut self.gathered;
        gathered.items.add(row.state);
        row.unmapped_status =
            gathered
                .quality
                .add(self.log, row.item, &timeline.visits, self.header.as_of);
        row.backward_moves = gathered.handoffs.add(timeline);
        let window = self.header.window;
        gathered.behaviour.add(&timeline.visits, window);
        gathered.littles_law.add(timeline, &self.classes);
        gathered.stages.add(timeline);
        gathered.steps.add(&timeline.visits);
        for clock in &mut gathered.named_clocks {
            clock.add(timeline);
        }
        self.add_crossings(timeline);
        self.add_finish(timeline, &row);
        if row.state == State::InProgress {
            self.gathered.open_kinds.add(row.kind);
        }
        if let Some(block) = timeline.open_block() {
            self.open_blocks.push((row.item, *block));
        }
        self.rows.push(row);
    }

    fn row(&self, timeline: &Timeline, clocked: &Clocked) -> (Row, Standing) {
        let seen_until = self.header.as_of.plus(-1);
        let (at, to) = self.log.moves(timeline.item);
        let seen = at.partition_point(|at| *at < self.header.as_of);
        let standing = Standing {
            item: timeline.item,
            at: clocked.finished.unwrap_or(seen_until),
            status: seen.checked_sub(1).and_then(|last| to.get(last)).copied(),
        };
        let created = timeline
            .visits
            .first()
            .map_or(seen_until, |visit| visit.from);
        let mut row = Row::nowhere(timeline.item, created);
        if let Some(visit) = timeline.visits.last() {
            row.entered = visit.from;
            row.stage = stage_of(visit.position);
            row.state = state_of(visit.position, &self.classes);
        }
        row.started = clocked.started.into();
        row.finished = clocked.finished.into();
        row.reopened = clocked.reopened;
        row.kind = self.bound.kind(self.log, standing);
        row.blocked = row.state == State::InProgress && timeline.open_block().is_some();
        let row = row.with_times(clocked.spent, clocked.flow.or(clocked.age));
        (row, standing)
    }

    /// Entries into committed, stays there, and exits.
    fn add_crossings(&mut self, timeline: &Timeline) {
        let Gathered {
            weeks, net_flow, ..
        } = &mut self.gathered;
        let mut committed = false;
        for visit in &timeline.visits {
            let class = class_of(visit.position, &self.classes);
            let now = class.is_some_and(Class::is_committed);
            if now && !committed {
                weeks.arrived(visit.from);
                net_flow.arrived(visit.from);
            }
            if now {
                net_flow.stayed(visit);
            } else if committed {
                net_flow.departed(visit, class == Some(Class::Done));
            }
            committed = now;
        }
    }

    fn add_finish(&mut self, timeline: &Timeline, row: &Row) {
        let Some(finished) = row.finished.get() else {
            return;
        };
        let gathered = &mut self.gathered;
        let straight = straight_from_backlog(timeline, finished, &self.classes);
        gathered.quality.closed_without_work += u64::from(straight);
        if self.previous.contains(finished) {
            gathered.before.add(row);
        }
        if !self.header.window.contains(finished) {
            return;
        }
        let skipped = skipped_stages(&timeline.visits);
        gathered.behaviour.add_finished(skipped, straight);
        gathered.littles_law.add_finished(row);
        gathered.finished.add(row);
        gathered.finished_kinds.add(row.kind);
        gathered.phases.add(&timeline.visits, finished);
        gathered.stages.add_finished(timeline);
        gathered.weeks.finished(finished);
        if let Some(started) = row.started.get() {
            gathered.exits.add(&timeline.visits, started, finished);
        }
    }
}

/// Whether the visit before the finish was in the backlog.
fn straight_from_backlog(timeline: &Timeline, finished: Sec, classes: &[Class]) -> bool {
    timeline.visits.windows(2).rev().any(|pair| {
        let class = |at: usize| class_of(pair[at].position, classes);
        pair[1].from == finished
            && class(1) == Some(Class::Done)
            && class(0) == Some(Class::Backlog)
    })
}
