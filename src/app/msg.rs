//! What reaches the state.

use std::sync::Arc;

use crate::metrics::{
    Compared, Header, Measures, Portfolio, Pulse, Question, Remaining, StageTimes, StageWeeks,
    Standup,
};
use crate::model::health::SourceHealth;
use crate::model::id::SourceName;
use crate::model::snapshot::Snapshot;
use crate::model::time::{Day, Millis, Sec};
use crate::simulate::forecast::{Outlook, OutlookAsk, TooLittle};

use super::{Action, Animation, Data, Edit, ItemHit, Order, Shown, Spot, Tally};

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Msg {
    /// The user asked for this.
    Do(Action),
    /// The user types.
    Type(Edit),
    /// The user pointed at something.
    Click(Click),
    /// The user asked what this means.
    About(Click),
    /// There is a newer snapshot than the one shown; a stream may have been tied anew.
    News,
    /// A question has been answered.
    Measured {
        /// Which one.
        question: Question,
        /// What was measured.
        snapshot: Arc<Snapshot>,
        /// What came out; `None` if the snapshot has no such stream.
        measures: Option<Arc<Measures>>,
    },
    /// What the items of a stream have left has been worked out.
    Remaining {
        /// Of which snapshot, by its version.
        version: u64,
        /// Of which stream.
        stream: usize,
        /// Seen from when, by which clock.
        header: Header,
        /// What came out.
        remaining: Arc<Remaining>,
    },
    /// The agenda of a stand-up has been made.
    Standup {
        /// From which picture.
        data: Box<Data>,
        /// What came out.
        standup: Arc<Standup>,
    },
    /// A second has passed while the board is walked.
    Second,
    /// How items spend their time in each stage has been worked out.
    StageWeeks {
        /// Of which picture.
        of: Shown,
        /// What came out.
        weeks: Arc<StageWeeks>,
    },
    /// How long finished items were in each stage has been worked out.
    StageTimes {
        /// Of which picture.
        of: Shown,
        /// What came out.
        times: Arc<StageTimes>,
    },
    /// The days ahead have been forecast.
    Outlook {
        /// From which picture.
        of: Shown,
        /// What was asked.
        asked: OutlookAsk,
        /// What came out, or why nothing did.
        outlook: Result<Arc<Outlook>, TooLittle>,
    },
    /// Every stream has been measured.
    Portfolio {
        /// Beside which picture.
        of: Shown,
        /// What came out.
        portfolio: Arc<Portfolio>,
    },
    /// A picture of the past has been held beside now.
    Compared {
        /// Which picture.
        of: Shown,
        /// What was asked of now.
        question: Question,
        /// What came out.
        compared: Arc<Compared>,
    },
    /// How much happened when.
    Pulse(Arc<Pulse>),
    /// A frame's time has passed while time plays.
    Frame,
    /// So many milliseconds have passed while levels settle.
    Settle(u32),
    /// Whether pictures move.
    Animation(Animation),
    /// Items have been looked for.
    Found {
        /// What was typed.
        typed: String,
        /// The items that fit, the best first.
        items: Vec<ItemHit>,
    },
    /// The values of a field have been counted.
    Tally(Tally),
    /// How all sources are.
    Health(Vec<SourceHealth>),
    /// How a file was read.
    Inferred(Vec<Inference>),
    /// It is this late.
    Now(Millis),
    /// The terminal has this many columns and rows.
    Resized(u16, u16),
    /// A word to the user; replaces the one before.
    Notice(Notice),
    /// The word to the user has stood long enough, if it is one that goes by itself.
    Faded,
}

/// What a mouse can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// A stage of the strip.
    Stage(usize),
    /// A mark: a stage and the row of its item in the stage's queue; a second click opens it.
    Mark(usize, usize),
    /// A point of flow times; a second click opens its item.
    Point(Spot),
    /// A day of a chart, and the stage there if there is one; a second click opens its items.
    Day(Day, Option<usize>),
    /// A row of the items that wait for the selected stage; opens them there.
    Waiting(usize),
    /// An instant to travel to.
    Instant(Sec),
    /// What the streams are to be ordered by.
    Order(Order),
    /// A row of the list in view; a second click on it opens it.
    Row(usize),
    /// A word that stands for an action.
    Action(Action),
}

/// A word to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Something went well.
    Done(String),
    /// Something did not.
    Failed(String),
}

impl Notice {
    /// Whether it stays until the user does something.
    pub fn stays(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// How a source's columns and stages were inferred, in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inference {
    /// Which source.
    pub source: SourceName,
    /// How its columns were read.
    pub columns: Vec<String>,
    /// Why each status became the stage it is.
    pub stages: Vec<String>,
}
