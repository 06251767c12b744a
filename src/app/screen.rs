//! What is in view, and the way there.

use super::{Action, Context, ItemView, ItemsView};

/// What is in view.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The stream: every queue.
    Stream,
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
pub const TABS: [Tab; 2] = [
    Tab {
        action: Action::Stream,
        label: "Stream",
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
            Self::Items(_) => Context::Items,
            Self::Item(_) => Context::Item,
            Self::Sources => Context::Sources,
        }
    }

    /// The action that shows it; `None` for what is opened from another screen.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Stream => Some(Action::Stream),
            Self::Sources => Some(Action::Sources),
            Self::Items(_) | Self::Item(_) => None,
        }
    }

    /// The screen that an action shows.
    pub fn shown_by(action: Action) -> Option<Self> {
        match action {
            Action::Stream => Some(Self::Stream),
            Action::Sources => Some(Self::Sources),
            _ => None,
        }
    }
}
