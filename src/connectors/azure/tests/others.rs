//! Deleted work items, pull requests, builds, deployments.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::server::{json, path};
use super::{Reader, list};
use crate::connectors::collected::{fact, moves};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

fn when(text: &str) -> i64 {
    Millis::parse(text).unwrap().0
}

fn told(events: &BTreeMap<String, Event>) -> Vec<(i64, String)> {
    moves(events, &BTreeMap::new())
}

fn has(events: &BTreeMap<String, Event>, change: &Change) -> bool {
    events.values().any(|event| event.change == *change)
}

fn bin(asked: &Asked) -> Reply {
    match (path(asked), asked.parameter("ids")) {
        ("wit/wiql", _) => json(&json!({"workItems": []})),
        ("wit/recyclebin", None) => list(json!([{"id": 3}, {"id": 4}, {"id": "odd"}])),
        ("wit/recyclebin", Some(ids)) => {
            assert_eq!(ids, "3,4");
            list(json!([
                {"id": "3", "type": "Bug", "project": "Pay", "deletedDate": "3/2/2026 9:00:00 AM"},
                {"id": 4, "type": "Task", "project": "Pay", "deletedDate": "2026-03-02T09:30:00Z"},
            ]))
        }
        (path, _) => panic!("{path}"),
    }
}

#[tokio::test]
async fn deleted_items_are_found_in_the_recycle_bin() {
    let reader = Reader::new("project:Pay type:bug", bin);
    let sink = reader.read(None).await;
    let items: Vec<_> = sink.batches.iter().flat_map(|batch| &batch.items).collect();
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].item.as_str(), items[0].replace), ("3", false));
    assert_eq!(items[0].events[0].change, Change::Deleted);
    assert_eq!(items[0].events[0].at.0, when("2026-03-02T09:00:00Z"));
    // What is known is not asked about again.
    let before = reader.server.asked().len();
    let again = reader.read(sink.cursor()).await;
    assert_eq!(reader.server.asked().len() - before, 2);
    assert_eq!(again.batches.len(), 0);
}

fn pull(number: u64, over: &Value) -> Value {
    let mut pull = json!({
        "pullRequestId": number, "status": "active", "isDraft": false,
        "creationDate": "2026-03-01T10:00:00.6424314Z", "title": "PAY-3 retries",
        "description": "Closes AB#7", "sourceRefName": "refs/heads/pay-3-retries",
        "repository": {"id": "r-1", "name": "cards"}, "createdBy": {"id": "ann", "displayName": "Ann"},
        "labels": [{"name": "feature"}],
    });
    let over = over.as_object().unwrap().clone();
    pull.as_object_mut().unwrap().extend(over);
    pull
}

fn voted(id: u64, at: &str, vote: &str) -> Value {
    json!({"id": id, "publishedDate": at, "properties": {
        "CodeReviewThreadType": {"$value": "VoteUpdate"}, "CodeReviewVoteResult": {"$value": vote},
        "CodeReviewVotedByIdentity": {"$value": "1"}}, "identities": {"1": {"id": "bob"}}})
}

#[tokio::test]
async fn pull_requests_are_items_with_their_review() {
    let reader = Reader::new("project:Pay read:pull-requests", |asked| {
        match path(asked) {
            "git/pullrequests"
                if asked.parameter("searchCriteria.status").as_deref() == Some("active") =>
            {
                list(json!([]))
            }
            "git/pullrequests" => list(json!([pull(12, &json!({
            "status": "completed", "closedDate": "2026-03-01T12:00:00Z"})), {"odd": 1}])),
            "git/repositories/r-1/pullRequests/12/threads" => {
                list(json!([voted(1, "2026-03-01T11:00:00Z", "10")]))
            }
            path => panic!("{path}"),
        }
    });
    let sink = reader.read(None).await;
    assert_eq!(sink.oddities.len(), 1);
    let kept = sink.kept();
    let events = &kept["pull.12"];
    assert_eq!(
        told(events),
        [
            (when("2026-03-01T10:00:00.642Z"), "open".to_owned()),
            (when("2026-03-01T11:00:00Z"), "approved".to_owned()),
            (when("2026-03-01T12:00:00Z"), "merged".to_owned()),
        ]
    );
    for (name, value) in [
        ("type", "pull request"),
        ("key", "!12"),
        ("branch", "pay-3-retries"),
        ("mentions", "#7\u{1f}PAY-3"),
        ("label", "feature"),
        ("assignee", "Ann"),
        ("repository", "cards"),
    ] {
        assert_eq!(fact(events, name).as_deref(), Some(value), "{name}");
    }
    let url = fact(events, "url").unwrap();
    assert!(
        url.ends_with("/acme/Pay/_git/cards/pullrequest/12"),
        "{url}"
    );
    let again = reader.read(sink.cursor()).await;
    assert_eq!(again.batches.len(), 0);
    let last = reader.server.asked().pop().unwrap();
    assert_eq!(
        last.parameter("searchCriteria.queryTimeRangeType")
            .as_deref(),
        Some("closed")
    );
}

