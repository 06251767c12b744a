//! What was over before a window: added up once and kept, so that the next question about the same
//! stream looks at none of it again.
//!
//! An item that is over has one row, whatever window and instant are asked about later, and gives
//! every later window the same. So its row is kept, and sums by when the last thing happened to an
//! item. Kept are some 64 bytes an item, the rows shared with the table of the answer.

use std::fmt;
use std::sync::Arc;

use crate::model::id::{ItemIx, StatusIx};
use crate::model::stage::ClockRule;
use crate::model::time::{Ruler, Sec, TimeRule};
use crate::model::timeline::Timeline;

use super::behaviour::Path;
use super::clocked::is_over;
use super::cumulative_flow::Earlier;
use super::measure::ItemCounts;
use super::pass::Subject;
use super::quality::QualityCounts;
use super::stages::QuietStages;
use super::table::Row;

/// Parts of the time of the log by which sums are kept.
const SPANS: u32 = 512;

/// What the rows and sums of the past depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct About {
    /// Which snapshot, and which of its streams.
    of: (u64, usize),
    clock: ClockRule,
    time: TimeRule,
    /// From where working time is read.
    read_from: Sec,
}

/// Items that are over, ready for any question about them.
#[derive(Debug)]
pub(super) struct Past {
    about: About,
    /// By item: when the last thing happened to it; never, if it is not over.
    over_since: Vec<Sec>,
    /// By block of items.
    rows: Vec<Arc<Vec<Row>>>,
    /// By block: the last of its items to be over.
    latest: Vec<Sec>,
    spans: Spans,
    /// By span: of the items that were over by its end.
    sums: Vec<OverSums>,
}

/// The pasts of one stream that are kept, the newest first; one a clock that was asked for. They
/// are no part of an answer, which is the same with and without them.
#[derive(Clone, Default)]
pub(super) struct Pasts(Vec<Arc<Past>>);

/// What was over before a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before<'p> {
    past: &'p Past,
    /// Items over since this instant or later are to be looked at.
    until: Sec,
    pub(super) sums: &'p OverSums,
}

/// What becomes a past while items go by.
#[derive(Clone, Debug)]
pub(super) struct Keeping {
    /// By item: when the last thing happened to it.
    last_events: Arc<Vec<Sec>>,
    spans: Spans,
    /// By span, of the items over in it.
    sums: Vec<OverSums>,
}

/// What items that were over before a window give to its measures.
#[derive(Clone, Debug)]
pub(super) struct OverSums {
    pub(super) items: ItemCounts,
    pub(super) last_entry: Option<Sec>,
    pub(super) quality: QualityCounts,
    pub(super) stages: QuietStages,
    pub(super) steps: Earlier,
}

/// Stretches of the log's time, of one length each.
#[derive(Clone, Copy, Debug)]
struct Spans {
    first: Sec,
    length: u32,
}

impl About {
    pub(super) fn of(of: (u64, usize), subject: Subject<'_>) -> Self {
        let header = subject.header;
        Self {
            of,
            clock: header.clock,
            time: header.time,
            read_from: header.read_from(subject.snapshot.log()),
        }
    }
}

impl Spans {
    fn of(first: Sec, last: Sec) -> Self {
        let length = (last.0 - first.0.min(last.0)) / SPANS + 1;
        Self { first, length }
    }

    /// The span that an instant lies in.
    fn index(self, at: Sec) -> usize {
        let span = at.0.saturating_sub(self.first.0) / self.length;
        span.min(SPANS - 1) as usize
    }

    fn start(self, span: usize) -> Sec {
        let before = u32::try_from(span).map_or(u32::MAX, |span| span.saturating_mul(self.length));
        Sec(self.first.0.saturating_add(before))
    }
}

impl Keeping {
    /// For a pass over all items; `None` if not all events are seen by it, or items are made of
    /// several artefacts.
    pub(super) fn of(subject: Subject<'_>) -> Option<Self> {
        let (log, bound) = (subject.snapshot.log(), subject.bound);
        let last_events = log.last_events();
        let last = last_events.iter().max().copied()?;
        if last >= subject.header.as_of || bound.links().is_some() {
            return None;
        }
        let first = last_events.iter().min().copied()?;
        let stages = bound.stream().stages.len();
        let empty = OverSums {
            items: ItemCounts::default(),
            last_entry: None,
            quality: QualityCounts::new(log, bound),
            stages: QuietStages::new(stages),
            steps: Earlier::new(stages),
        };
        Some(Self {
            last_events: Arc::new(last_events),
            spans: Spans::of(first, last),
            sums: vec![empty; SPANS as usize],
        })
    }

