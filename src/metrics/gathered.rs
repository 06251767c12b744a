//! The sums of every measure, as they stand while items go by.

use crate::model::time::Sec;
use crate::model::timeline::Block;

use super::behaviour::Behaviour;
use super::cumulative_flow::DaySteps;
use super::distribution::KindCounts;
use super::flow::{Finish, Finished};
use super::handoffs::HandoffCounts;
use super::littles_law::LawCounts;
use super::measure::ItemCounts;
use super::named_clock::NamedTimes;
use super::net_flow::NetFlowCounts;
use super::pace::Exits;
use super::pass::Subject;
use super::past::OverSums;
use super::phases::PhaseTimes;
use super::quality::QualityCounts;
use super::stages::StageSums;
use super::table::Row;
use super::throughput::Weeks;

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
    pub(super) finishes: Vec<Finish>,
    pub(super) last_entry: Option<Sec>,
    pub(super) named_clocks: Vec<NamedTimes<'a>>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(subject: Subject<'a>) -> Self {
        let Subject {
            snapshot,
            bound,
            header,
            ruler,
            ..
        } = subject;
        let (log, stream, window) = (snapshot.log(), bound.stream(), header.window);
        let clocks = stream.clocks.iter();
        Self {
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
        }
    }

    /// Adds what was over before the window, as it is at `as_of`.
    pub(super) fn add_past(&mut self, past: &OverSums, as_of: Sec) {
        self.items.merge(&past.items);
        self.last_entry = self.last_entry.max(past.last_entry);
        self.quality.merge(&past.quality);
        self.stages.add_past(&past.stages, as_of);
        self.steps.add_past(&past.steps);
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
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