#[tokio::test]
async fn an_active_pull_request_is_read_again_when_it_looks_different() {
    let seen = Arc::new(AtomicUsize::new(0));
    let shared = Arc::clone(&seen);
    let reader = Reader::new("project:Pay read:pull-requests", move |asked| {
        let votes = shared.load(Ordering::Relaxed);
        match path(asked) {
            "git/pullrequests"
                if asked
                    .parameter("searchCriteria.queryTimeRangeType")
                    .is_some() =>
            {
                list(json!([]))
            }
            "git/pullrequests" => list(json!([pull(
                12,
                &json!({"reviewers": [{"id": "bob", "vote": votes}]})
            )])),
            _ if votes == 0 => list(json!([])),
            _ => list(json!([voted(1, "2026-03-01T11:00:00Z", "-5")])),
        }
    });
    let threads = |reader: &Reader| {
        let paths = reader.server.paths();
        paths
            .iter()
            .filter(|path| path.ends_with("/threads"))
            .count()
    };
    let first = reader.read(None).await;
    assert_eq!(threads(&reader), 1);
    seen.store(5, Ordering::Relaxed);
    let second = reader.read(first.cursor()).await;
    let kept = second.kept();
    let statuses: Vec<String> = told(&kept["pull.12"])
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(statuses, ["open", "waiting for author"]);
}

fn build(id: u64, finished: &str, result: &str) -> Value {
    json!({"id": id, "buildNumber": format!("2026.{id}"), "status": "completed", "result": result,
        "queueTime": "2026-03-01T10:00:00Z", "startTime": "2026-03-01T10:01:00Z", "finishTime": finished,
        "definition": {"name": "cards-ci"}, "sourceBranch": "refs/heads/main", "sourceVersion": "40c5",
        "triggerInfo": {"ci.message": "PAY-3 merged"}, "repository": {"name": "cards"}})
}

#[tokio::test]
async fn builds_are_paged_by_their_token() {
    let reader = Reader::new("project:Pay read:builds", |asked| {
        assert_eq!(path(asked), "build/builds");
        assert_eq!(
            asked.parameter("queryOrder").as_deref(),
            Some("finishTimeAscending")
        );
        match asked.parameter("continuationToken").as_deref() {
            None if asked.parameter("minTime").is_some() => list(json!([])),
            None => list(json!([build(1, "2026-03-01T10:05:00Z", "succeeded")]))
                .with("x-ms-continuationtoken", "later"),
            Some("later") => list(json!([build(
                2,
                "2026-03-01T10:09:00Z",
                "partiallySucceeded"
            )])),
            Some(token) => panic!("{token}"),
        }
    });
    let sink = reader.read(None).await;
    let kept = sink.kept();
    let statuses: Vec<String> = told(&kept["build.2"])
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(statuses, ["queued", "running", "partially succeeded"]);
    assert_eq!(fact(&kept["build.1"], "sha").as_deref(), Some("40c5"));
    assert_eq!(fact(&kept["build.1"], "branch").as_deref(), Some("main"));
    assert_eq!(fact(&kept["build.1"], "mentions").as_deref(), Some("PAY-3"));
    assert_eq!(fact(&kept["build.1"], "type").as_deref(), Some("build"));
    assert_eq!(reader.read(sink.cursor()).await.batches.len(), 0);
}

