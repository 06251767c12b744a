//! What lies over the screen.

use crate::model::rule::Rule;

use super::{Ask, FilterLine, Input, Palette, StageEditor};

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// The keys, narrowed by what is typed.
    Help {
        /// What is typed.
        input: Input,
        /// The selected action among those that fit.
        row: usize,
    },
    /// The filter line; the filter that held before is kept for Esc.
    Filter {
        /// What is typed.
        line: Box<FilterLine>,
        /// The text and the rule before.
        before: (String, Rule),
    },
    /// The time machine.
    Time,
    /// A date to travel to.
    Date {
        /// What is typed.
        input: Input,
        /// What is wrong with it.
        wrong: Option<String>,
    },
    /// The stage editor.
    Stages(Box<StageEditor>),
    /// A line about the item at hand in the walk.
    Say {
        /// What is asked for.
        ask: Ask,
        /// What is typed.
        input: Input,
    },
    /// A number of items; the one before is kept for Esc.
    Number {
        /// What is typed.
        input: Input,
        /// What was asked for before.
        before: Option<u32>,
    },
    /// What the numbers on screen mean, on a page each.
    Definition {
        /// Which of them.
        at: usize,
        /// Lines scrolled away at the top.
        scroll: usize,
    },
    /// How what is on screen is to be written.
    Export {
        /// The selected way.
        row: usize,
    },
    /// The palette.
    Palette(Box<Palette>),
    /// The name of a view to be saved.
    ViewName {
        /// What is typed.
        input: Input,
    },
    /// The streams, narrowed by what is typed.
    Streams {
        /// What is typed.
        input: Input,
        /// The selected stream among those that fit.
        row: usize,
    },
}

impl Overlay {
    /// The selected row of its list, if it has one.
    pub(super) fn row(&self) -> Option<usize> {
        match self {
            Self::Help { row, .. } | Self::Streams { row, .. } | Self::Export { row } => Some(*row),
            Self::Definition { scroll, .. } => Some(*scroll),
            Self::Palette(palette) => Some(palette.row),
            Self::Stages(editor) => Some(editor.line),
            _ => None,
        }
    }

    /// Selects a row of its list.
    pub(super) fn go_to(&mut self, target: usize) {
        match self {
            Self::Help { row, .. } | Self::Streams { row, .. } | Self::Export { row } => {
                *row = target;
            }
            Self::Definition { scroll, .. } => *scroll = target,
            Self::Palette(palette) => palette.row = target,
            Self::Stages(editor) => editor.line = target,
            _ => {}
        }
    }
}
