//! The one pass over all items: each is replayed once and shown to every measure. Several threads
//! share the items; what each gathers is added up at the end.

use std::ops::Range;
use std::sync::Arc;

use crate::model::bound::{BoundStream, Standing};
use crate::model::id::{ItemIx, StatusIx};
use crate::model::log::Log;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, State};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec, Window, Zone};
use crate::model::timeline::{Replay, Timeline};

use super::behaviour::Path;
use super::clocked::{Clocked, class_of, is_over, stage_of, state_of};
use super::filter::Filter;
use super::flow::Finish;
use super::gathered::Gathered;
use super::measure::Header;
use super::past::{Before, Keeping};
use super::table::{ItemTable, Part, Row};
use super::threads;

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
    rows: Vec<(usize, Part)>,
    /// What the next question can begin with, if it is kept.
    pub(super) keeping: Option<Keeping>,
}

/// What a pass is about.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Which of its streams.
    pub(super) stream: usize,
    pub(super) bound: &'a BoundStream,
    pub(super) header: Header,
    pub(super) ruler: &'a Ruler,
}

impl Subject<'_> {
    /// Which snapshot, and which of its streams.
    pub(super) fn of(self) -> (u64, usize) {
        (self.snapshot.version(), self.stream)
    }
}

/// Shows one item after the other.
struct Reel<'r> {
    replay: &'r Replay<'r>,
    timeline: Timeline,
}

impl Reel<'_> {
    /// The item, if it is of the stream.
    fn play(&mut self, item: ItemIx) -> Option<&Timeline> {
        self.replay.run(item, &mut self.timeline);
        (!self.timeline.visits.is_empty()).then_some(&self.timeline)
    }
}

impl<'a> Pass<'a> {
    /// Shows every item of the log to every measure, and to `keeping` if there is one.
    pub(super) fn run(subject: Subject<'a>, keeping: Option<&Keeping>) -> Self {
        let items = subject.snapshot.log().item_count();
        Self::over(
            subject,
            items.div_ceil(BLOCK),
            keeping,
            |pass, reel, block| {
                let items = positions(block * BLOCK..items.min((block + 1) * BLOCK));
                let mut rows = Vec::with_capacity(BLOCK);
                rows.extend(items.filter_map(|item| Some(pass.add(reel.play(item)?))));
                Part::all(Arc::new(rows))
            },
        )
    }

    /// As [`Pass::run`], where it is known what was over before the window.
    pub(super) fn since(subject: Subject<'a>, before: Before<'_>) -> Self {
        let mut pass = Self::over(subject, before.blocks(), None, |pass, reel, block| {
            let rows = before.rows(block);
            if let Some(latest) = before.all_over(block) {
                if latest >= pass.previous.from {
                    rows.iter().for_each(|row| pass.add_before(row));
                }
                return Part::all(Arc::clone(rows));
            }
            let row = |row: &Row| {
                if before.was_over(row.item) {
                    pass.add_before(row);
                    return Some(*row);
                }
                Some(pass.add(reel.play(row.item)?))
            };
            Part::all(Arc::new(rows.iter().filter_map(row).collect()))
        });
        let as_of = pass.header.as_of;
        pass.gathered.add_past(before.sums, as_of);
        pass
    }

