//! How busy a first sync keeps the connections to a tracker that takes its time.
//!
//! `cargo bench --bench sync [-- ISSUES MILLIS]` reads so many issues (10,000) from a Redmine on
//! loopback that answers after so many milliseconds (20), and prints the share of the time in which
//! the connections that may be open were waited on, and the peak of memory.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench ends where it cannot go on, and prints what it measures"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use weir::connectors::{Connector, Fault, Redmine, SecretSource, Sink, TrackerSettings};
use weir::model::batch::Batch;
use weir::model::health::{Oddity, Progress};
use weir::model::id::SourceName;

/// Connections that may be open to one host.
const CONNECTIONS: f64 = 4.0;

/// Rows of a page.
const PAGE: usize = 100;

/// What a sync hands over, counted and let go.
#[derive(Default)]
struct Counted {
    items: usize,
    requests: u64,
    oddities: usize,
}

#[async_trait]
impl Sink for Counted {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
        self.items += batch.items.len();
        Ok(())
    }

    fn progress(&mut self, _: Progress) {}

    fn oddity(&mut self, _: Oddity) {
        self.oddities += 1;
    }

    fn request(&mut self) {
        self.requests += 1;
    }
}

/// The tracker, and the microseconds that requests were under way in it.
struct Server {
    issues: u64,
    answer: Duration,
    busy: AtomicU64,
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut number = |usual: u64| {
        words
            .next()
            .and_then(|word| word.parse().ok())
            .unwrap_or(usual)
    };
    let (issues, millis) = (number(10_000), number(20));
    let server = Arc::new(Server {
        issues,
        answer: Duration::from_millis(millis),
        busy: AtomicU64::new(0),
    });
    let address = serve(Arc::clone(&server));
    let engine = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let begun = Instant::now();
    let counted = engine.block_on(read(&address));
    let took = begun.elapsed().as_secs_f64();
    let busy = Duration::from_micros(server.busy.load(Ordering::Relaxed)).as_secs_f64();
    assert_eq!((counted.items as u64, counted.oddities), (issues, 0));
    println!(
        "{issues} issues, {} requests of {millis} ms: {took:.2} s, connections busy {:.1} %, peak {} MiB",
        counted.requests,
        100.0 * busy / (took * CONNECTIONS),
        peak_mib(),
    );
}

async fn read(address: &str) -> Counted {
    let key = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(key.path(), "0f1e2d3c4b5a").expect("a key");
    let settings = TrackerSettings {
        url: address.parse().expect("an address"),
        user: None,
        token: SecretSource::File(key.path().to_owned()),
        query: String::new(),
        fields: [].into(),
        ca_file: None,
    };
    let redmine = Redmine::new(SourceName::new("bench"), settings).expect("a connector");
    let mut counted = Counted::default();
    let outcome = redmine
        .sync(None, &mut counted, &CancellationToken::new())
        .await;
    assert_eq!(outcome, Ok(()));
    counted
}

fn serve(server: Arc<Server>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let server = Arc::clone(&server);
            std::thread::spawn(move || converse(&stream, &server));
        }
    });
    address
}

fn converse(stream: &TcpStream, server: &Server) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    while let Some(target) = request(&mut reader) {
        let begun = Instant::now();
        std::thread::sleep(server.answer);
        let body = answer(&target, server.issues);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        let mut out = stream;
        if out.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
        let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        server.busy.fetch_add(took, Ordering::Relaxed);
    }
}

fn request(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|read| *read > 0)?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    first.split(' ').nth(1).map(str::to_owned)
}

fn answer(target: &str, issues: u64) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    match path {
        "/users/current.json" => r#"{"user": {"id": 1, "login": "ann"}}"#.to_owned(),
        "/issue_statuses.json" => {
            r#"{"issue_statuses": [{"id": 1, "name": "New"}, {"id": 2, "name": "Done"}]}"#
                .to_owned()
        }
        "/trackers.json" => r#"{"trackers": []}"#.to_owned(),
        "/enumerations/issue_priorities.json" => r#"{"issue_priorities": []}"#.to_owned(),
        "/issues.json" => list(query, issues),
        detail => {
            let id = detail
                .trim_start_matches("/issues/")
                .trim_end_matches(".json");
            format!(r#"{{"issue": {}}}"#, issue(id.parse().unwrap_or_default()))
        }
    }
}

/// Issue `n` was updated in the `n`th minute.
fn list(query: &str, issues: u64) -> String {
    let since = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("updated_on=%3E%3D"));
    let since = since.map(|text| text.replace("%3A", ":"));
    let first = since.map_or(1, |since| {
        (1..=issues)
            .find(|id| instant(*id) >= since)
            .unwrap_or(issues + 1)
    });
    let rows: Vec<String> = (first..=issues).take(PAGE).map(issue).collect();
    let total = (issues + 1).saturating_sub(first);
    format!(
        r#"{{"issues": [{}], "total_count": {total}, "limit": {PAGE}}}"#,
        rows.join(",")
    )
}

fn issue(id: u64) -> String {
    let at = instant(id);
    let journals: Vec<String> = (0..8)
        .map(|step| {
            let number = id * 10 + step;
            let (old, new) = (1 + step % 2, 2 - step % 2);
            format!(
                r#"{{"id": {number}, "created_on": "{at}", "details": [{{"property": "attr",
                "name": "status_id", "old_value": "{old}", "new_value": "{new}"}}]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"id": {id}, "subject": "issue number {id} of a long backlog", "status": {{"id": 1}},
        "tracker": {{"id": 1, "name": "Bug"}}, "created_on": "{at}", "updated_on": "{at}",
        "journals": [{}]}}"#,
        journals.join(",")
    )
}

fn instant(minute: u64) -> String {
    let (day, hour, minute) = (minute / 1_440, minute / 60 % 24, minute % 60);
    format!(
        "2026-{:02}-{:02}T{hour:02}:{minute:02}:00Z",
        1 + day / 28,
        1 + day % 28
    )
}

/// The most memory that this process had at once.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or_default() / 1_024
}
