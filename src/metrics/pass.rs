//! The one pass over all items: each is replayed once and shown to every measure. Several threads
//! share the items; what each gathers is added up at the end.

use std::ops::Range;

use crate::model::bound::{BoundStream, Standing};
use crate::model::id::{ItemIx, StatusIx};
use crate::model::log::Log;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, State};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window, Zone};
use crate::model::timeline::{Block, Replay, Timeline};

use super::behaviour::{Behaviour, Path};
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
use super::quality::QualityCounts;
use super::stages::StageSums;
use super::table::{ItemTable, Row};
use super::threads;
use super::throughput::Weeks;

/// Items that a thread takes at once.
pub(super) const BLOCK: usize = 1_024;

/// Everything that is gathered while items go by.
pub(super) struct Pass<'a> {
    pub(super) log: &'a Log,
    pub(super) zone: &'a Zone,
    pub(super) bound: &'a BoundStream,
    pub(super) header: Header,
    pub(super) ruler: &'a Ruler,
    pub(super) previous: Window,
    pub(super) classes: Vec<Class>,
    pub(super) gathered: Gathered<'a>,
    /// Rows by block of items.
    rows: Vec<(usize, Vec<Row>)>,
}

/// An item in the backlog or in progress, with what stops it.
pub(super) type Open = (Row, Option<Block>);

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
    pub(super) open: Vec<Open>,
    /// Those of the window.
    pub(super) finishes: Vec<(Sec, ItemIx)>,
    pub(super) last_entry: Option<Sec>,
    pub(super) named_clocks: Vec<NamedTimes<'a>>,
}

