//! A Redmine on loopback that changes while it is read, and remembers who asked when.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use weir::model::time::Millis;

/// Every answer takes so long, so that a poll can be cut in its middle.
const SLOW: Duration = Duration::from_millis(15);
const DAY: &str = "2026-11-23T00:00:00Z";

#[derive(Clone, Debug)]
struct Ticket {
    created: i64,
    updated: i64,
    status: u64,
    /// Id, second, old and new status.
    journals: Vec<(u64, i64, u64, u64)>,
}

#[derive(Debug, Default)]
struct State {
    tickets: BTreeMap<u64, Ticket>,
    now: i64,
    journals: u64,
    asked: Vec<(Instant, String)>,
}

/// The tracker.
#[derive(Clone, Debug)]
pub(crate) struct Tracker {
    state: Arc<Mutex<State>>,
    port: u16,
}

/// By item: instants and status ids, in order.
pub(crate) type Moves = BTreeMap<String, Vec<(i64, String)>>;

impl Tracker {
    /// A tracker with so many tickets, long settled.
    pub(crate) fn new(tickets: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let tracker = Self {
            state: Arc::default(),
            port,
        };
        tracker.add(tickets);
        tracker.lock().now = 40_000;
        let serving = tracker.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tracker = serving.clone();
                thread::spawn(move || tracker.serve(&stream));
            }
        });
        tracker
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked")
    }

    /// Adds tickets in status 1.
    pub(crate) fn add(&self, count: u64) {
        let mut state = self.lock();
        for _ in 0..count {
            state.now += 1;
            let (id, now) = (state.tickets.len() as u64 + 1, state.now);
            let ticket = Ticket {
                created: now,
                updated: now,
                status: 1,
                journals: Vec::new(),
            };
            state.tickets.insert(id, ticket);
        }
    }

    /// Moves every so manieth ticket on.
    pub(crate) fn shift(&self, every: u64) {
        let mut state = self.lock();
        let ids: Vec<u64> = state.tickets.keys().copied().collect();
        for id in ids.into_iter().filter(|id| id % every == 0) {
            state.now += 1;
            state.journals += 1;
            let (now, journal) = (state.now, state.journals);
            let ticket = state.tickets.get_mut(&id).expect("a ticket");
            let to = ticket.status % 4 + 1;
            ticket.journals.push((journal, now, ticket.status, to));
            (ticket.status, ticket.updated) = (to, now);
        }
    }

    /// What a reader must find.
    pub(crate) fn truth(&self) -> Moves {
        let told = |(id, ticket): (&u64, &Ticket)| {
            let later = ticket.journals.iter();
            let later = later.map(|(_, at, _, to)| (instant(*at).0, to.to_string()));
            let mut moves = vec![(instant(ticket.created).0, "1".to_owned())];
            moves.extend(later);
            (id.to_string(), moves)
        };
        self.lock().tickets.iter().map(told).collect()
    }

    /// Who asked, in order, and when for the first and the last time in a row.
    pub(crate) fn turns(&self) -> Vec<(String, Instant, Instant)> {
        let mut turns: Vec<(String, Instant, Instant)> = Vec::new();
        for (at, who) in &self.lock().asked {
            match turns.last_mut() {
                Some((last, _, until)) if last == who => *until = *at,
                _ => turns.push((who.clone(), *at, *at)),
            }
        }
        turns
    }

    /// Who asked last.
    pub(crate) fn last(&self) -> Option<String> {
        self.lock().asked.last().map(|(_, who)| who.clone())
    }

    fn serve(&self, stream: &TcpStream) {
        let mut lines = BufReader::new(stream).lines();
        while let Some(Ok(request)) = lines.next() {
            let head = lines.by_ref().map_while(Result::ok);
            let head: Vec<String> = head.take_while(|line| !line.is_empty()).collect();
            let key = head.iter().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("x-redmine-api-key")
                    .then(|| value.to_owned())
            });
            let who = key.unwrap_or_default();
            self.lock().asked.push((Instant::now(), who));
            thread::sleep(SLOW);
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            if self.answer(stream, &path).is_err() {
                return;
            }
        }
    }

    fn answer(&self, mut stream: &TcpStream, path: &str) -> std::io::Result<()> {
        let (body, now) = {
            let state = self.lock();
            (state.body(path), state.now)
        };
        let (code, body) = body.map_or((404, String::new()), |body| (200, body.to_string()));
        let date = format!(
            "Mon, 23 Nov 2026 {:02}:{:02}:{:02} GMT",
            now / 3_600,
            now / 60 % 60,
            now % 60
        );
        write!(
            stream,
            "HTTP/1.1 {code} it\r\nDate: {date}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
    }
}

