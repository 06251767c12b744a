//! Recorded answers of gitlab.com, against histories worked out by hand.
//!
//! Run by hand: `WEIR_SHARED=… cargo test --lib recorded -- --ignored`; the variable names the
//! folder that holds `data/gitlab`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Server, gitlab};
use crate::connectors::Connector;
use crate::connectors::collected::{Collected, fact, moves};
use crate::connectors::http::stand_in::Reply;
use crate::model::time::Millis;

const QUERY: &str =
    "project:12345678 issues merge-requests deployments status-label:\"workflow::\"";

/// Instants and statuses of some, read off the recorded answers.
const HISTORIES: &[(&str, &[(&str, &str)])] = &[
    (
        "issue/12345678/1",
        &[
            ("2019-06-20T15:04:58.946Z", "opened"),
            ("2019-06-28T14:32:05.376Z", "closed"),
        ],
    ),
    (
        "issue/12345678/3",
        &[("2019-08-07T13:52:40.231Z", "opened")],
    ),
    (
        "issue/12345678/11",
        &[
            ("2020-07-15T16:49:44.079Z", "4 - scheduled"),
            ("2020-07-24T21:13:37.403Z", "closed"),
        ],
    ),
    (
        "issue/12345678/12",
        &[
            ("2020-07-27T14:19:40.700Z", "X - blocked"),
            ("2020-09-22T22:08:20.103Z", "closed"),
        ],
    ),
    (
        "merge-request/12345678/1",
        &[
            ("2019-06-28T05:21:43.743Z", "draft"),
            ("2019-06-28T10:55:26.170Z", "open"),
            ("2019-06-28T14:32:06.279Z", "merged"),
        ],
    ),
    (
        "merge-request/12345678/5",
        &[
            ("2020-03-24T12:46:15.891Z", "open"),
            ("2020-03-25T18:36:45.801Z", "merged"),
        ],
    ),
    (
        "merge-request/12345678/13",
        &[
            ("2020-08-27T20:17:01.825Z", "open"),
            ("2020-08-27T20:20:08.150Z", "closed"),
        ],
    ),
    (
        "merge-request/12345678/20",
        &[
            ("2022-03-15T03:07:06.077Z", "draft"),
            ("2022-03-15T03:07:22.665Z", "closed"),
        ],
    ),
    (
        "merge-request/12345678/21",
        &[("2022-06-03T09:24:53.707Z", "draft")],
    ),
    (
        "deployment/12345678/13426753",
        &[
            ("2019-03-13T14:14:24.109Z", "created"),
            ("2019-03-13T14:17:33.559Z", "running"),
            ("2019-03-13T14:17:47.640Z", "success"),
        ],
    ),
];

fn recorded(file: &str) -> Vec<Value> {
    let folder = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    let path = PathBuf::from(folder).join("data/gitlab").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["data"].clone())
        .collect()
}

/// A server that answers with what was recorded.
fn server() -> Server {
    let server = Server::new();
    let list = |rows: Vec<Value>| Reply::json(Value::from(rows).to_string());
    server.instead(
        "projects/12345678",
        [Reply::json(json!({"id": 12_345_678}).to_string())],
    );
    server.instead("12345678/issues", [list(recorded("issues.jsonl"))]);
    server.instead(
        "12345678/merge_requests",
        [list(recorded("merge_requests.jsonl"))],
    );
    server.instead(
        "12345678/deployments",
        [list(recorded("deployments.jsonl"))],
    );
    let mut notes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for note in recorded("merge_request_notes.jsonl") {
        let of = note["noteable_iid"].to_string();
        notes.entry(of).or_default().push(note);
    }
    for (number, notes) in notes {
        server.instead(&format!("merge_requests/{number}/notes"), [list(notes)]);
    }
    server
}

#[tokio::test]
#[ignore = "needs recorded answers, WEIR_SHARED"]
async fn recorded_answers_give_the_histories_worked_out_by_hand() {
    let server = server();
    let (gitlab, _token) = gitlab(&server, QUERY, super::TOKEN);
    let mut sink = Collected::default();
    let cancel = CancellationToken::new();
    let outcome = gitlab.sync(None, &mut sink, &cancel).await;
    assert_eq!(outcome, Ok(()));
    let (kept, names) = (sink.kept(), sink.statuses());
    let count = |sort: &str| kept.keys().filter(|id| id.starts_with(sort)).count();
    assert_eq!(
        (
            count("issue/"),
            count("merge-request/"),
            count("deployment/")
        ),
        (16, 18, 8)
    );
    let path = |id: &str| -> Vec<(String, String)> {
        let moves = moves(&kept[id], &names).into_iter();
        moves
            .map(|(at, status)| (Millis(at).rfc3339(), status))
            .collect()
    };
    for (id, expected) in HISTORIES {
        let expected: Vec<_> = expected
            .iter()
            .map(|(at, status)| ((*at).to_owned(), (*status).to_owned()))
            .collect();
        assert_eq!(path(id), expected, "{id}");
    }
    let first = &kept["merge-request/12345678/1"];
    assert_eq!(fact(first, "mentions").as_deref(), Some("#1"));
    assert_eq!(fact(first, "assignee").as_deref(), Some("tayloramurphy"));
    let project = fact(&kept["issue/12345678/2"], "project");
    assert_eq!(project.as_deref(), Some("gitlab-data/snowflake_spend"));
    assert_eq!(sink.oddities, []);
}
