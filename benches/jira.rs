//! How long it takes from a Jira's JSON to every number of the report.
//!
//! `cargo bench --bench jira [-- ISSUES.json [PEER COMMAND …]]` serves issues as a Jira Data Center
//! on loopback would, without delay, and times whole processes of weir: a report of the same JSON from
//! a file; the first report, which reads every issue with its changes over HTTP, understands and
//! stores them; and a report of what is stored then. ISSUES.json holds an array of issues as Jira's search sends them, changelog
//! included; without it, 10,000 are made. A peer's command is run in turn.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench ends where it cannot go on, and prints what it measures"
)]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;

/// Issues that are made where none are given.
const MADE: u64 = 10_000;

/// Rounds; the median counts.
const RUNS: usize = 5;

const STATUSES: [&str; 5] = ["Backlog", "Ready", "Development", "Review", "Done"];

/// An issue as it is sent.
struct Issue {
    id: String,
    updated: String,
    whole: String,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut words = words.iter().filter(|word| *word != "--bench");
    let issues = match words.next() {
        Some(path) => {
            serde_json::from_slice(&std::fs::read(path).expect("the issues")).expect("JSON")
        }
        None => (1..=MADE).map(made).collect(),
    };
    let peer: Vec<&String> = words.collect();
    let issues = Arc::new(sent(issues));
    let bytes: usize = issues.iter().map(|issue| issue.whole.len()).sum();
    println!("{} issues, {} MB of JSON", issues.len(), bytes / 1_000_000);
    let address = serve(&issues);
    let folder = tempfile::tempdir().expect("a folder");
    configure(folder.path(), &address);
    save(&folder.path().join("issues.json"), &issues);
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..RUNS {
        let _ = std::fs::remove_file(folder.path().join("weir.db"));
        times[0].push(weir(folder.path(), &["issues.json"]));
        times[1].push(weir(folder.path(), &["--config", "weir.toml"]));
        let stored = ["--config", "weir.toml", "--offline"];
        times[2].push(weir(folder.path(), &stored));
        if let Some((program, arguments)) = peer.split_first() {
            times[3].push(timed(Command::new(program).args(arguments)));
        }
    }
    let names = [
        "weir, from a file",
        "weir, first report",
        "weir, stored",
        "peer",
    ];
    for (name, mut times) in names.into_iter().zip(times) {
        times.sort_unstable();
        if let Some((wall, used)) = times.get(times.len() / 2) {
            let (wall, used) = (wall.as_secs_f64(), used.as_secs_f64());
            println!("{name}: {wall:.3} s, {used:.2} s of processors");
        }
    }
}

/// Issues as a list in a file.
fn save(path: &Path, issues: &[Issue]) {
    let issues: Vec<&str> = issues.iter().map(|issue| issue.whole.as_str()).collect();
    std::fs::write(path, format!("[{}]", issues.join(",\n"))).expect("a file");
}

fn configure(folder: &Path, address: &str) {
    std::fs::write(folder.join("key"), "0f1e2d3c4b5a").expect("a key");
    let config = format!(
        "[history]\nurl = \"sqlite:weir.db\"\n[[sources]]\nname = \"jira\"\nkind = \"jira\"\n\
         url = \"{address}\"\ntoken = {{ file = \"key\" }}\n"
    );
    std::fs::write(folder.join("weir.toml"), config).expect("a config");
}

fn weir(folder: &Path, more: &[&str]) -> (Duration, Duration) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command
        .current_dir(folder)
        .args(["report", "--section", "all", "--format", "json"])
        .args(more);
    timed(&mut command)
}

/// The time that passed, and that of processors.
fn timed(command: &mut Command) -> (Duration, Duration) {
    let (begun, used) = (Instant::now(), children());
    let status = command.stdout(Stdio::null()).status().expect("a program");
    assert!(status.success(), "{command:?}: {status}");
    (begun.elapsed(), children().saturating_sub(used))
}

/// What processes that have ended used of processors.
fn children() -> Duration {
    let told = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = told
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks = fields
        .skip(13)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

/// In the order of their updates, as text.
fn sent(issues: Vec<Value>) -> Vec<Issue> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut sent: Vec<Issue> = issues
        .into_iter()
        .map(|issue| Issue {
            id: text(&issue["id"]),
            updated: text(&issue["fields"]["updated"]),
            whole: issue.to_string(),
        })
        .collect();
    sent.sort_by(|one, other| one.updated.cmp(&other.updated));
    sent
}

