//! A Redmine on loopback, as far as the connector can tell.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::connectors::http::stand_in::{Asked, Reply, StandIn};
use crate::model::time::Millis;

pub(super) const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f000112233";

/// Midnight of the day the server lives in; its clock counts seconds from there.
const DAY: &str = "2026-11-23T00:00:00Z";

/// The most issues of a page, as Redmine has it.
const PAGE: usize = 100;

#[derive(Clone, Debug)]
pub(super) struct Ticket {
    created: i64,
    pub(super) updated: i64,
    first: u64,
    status: u64,
    /// Id, second, old and new status.
    journals: Vec<(u64, i64, u64, u64)>,
    /// Put over what is sent.
    pub(super) over: Value,
}

type Hook = Box<dyn FnMut(&mut State, &Asked) + Send>;

pub(super) struct State {
    pub(super) tickets: BTreeMap<u64, Ticket>,
    pub(super) now: i64,
    pub(super) login_required: bool,
    pub(super) page: usize,
    /// Answers that come instead, by the beginning of the path.
    pub(super) instead: Vec<(String, VecDeque<Reply>)>,
    /// Called before each answer.
    pub(super) before: Option<Hook>,
    journals: u64,
}

impl State {
    /// A ticket in status 1, created and last updated at `at`.
    pub(super) fn add(&mut self, id: u64, at: i64) {
        let ticket = Ticket {
            created: at,
            updated: at,
            first: 1,
            status: 1,
            journals: Vec::new(),
            over: json!({}),
        };
        self.tickets.insert(id, ticket);
    }

    /// Moves a ticket now.
    pub(super) fn shift(&mut self, id: u64, to: u64) {
        self.journals += 1;
        let (journal, now) = (self.journals, self.now);
        let ticket = self.tickets.get_mut(&id).unwrap();
        ticket.journals.push((journal, now, ticket.status, to));
        ticket.status = to;
        ticket.updated = now;
    }

    /// What a reader must find: instants and status ids by ticket.
    pub(super) fn truth(&self) -> BTreeMap<String, Vec<(i64, String)>> {
        let told = |(id, ticket): (&u64, &Ticket)| {
            let mut moves = vec![(instant(ticket.created).0, ticket.first.to_string())];
            moves.extend(
                ticket
                    .journals
                    .iter()
                    .map(|(_, at, _, to)| (instant(*at).0, to.to_string())),
            );
            (id.to_string(), moves)
        };
        self.tickets.iter().map(told).collect()
    }

    pub(super) fn instead(&mut self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.instead
            .push((path.to_owned(), replies.into_iter().collect()));
    }
}

fn instant(second: i64) -> Millis {
    Millis::parse(DAY).unwrap().plus_secs(second)
}

pub(super) struct Server {
    pub(super) http: StandIn,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Answers at once.
    pub(super) fn new(fill: impl FnOnce(&mut State)) -> Self {
        Self::crowded(0, fill)
    }

