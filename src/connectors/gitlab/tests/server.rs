//! A small GitLab on loopback: two projects of a group, two issues, a merge request, deployments and
//! an epic.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::connectors::http::stand_in::{Asked, Reply, StandIn};

type Instead = Arc<Mutex<Vec<(String, VecDeque<Reply>)>>>;

pub(super) struct Server {
    pub(super) http: StandIn,
    instead: Instead,
}

impl Server {
    pub(super) fn new() -> Self {
        let instead = Instead::default();
        let shared = Arc::clone(&instead);
        let http = StandIn::new(move |asked: &Asked| {
            let path = asked
                .path()
                .strip_prefix("/git/api/v4/")
                .unwrap_or_default();
            let mut instead = shared.lock().unwrap();
            let replies = instead
                .iter_mut()
                .find(|(end, replies)| path.ends_with(end.as_str()) && !replies.is_empty());
            let reply = replies.and_then(|(_, replies)| replies.pop_front());
            let reply = reply.unwrap_or_else(|| answer(asked, path));
            reply.with("Date", "Mon, 23 Nov 2026 12:00:00 GMT")
        });
        Self { http, instead }
    }

    /// Answers that come in place of those whose paths end so.
    pub(super) fn instead(&self, end: &str, replies: impl IntoIterator<Item = Reply>) {
        let replies = replies.into_iter().collect();
        self.instead.lock().unwrap().push((end.to_owned(), replies));
    }

    pub(super) fn clear(&self) {
        self.instead.lock().unwrap().clear();
    }
}

fn rows(rows: &[Value]) -> Reply {
    let total = rows.len().to_string();
    Reply::json(Value::from(rows.to_vec()).to_string()).with("X-Total", &total)
}

fn issue(number: u64) -> Value {
    json!({
        "id": 800 + number, "iid": number, "project_id": 7, "title": format!("issue {number}"),
        "state": "opened", "labels": [], "issue_type": "issue",
        "created_at": format!("2026-11-2{number}T09:00:00.123Z"),
        "updated_at": format!("2026-11-2{number}T10:00:00.123Z"),
        "references": {"short": format!("#{number}"), "full": format!("acme/app#{number}")},
    })
}

fn merge_request() -> Value {
    let mut row = issue(2);
    row["iid"] = json!(3);
    row["source_branch"] = json!("2-cards");
    row
}

fn deployment(id: u64, status: &str) -> Value {
    json!({"id": id, "iid": 1, "status": status, "environment": {"name": "production"},
        "created_at": "2026-11-21T09:00:00.000Z", "updated_at": "2026-11-21T09:05:00.000Z"})
}

fn epic() -> Value {
    json!({"id": 909, "iid": 9, "group_id": 3, "state": "opened", "labels": [],
        "created_at": "2026-11-20T09:00:00.000Z", "updated_at": "2026-11-20T09:00:00.000Z"})
}

fn answer(asked: &Asked, path: &str) -> Reply {
    match path {
        "user" => Reply::json(json!({"id": 1, "username": "ann"}).to_string()),
        "projects/acme%2Fapp" => Reply::json(json!({"id": 7}).to_string()),
        "groups/acme/projects" => rows(&[json!({"id": 7}), json!({"id": 8})]),
        "groups/acme/epics" => since(asked, &[epic()]),
        "groups/acme/issues" | "projects/acme%2Fapp/issues" => since(asked, &[issue(1), issue(2)]),
        "projects/7/issues" => {
            let number = asked.parameter("iids[]").unwrap().parse().unwrap();
            rows(&[issue(number)])
        }
        "projects/acme%2Fapp/merge_requests" => since(asked, &[merge_request()]),
        "projects/7/deployments" => since(asked, &[deployment(50, "success")]),
        "projects/8/deployments" => since(asked, &[deployment(60, "failed")]),
        _ => history(asked, path),
    }
}

fn since(asked: &Asked, all: &[Value]) -> Reply {
    assert_eq!(asked.parameter("order_by").as_deref(), Some("updated_at"));
    assert_eq!(asked.parameter("sort").as_deref(), Some("asc"));
    let since = asked.parameter("updated_after").unwrap_or_default();
    let later = all
        .iter()
        .filter(|row| row["updated_at"].as_str().unwrap() >= since.as_str());
    rows(&later.cloned().collect::<Vec<_>>())
}

fn history(asked: &Asked, path: &str) -> Reply {
    match path {
        "projects/7/issues/1/resource_state_events" => {
            rows(&[json!({"id": 1, "state": "reopened", "created_at": "2026-11-21T09:30:00.000Z"})])
        }
        "projects/7/issues/2/resource_label_events" => labels(asked),
        "projects/7/merge_requests/3/notes" => rows(&[
            json!({"id": 1, "system": true, "body": "approved this merge request",
                "created_at": "2026-11-22T09:30:00.000Z", "author": {"username": "bob"}}),
        ]),
        "projects/7/merge_requests/3/closes_issues" => rows(&[issue(2)]),
        "projects/7/deployments/50/merge_requests" => rows(&[merge_request()]),
        _ => rows(&[]),
    }
}

/// Three changes, one a page.
fn labels(asked: &Asked) -> Reply {
    let page: u64 = asked
        .parameter("page")
        .map_or(1, |page| page.parse().unwrap());
    let reply = rows(&[
        json!({"id": page, "action": "add", "label": {"id": page, "name": format!("l{page}")},
        "created_at": format!("2026-11-22T09:{page}0:00.000Z")}),
    ]);
    if page == 3 {
        return reply;
    }
    let host = asked.header("host").unwrap();
    let next = format!(
        "<http://{host}{}?page={}>; rel=\"next\"",
        asked.path(),
        page + 1
    );
    reply.with("Link", &next)
}
