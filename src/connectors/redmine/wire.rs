//! Redmine's JSON as it is sent. Nothing but an id is taken for granted: a field that is missing,
//! null or of another kind reads as "no value", so that one odd field does not spoil a record, nor
//! one odd record a page.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::model::time::Millis;

/// `/issues.json`
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    /// Rows, read one by one.
    pub(super) issues: Vec<Value>,
    /// How many match in all.
    pub(super) total_count: Option<u64>,
    /// How many the server is willing to give at once.
    pub(super) limit: Option<u64>,
}

/// `/issues/ID.json`
#[derive(Debug, Deserialize)]
pub(super) struct Detail {
    /// The issue.
    pub(super) issue: Map<String, Value>,
}

/// `/users/current.json`
#[derive(Debug, Deserialize)]
pub(super) struct CurrentUser {
    /// Who the key belongs to.
    pub(super) user: Login,
}

/// A user's login; the anonymous user has none.
#[derive(Debug, Deserialize)]
pub(super) struct Login {
    /// The name to log in with.
    #[serde(default)]
    pub(super) login: String,
}

/// Something with an id and mostly a name: a status, a tracker, a person, a custom field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: u64,
    pub(super) name: Option<String>,
}

impl Named {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: id(value.get("id")?)?,
            name: value.get("name").and_then(scalar),
        })
    }
}

/// An issue, from the list or alone.
#[derive(Clone, Debug)]
pub(crate) struct Issue {
    pub(super) id: u64,
    fields: Map<String, Value>,
}

impl Issue {
    /// Reads an issue; `None` if it has no id.
    pub(super) fn read(fields: Map<String, Value>) -> Option<Self> {
        let id = fields.get("id").and_then(id)?;
        Some(Self { id, fields })
    }

    /// A field that is one value: text, number, yes or no.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.fields.get(field).and_then(scalar)
    }

    /// A field that is an instant.
    pub(super) fn instant(&self, field: &str) -> Option<Millis> {
        self.text(field).as_deref().and_then(Millis::parse)
    }

    /// A field that refers to something with an id.
    pub(super) fn named(&self, field: &str) -> Option<Named> {
        self.fields.get(field).and_then(Named::read)
    }

    /// A field that is a list; empty if it is none.
    pub(super) fn list(&self, field: &str) -> &[Value] {
        self.fields
            .get(field)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }
}

/// A change of an issue: one save by one person.
#[derive(Debug)]
pub(super) struct Journal<'a> {
    pub(super) id: u64,
    /// `None` if it cannot be read.
    pub(super) at: Option<Millis>,
    pub(super) user: Option<Named>,
    pub(super) details: &'a [Value],
}

impl<'a> Journal<'a> {
    pub(super) fn read(value: &'a Value) -> Option<Self> {
        Some(Self {
            id: id(value.get("id")?)?,
            at: value
                .get("created_on")
                .and_then(Value::as_str)
                .and_then(Millis::parse),
            user: value.get("user").and_then(Named::read),
            details: value
                .get("details")
                .and_then(Value::as_array)
                .map_or(&[], Vec::as_slice),
        })
    }
}

/// One field's change within a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Delta {
    /// `attr`, `cf`, `relation`, `attachment`.
    pub(super) property: String,
    /// The field, the custom field's id, the kind of relation.
    pub(super) name: String,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

impl Delta {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            property: value.get("property").and_then(scalar)?,
            name: value.get("name").and_then(scalar)?,
            old: value.get("old_value").and_then(scalar),
            new: value.get("new_value").and_then(scalar),
        })
    }
}

/// A tie between two issues.
#[derive(Debug)]
pub(super) struct Relation {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) kind: String,
}

impl Relation {
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            from: id(value.get("issue_id")?)?,
            to: id(value.get("issue_to_id")?)?,
            kind: value.get("relation_type").and_then(scalar)?,
        })
    }
}

/// An id, sent as a number or as text.
pub(super) fn id(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
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
