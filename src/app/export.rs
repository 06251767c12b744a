//! Taking away what is on screen.

use super::{Screen, State, TimesBy};

/// How what is on screen is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportAs {
    /// For spreadsheets.
    Csv,
    /// For a page, a ticket, a chat.
    Markdown,
    /// For programs.
    Json,
    /// The screen itself, as text without colours.
    Picture,
}

impl ExportAs {
    /// All ways, in the order of the choice.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Markdown, Self::Json, Self::Picture];

    /// The letter that chooses it, and what it is called.
    pub fn name(self) -> (char, &'static str) {
        match self {
            Self::Csv => ('c', "CSV"),
            Self::Markdown => ('m', "Markdown"),
            Self::Json => ('j', "JSON"),
            Self::Picture => ('t', "text"),
        }
    }

    /// What it is good for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Csv => "for spreadsheets",
            Self::Markdown => "for a page, a ticket, a chat",
            Self::Json => "for programs",
            Self::Picture => "the picture, without colours",
        }
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Picture => "txt",
        }
    }

    /// The way that a letter chooses.
    pub(super) fn by_letter(typed: &str) -> Option<Self> {
        let typed = typed.chars().next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|one| one.name().0 == typed)
    }
}

/// What the rows behind the screen in view are: a name for the file, and words for people; `None`
/// where there are none.
pub fn rows_on_screen(state: &State) -> Option<(&'static str, &'static str)> {
    Some(match &state.screen {
        Screen::Stream => ("stages", "a row a stage: load, limit, flow, waiting, times"),
        Screen::Ageing => (
            "ageing",
            "a row an item in progress, as weir items writes them",
        ),
        Screen::Flow => (
            "flow",
            "a row a day: what reached each stage, what stood in it",
        ),
        Screen::Times if state.cursor.times == TimesBy::Stage => (
            "time-in-stage",
            "a row a stage: P5, P25, P50, P75, P95 of the days in it",
        ),
        Screen::Times if state.cursor.corner.is_some() => (
            "times",
            "a row an item of the region, as weir items writes them",
        ),
        Screen::Times => ("times", "a row an item finished, as weir items writes them"),
        Screen::Throughput => ("throughput", "a row a week: arrived, departed, finished"),
        Screen::Bottleneck => ("bottleneck", "a row a stage: score and its four parts"),
        Screen::Forecast => (
            "forecast",
            "a row a day ahead: how many by then, and the odds",
        ),
        Screen::Items(_) => ("items", "a row an item listed, as weir items writes them"),
        Screen::Item(_) => ("item", "the item's row, as weir items writes it"),
        Screen::Portfolio => ("streams", "a row a stream: the five flow measures"),
        Screen::Walk if state.walk.is_none() => return None,
        Screen::Walk => ("stand-up", "a row an item: how it stands, what was said"),
        Screen::Sources => ("sources", "a row a source: when read, what is wrong"),
    })
}
