//! An organization on loopback, as far as the connector can tell.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::connectors::contract::{Item, KEY, Kind, World};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::model::time::Millis;

pub(super) const STATES: [&str; 3] = ["New", "Active", "Closed"];

/// Revisions of a page of the report.
const REPORTED: usize = 1_000;

pub(super) fn kind(asked: &Asked) -> Kind {
    match path(asked) {
        "wit/wiql" => Kind::List,
        "wit/workitemsbatch" if asked.json().get("asOf").is_some() => Kind::List,
        "wit/workitemsbatch" => Kind::Detail,
        path if path.starts_with("wit/workItems/") => Kind::Detail,
        path if path.starts_with("wit/reporting/") => Kind::Detail,
        _ => Kind::Other,
    }
}

pub(super) fn is_known(asked: &Asked) -> bool {
    let pair = BASE64_STANDARD.encode(format!(":{KEY}"));
    asked.header("authorization") == Some(&format!("Basic {pair}"))
}

/// What follows `_apis/`.
pub(super) fn path(asked: &Asked) -> &str {
    let path = asked.path().split_once("/_apis/");
    path.map_or("", |(_, path)| path)
}

pub(super) fn answer(world: &World, asked: &Asked) -> Reply {
    match path(asked) {
        "connectionData" => {
            json(&json!({"authenticatedUser": {"id": "a-n-n", "providerDisplayName": "Ann"}}))
        }
        "wit/wiql" => wiql(world, asked),
        "wit/workitemsbatch" => batch(world, &asked.json()),
        "wit/recyclebin" => json(&json!({"count": 0, "value": []})),
        "wit/fields" => json(&json!({"value": [
            {"name": "State", "referenceName": "System.State"},
            {"name": "Title", "referenceName": "System.Title"}]})),
        "wit/reporting/workitemrevisions" => revisions(world, asked),
        "wit/reporting/workitemlinks" => json(&json!({"values": [], "isLastBatch": true})),
        path => updates(world, asked, path),
    }
}

pub(super) fn json(value: &Value) -> Reply {
    Reply::json(value.to_string())
}

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

fn wiql(world: &World, asked: &Asked) -> Reply {
    assert_eq!(asked.parameter("timePrecision").as_deref(), Some("true"));
    let query = asked.json()["query"].as_str().unwrap().to_owned();
    let since =
        between(&query, "[System.ChangedDate] >= '", "'").map(|at| Millis::parse(at).unwrap());
    let past = query.split_once(" AND ([System.ChangedDate] > ");
    let past = past.and_then(|(_, rest)| between(rest, "[System.Id] > ", ")")?.parse::<u64>().ok());
    let top = asked.parameter("$top").unwrap().parse().unwrap();
    let found = world
        .changed(since)
        .into_iter()
        .filter(|(id, item)| Some(item.updated) > since || past.is_none_or(|past| *id > past));
    let rows: Vec<Value> = found
        .take(top)
        .map(|(id, _)| json!({"id": id, "url": "x"}))
        .collect();
    json(&json!({"queryType": "flat", "asOf": world.now.rfc3339(), "workItems": rows}))
}

/// When an item was last changed, as of an instant.
fn changed(item: &Item, as_of: Millis) -> Millis {
    if item.updated <= as_of {
        return item.updated;
    }
    let before = item
        .moves
        .iter()
        .map(|step| step.at)
        .filter(|at| *at <= as_of);
    before.max().unwrap_or(item.created)
}

fn batch(world: &World, body: &Value) -> Reply {
    assert!(body["ids"].as_array().unwrap().len() <= 200);
    let as_of = body["asOf"]
        .as_str()
        .and_then(Millis::parse)
        .unwrap_or(world.now);
    let rows = body["ids"].as_array().unwrap().iter().map(|id| {
        let Some(item) = world.items.get(&id.as_u64().unwrap()) else {
            return Value::Null;
        };
        let rev = 1 + item.moves.iter().filter(|step| step.at <= as_of).count();
        let mut record = json!({"id": id, "rev": rev, "fields": {}});
        for name in body["fields"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            let at = match name {
                "System.ChangedDate" => changed(item, as_of),
                "System.CreatedDate" => item.created,
                _ => continue,
            };
            record["fields"][name] = at.rfc3339().into();
        }
        record
    });
    json(&json!({"value": rows.collect::<Vec<_>>()}))
}

fn updates(world: &World, asked: &Asked, path: &str) -> Reply {
    let id = path.split('/').nth(2).unwrap().parse().unwrap();
    let Some(item) = world.items.get(&id) else {
        return Reply::status(404);
    };
    let number = |name| asked.parameter(name).unwrap().parse::<usize>().unwrap();
    let all = all_updates(id, item);
    let page: Vec<&Value> = all
        .iter()
        .skip(number("$skip"))
        .take(number("$top"))
        .collect();
    json(&json!({"count": page.len(), "value": page}))
}

fn all_updates(id: u64, item: &Item) -> Vec<Value> {
    let mut updates = vec![
        json!({"id": 1, "rev": 1, "revisedDate": "9999-01-01T00:00:00Z", "fields": {
        "System.Id": {"newValue": id}, "System.State": {"newValue": STATES[0]},
        "System.Title": {"newValue": format!("item {id}")}, "System.AssignedTo": {},
        "System.CreatedDate": {"newValue": item.created.rfc3339()},
        "System.ChangedDate": {"newValue": item.created.rfc3339()}}}),
    ];
    for (at, step) in item.moves.iter().enumerate() {
        updates.push(
            json!({"id": at + 2, "rev": at + 2, "revisedDate": "9999-01-01T00:00:00Z", "fields": {
            "System.State": {"oldValue": STATES[step.from], "newValue": STATES[step.to]},
            "System.ChangedDate": {"newValue": step.at.rfc3339()}}}),
        );
    }
    // An update that counts as one, though nothing that is looked at changed.
    if item.updated > item.moves.last().map_or(item.created, |step| step.at) {
        updates.push(
            json!({"id": updates.len() + 1, "rev": updates.len() + 1, "fields": {
            "System.ChangedDate": {"newValue": item.updated.rfc3339()}}}),
        );
    }
    updates
}

fn revisions(world: &World, asked: &Asked) -> Reply {
    let fields = asked.parameter("fields").unwrap();
    assert!(
        fields.split(',').any(|name| name == "System.State"),
        "{fields}"
    );
    let mut all: Vec<(Millis, u64, usize, usize)> = Vec::new();
    for (id, item) in &world.items {
        for (at, (instant, status)) in item.told().into_iter().enumerate() {
            all.push((instant, *id, at + 1, status));
        }
    }
    all.sort_unstable();
    let start = asked.parameter("startDateTime");
    let start = start.and_then(|start| Millis::parse(&start));
    let skip = match asked.parameter("continuationToken") {
        Some(token) => {
            assert!(start.is_none(), "a start beside a token");
            token.parse().unwrap()
        }
        None => all.partition_point(|(at, ..)| Some(*at) < start),
    };
    let values: Vec<Value> = all
        .iter()
        .skip(skip)
        .take(REPORTED)
        .map(|(at, id, rev, status)| {
            json!({"id": id, "rev": rev, "fields": {
            "System.CreatedDate": world.items[id].created.rfc3339(),
            "System.ChangedDate": at.rfc3339(), "System.State": STATES[*status]}})
        })
        .collect();
    let reached = skip + values.len();
    json(
        &json!({"values": values, "continuationToken": reached.to_string(), "isLastBatch": reached >= all.len()}),
    )
}
