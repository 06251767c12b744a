//! `[notices]`: somebody is told, unasked, what broke.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use weir::model::time::Sec;

use crate::program::Desk;

/// So long a notice may take.
const PATIENT: Duration = Duration::from_secs(60);

const LOG: &str = "\
case,activity,time
A-1,Ready,2026-01-02T00:00:00Z
A-2,Ready,2026-01-03T00:00:00Z
";

const PATH: &str = "/hooks/a-secret-path";

/// A web address that takes notices; gives them as they come. The first `refused` are refused.
fn hook(mut refused: u32) -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}{PATH}", listener.local_addr().expect("a port"));
    let (posts, posted) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().expect("a connection"));
            let (mut line, mut length) = (String::new(), 0);
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                let told = line.to_lowercase();
                if let Some(told) = told.strip_prefix("content-length:") {
                    length = told.trim().parse().expect("a number");
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let status = if refused > 0 { "410 Gone" } else { "200 OK" };
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).expect("it listens");
            if refused > 0 {
                refused -= 1;
            } else if posts
                .send(serde_json::from_slice(&body).expect("JSON"))
                .is_err()
            {
                return;
            }
        }
    });
    (address, posted)
}

fn config(more: &str, most: u32) -> String {
    format!(
        r#"
[[sources]]
name = "history"
kind = "csv"
path = "history.csv"
poll = "1s"

[[streams]]
name = "payments"
stages = [
  {{ name = "Ready", phase = "create", class = "queue" }},
  {{ name = "Done", phase = "operate", class = "done" }},
]

[[policies]]
name = "few in progress"
measure = "items.in_progress"
at_most = {most}

[notices]
webhook = {{ env = "HOOK" }}
{more}
"#
    )
}

fn desk(more: &str) -> Desk {
    let desk = Desk::new();
    desk.write("history.csv", LOG);
    desk.write("weir.toml", config(more, 1));
    desk
}

/// A check at a time of 10 January; its exit code, and what it said beside the results.
fn check(desk: &Desk, hook: &str, time: &str) -> (Option<i32>, String) {
    let now = format!("2026-01-10T{time}:00Z");
    let words = ["check", "--now", &now, "--time-zone", "UTC"];
    let ended = desk.run_with(&words, &[("HOOK", hook)]);
    (ended.code, ended.err)
}

fn nothing(posted: &Receiver<Value>) {
    // Whatever a run that has ended posted is here already.
    let more = posted.try_recv();
    assert!(more.is_err(), "{more:?}");
}

#[test]
fn a_break_is_told_once_and_again_when_it_breaks_anew() {
    let (hook, posted) = hook(0);
    let desk = desk("");
    assert_eq!(check(&desk, &hook, "12:00").0, Some(1));
    let told = posted.recv_timeout(PATIENT).expect("a notice");
    assert_eq!(
        (&told["kind"], &told["stream"]),
        (&"policy".into(), &"payments".into())
    );
    assert_eq!(told["name"], "few in progress");
    assert_eq!(told["severity"], "error");
    assert_eq!(
        told["says"],
        "items.in_progress is 2 and has to be at most 1"
    );
    assert_eq!(
        told["text"],
        "payments · few in progress: items.in_progress is 2 and has to be at most 1"
    );
    assert_eq!(check(&desk, &hook, "12:05").0, Some(1));
    nothing(&posted);
    // Mended, then broken anew.
    desk.write("weir.toml", config("", 9));
    assert_eq!(check(&desk, &hook, "12:10").0, Some(0));
    nothing(&posted);
    desk.write("weir.toml", config("", 1));
    assert_eq!(check(&desk, &hook, "12:15").0, Some(1));
    assert!(posted.recv_timeout(PATIENT).is_ok());
}

#[test]
fn quiet_hours_are_kept_and_what_is_broken_still_is_told_after_them() {
    let (hook, posted) = hook(0);
    let desk = desk("quiet = \"20:00-08:00\"");
    for time in ["20:00", "23:59", "03:00", "07:59"] {
        assert_eq!(check(&desk, &hook, time).0, Some(1));
        nothing(&posted);
    }
    assert_eq!(check(&desk, &hook, "08:00").0, Some(1));
    assert!(posted.recv_timeout(PATIENT).is_ok());
}

