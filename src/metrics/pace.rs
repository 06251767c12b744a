//! Pace bands: how old finished items were when they left each stage for the last time.

use std::sync::Arc;

use crate::model::id::StageIx;
use crate::model::time::{Ruler, Sec};
use crate::model::timeline::Visit;

use super::clocked::stage_of;
use super::flow::count;
use super::percentile::Percentiles;
use super::sorted::sort;
use super::table::cut;
use super::threads::each;

/// The bands of all stages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaceBands {
    /// By stage: seconds from start to exit, P50, P70, P85, P95, never falling from left to right;
    /// `None` left of the first stage that any finished item left.
    pub bands: Vec<Option<[i64; 4]>>,
    /// By stage: the exit ages behind them, sorted, seconds.
    exits: Arc<Vec<Vec<u32>>>,
}

impl PaceBands {
    /// Share of the finished items whose exit age is at most `age`; `None` without any.
    pub fn pace(&self, stage: StageIx, age: i64) -> Option<f64> {
        let exits = self
            .exits
            .get(stage.index())
            .filter(|exits| !exits.is_empty())?;
        let younger = exits.partition_point(|exit| i64::from(*exit) <= age);
        Some(count(younger as u64) / count(exits.len() as u64))
    }

    /// How many finished items stand behind a stage's band.
    pub fn n(&self, stage: StageIx) -> usize {
        self.exits.get(stage.index()).map_or(0, Vec::len)
    }

    /// The P85 band of a stage, in seconds.
    pub fn p85(&self, stage: StageIx) -> Option<i64> {
        self.bands.get(stage.index())?.map(|band| band[2])
    }
}

/// Collects exit ages.
#[derive(Clone, Debug)]
pub(super) struct Exits {
    by_stage: Vec<Vec<u32>>,
    last: Vec<Option<Sec>>,
    ruler: Ruler,
}

impl Exits {
    pub(super) fn new(stages: usize, ruler: &Ruler) -> Self {
        Self {
            by_stage: vec![Vec::new(); stages],
            last: vec![None; stages],
            ruler: ruler.clone(),
        }
    }

    /// Adds a finished item: its last exit from each stage at or before its finish, since its start.
    pub(super) fn add(&mut self, visits: &[Visit], started: Sec, finished: Sec) {
        self.last.fill(None);
        for pair in visits.windows(2) {
            if let Some(stage) = stage_of(pair[0].position).filter(|_| pair[0].to <= finished) {
                self.last[stage.index()] = Some(pair[0].to);
            }
        }
        for (exits, last) in self.by_stage.iter_mut().zip(&self.last) {
            if let Some(exit) = last.filter(|exit| *exit >= started) {
                exits.push(cut(self.ruler.between(started, exit)));
            }
        }
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
        for (own, more) in self.by_stage.iter_mut().zip(other.by_stage) {
            own.extend(more);
        }
    }

    /// Settles the bands; what was gathered is gone then.
    pub(super) fn settle(&mut self) -> PaceBands {
        let mut by_stage = std::mem::take(&mut self.by_stage);
        let mut running: Option<[i64; 4]> = None;
        let mut bands = Vec::with_capacity(by_stage.len());
        each(&mut by_stage, Vec::len, sort);
        for exits in &by_stage {
            if let Some(own) = Percentiles::of_sorted(exits) {
                let before = running.unwrap_or([0; 4]);
                running = Some(std::array::from_fn(|p| own.values[p].max(before[p])));
            }
            bands.push(running);
        }
        PaceBands {
            bands,
            exits: Arc::new(by_stage),
        }
    }
}
