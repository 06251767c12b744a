//! A finished picture: what was measured, sorted for drawing and for looking around in it.

use std::ops::Range;
use std::sync::Arc;

use crate::metrics::{DaysLeft, Header, Measures, OpenItem, Question, Remaining, StageMeasures};
use crate::model::id::{ItemIx, SourceIx};
use crate::model::snapshot::Snapshot;
use crate::model::stage::Class;
use crate::model::time::{Day, Sec};

use super::settle::Settling;
use super::{Asides, Backlog, Cursor};

/// A finished picture.
#[derive(Clone, Debug)]
pub struct Data {
    /// The question it answers.
    pub question: Question,
    /// What was measured.
    pub snapshot: Arc<Snapshot>,
    /// What came out.
    pub measures: Arc<Measures>,
    /// The items finished in the window that have a flow time, the first finished first.
    pub points: Vec<Point>,
    /// What items in progress have left; worked out when an item is opened.
    pub remaining: Option<Arc<Remaining>>,
    /// What single screens ask for beside.
    pub asides: Asides,
    /// The levels on their way from the picture before.
    pub(super) settling: Option<Settling>,
    /// By stage: where its items stand among the open ones.
    by_stage: Vec<Range<usize>>,
    /// By stage: how many items of the window were finished into it.
    finished_by_stage: Vec<usize>,
}

