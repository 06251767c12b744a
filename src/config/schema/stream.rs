//! The keys of `[[streams]]`.

use super::Key;
use super::Shape::{Flag, Number, Table, Tables, Text, Texts, Whole, Word};
use super::words::{classes, clocks, phases};

/// Each with its shape and what it says.
pub(super) const KEYS: &[Key] = &[
    (
        "streams",
        Tables,
        "What the statuses mean, one entry for each value stream",
    ),
    ("streams.name", Text, "Unique"),
    ("streams.sources", Texts, "Default: all sources"),
    (
        "streams.items",
        Text,
        "Which items are the unit of flow; default: all",
    ),
    (
        "streams.where",
        Text,
        "Which items belong to the stream; default: all",
    ),
    (
        "streams.clock",
        Word(clocks),
        "When an item's clock starts and stops",
    ),
    (
        "streams.cancelled",
        Texts,
        "Statuses that end an item without value",
    ),
    (
        "streams.kinds",
        Tables,
        "The first rule that holds names the kind; default: the tracker's type",
    ),
    ("streams.kinds.kind", Text, "What it is called"),
    ("streams.kinds.when", Text, "Which items"),
    ("streams.blocked", Tables, "What blocks an item"),
    ("streams.blocked.when", Text, "Which items, while it holds"),
    (
        "streams.blocked.reason",
        Text,
        "What to call it; default: the tracker's words",
    ),
    (
        "streams.stages",
        Tables,
        "In order; without any they are inferred",
    ),
    ("streams.stages.name", Text, "Unique within the stream"),
    (
        "streams.stages.phase",
        Word(phases),
        "The part of the way it belongs to",
    ),
    (
        "streams.stages.class",
        Word(classes),
        "backlog: not committed; queue: waiting; active: worked on; done",
    ),
    (
        "streams.stages.statuses",
        Texts,
        "The tracker's own, exact or with *, of one source as source:status; default: the stage's name",
    ),
    ("streams.stages.owner", Text, "The role that owns the stage"),
    ("streams.stages.limit", Whole, "Work in progress, in items"),
    (
        "streams.stages.sle",
        Table,
        "What is promised: percent of the items within days",
    ),
    ("streams.stages.sle.percent", Number, "85"),
    ("streams.stages.sle.days", Number, "5"),
    (
        "streams.stages.stale_after",
        Text,
        "An item that stays longer is stale: 5d; default: the stage's own P85",
    ),
    ("streams.clocks", Tables, "Clocks of your own"),
    ("streams.clocks.name", Text, "Unique"),
    (
        "streams.clocks.from",
        Text,
        "From the first entry of this stage or a later one",
    ),
    ("streams.clocks.to", Text, "To the last entry of this one"),
    ("streams.links", Tables, "One item across trackers"),
    (
        "streams.links.from",
        Text,
        "The source whose artefacts belong to items",
    ),
    (
        "streams.links.to",
        Text,
        "The source whose items they belong to",
    ),
    (
        "streams.links.key",
        Text,
        "A regular expression; its first group, if it has one, is the key",
    ),
    ("streams.links.facts", Texts, "Where keys are looked for"),
    (
        "streams.links.equals",
        Text,
        "The fact that a key must equal",
    ),
    (
        "streams.links.kinds",
        Texts,
        "Kinds of links told by the tracker that count; default: all",
    ),
    (
        "streams.links.parents",
        Flag,
        "Whether an artefact belongs to its parent too",
    ),
];