#[tokio::test]
async fn deployments_of_every_environment_are_read() {
    let record = |id: u64, result: &Value| {
        json!({"id": id, "definition": {"name": "cards"}, "owner": {"id": 40 + id, "name": "2026.1"},
            "stageName": "prod", "queueTime": "2026-03-01T10:00:00Z", "startTime": "2026-03-01T10:02:00Z",
            "finishTime": "2026-03-01T10:04:00Z", "result": result})
    };
    let reader = Reader::new("project:Pay read:deployments", move |asked| {
        match path(asked) {
            "distributedtask/environments" => {
                list(json!([{"id": 1, "name": "test"}, {"id": 2, "name": "production"}]))
            }
            "distributedtask/environments/1/environmentdeploymentrecords" => {
                list(json!([record(5, &json!("failed"))]))
            }
            "distributedtask/environments/2/environmentdeploymentrecords" => {
                match asked.parameter("continuationToken") {
                    None => list(json!([record(6, &json!("succeeded"))]))
                        .with("x-ms-continuationtoken", "6"),
                    Some(_) => list(json!([record(4, &json!("succeeded"))])),
                }
            }
            path => panic!("{path}"),
        }
    });
    let sink = reader.read(None).await;
    let kept = sink.kept();
    assert_eq!(
        kept.keys().collect::<Vec<_>>(),
        ["deployment.4", "deployment.5", "deployment.6"]
    );
    let production = Change::Deployed {
        environment: "production".to_owned(),
    };
    assert!(has(&kept["deployment.6"], &production) && has(&kept["deployment.4"], &production));
    assert!(
        !kept["deployment.5"]
            .values()
            .any(|event| matches!(event.change, Change::Deployed { .. }))
    );
    assert_eq!(
        fact(&kept["deployment.5"], "environment").as_deref(),
        Some("test")
    );
    let tie = Change::Linked {
        kind: "build".to_owned(),
        to: "build.46".to_owned(),
    };
    assert!(has(&kept["deployment.6"], &tie));
    assert_eq!(reader.read(sink.cursor()).await.batches.len(), 0);
}

#[tokio::test]
async fn classic_releases_are_deployments_too() {
    let reader = Reader::new("project:Pay read:releases", |asked| {
        assert_eq!(path(asked), "release/deployments");
        list(
            json!([{"id": 9, "release": {"id": 3, "name": "Release-3", "webAccessUri": "https://a.example/3",
                "artifacts": [{"definitionReference": {"version": {"id": "44"}, "branch": {"id": "refs/heads/main"},
                    "sourceVersion": {"id": "40c5"}}}]},
            "releaseEnvironment": {"name": "production"}, "releaseDefinition": {"name": "cards"},
            "deploymentStatus": "succeeded", "queuedOn": "2026-03-01T10:00:00Z", "startedOn": "2026-03-01T10:02:00Z",
            "completedOn": "2026-03-01T10:04:00Z", "lastModifiedOn": "2026-03-01T10:04:01Z"},
            {"id": 10, "deploymentStatus": "inProgress", "queuedOn": "2026-03-02T11:59:00Z",
                "startedOn": "2026-03-02T11:59:30Z", "lastModifiedOn": "2026-03-02T11:59:30Z"}]),
        )
    });
    let kept = reader.read(None).await.kept();
    let production = Change::Deployed {
        environment: "production".to_owned(),
    };
    assert!(has(&kept["release.9"], &production));
    assert_eq!(fact(&kept["release.9"], "sha").as_deref(), Some("40c5"));
    assert_eq!(
        fact(&kept["release.9"], "type").as_deref(),
        Some("deployment")
    );
    let statuses: Vec<String> = told(&kept["release.10"])
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(statuses, ["queued", "running"]);
}

#[tokio::test]
async fn without_a_project_all_projects_are_read() {
    let reader = Reader::new("read in (pull-requests, builds)", |asked| {
        match path(asked) {
            "projects" => list(json!([{"name": "Pay"}, {"name": "Shop & Co"}])),
            _ => list(json!([])),
        }
    });
    reader.read(None).await;
    // First the projects; then their lists, at once.
    let mut asked = reader.server.paths();
    asked[1..].sort_unstable();
    let expected = [
        "/acme/_apis/projects",
        "/acme/Pay/_apis/build/builds",
        "/acme/Pay/_apis/git/pullrequests",
        "/acme/Shop%20&%20Co/_apis/build/builds",
        "/acme/Shop%20&%20Co/_apis/git/pullrequests",
    ];
    assert_eq!(asked, expected);
}
