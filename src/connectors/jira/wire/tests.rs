use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_assert_eq, prop_oneof, proptest};
use serde_json::{Map, Value, json};

use super::super::json::{Json, instant};
use super::{Issue, Sent, scalar};
use crate::model::time::Millis;

fn read(value: &Value) -> Option<Issue<'static>> {
    let Sent(issue) = serde_json::from_str(&value.to_string()).unwrap();
    issue
}

#[test]
fn odd_records_read_as_no_value() {
    for odd in [
        json!(null),
        json!(3),
        json!("x"),
        json!([[1]]),
        json!({"id": null}),
        json!({"id": ""}),
        json!({"id": {"id": "7"}}),
    ] {
        assert!(read(&odd).is_none(), "{odd}");
    }
    let issue = read(&json!({"id": 7, "fields": 3, "changelog": [1]})).unwrap();
    assert_eq!((issue.id.as_ref(), issue.key.as_deref()), ("7", None));
    assert_eq!(issue.changelog.unwrap().histories.len(), 0);
    let histories = json!([null, {"items": 3}, {"items": [null, {}]}]);
    let issue = read(&json!({"id": 7, "changelog": {"histories": histories}})).unwrap();
    let histories = issue.changelog.unwrap().histories;
    assert_eq!(histories.len(), 3);
    for history in histories {
        assert_eq!(history.items, []);
    }
}

#[test]
fn a_field_that_is_told_twice_is_as_it_was_told_last() {
    let text = r#"{"id": "1", "id": "2", "fields": {"a": 1, "a": "x", "b": 1, "b": null}}"#;
    let Sent(issue) = serde_json::from_str(text).unwrap();
    let issue = issue.unwrap();
    assert_eq!(issue.id, "2");
    assert_eq!(issue.field("a"), Some(&Json::from(&json!("x"))));
    assert_eq!(issue.field("b"), None);
}

/// An issue as one reads it from a tree of values.
#[derive(Debug, Default, PartialEq)]
struct Plain {
    id: String,
    key: Option<String>,
    fields: Map<String, Value>,
    untold: Option<u64>,
    histories: Vec<PlainHistory>,
}

type PlainHistory = (Option<String>, Option<Millis>, Vec<PlainItem>);

/// Its place, then field, name and both sides.
type PlainItem = (u64, Option<String>, String, [Option<String>; 4]);

fn plain(value: &Value) -> Option<Plain> {
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned();
    let log = value.get("changelog");
    let histories = list(log.and_then(|log| log.get("histories"))).unwrap_or_default();
    let total = log.and_then(|log| super::count(log.get("total")?));
    Some(Plain {
        id: value.get("id").and_then(scalar)?,
        key: value.get("key").and_then(scalar),
        fields: value
            .get("fields")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        untold: total.filter(|total| *total > histories.len() as u64),
        histories: histories.iter().map(plain_history).collect(),
    })
}

fn plain_history(value: &Value) -> PlainHistory {
    let items = value.get("items").and_then(Value::as_array).cloned();
    let items = (0..).zip(items.unwrap_or_default());
    let at = value.get("created").and_then(scalar);
    (
        value.get("id").and_then(scalar),
        at.and_then(|at| instant(&at)),
        items
            .filter_map(|(at, item)| plain_item(at, &item))
            .collect(),
    )
}

fn plain_item(at: u64, value: &Value) -> Option<PlainItem> {
    let text = |name| value.get(name).and_then(scalar);
    let field = text("fieldId");
    let name = text("field").or_else(|| field.clone())?;
    let sides = ["from", "fromString", "to", "toString"].map(text);
    Some((at, field, name, sides))
}

fn typed(issue: &Issue<'_>, names: &[String]) -> Plain {
    let text = |text: &Option<super::super::json::Text<'_>>| text.as_deref().map(str::to_owned);
    let item = |item: &super::Item<'_>| {
        let sides = [&item.old.id, &item.old.text, &item.new.id, &item.new.text];
        (
            item.index,
            text(&item.field),
            item.name.to_string(),
            sides.map(text),
        )
    };
    let log = issue.changelog.clone().unwrap_or_default();
    let histories = log.histories.iter().map(|history| {
        (
            text(&history.id),
            history.at,
            history.items.iter().map(item).collect(),
        )
    });
    let field = |name: &String| Some((name.clone(), value_of(issue.field(name)?)));
    Plain {
        id: issue.id.to_string(),
        key: text(&issue.key),
        fields: names.iter().filter_map(field).collect(),
        untold: log.untold(),
        histories: histories.collect(),
    }
}

fn value_of(json: &Json<'_>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => json!(yes),
        Json::Number(number) => json!(number),
        Json::Text(text) => json!(text),
        Json::List(list) => list.iter().map(value_of).collect(),
        Json::Object(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name.to_string(), value_of(value)))
                    .collect(),
            )
        }
    }
}

/// Values as they come, and as they do not.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!("")),
        Just(json!(" a \"b\"\n\u{1f}ü ")),
        Just(json!("2026-11-23T09:00:00.000+0100")),
        Just(json!("status")),
        Just(json!(1_492_070_429)),
        Just(json!(13.0)),
        Just(json!(-7)),
        Just(json!(u64::MAX)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((any_name(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn any_name() -> impl Strategy<Value = String> {
    let names = [
        "id",
        "key",
        "fields",
        "changelog",
        "histories",
        "items",
        "created",
        "total",
        "field",
        "fieldId",
        "from",
        "fromString",
        "to",
        "toString",
        "status",
        "ä\"",
    ];
    proptest::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn object(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let fields = vec(any_value(), names.len());
    fields.prop_map(|values| {
        let names = names.iter().map(|name| (*name).to_owned());
        Value::Object(names.zip(values).collect())
    })
}

fn any_history() -> impl Strategy<Value = Value> {
    let items = vec(
        prop_oneof![
            3 => object(&["field", "fieldId", "from", "fromString", "to", "toString", "tmp"]),
            1 => any_value(),
        ],
        0..4,
    );
    let whole = (object(&["id", "created", "author"]), items).prop_map(|(mut history, items)| {
        history["items"] = json!(items);
        history
    });
    prop_oneof![3 => whole, 1 => any_value()]
}

fn any_issue() -> impl Strategy<Value = Value> {
    let fields = object(&["status", "summary", "customfield_1", "labels"]);
    let log = (object(&["total", "startAt"]), vec(any_history(), 0..4));
    let log = log.prop_map(|(mut log, histories)| {
        log["histories"] = json!(histories);
        log
    });
    let whole = (object(&["id", "key", "self"]), fields, log);
    let whole = whole.prop_map(|(mut issue, fields, log)| {
        issue["fields"] = fields;
        issue["changelog"] = log;
        issue
    });
    prop_oneof![6 => whole, 1 => any_value()]
}

proptest! {
    /// What is read straight from the text is what one finds in a tree of values.
    #[test]
    fn issues_read_as_one_finds_them_in_a_tree(value in any_issue()) {
        let read = read(&value);
        let want = plain(&value);
        let names: Vec<String> = want.iter().flat_map(|want| want.fields.keys().cloned()).collect();
        let want = want.map(|mut want| {
            want.fields.retain(|_, value| !value.is_null());
            want
        });
        prop_assert_eq!(read.map(|issue| typed(&issue, &names)), want);
    }
}
