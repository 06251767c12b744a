//! What was over before a window: added up once and kept, so that the next question about the same
//! stream looks at none of it again.
//!
//! An item that is over has one row, whatever window and instant are asked about later, and gives
//! every later window the same. So its row is kept, and sums by when the last thing happened to an
//! item. Kept are some 60 bytes an item, the rows shared with the table of the answer.

use std::fmt;
use std::sync::Arc;

use crate::model::id::{ItemIx, StatusIx};
use crate::model::stage::{Class, ClockRule};
use crate::model::time::{Ruler, Sec, TimeRule};
use crate::model::timeline::{Replay, Timeline};

use super::clocked::{Clocked, is_over};
use super::cumulative_flow::Earlier;
use super::measure::ItemCounts;
use super::pass::Subject;
use super::quality::QualityCounts;
use super::stages::QuietStages;
use super::table::Row;
use super::threads;

/// Parts of the time of the log by which sums are kept.
const SPANS: u32 = 512;

/// What the rows and sums of the past depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct About {
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
    /// By block of items.
    rows: Vec<Arc<Vec<Row>>>,
    by_any_clock: Arc<ByAnyClock>,
}

/// What no clock rule changes.
#[derive(Debug)]
struct ByAnyClock {
    /// By item: when the last thing happened to it; never, if it is not over.
    over_since: Vec<Sec>,
    /// By block: the last of its items to be over.
    latest: Vec<Sec>,
    spans: Spans,
    /// By span: of the items that were over by its end.
    sums: Vec<OverSums>,
    /// Items of which a row by one clock rule does not tell what another says, in order.
    winding: Vec<ItemIx>,
}

/// What is kept of the past of one stream, by two clock rules at most, the newest first. It is no part
/// of an answer, which is the same with and without it.
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
    winding: Vec<ItemIx>,
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
    fn of(subject: Subject<'_>) -> Self {
        let header = subject.header;
        Self {
            of: subject.of(),
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
            winding: Vec::new(),
        })
    }

    /// Adds an item with the statuses that it had.
    pub(super) fn add(
        &mut self,
        (timeline, seen): (&Timeline, &[StatusIx]),
        (row, begun_once): (&Row, bool),
        ruler: &Ruler,
    ) {
        if !is_over(row.state) {
            return;
        }
        // Of one that was finished when it came to be, a row does not say whether it came to be done.
        if !begun_once || row.finished.get() == Some(row.created) {
            self.winding.push(row.item);
        }
        let span = self.spans.index(self.last_events[row.item.index()]);
        let sums = &mut self.sums[span];
        sums.items.add(row.state);
        sums.last_entry = sums.last_entry.max(Some(row.entered));
        sums.quality.see(row.item, seen);
        sums.quality.skipped += u64::from(row.path.skipped);
        sums.quality.closed_without_work += u64::from(row.path.straight);
        sums.stages.add(&timeline.visits, ruler);
        sums.steps.add(row.path.furthest, row.position());
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.sums.iter_mut().zip(&other.sums) {
            own.merge(more);
        }
        self.winding.extend(&other.winding);
    }

    /// The past of these rows, which are in blocks of items.
    pub(super) fn settle(self, subject: Subject<'_>, rows: Vec<Arc<Vec<Row>>>) -> Past {
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
        let mut winding = self.winding;
        winding.sort_unstable();
        Past {
            about: About::of(subject),
            rows,
            by_any_clock: Arc::new(ByAnyClock {
                over_since,
                latest,
                spans: self.spans,
                sums,
                winding,
            }),
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
        let ByAnyClock { spans, sums, .. } = &*self.by_any_clock;
        let span = spans.index(from);
        Some(Before {
            past: self,
            until: spans.start(span),
            sums: sums.get(span.checked_sub(1)?)?,
        })
    }

    /// Whether its rows tell when work began and all time since.
    fn tells_starts(&self) -> bool {
        matches!(
            self.about.clock,
            ClockRule::LastCrossing | ClockRule::FirstStart
        )
    }

    /// The same items by another clock rule.
    fn by_clock(&self, about: About, subject: Subject<'_>) -> Self {
        let Subject {
            snapshot, bound, ..
        } = subject;
        let replay = Replay::new(snapshot.log(), bound, Sec::MAX);
        let stages = bound.stream().stages.iter();
        let classes: Vec<Class> = stages.map(|stage| stage.class).collect();
        let winding = &self.by_any_clock.winding;
        let rows = threads::all(&self.rows, |rows| {
            let mut timeline = Timeline::empty();
            let row = |row: &Row| {
                if !is_over(row.state) {
                    return *row;
                }
                if winding.binary_search(&row.item).is_err() {
                    return row.by_clock(about.clock, subject.ruler);
                }
                replay.run(row.item, &mut timeline);
                let clocked = Clocked::by(&timeline, &classes, about.clock, subject.ruler);
                row.clocked(&clocked)
            };
            Arc::new(rows.iter().map(row).collect())
        });
        Self {
            about,
            rows,
            by_any_clock: Arc::clone(&self.by_any_clock),
        }
    }
}

impl fmt::Debug for Pasts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pasts")
    }
}

impl Pasts {
    /// Those of the same stream of the same snapshot.
    pub(super) fn beside(&self, subject: Subject<'_>) -> Self {
        let beside = self.0.iter().filter(|past| past.about.of == subject.of());
        Self(beside.map(Arc::clone).collect())
    }

    /// The one that a question needs, perhaps made from one by another clock rule.
    pub(super) fn of(&mut self, subject: Subject<'_>) -> Option<Arc<Past>> {
        let about = About::of(subject);
        if let Some(known) = self.0.iter().find(|past| past.about == about) {
            return Some(Arc::clone(known));
        }
        let clock = |past: &Past| past.about.clock;
        let is_alike = |past: &Past| {
            past.about
                == About {
                    clock: clock(past),
                    ..about
                }
        };
        let alike = self
            .0
            .iter()
            .find(|past| past.tells_starts() && is_alike(past));
        let past = alike?.by_clock(about, subject);
        Some(self.keep(past))
    }

    /// Keeps another one, and of the others one that tells when work began.
    pub(super) fn keep(&mut self, past: Past) -> Arc<Past> {
        let past = Arc::new(past);
        self.0.retain(|past| past.tells_starts());
        self.0.truncate(1);
        self.0.insert(0, Arc::clone(&past));
        past
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
        let latest = self.past.by_any_clock.latest[block];
        (latest < self.until).then_some(latest)
    }

    /// Whether an item was over.
    pub(super) fn was_over(self, item: ItemIx) -> bool {
        self.past.by_any_clock.over_since[item.index()] < self.until
    }
}
