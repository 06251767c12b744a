//! Values of fields, as they are now and as changes tell them, in words.

use std::borrow::Cow;

use super::super::facts::value_of;
use super::super::story::joined;
use super::fields::{Field, Shape};
use super::json::{Json, Text};
use super::names::Names;
use super::wire::Side;

/// Where things with ids keep them.
const IDS: [&str; 3] = ["id", "accountId", "key"];

/// Where things with names keep them; the `name` of a person is what they log in with.
const NAMES: [&str; 5] = ["displayName", "value", "name", "title", "label"];

/// The longest text that is a value: others are descriptions.
const LONGEST: usize = 1_000;

/// A field's value as of now, in words.
pub(super) fn now(field: &Field, value: Option<&Json<'_>>, names: &Names) -> Option<String> {
    let value = value?;
    let mut called_so = Vec::new();
    each(value, &mut |side| {
        called_so.extend(called(field, &side, names));
    });
    let text = match field.shape {
        Shape::Many | Shape::Parts | Shape::Words => joined(called_so),
        _ => called_so.into_iter().next(),
    };
    as_fact(field, text)
}

/// A field's value before or after a change, in words.
pub(super) fn then(field: &Field, side: &Side<'_>, names: &Names) -> Option<String> {
    let text = match field.shape {
        Shape::Many => joined(
            pieces(side)
                .iter()
                .filter_map(|side| called(field, side, names))
                .collect(),
        ),
        Shape::Words => {
            let words = side.text.as_deref().unwrap_or_default().split_whitespace();
            joined(words.map(str::to_owned).collect())
        }
        _ => called(field, side, names),
    };
    as_fact(field, text)
}

/// A value as weir keeps it.
pub(super) fn as_fact(field: &Field, text: Option<String>) -> Option<String> {
    text.filter(|text| text.len() <= LONGEST)
        .and_then(|text| value_of(&field.fact, &text))
}

/// What one value is called.
pub(super) fn called(field: &Field, side: &Side<'_>, names: &Names) -> Option<String> {
    let (id, text) = (side.id.as_deref(), side.text.as_deref());
    match field.shape {
        Shape::Date => id.or(text).map(day),
        Shape::Number => text.or(id).map(number),
        Shape::Parent => parent(side, names),
        _ => names.call(&field.id, id, text),
    }
}

fn day(text: &str) -> String {
    text.get(..10).unwrap_or(text).to_owned()
}

fn number(text: &str) -> String {
    let number = text.parse::<f64>();
    number.map_or_else(|_| text.to_owned(), |number| number.to_string())
}

/// Epics and issues above come by id, by key, or by both.
fn parent(side: &Side<'_>, names: &Names) -> Option<String> {
    match (&side.id, &side.text) {
        (Some(id), _) if is_number(id) => Some(id.as_ref().to_owned()),
        (_, Some(key)) | (Some(key), None) => Some(names.issue(key)),
        (None, None) => None,
    }
}

/// The key by which a parent is told, where no id is beside it.
pub(super) fn parent_key<'s>(side: &'s Side<'_>) -> Option<&'s str> {
    let told = side.id.as_deref().filter(|id| is_number(id));
    let key = side.text.as_deref().or(side.id.as_deref());
    key.filter(|_| told.is_none())
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a value consists of.
pub(super) fn elements<'j>(value: &'j Json<'_>) -> Vec<Side<'j>> {
    let mut elements = Vec::new();
    each(value, &mut |side| elements.push(side));
    elements
}

/// Tells each of them.
pub(super) fn each<'j>(value: &'j Json<'_>, tell: &mut dyn FnMut(Side<'j>)) {
    match value {
        Json::List(list) => list.iter().for_each(|one| each(one, tell)),
        Json::Object(_) => object(value).into_iter().for_each(tell),
        Json::Text(text) => tell(sprint(text).unwrap_or_else(|| plain(value))),
        _ => tell(plain(value)),
    }
}

fn plain<'j>(value: &'j Json<'_>) -> Side<'j> {
    Side {
        id: None,
        text: value.scalar(),
    }
}

fn object<'j>(value: &'j Json<'_>) -> Option<Side<'j>> {
    // "Parent Link" wraps the issue above.
    let data = value.get("data");
    let value = data
        .filter(|data| matches!(data, Json::Object(_)))
        .unwrap_or(value);
    let Json::Object(fields) = value else {
        return None;
    };
    let place = |names: &[&str], name: &str| names.iter().position(|one| *one == name);
    let (mut ids, mut names, mut below) = ([None; IDS.len()], [None; NAMES.len()], None);
    for (name, value) in fields {
        if let Some(id) = place(&IDS, name).and_then(|at| ids.get_mut(at)) {
            *id = Some(value);
        } else if let Some(told) = place(&NAMES, name).and_then(|at| names.get_mut(at)) {
            *told = Some(value);
        } else if name == "child" {
            below = Some(value);
        }
    }
    let text = first(&names).or_else(|| value.get("key")?.scalar());
    let below = below.and_then(object).and_then(|side| side.text);
    let text = match (text, below) {
        (Some(text), Some(below)) => Some(Cow::Owned(format!("{text} - {below}"))),
        (text, _) => text,
    };
    let side = Side {
        id: first(&ids),
        text,
    };
    (side != Side::default()).then_some(side)
}

