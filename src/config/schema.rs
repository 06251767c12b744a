//! The JSON schema of a config, for editors that complete and check TOML by one.

use serde_json::{Map, Value, json};

use super::display::{GLYPHS, THEMES};
use super::notices::TERMINALS;
use super::plan::SEVERITIES;
use super::source;
use crate::model::stage::{Class, ClockRule, Phase};

/// What a value looks like.
enum Shape {
    /// One table, with keys of its own.
    Table,
    /// A list of tables, with keys of their own.
    Tables,
    /// A table whose keys are the user's, with texts.
    Own,
    /// Keys of actions: a text, a list of texts, or a table of such for one screen.
    Keys,
    /// A text.
    Text,
    /// A list of texts, or one alone.
    Texts,
    /// A list of texts.
    List,
    /// One of some words.
    Word(fn() -> Vec<&'static str>),
    /// true or false.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Where a secret is found.
    Secret,
}

use Shape::{Flag, Keys, List, Number, Own, Secret, Table, Tables, Text, Texts, Whole, Word};

/// Every key below its section, with its shape and what it says.
const KEYS: &[(&str, Shape, &str)] = &[
    ("display", Table, "How things are shown"),
    (
        "display.time_zone",
        Text,
        "IANA name; day borders and dates. Default: the machine's zone",
    ),
    ("display.theme", Word(themes), "auto: as the terminal is"),
    (
        "display.glyphs",
        Word(glyphs),
        "Marks: blocks in every font, ascii in 7-bit characters alone",
    ),
    ("display.animations", Flag, "Whether pictures move"),
    ("display.mouse", Flag, "Whether clicks and the wheel work"),
    (
        "display.tour",
        Flag,
        "Whether hints are shown on the first run",
    ),
    (
        "display.links",
        Flag,
        "Whether keys of items are links to the tracker",
    ),
    (
        "display.window",
        Text,
        "What measures are taken over at first: 90d, 12w, 2026-01-01..2026-03-31",
    ),
    (
        "keys",
        Keys,
        "Keys of actions, in place of the default ones",
    ),
    ("theme", Own, "Colours of roles, over those of the theme"),
    ("history", Table, "Where events are kept"),
    (
        "history.url",
        Text,
        "sqlite:PATH or postgres://user@host/database. Default: a file of this config's own",
    ),
    (
        "history.password",
        Secret,
        "Where the password of the history's server is found",
    ),
    (
        "history.ca_file",
        Text,
        "A certificate authority of that server, PEM",
    ),
    (
        "history.retain",
        Text,
        "Finished items older than this are dropped whole: 3y, or forever",
    ),
    ("sources", Tables, "What is read, one entry for each source"),
    (
        "sources.name",
        Text,
        "Unique; statuses can be limited to a source by it",
    ),
    (
        "sources.kind",
        Word(source::kinds),
        "Which tracker or file it is",
    ),
    ("sources.url", Text, "The tracker's address"),
    ("sources.user", Text, "Whose API token it is, on Jira Cloud"),
    ("sources.token", Secret, "Where the API key is found"),
    (
        "sources.query",
        Text,
        "The tracker's own filter; docs/trackers has each",
    ),
    ("sources.poll", Text, "Time between two polls: 60s"),
    (
        "sources.ca_file",
        Text,
        "A certificate authority to trust beside the system's, PEM",
    ),
    ("sources.fields", Own, "Tracker field = fact"),
    ("sources.path", Text, "The event log: CSV, JSONL or XES"),
    (
        "sources.columns",
        Table,
        "Which column is what; those that are not named are found out",
    ),
    ("sources.columns.item", Text, "The item's name"),
    (
        "sources.columns.status",
        Texts,
        "The status; a list is joined by /",
    ),
    ("sources.columns.time", Text, "When it was"),
    ("sources.columns.kind", Text, "The item's type"),
    ("sources.columns.team", Text, "Whose it is"),
    ("sources.columns.title", Text, "Its title"),
    ("sources.columns.assignee", Text, "Who has it"),
    (
        "sources.columns.key",
        Text,
        "The key that people know it by",
    ),
    ("sources.columns.url", Text, "Its address"),
    (
        "sources.time_format",
        Text,
        "auto, or a pattern such as %d.%m.%Y %H:%M:%S",
    ),
    ("sources.time_zone", Text, "For times without an offset"),
    (
        "sources.seed",
        Whole,
        "The same seed gives the same demo company",
    ),
    (
        "sources.items",
        Whole,
        "About how many items the demo company has had",
    ),
    ("calendar", Table, "Working time"),
    (
        "calendar.workdays",
        List,
        "mon, tue, wed, thu, fri, sat, sun",
    ),
    ("calendar.hours", Text, "09:00-17:00"),
    ("calendar.holidays", List, "Dates such as 2026-12-25"),
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
    ("changes", Tables, "Dated changes of how work is done"),
    ("changes.date", Text, "2026-06-01"),
    ("changes.name", Text, "What changed"),
    ("changes.streams", Texts, "Default: all streams"),
    ("views", Tables, "Saved views"),
    ("views.name", Text, "Unique"),
    ("views.filter", Text, "Default: all items"),
    ("views.stream", Text, "Default: the stream that is set"),
    ("views.screen", Text, "Default: the screen that is shown"),
    ("views.window", Text, "Default: the window that is set"),
    (
        "views.clock",
        Word(clocks),
        "Default: the clock that is set",
    ),
    (
        "policies",
        Tables,
        "What the streams are held to by weir check",
    ),
    ("policies.name", Text, "Unique"),
    (
        "policies.measure",
        Text,
        "As the JSON report names it: flow.time.p85_days, stages.Review.load",
    ),
    (
        "policies.at_most",
        Number,
        "The bound, in the measure's unit",
    ),
    (
        "policies.at_least",
        Number,
        "The bound, in the measure's unit",
    ),
    ("policies.stream", Text, "Default: each stream"),
    ("policies.filter", Text, "Default: all items"),
    ("policies.window", Text, "Default: the window that is set"),
    (
        "policies.severity",
        Word(severities),
        "error: the check fails; warning: it is only said",
    ),
    (
        "notices",
        Table,
        "Who is told when a policy breaks or a signal appears",
    ),
    (
        "notices.terminal",
        Word(terminals),
        "How a terminal is asked to show a notice",
    ),
    (
        "notices.webhook",
        Secret,
        "Where the address is found that notices are posted to",
    ),
    ("notices.about", List, "policies, signals; default: both"),
    ("notices.quiet", Text, "When nothing is told: 20:00-08:00"),
    ("outcomes", Tables, "What the work is for"),
    ("outcomes.name", Text, "Unique"),
    ("outcomes.target", Number, "The value hoped for"),
    ("outcomes.unit", Text, "What is counted, for people"),
    ("outcomes.streams", Texts, "Default: all streams"),
    ("outcomes.items", Text, "Default: all items"),
    ("outcomes.actual", Number, "The value reached"),
    ("outcomes.released", Text, "The day of release"),
    (
        "outcomes.measured",
        Text,
        "The day a movement was first measured",
    ),
    ("forecast", Table, "How forecasts are made"),
    ("forecast.trials", Whole, "Futures drawn"),
    ("forecast.seed", Whole, "The same seed draws the same ones"),
    (
        "forecast.split_rate",
        Number,
        "New items that a finished item brings with it, on average",
    ),
    (
        "forecast.window",
        Text,
        "The past to draw from; default: the window that is set",
    ),
];

/// Keys that have to be there, where their section is.
const REQUIRED: &[&str] = &[
    "sources.name",
    "sources.kind",
    "streams.name",
    "streams.kinds.kind",
    "streams.kinds.when",
    "streams.blocked.when",
    "streams.stages.name",
    "streams.stages.phase",
    "streams.stages.class",
    "streams.stages.sle.percent",
    "streams.stages.sle.days",
    "streams.clocks.name",
    "streams.clocks.from",
    "streams.clocks.to",
    "streams.links.from",
    "streams.links.to",
    "changes.date",
    "changes.name",
    "views.name",
    "policies.name",
    "policies.measure",
    "outcomes.name",
    "outcomes.target",
];

fn themes() -> Vec<&'static str> {
    THEMES.iter().map(|(name, _)| *name).collect()
}

