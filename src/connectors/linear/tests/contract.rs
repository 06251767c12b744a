//! Linear as the contract sees it.

use serde_json::{Value, json};

use super::name;
use crate::connectors::Connector;
use crate::connectors::contract::{Given, Imitation, Item, KEY, Kind, World, contract};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::linear::Linear;
use crate::model::time::Millis;

struct Imitated;

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = ["Todo", "In Progress", "Done"];
    const BASE: &'static str = "/linear";

    fn connector(given: Given) -> Box<dyn Connector> {
        let reach = given.reach("");
        Box::new(Linear::with(reach).unwrap())
    }

    fn answer(world: &World, asked: &Asked) -> Reply {
        let variables = &asked.json()["variables"];
        let data = match name(asked).as_str() {
            "List" => list(world, variables),
            "Issues" => issues(world, variables),
            "States" => json!({"workflowStates": {"nodes": (0..3).map(state).collect::<Value>(),
                "pageInfo": {"hasNextPage": false}}}),
            "Labels" => json!({"issueLabels": {"nodes": [], "pageInfo": {"hasNextPage": false}}}),
            _ => json!({"viewer": {"displayName": "ann"}}),
        };
        Reply::json(json!({ "data": data }).to_string())
    }

    fn id(number: u64) -> String {
        format!("issue-{number:05}")
    }

    fn kind(asked: &Asked) -> Kind {
        match name(asked).as_str() {
            "List" => Kind::List,
            "Issues" => Kind::Detail,
            _ => Kind::Other,
        }
    }

    fn is_known(asked: &Asked) -> bool {
        asked.header("authorization") == Some(KEY)
    }
}

contract!(Imitated);

fn state(status: usize) -> Value {
    json!({"id": format!("state-{status}"), "name": Imitated::STATUSES[status]})
}

fn list(world: &World, variables: &Value) -> Value {
    let since = variables["filter"]["updatedAt"]["gte"].as_str();
    let since = since.map(|text| Millis::parse(text).unwrap());
    let after = variables["after"]
        .as_str()
        .map_or(0, |text| text.parse().unwrap());
    let first: usize = variables["first"].to_string().parse().unwrap();
    let first = first.min(world.page);
    let changed = world.changed(since);
    let rows = changed.iter().skip(after).take(first);
    let rows: Value = rows
        .map(|(number, item)| json!({"id": Imitated::id(*number), "updatedAt": item.updated.rfc3339()}))
        .collect();
    let end = after + first;
    json!({"issues": {"nodes": rows, "pageInfo": {
        "hasNextPage": end < changed.len(), "endCursor": end.to_string()}}})
}

fn issues(world: &World, variables: &Value) -> Value {
    let ids = variables["ids"].as_array().unwrap();
    let found = world
        .items
        .iter()
        .filter(|(number, _)| ids.contains(&json!(Imitated::id(**number))));
    let nodes: Value = found.map(|(number, item)| issue(*number, item)).collect();
    json!({"issues": {"nodes": nodes}})
}

fn issue(number: u64, item: &Item) -> Value {
    let told = item.told();
    let ends = told.iter().skip(1).map(|(at, _)| Some(at.rfc3339()));
    let spans: Value = told
        .iter()
        .zip(ends.chain([None]))
        .enumerate()
        .map(|(at, ((from, status), end))| {
            json!({"id": format!("span-{number}-{at}"), "startedAt": from.rfc3339(), "endedAt": end,
                "stateId": state(*status)["id"]})
        })
        .collect();
    let history: Value = item
        .moves
        .iter()
        .map(|step| {
            json!({"id": format!("entry-{}", step.number), "createdAt": step.at.rfc3339(),
                "fromStateId": state(step.from)["id"], "toStateId": state(step.to)["id"]})
        })
        .collect();
    json!({
        "id": Imitated::id(number), "identifier": format!("ENG-{number}"), "title": "item",
        "createdAt": item.created.rfc3339(), "updatedAt": item.updated.rfc3339(),
        "state": state(item.status()), "history": {"nodes": history}, "stateHistory": {"nodes": spans},
    })
}
