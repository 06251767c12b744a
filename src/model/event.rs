//! What happened to one item: the only truth of weir.

use std::borrow::Cow;

use super::time::Millis;

/// The name of a fact, for example `type`, `team` or a custom field.
pub type FactName = Cow<'static, str>;

/// Names of the facts that weir itself knows. Any other name is a custom fact.
pub mod fact {
    /// The tracker's own type of the item ("Bug", "Story").
    pub const TYPE: &str = "type";
    /// The team, group or component that owns the item.
    pub const TEAM: &str = "team";
    /// The person or queue the item is assigned to.
    pub const ASSIGNEE: &str = "assignee";
    /// Labels or tags: several values joined by [`SEPARATOR`].
    pub const LABEL: &str = "label";
    /// The tracker's priority.
    pub const PRIORITY: &str = "priority";
    /// Position in the tracker's own order of work.
    pub const RANK: &str = "rank";
    /// The immutable id of the parent item.
    pub const PARENT: &str = "parent";
    /// Due date, `YYYY-MM-DD`.
    pub const DUE: &str = "due";
    /// Estimate in the tracker's own unit.
    pub const ESTIMATE: &str = "estimate";
    /// "true" while a flag (an impediment) is set.
    pub const FLAGGED: &str = "flagged";
    /// The project, board or repository the item lives in.
    pub const PROJECT: &str = "project";
    /// Why the item was closed, as the tracker says.
    pub const RESOLUTION: &str = "resolution";
    /// What the work is for: the name of an outcome.
    pub const OUTCOME: &str = "outcome";
    /// The branch a pull request comes from.
    pub const BRANCH: &str = "branch";
    /// Keys of other items that the text of the item names: several values joined by
    /// [`SEPARATOR`].
    pub const MENTIONS: &str = "mentions";
    /// What a user calls the item: `PAY-12`, `#34`. Kept as text, not interned.
    pub const KEY: &str = "key";
    /// One line of text. Kept as text, not interned.
    pub const TITLE: &str = "title";
    /// Where the item can be opened in a browser. Kept as text, not interned.
    pub const URL: &str = "url";
    /// All of them that are kept as facts.
    pub const ALL: [&str; 15] = [
        TYPE, TEAM, ASSIGNEE, LABEL, PRIORITY, RANK, PARENT, DUE, ESTIMATE, FLAGGED, PROJECT,
        RESOLUTION, OUTCOME, BRANCH, MENTIONS,
    ];
    /// Between the values of a fact that has several (labels).
    pub const SEPARATOR: char = '\u{1f}';
}

/// One thing that happened to one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Unique within the item: the tracker's own id plus the index inside it. Reading the same
    /// event twice gives the same id, so nothing is doubled.
    pub id: String,
    /// When it happened, by the tracker's clock.
    pub at: Millis,
    /// The source's own sequence; orders events of one instant.
    pub seq: u64,
    /// Whether the instant is that of the poll because the tracker keeps no history of the fact.
    pub approximate: bool,
    /// What happened.
    pub change: Change,
}

/// What can happen to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The item came to be, in this status (the tracker's status id) if the tracker says so.
    Created {
        /// Id of the first status.
        status: Option<String>,
    },
    /// The item moved to another status (the tracker's status id).
    Moved {
        /// Id of the status it entered.
        to: String,
    },
    /// A fact took another value; `None` is "no value".
    Set {
        /// Which fact.
        fact: FactName,
        /// The value before, where the tracker says it.
        old: Option<String>,
        /// The value from now on.
        new: Option<String>,
    },
    /// Work on the item was stopped.
    Blocked {
        /// Why, in the tracker's words.
        reason: Option<String>,
    },
    /// Work can go on.
    Unblocked,
    /// The item was tied to another (the other's immutable id).
    Linked {
        /// How: "blocks", "relates", …
        kind: String,
        /// The other item.
        to: String,
    },
    /// A tie was cut.
    Unlinked {
        /// How they were tied.
        kind: String,
        /// The other item.
        to: String,
    },
    /// The item reached an environment.
    Deployed {
        /// The environment's name.
        environment: String,
    },
    /// An incident began.
    IncidentOpened,
    /// An incident ended.
    IncidentResolved,
    /// The item was deleted or moved out of reach.
    Deleted,
}