/// The items listed for a stage.
#[derive(Clone, Copy, Debug)]
pub enum Queue<'a> {
    /// Those in it, oldest first.
    Open(&'a [OpenItem]),
    /// Those finished in the window, newest first.
    Finished(&'a [ItemIx]),
}

impl Queue<'_> {
    /// How many items are listed.
    pub fn len(&self) -> usize {
        match self {
            Self::Open(items) => items.len(),
            Self::Finished(items) => items.len(),
        }
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item of a row.
    pub fn item(&self, row: usize) -> Option<ItemIx> {
        match self {
            Self::Open(items) => items.get(row).map(|open| open.item),
            Self::Finished(items) => items.get(row).copied(),
        }
    }
}

impl Data {
    /// Sorts a picture by stage.
    pub fn new(question: Question, snapshot: Arc<Snapshot>, measures: Arc<Measures>) -> Self {
        let open = &measures.open;
        let of = |stage: &StageMeasures| {
            let from = open.partition_point(|item| item.stage < stage.stage);
            let to = open.partition_point(|item| item.stage <= stage.stage);
            from..to
        };
        let by_stage = measures.stages.iter().map(of).collect();
        let (points, finished_by_stage) = points(&measures);
        Self {
            points,
            finished_by_stage,
            question,
            snapshot,
            measures,
            remaining: None,
            settling: None,
            asides: Asides::default(),
            by_stage,
        }
    }

    /// Whether it is of this snapshot and stream, seen from the same instant by the same clock.
    pub(super) fn answers(&self, version: u64, stream: usize, header: Header) -> bool {
        let own = (self.question.stream, self.measures.header);
        self.snapshot.version() == version && own == (stream, header)
    }

    /// What an item in progress has left; `None` until it is worked out.
    pub fn days_left(&self, item: ItemIx) -> Option<DaysLeft> {
        let row = self.measures.table.row(item)?;
        let (stage, age) = row.stage.zip(row.age())?;
        Some(self.remaining.as_ref()?.left(stage, age))
    }

    /// An item of an earlier picture in this one, by its source and immutable id.
    pub(super) fn same_item(&self, before: &Self, item: ItemIx) -> Option<ItemIx> {
        let (old, log) = (before.snapshot.log(), self.snapshot.log());
        let name = old.sources().get(old.source_of(item).index())?;
        let mut sources = log.sources().iter();
        let source = sources.position(|source| source == name)?;
        let source = SourceIx(u16::try_from(source).ok()?);
        log.find(source, old.id(item))
    }

    /// The instant it is seen from.
    pub fn as_of(&self) -> Sec {
        self.measures.header.as_of
    }

    /// The open items of a stage, oldest first.
    pub fn open_in(&self, stage: usize) -> &[OpenItem] {
        let range = self.by_stage.get(stage).cloned();
        range
            .and_then(|range| self.measures.open.get(range))
            .unwrap_or_default()
    }

    /// What is listed for a stage.
    pub fn queue(&self, stage: usize) -> Queue<'_> {
        match self.measures.stages.get(stage) {
            Some(done) if done.class == Class::Done => Queue::Finished(&self.measures.finished),
            _ => Queue::Open(self.open_in(stage)),
        }
    }

    /// The stages drawn in the cumulative flow, the last first.
    pub fn flow_bands(&self, backlog: Backlog) -> Vec<usize> {
        let stages = self.measures.stages.iter().enumerate().rev();
        let drawn = |class| backlog == Backlog::Shown || class != Class::Backlog;
        stages
            .filter(|(_, stage)| drawn(stage.class))
            .map(|(at, _)| at)
            .collect()
    }

    /// The position of the day looked at among those of the cumulative flow.
    pub fn flow_day(&self, cursor: Cursor) -> usize {
        let days = &self.measures.cumulative_flow.days;
        let last = days.len().saturating_sub(1);
        let wanted = cursor
            .day
            .map_or(last, |wanted| days.partition_point(|day| day.day < wanted));
        wanted.min(last)
    }

    /// The position of the week looked at among those of the throughput.
    pub fn throughput_week(&self, cursor: Cursor) -> usize {
        let weeks = &self.measures.throughput;
        let last = weeks.len().saturating_sub(1);
        let wanted = cursor.day.map(Day::week);
        wanted.map_or(last, |wanted| {
            weeks.partition_point(|week| week.week < wanted).min(last)
        })
    }

    /// The point nearest to a place: the first finished then or later, among those of one instant
    /// the one of the nearest flow time; the last one without a place.
    pub fn point_at(&self, spot: Option<Spot>) -> Option<&Point> {
        self.points.get(self.point_index(spot)?)
    }

    /// Its position among the points.
    pub(super) fn point_index(&self, spot: Option<Spot>) -> Option<usize> {
        let last = self.points.len().checked_sub(1)?;
        let Some(spot) = spot else {
            return Some(last);
        };
        let from = self
            .points
            .partition_point(|point| point.at < spot.at)
            .min(last);
        let at = self.points[from].at;
        let same = self.points[from..]
            .iter()
            .take_while(|point| point.at == at);
        let nearest = same
            .enumerate()
            .min_by_key(|(_, point)| point.flow.abs_diff(spot.flow));
        Some(from + nearest.map_or(0, |(at, _)| at))
    }

    /// The points of a region, given by two of its corners.
    pub fn points_in(&self, one: Spot, other: Spot) -> impl Iterator<Item = &Point> {
        let times = one.at.min(other.at)..=one.at.max(other.at);
        let flows = one.flow.min(other.flow)..=one.flow.max(other.flow);
        let inside = move |point: &&Point| times.contains(&point.at) && flows.contains(&point.flow);
        self.points.iter().filter(inside)
    }

    /// The committed stages, left to right.
    pub fn committed(&self) -> Vec<usize> {
        let stages = self.measures.stages.iter().enumerate();
        let committed = stages.filter(|(_, stage)| stage.class.is_committed());
        committed.map(|(at, _)| at).collect()
    }

    /// How many items of the window were finished into a stage, each once, as velocity counts them.
    pub fn finished_in(&self, stage: usize) -> usize {
        self.finished_by_stage.get(stage).copied().unwrap_or(0)
    }

    /// Whether an item waits for a stage: in it or in a queue that it drains, queued or blocked.
    pub(super) fn waits_for(&self, item: &OpenItem, stage: usize) -> bool {
        let charged = self.measures.bottleneck.charged_to.get(item.stage.index());
        let here =
            item.stage.index() == stage || charged.is_some_and(|charged| charged.index() == stage);
        here && self.waits(item)
    }

    fn waits(&self, item: &OpenItem) -> bool {
        let class = self.measures.stages.get(item.stage.index());
        let class = class.map(|stage| stage.class);
        class == Some(Class::Queue) || (class == Some(Class::Active) && item.block.is_some())
    }

    /// The items that wait now for a stage, oldest first.
    pub fn waiting_at(&self, stage: usize) -> Vec<&OpenItem> {
        let stages = 0..self.measures.stages.len();
        let items = stages.flat_map(|at| self.open_in(at));
        let mut waiting: Vec<&OpenItem> =
            items.filter(|item| self.waits_for(item, stage)).collect();
        waiting.sort_by_key(|item| (std::cmp::Reverse(item.age), item.item));
        waiting
    }

    /// The stage to look at first: the fullest of the constraint and the queues right before it;
    /// without a constraint the fullest of all committed stages.
    pub fn telling_stage(&self) -> usize {
        let stages = &self.measures.stages;
        let range = match self.measures.bottleneck.constraint {
            Some(constraint) => self.queues_before(constraint.index())..constraint.index() + 1,
            None => 0..stages.len(),
        };
        let committed = range.filter(|at| stages[*at].class.is_committed());
        committed.max_by_key(|at| stages[*at].load).unwrap_or(0)
    }

    /// The first of the queues that stand right before a stage; the stage itself if none does.
    fn queues_before(&self, stage: usize) -> usize {
        let before = self.measures.stages.get(..stage).unwrap_or_default();
        let queues = before
            .iter()
            .rev()
            .take_while(|one| one.class == Class::Queue);
        stage - queues.count()
    }
}

/// The items finished in the window as points, the first finished first, and how many were finished
/// into each stage.
fn points(measures: &Measures) -> (Vec<Point>, Vec<usize>) {
    let mut by_stage = vec![0; measures.stages.len()];
    let mut points = Vec::with_capacity(measures.finished.len());
    // Those of one instant are in the order of their items either way.
    let instants = measures.finishes.chunk_by(|one, next| one.at == next.at);
    for one in instants.rev().flatten() {
        if let Some(count) = one.stage.and_then(|stage| by_stage.get_mut(stage.index())) {
            *count += 1;
        }
        points.extend(one.flow.map(|flow| Point {
            at: one.at,
            flow,
            item: one.item,
        }));
    }
    (points, by_stage)
}

/// A place among flow times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// When the item was finished.
    pub at: Sec,
    /// Its flow time, seconds.
    pub flow: i64,
}

/// An item finished in the window, as a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it was finished.
    pub at: Sec,
    /// Its flow time, seconds.
    pub flow: i64,
    /// Which item.
    pub item: ItemIx,
}

impl Point {
    /// Where it lies.
    pub fn spot(&self) -> Spot {
        Spot {
            at: self.at,
            flow: self.flow,
        }
    }
}