    /// Adds an item with the statuses that it had.
    pub(super) fn add(
        &mut self,
        (timeline, seen): (&Timeline, &[StatusIx]),
        row: &Row,
        (path, straight): (Path, bool),
        ruler: &Ruler,
    ) {
        let Some(last) = timeline.visits.last().filter(|_| is_over(row.state)) else {
            return;
        };
        let span = self.spans.index(self.last_events[row.item.index()]);
        let sums = &mut self.sums[span];
        sums.items.add(row.state);
        sums.last_entry = sums.last_entry.max(Some(row.entered));
        sums.quality.see(row.item, seen);
        sums.quality.skipped += path.skipped;
        sums.quality.closed_without_work += u64::from(straight);
        sums.stages.add(&timeline.visits, ruler);
        sums.steps.add(path.furthest, last.position);
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.sums.iter_mut().zip(&other.sums) {
            own.merge(more);
        }
    }

    /// The past of these rows, which are in blocks of items.
    pub(super) fn settle(self, about: About, rows: Vec<Arc<Vec<Row>>>) -> Past {
        let mut over_since =
            Arc::try_unwrap(self.last_events).unwrap_or_else(|shared| shared.to_vec());
        for row in rows.iter().flat_map(|rows| rows.iter()) {
            if !is_over(row.state) {
                over_since[row.item.index()] = Sec::MAX;
            }
        }
        let latest = |rows: &Arc<Vec<Row>>| {
            let since = rows.iter().map(|row| over_since[row.item.index()]);
            since.max().unwrap_or(Sec(0))
        };
        let latest = rows.iter().map(latest).collect();
        let mut sums = self.sums;
        for span in 1..sums.len() {
            let (before, own) = sums.split_at_mut(span);
            own[0].merge(&before[span - 1]);
        }
        Past {
            about,
            latest,
            over_since,
            rows,
            spans: self.spans,
            sums,
        }
    }
}

impl OverSums {
    fn merge(&mut self, other: &Self) {
        self.items.merge(&other.items);
        self.last_entry = self.last_entry.max(other.last_entry);
        self.quality.merge(&other.quality);
        self.stages.merge(&other.stages);
        self.steps.merge(&other.steps);
    }
}

impl Past {
    /// What was over before an instant, as far as whole spans go.
    pub(super) fn before(&self, from: Sec) -> Option<Before<'_>> {
        let span = self.spans.index(from);
        Some(Before {
            past: self,
            until: self.spans.start(span),
            sums: self.sums.get(span.checked_sub(1)?)?,
        })
    }
}

impl fmt::Debug for Pasts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pasts")
    }
}

impl Pasts {
    /// Those of the same stream of the same snapshot.
    pub(super) fn beside(&self, about: About) -> Self {
        let beside = self.0.iter().filter(|past| past.about.of == about.of);
        Self(beside.map(Arc::clone).collect())
    }

    /// The one that a question needs.
    pub(super) fn find(&self, about: About) -> Option<Arc<Past>> {
        let mut about = self.0.iter().filter(|past| past.about == about);
        about.next().map(Arc::clone)
    }

    /// Keeps another one.
    pub(super) fn keep(&mut self, past: Past) {
        self.0.truncate(ClockRule::ALL.len() - 1);
        self.0.insert(0, Arc::new(past));
    }
}

impl<'p> Before<'p> {
    /// How many blocks of items there are.
    pub(super) fn blocks(self) -> usize {
        self.past.rows.len()
    }

    /// The rows of a block.
    pub(super) fn rows(self, block: usize) -> &'p Arc<Vec<Row>> {
        &self.past.rows[block]
    }

    /// When the last item of a block was over, if all were.
    pub(super) fn all_over(self, block: usize) -> Option<Sec> {
        let latest = self.past.latest[block];
        (latest < self.until).then_some(latest)
    }

    /// Whether an item was over.
    pub(super) fn was_over(self, item: ItemIx) -> bool {
        self.past.over_since[item.index()] < self.until
    }
}
