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
    /// What is finished, arrives and departs by week.
    Throughput,
    /// The items behind a number.
    Items(Box<ItemsView>),
    /// One item.
    Item(Box<ItemView>),
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
}

/// The screens that keys lead to, in the order of `tab`.
pub const TABS: [Tab; 5] = [
    Tab {
        action: Action::Stream,
        label: "Stream",
    },
    Tab {
        action: Action::Ageing,
        label: "Ageing",
    },
    Tab {
        action: Action::Flow,
        label: "Flow",
    },
    Tab {
        action: Action::Throughput,
        label: "Throughput",
    },
    Tab {
        action: Action::Sources,
        label: "Sources",
    },
];

impl Screen {
    /// Where the keys of the screen are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Stream => Context::Stream,
            Self::Ageing => Context::Ageing,
            Self::Flow => Context::Flow,
            Self::Throughput => Context::Throughput,
            Self::Items(_) => Context::Items,
            Self::Item(_) => Context::Item,
            Self::Sources => Context::Sources,
        }
    }

    /// The action that shows it; `None` for what is opened from another screen.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Stream => Some(Action::Stream),
            Self::Ageing => Some(Action::Ageing),
            Self::Flow => Some(Action::Flow),
            Self::Throughput => Some(Action::Throughput),
            Self::Sources => Some(Action::Sources),
            Self::Items(_) | Self::Item(_) => None,
        }
    }

    /// The screen that an action shows.
    pub fn shown_by(action: Action) -> Option<Self> {
        match action {
            Action::Stream => Some(Self::Stream),
            Action::Ageing => Some(Self::Ageing),
            Action::Flow => Some(Self::Flow),
            Action::Throughput => Some(Self::Throughput),
            Action::Sources => Some(Self::Sources),
            _ => None,
        }
    }
}
