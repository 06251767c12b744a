//! GitLab as the contract sees it: labels are statuses.

use serde_json::{Value, json};

use crate::connectors::Connector;
use crate::connectors::contract::{Given, Imitation, Item, KEY, Kind, World, contract};
use crate::connectors::gitlab::GitLab;
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::model::time::Millis;

/// The issues of a project whose boards go by labels.
struct Imitated;

/// The path of the list.
const LIST: &str = "/git/api/v4/projects/acme%2Fapp/issues";

/// What is before a number, where an issue is asked for alone.
const BY_NUMBER: &str = "/git/api/v4/projects/7/issues";

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = ["to do", "doing", "done"];
    const BASE: &'static str = "/git";

    fn connector(given: Given) -> Box<dyn Connector> {
        let reach =
            given.reach("project:acme/app status-label:flow:: without:notes,links,milestones");
        Box::new(GitLab::with(reach).unwrap())
    }

    fn answer(world: &World, asked: &Asked) -> Reply {
        match asked.path() {
            LIST => list(world, asked),
            BY_NUMBER => {
                let number = asked.parameter("iids[]").and_then(|text| text.parse().ok());
                let found = number.and_then(|number| Some((number, world.items.get(&number)?)));
                let rows = found.map(|(number, item)| issue(number, item));
                json(&rows.into_iter().collect())
            }
            "/git/api/v4/projects/acme%2Fapp/labels" => json(&(0..3).map(label).collect()),
            "/git/api/v4/user" => json(&json!({"username": "ann"})),
            path => detail(world, path),
        }
    }

    fn id(number: u64) -> String {
        format!("issue/7/{number}")
    }

    fn kind(asked: &Asked) -> Kind {
        match asked.path() {
            LIST => Kind::List,
            path if path.ends_with("/resource_label_events") => Kind::Detail,
            _ => Kind::Other,
        }
    }

    fn is_known(asked: &Asked) -> bool {
        asked.header("private-token") == Some(KEY)
    }
}

contract!(Imitated);

fn json(value: &Value) -> Reply {
    Reply::json(value.to_string())
}

fn list(world: &World, asked: &Asked) -> Reply {
    let since = asked.parameter("updated_after");
    let since = since.map(|text| Millis::parse(&text).unwrap());
    let number = |name| asked.parameter(name).and_then(|text| text.parse().ok());
    let limit = number("per_page").unwrap_or(20).min(world.page);
    let page = number("page").unwrap_or(1);
    let changed = world.changed(since);
    let rows = changed.iter().skip((page - 1) * limit).take(limit);
    let rows = rows.map(|(number, item)| issue(*number, item)).collect();
    let reply = json(&rows).with("X-Total", &changed.len().to_string());
    if page * limit >= changed.len() {
        return reply;
    }
    let mut next = asked.url.clone();
    let pairs: Vec<(String, String)> = next.query_pairs().into_owned().collect();
    let pairs = pairs.iter().filter(|(name, _)| name != "page");
    next.query_pairs_mut()
        .clear()
        .extend_pairs(pairs)
        .append_pair("page", &(page + 1).to_string());
    let host = asked.header("host").unwrap();
    let next = next.as_str().replacen("stand-in", host, 1);
    reply.with("Link", &format!("<{next}>; rel=\"next\""))
}

fn label(status: usize) -> Value {
    json!({"id": status + 30, "name": format!("flow::{}", Imitated::STATUSES[status])})
}

fn issue(number: u64, item: &Item) -> Value {
    json!({
        "id": 1_000 + number, "iid": number, "project_id": 7, "title": format!("item {number}"),
        "state": "opened", "labels": [label(item.status())], "issue_type": "issue",
        "created_at": item.created.rfc3339(), "updated_at": item.updated.rfc3339(),
        "references": {"short": format!("#{number}"), "full": format!("acme/app#{number}")},
    })
}

fn detail(world: &World, path: &str) -> Reply {
    let mut steps = path.trim_start_matches(BY_NUMBER).split('/').skip(1);
    let number = steps.next().and_then(|number| number.parse().ok());
    let Some(item) = number.and_then(|number: u64| world.items.get(&number)) else {
        return Reply::status(404);
    };
    if steps.next() != Some("resource_label_events") {
        return json(&json!([]));
    }
    let birth =
        json!({"id": 1, "created_at": item.created.rfc3339(), "action": "add", "label": label(0)});
    let moves = item.moves.iter().flat_map(|step| {
        let event = |half: u64, action: &str, status| {
            json!({"id": step.number * 2 + half, "created_at": step.at.rfc3339(),
                "action": action, "label": label(status)})
        };
        [event(0, "add", step.to), event(1, "remove", step.from)]
    });
    json(&std::iter::once(birth).chain(moves).collect())
}
