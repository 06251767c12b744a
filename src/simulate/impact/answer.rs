//! What is answered: verdicts with the numbers behind them.

use super::{Caution, Controls, Doubt, Periods, Placebo};
use crate::model::snapshot::DatedChange;

/// What came of a dated change in one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Impact {
    /// Which change.
    pub change: DatedChange,
    /// What is compared with what; `None` if one of them does not exist.
    pub periods: Option<Periods>,
    /// The answer: that of flow time, unless something speaks against it.
    pub verdict: Verdict,
    /// Flow time, the primary measure; `None` without periods.
    pub flow_time: Option<Finding>,
    /// Waiting, efficiency, velocity, load, and the share of each kind; their `p` are adjusted for
    /// being so many.
    pub beside: Vec<Finding>,
    /// Untouched streams.
    pub controls: Controls,
    /// Dates at which nothing is known to have changed.
    pub placebo: Placebo,
    /// What else may be behind it.
    pub cautions: Vec<Caution>,
}

/// What is measured before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Geometric mean of the flow times of finished items, seconds.
    FlowTime,
    /// Mean waiting of finished items that have a flow time, seconds.
    Waiting,
    /// Σ active ÷ Σ (active + waiting) of them.
    Efficiency,
    /// Finished items a week.
    Velocity,
    /// Mean number of items in progress.
    Load,
    /// Share of a kind among the finished items; `None`: those without a kind.
    Share(Option<String>),
}

/// One measure before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Which.
    pub measure: Measure,
    /// Items before and after; for velocity and load, days.
    pub n: [usize; 2],
    /// Before, in the unit of the measure.
    pub before: Option<f64>,
    /// After, in the unit of the measure.
    pub after: Option<f64>,
    /// The effect; `None` if it cannot be worked out.
    pub effect: Option<Effect>,
    /// How often blocks without an effect would show as much; adjusted, if it stands among many.
    pub p: Option<f64>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// An effect with its 95 % interval: after ÷ before for [`Measure::is_ratio`], else after − before.
/// With controls, theirs is taken off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// As found.
    pub value: f64,
    /// The least it may be.
    pub low: f64,
    /// The most it may be.
    pub high: f64,
}

/// What is said of a measure.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Changed for the better.
    Improved,
    /// Changed for the worse.
    Worsened,
    /// Changed, and neither direction is the better one.
    Changed,
    /// A change that matters would have been seen.
    NoChangeSeen,
    /// There is too little to go by, or something speaks against it.
    CannotTell(Doubt),
}

impl Verdict {
    /// In words.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worsened => "worsened",
            Self::Changed => "changed",
            Self::NoChangeSeen => "no change seen",
            Self::CannotTell(_) => "cannot tell",
        }
    }

    /// Whether a change was seen.
    pub const fn is_change(&self) -> bool {
        matches!(self, Self::Improved | Self::Worsened | Self::Changed)
    }

    /// Why nothing can be told.
    pub const fn doubt(&self) -> Option<&Doubt> {
        match self {
            Self::CannotTell(doubt) => Some(doubt),
            _ => None,
        }
    }
}

impl Measure {
    /// The name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::FlowTime => "flow_time",
            Self::Waiting => "waiting",
            Self::Efficiency => "efficiency",
            Self::Velocity => "velocity",
            Self::Load => "load",
            Self::Share(_) => "share",
        }
    }

    /// Whether before and after are compared by their ratio.
    pub const fn is_ratio(&self) -> bool {
        !matches!(self, Self::Efficiency | Self::Share(_))
    }

    /// What a change in a direction is.
    pub(super) fn direction(&self, effect: f64) -> Verdict {
        let better = match self {
            Self::FlowTime | Self::Waiting => effect < 0.0,
            Self::Efficiency | Self::Velocity => effect > 0.0,
            Self::Load | Self::Share(_) => return Verdict::Changed,
        };
        if better {
            Verdict::Improved
        } else {
            Verdict::Worsened
        }
    }
}
