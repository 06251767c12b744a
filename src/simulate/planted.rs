//! Streams whose truth is known: with a constraint planted in one place, or balanced.
//!
//! The bottleneck measure is judged on them. What they vary in stands in [`Traits`]; what makes them
//! fair is this:
//!
//! * The *load* of a stage of work is the work that comes to it ÷ what its people can do, rework and
//!   dropped items counted. Every other stage has a load of 0.4 to 0.75.
//! * A planted **stage of work** has a load of 0.9 to 1.15: its capacity is by a sixth or more below
//!   that of any other. It has a queue before it, as otherwise nobody could see what waits for it.
//! * A planted **approver** sits in a queue and lets a set number through on set days; the load is that
//!   of a stage of work. The people behind have a load of 0.4 to 0.75, like all others.
//! * A planted **release window** lets everything through, but only every one, two or four weeks: the
//!   shortest of these at which an item waits, on average, at least twice as long for it as the theory
//!   of queues has it wait for any other stage.
//! * In a **balanced** stream all stages of work have the same load, from 0.3 to 0.75, give or take a
//!   twentieth of it, the same people (as many, and each team's own in all stages or in none) and the
//!   same variability.
//! * A limit of work in progress is wide enough not to be the constraint itself: a queue holds at least
//!   two items for each person who takes from it and three more, and a stage before one without a
//!   queue has room for what such a queue would hold.
//! * 120 items or more come in the window: among fewer, chance makes constraints of its own.
//!
//! ```
//! use weir::simulate::planted::Planted;
//!
//! let stream = Planted::constraint(7);
//! assert!(stream.truth().is_some());
//! assert_eq!(Planted::balanced(7).truth(), None);
//! ```

mod line;
mod model;
mod plant;
mod traffic;
mod traits;

pub use plant::Planted;
pub use traits::{Cause, Limits, Plant, Traits};

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
mod tests;
