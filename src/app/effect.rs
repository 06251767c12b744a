//! What the state asks the outside for.

use std::sync::Arc;

use super::{ExportAs, Shown, View};
use crate::metrics::{Header, Measures, Question};
use crate::model::rule::Field;
use crate::model::stream::Stream;
use crate::model::time::Sec;
use crate::simulate::forecast::{OutlookAsk, Tested};

/// What came out of a question; equal is only the very same.
#[derive(Clone, Debug)]
pub struct Answer(pub Arc<Measures>);

impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Something only the runtime can do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Measure the newest snapshot off this task and answer with [`super::Msg::Measured`]. A newer
    /// question makes an older one void.
    Measure(Question),
    /// Work out off this task what the items of a stream have left, and answer with
    /// [`super::Msg::Remaining`].
    Remaining {
        /// Position in the snapshot.
        stream: usize,
        /// Seen from when, by which clock.
        header: Header,
    },
    /// Make the agenda of a stand-up from the picture shown, and answer with
    /// [`super::Msg::Standup`].
    Standup,
    /// Remember that the board of a stream was walked.
    KeepWalk {
        /// The stream's name.
        stream: String,
        /// As of when.
        at: Sec,
    },
    /// Put the summary of the walk on the clipboard, as Markdown.
    CopyWalk,
    /// Write the summary of the walk to a file and say where.
    SaveWalk,
    /// Work out off this task how items spend their time in each stage by week, and answer with
    /// [`super::Msg::StageWeeks`].
    StageWeeks(Shown),
    /// Work out off this task how long finished items were in each stage, and answer with
    /// [`super::Msg::StageTimes`].
    StageTimes(Shown),
    /// Forecast off this task, and answer with [`super::Msg::Outlook`].
    Outlook {
        /// From which picture.
        of: Shown,
        /// What is asked.
        asked: OutlookAsk,
        /// What is known of such forecasts.
        tested: Option<Tested>,
    },
    /// Measure every stream off this task as the one shown was, and answer with
    /// [`super::Msg::Portfolio`].
    Portfolio {
        /// Which picture.
        of: Shown,
        /// What it answers.
        question: Question,
    },
    /// Ask a question now, off this task, hold a picture of the past beside the answer, and answer
    /// with [`super::Msg::Compared`].
    Compare {
        /// The picture of the past.
        of: Shown,
        /// The question of now.
        question: Question,
        /// Its answer, if it is known.
        known: Option<Answer>,
    },
    /// Count off this task how much happened when in the snapshot of a picture, and answer with
    /// [`super::Msg::Pulse`].
    Pulse(Shown),
    /// Look for items off this task by [`super::search_items`], and answer with
    /// [`super::Msg::Found`]. A newer search makes an older one void.
    Search {
        /// Among those of this picture.
        of: Shown,
        /// By what is typed.
        typed: String,
    },
    /// Count the values of a field off this task by [`super::tally`], and answer with
    /// [`super::Msg::Tally`].
    Tally {
        /// Among the items of this picture.
        of: Shown,
        /// What it answers.
        question: Question,
        /// Of which field.
        field: Field,
    },
    /// Keep [`super::Memory`] for the next run.
    Remember,
    /// Write a view into the config.
    SaveView(Box<View>),
    /// Poll all sources now.
    Refresh,
    /// Open an address in the browser.
    Open(String),
    /// Put a text on the clipboard.
    Copy(String),
    /// Tie the stream at this position anew, then send [`super::Msg::News`].
    SetStream {
        /// Position in the snapshot.
        at: usize,
        /// What it is to be.
        stream: Box<Stream>,
    },
    /// Write the streams as they are into the config.
    Save,
    /// Write what is on screen to a file, off this task, and say where.
    Export(ExportAs),
    /// Draw with the other set of marks.
    NextMarks,
    /// Draw in the next theme.
    NextTheme,
    /// Draw in the theme of this name.
    Theme(&'static str),
    /// Take mouse events, or leave them to the terminal.
    Mouse(bool),
    /// Give the terminal back and stop until continued.
    Suspend,
    /// End the program.
    Quit,
}
