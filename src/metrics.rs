//! What the event log says about flow. Every measure is a pure function of a
//! [`Snapshot`](crate::model::snapshot::Snapshot) and a [`Question`]; nothing here reads a clock, a file or the network.
//!
//! One pass replays each item once and shows it to every measure; what needs the finished picture
//! (pace bands before conditions) is settled afterwards from the table of items.

mod account;
mod ageing;
mod behaviour;
mod bottleneck;
mod clocked;
mod compared;
mod cumulative_flow;
mod days;
mod days_left;
mod definition;
mod distribution;
mod filter;
#[cfg(test)]
pub(crate) mod fixture;
mod flow;
mod flow_debt;
mod gathered;
mod handoffs;
mod lens;
mod limits;
mod littles_law;
mod loads;
mod measure;
mod named_clock;
mod net_flow;
mod pace;
mod pass;
mod past;
mod percentile;
mod phases;
mod portfolio;
mod pulse;
mod quality;
mod question;
mod quiet;
mod settle;
mod signals;
mod sle;
mod sorted;
mod stage_times;
mod stage_weeks;
mod stages;
mod standing;
mod standup;
mod story;
mod table;
mod threads;
mod throughput;
mod waste;
mod whole;
mod wip_age;

pub use account::{Account, Cause, Move, Stretch};
pub use ageing::{OpenBlock, OpenItem};
pub use behaviour::Behaviour;
pub use bottleneck::{Bottleneck, Evidence, Gain, Ranked};
pub use clocked::{Clocked, Spent};
pub use compared::{Became, Compared, Fate};
pub use cumulative_flow::{CfdDay, CumulativeFlow};
pub(crate) use days::Days;
pub use days_left::{DaysLeft, Remaining};
pub use definition::{Form, Paragraph, defined, defining, definition};
pub use distribution::{Distribution, Share};
#[cfg(test)]
pub(crate) use fixture::board;
pub use flow::{Efficiency, Finish, Flow, FlowTime, Velocity};
pub use flow_debt::FlowDebt;
pub use handoffs::{Handoff, Handoffs};
pub use lens::{CauseSum, Lens, LensItem, Pair};
pub use limits::LimitHint;
pub use littles_law::{Assumption, LittlesLaw};
pub use measure::{Header, ItemCounts, Measures, measure, measure_after};
pub use named_clock::{NamedAnswer, NamedClockTimes};
pub use net_flow::NetFlow;
pub use pace::PaceBands;
pub use percentile::{PERCENTILES, Percentiles, percentile};
pub use phases::{BENCHMARK, PhaseShare};
pub use portfolio::{Counted, Portfolio, StandOut, StreamSummary, WeekFigures};
pub use pulse::Pulse;
pub use quality::Quality;
pub use question::{AsOf, Question};
pub use signals::{Baseline, Pattern, Signal, Signals};
pub use sle::{Basis, Expectation, Expectations};
pub use stage_times::{SPREAD, Spread, StageTimes, Stay, Stays};
pub use stage_weeks::{StageWeek, StageWeeks};
pub use stages::{StageMeasures, Visited};
pub use standing::standing_in;
pub use standup::{Called, Changed, Concern, News, Since, Standup};
pub use story::{
    ClockAnswer, Makeup, Story, StoryArtefact, StoryBlock, StoryTie, StoryVisit, story, story_by,
};
pub use table::{ItemTable, Row};
pub(crate) use threads::{all, cores, in_parts};
pub use throughput::WeekCount;
pub use waste::{Waste, Wasted};
pub use wip_age::WipAge;