impl<'a> Pass<'a> {
    /// Shows every item of the log to every measure.
    pub(super) fn run(
        snapshot: &'a Snapshot,
        bound: &'a BoundStream,
        asked: (Header, &'a Ruler),
    ) -> Self {
        let items = snapshot.log().item_count();
        let blocks = items.div_ceil(BLOCK);
        Self::over((snapshot, bound, asked), blocks, |block| {
            positions(block * BLOCK..items.min((block + 1) * BLOCK))
        })
    }

    /// Shows those of the rows that the filter accepts to every measure.
    pub(super) fn among(
        snapshot: &'a Snapshot,
        bound: &'a BoundStream,
        asked: (Header, &'a Ruler),
        (table, filter): (&ItemTable, &Filter<'_>),
    ) -> Self {
        let parts = table.parts();
        let as_of = asked.0.as_of;
        let seen_until = as_of.plus(-1);
        let accepts = |row: &&Row| {
            let standing = Standing {
                item: row.item,
                at: row.finished.get().unwrap_or(seen_until),
                status: seen(snapshot.log(), row.item, as_of).last().copied(),
            };
            filter.accepts(row, standing)
        };
        Self::over((snapshot, bound, asked), parts.len(), |block| {
            parts[block].iter().filter(accepts).map(|row| row.item)
        })
    }

    fn over<I: Iterator<Item = ItemIx>>(
        (snapshot, bound, asked): (&'a Snapshot, &'a BoundStream, (Header, &'a Ruler)),
        blocks: usize,
        items: impl Fn(usize) -> I + Sync,
    ) -> Self {
        let (header, ruler) = asked;
        let replay = Replay::new(snapshot.log(), bound, header.as_of);
        let begin = || {
            let pass = Self::new(snapshot, bound, header, ruler);
            (pass, Timeline::empty())
        };
        let sums = threads::by_blocks(blocks, begin, |(pass, timeline), block| {
            let items = items(block);
            let mut rows = Vec::with_capacity(items.size_hint().0);
            for item in items {
                replay.run(item, timeline);
                if !timeline.visits.is_empty() {
                    rows.push(pass.add(timeline));
                }
            }
            pass.rows.push((block, rows));
        });
        let mut parts: Vec<Self> = sums.into_iter().map(|(pass, _)| pass).collect();
        let mut pass = parts.swap_remove(0);
        for other in parts {
            pass.merge(other);
        }
        pass.rows.sort_unstable_by_key(|(block, _)| *block);
        pass.gathered.open.sort_unstable_by_key(|(row, _)| row.item);
        pass
    }

    /// The rows, parts in the order of the log.
    pub(super) fn take_rows(&mut self) -> Vec<Vec<Row>> {
        let rows = std::mem::take(&mut self.rows);
        rows.into_iter().map(|(_, rows)| rows).collect()
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.gathered.merge(other.gathered);
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
                open: Vec::new(),
                finishes: Vec::new(),
                last_entry: None,
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

    /// The item's row.
    fn add(&mut self, timeline: &Timeline) -> Row {
        let clocked = Clocked::by(timeline, &self.classes, self.header.clock, self.ruler);
        let seen = seen(self.log, timeline.item, self.header.as_of);
        let mut row = self.row(timeline, &clocked, seen.last().copied());
        let path = Path::of(&timeline.visits);
        let gathered = &mut self.gathered;
        row.unmapped_status = gathered.quality.add(row.item, path.skipped, seen);
        for artefact in timeline.joined().iter().skip(1) {
            let seen = self::seen(self.log, *artefact, self.header.as_of);
            row.unmapped_status |= gathered.quality.see(row.item, seen);
        }
        row.backward_moves = path.backward;
        gathered.items.add(row.state);
        gathered.last_entry = gathered.last_entry.max(Some(row.entered));
        if is_over(row.state) && row.entered < self.header.window.from {
            self.add_quiet(timeline, path);
        } else {
            self.add_lively(timeline, &row);
        }
        self.add_finish(timeline, &row, path.skipped);
        row
    }

    /// An item that was over before the window: of most measures it changes nothing.
    fn add_quiet(&mut self, timeline: &Timeline, path: Path) {
        let Some(position) = timeline.position() else {
            return;
        };
        let gathered = &mut self.gathered;
        gathered.handoffs.between_people(timeline);
        gathered.stages.add_quiet(&timeline.visits);
        gathered.steps.add_earlier(path.furthest, position);
    }

    fn add_lively(&mut self, timeline: &Timeline, row: &Row) {
        let gathered = &mut self.gathered;
        gathered.handoffs.add(timeline);
        gathered.behaviour.add(&timeline.visits, self.header.window);
        gathered.littles_law.add(timeline, &self.classes);
        gathered.stages.add(timeline);
        gathered.steps.add(&timeline.visits);
        for clock in &mut gathered.named_clocks {
            clock.add(timeline);
        }
        if row.state == State::InProgress {
            gathered.open_kinds.add(row.kind);
        }
        if matches!(row.state, State::InProgress | State::Backlog) {
            let block = timeline.open_block().copied();
            gathered.open.push((*row, block));
        }
        self.add_crossings(timeline);
    }

    fn row(&self, timeline: &Timeline, clocked: &Clocked, status: Option<StatusIx>) -> Row {
        let seen_until = self.header.as_of.plus(-1);
        let standing = Standing {
            item: timeline.item,
            at: clocked.finished.unwrap_or(seen_until),
            status,
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
        row.with_times(clocked.spent, clocked.flow.or(clocked.age))
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
                weeks.departed(visit.from);
                net_flow.departed(visit, class == Some(Class::Done));
            }
            committed = now;
        }
    }

    fn add_finish(&mut self, timeline: &Timeline, row: &Row, skipped: u64) {
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
        gathered.finishes.push((finished, row.item));
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

impl Gathered<'_> {
    fn merge(&mut self, other: Self) {
        self.items.merge(&other.items);
        self.finished.merge(other.finished);
        self.before.merge(other.before);
        self.finished_kinds.merge(&other.finished_kinds);
        self.open_kinds.merge(&other.open_kinds);
        self.phases.merge(&other.phases);
        self.stages.merge(other.stages);
        self.weeks.merge(&other.weeks);
        self.steps.merge(&other.steps);
        self.handoffs.merge(other.handoffs);
        self.behaviour.merge(other.behaviour);
        self.net_flow.merge(&other.net_flow);
        self.littles_law.merge(&other.littles_law);
        self.quality.merge(&other.quality);
        self.exits.merge(other.exits);
        self.open.extend(other.open);
        self.finishes.extend(other.finishes);
        self.last_entry = self.last_entry.max(other.last_entry);
        for (own, more) in self.named_clocks.iter_mut().zip(other.named_clocks) {
            own.merge(more);
        }
    }
}

/// The statuses that an item had by as-of, in order.
fn seen(log: &Log, item: ItemIx, as_of: Sec) -> &[StatusIx] {
    let (at, to) = log.moves(item);
    if at.last().is_none_or(|at| *at < as_of) {
        return to;
    }
    &to[..at.partition_point(|at| *at < as_of)]
}

/// The items at these places of the log.
pub(super) fn positions(range: Range<usize>) -> impl Iterator<Item = ItemIx> {
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    (at(range.start)..at(range.end)).map(ItemIx)
}

/// Whether an item in this state is done with.
fn is_over(state: State) -> bool {
    matches!(state, State::Done | State::Cancelled | State::Deleted)
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