#[test]
fn who_could_not_be_told_is_told_the_next_time_and_the_address_stays_secret() {
    let (hook, posted) = hook(1);
    let desk = desk("");
    let (code, said) = check(&desk, &hook, "12:00");
    assert_eq!(code, Some(1), "the check itself is done");
    assert!(
        said.contains("notice: ") && said.contains("127.0.0.1"),
        "{said}"
    );
    assert!(!said.contains("a-secret-path"), "{said}");
    nothing(&posted);
    check(&desk, &hook, "12:05");
    assert!(posted.recv_timeout(PATIENT).is_ok());
    let (_, said) = check(&desk, "not an address, a secret", "12:10");
    assert!(!said.contains("a secret"), "{said}");
}

#[test]
fn nobody_is_told_what_is_not_asked_for() {
    let (hook, posted) = hook(0);
    let desk = desk("about = [\"signals\"]");
    assert_eq!(check(&desk, &hook, "12:00").0, Some(1));
    nothing(&posted);
}

/// Two and three finished a week by turns, from Monday 1 September 2025 on; fifteen in the last of
/// sixteen weeks.
fn weeks() -> String {
    const WEEK: u32 = 7 * 86_400;
    let monday = 1_756_684_800;
    let mut log = "case,activity,time\n".to_owned();
    for week in 0..16 {
        let finished = if week == 15 { 15 } else { 2 + week % 2 };
        for number in 0..finished {
            let begun = monday + week * WEEK + number * 3_600;
            for (status, at) in [("Ready", begun), ("Done", begun + 86_400)] {
                let time = Sec(at).rfc3339();
                let _ = writeln!(log, "W-{week}-{number},{status},{time}");
            }
        }
    }
    log
}

#[test]
fn a_week_unlike_the_others_is_told_once_and_not_when_it_is_history() {
    let (hook, posted) = hook(0);
    let desk = desk("about = [\"signals\"]");
    desk.write("history.csv", weeks());
    let check = |now: &str| {
        let words = [
            "check",
            "--now",
            now,
            "--time-zone",
            "UTC",
            "--window",
            "16w",
        ];
        desk.run_with(&words, &[("HOOK", &hook)]).fine()
    };
    check("2025-12-23T12:00:00Z");
    let told = posted.recv_timeout(PATIENT).expect("a notice");
    assert_eq!(
        (&told["kind"], &told["severity"]),
        (&"signal".into(), &Value::Null)
    );
    let says = told["says"].as_str().expect("a sentence");
    assert!(
        says.starts_with("15 finished in 2025-W51, where 2.5 a week are usual"),
        "{says}"
    );
    check("2025-12-24T12:00:00Z");
    nothing(&posted);
    // A week on it is history.
    check("2025-12-30T12:00:00Z");
    nothing(&posted);
}

#[cfg(unix)]
#[test]
fn a_collector_tells_what_breaks_while_it_runs() {
    let (hook, posted) = hook(0);
    let desk = desk("");
    desk.write("weir.toml", config("", 2));
    let mut collector = desk
        .command(&["collect"])
        .env("HOOK", &hook)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // What it says is read to its end, so that it never waits for a reader.
    let said = BufReader::new(collector.stderr.take().expect("its words"));
    let (reads, read) = channel();
    std::thread::spawn(move || {
        for line in said.lines().map_while(Result::ok) {
            // Whoever does not listen any more has heard enough.
            let _ = reads.send(line);
        }
    });
    let is_read = |line: String| line.contains("read 2 items");
    assert!(read.iter().any(is_read), "the source was read");
    nothing(&posted);
    let more = format!("{LOG}A-3,Ready,2026-01-04T00:00:00Z\n");
    desk.write("history.csv", more);
    let told = posted.recv_timeout(PATIENT).expect("a notice");
    assert_eq!(
        told["says"],
        "items.in_progress is 3 and has to be at most 2"
    );
    let pid = rustix::process::Pid::from_raw(i32::try_from(collector.id()).expect("a process"));
    let term = rustix::process::Signal::TERM;
    rustix::process::kill_process(pid.expect("a process"), term).expect("it is there");
    assert!(
        collector
            .wait_with_output()
            .expect("it ends")
            .status
            .success()
    );
}
