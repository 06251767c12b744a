//! Every measure of one question: gathered in one pass, then settled.

use std::sync::Arc;

use crate::model::id::ItemIx;
use crate::model::log::Log;
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{ClockRule, State};
use crate::model::time::{Ruler, Sec, TimeRule, Window};

use super::ageing::OpenItem;
use super::behaviour::Behaviour;
use super::bottleneck::Bottleneck;
use super::cumulative_flow::CumulativeFlow;
use super::distribution::Distribution;
use super::filter::{Filter, with_outcomes};
use super::flow::{Finish, Flow};
use super::handoffs::Handoffs;
use super::littles_law::LittlesLaw;
use super::named_clock::NamedClockTimes;
use super::net_flow::NetFlow;
use super::pace::PaceBands;
use super::pass::{Pass, Subject};
use super::phases::PhaseShare;
use super::quality::Quality;
use super::question::Question;
use super::settle::settle;
use super::sle::Expectations;
use super::stages::{self, StageMeasures, Visited};
use super::table::ItemTable;
use super::throughput::WeekCount;
use super::whole::Whole;
use crate::model::timeline::Replay;

/// Every measure of one question. Spans are seconds, or by the ruler's parts of a working day.
#[derive(Debug)]
pub struct Measures {
    /// The stream's name.
    pub stream: String,
    /// What was asked, worked out.
    pub header: Header,
    /// What measured the spans.
    pub ruler: Ruler,
    /// Of which items.
    pub filter: Rule,
    /// Items by state.
    pub items: ItemCounts,
    /// Flow time, velocity, load, efficiency over the window.
    pub flow: Flow,
    /// The same over the time of equal length before the window, with the load at its start.
    pub before: Flow,
    /// The load at the start of the window; `None` under a filter that asks how items stand now,
    /// as those that stood so then are others.
    pub load_before: Option<u64>,
    /// Items by kind.
    pub distribution: Distribution,
    /// Time by phase.
    pub phases: Vec<PhaseShare>,
    /// Left to right.
    pub stages: Vec<StageMeasures>,
    /// What holds the stream back.
    pub bottleneck: Bottleneck,
    /// By ISO week.
    pub throughput: Vec<WeekCount>,
    /// By day.
    pub cumulative_flow: CumulativeFlow,
    /// Moves and changes of hands.
    pub handoffs: Handoffs,
    /// Work that came back, was closed without any, passed over stages.
    pub behaviour: Behaviour,
    /// What came into the committed stages and what left them.
    pub net_flow: NetFlow,
    /// Averages that belong together, and whether they do.
    pub littles_law: LittlesLaw,
    /// What the data does not say or says oddly.
    pub quality: Quality,
    /// One a named clock of the stream.
    pub named_clocks: Vec<NamedClockTimes>,
    /// Bands of all stages.
    pub pace: PaceBands,
    /// What may be expected of flow time and of the time in each stage, and how it is kept.
    pub expectations: Expectations,
    /// Items in backlog and in progress: stage by stage, oldest first.
    pub open: Vec<OpenItem>,
    /// Items finished in the window, newest first.
    pub finished: Vec<ItemIx>,
    /// How they were.
    pub finishes: Vec<Finish>,
    /// One row an item.
    pub table: Arc<ItemTable>,
    /// By stage, if it is known of all items.
    pub(super) visited: Option<Vec<Visited>>,
    pub(super) whole: Arc<Whole>,
}

impl Measures {
    /// By stage of the stream at the position `stream`, what the items ever visited. Where a filter
    /// left that open it costs a replay of every item.
    pub fn visited(&self, snapshot: &Snapshot, stream: usize) -> Vec<Visited> {
        let bound = snapshot.streams().get(stream);
        let replayed = || {
            let replay = Replay::new(snapshot.log(), bound?, self.header.as_of);
            let of = (&*self.table, &self.ruler);
            Some(stages::visited(&replay, of, self.stages.len()))
        };
        let known = self.visited.clone().or_else(replayed);
        known.unwrap_or_default()
    }
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Seen from when.
    pub as_of: Sec,
    /// Over which time.
    pub window: Window,
    /// By which clock.
    pub clock: ClockRule,
    /// In which time.
    pub time: TimeRule,
}

