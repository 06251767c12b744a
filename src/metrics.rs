//! What the event log says about flow. Every measure is a pure function of a
//! [`Snapshot`](crate::model::snapshot::Snapshot) and a [`Question`]; nothing here reads a clock, a file or the network.
//!
//! One pass replays each item once and shows it to every measure; what needs the finished picture
//! (pace bands before conditions) is settled afterwards from the table of items.

mod ageing;
mod bottleneck;
mod clocked;
mod cumulative_flow;
mod days;
mod distribution;
mod filter;
#[cfg(test)]
mod fixture;
mod flow;
mod handoffs;
mod measure;
mod named_clock;
mod pace;
mod pass;
mod percentile;
mod phases;
mod quality;
mod question;
mod quiet;
mod stages;
mod story;
mod table;
mod throughput;

pub use ageing::{OpenBlock, OpenItem};
pub use bottleneck::{Bottleneck, Evidence, Ranked};
pub use clocked::{Clocked, Spent};
pub use cumulative_flow::{CfdDay, CumulativeFlow};
pub(crate) use days::Days;
pub use distribution::{Distribution, Share};
pub use flow::{Efficiency, Flow, FlowTime, Velocity};
pub use handoffs::{Handoff, Handoffs};
pub use measure::{Header, ItemCounts, Measures, measure};
pub use named_clock::{NamedAnswer, NamedClockTimes};
pub use pace::PaceBands;
pub use percentile::{PERCENTILES, Percentiles, percentile};
pub use phases::{BENCHMARK, PhaseShare};
pub use quality::Quality;
pub use question::{AsOf, Question};
pub use stages::StageMeasures;
pub use story::{ClockAnswer, Story, StoryBlock, StoryVisit, story};
pub use table::{ItemTable, Row};
pub use throughput::WeekCount;
