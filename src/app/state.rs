//! The state of the dashboard.

use std::ops::Range;
use std::sync::Arc;

use crate::metrics::{
    AsOf, DaysLeft, Header, Measures, OpenItem, Question, Remaining, StageMeasures,
};
use crate::model::health::SourceHealth;
use crate::model::id::{ItemIx, SourceIx};
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{Class, ClockRule};
use crate::model::time::{Day, Millis, Sec, TimeRule, WindowSpec};
use crate::simulate::forecast::OutlookAsk;

use super::{
    Among, Asides, Ask, Context, FilterLine, Inference, Input, Motion, Notice, Palette,
    ParseFilter, Screen, Shelf, StageEditor, Travel, Walk,
};

/// The windows that one key goes through, in days.
pub const WINDOWS: [u32; 5] = [7, 30, 90, 180, 365];

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct State {
    /// What is asked; [`Data::question`] says what has been answered.
    pub question: Question,
    /// Seen from now or from a day past.
    pub seen: Seen,
    /// The last finished picture; `None` until the first.
    pub data: Option<Data>,
    /// Whether a newer picture is being made.
    pub computing: bool,
    /// How the sources are, in the order of the config.
    pub sources: Vec<SourceHealth>,
    /// How files were read.
    pub inference: Vec<Inference>,
    /// What is in view.
    pub screen: Screen,
    /// The screens it was opened from, the first first.
    pub trail: Vec<Screen>,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// What is selected.
    pub selected: Selected,
    /// Where one looks in charts over time.
    pub cursor: Cursor,
    /// How one travels through time.
    pub travel: Travel,
    /// The walk of the board; kept while one looks elsewhere.
    pub walk: Option<Box<Walk>>,
    /// The filter in force, as typed.
    pub filter: String,
    /// The last word to the user.
    pub notice: Option<Notice>,
    /// Saved views, and what was typed and chosen before.
    pub shelf: Shelf,
    /// What the terminal is like.
    pub terminal: Terminal,
}

/// From when the stream is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The instant it is.
    pub now: Millis,
    /// What "now" means for this data.
    pub live: Live,
    /// The instant chosen in the time machine.
    pub past: Option<Sec>,
}

/// What "now" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// The instant it is: trackers that move on.
    Now,
    /// Just after the last event: files.
    EndOfEvents,
}

impl Seen {
    pub(super) fn as_of(self) -> AsOf {
        match (self.past, self.live) {
            (Some(past), _) => AsOf::At(past),
            (None, Live::Now) => AsOf::At(self.now.floor_clamped()),
            (None, Live::EndOfEvents) => AsOf::EndOfEvents,
        }
    }
}

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
/// into each stage. Each row is looked up once: in great streams that is what takes time.
fn points(measures: &Measures) -> (Vec<Point>, Vec<usize>) {
    let mut by_stage = vec![0; measures.stages.len()];
    let mut points = Vec::with_capacity(measures.finished.len());
    for item in &measures.finished {
        let Some(row) = measures.table.row(*item) else {
            continue;
        };
        if let Some(count) = row.stage.and_then(|stage| by_stage.get_mut(stage.index())) {
            *count += 1;
        }
        points.extend(row.finished.get().zip(row.flow()).map(|(at, flow)| Point {
            at,
            flow,
            item: *item,
        }));
    }
    points.sort_unstable_by_key(|point| (point.at, point.item));
    (points, by_stage)
}

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// The keys, narrowed by what is typed.
    Help {
        /// What is typed.
        input: Input,
        /// The selected action among those that fit.
        row: usize,
    },
    /// The filter line; the filter that held before is kept for Esc.
    Filter {
        /// What is typed.
        line: Box<FilterLine>,
        /// The text and the rule before.
        before: (String, Rule),
    },
    /// The time machine.
    Time,
    /// A date to travel to.
    Date {
        /// What is typed.
        input: Input,
        /// What is wrong with it.
        wrong: Option<String>,
    },
    /// The stage editor.
    Stages(Box<StageEditor>),
    /// A line about the item at hand in the walk.
    Say {
        /// What is asked for.
        ask: Ask,
        /// What is typed.
        input: Input,
    },
    /// A number of items; the one before is kept for Esc.
    Number {
        /// What is typed.
        input: Input,
        /// What was asked for before.
        before: Option<u32>,
    },
    /// What the numbers on screen mean, on a page each.
    Definition {
        /// Which of them.
        at: usize,
        /// Lines scrolled away at the top.
        scroll: usize,
    },
    /// How what is on screen is to be written.
    Export {
        /// The selected way.
        row: usize,
    },
    /// The palette.
    Palette(Box<Palette>),
    /// The name of a view to be saved.
    ViewName {
        /// What is typed.
        input: Input,
    },
    /// The streams, narrowed by what is typed.
    Streams {
        /// What is typed.
        input: Input,
        /// The selected stream among those that fit.
        row: usize,
    },
}

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The stage, left to right.
    pub stage: usize,
    /// The row of its queue.
    pub row: usize,
    /// The source.
    pub source: usize,
    /// Lines of the source's details scrolled away at the top.
    pub detail: usize,
}