/// Issue `id` moves through all statuses within eight hours; some go back once.
fn made(id: u64) -> Value {
    let last = STATUSES.len() - 1;
    let way = if id.is_multiple_of(5) {
        vec![0, 1, 2, 3, 2, 3, last]
    } else {
        (0..=last).collect()
    };
    let history = |(step, pair): (usize, &[usize])| {
        let side = |at: usize| {
            (
                at.to_string(),
                STATUSES.get(at).copied().unwrap_or_default(),
            )
        };
        let ((from, old), (to, new)) = (side(pair[0]), side(pair[1]));
        json!({"id": format!("{id}{step}"), "created": instant(id, step + 1), "items": [{
            "field": "status", "fieldtype": "jira", "fieldId": "status",
            "from": from, "fromString": old, "to": to, "toString": new}]})
    };
    let histories: Vec<Value> = way.windows(2).enumerate().map(history).collect();
    json!({"id": id.to_string(), "key": format!("DEMO-{id}"),
        "fields": {
            "summary": format!("issue number {id} of a long backlog"),
            "issuetype": {"id": "1", "name": if id.is_multiple_of(4) { "Bug" } else { "Story" }},
            "status": {"id": last.to_string(), "name": STATUSES[last]},
            "created": instant(id, 0), "updated": instant(id, way.len() - 1)},
        "changelog": {"startAt": 0, "maxResults": histories.len(), "total": histories.len(),
            "histories": histories}})
}

fn instant(id: u64, hour: usize) -> String {
    let (day, minute) = (id / 20, id % 60);
    format!(
        "{}-{:02}-{:02}T{:02}:{minute:02}:00.000+0000",
        2024 + day / 336,
        1 + day / 28 % 12,
        1 + day % 28,
        8 + hour
    )
}

fn serve(issues: &Arc<Vec<Issue>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let issues = Arc::clone(issues);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let issues = Arc::clone(&issues);
            std::thread::spawn(move || converse(&stream, &issues));
        }
    });
    address
}

fn converse(stream: &TcpStream, issues: &[Issue]) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
        let target = line.split(' ').nth(1).unwrap_or_default();
        let body = answer(target, issues);
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {}
        line.clear();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut out = stream;
        if out.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

fn answer(target: &str, issues: &[Issue]) -> String {
    let url = Url::parse(&format!("http://jira{target}")).expect("an address");
    let named = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    match url.path().rsplit('/').next().unwrap_or_default() {
        "serverInfo" => r#"{"deploymentType": "Server", "version": "9.12.0"}"#.to_owned(),
        "myself" => r#"{"displayName": "Ann", "timeZone": "UTC"}"#.to_owned(),
        "search" => {
            let number = |name| named(name).and_then(|text| text.parse().ok());
            let most = number("maxResults").unwrap_or(50);
            let jql = named("jql").unwrap_or_default();
            match jql.strip_prefix("id in (") {
                Some(ids) => among(ids, issues),
                None => listed(&jql, issues, (number("startAt").unwrap_or(0), most)),
            }
        }
        _ => "[]".to_owned(),
    }
}

fn among(ids: &str, issues: &[Issue]) -> String {
    let ids: HashSet<&str> = ids.split('"').skip(1).step_by(2).collect();
    let found = issues
        .iter()
        .filter(|issue| ids.contains(issue.id.as_str()));
    let found: Vec<&str> = found.map(|issue| issue.whole.as_str()).collect();
    format!(
        r#"{{"startAt": 0, "total": {}, "issues": [{}]}}"#,
        found.len(),
        found.join(",")
    )
}

/// Those updated in the minute that is asked for or later.
fn listed(jql: &str, issues: &[Issue], (start, most): (usize, usize)) -> String {
    let since = jql.split('"').nth(1).unwrap_or_default().replace(' ', "T");
    let first = issues.partition_point(|issue| issue.updated < since);
    let found = issues.get(first..).unwrap_or_default();
    let rows = found.iter().skip(start).take(most).map(|issue| {
        format!(
            r#"{{"id": "{}", "fields": {{"updated": "{}"}}}}"#,
            issue.id, issue.updated
        )
    });
    let rows: Vec<String> = rows.collect();
    format!(
        r#"{{"startAt": {start}, "maxResults": {most}, "total": {}, "issues": [{}]}}"#,
        found.len(),
        rows.join(",")
    )
}
