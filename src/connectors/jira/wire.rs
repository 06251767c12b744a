//! Jira's JSON as it is sent. Nothing but an id is taken for granted: a field that is missing, null
//! or of another kind reads as "no value", so that one odd field does not spoil a record, nor one
//! odd record a page.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::time::Millis;

/// Numbers below are seconds since 1970, above milliseconds.
const LAST_IN_SECONDS: i64 = 100_000_000_000;

/// `/serverInfo`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ServerInfo {
    /// `Cloud`, `Server`; old servers do not say.
    #[serde(default)]
    pub(super) deployment_type: Value,
    #[serde(default)]
    pub(super) base_url: Value,
    #[serde(default)]
    pub(super) version: Value,
}

/// `/myself`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Myself {
    #[serde(default)]
    pub(super) display_name: Value,
    /// An IANA name.
    #[serde(default)]
    pub(super) time_zone: Value,
}

/// A page of issues: `/search/jql`, `/search`, `/issue/bulkfetch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    /// Rows, read one by one.
    pub(super) issues: Vec<Value>,
    /// Where the next page is, on Cloud.
    #[serde(default)]
    pub(super) next_page_token: Value,
    /// How many match in all, on one's own server.
    #[serde(default)]
    pub(super) total: Value,
    /// How many the server is willing to give at once, on one's own server.
    #[serde(default)]
    pub(super) max_results: Value,
    /// Issues that Cloud could not give, and why.
    #[serde(default)]
    pub(super) issue_errors: Value,
}

/// `/changelog/bulkfetch`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changes {
    /// An issue may come on several pages.
    pub(super) issue_change_logs: Vec<Value>,
    #[serde(default)]
    pub(super) next_page_token: Value,
}

/// `/search/approximate-count`
#[derive(Debug, Deserialize)]
pub(super) struct Count {
    pub(super) count: u64,
}

/// A page of a list of anything: `/board`.
#[derive(Debug, Deserialize)]
pub(super) struct Values {
    pub(super) values: Vec<Value>,
}

/// An issue.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    /// Stays when the issue moves to another project.
    pub(super) id: String,
    pub(super) key: Option<String>,
    fields: Map<String, Value>,
}

impl Issue {
    /// Reads an issue; `None` if it has no id.
    pub(super) fn read(value: &mut Value) -> Option<Self> {
        let id = value.get("id").and_then(scalar)?;
        let fields = value.get_mut("fields").map(Value::take);
        Some(Self {
            id,
            key: value.get("key").and_then(scalar),
            fields: match fields {
                Some(Value::Object(fields)) => fields,
                _ => Map::new(),
            },
        })
    }

    /// A field's value as it was sent.
    pub(super) fn field(&self, id: &str) -> Option<&Value> {
        self.fields.get(id).filter(|value| !value.is_null())
    }

    /// A field that is an instant.
    pub(super) fn instant(&self, id: &str) -> Option<Millis> {
        self.field(id).and_then(instant)
    }

    /// A field that is a list; empty if it is none.
    pub(super) fn list(&self, id: &str) -> &[Value] {
        let list = self.field(id).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }
}

/// What one person changed at once.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// `None` if it has none.
    pub(super) id: Option<String>,
    /// `None` if it cannot be read.
    pub(super) at: Option<Millis>,
    /// Only what is of use.
    pub(super) items: Vec<Item>,
}

impl History {
    /// Reads a history with the items that are `of_use`.
    pub(super) fn read(value: &Value, of_use: impl Fn(&Item) -> bool) -> Self {
        let items = value.get("items").and_then(Value::as_array);
        let items = (0..).zip(items.map_or(&[][..], Vec::as_slice));
        Self {
            id: value.get("id").and_then(scalar),
            at: value.get("created").and_then(instant),
            items: items
                .filter_map(|(index, item)| Item::read(index, item))
                .filter(of_use)
                .collect(),
        }
    }
}

/// One field's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Where it stands in its history.
    pub(super) index: u64,
    /// The field's id; one's own server does not say it.
    pub(super) field: Option<String>,
    /// The field's name.
    pub(super) name: String,
    /// The same in small letters.
    pub(super) label: String,
    pub(super) old: Side,
    pub(super) new: Side,
}

/// What a field held before or after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Side {
    /// Ids, where values have them.
    pub(super) id: Option<String>,
    /// In words.
    pub(super) text: Option<String>,
}

impl Item {
    fn read(index: u64, value: &Value) -> Option<Self> {
        let text = |name| value.get(name).and_then(scalar);
        let field = text("fieldId");
        let name = text("field").or_else(|| field.clone())?;
        Some(Self {
            index,
            label: name.to_lowercase(),
            name,
            field,
            old: Side {
                id: text("from"),
                text: text("fromString"),
            },
            new: Side {
                id: text("to"),
                text: text("toString"),
            },
        })
    }
}

/// One value as text; the empty text is no value.
pub(super) fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A count, sent as a number or as text.
pub(super) fn count(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

/// An instant: text with an offset, or a number of seconds or milliseconds since 1970.
pub(super) fn instant(value: &Value) -> Option<Millis> {
    let text = scalar(value)?;
    match text.parse::<i64>() {
        Ok(number) if number.abs() < LAST_IN_SECONDS => Some(Millis(number * 1_000)),
        Ok(number) => Some(Millis(number)),
        Err(_) => Millis::parse(&text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{History, Issue, instant};
    use crate::model::time::Millis;

    #[test]
    fn instants_come_as_text_as_seconds_and_as_milliseconds() {
        let at = Millis::parse("2017-04-13T08:00:29Z");
        for told in [
            json!(1_492_070_429),
            json!("1492070429"),
            json!(1_492_070_429_000_i64),
            json!("2017-04-13T08:00:29.000+0000"),
            json!("2017-04-13T16:00:29.000+0800"),
            json!("2017-04-13T08:00:29Z"),
        ] {
            assert_eq!(instant(&told), at, "{told}");
        }
        for none in [json!(null), json!("soon"), json!([]), json!(""), json!(1.5)] {
            assert_eq!(instant(&none), None, "{none}");
        }
    }

    #[test]
    fn odd_records_read_as_no_value() {
        for odd in [
            json!(null),
            json!(3),
            json!({"id": null}),
            json!({"id": ""}),
        ] {
            assert!(Issue::read(&mut odd.clone()).is_none(), "{odd}");
        }
        let issue = Issue::read(&mut json!({"id": 7, "fields": 3})).unwrap();
        assert_eq!((issue.id.as_str(), issue.key.as_deref()), ("7", None));
        for odd in [
            json!(null),
            json!({"items": 3}),
            json!({"items": [null, {}]}),
        ] {
            assert_eq!(History::read(&odd, |_| true).items, [], "{odd}");
        }
    }
}
