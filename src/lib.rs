//! weir shows how work flows: every queue and wait state of a value stream, on one screen.

pub mod app;
pub mod archive;
pub mod charts;
pub mod clock;
pub mod config;
pub mod connectors;
pub mod history;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod metrics;
pub mod model;
pub mod query;
pub mod report;
pub mod runtime;
pub mod simulate;
pub mod tui;

/// Lets what the tests of this crate and those in `tests/` share name the crate alike.
#[cfg(test)]
extern crate self as weir;
