//! All streams beside one another: in which order, and which one is looked at.

use std::cmp::Ordering;

use super::{Data, State};
use crate::metrics::{Efficiency, Portfolio, StreamSummary};

/// Where one looks among the streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// In which order they stand.
    pub order: Order,
    /// The position of the stream in the snapshot; `None` is the first in that order.
    pub stream: Option<usize>,
}

/// What the streams are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What is least likely to be chance first.
    #[default]
    Signal,
    /// By name.
    Name,
    /// The longest flow time first.
    FlowTime,
    /// The most finished first.
    Velocity,
    /// The greatest load first.
    Load,
    /// The least active time first.
    Efficiency,
}

impl Order {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 6] = [
        Self::Signal,
        Self::Name,
        Self::FlowTime,
        Self::Velocity,
        Self::Load,
        Self::Efficiency,
    ];

    /// What stands first, in words.
    pub fn told(self) -> &'static str {
        match self {
            Self::Signal => "strongest signal first",
            Self::Name => "by name",
            Self::FlowTime => "longest flow time first",
            Self::Velocity => "most finished first",
            Self::Load => "greatest load first",
            Self::Efficiency => "least efficient first",
        }
    }

    /// The order of the column to the right or to the left, round and round.
    #[must_use]
    pub(super) fn next(self, right: bool) -> Self {
        let by = if right { 1 } else { Self::ALL.len() - 1 };
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }

    fn compare(self, one: &StreamSummary, other: &StreamSummary) -> Ordering {
        match self {
            Self::Signal => strength(other).total_cmp(&strength(one)),
            Self::Name => one.name.cmp(&other.name),
            Self::FlowTime => p85(other).cmp(&p85(one)),
            Self::Velocity => finished(other).cmp(&finished(one)),
            Self::Load => other.flow.load.cmp(&one.flow.load),
            Self::Efficiency => ratio(one).total_cmp(&ratio(other)),
        }
    }
}

fn strength(one: &StreamSummary) -> f64 {
    one.stands_out.map_or(-1.0, |found| found.strength)
}

fn p85(one: &StreamSummary) -> Option<i64> {
    one.flow.time.map(|time| time.percentiles.p85())
}

fn finished(one: &StreamSummary) -> u64 {
    one.flow.velocity.finished
}

/// The share of active time; streams that know none stand last.
fn ratio(one: &StreamSummary) -> f64 {
    let known = one.flow.efficiency.as_ref();
    known.and_then(Efficiency::ratio).unwrap_or(f64::INFINITY)
}

/// The streams in an order; those that are equal in it stand as in the config.
pub fn ordered(portfolio: &Portfolio, order: Order) -> Vec<&StreamSummary> {
    let mut streams: Vec<&StreamSummary> = portfolio.streams.iter().collect();
    streams.sort_by(|one, other| order.compare(one, other));
    streams
}

impl Data {
    /// The streams in an order; none until they are measured.
    pub fn streams_by(&self, order: Order) -> Vec<&StreamSummary> {
        let known = self.asides.portfolio.as_ref();
        known.map_or_else(Vec::new, |(portfolio, _)| ordered(portfolio, order))
    }
}

impl State {
    /// The stream looked at among all, with its row.
    pub fn stream_at_hand(&self) -> Option<(usize, &StreamSummary)> {
        let Among { order, stream } = self.cursor.among;
        let streams = self.data.as_ref()?.streams_by(order);
        let found = streams.iter().position(|one| Some(one.stream) == stream);
        let row = found.unwrap_or(0);
        Some((row, streams.get(row)?))
    }
}

#[cfg(test)]
pub(crate) mod tests;
