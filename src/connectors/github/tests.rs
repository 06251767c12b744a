mod contract;
mod official;
mod recorded;
mod runs;
mod whole;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::address::Places;
use super::{GitHub, questions};
use crate::clock::FixedClock;
use crate::connectors::collected::{Collected, Kept, moves};
use crate::connectors::http::HttpOptions;
use crate::connectors::http::stand_in::{Asked, Hurried, Reply, StandIn};
use crate::connectors::sync::Reach;
use crate::connectors::{Connector, Fault, SecretSource, TrackerSettings};
use crate::model::batch::Cursor;
use crate::model::event::Change;
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// What a request asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Viewer,
    Repository,
    Repositories,
    Project,
    Board,
    Nodes,
    More,
    Deployments,
    Carried,
    /// Anything in REST.
    Rest,
}

const QUESTIONS: [(&str, Asks); 11] = [
    (questions::VIEWER, Asks::Viewer),
    (questions::REPOSITORY, Asks::Repository),
    (questions::REPOSITORIES, Asks::Repositories),
    (questions::PROJECT, Asks::Project),
    (questions::BOARD, Asks::Board),
    (questions::NODES, Asks::Nodes),
    (questions::NODES_ON_BOARD, Asks::Nodes),
    (questions::MORE, Asks::More),
    (questions::MORE_ON_BOARD, Asks::More),
    (questions::DEPLOYMENTS, Asks::Deployments),
    (questions::CARRIED, Asks::Carried),
];

impl Asks {
    fn of(asked: &Asked) -> Self {
        if asked.path() != "/api/graphql" {
            return Self::Rest;
        }
        let question = asked.json();
        let text = question["query"].as_str().unwrap();
        let known = QUESTIONS.iter().find(|(known, _)| *known == text);
        known.unwrap().1
    }
}

/// A host that answers the plain questions itself and leaves the others to the test.
fn host(mut answer: impl FnMut(Asks, &Asked) -> Reply + Send + 'static) -> StandIn {
    StandIn::new(move |asked| {
        let data = match Asks::of(asked) {
            Asks::Repository => {
                let name = asked.json()["variables"]["name"]
                    .as_str()
                    .unwrap()
                    .to_owned();
                let number = if name == "pay" { 9 } else { 8 };
                json!({"repository": {"databaseId": number, "nameWithOwner": format!("acme/{name}")}})
            }
            Asks::Project => json!({"repositoryOwner": {"projectV2": {"id": "P", "title": "Pay"}}}),
            Asks::Viewer => json!({"viewer": {"login": "ann"}}),
            asks => return dated(answer(asks, asked)),
        };
        dated(said(&data))
    })
}

fn dated(reply: Reply) -> Reply {
    reply.with("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
}

fn said(data: &Value) -> Reply {
    Reply::json(json!({ "data": data }).to_string())
}

/// A connector, and the file its token is in.
struct Reader {
    github: GitHub,
    _token: NamedTempFile,
}

impl Reader {
    fn new(host: &StandIn, query: &str) -> Self {
        let mut token = NamedTempFile::new().unwrap();
        writeln!(token, "ghp_0123456789").unwrap();
        let settings = TrackerSettings {
            url: host.url("/"),
            user: None,
            token: SecretSource::File(token.path().to_owned()),
            query: query.to_owned(),
            fields: BTreeMap::new(),
            ca_file: None,
        };
        let places = Places::of(&settings.url).unwrap();
        let options = HttpOptions {
            tempo: Hurried::new(),
            ..HttpOptions::of(places.rest.clone())
        };
        let clock = Arc::new(FixedClock(Millis(0)));
        Self {
            github: GitHub::with(
                Reach::with(SourceName::new("g"), settings, options, clock).unwrap(),
                places,
            )
            .unwrap(),
            _token: token,
        }
    }

    async fn sync(&self, cursor: Option<Cursor>) -> (Collected, Result<(), Fault>) {
        let mut sink = Collected::default();
        let cancel = CancellationToken::new();
        let outcome = self.github.sync(cursor, &mut sink, &cancel).await;
        (sink, outcome)
    }

    /// Reads what must be readable.
    async fn read(&self, cursor: Option<Cursor>) -> Collected {
        let (sink, outcome) = self.sync(cursor).await;
        assert_eq!(outcome, Ok(()));
        sink
    }
}

/// An instant of the morning, from hours and minutes.
fn at(time: &str) -> String {
    format!("2026-11-23T{time}:00Z")
}

/// "08:00 open, 09:00 closed" by item.
fn told(kept: &Kept) -> BTreeMap<&str, String> {
    let told = kept.iter().map(|(id, events)| {
        let moves = moves(events, &BTreeMap::new());
        let moves = moves.iter().map(|(at, status)| {
            let text = Millis(*at).rfc3339();
            format!("{} {status}", &text[11..16])
        });
        (id.as_str(), moves.collect::<Vec<_>>().join(", "))
    });
    told.collect()
}

/// The ties of an item.
fn links(kept: &Kept, id: &str) -> Vec<String> {
    let links = kept[id].values().filter_map(|event| match &event.change {
        Change::Linked { kind, to } => Some(format!("{kind} {to}")),
        _ => None,
    });
    links.collect()
}

/// A row of the list of issues.
fn row(number: u64, updated: &str, is_pull: bool) -> Value {
    let mut row =
        json!({"number": number, "node_id": format!("N{number}"), "updated_at": at(updated)});
    if is_pull {
        row["pull_request"] = json!({"url": "any"});
    }
    row
}

/// A node with these events, updated at 09:00.
fn node(id: &str, what: &str, events: &[Value]) -> Value {
    let number: u64 = id[1..].parse().unwrap();
    json!({
        "__typename": what, "id": id, "number": number, "title": format!("item {number}"),
        "createdAt": at("08:00"), "updatedAt": at("09:00"), "issueState": "OPEN",
        "pullState": "OPEN", "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
        "timelineItems": {"nodes": events, "pageInfo": {"hasNextPage": false, "endCursor": null}},
    })
}

fn event(id: &str, what: &str, time: &str) -> Value {
    json!({"__typename": what, "id": id, "createdAt": at(time)})
}

/// The node ids that a question asks for.
fn ids(asked: &Asked) -> Vec<String> {
    let question = asked.json();
    let ids = question["variables"]["ids"].as_array().unwrap();
    ids.iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}
