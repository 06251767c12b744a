//! *What changed since?*: flow before a dated change against flow after it.
//!
//! The baseline is fixed: the year before the change. *After* are the items finished later than the
//! change and the baseline's P85 flow time, so that few of them were begun under the old way; both
//! sides are told by finish, because leaving the old ones out would leave the long ones out. Flow
//! time on the log scale is the primary measure; what stands beside it is adjusted for being many
//! (Holm). Untouched streams of the same snapshot are its control. Everything is about streams and
//! items, nothing about people.
//!
//! An interval comes from blocks of time drawn anew, and widens with the span over which flow times
//! move together; where too little is left of that, the answer is that nothing can be told, and
//! what would be needed. The same seed and items give the same answer; between machines the last digits of a
//! logarithm may differ.
//!
//! An answer costs one pass over the items of the stream, one [`measure`] for each control, and a
//! few milliseconds for the draws, which do not grow with the number of items.

mod answer;
mod arms;
mod beside;
mod caution;
mod contrast;
mod doubt;
mod estimate;
mod judge;
mod periods;
mod placebo;
mod record;
mod trend;

pub use answer::{Effect, Finding, Impact, Measure, Verdict};
pub use arms::{Controls, LeftOut, WhyNot};
pub use caution::{Caution, Side};
pub use doubt::{Doubt, Need};
pub use periods::Periods;
pub use placebo::Placebo;

use crate::metrics::{AsOf, Measures, Question, measure};
use crate::model::snapshot::{DatedChange, Snapshot};
use crate::model::time::TimeRule;

/// Days before a change that are its baseline.
pub const BASELINE_DAYS: u32 = 365;

/// Fewer items than these on a side say nothing.
pub const FEWEST_ITEMS: usize = 20;

/// Fewer days than these on a side say nothing.
pub const FEWEST_DAYS: u32 = 14;

/// Items that move together must be worth so many independent ones on each side.
pub const FEWEST_INDEPENDENT: f64 = 20.0;

/// A change by less than this is none that matters: 5 %.
pub const LEAST: f64 = 1.05;

/// *No change seen* is said only where a change by this factor would have been seen: a cut by 30 %.
pub const SOUGHT: f64 = 1.0 / 0.7;

/// How an impact is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The same seed draws the same blocks.
    pub seed: u64,
    /// How often blocks are drawn anew.
    pub draws: usize,
}

impl Terms {
    /// The usual number of draws, by a seed.
    pub const fn with_seed(seed: u64) -> Self {
        Self { seed, draws: 1_999 }
    }
}

/// The impact of one change on what `measures` count: the items of its filter, by its clock, seen
/// from its as-of. Never fails: what cannot be told is an answer.
///
/// The changes of the snapshot's settings are looked at only to say which others lie near.
pub fn impact(
    snapshot: &Snapshot,
    measures: &Measures,
    change: &DatedChange,
    terms: Terms,
) -> Impact {
    if measures.header.time == TimeRule::Elapsed {
        return judge::Case::new(snapshot, measures, change, terms).answer();
    }
    // Before and after are told by the wall clock, and so must be what lies between.
    let elapsed = elapsed(snapshot, measures);
    let measures = elapsed.as_ref().unwrap_or(measures);
    judge::Case::new(snapshot, measures, change, terms).answer()
}

/// The same measures in elapsed time.
fn elapsed(snapshot: &Snapshot, measures: &Measures) -> Option<Measures> {
    let mut streams = snapshot.streams().iter();
    let stream = streams.position(|bound| bound.stream().name == measures.stream)?;
    let question = Question {
        clock: measures.header.clock,
        filter: measures.filter.clone(),
        ..Question::about(snapshot, stream, AsOf::At(measures.header.as_of))
    };
    measure(snapshot, &question)
}

/// The impacts of all changes of the snapshot that touch the stream of `measures`, earliest first,
/// by the seed of the forecasts.
pub fn impacts(snapshot: &Snapshot, measures: &Measures) -> Vec<Impact> {
    let settings = snapshot.settings();
    let terms = Terms::with_seed(settings.forecast.seed);
    let mut touching: Vec<&DatedChange> = settings
        .changes
        .iter()
        .filter(|change| change.touches(&measures.stream))
        .collect();
    touching.sort_by_key(|change| change.date);
    touching
        .into_iter()
        .map(|change| impact(snapshot, measures, change, terms))
        .collect()
}

#[cfg(test)]
mod tests;
