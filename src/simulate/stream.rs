//! A discrete-event simulation of a value stream.
//!
//! Items arrive, wait, are worked on by people who have other work too, gather before boards and
//! release windows, get blocked, go back and are dropped. Time moves from event to event, in whole
//! seconds; events of one instant keep the order in which they were planned. Every item and every
//! stream of arrivals has its own random numbers, so that one change to a model (a worker more, a
//! wait halved) is seen by the very same items.
//!
//! ```
//! use weir::model::time::Millis;
//! use weir::simulate::random::Spread;
//! use weir::simulate::stream::{
//!     Arrivals, Crew, Rhythm, Simulation, Spacing, StageModel, Step, StreamModel,
//! };
//!
//! let model = StreamModel {
//!     stages: vec![
//!         StageModel::queue("To do"),
//!         StageModel::work("Doing", 0, Spread::Fixed(3_600)),
//!         StageModel::new("Done", Step::Done(None)),
//!     ],
//!     arrivals: vec![Arrivals {
//!         facts: vec![("type".into(), "Task".into())],
//!         per_week: 100.0,
//!         spacing: Spacing::Random,
//!         rhythm: Rhythm::default(),
//!         enter: 0,
//!         rank: 0,
//!         avoids: Vec::new(),
//!     }],
//!     crews: vec![Crew::shared("worker", 1)],
//!     ..StreamModel::default()
//! };
//! let mut simulation = Simulation::new(model, 1, Millis(0))?;
//! let events = simulation.advance(Millis(7 * 86_400_000));
//! assert!(events.len() > 300);
//! # Ok::<(), weir::simulate::stream::ModelError>(())
//! ```

mod agenda;
mod arrive;
mod check;
mod engine;
mod floor;
mod gate;
mod happening;
mod item;
mod model;
mod trouble;
mod work;
mod working;

pub use check::ModelError;
pub use engine::Simulation;
pub use happening::{Happening, What};
pub use model::{
    Arrivals, Crew, Gate, Opening, Passes, Reopening, Rework, Rhythm, Shift, Shifted, Spacing,
    Special, StageModel, Step, StreamModel, Team, Timetable, Trouble,
};
pub(in crate::simulate) use working::WorkingClock;

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
mod tests;
