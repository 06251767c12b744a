//! What else may be behind a change.

use std::fmt;

use super::estimate::{real, total};
use super::periods::Periods;
use super::record::{Record, log_flow};
use super::{FEWEST_ITEMS, Impact};
use crate::metrics::Measures;
use crate::model::bound::KindIx;
use crate::model::snapshot::{DatedChange, Snapshot};
use crate::model::time::Day;

/// A side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The baseline.
    Before,
    /// From the change and the lag on.
    After,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before it",
            Self::After => "after it",
        })
    }
}

/// Something else that may be behind a change. Each is a sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Caution {
    /// Another change of this stream came within what is compared.
    #[error("\"{name}\" of {date} lies in the time {side}: the two cannot be told apart")]
    OtherChange {
        /// Its name.
        name: String,
        /// Its day.
        date: Day,
        /// Where it lies.
        side: Side,
    },
    /// More or fewer items were in progress.
    #[error(
        "load changed at the same time, from {before:.1} to {after:.1} items in progress: flow time follows load, and load flow time"
    )]
    Load {
        /// Mean before.
        before: f64,
        /// Mean after.
        after: f64,
    },
    /// Other kinds of items were finished.
    #[error(
        "the mix of kinds changed: {moved:.0} % of the items are of another kind than before{}", within_words(*within)
    )]
    Mix {
        /// Half the sum of the changes of the kinds' shares, per cent.
        moved: f64,
        /// The effect on flow time within kinds, per cent; `None` if most kinds have few items.
        within: Option<f64>,
    },
    /// Some of the items after it were begun before it.
    #[error("{begun} of the {n} items after it were begun before it")]
    BegunBefore {
        /// How many.
        begun: usize,
        /// Of how many.
        n: usize,
    },
}

fn within_words(within: Option<f64>) -> String {
    let told = |within| format!("; flow time within kinds {within:+.0} %");
    within.map_or_else(String::new, told)
}

/// A load that is so many times another is another load.
const LOAD: f64 = 1.25;

/// So many per cent of another kind are another mix.
const MIX: f64 = 10.0;

/// Kinds with too few items to compare may be this part of all.
const UNCOMPARED: f64 = 0.2;

/// How the mix of kinds changed, and flow time within them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mix {
    /// Per cent of the items that are of another kind.
    pub(super) moved: f64,
    /// Difference of the logarithms of flow time within kinds, averaged over all items.
    pub(super) within: Option<f64>,
    /// The same without looking at kinds.
    pub(super) plain: f64,
}

/// The flow times of one kind before and after: count and sum of logarithms.
#[derive(Clone, Copy, Debug, Default)]
struct Kind {
    n: [usize; 2],
    sum: [f64; 2],
}

impl Kind {
    fn effect(&self) -> f64 {
        self.sum[1] / real(self.n[1]) - self.sum[0] / real(self.n[0])
    }

    fn is_comparable(&self) -> bool {
        self.n[0].min(self.n[1]) >= FEWEST_ITEMS / 2
    }
}

impl Mix {
    /// Of the items with a flow time.
    pub(super) fn of(record: &Record, periods: &Periods) -> Option<Self> {
        let kinds = kinds(record, periods)?;
        let mut all = Kind::default();
        for kind in &kinds {
            for side in 0..2 {
                all.n[side] += kind.n[side];
                all.sum[side] += kind.sum[side];
            }
        }
        if all.n[0] == 0 || all.n[1] == 0 {
            return None;
        }
        let share = |kind: &Kind, side: usize| real(kind.n[side]) / real(all.n[side]);
        let moved: f64 = kinds
            .iter()
            .map(|kind| (share(kind, 0) - share(kind, 1)).abs())
            .sum();
        let comparable = || kinds.iter().filter(|kind| kind.is_comparable());
        let known = |side| comparable().map(|kind| share(kind, side)).sum::<f64>();
        let weight = |kind: &Kind| real(kind.n[0] + kind.n[1]);
        let weights: f64 = comparable().map(weight).sum();
        let sum: f64 = comparable().map(|kind| weight(kind) * kind.effect()).sum();
        let enough = 1.0 - known(0).min(known(1)) <= UNCOMPARED;
        Some(Self {
            moved: moved / 2.0 * 100.0,
            within: enough.then(|| sum / weights),
            plain: all.effect(),
        })
    }

