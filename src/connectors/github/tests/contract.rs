//! GitHub as the contract sees it: a repository whose issues are open or closed.

use serde_json::{Value, json};

use crate::connectors::Connector;
use crate::connectors::contract::{Given, Imitation, Item, KEY, Kind, World, contract};
use crate::connectors::github::GitHub;
use crate::connectors::github::address::Places;
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::model::time::Millis;

struct Imitated;

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = ["open", "closed", "open"];
    const BASE: &'static str = "/api/v3";

    fn connector(given: Given) -> Box<dyn Connector> {
        let places = Places::of(&given.options.base).unwrap();
        let reach = given.reach("repo:acme/pay");
        Box::new(GitHub::with(reach, places).unwrap())
    }

    fn answer(world: &World, asked: &Asked) -> Reply {
        match asked.path() {
            "/api/v3/repos/acme/pay/issues" => list(world, asked),
            "/api/graphql" => graphql(world, &asked.json()),
            path => row_of(world, path),
        }
    }

    fn id(number: u64) -> String {
        format!("9#{number}")
    }

    fn kind(asked: &Asked) -> Kind {
        match asked.path() {
            "/api/v3/repos/acme/pay/issues" => Kind::List,
            "/api/graphql" if asked.json()["variables"]["ids"].is_array() => Kind::Detail,
            _ => Kind::Other,
        }
    }

    fn is_known(asked: &Asked) -> bool {
        asked.header("authorization") == Some(&format!("Bearer {KEY}"))
            && asked.header("x-github-api-version").is_some()
    }
}

contract!(Imitated);

fn list(world: &World, asked: &Asked) -> Reply {
    assert_eq!(asked.parameter("state").as_deref(), Some("all"));
    assert_eq!(asked.parameter("direction").as_deref(), Some("asc"));
    let since = asked.parameter("since");
    let changed = world.changed(since.map(|since| Millis::parse(&since).unwrap()));
    let number = |name| asked.parameter(name).and_then(|text| text.parse().ok());
    let size = number("per_page").unwrap_or(30).min(world.page);
    let page = number("page").unwrap_or(1);
    let rows = changed.iter().skip((page - 1) * size).take(size);
    let rows: Vec<Value> = rows.map(|(number, item)| row(*number, item)).collect();
    let reply = Reply::json(json!(rows).to_string());
    if changed.len() <= page * size {
        return reply;
    }
    let host = asked.header("host").unwrap();
    let next = format!(
        "<http://{host}/api/v3/repositories/9/issues?page={}>",
        page + 1
    );
    reply.with("Link", &format!("{next}; rel=\"next\""))
}

fn row(number: u64, item: &Item) -> Value {
    json!({
        "id": number + 1_000, "number": number, "node_id": format!("I_{number}"),
        "updated_at": item.updated.rfc3339(), "state": "open",
    })
}

fn row_of(world: &World, path: &str) -> Reply {
    let number = path.rsplit('/').next().and_then(|text| text.parse().ok());
    let item = number.and_then(|number| Some((number, world.items.get(&number)?)));
    match item {
        Some((number, item)) => Reply::json(row(number, item).to_string()),
        None => Reply::status(404),
    }
}

fn graphql(world: &World, question: &Value) -> Reply {
    let data = match question["variables"]["ids"].as_array() {
        Some(ids) => json!({"nodes": ids.iter().map(|id| node(world, id)).collect::<Vec<_>>()}),
        None if question["query"].as_str().unwrap().contains("viewer") => {
            json!({"viewer": {"login": "ann"}, "rateLimit": {"limit": 5_000, "remaining": 4_999}})
        }
        None => json!({"repository": {"databaseId": 9, "nameWithOwner": "acme/pay"}}),
    };
    Reply::json(json!({ "data": data }).to_string())
}

fn node(world: &World, id: &Value) -> Value {
    let number = id.as_str().unwrap().trim_start_matches("I_");
    let number = number.parse().unwrap();
    let Some(item) = world.items.get(&number) else {
        return Value::Null;
    };
    let events = item.moves.iter().filter_map(|step| {
        let what = ["ReopenedEvent", "ClosedEvent", "ReopenedEvent"][step.to];
        // From the third status to the first nothing happens: both are open.
        (step.from != 2).then(|| {
            json!({"__typename": what, "id": format!("E_{}", step.number),
                   "createdAt": step.at.rfc3339()})
        })
    });
    let is_closed = item.status() == 1;
    json!({
        "__typename": "Issue", "id": id, "number": number, "title": format!("item {number}"),
        "url": format!("https://github.com/acme/pay/issues/{number}"),
        "createdAt": item.created.rfc3339(), "updatedAt": item.updated.rfc3339(),
        "issueState": if is_closed { "CLOSED" } else { "OPEN" },
        "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
        "labels": {"nodes": []}, "assignees": {"nodes": []},
        "timelineItems": {"pageInfo": {"hasNextPage": false}, "nodes": events.collect::<Vec<_>>()},
    })
}