/// Where one looks in charts over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The day looked at; `None` is the last one.
    pub day: Option<Day>,
    /// Whether the backlog stands in the picture.
    pub backlog: Backlog,
    /// The flow time looked at; `None` is the last one.
    pub spot: Option<Spot>,
    /// Where a region of flow times begins.
    pub corner: Option<Spot>,
    /// The days to come.
    pub ahead: Ahead,
    /// Among all streams.
    pub among: Among,
}

/// Where one looks in the days to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// How many items, how far.
    pub asked: OutlookAsk,
    /// The day looked at; `None`: the one by which they are done with 85 %.
    pub day: Option<Day>,
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

/// Whether the backlog stands in the picture of the cumulative flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backlog {
    /// Committed and finished work alone: a great backlog would leave it no room.
    #[default]
    Hidden,
    /// The backlog too.
    Shown,
}

/// What the terminal is like.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Whether mouse events are taken.
    pub mouse: bool,
    /// Reads what is typed as a filter.
    pub parse: ParseFilter,
}

impl State {
    /// Before anything is known.
    pub fn new(seen: Seen, terminal: Terminal) -> Self {
        Self {
            question: Question {
                stream: 0,
                as_of: seen.as_of(),
                window: WindowSpec::default(),
                clock: ClockRule::default(),
                time: TimeRule::default(),
                filter: Rule::Always,
            },
            seen,
            data: None,
            computing: false,
            sources: Vec::new(),
            inference: Vec::new(),
            screen: Screen::Stream,
            trail: Vec::new(),
            overlay: None,
            selected: Selected::default(),
            cursor: Cursor::default(),
            travel: Travel::default(),
            walk: None,
            filter: String::new(),
            notice: None,
            shelf: Shelf::default(),
            terminal,
        }
    }

    /// Where keys are looked up.
    pub fn context(&self) -> Context {
        match &self.overlay {
            None => self.screen.context(),
            Some(Overlay::Time) => Context::Time,
            Some(Overlay::Stages(_)) => Context::Stages,
            Some(
                Overlay::Help { .. }
                | Overlay::Filter { .. }
                | Overlay::Palette(_)
                | Overlay::ViewName { .. }
                | Overlay::Say { .. }
                | Overlay::Number { .. }
                | Overlay::Export { .. }
                | Overlay::Definition { .. }
                | Overlay::Date { .. }
                | Overlay::Streams { .. },
            ) => Context::Prompt,
        }
    }

    /// Asks the question anew, as of the instant that is seen.
    pub(super) fn ask(&mut self) -> Question {
        self.question.as_of = self.seen.as_of();
        self.computing = true;
        self.question.clone()
    }

    /// What keys act upon: the chosen artefact of the item opened, or the selected row.
    pub fn item_at_hand(&self) -> Option<ItemIx> {
        match &self.screen {
            Screen::Item(view) => Some(view.chosen()),
            Screen::Items(view) => view.selected(),
            Screen::Stream | Screen::Ageing => {
                let queue = self.data.as_ref()?.queue(self.selected.stage);
                queue.item(self.selected.row)
            }
            Screen::Times => {
                let data = self.data.as_ref()?;
                data.point_at(self.cursor.spot).map(|point| point.item)
            }
            Screen::Walk => self.walk.as_ref()?.item_in(self.data.as_ref()?),
            Screen::Flow
            | Screen::Throughput
            | Screen::Bottleneck
            | Screen::Forecast
            | Screen::Portfolio
            | Screen::Sources => None,
        }
    }

    /// Whether the board is being walked: the walk or what was opened from it is in view.
    pub fn is_walking(&self) -> bool {
        *self.trail.first().unwrap_or(&self.screen) == Screen::Walk
    }

    /// The position of the day looked at among those ahead: that of 85 % where no other was chosen.
    pub fn day_ahead(&self) -> Option<usize> {
        let outlook = self.data.as_ref()?.outlook()?;
        let last = outlook.days.last()?.day;
        let day = self.cursor.ahead.day.or(outlook.when.days[2]);
        Some(outlook.position(day.unwrap_or(last)))
    }

    /// Whether time passes by itself.
    pub fn is_playing(&self) -> bool {
        self.travel.motion == Motion::Playing
    }

    /// Names of the streams that fit what is typed, with their positions.
    pub fn streams_like(&self, typed: &str) -> Vec<(usize, String)> {
        let Some(data) = &self.data else {
            return Vec::new();
        };
        let typed = typed.to_lowercase();
        let streams = data.snapshot.streams().iter().enumerate();
        streams
            .map(|(at, bound)| (at, bound.stream().name.clone()))
            .filter(|(_, name)| name.to_lowercase().contains(&typed))
            .collect()
    }

    /// How many sources cannot be read now.
    pub fn sources_in_trouble(&self) -> usize {
        self.sources
            .iter()
            .filter(|source| source.trouble.is_some())
            .count()
    }
}
