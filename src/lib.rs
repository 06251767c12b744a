//! weir shows how work flows: every queue and wait state of a value stream, on one screen.

pub mod clock;
pub mod connectors;
pub mod history;
pub mod metrics;
pub mod model;
pub mod query;
pub mod report;
