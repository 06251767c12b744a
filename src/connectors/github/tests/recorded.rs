//! Answers that github.com once gave. `WEIR_SHARED` names the folder that holds `data/github`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Asks, Reader, host, ids, said};
use crate::connectors::collected::{Collected, Kept, moves};
use crate::connectors::http::stand_in::{Reply, StandIn};
use crate::connectors::sync::session;
use crate::model::event::Change;
use crate::model::time::Millis;

fn read(name: &str) -> String {
    let folder = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    std::fs::read_to_string(format!("{folder}/data/github/{name}")).unwrap()
}

/// The payloads of a file of recorded lines.
fn payloads(name: &str) -> Vec<Value> {
    let lines = read(name);
    let lines = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.map(|line| line["data"].clone()).collect()
}

/// What GraphQL says of an event that REST told.
fn in_graphql(event: &Value) -> Option<Value> {
    let what = match event["event"].as_str().unwrap() {
        "labeled" => "LabeledEvent",
        "assigned" => "AssignedEvent",
        "closed" => "ClosedEvent",
        "renamed" => "RenamedTitleEvent",
        "ready_for_review" => "ReadyForReviewEvent",
        _ => return None,
    };
    Some(json!({
        "__typename": what, "id": event["node_id"], "createdAt": event["created_at"],
        "label": event["label"], "assignee": event["assignee"],
        "previousTitle": event["rename"]["from"], "currentTitle": event["rename"]["to"],
    }))
}

/// What GraphQL says of an issue or a pull request that REST told.
fn node(row: &Value, events: &[Value]) -> Value {
    let merged = [&row["merged_at"], &row["pull_request"]["merged_at"]];
    let merged = merged
        .into_iter()
        .find(|at| at.is_string())
        .cloned()
        .unwrap_or_default();
    let is_pull = row.get("pull_request").is_some() || row.get("head").is_some();
    let state = match (row["state"].as_str().unwrap(), merged.is_string()) {
        (_, true) => "MERGED",
        ("closed", _) => "CLOSED",
        _ => "OPEN",
    };
    let own = events
        .iter()
        .filter(|event| event["issue"]["number"] == row["number"]);
    let timeline: Vec<Value> = own.filter_map(in_graphql).collect();
    json!({
        "__typename": if is_pull { "PullRequest" } else { "Issue" }, "id": row["node_id"],
        "number": row["number"], "title": row["title"], "createdAt": row["created_at"],
        "updatedAt": row["updated_at"], "closedAt": row["closed_at"], "mergedAt": merged,
        "issueState": state, "pullState": state, "isDraft": row["draft"], "body": row["body"],
        "headRefName": row["head"]["ref"], "author": row["user"],
        "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
        "labels": {"nodes": row["labels"]}, "assignees": {"nodes": row["assignees"]},
        "timelineItems": {"nodes": timeline, "pageInfo": {"hasNextPage": false}},
    })
}

/// A host with these rows, as often as they come, and these events.
fn recorded(mut rows: Vec<Value>, events: Vec<Value>) -> StandIn {
    rows.sort_by_key(|row| row["updated_at"].as_str().unwrap().to_owned());
    host(move |asks, asked| {
        if asks == Asks::Rest {
            let since = asked.parameter("since").unwrap_or_default();
            let from = |row: &&Value| row["updated_at"].as_str().unwrap() >= since.as_str();
            let page: usize = asked
                .parameter("page")
                .map_or(1, |page| page.parse().unwrap());
            let listed: Vec<Value> = rows.iter().filter(from).cloned().collect();
            let shown: Vec<Value> = listed
                .iter()
                .skip((page - 1) * 10)
                .take(10)
                .cloned()
                .collect();
            let reply = Reply::json(json!(shown).to_string());
            if listed.len() <= page * 10 {
                return reply;
            }
            let host = asked.header("host").unwrap();
            reply.with("Link", &format!("<http://{host}/next>; rel=\"next\""))
        } else {
            let nodes = ids(asked).into_iter().map(|id| {
                let row = rows.iter().find(|row| row["node_id"] == id.as_str());
                row.map_or(Value::Null, |row| node(row, &events))
            });
            said(&json!({"nodes": nodes.collect::<Vec<_>>()}))
        }
    })
}

async fn all(rows: Vec<Value>, events: Vec<Value>) -> Collected {
    let host = recorded(rows, events);
    Reader::new(&host, "repo:acme/pay").read(None).await
}

/// The last move of each item.
fn ends(kept: &Kept) -> BTreeMap<u64, (String, String)> {
    let ends = kept.iter().map(|(id, events)| {
        let (at, status) = moves(events, &BTreeMap::new()).pop().unwrap();
        let number = id.trim_start_matches("9#").parse().unwrap();
        (number, (status, Millis(at).rfc3339()))
    });
    ends.collect()
}

/// The values of a fact of an item, in order.
fn values(kept: &Kept, id: &str, name: &str) -> Vec<(String, Option<String>)> {
    let mut events: Vec<_> = kept[id].values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    let values = events.into_iter().filter_map(|event| match &event.change {
        Change::Set { fact, new, .. } if fact == name => Some((event.at.rfc3339(), new.clone())),
        _ => None,
    });
    values.collect()
}

fn types(kept: &Kept) -> BTreeMap<String, usize> {
    let mut types = BTreeMap::new();
    for id in kept.keys() {
        let kind = values(kept, id, "type").pop().unwrap().1.unwrap();
        *types.entry(kind).or_default() += 1;
    }
    types
}

