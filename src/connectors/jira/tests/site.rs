//! A Jira as it answers, over issues as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::jira::address::Deployment;
use crate::model::time::{Millis, Zone};

/// What a Jira answers from.
pub(super) trait Issues {
    /// Ids and last updates from an instant on, the earliest first.
    fn changed(&self, since: Option<Millis>) -> Vec<(u64, Millis)>;

    /// An issue with all fields and its changes, the newest first.
    fn issue(&self, id: u64) -> Option<Value>;
}

/// A Jira with issues of its own.
pub(in super::super) struct Site {
    pub(super) front: Front,
    pub(in super::super) issues: BTreeMap<u64, Value>,
    pub(super) now: Millis,
}

/// How a Jira answers, whatever its issues are.
pub(super) struct Front {
    pub(super) deployment: Deployment,
    /// Of whoever asks.
    pub(super) zone: &'static str,
    /// What it says of it, if that is something else.
    pub(super) told_zone: Option<&'static str>,
    /// Issues on a page of the list.
    pub(super) page: usize,
    /// Changes on a page of Cloud's.
    pub(super) changes: usize,
    /// Changes that one's own server tells of each of many issues.
    pub(super) embedded: usize,
    pub(super) fields: Value,
    pub(super) statuses: [&'static str; 3],
    /// Statuses as they are told, where they are others.
    pub(super) told_statuses: Option<Value>,
    /// A board's configuration, where it is another.
    pub(super) told_board: Option<Value>,
}

impl Front {
    pub(in super::super) fn new(deployment: Deployment) -> Self {
        Self {
            deployment,
            zone: "Europe/Berlin",
            told_zone: None,
            page: 1_000,
            changes: 1_000,
            embedded: usize::MAX,
            fields: json!([
                {"id": "customfield_10021", "name": "Flagged", "schema": {"type": "array"}},
                {"id": "customfield_10014", "name": "Epic Link", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
                {"id": "customfield_10050", "name": "Squad", "schema": {"type": "option"}},
            ]),
            statuses: ["To Do", "In Progress", "Done"],
            told_statuses: None,
            told_board: None,
        }
    }
}

impl Site {
    pub(in super::super) fn new(deployment: Deployment) -> Self {
        Self {
            front: Front::new(deployment),
            issues: BTreeMap::new(),
            now: at("2026-11-23T12:00:00Z"),
        }
    }

    /// Issues 1 to `count` in status 1, last updated at these instants.
    pub(super) fn of(deployment: Deployment, updates: impl Iterator<Item = Millis>) -> Self {
        let mut site = Self::new(deployment);
        for (id, updated) in (1..).zip(updates) {
            site.issues.insert(id, issue(id, updated, 1, &[]));
        }
        site
    }

    pub(super) fn answer(&self, asked: &Asked) -> Reply {
        let date = date(self.now);
        answer(&self.front, self, asked).with("Date", &date)
    }
}

impl Issues for Site {
    fn changed(&self, since: Option<Millis>) -> Vec<(u64, Millis)> {
        let updated = |issue: &Value| at(issue["fields"]["updated"].as_str().unwrap());
        let issues = self.issues.iter().map(|(id, issue)| (*id, updated(issue)));
        let mut changed: Vec<(u64, Millis)> = issues
            .filter(|(_, updated)| since.is_none_or(|since| *updated >= since))
            .collect();
        changed.sort_by_key(|(id, updated)| (*updated, *id));
        changed
    }

