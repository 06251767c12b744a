//! Where one looks: what is selected in lists, and the places in charts.

use crate::model::time::Day;
use crate::simulate::forecast::OutlookAsk;

use super::{Among, Spot};

/// What is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The stage, left to right.
    pub stage: usize,
    /// The row of its queue.
    pub row: usize,
    /// The source.
    pub source: usize,
    /// Lines of the source's details scrolled away at the top.
    pub detail: usize,
}

/// Where one looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// What is selected.
    pub selected: Selected,
    /// The day looked at; `None` is the last one.
    pub day: Option<Day>,
    /// Whether the backlog stands in the picture.
    pub backlog: Backlog,
    /// The flow time looked at; `None` is the last one.
    pub spot: Option<Spot>,
    /// Whether flow times are seen item by item or by stage.
    pub times: TimesBy,
    /// Where a region of flow times begins.
    pub corner: Option<Spot>,
    /// The days to come.
    pub ahead: Ahead,
    /// Among all streams.
    pub among: Among,
}

/// Where one looks in the days to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// How many items, how far.
    pub asked: OutlookAsk,
    /// The day looked at; `None`: the one by which they are done with 85 %.
    pub day: Option<Day>,
}

/// Whether the backlog stands in the picture of the cumulative flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backlog {
    /// Committed and finished work alone: a great backlog would leave it no room.
    #[default]
    Hidden,
    /// The backlog too.
    Shown,
}

/// What times are seen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimesBy {
    /// Flow times, item by item.
    #[default]
    Item,
    /// The time in each stage.
    Stage,
}