/// The first that tells something.
fn first<'j>(told: &[Option<&'j Json<'_>>]) -> Option<Text<'j>> {
    told.iter().find_map(|value| value.as_ref()?.scalar())
}

/// Data Center writes a sprint as `…Sprint@1a2b[id=3,state=ACTIVE,name=Sprint 3,startDate=…]`.
fn sprint(text: &str) -> Option<Side<'_>> {
    let (head, rest) = text.split_once('[')?;
    let inner = rest
        .strip_suffix(']')
        .filter(|_| head.contains("Sprint@"))?;
    let after = |name: &str| {
        let at = inner.find(name)? + name.len();
        let rest = inner.get(at..)?;
        // A name may hold commas: it ends where the next property begins.
        let end = rest.match_indices(',').map(|(at, _)| at).find(|at| {
            let next = rest.get(at + 1..).unwrap_or_default();
            let word = next.split('=').next().unwrap_or_default();
            next.contains('=') && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
        Some(Cow::Borrowed(rest.get(..end.unwrap_or(rest.len()))?))
    };
    Some(Side {
        id: after("id="),
        text: after("name="),
    })
}

/// The values of a change that tells all of a list: ids and names, each between commas, where both
/// are as many; `[1, 2]` for ids is the same as `1, 2`.
fn pieces<'s>(side: &'s Side<'_>) -> Vec<Side<'s>> {
    let (ids, texts) = (split(side.id.as_deref()), split(side.text.as_deref()));
    match (ids.as_slice(), texts.as_slice()) {
        ([], texts) => texts.iter().map(|text| one(None, Some(text))).collect(),
        (ids, texts) if ids.len() == texts.len() => {
            let pairs = ids.iter().zip(texts);
            pairs.map(|(id, text)| one(Some(id), Some(text))).collect()
        }
        // A name with a comma in it.
        ([id], _) => vec![one(Some(id), side.text.as_deref())],
        (ids, _) => ids.iter().map(|id| one(Some(id), None)).collect(),
    }
}

fn split(list: Option<&str>) -> Vec<&str> {
    let list = list.unwrap_or_default();
    let inner = list
        .strip_prefix('[')
        .and_then(|list| list.strip_suffix(']'));
    let parts = inner.unwrap_or(list).split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

fn one<'s>(id: Option<&'s str>, text: Option<&'s str>) -> Side<'s> {
    Side {
        id: id.map(Cow::Borrowed),
        text: text.map(Cow::Borrowed),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{elements, pieces, sprint};
    use crate::connectors::jira::json::Json;
    use crate::connectors::jira::wire::Side;

    fn side<'s>(id: Option<&'s str>, text: Option<&'s str>) -> Side<'s> {
        super::one(id, text)
    }

    #[test]
    fn values_are_told_in_many_ways() {
        for (value, id, text) in [
            (json!("plain"), None, Some("plain")),
            (json!(13.0), None, Some("13.0")),
            (
                json!({"id": "3", "name": "Medium"}),
                Some("3"),
                Some("Medium"),
            ),
            (
                json!({"accountId": "5b", "displayName": "Ann"}),
                Some("5b"),
                Some("Ann"),
            ),
            (
                json!({"name": "ann", "key": "JIRAUSER1", "displayName": "Ann"}),
                Some("JIRAUSER1"),
                Some("Ann"),
            ),
            (
                json!({"id": "1", "value": "EU", "child": {"id": "2", "value": "Rome"}}),
                Some("1"),
                Some("EU - Rome"),
            ),
            (
                json!({"data": {"id": 7, "key": "AB-1"}}),
                Some("7"),
                Some("AB-1"),
            ),
        ] {
            assert_eq!(elements(&Json::from(&value)), [side(id, text)], "{value}");
        }
        assert_eq!(elements(&Json::from(&json!({"type": "doc"}))), []);
    }

    #[test]
    fn sprints_of_data_center_are_texts() {
        let text = "com.atlassian.greenhopper.service.sprint.Sprint@1a2b[id=3,rapidViewId=1,\
                    state=CLOSED,name=Cards, round 2,startDate=2021-01-01T00:00:00.000Z,sequence=3]";
        assert_eq!(sprint(text), Some(side(Some("3"), Some("Cards, round 2"))));
        assert_eq!(sprint("a [b]"), None);
    }

    #[test]
    fn lists_in_changes_are_split_where_ids_and_names_are_as_many() {
        let of = |id, text| -> Vec<Side<'static>> {
            let side = side(Some(id), Some(text));
            pieces(&side).into_iter().map(Side::into_owned).collect()
        };
        assert_eq!(
            of("3, 4", "Sprint 3, Sprint 4"),
            [
                side(Some("3"), Some("Sprint 3")),
                side(Some("4"), Some("Sprint 4"))
            ]
        );
        assert_eq!(
            of("[10019]", "Impediment"),
            [side(Some("10019"), Some("Impediment"))]
        );
        assert_eq!(
            of("3", "Cards, round 2"),
            [side(Some("3"), Some("Cards, round 2"))]
        );
        assert_eq!(
            of("3, 4", "A, B, C"),
            [side(Some("3"), None), side(Some("4"), None)]
        );
        assert_eq!(pieces(&side(None, Some("A,B"))).len(), 2);
        assert_eq!(pieces(&side(None, None)), []);
    }
}