    fn issue(&self, id: u64) -> Option<Value> {
        self.issues.get(&id).cloned()
    }
}

pub(in super::super) fn at(text: &str) -> Millis {
    Millis::parse(text).unwrap()
}

/// As Jira writes an instant: `2026-11-23T12:00:00.000+0000`.
pub(in super::super) fn stamp(at: Millis) -> String {
    let text = at.rfc3339().replace('Z', "");
    let (head, millis) = text.split_once('.').unwrap_or((&text, "000"));
    format!("{head}.{millis}+0000")
}

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// As HTTP tells it: `Mon, 23 Nov 2026 12:00:00 GMT`.
fn date(now: Millis) -> String {
    let text = now.rfc3339();
    let weekday = WEEKDAYS[usize::try_from(now.0 / 86_400_000 % 7).unwrap()];
    let month = MONTHS[text[5..7].parse::<usize>().unwrap() - 1];
    let (year, day, time) = (&text[..4], &text[8..10], &text[11..19]);
    format!("{weekday}, {day} {month} {year} {time} GMT")
}

/// An issue that was created an hour before `updated`, with changes of its status: number, instant,
/// old and new status. Statuses are numbered from 1.
pub(in super::super) fn issue(
    id: u64,
    updated: Millis,
    status: usize,
    moves: &[(u64, Millis, usize, usize)],
) -> Value {
    let histories = moves.iter().rev().map(|(number, at, old, new)| {
        json!({"id": number.to_string(), "created": stamp(*at), "items": [{
            "field": "status", "fieldtype": "jira", "fieldId": "status",
            "from": old.to_string(), "fromString": format!("name {old}"),
            "to": new.to_string(), "toString": format!("name {new}"),
        }]})
    });
    json!({
        "id": id.to_string(), "key": format!("AB-{id}"),
        "fields": {
            "created": stamp(updated.plus_secs(-3_600)), "updated": stamp(updated),
            "summary": format!("item {id}"), "status": {"id": status.to_string()},
            "issuetype": {"id": "3", "name": "Story"},
        },
        "changelog": {"histories": histories.collect::<Vec<_>>(), "total": moves.len()},
    })
}

pub(super) fn is_list(asked: &Asked) -> bool {
    let is_search = asked.path().ends_with("/search/jql") || asked.path().ends_with("/search");
    let jql = asked.parameter("jql").unwrap_or_default();
    is_search && jql.contains("ORDER BY updated ASC, key ASC")
}

pub(super) fn is_detail(asked: &Asked) -> bool {
    asked.path().ends_with("/bulkfetch") || asked.parameter("expand").is_some()
}

pub(super) fn answer(front: &Front, issues: &dyn Issues, asked: &Asked) -> Reply {
    let path = asked.path().trim_start_matches("/rest/");
    if path == "api/2/serverInfo" {
        let told = match front.deployment {
            Deployment::Cloud => json!({"deploymentType": "Cloud", "version": "1001.0.0"}),
            Deployment::OwnServer => json!({"deploymentType": "Server", "version": "9.12.4"}),
        };
        return sent(&told);
    }
    if let Some(path) = path.strip_prefix("agile/1.0/board") {
        return board(front, asked, path);
    }
    let api = front.deployment.api("");
    let Some(path) = path.strip_prefix(api.trim_start_matches("rest/")) else {
        return Reply::status(404);
    };
    match (front.deployment, path) {
        (_, "myself") => {
            let zone = front.told_zone.unwrap_or(front.zone);
            sent(&json!({"displayName": "Ann", "accountId": "5b", "timeZone": zone}))
        }
        (_, "field") => sent(&front.fields),
        (_, "status") => sent(&statuses(front)),
        (Deployment::Cloud, "search/jql") => cloud_list(front, issues, asked),
        (Deployment::Cloud, "search/approximate-count") => {
            sent(&json!({"count": issues.changed(None).len()}))
        }
        (Deployment::Cloud, "issue/bulkfetch") => cloud_issues(issues, asked),
        (Deployment::Cloud, "changelog/bulkfetch") => cloud_changes(front, issues, asked),
        (Deployment::OwnServer, "search") => own_search(front, issues, asked),
        (Deployment::OwnServer, path) => {
            let id = path.trim_start_matches("issue/").parse();
            let found = id.ok().and_then(|id| issues.issue(id));
            found.map_or(Reply::status(404), |issue| sent(&issue))
        }
        (Deployment::Cloud, _) => Reply::status(404),
    }
}

fn sent(value: &Value) -> Reply {
    Reply::json(value.to_string())
}

fn statuses(front: &Front) -> Value {
    if let Some(told) = &front.told_statuses {
        return told.clone();
    }
    let categories = ["To Do", "In Progress", "Done"];
    let statuses = (1..).zip(front.statuses.iter().zip(categories));
    let statuses = statuses.map(|(id, (name, category))| {
        json!({"id": id.to_string(), "name": name, "statusCategory": {"name": category}})
    });
    statuses.collect()
}

/// The instant from which on the JQL asks, as the clock of whoever asks shows it.
fn since(front: &Front, asked: &Asked) -> Option<Millis> {
    let jql = asked.parameter("jql")?;
    let (_, rest) = jql.split_once("updated >= \"")?;
    let (text, _) = rest.split_once('"')?;
    let civil = at(&format!("{}:00Z", text.replace(' ', "T")));
    Some(Zone::named(front.zone).unwrap().to_utc(civil))
}

fn number(asked: &Asked, name: &str) -> Option<usize> {
    asked.parameter(name)?.parse().ok()
}

fn row(id: u64, updated: Millis) -> Value {
    let fields = json!({"updated": stamp(updated), "created": stamp(updated)});
    json!({"id": id.to_string(), "key": format!("AB-{id}"), "fields": fields})
}

fn cloud_list(front: &Front, issues: &dyn Issues, asked: &Asked) -> Reply {
    let mut rows = issues.changed(since(front, asked));
    if let Some(token) = asked.parameter("nextPageToken") {
        let (updated, id) = token.split_once('.').unwrap();
        let last = (Millis(updated.parse().unwrap()), id.parse::<u64>().unwrap());
        rows.retain(|(id, updated)| (*updated, *id) > last);
    }
    let most = number(asked, "maxResults").unwrap_or(50).min(front.page);
    let is_last = rows.len() <= most;
    rows.truncate(most);
    let last = rows
        .last()
        .map(|(id, updated)| format!("{}.{id}", updated.0));
    let rows: Vec<Value> = rows.iter().map(|(id, at)| row(*id, *at)).collect();
    let mut page = json!({"issues": rows, "isLast": is_last});
    if !is_last {
        page["nextPageToken"] = json!(last);
    }
    sent(&page)
}

fn ids(asked: &Asked) -> Vec<String> {
    let body = asked.json();
    let ids = body["issueIdsOrKeys"].as_array().unwrap().iter();
    ids.map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// By id or key.
fn find(issues: &dyn Issues, name: &str) -> Option<Value> {
    issues.issue(name.trim_start_matches("AB-").parse().ok()?)
}

fn cloud_issues(issues: &dyn Issues, asked: &Asked) -> Reply {
    let found = ids(asked).into_iter().filter_map(|id| {
        let mut issue = find(issues, &id)?;
        issue.as_object_mut().unwrap().remove("changelog");
        Some(issue)
    });
    sent(&json!({"issues": found.collect::<Vec<_>>(), "issueErrors": []}))
}

/// All changes of all, the oldest first, instants as numbers; a page begins at the number that its
/// token names.
fn cloud_changes(front: &Front, issues: &dyn Issues, asked: &Asked) -> Reply {
    let mut all: Vec<(i64, String, Value)> = Vec::new();
    for id in ids(asked) {
        let Some(issue) = find(issues, &id) else {
            continue;
        };
        for history in issue["changelog"]["histories"].as_array().unwrap() {
            let mut history = history.clone();
            let at = at(history["created"].as_str().unwrap()).0;
            history["created"] = json!(at);
            all.push((at, id.clone(), history));
        }
    }
    all.sort_by_key(|(at, id, _)| (*at, id.clone()));
    let body = asked.json();
    let begin: usize = body["nextPageToken"]
        .as_str()
        .map_or(0, |token| token.parse().unwrap());
    let next = (begin + front.changes < all.len()).then(|| (begin + front.changes).to_string());
    let logs = all.into_iter().skip(begin).take(front.changes);
    let logs = logs.map(|(_, id, history)| json!({"issueId": id, "changeHistories": [history]}));
    sent(&json!({"issueChangeLogs": logs.collect::<Vec<_>>(), "nextPageToken": next}))
}

fn own_search(front: &Front, issues: &dyn Issues, asked: &Asked) -> Reply {
    let jql = asked.parameter("jql").unwrap();
    if let Some((_, list)) = jql.split_once(" in (").filter(|_| !jql.contains("ORDER")) {
        assert_eq!(asked.parameter("validateQuery").as_deref(), Some("false"));
        let names = list.trim_end_matches(')').split(',');
        let found = names.filter_map(|name| find(issues, name.trim_matches('"')));
        let found = found.map(|mut issue| {
            let log = &mut issue["changelog"];
            log["histories"]
                .as_array_mut()
                .unwrap()
                .truncate(front.embedded);
            issue
        });
        return sent(&json!({"issues": found.collect::<Vec<_>>()}));
    }
    let rows = issues.changed(since(front, asked));
    let most = number(asked, "maxResults").unwrap_or(50).min(front.page);
    let page = rows
        .iter()
        .skip(number(asked, "startAt").unwrap_or(0))
        .take(most);
    let page: Vec<Value> = page.map(|(id, at)| row(*id, *at)).collect();
    sent(&json!({"issues": page, "total": rows.len(), "maxResults": most}))
}

fn board(front: &Front, asked: &Asked, path: &str) -> Reply {
    if let (Some(told), "/7/configuration") = (&front.told_board, path) {
        return sent(told);
    }
    let cards = json!({"id": 7, "name": "Cards"});
    let more = json!({"id": 8, "name": "Cards and more"});
    let twins = [
        json!({"id": 9, "name": "Twin"}),
        json!({"id": 10, "name": "twin"}),
    ];
    match (path, asked.parameter("name").as_deref()) {
        ("", None | Some("Cards")) => sent(&json!({"values": [more, cards]})),
        ("", Some("cards")) => sent(&json!({"values": [cards]})),
        ("", Some("Twin")) => sent(&json!({"values": twins})),
        ("", Some("Card")) => sent(&json!({"values": [cards, more]})),
        ("", Some(_)) => sent(&json!({"values": []})),
        ("/7/configuration" | "/8/configuration", _) => sent(&json!({
            "id": 7, "name": "Cards", "filter": {"id": "10000"},
            "columnConfig": {"columns": [
                {"name": "To Do", "statuses": [{"id": "1"}]},
                {"name": "Doing", "statuses": [{"id": "2"}, {"id": "77"}], "max": 3},
                {"name": "Shipped", "statuses": []},
            ]},
        })),
        _ => Reply::status(404),
    }
}
