//! Trackers on loopback, as small as a set-up needs them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

/// The token that all of them want.
pub(super) const TOKEN: &str = "t0ken-0f1e2d3c4b5a";

/// How a tracker answers a path with its query and a body; `None`: it is not there.
type Answer = fn(&str, &Value) -> Option<Value>;

pub(super) const REDMINE: Answer = redmine;
pub(super) const JIRA: Answer = jira;
pub(super) const GITHUB: Answer = github;

/// Serves until the test ends; gives the address.
pub(super) fn serve(answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || converse(&stream, answer));
        }
    });
    format!("http://{address}")
}

fn converse(stream: &TcpStream, answer: Answer) {
    let mut reader = BufReader::new(stream);
    while let Some((path, head, body)) = question(&mut reader) {
        let lets_in = head.contains(TOKEN) || head.contains("jira-token");
        let (status, said) = match answer(&path, &body) {
            _ if !lets_in => ("401 No", json!({})),
            Some(said) => ("200 Fine", said),
            None => ("404 Nothing", json!({})),
        };
        let said = said.to_string();
        let reply = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n\
             Content-Length: {}\r\n\r\n{said}",
            said.len()
        );
        let mut out = stream;
        if out.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

/// Path with its query, unescaped as far as needed; head; body.
fn question(reader: &mut BufReader<&TcpStream>) -> Option<(String, String, Value)> {
    let (mut head, mut line) = (String::new(), String::new());
    while reader.read_line(&mut line).ok()? > 2 {
        head.push_str(&std::mem::take(&mut line));
    }
    let path = head.split_whitespace().nth(1)?.to_owned();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_it = name.eq_ignore_ascii_case("content-length");
        is_it.then(|| value.trim().parse::<usize>().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some((path, head, body))
}

/// The day and hour of something, counted back from noon of the day on which all this happens.
fn at(days_before: u64) -> String {
    let day = 22 - days_before;
    format!("2026-11-{day:02}T09:00:00Z")
}

// Redmine's own statuses, and what its issues went through: ids of statuses.
const STATUSES: [(&str, bool); 6] = [
    ("New", false),
    ("In Progress", false),
    ("Resolved", false),
    ("Feedback", false),
    ("Closed", true),
    ("Rejected", true),
];
const WALKS: [(&str, &[usize]); 6] = [
    ("Bug", &[1, 2, 3, 5]),
    ("Feature", &[1, 2, 3, 5]),
    ("Feature", &[1, 2, 4, 2, 3, 5]),
    ("Feature", &[1, 6]),
    ("Bug", &[1, 2]),
    ("Feature", &[1, 2, 3]),
];

fn redmine(path: &str, _: &Value) -> Option<Value> {
    let path = path.split('?').next().unwrap_or(path);
    if let Some(id) = path.strip_prefix("/issues/") {
        let id: usize = id.strip_suffix(".json")?.parse().ok()?;
        return Some(json!({"issue": redmine_issue(id)}));
    }
    let named = |names: &[&str]| {
        let each = (1..)
            .zip(names)
            .map(|(id, name)| json!({"id": id, "name": name}));
        each.collect::<Vec<_>>()
    };
    Some(match path {
        "/users/current.json" => json!({"user": {"id": 1, "login": "ann"}}),
        "/projects.json" => json!({"projects": [
            {"id": 1, "name": "Old shop", "identifier": "shop", "status": 1, "updated_on": at(20)},
            {"id": 2, "name": "Payments", "identifier": "pay", "status": 1, "updated_on": at(1)},
            {"id": 3, "name": "Gone", "identifier": "gone", "status": 5, "updated_on": at(0)},
        ]}),
        "/issue_statuses.json" => {
            let each = (1..).zip(STATUSES);
            let each = each
                .map(|(id, (name, closed))| json!({"id": id, "name": name, "is_closed": closed}));
            json!({"issue_statuses": each.collect::<Vec<_>>()})
        }
        "/trackers.json" => json!({"trackers": named(&["Bug", "Feature"])}),
        "/enumerations/issue_priorities.json" => json!({"issue_priorities": named(&["Normal"])}),
        "/issues.json" => {
            let rows: Vec<Value> = (1..=WALKS.len()).map(redmine_issue).collect();
            json!({"issues": rows, "total_count": WALKS.len(), "limit": 100, "offset": 0})
        }
        _ => return None,
    })
}

fn redmine_issue(id: usize) -> Value {
    let (kind, walk) = WALKS[id - 1];
    let days = |place: usize| at((walk.len() - place) as u64);
    let status = |id: usize| json!({"id": id, "name": STATUSES[id - 1].0});
    let moves = walk.windows(2).enumerate().map(|(place, pair)| {
        json!({"id": id * 100 + place, "created_on": days(place + 1), "user": {"id": 1, "name": "Ann"},
            "details": [{"property": "attr", "name": "status_id",
                "old_value": pair[0].to_string(), "new_value": pair[1].to_string()}]})
    });
    json!({"id": id, "subject": format!("issue {id}"), "tracker": {"id": if kind == "Bug" { 1 } else { 2 }, "name": kind},
        "project": {"id": 2, "name": "Payments"}, "status": status(walk[walk.len() - 1]),
        "created_on": days(0), "updated_on": days(walk.len() - 1), "journals": moves.collect::<Vec<_>>()})
}

// A Jira of one's own with a board.
fn jira(path: &str, _: &Value) -> Option<Value> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let status = |id: u64, name: &str, key: &str| json!({"id": id.to_string(), "name": name, "statusCategory": {"key": key, "name": key}});
    Some(match path {
        "/rest/api/2/serverInfo" => json!({"deploymentType": "Server", "version": "9.12.4"}),
        "/rest/api/2/myself" => json!({"displayName": "Ann", "timeZone": "UTC"}),
        "/rest/api/2/field" => json!([]),
        "/rest/api/2/project" => json!([{"key": "PAY", "name": "Payments"}]),
        "/rest/api/2/status" => json!([
            status(1, "To Do", "new"),
            status(2, "In Progress", "indeterminate"),
            status(3, "Paired", "indeterminate"),
            status(4, "In Review", "indeterminate"),
            status(5, "Done", "done"),
            status(6, "Elsewhere", "indeterminate"),
        ]),
        "/rest/agile/1.0/board" => json!({"values": [{"id": 7, "name": "Cards"}]}),
        "/rest/agile/1.0/board/7/configuration" => json!({
            "id": 7, "name": "Cards", "filter": {"id": "10000"},
            "columnConfig": {"columns": [
                {"name": "To Do", "statuses": [{"id": "1"}]},
                {"name": "Doing", "statuses": [{"id": "2"}, {"id": "3"}], "max": 3},
                {"name": "Review", "statuses": [{"id": "4"}]},
                {"name": "Done", "statuses": [{"id": "5"}]},
            ]},
        }),
        "/rest/api/2/search" if query.contains("startAt=") && !query.contains("startAt=0") => {
            json!({"issues": [], "total": 3})
        }
        "/rest/api/2/search" => {
            json!({"issues": [jira_issue(1), jira_issue(2), jira_issue(3)], "total": 3, "maxResults": 100})
        }
        path => jira_issue(path.strip_prefix("/rest/api/2/issue/")?.parse().ok()?),
    })
}

fn jira_issue(id: u64) -> Value {
    const NAMES: [&str; 5] = ["To Do", "In Progress", "Paired", "In Review", "Done"];
    let last = [5, 5, 2][usize::try_from(id - 1).expect("a small number")];
    let stamp = |days: u64| at(days).replace('Z', ".000+0000");
    let moves = (1..last).rev().map(|old| {
        let name = |id: usize| NAMES[id - 1];
        json!({"id": (id * 100 + old as u64).to_string(), "created": stamp(10 - old as u64), "items": [{
            "field": "status", "fieldtype": "jira", "fieldId": "status",
            "from": old.to_string(), "fromString": name(old),
            "to": (old + 1).to_string(), "toString": name(old + 1)}]})
    });
    let histories: Vec<Value> = moves.collect();
    json!({"id": id.to_string(), "key": format!("PAY-{id}"),
        "fields": {"created": stamp(20), "updated": stamp(1), "summary": format!("issue {id}"),
            "status": {"id": last.to_string(), "name": NAMES[last - 1]},
            "issuetype": {"id": "3", "name": "Story"}},
        "changelog": {"total": histories.len(), "histories": histories}})
}

// A GitHub host with two repositories, each with an issue that was closed.
fn github(path: &str, body: &Value) -> Option<Value> {
    let path = path.split('?').next().unwrap_or(path);
    if path == "/api/graphql" {
        return Some(json!({"data": github_graph(body)}));
    }
    let row = |name: &str| json!({"full_name": format!("acme/{name}"), "archived": false});
    Some(match path.strip_prefix("/api/v3/")? {
        "user/repos" => {
            json!([row("pay"), row("shop"), {"full_name": "acme/old", "archived": true}])
        }
        "repos/acme/pay/issues" | "repos/acme/shop/issues" => {
            json!([{"number": 1, "node_id": "N1", "updated_at": at(2)}])
        }
        _ => return None,
    })
}

fn github_graph(body: &Value) -> Value {
    let (query, variables) = (
        body["query"].as_str().unwrap_or_default(),
        &body["variables"],
    );
    if query.contains("nodes(ids") {
        return json!({"nodes": [{
            "__typename": "Issue", "id": "N1", "number": 1, "title": "an issue",
            "createdAt": at(9), "updatedAt": at(2), "closedAt": at(2), "issueState": "CLOSED",
            "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
            "timelineItems": {"pageInfo": {"hasNextPage": false, "endCursor": null},
                "nodes": [{"__typename": "ClosedEvent", "id": "e", "createdAt": at(2)}]},
        }]});
    }
    if let Some(name) = variables["name"].as_str() {
        return json!({"repository": {"databaseId": 9, "nameWithOwner": format!("acme/{name}")}});
    }
    if query.contains("projectsV2") {
        return json!({"viewer": {"projectsV2": {"nodes": []}, "organizations": {"nodes": []}}});
    }
    json!({"viewer": {"login": "ann"}, "rateLimit": {"limit": 5000, "remaining": 4999}})
}
