//! The five flow measures' first three: flow time, velocity, efficiency.

use crate::model::id::{ItemIx, StageIx};
use crate::model::time::{DAY_SECS, Sec, Window};

use super::percentile::Percentiles;
use super::table::Row;

/// Flow of the items finished in a window, and the load at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Flow time of items finished in the window that have a start.
    pub time: Option<FlowTime>,
    /// Items finished in the window.
    pub velocity: Velocity,
    /// Items in a queue or active stage.
    pub load: u64,
    /// Share of active time; `None` if nothing waits by configuration, or nothing finished.
    pub efficiency: Option<Efficiency>,
}

/// Flow time in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowTime {
    /// Nearest-rank percentiles, with their n.
    pub percentiles: Percentiles,
    /// Arithmetic mean, seconds.
    pub mean: f64,
}

/// Throughput.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Velocity {
    /// Items, each once.
    pub finished: u64,
    /// `finished` × 7 ÷ days of the window; `None` for an empty window.
    pub per_week: Option<f64>,
}

/// Σ active ÷ Σ (active + waiting) over the finished items of the window that have a start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Efficiency {
    /// Items behind it.
    pub n: u64,
    /// Seconds.
    pub active: i64,
    /// Seconds.
    pub waiting: i64,
}

impl Efficiency {
    /// From 0 to 1; `None` if no time was spent at all.
    pub fn ratio(&self) -> Option<f64> {
        let all = self.active + self.waiting;
        (all > 0).then(|| seconds(self.active) / seconds(all))
    }
}

/// An item finished in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// When.
    pub at: Sec,
    /// Which item.
    pub item: ItemIx,
    /// The stage it was finished into.
    pub stage: Option<StageIx>,
    /// Its flow time, seconds; `None` if it has no start.
    pub flow: Option<i64>,
}

/// Collects the finished items of one window.
#[derive(Clone, Debug, Default)]
pub(super) struct Finished {
    pub(super) flow_times: Vec<i64>,
    count: u64,
    active: i64,
    waiting: i64,
}

impl Finished {
    pub(super) fn add(&mut self, row: &Row) {
        self.count += 1;
        if let Some(flow) = row.flow() {
            self.flow_times.push(flow);
            let spent = row.spent();
            self.active += spent.active;
            self.waiting += spent.waiting;
        }
    }

    /// Settles the measures; `knows_waiting` says whether any waiting is configured.
    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: Self) {
        self.flow_times.extend(other.flow_times);
        self.count += other.count;
        self.active += other.active;
        self.waiting += other.waiting;
    }

    pub(super) fn settle(mut self, window: Window, load: u64, knows_waiting: bool) -> Flow {
        let efficiency = Efficiency {
            n: self.flow_times.len() as u64,
            active: self.active,
            waiting: self.waiting,
        };
        let total: i64 = self.flow_times.iter().sum();
        let time = Percentiles::of(&mut self.flow_times).map(|percentiles| FlowTime {
            mean: seconds(total) / count(percentiles.n as u64),
            percentiles,
        });
        let length = window.seconds();
        Flow {
            time,
            velocity: Velocity {
                finished: self.count,
                per_week: (length > 0)
                    .then(|| count(self.count) * 7.0 * seconds(DAY_SECS) / seconds(length)),
            },
            load,
            efficiency: (knows_waiting && efficiency.ratio().is_some()).then_some(efficiency),
        }
    }
}

/// Seconds as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "sums of seconds stay below 2^53"
)]
pub(super) fn seconds(span: i64) -> f64 {
    span as f64
}

/// A count as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of items and moves stay below 2^53"
)]
pub(super) fn count(n: u64) -> f64 {
    n as f64
}