impl Header {
    /// What measures spans, from the first event on and to the last, whether it is seen or not: what is
    /// kept for other questions is measured too. In working time that costs a look at every item's
    /// first event.
    pub(super) fn ruler(&self, snapshot: &Snapshot) -> Ruler {
        if self.time == TimeRule::Elapsed {
            return Ruler::elapsed();
        }
        let reach = Window {
            from: self.read_from(snapshot.log()),
            to: self.as_of.max(self.window.to).max(snapshot.end_of_events()),
        };
        Ruler::working(&snapshot.settings().calendar, snapshot.zone(), reach)
    }

    /// From when on spans are measured: readings of working time are rounded from there.
    pub(super) fn read_from(&self, log: &Log) -> Sec {
        if self.time == TimeRule::Elapsed {
            return Sec(0);
        }
        let first = log.items().map(|item| log.first_event(item)).min();
        first.unwrap_or(self.window.from).min(self.window.from)
    }
}

/// Items by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts {
    /// All of them.
    pub total: u64,
    /// In a backlog stage.
    pub backlog: u64,
    /// In a queue or active stage.
    pub in_progress: u64,
    /// In a done stage.
    pub done: u64,
    /// Ended without value.
    pub cancelled: u64,
    /// Deleted, or moved out of the stream.
    pub deleted: u64,
    /// Never in a mapped status.
    pub unmapped: u64,
}

impl ItemCounts {
    pub(super) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.backlog += other.backlog;
        self.in_progress += other.in_progress;
        self.done += other.done;
        self.cancelled += other.cancelled;
        self.deleted += other.deleted;
        self.unmapped += other.unmapped;
    }

    pub(super) fn add(&mut self, state: State) {
        self.total += 1;
        *match state {
            State::Backlog => &mut self.backlog,
            State::InProgress => &mut self.in_progress,
            State::Done => &mut self.done,
            State::Cancelled => &mut self.cancelled,
            State::Deleted => &mut self.deleted,
            State::Unmapped => &mut self.unmapped,
        } += 1;
    }
}

/// Answers a question. `None` if the snapshot has no such stream.
pub fn measure(snapshot: &Snapshot, question: &Question) -> Option<Measures> {
    answer(snapshot, question, None)
}

/// As [`measure`], the quicker the more the answer to the question `before` has in common with it.
/// Keeps what was over, so that the next answer can begin with it.
pub fn measure_after(
    snapshot: &Snapshot,
    question: &Question,
    before: Option<&Measures>,
) -> Option<Measures> {
    let nothing = Arc::default();
    let before = before.map_or(&nothing, |before| &before.whole);
    answer(snapshot, question, Some(before))
}

/// Keeps nothing for the next question if there is nothing before.
fn answer(
    snapshot: &Snapshot,
    question: &Question,
    before: Option<&Arc<Whole>>,
) -> Option<Measures> {
    let bound = snapshot.streams().get(question.stream)?;
    let (as_of, window) = question.resolve(snapshot);
    let header = Header {
        as_of,
        window,
        clock: question.clock,
        time: question.time,
    };
    let ruler = header.ruler(snapshot);
    let subject = Subject {
        snapshot,
        stream: question.stream,
        bound,
        header,
        ruler: &ruler,
    };
    if question.filter == Rule::Always {
        let (pass, whole) = Whole::gather(subject, before);
        let table = Arc::clone(&whole.table);
        return Some(Measures {
            table,
            ..settle(pass, Arc::new(whole))
        });
    }
    let known = before.filter(|whole| whole.is_of(subject));
    let anew = || Arc::new(Whole::gather(subject, before).1);
    let whole = known.map_or_else(anew, Arc::clone);
    Some(among(subject, &question.filter, whole))
}

/// The answer about those items of the whole that a filter accepts.
fn among(subject: Subject<'_>, filter: &Rule, whole: Arc<Whole>) -> Measures {
    let Subject {
        snapshot, bound, ..
    } = subject;
    let outcomes = &snapshot.settings().outcomes;
    let rule = with_outcomes(filter, outcomes, &bound.stream().name);
    let tied = (snapshot.log(), bound);
    let accepted = Filter::new(&rule, tied, snapshot.zone(), subject.header.as_of)
        .with_thresholds(whole.thresholds.clone());
    let pass = Pass::among(subject, (&whole.table, &accepted));
    let measures = settle(pass, whole);
    Measures {
        filter: filter.clone(),
        load_before: measures.load_before.filter(|_| rule.is_lasting()),
        ..measures
    }
}