    /// Whether less than half of an effect is left once what the mix did is taken off.
    pub(super) fn explains(&self, effect: f64) -> bool {
        self.within.is_some_and(|within| {
            let left = effect - (self.plain - within);
            left * effect.signum() < effect.abs() / 2.0
        })
    }
}

fn kinds(record: &Record, periods: &Periods) -> Option<Vec<Kind>> {
    let usual = record.flow_percentile(periods.baseline, 50)?;
    let mut kinds: Vec<(Option<KindIx>, Kind)> = Vec::new();
    for (side, window) in periods.windows().into_iter().enumerate() {
        for one in record.finished(window) {
            let Some(flow) = one.flow else { continue };
            let at = kinds.iter().position(|(kind, _)| *kind == one.kind);
            let at = at.unwrap_or_else(|| {
                kinds.push((one.kind, Kind::default()));
                kinds.len() - 1
            });
            let kind = &mut kinds[at].1;
            kind.n[side] += 1;
            kind.sum[side] += log_flow(flow, usual);
        }
    }
    Some(kinds.into_iter().map(|(_, kind)| kind).collect())
}

/// Per cent more or less, of a difference of logarithms.
pub(super) fn per_cent(difference: f64) -> f64 {
    difference.exp_m1() * 100.0
}

/// All cautions of an answer.
pub(super) fn cautions(
    (snapshot, measures): (&Snapshot, &Measures),
    record: &Record,
    answer: &Impact,
    mix: Option<Mix>,
) -> Vec<Caution> {
    let Some(periods) = &answer.periods else {
        return Vec::new();
    };
    let changes = snapshot.settings().changes.iter();
    let others = changes
        .filter(|other| other.touches(&measures.stream) && **other != answer.change)
        .filter_map(|other| other_change(snapshot, &answer.change, other, periods));
    let mut told: Vec<Caution> = others.collect();
    told.extend(load(record, periods));
    told.extend(mix.filter(|mix| mix.moved >= MIX).map(|mix| Caution::Mix {
        moved: mix.moved,
        within: mix.within.map(per_cent),
    }));
    told.extend(begun_before(record, periods));
    told
}

fn other_change(
    snapshot: &Snapshot,
    change: &DatedChange,
    other: &DatedChange,
    periods: &Periods,
) -> Option<Caution> {
    let at = snapshot.zone().start_of(other.date);
    let side = if periods.baseline.contains(at) && other.date != change.date {
        Side::Before
    } else if at >= periods.baseline.to && at < periods.after.to {
        Side::After
    } else {
        return None;
    };
    Some(Caution::OtherChange {
        name: other.name.clone(),
        date: other.date,
        side,
    })
}

fn load(record: &Record, periods: &Periods) -> Option<Caution> {
    let mean = |window| total(record.load(window).parts().iter()).ratio();
    let [before, after] = periods.windows().map(mean);
    let differs = before.max(after) > LOAD * before.min(after);
    differs.then_some(Caution::Load { before, after })
}

fn begun_before(record: &Record, periods: &Periods) -> Option<Caution> {
    let flowed = || {
        let after = record.finished(periods.after).iter();
        after.filter(|one| one.flow.is_some())
    };
    let early = |at| at < periods.baseline.to;
    let begun = flowed()
        .filter(|one| one.started.is_some_and(early))
        .count();
    let n = flowed().count();
    (begun * 10 > n).then_some(Caution::BegunBefore { begun, n })
}
