//! The JSON schema of a config, for editors that complete and check TOML by one.

mod other;
mod source;
mod stream;
mod words;

use serde_json::{Map, Value, json};

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

/// A key below its section, with its shape and what it says.
type Key = (&'static str, Shape, &'static str);

/// Every key.
fn keys() -> impl Iterator<Item = &'static Key> {
    other::KEYS.iter().chain(source::KEYS).chain(stream::KEYS)
}

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
        let path = keys().find(|(known, ..)| *known == path)?.0;
        let (above, name) = path.rsplit_once('.').unwrap_or(("", path));
        (above == section).then_some(name)
    };
    let mut properties = Map::new();
    for (path, shape, about) in keys() {
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
        Shape::Table => Value::Object(table(path)),
        Shape::Tables => json!({ "type": "array", "items": table(path) }),
        Shape::Own => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        Shape::Keys => {
            let on_screen = json!({ "type": "object", "additionalProperties": one_or_more });
            let either = json!({ "anyOf": [{ "type": "string" }, texts, on_screen] });
            json!({ "type": "object", "additionalProperties": either })
        }
        Shape::Text => json!({ "type": "string" }),
        Shape::Texts => one_or_more,
        Shape::List => texts,
        Shape::Word(words) => json!({ "type": "string", "enum": words() }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Whole => json!({ "type": "integer" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Secret => secret(),
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