    /// Answers details only once `crowd` requests have been under way at once.
    pub(super) fn crowded(crowd: usize, fill: impl FnOnce(&mut State)) -> Self {
        let mut state = State {
            tickets: BTreeMap::new(),
            now: 40_000,
            login_required: false,
            page: PAGE,
            instead: Vec::new(),
            before: None,
            journals: 0,
        };
        fill(&mut state);
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let crowded = move |asked: &Asked| asked.path().starts_with("/r/issues/");
        let answer = move |asked: &Asked| answer(&mut shared.lock().unwrap(), asked);
        Self {
            http: StandIn::crowded_for(crowd, crowded, answer),
            state,
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn answer(state: &mut State, asked: &Asked) -> Reply {
    if let Some(mut before) = state.before.take() {
        before(state, asked);
        state.before.get_or_insert(before);
    }
    let path = asked.path().strip_prefix("/r/").unwrap().to_owned();
    let instead = state
        .instead
        .iter_mut()
        .find(|(start, replies)| path.starts_with(start.as_str()) && !replies.is_empty());
    if let Some(reply) = instead.and_then(|(_, replies)| replies.pop_front()) {
        return reply;
    }
    let date = format!(
        "Mon, 23 Nov 2026 {:02}:{:02}:{:02} GMT",
        state.now / 3_600,
        state.now / 60 % 60,
        state.now % 60
    );
    route(state, asked, &path).with("Date", &date)
}

fn route(state: &State, asked: &Asked, path: &str) -> Reply {
    let known = asked.header("x-redmine-api-key") == Some(KEY);
    if !known && (state.login_required || path == "users/current.json") {
        return Reply::status(401);
    }
    match path {
        "users/current.json" => {
            Reply::json(json!({"user": {"id": 4, "login": "ann", "api_key": KEY}}).to_string())
        }
        "issue_statuses.json" => named("issue_statuses", &["New", "Doing", "Review", "Done"]),
        "trackers.json" => named("trackers", &["Bug"]),
        "enumerations/issue_priorities.json" => named("issue_priorities", &["Low", "Normal"]),
        "issues.json" => list(state, asked),
        _ => detail(state, path),
    }
}

fn named(field: &str, names: &[&str]) -> Reply {
    let list: Vec<Value> = (1..)
        .zip(names)
        .map(|(id, name)| json!({"id": id, "name": name}))
        .collect();
    Reply::json(json!({ field: list }).to_string())
}

fn list(state: &State, asked: &Asked) -> Reply {
    assert_eq!(asked.parameter("status_id").as_deref(), Some("*"));
    let number = |name: &str, default: usize| {
        asked
            .parameter(name)
            .map_or(default, |text| text.parse().unwrap())
    };
    let since = asked
        .parameter("updated_on")
        .map(|text| Millis::parse(text.strip_prefix(">=").unwrap()).unwrap());
    let named = asked.parameter("issue_id");
    let is_named = |id: &u64| {
        let id = id.to_string();
        named
            .as_ref()
            .is_none_or(|ids| ids.split(',').any(|one| one == id))
    };
    let mut rows: Vec<(&u64, &Ticket)> = state
        .tickets
        .iter()
        .filter(|(id, _)| is_named(id))
        .filter(|(_, ticket)| since.is_none_or(|since| instant(ticket.updated) >= since))
        .collect();
    match asked.parameter("sort").as_deref() {
        Some("updated_on,id") => rows.sort_by_key(|(id, ticket)| (ticket.updated, **id)),
        Some("created_on,id") => rows.sort_by_key(|(id, ticket)| (ticket.created, **id)),
        other => panic!("sort {other:?}"),
    }
    let limit = number("limit", 25).min(state.page);
    let offset = number("offset", 0);
    let page: Vec<Value> = rows
        .iter()
        .skip(offset)
        .take(limit)
        .map(|(id, ticket)| issue(**id, ticket))
        .collect();
    Reply::json(
        json!({"issues": page, "total_count": rows.len(), "offset": offset, "limit": limit})
            .to_string(),
    )
}

fn detail(state: &State, path: &str) -> Reply {
    let id = path
        .strip_prefix("issues/")
        .and_then(|rest| rest.strip_suffix(".json"));
    let id = id.and_then(|id| id.parse().ok());
    let Some((id, ticket)) = id.and_then(|id: u64| Some((id, state.tickets.get(&id)?))) else {
        return Reply::status(404);
    };
    let mut issue = issue(id, ticket);
    if issue.get("journals").is_none() {
        issue["journals"] = ticket.journals.iter().map(journal).collect();
    }
    Reply::json(json!({ "issue": issue }).to_string())
}

fn issue(id: u64, ticket: &Ticket) -> Value {
    let mut issue = json!({
        "id": id, "subject": format!("ticket {id}"), "tracker": {"id": 1, "name": "Bug"},
        "status": {"id": ticket.status}, "project": {"id": 1, "name": "Cards"},
        "created_on": instant(ticket.created).rfc3339(), "updated_on": instant(ticket.updated).rfc3339(),
    });
    let over = ticket.over.as_object().unwrap().clone();
    issue.as_object_mut().unwrap().extend(over);
    issue
}

fn journal((id, at, old, new): &(u64, i64, u64, u64)) -> Value {
    json!({
        "id": id, "created_on": instant(*at).rfc3339(), "user": {"id": 4, "name": "Ann"},
        "details": [{"property": "attr", "name": "status_id", "old_value": old.to_string(), "new_value": new.to_string()}],
    })
}
