//! What is in view, and the way there.

use super::{Action, Context, ItemView, ItemsView};

/// What is in view.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The stream: every queue.
    Stream,
    /// What is in progress, by stage and age.
    Ageing,
    /// The cumulative flow.
    Flow,
    /// How long what is finished took.
    Times,
    /// What is finished, arrives and departs by week.
    Throughput,
    /// What holds the stream back.
    Bottleneck,
    /// The days ahead.
    Forecast,
    /// All streams.
    Portfolio,
    /// The items behind a number.
    Items(Box<ItemsView>),
    /// One item.
    Item(Box<ItemView>),
    /// The walk of the board in a stand-up.
    Walk,
    /// The sources.
    Sources,
}

/// A screen that a key leads to from everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The action that shows it.
    pub action: Action,
    /// What it is called.
    pub label: &'static str,
    /// The same where there is little room.
    pub short: &'static str,
}

/// The screens that keys lead to, in the order of `tab`.
pub const TABS: [Tab; 8] = [
    Tab {
        action: Action::Stream,
        label: "Stream",
        short: "Stream",
    },
    Tab {
        action: Action::Ageing,
        label: "Ageing",
        short: "Age",
    },
    Tab {
        action: Action::Flow,
        label: "Flow",
        short: "Flow",
    },
    Tab {
        action: Action::Times,
        label: "Times",
        short: "Times",
    },
    Tab {
        action: Action::Throughput,
        label: "Throughput",
        short: "Rate",
    },
    Tab {
        action: Action::Bottleneck,
        label: "Bottleneck",
        short: "Jam",
    },
    Tab {
        action: Action::Forecast,
        label: "Forecast",
        short: "When",
    },
    Tab {
        action: Action::Sources,
        label: "Sources",
        short: "Sources",
    },
];

impl Screen {
    /// Where the keys of the screen are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Stream => Context::Stream,
            Self::Ageing => Context::Ageing,
            Self::Flow => Context::Flow,
            Self::Times => Context::Times,
            Self::Throughput => Context::Throughput,
            Self::Bottleneck => Context::Bottleneck,
            Self::Forecast => Context::Forecast,
            Self::Portfolio => Context::Portfolio,
            Self::Items(_) => Context::Items,
            Self::Item(_) => Context::Item,
            Self::Walk => Context::Walk,
            Self::Sources => Context::Sources,
        }
    }

    /// The action that shows it; `None` for what is opened from another screen.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Stream => Some(Action::Stream),
            Self::Ageing => Some(Action::Ageing),
            Self::Flow => Some(Action::Flow),
            Self::Times => Some(Action::Times),
            Self::Throughput => Some(Action::Throughput),
            Self::Bottleneck => Some(Action::Bottleneck),
            Self::Forecast => Some(Action::Forecast),
            Self::Portfolio => Some(Action::Portfolio),
            Self::Sources => Some(Action::Sources),
            Self::Walk => Some(Action::Standup),
            Self::Items(_) | Self::Item(_) => None,
        }
    }

    /// The screen that an action shows.
    pub fn shown_by(action: Action) -> Option<Self> {
        match action {
            Action::Stream => Some(Self::Stream),
            Action::Ageing => Some(Self::Ageing),
            Action::Flow => Some(Self::Flow),
            Action::Times => Some(Self::Times),
            Action::Throughput => Some(Self::Throughput),
            Action::Bottleneck => Some(Self::Bottleneck),
            Action::Forecast => Some(Self::Forecast),
            Action::Portfolio => Some(Self::Portfolio),
            Action::Sources => Some(Self::Sources),
            _ => None,
        }
    }
}
