//! The numbers without a screen: the report as text or JSON, the items as text, CSV or JSON.

mod forecast;
mod impact;
mod items;
mod json;
mod section;
mod table;
mod text;

pub use items::{ItemRow, item_rows, items_csv, items_json, items_text};
pub use json::{stream_json, streams_json};
pub use section::{Section, UnknownSection};
pub use text::stream_text;

use crate::metrics::Measures;
use crate::model::snapshot::Snapshot;

/// A question answered, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// What was asked about.
    pub snapshot: &'a Snapshot,
    /// Position of the stream in the snapshot.
    pub stream: usize,
    /// The answer.
    pub measures: &'a Measures,
}
