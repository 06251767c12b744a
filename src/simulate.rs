//! Simulated streams: the demo company, and plants to prove the measures with.
//!
//! [`stream`] is a discrete-event simulation of any value stream; [`demo`] is one company on top of
//! it, [`planted`] draws streams whose truth is known. All are exactly repeatable: the same seed gives
//! the same events, on every machine.

pub mod demo;
pub mod forecast;
pub mod impact;
pub mod planted;
pub mod random;
pub mod stream;
