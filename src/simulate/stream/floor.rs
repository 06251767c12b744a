//! The floor of a simulation: who waits in and before each stage, and who is free to work.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::model::{Crew, Step, StreamModel};

/// A place in a line. Lower goes first: work begun before new work, then rank, then first come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket {
    pub(super) order: Order,
    pub(super) rank: u8,
    pub(super) since: i64,
    pub(super) item: u64,
}

/// Where the item of a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// In the stage already: it waits for someone to work on it.
    Inside,
    /// In another stage.
    Outside,
}

/// The lines of one stage.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// Items in the stage.
    pub(super) load: u32,
    /// Who waits to be taken by this stage: one line, or for a crew by team one a team.
    lanes: Vec<BTreeSet<Ticket>>,
    /// Who waits in this stage for its gate.
    pub(super) gathered: BTreeSet<Ticket>,
}

/// Workers of a crew who are free, by lane; who has been free longest works next.
#[derive(Clone, Debug)]
pub(super) struct Free {
    workers: Vec<VecDeque<usize>>,
}

impl Free {
    fn all(crew: &Crew) -> Self {
        let everyone = |people: &Vec<Arc<str>>| (0..people.len()).collect();
        Self {
            workers: crew.people.iter().map(everyone).collect(),
        }
    }

    fn any(&self, lane: usize) -> bool {
        !self.workers[lane].is_empty()
    }
}

/// All lines and crews.
#[derive(Clone, Debug)]
pub(super) struct Floor {
    pub(super) stages: Vec<Lines>,
    /// By stage, how many wait to be taken by it: the sweep for work looks here first.
    waiting: Vec<u32>,
    crews: Vec<Free>,
}

impl Floor {
    pub(super) fn new(model: &StreamModel) -> Self {
        let lines = |step: &Step| Lines {
            lanes: vec![BTreeSet::new(); lane_count(model, step)],
            ..Lines::default()
        };
        Self {
            stages: model.stages.iter().map(|s| lines(&s.step)).collect(),
            waiting: vec![0; model.stages.len()],
            crews: model.crews.iter().map(Free::all).collect(),
        }
    }

    /// The stage furthest right, left of `below`, that someone waits to be taken by.
    pub(super) fn last_waited_for(&self, below: usize) -> Option<usize> {
        self.waiting[..below].iter().rposition(|count| *count > 0)
    }

    /// Who can be taken by a stage now: the first in line among the lanes with someone free.
    pub(super) fn next_for(&self, model: &StreamModel, stage: usize) -> Option<Ticket> {
        let lines = &self.stages[stage];
        let free = match &model.stages[stage].step {
            Step::Work { crew, .. } => Some(&self.crews[*crew]),
            _ => None,
        };
        let served = |lane: &usize| free.is_none_or(|free| free.any(*lane));
        let heads = (0..lines.lanes.len())
            .filter(served)
            .filter_map(|lane| lines.lanes[lane].first());
        let limit = model.stages[stage].limit;
        let full = limit.is_some_and(|limit| lines.load >= limit);
        heads
            .min()
            .filter(|ticket| ticket.order == Order::Inside || !full)
            .copied()
    }

    /// The lane of a stage that serves a team.
    fn lane(&self, stage: usize, team: usize) -> usize {
        team.min(self.stages[stage].lanes.len() - 1)
    }

    pub(super) fn line_up(&mut self, stage: usize, team: usize, ticket: Ticket) {
        let lane = self.lane(stage, team);
        let joined = self.stages[stage].lanes[lane].insert(ticket);
        self.waiting[stage] += u32::from(joined);
    }

    pub(super) fn leave_line(&mut self, stage: usize, team: usize, ticket: Ticket) {
        let lane = self.lane(stage, team);
        let left = self.stages[stage].lanes[lane].remove(&ticket);
        self.waiting[stage] -= u32::from(left);
    }

    pub(super) fn take_worker(&mut self, crew: usize, team: usize) -> Option<usize> {
        let workers = &mut self.crews[crew].workers;
        let lane = team.min(workers.len() - 1);
        workers[lane].pop_front()
    }

    pub(super) fn free_worker(&mut self, crew: usize, team: usize, worker: usize) {
        let workers = &mut self.crews[crew].workers;
        let lane = team.min(workers.len() - 1);
        workers[lane].push_back(worker);
    }
}

fn lane_count(model: &StreamModel, step: &Step) -> usize {
    match step {
        Step::Work { crew, .. } => model.crews[*crew].people.len().max(1),
        _ => 1,
    }
}
