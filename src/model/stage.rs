//! Stages, phases and classes: the vocabulary of a stream.

use std::fmt;
use std::str::FromStr;

/// The four parts every stream has, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// From an idea to the decision to make it.
    Ideate,
    /// Making it.
    Create,
    /// From made to in use.
    Release,
    /// In use.
    Operate,
}

impl Phase {
    /// All phases in order.
    pub const ALL: [Self; 4] = [Self::Ideate, Self::Create, Self::Release, Self::Operate];

    /// The name in configs, reports and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ideate => "ideate",
            Self::Create => "create",
            Self::Release => "release",
            Self::Operate => "operate",
        }
    }
}

/// What an item does in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Not committed yet.
    Backlog,
    /// Committed and waiting.
    Queue,
    /// Committed and worked on.
    Active,
    /// Finished.
    Done,
}

impl Class {
    /// All classes in the order of a stream.
    pub const ALL: [Self; 4] = [Self::Backlog, Self::Queue, Self::Active, Self::Done];

    /// The name in configs, reports and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Backlog => "backlog",
            Self::Queue => "queue",
            Self::Active => "active",
            Self::Done => "done",
        }
    }

    /// Whether an item in such a stage counts as flow load.
    pub fn is_committed(self) -> bool {
        matches!(self, Self::Queue | Self::Active)
    }
}

macro_rules! named {
    ($type:ty, $what:literal) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = UnknownName;

            fn from_str(text: &str) -> Result<Self, UnknownName> {
                Self::ALL
                    .into_iter()
                    .find(|one| one.name().eq_ignore_ascii_case(text))
                    .ok_or_else(|| UnknownName {
                        what: $what,
                        given: text.to_owned(),
                        known: Self::ALL.iter().map(|one| one.name()).collect(),
                    })
            }
        }
    };
}

named!(Phase, "phase");
named!(Class, "class");
named!(ClockRule, "clock rule");
named!(State, "state");
named!(Condition, "condition");

/// A name that is none of the known ones.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{given}\" is no {what}; known are {}", .known.join(", "))]
pub struct UnknownName {
    /// What kind of name was wanted.
    pub what: &'static str,
    /// What was given.
    pub given: String,
    /// What would have been understood.
    pub known: Vec<&'static str>,
}

/// When the clock of an item starts and stops. See METRICS "The clock".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClockRule {
    /// Last crossing into committed to last crossing into done.
    #[default]
    LastCrossing,
    /// First crossing into committed to last crossing into done.
    FirstStart,
    /// As `FirstStart`, counting only the time in committed stages.
    SumInProgress,
    /// First event to last crossing into done.
    CreatedToDone,
}

impl ClockRule {
    /// All rules, the default first.
    pub const ALL: [Self; 4] = [
        Self::LastCrossing,
        Self::FirstStart,
        Self::SumInProgress,
        Self::CreatedToDone,
    ];

    /// The name in configs, reports and on charts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LastCrossing => "last-crossing",
            Self::FirstStart => "first-start",
            Self::SumInProgress => "sum-in-progress",
            Self::CreatedToDone => "created-to-done",
        }
    }
}

/// Where an item stands; follows its current stage, never the clock rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// In a backlog stage.
    Backlog,
    /// In a queue or active stage.
    InProgress,
    /// In a done stage.
    Done,
    /// In a status the stream maps to cancelled.
    Cancelled,
    /// Deleted in the tracker or moved out of the stream.
    Deleted,
    /// Never yet in a status that the stream maps.
    Unmapped,
}

impl State {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Backlog,
        Self::InProgress,
        Self::Done,
        Self::Cancelled,
        Self::Deleted,
        Self::Unmapped,
    ];

    /// The name in reports and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Backlog => "backlog",
            Self::InProgress => "in_progress",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
            Self::Unmapped => "unmapped",
        }
    }
}

/// How an item in progress is doing; exactly one, the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Work is stopped.
    Blocked,
    /// Longer in its stage than the stage's threshold.
    Stale,
    /// Older than the stage's P85 pace band.
    Ageing,
    /// None of these.
    Fine,
}

impl Condition {
    /// All conditions, the most pressing first.
    pub const ALL: [Self; 4] = [Self::Blocked, Self::Stale, Self::Ageing, Self::Fine];

    /// The name in reports and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Stale => "stale",
            Self::Ageing => "ageing",
            Self::Fine => "fine",
        }
    }
}
