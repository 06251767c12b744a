//! Why nothing can be told, and what would be needed.

use std::fmt;

use super::caution::Side;
use super::{FEWEST_DAYS, FEWEST_INDEPENDENT, FEWEST_ITEMS};

/// Why nothing can be told. Each is a sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Doubt {
    /// The change lies ahead.
    #[error("the change has not come yet: {days} days more")]
    NotYet {
        /// Days until it comes.
        days: u32,
    },
    /// Nothing that was begun after it can be told from the rest yet.
    #[error(
        "it is too early: items count as after it from {days} days later on (the baseline's P85 flow time), {more} days more"
    )]
    TooEarly {
        /// The baseline's P85 flow time.
        days: u32,
        /// Days until the first item counts.
        more: u32,
    },
    /// No flow time before the change.
    #[error("there is no baseline: no item with a start finished in the year before the change")]
    NoBaseline,
    /// A side is short.
    #[error("too short: {days} days {side}, and {FEWEST_DAYS} are needed")]
    TooShort {
        /// Which.
        side: Side,
        /// Whole days of it.
        days: u32,
    },
    /// A side has few items.
    #[error("too few items: {n} {side}, and {FEWEST_ITEMS} are needed{need}")]
    TooFew {
        /// Which.
        side: Side,
        /// Items of it.
        n: usize,
        /// What would do.
        need: Need,
    },
    /// What follows one another is alike over long stretches.
    #[error(
        "values move together over long stretches: the {n} {side} are worth {worth:.0} independent ones, and {FEWEST_INDEPENDENT} are needed{need}"
    )]
    MovesTogether {
        /// Which.
        side: Side,
        /// Items or days of it.
        n: usize,
        /// Independent ones that say as much.
        worth: f64,
        /// What would do.
        need: Need,
    },
    /// The interval holds both no change and one that matters.
    #[error("the interval is too wide to tell a change that matters from none{need}")]
    TooWide {
        /// What would do.
        need: Need,
    },
    /// It went the same way before.
    #[error("it went the same way already before the change, so that the change need not be why")]
    Trend,
    /// Changes are seen where there were none.
    #[error(
        "the same reckoning sees a change at {called} of {dates} dates before the change, where none is known"
    )]
    Placebo {
        /// Dates at which a change is seen.
        called: usize,
        /// Dates looked at.
        dates: usize,
    },
    /// Other kinds of items were finished.
    #[error(
        "the mix of kinds changed: within kinds {within:+.0} %, so that more than half of the change comes from other kinds of items being finished"
    )]
    Mix {
        /// The effect within kinds, per cent.
        within: f64,
    },
    /// Nothing that waits is configured.
    #[error("not configured: no queue stage and no blocked rule")]
    NotConfigured,
    /// There is nothing to divide by.
    #[error("there is nothing to compare: one side is 0")]
    Nothing,
}

/// What would have to come for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// So many more items or days after the change.
    More {
        /// Items, or days.
        n: u64,
        /// Weeks until then, as fast as they came; `None` if none came.
        weeks: Option<u64>,
    },
    /// The time before is too short or too restless: more time after it does not help.
    Baseline,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::More { n, weeks: None } => write!(f, "; about {n} more after it would do"),
            Self::More {
                n,
                weeks: Some(weeks),
            } => {
                let plural = if *weeks == 1 { "" } else { "s" };
                write!(f, "; about {n} more after it would do, {weeks} week{plural} at this pace")
            }
            Self::Baseline => f.write_str(
                "; the time before the change is too short or too restless, so that waiting alone will not do",
            ),
        }
    }
}
