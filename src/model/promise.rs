//! A forecast as it was made, to be held against what came.

use super::stage::ClockRule;
use super::time::{Day, Sec, WindowSpec};

/// A forecast that was made live. Arrays are by confidence: 50, 70, 85 and 95 %.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// The stream's name.
    pub stream: String,
    /// When it was made.
    pub made: Sec,
    /// Of which items, by which clock, drawn from what.
    pub rule: PromiseRule,
    /// The first day whose finishes count.
    pub from: Day,
    /// What was said.
    pub promised: Promised,
    /// How likely each of the answers was said to be, 0 to 1.
    pub likely: [f64; 4],
}

/// What a forecast depends on beside the events.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseRule {
    /// Which finish counts.
    pub clock: ClockRule,
    /// Which items, as a query; empty: all.
    pub filter: String,
    /// The past that was drawn from.
    pub window: WindowSpec,
    /// New items that a finished item brings with it.
    pub split_rate: f64,
    /// By which luck.
    pub seed: u64,
}

/// The question of a forecast, with its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promised {
    /// So many items or more are finished by the end of a day.
    HowMany {
        /// Days of the calendar from the day it was made to the last that counts.
        within: u32,
        /// The last day that counts.
        by: Day,
        /// So many.
        items: [u32; 4],
    },
    /// So many items are finished by the end of these days, or before.
    When {
        /// So many.
        items: u32,
        /// The days.
        by: [Day; 4],
    },
}

impl Promised {
    /// The day at whose end the last word on it is spoken.
    pub fn due(&self) -> Day {
        match self {
            Self::HowMany { by, .. } => *by,
            Self::When {
                by: [.., latest], ..
            } => *latest,
        }
    }

    /// Whether another asks the same, of other days.
    pub fn asks_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::HowMany { within: one, .. }, Self::HowMany { within: two, .. })
            | (Self::When { items: one, .. }, Self::When { items: two, .. }) => one == two,
            _ => false,
        }
    }
}

impl PromiseRule {
    /// Whether forecasts by the two are of one kind. The luck may differ.
    pub fn is_like(&self, other: &Self) -> bool {
        let luckless = |rule: &Self| Self {
            seed: 0,
            ..rule.clone()
        };
        luckless(self) == luckless(other)
    }
}
