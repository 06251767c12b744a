//! What the columns of a file are taken for.

use crate::model::event::FactName;

use super::report::Choice;

/// How to read the rows of a file.
#[derive(Debug)]
pub(super) struct Plan {
    /// The item's id; `None`: every row is an item of its own, called by its line.
    pub(super) item: usize,
    pub(super) layout: Layout,
    /// Columns kept as facts, in the order of the file.
    pub(super) facts: Vec<FactColumn>,
    /// Columns kept as text, in the order of the file.
    pub(super) texts: Vec<TextColumn>,
    /// Whether the newest rows come first.
    pub(super) newest_first: bool,
    /// How many columns the header has.
    pub(super) width: usize,
    pub(super) choices: Vec<Choice>,
}

/// What a row says of its item.
#[derive(Debug)]
pub(super) enum Layout {
    /// It entered a status.
    Moves {
        /// Joined by `/` if several.
        status: Vec<usize>,
        time: usize,
        lifecycle: Option<usize>,
    },
    /// It entered several statuses, one a column, in this order.
    Dates(Vec<DateColumn>),
}

/// A column of dates: when items entered a status.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DateColumn {
    pub(super) column: usize,
    pub(super) status: String,
}

/// A column kept as a fact.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FactColumn {
    pub(super) column: usize,
    pub(super) name: FactName,
}

/// A column kept as the item's text of today.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TextColumn {
    pub(super) column: usize,
    pub(super) kind: TextKind,
}

/// Which text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    Title,
    Key,
    Url,
}

impl Plan {
    /// The columns that hold times.
    pub(super) fn times(&self) -> Vec<usize> {
        match &self.layout {
            Layout::Moves { time, .. } => vec![*time],
            Layout::Dates(dates) => dates.iter().map(|date| date.column).collect(),
        }
    }

    /// How many leading columns tend to repeat from row to row: those before the first that says
    /// what happened.
    pub(super) fn leading(&self) -> usize {
        let Layout::Moves {
            status,
            time,
            lifecycle,
        } = &self.layout
        else {
            return 0;
        };
        let told = status.iter().chain([time]).chain(lifecycle);
        let first = told.copied().min().unwrap_or(0);
        if self.item < first { first } else { 0 }
    }
}
