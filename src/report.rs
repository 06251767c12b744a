//! The numbers without a screen: the report as text, Markdown, HTML, JSON or CSV, the items as text,
//! CSV or JSON. What text, Markdown and HTML say is one document, written in three ways.

mod check;
mod document;
mod findings;
mod flat;
mod forecast;
mod html;
mod impact;
mod items;
mod json;
mod markdown;
mod occasion;
mod reason;
mod section;
mod sheet;
mod standup;
mod story;
mod table;
mod text;
mod told;

pub use check::{
    Alarm, Finding, Verdict, Watched, WrongMeasure, check_json, check_junit, check_text,
    policy_alarms, signal_alarm, verdict,
};
pub use findings::{Statement, statements};
pub use flat::streams_csv;
pub use html::streams_html;
pub use items::{ItemRow, item_rows, items_csv, items_json, items_sheet, items_text};
pub use json::{json_text, stream_json};
pub use markdown::stream_markdown;
pub use occasion::Occasion;
pub use section::{Section, UnknownSection};
pub use sheet::Sheet;
pub use standup::{Agenda, Minute, Minutes, standup_json, standup_markdown, standup_text};
pub use story::story_json;
pub use text::stream_text;

use crate::metrics::Measures;
use crate::model::promise::Promise;
use crate::model::snapshot::Snapshot;
use crate::model::timeline::Position;

/// A question answered, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// What was asked about.
    pub snapshot: &'a Snapshot,
    /// Position of the stream in the snapshot.
    pub stream: usize,
    /// The answer.
    pub measures: &'a Measures,
    /// The forecasts of the same rule that were kept; `None` where none are.
    pub promises: Option<&'a [Promise]>,
}

/// Where an item stood, in words.
fn place(measures: &Measures, position: Position) -> &str {
    match position {
        Position::Stage(stage) => &measures.stages[stage.index()].name,
        Position::Unmapped => "no stage",
        Position::Cancelled => "cancelled",
        Position::Deleted => "out of the stream",
    }
}