fn glyphs() -> Vec<&'static str> {
    GLYPHS.iter().map(|(name, _)| *name).collect()
}

fn clocks() -> Vec<&'static str> {
    ClockRule::ALL.iter().map(|rule| rule.name()).collect()
}

fn phases() -> Vec<&'static str> {
    Phase::ALL.iter().map(|phase| phase.name()).collect()
}

fn classes() -> Vec<&'static str> {
    Class::ALL.iter().map(|class| class.name()).collect()
}

fn terminals() -> Vec<&'static str> {
    TERMINALS.iter().map(|(name, _)| *name).collect()
}

fn severities() -> Vec<&'static str> {
    SEVERITIES.iter().map(|(name, _)| *name).collect()
}

/// The schema, JSON Schema draft 7: every key with its shape and what it says. It knows shapes, not
/// meanings: what it lets pass may still be refused when the config is read.
pub fn schema() -> Value {
    let mut top = table("");
    top.insert("title".to_owned(), json!("A config of weir"));
    let draft = "http://json-schema.org/draft-07/schema#";
    top.insert("$schema".to_owned(), json!(draft));
    Value::Object(top)
}

/// A table with the keys right below `section`.
fn table(section: &str) -> Map<String, Value> {
    let own = |path: &str| -> Option<&'static str> {
        let path = KEYS.iter().find(|(known, ..)| *known == path)?.0;
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        (above == section).then_some(name)
    };
    let mut properties = Map::new();
    for (path, shape, about) in KEYS {
        if let Some(name) = own(path) {
            let mut value = shaped(shape, path);
            value.insert("description".to_owned(), json!(about));
            properties.insert(name.to_owned(), Value::Object(value));
        }
    }
    let required: Vec<&str> = REQUIRED.iter().copied().filter_map(own).collect();
    let mut table = Map::new();
    table.insert("type".to_owned(), json!("object"));
    table.insert("additionalProperties".to_owned(), json!(false));
    table.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        table.insert("required".to_owned(), json!(required));
    }
    table
}

fn shaped(shape: &Shape, path: &str) -> Map<String, Value> {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let one_or_more = json!({ "anyOf": [{ "type": "string" }, texts] });
    let value = match shape {
        Table => Value::Object(table(path)),
        Tables => json!({ "type": "array", "items": table(path) }),
        Own => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Keys => {
            let on_screen = json!({ "type": "object", "additionalProperties": one_or_more });
            let either = json!({ "anyOf": [{ "type": "string" }, texts, on_screen] });
            json!({ "type": "object", "additionalProperties": either })
        }
        Text => json!({ "type": "string" }),
        Texts => one_or_more,
        List => texts,
        Word(words) => json!({ "type": "string", "enum": words() }),
        Flag => json!({ "type": "boolean" }),
        Whole => json!({ "type": "integer" }),
        Number => json!({ "type": "number" }),
        Secret => secret(),
    };
    match value {
        Value::Object(value) => value,
        _ => Map::new(),
    }
}

fn secret() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
        "properties": {
            "env": { "type": "string", "description": "An environment variable" },
            "file": { "type": "string", "description": "The first line of a file" },
            "command": { "type": "string", "description": "The first line that a command prints" },
        },
    })
}

#[cfg(test)]
mod tests;
