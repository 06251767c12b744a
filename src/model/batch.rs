//! What a connector hands to the history, page by page.

use super::event::Event;
use super::id::SourceName;

/// Where a connector stands in its source. Opaque to everyone but the connector that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

/// One page of what a source has to tell. Appended together with its cursor in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The source it comes from.
    pub source: SourceName,
    /// Statuses seen so far, with their current names. A renamed status comes again.
    pub statuses: Vec<StatusName>,
    /// Histories, or parts of them, one an item.
    pub items: Vec<ItemHistory>,
    /// Where to go on from once this batch is kept. `None` keeps the cursor as it is.
    pub cursor: Option<Cursor>,
}

impl Batch {
    /// A batch of `source` that says nothing yet.
    pub fn empty(source: SourceName) -> Self {
        Self {
            source,
            statuses: Vec::new(),
            items: Vec::new(),
            cursor: None,
        }
    }
}

/// A tracker's status: its immutable id and its name of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusName {
    /// The tracker's id, or the name itself where there are no ids.
    pub id: String,
    /// The current name.
    pub name: String,
}

/// Events of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHistory {
    /// The tracker's immutable id.
    pub item: String,
    /// Whether these events take the place of all that was known of the item (a tracker that
    /// rewrites its past). Otherwise they are added, those already known are passed over.
    pub replace: bool,
    /// In any order.
    pub events: Vec<Event>,
}