impl State {
    fn body(&self, path: &str) -> Option<Value> {
        let url = url::Url::parse("http://tracker").ok()?.join(path).ok()?;
        let named = |field: &str, names: &[&str]| {
            let named = |(id, name): (u64, &&str)| json!({"id": id, "name": name});
            Some(json!({ field: (1..).zip(names).map(named).collect::<Vec<Value>>() }))
        };
        match url.path() {
            "/users/current.json" => Some(json!({"user": {"id": 4, "login": "ann"}})),
            "/issue_statuses.json" => named("issue_statuses", &["New", "Doing", "Review", "Done"]),
            "/trackers.json" => named("trackers", &["Bug"]),
            "/enumerations/issue_priorities.json" => named("issue_priorities", &["Normal"]),
            "/issues.json" => Some(self.list(&url)),
            path => self.detail(path),
        }
    }

    fn list(&self, url: &url::Url) -> Value {
        let parameters: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let number = |name: &str| parameters.get(name).and_then(|text| text.parse().ok());
        let since = parameters.get("updated_on");
        let since = since.and_then(|text| Millis::parse(text.strip_prefix(">=")?));
        let mut rows: Vec<(&u64, &Ticket)> = self
            .tickets
            .iter()
            .filter(|(_, ticket)| since.is_none_or(|since| instant(ticket.updated) >= since))
            .collect();
        match parameters.get("sort").map(String::as_str) {
            Some("updated_on,id") => rows.sort_by_key(|(id, ticket)| (ticket.updated, **id)),
            _ => rows.sort_by_key(|(id, ticket)| (ticket.created, **id)),
        }
        let (offset, limit) = (number("offset").unwrap_or(0), number("limit").unwrap_or(25));
        let page = rows.iter().skip(offset).take(limit.min(100));
        let page: Vec<Value> = page.map(|(id, ticket)| issue(**id, ticket)).collect();
        json!({"issues": page, "total_count": rows.len(), "offset": offset, "limit": limit})
    }

    fn detail(&self, path: &str) -> Option<Value> {
        let id = path.strip_prefix("/issues/")?.strip_suffix(".json")?;
        let id: u64 = id.parse().ok()?;
        let ticket = self.tickets.get(&id)?;
        let mut issue = issue(id, ticket);
        issue["journals"] = ticket.journals.iter().map(journal).collect();
        Some(json!({ "issue": issue }))
    }
}

fn instant(second: i64) -> Millis {
    Millis::parse(DAY).expect("a day").plus_secs(second)
}

fn issue(id: u64, ticket: &Ticket) -> Value {
    json!({
        "id": id, "subject": format!("ticket {id}"), "tracker": {"id": 1, "name": "Bug"},
        "status": {"id": ticket.status}, "project": {"id": 1, "name": "Cards"},
        "created_on": instant(ticket.created).rfc3339(),
        "updated_on": instant(ticket.updated).rfc3339(),
    })
}

fn journal((id, at, old, new): &(u64, i64, u64, u64)) -> Value {
    let detail = json!({
        "property": "attr", "name": "status_id",
        "old_value": old.to_string(), "new_value": new.to_string(),
    });
    json!({"id": id, "created_on": instant(*at).rfc3339(), "details": [detail]})
}
