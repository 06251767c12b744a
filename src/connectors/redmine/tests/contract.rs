//! Redmine as the contract sees it.

use serde_json::{Value, json};

use crate::connectors::Connector;
use crate::connectors::contract::{Given, Imitation, Item, KEY, Kind, World, contract};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::redmine::Redmine;
use crate::model::time::Millis;

struct Imitated;

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = ["New", "Doing", "Done"];
    const BASE: &'static str = "/r";

    fn connector(given: Given) -> Box<dyn Connector> {
        let reach = given.reach("");
        Box::new(Redmine::with(reach).unwrap())
    }

    fn answer(world: &World, asked: &Asked) -> Reply {
        match asked.path() {
            "/r/users/current.json" => json(&json!({"user": {"id": 4, "login": "ann"}})),
            "/r/issue_statuses.json" => named("issue_statuses", &Self::STATUSES),
            "/r/trackers.json" => named("trackers", &["Bug"]),
            "/r/enumerations/issue_priorities.json" => named("issue_priorities", &["Low"]),
            "/r/issues.json" => list(world, asked),
            path => detail(world, path),
        }
    }

    fn id(number: u64) -> String {
        number.to_string()
    }

    fn kind(asked: &Asked) -> Kind {
        match asked.path() {
            "/r/issues.json" => Kind::List,
            path if path.starts_with("/r/issues/") => Kind::Detail,
            _ => Kind::Other,
        }
    }

    fn is_known(asked: &Asked) -> bool {
        asked.header("x-redmine-api-key") == Some(KEY)
    }
}

contract!(Imitated);

fn json(value: &Value) -> Reply {
    Reply::json(value.to_string())
}

fn named(field: &str, names: &[&str]) -> Reply {
    let list: Vec<Value> = (1..)
        .zip(names)
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect();
    json(&json!({ field: list }))
}

fn list(world: &World, asked: &Asked) -> Reply {
    let since = asked.parameter("updated_on");
    let since = since.map(|text| Millis::parse(text.trim_start_matches(">=")).unwrap());
    let number = |name| asked.parameter(name).and_then(|text| text.parse().ok());
    let limit = number("limit").unwrap_or(25).min(world.page);
    let changed = world.changed(since);
    let page = changed
        .iter()
        .skip(number("offset").unwrap_or(0))
        .take(limit);
    let issues: Vec<Value> = page.map(|(id, item)| issue(*id, item)).collect();
    json(&json!({"issues": issues, "total_count": changed.len(), "limit": limit}))
}

fn detail(world: &World, path: &str) -> Reply {
    let id = path
        .trim_start_matches("/r/issues/")
        .trim_end_matches(".json");
    let found = id
        .parse()
        .ok()
        .and_then(|id| Some((id, world.items.get(&id)?)));
    let Some((id, item)) = found else {
        return Reply::status(404);
    };
    let mut issue = issue(id, item);
    let journals = item.moves.iter().map(|step| {
        let (old, new) = (step.from + 1, step.to + 1);
        json!({"id": step.number, "created_on": step.at.rfc3339(), "details": [
            {"property": "attr", "name": "status_id", "old_value": old.to_string(), "new_value": new.to_string()}
        ]})
    });
    issue["journals"] = journals.collect();
    json(&json!({ "issue": issue }))
}

fn issue(id: u64, item: &Item) -> Value {
    json!({
        "id": id, "subject": format!("item {id}"), "tracker": {"id": 1, "name": "Bug"},
        "status": {"id": item.status() + 1}, "project": {"id": 1, "name": "Cards"},
        "created_on": item.created.rfc3339(), "updated_on": item.updated.rfc3339(),
    })
}
