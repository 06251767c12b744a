use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use super::super::reader::Reader;
use super::super::tests::whole_example;
use super::super::{Checks, Config};
use super::schema;

/// Every key of a schema by its dotted name.
fn keys(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    let below = schema.get("items").unwrap_or(schema);
    let properties = below.get("properties").and_then(Value::as_object);
    for (name, value) in properties.into_iter().flatten() {
        let path = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        keys(value, &path, found);
        found.insert(path);
    }
}

/// What is wrong with a value by a schema: an own reading of the words that [`schema`] uses.
fn wrong(value: &Value, by: &Value, at: &str) -> Vec<String> {
    const KNOWN: [&str; 12] = [
        "$schema",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "anyOf",
        "minProperties",
        "maxProperties",
    ];
    let rules = by.as_object().unwrap();
    let strange = rules.keys().filter(|word| !KNOWN.contains(&word.as_str()));
    let mut wrong_here: Vec<String> = strange.map(|word| format!("{word} is not read")).collect();
    if let Some(wanted) = by.get("type").and_then(Value::as_str)
        && !is_of(value, wanted)
    {
        return vec![format!("{at}: {value} is no {wanted}")];
    }
    if let Some(words) = by.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        wrong_here.push(format!("{at}: {value} is none of {words:?}"));
    }
    if let Some(ways) = by.get("anyOf").and_then(Value::as_array)
        && !ways.iter().any(|way| wrong(value, way, at).is_empty())
    {
        wrong_here.push(format!("{at}: {value} fits nothing"));
    }
    for entry in value.as_array().into_iter().flatten() {
        wrong_here.extend(wrong(entry, by.get("items").unwrap_or(&json!({})), at));
    }
    if let Some(table) = value.as_object() {
        wrong_here.extend(wrong_table(table, by, at));
    }
    wrong_here
}

fn is_of(value: &Value, wanted: &str) -> bool {
    match wanted {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        _ => false,
    }
}

fn wrong_table(table: &serde_json::Map<String, Value>, by: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let required = by.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !table.contains_key(name) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    let bound = |name: &str| by.get(name).and_then(Value::as_u64);
    let (size, least, most) = (
        table.len() as u64,
        bound("minProperties"),
        bound("maxProperties"),
    );
    if least.is_some_and(|least| size < least) || most.is_some_and(|most| size > most) {
        found.push(format!("{at}: {size} keys"));
    }
    for (name, value) in table {
        let path = format!("{at}.{name}");
        match (
            by.pointer(&format!("/properties/{name}")),
            by.get("additionalProperties"),
        ) {
            (Some(own), _) => found.extend(wrong(value, own, &path)),
            (None, Some(Value::Bool(false))) => found.push(format!("{path} is unknown")),
            (None, Some(other)) => found.extend(wrong(value, other, &path)),
            (None, None) => {}
        }
    }
    found
}

/// A config as editors see it: dates are texts.
fn seen(text: &str) -> Value {
    fn plain(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(when) => json!(when.to_string()),
            toml::Value::Array(all) => all.into_iter().map(plain).collect(),
            toml::Value::Table(all) => all
                .into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect(),
            toml::Value::String(text) => json!(text),
            toml::Value::Integer(number) => json!(number),
            toml::Value::Float(number) => json!(number),
            toml::Value::Boolean(flag) => json!(flag),
        }
    }
    plain(toml::Value::Table(toml::from_str(text).unwrap()))
}

fn wrong_with(text: &str) -> Vec<String> {
    wrong(&seen(text), &schema(), "")
}

#[test]
fn it_has_the_keys_that_are_read_and_no_others() {
    let text = whole_example();
    let checks = Checks::default();
    let reader = Reader::new(&text, Path::new(""), &checks);
    Config::read_with(&reader, Path::new("")).unwrap();
    let read: BTreeSet<String> = reader.asked_for().into_iter().collect();
    let mut told = BTreeSet::new();
    keys(&schema(), "", &mut told);
    let missing: Vec<&String> = read.difference(&told).collect();
    let idle: Vec<&String> = told.difference(&read).collect();
    assert!(
        missing.is_empty() && idle.is_empty(),
        "missing {missing:?}, idle {idle:?}"
    );
}

#[test]
fn the_example_and_the_good_configs_are_valid() {
    assert_eq!(wrong_with(&whole_example()), Vec::<String>::new());
    assert_eq!(
        wrong_with(super::super::tests::EXAMPLE),
        Vec::<String>::new()
    );
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good_config");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(wrong_with(&text), Vec::<String>::new(), "{path:?}");
    }
}

#[test]
fn what_is_wrong_in_shape_is_found() {
    let table = [
        ("[display]\nthem = \"dark\"", ".display.them is unknown"),
        ("[display]\ntheme = \"drak\"", "none of"),
        ("[display]\nmouse = \"on\"", "no boolean"),
        ("[[sources]]\nkind = \"demo\"", "name is missing"),
        (
            "[[sources]]\nname = \"a\"\nkind = \"jira\"\ntoken = \"abc\"",
            "no object",
        ),
        (
            "[[sources]]\nname = \"a\"\nkind = \"jira\"\ntoken = { env = \"A\", file = \"b\" }",
            "2 keys",
        ),
        ("[keys]\nquit = 7", "fits nothing"),
        (
            "[[streams]]\nname = \"a\"\nstages = [{ name = \"b\", phase = \"make\", class = \"done\" }]",
            "none of",
        ),
    ];
    for (text, expected) in table {
        let found = wrong_with(text).join("; ");
        assert!(found.contains(expected), "{text}: {found}");
    }
}

#[test]
fn an_editors_line_about_the_schema_is_a_comment() {
    let text = "#:schema ./weir.schema.json\n[display]\ntheme = \"dark\"\n";
    assert!(Config::parse(text, Path::new("weir.toml"), &Checks::default()).is_ok());
}

#[test]
fn the_configs_of_the_documents_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked_at = 0;
    for folder in ["", "docs", "docs/trackers"] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut before = String::new();
            for block in text.split("```toml\n").skip(1) {
                let block = block.split("```").next().unwrap();
                before = format!("{before}\n{block}");
                // A part may go on where the one before ended.
                let found = wrong_with(block);
                let goes_on = || toml::from_str::<toml::Table>(&before).is_ok();
                let fits = found.is_empty() || (goes_on() && wrong_with(&before).is_empty());
                assert!(fits, "{path:?}: {found:?}\n{block}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 10, "{looked_at}");
}