#[tokio::test]
#[ignore = "needs recorded answers"]
async fn a_list_that_repeats_a_row_and_has_pull_requests_in_it_counts_each_once() {
    let rows = payloads("ants_issues.jsonl");
    assert_eq!(rows.len(), 42);
    let expected: BTreeMap<u64, (String, String)> = rows
        .iter()
        .map(|row| {
            let is_merged = row["pull_request"]["merged_at"].is_string();
            let status = if is_merged { "merged" } else { "closed" };
            let at = row["closed_at"].as_str().unwrap().to_owned();
            (row["number"].as_u64().unwrap(), (status.to_owned(), at))
        })
        .collect();
    let sink = all(rows, Vec::new()).await;
    let kept = sink.kept();
    assert_eq!(ends(&kept), expected);
    let counts = [("issue".to_owned(), 26), ("pull request".to_owned(), 15)];
    assert_eq!(types(&kept), counts.into());
    let handed: usize = sink.batches.iter().map(|batch| batch.items.len()).sum();
    assert_eq!((handed, sink.oddities.len()), (41, 0));
}

#[tokio::test]
#[ignore = "needs recorded answers"]
async fn pull_requests_end_as_they_ended() {
    let rows = payloads("ants_pull_requests.jsonl");
    let kept = all(rows, Vec::new()).await.kept();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (status, _) in ends(&kept).into_values() {
        *counts.entry(status).or_default() += 1;
    }
    let expected = [("closed", 19), ("merged", 26), ("open", 4)];
    assert_eq!(
        counts,
        expected
            .map(|(status, count)| (status.to_owned(), count))
            .into()
    );
    assert!(kept.keys().all(|id| values(&kept, id, "branch").len() == 1));
}

#[tokio::test]
#[ignore = "needs recorded answers"]
async fn events_give_the_histories_worked_out_by_hand() {
    let events = payloads("ants_events.jsonl");
    let rows: Vec<Value> = events.iter().map(|event| event["issue"].clone()).collect();
    let numbers: BTreeSet<u64> = rows
        .iter()
        .filter_map(|row| row["number"].as_u64())
        .collect();
    let kept = all(rows, events).await.kept();
    assert_eq!(kept.len(), numbers.len());
    let ends = ends(&kept);
    for (number, status, at) in [
        (228, "closed", "2022-06-09T01:42:11Z"),
        (226, "closed", "2022-05-22T10:46:11Z"),
        // Its timeline says a second later than itself.
        (217, "closed", "2022-05-07T14:45:36Z"),
        (206, "merged", "2022-01-31T02:49:03Z"),
        (211, "open", "2022-02-07T21:31:56Z"),
    ] {
        assert_eq!(
            ends[&number],
            (status.to_owned(), at.to_owned()),
            "{number}"
        );
    }
    let labels = values(&kept, "9#228", "label");
    let last = (
        "2022-06-02T08:13:04Z".to_owned(),
        Some("help wanted\u{1f}question".to_owned()),
    );
    assert_eq!(labels.last(), Some(&last));
    let titles = values(&kept, "9#228", "title");
    assert_eq!(titles.len(), 2);
    assert_eq!(titles[1].0, "2022-06-02T08:13:57Z");
    let whom = values(&kept, "9#228", "assignee");
    assert_eq!(
        whom,
        [(
            "2022-06-02T08:13:04Z".to_owned(),
            Some("panjf2000".to_owned())
        )]
    );
}

#[tokio::test]
#[ignore = "needs recorded answers"]
async fn recorded_pages_are_followed_on_the_same_host_alone() {
    let recorded: Vec<Value> =
        serde_json::from_str(&read("recorded_http_paginate_issues.json")).unwrap();
    let pages: Vec<Value> = recorded
        .into_iter()
        .filter(|one| one["method"] == "get")
        .collect();
    let first = pages[0]["path"].as_str().unwrap().to_owned();
    for is_own in [true, false] {
        let pages = pages.clone();
        let host = StandIn::new(move |asked| {
            let path = format!("{}?{}", asked.path(), asked.url.query().unwrap());
            let page = pages
                .iter()
                .find(|page| page["path"] == path.as_str())
                .unwrap();
            let headers = page["rawHeaders"].as_array().unwrap();
            let link = headers
                .iter()
                .position(|name| name == "Link")
                .map(|at| at + 1);
            let link = link.map_or("", |at| headers[at].as_str().unwrap());
            let own = format!("http://{}", asked.header("host").unwrap());
            let link = if is_own {
                link.replace("https://api.github.com", &own)
            } else {
                link.to_owned()
            };
            Reply::json(page["response"].to_string()).with("Link", &link)
        });
        let reader = Reader::new(&host, "repo:acme/pay");
        let cancel = CancellationToken::new();
        let session = session(&reader.github, &cancel).await.unwrap();
        let mut url = host.url(&first);
        let mut numbers = Vec::new();
        let outcome = loop {
            match session.get::<Vec<Value>>(&url).await {
                Err(fault) => break Err(fault),
                Ok(answer) => {
                    numbers.extend(answer.value.iter().filter_map(|row| row["number"].as_u64()));
                    match answer.next {
                        Some(next) => url = next,
                        None => break Ok(()),
                    }
                }
            }
        };
        if is_own {
            assert_eq!(outcome, Ok(()));
            assert_eq!(numbers, (1..=13).rev().collect::<Vec<_>>());
        } else {
            let said = outcome.unwrap_err().to_string();
            assert!(
                said.contains("another host, where the key is not sent"),
                "{said}"
            );
        }
    }
}