    /// Shows those of the rows that the filter accepts to every measure. Of an item that was over before
    /// the window the row says enough.
    pub(super) fn among(subject: Subject<'a>, (table, filter): (&ItemTable, &Filter<'_>)) -> Self {
        let parts = table.parts();
        let (log, as_of) = (subject.snapshot.log(), subject.header.as_of);
        let seen_until = as_of.plus(-1);
        let accepts = |row: &Row| {
            let at = row.finished.get().unwrap_or(seen_until);
            let status = || seen(log, row.item, as_of).last().copied();
            filter.accepts(row, (at, &status))
        };
        Self::over(subject, parts.len(), None, |pass, reel, part| {
            let chosen = Part::among(&parts[part], accepts);
            for row in chosen.rows() {
                if pass.is_told(row) {
                    pass.add_told(row);
                } else if let Some(timeline) = reel.play(row.item) {
                    pass.see(timeline);
                    pass.show(timeline, row);
                }
            }
            chosen
        })
    }

    /// Adds blocks of items on several threads; `rows` adds one and gives its rows.
    fn over(
        subject: Subject<'a>,
        blocks: usize,
        keeping: Option<&Keeping>,
        rows: impl Fn(&mut Self, &mut Reel<'_>, usize) -> Part + Sync,
    ) -> Self {
        let Subject {
            snapshot, bound, ..
        } = subject;
        let replay = Replay::new(snapshot.log(), bound, subject.header.as_of);
        let begin = || {
            let reel = Reel {
                replay: &replay,
                timeline: Timeline::empty(),
            };
            (Self::new(subject, keeping.cloned()), reel)
        };
        let sums = threads::by_blocks(blocks, begin, |(pass, reel), block| {
            let rows = rows(pass, reel, block);
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

    /// The rows so far, by block of items.
    pub(super) fn rows(&self) -> Vec<Arc<Vec<Row>>> {
        let blocks = self.rows.iter().map(|(_, part)| part.block());
        blocks.map(Arc::clone).collect()
    }

    /// The rows, parts in the order of the log.
    pub(super) fn take_rows(&mut self) -> Vec<Part> {
        let rows = std::mem::take(&mut self.rows);
        rows.into_iter().map(|(_, rows)| rows).collect()
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        if let (Some(own), Some(more)) = (&mut self.keeping, &other.keeping) {
            own.merge(more);
        }
        self.gathered.merge(other.gathered);
    }

    fn new(subject: Subject<'a>, keeping: Option<Keeping>) -> Self {
        let Subject {
            snapshot,
            bound,
            header,
            ruler,
            ..
        } = subject;
        let window = header.window;
        let length = window.seconds();
        Self {
            previous: Window {
                from: window.from.plus(-length),
                to: window.from,
            },
            classes: (bound.stream().stages.iter())
                .map(|stage| stage.class)
                .collect(),
            rows: Vec::new(),
            keeping,
            gathered: Gathered::new(subject),
            log: snapshot.log(),
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
        row.unmapped_status = self.see(timeline);
        self.show(timeline, &row);
        if let Some(keeping) = &mut self.keeping {
            keeping.add((timeline, seen), (&row, clocked.begun_once), self.ruler);
        }
        row
    }

    /// Counts the statuses that an item was seen in; says whether it is in an unknown one.
    fn see(&mut self, timeline: &Timeline) -> bool {
        let artefacts = timeline.joined().iter().skip(1);
        let mut unmapped = false;
        for artefact in std::iter::once(&timeline.item).chain(artefacts) {
            let seen = seen(self.log, *artefact, self.header.as_of);
            unmapped |= self.gathered.quality.see(timeline.item, seen);
        }
        unmapped
    }

    /// Shows an item to the measures.
    fn show(&mut self, timeline: &Timeline, row: &Row) {
        self.count(row);
        if self.is_quiet(row) {
            self.gathered.handoffs.between_people(timeline);
            self.gathered.stages.add_quiet(&timeline.visits);
        } else {
            self.add_lively(timeline, row);
        }
        self.add_finish(timeline, row);
    }

    /// What every item counts for.
    fn count(&mut self, row: &Row) {
        let quiet = self.is_quiet(row);
        let gathered = &mut self.gathered;
        gathered.items.add(row.state);
        gathered.last_entry = gathered.last_entry.max(Some(row.entered));
        gathered.quality.skipped += u64::from(row.path.skipped);
        gathered.quality.closed_without_work += u64::from(row.path.straight);
        if quiet {
            gathered
                .steps
                .add_earlier(row.path.furthest, row.position());
        }
    }

    /// Whether an item was over before the window: of most measures it changes nothing.
    fn is_quiet(&self, row: &Row) -> bool {
        is_over(row.state) && row.entered < self.header.window.from
    }

    /// Whether the row of an item says all that is to be known of it here.
    fn is_told(&self, row: &Row) -> bool {
        self.is_quiet(row)
            && self.bound.links().is_none()
            && !self.gathered.handoffs.changes_hands(row.item)
    }

    /// Adds an item of which the row says all.
    fn add_told(&mut self, row: &Row) {
        self.count(row);
        self.add_before(row);
        let gathered = &mut self.gathered;
        gathered.stages.add_told(row, self.header.as_of);
        if gathered.quality.looks_at_statuses() {
            let seen = seen(self.log, row.item, self.header.as_of);
            gathered.quality.see(row.item, seen);
        }
    }

    fn add_lively(&mut self, timeline: &Timeline, row: &Row) {
        let gathered = &mut self.gathered;
        gathered.handoffs.add(timeline);
        gathered.behaviour.add(&timeline.visits, self.header.window);
        gathered.littles_law.add(timeline, row, &self.classes);
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
        row.path = Path::of(&timeline.visits);
        row.path.straight = (clocked.finished)
            .is_some_and(|finished| straight_from_backlog(timeline, finished, &self.classes));
        row.backward_moves = row.path.backward;
        row.kind = self.bound.kind(self.log, standing);
        row.blocked = row.state == State::InProgress && timeline.open_block().is_some();
        row.clocked(clocked)
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

    /// An item finished before the window, perhaps in the time of equal length before it.
    fn add_before(&mut self, row: &Row) {
        if (row.finished.get()).is_some_and(|finished| self.previous.contains(finished)) {
            self.gathered.before.add(row);
        }
    }

    fn add_finish(&mut self, timeline: &Timeline, row: &Row) {
        self.add_before(row);
        let window = self.header.window;
        let Some(finished) = row.finished.get().filter(|at| window.contains(*at)) else {
            return;
        };
        let gathered = &mut self.gathered;
        gathered.finishes.push(Finish {
            at: finished,
            item: row.item,
            stage: row.stage,
            flow: row.flow(),
        });
        gathered.behaviour.add_finished(row.path);
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

/// Whether the visit before the finish was in the backlog.
fn straight_from_backlog(timeline: &Timeline, finished: Sec, classes: &[Class]) -> bool {
    let moves = timeline.visits.windows(2).rev();
    let mut at_finish = moves.take_while(|pair| pair[1].from >= finished);
    at_finish.any(|pair| {
        let class = |at: usize| class_of(pair[at].position, classes);
        pair[1].from == finished
            && class(1) == Some(Class::Done)
            && class(0) == Some(Class::Backlog)
    })
}
