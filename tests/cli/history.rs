//! `weir sync`, the history behind it, and sources that fail.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::program::Desk;

const CONFIG: &str = "\
[history]
url = \"sqlite:weir.db\"

[[sources]]
name = \"export\"
kind = \"csv\"
path = \"history.csv\"
";

const DOWN: &str = "
[[sources]]
name = \"tracker\"
kind = \"redmine\"
url = \"http://127.0.0.1:1\"
token = { env = \"REDMINE_KEY\" }
";

const SECRET: &str = "correct-horse-battery-staple";

fn desk() -> Desk {
    let desk = Desk::with_history();
    desk.write("weir.toml", CONFIG);
    desk
}

fn items(desk: &Desk) -> String {
    desk.run(&[
        "items",
        "--offline",
        "--format",
        "csv",
        "--now",
        "2026-01-21T09:00:01Z",
    ])
    .fine()
}

#[test]
fn a_sync_fills_the_history_and_a_second_one_doubles_nothing() {
    let desk = desk();
    let first = desk.run(&["sync"]);
    assert!(first.err.contains("export: up to date"), "{first:?}");
    assert!(first.err.contains("line 12: \"not a time\""), "{first:?}");
    assert_eq!(first.fine(), "");
    let known = items(&desk);
    assert_eq!(
        known,
        desk.run(&["items", "history.csv", "--format", "csv"])
            .fine()
    );
    desk.run(&["sync"]).fine();
    assert_eq!(items(&desk), known);
    desk.run(&["sync", "--full"]).fine();
    assert_eq!(items(&desk), known);
}

#[test]
fn a_longer_file_adds_what_is_new() {
    let desk = desk();
    desk.run(&["sync"]).fine();
    let longer = desk.read("history.csv") + "A-3,Build,2026-01-21T09:00:00Z,Feature,cards,Export\n";
    desk.write("history.csv", longer);
    desk.run(&["sync"]).fine();
    let known = items(&desk);
    assert!(
        known.contains("A-3,Export,Feature,cards,Build,in_progress"),
        "{known}"
    );
    assert_eq!(known.lines().count(), 4);
}

#[test]
fn offline_shows_what_is_known_also_when_the_source_is_gone() {
    let desk = desk();
    desk.run(&["sync"]).fine();
    std::fs::remove_file(desk.path("history.csv")).expect("it was there");
    assert_eq!(items(&desk).lines().count(), 4);
    let said = desk.run(&["sync"]).failed(3);
    assert!(
        said.contains("history.csv") && said.contains("not there"),
        "{said}"
    );
    assert_eq!(items(&desk).lines().count(), 4);
}

#[test]
fn a_report_reads_a_source_that_was_never_read() {
    let desk = desk();
    let ended = desk.run(&[
        "report",
        "--section",
        "items",
        "--now",
        "2026-01-21T09:00:01Z",
    ]);
    assert!(ended.err.contains("line 12"), "{ended:?}");
    assert!(ended.fine().contains("3 in all: 2 in progress, 1 done"));
    let desk = self::desk();
    let empty = desk.run(&["report", "--section", "items", "--offline"]);
    assert!(empty.fine().contains("0 in all"));
}

#[test]
fn one_source_that_fails_does_not_keep_the_others_from_being_read() {
    let desk = desk();
    desk.write("weir.toml", format!("{CONFIG}{DOWN}"));
    let ended = desk
        .command(&["sync"])
        .env("REDMINE_KEY", SECRET)
        .output()
        .expect("it starts");
    let said = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(3), "{said}");
    assert!(said.contains("export: up to date (read 3 items)"), "{said}");
    assert_eq!(said.matches("127.0.0.1:1").count(), 1, "{said}");
    assert_eq!(said.matches("tracker: ").count(), 1, "{said}");
    assert_eq!(items(&desk).lines().count(), 4);
}

#[test]
fn a_secret_is_never_said_nor_written() {
    let desk = desk();
    desk.write("weir.toml", format!("{CONFIG}{DOWN}"));
    for words in [
        &["sync"][..],
        &["doctor"],
        &["report"],
        &["items", "--format", "json"],
    ] {
        let ended = desk
            .command(words)
            .env("REDMINE_KEY", SECRET)
            .output()
            .expect("it starts");
        assert_ne!(ended.status.code(), Some(0), "{words:?} has to fail");
        let all = [ended.stdout, ended.stderr].concat();
        assert!(!String::from_utf8_lossy(&all).contains(SECRET), "{words:?}");
    }
    let mut folders = vec![desk.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("a file");
                let found = bytes
                    .windows(SECRET.len())
                    .any(|part| part == SECRET.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    }
}

#[test]
fn a_missing_token_is_named_by_its_variable() {
    let desk = Desk::new();
    desk.write(
        "weir.toml",
        format!("[history]\nurl = \"sqlite:weir.db\"\n{DOWN}"),
    );
    let said = desk.run(&["report"]).failed(3);
    assert!(
        said.contains("REDMINE_KEY") && said.contains("tracker"),
        "{said}"
    );
}

#[test]
fn a_broken_history_is_left_alone_and_ends_with_4() {
    for junk in [&b"this is no database at all, only words"[..], &[0; 5000]] {
        let desk = desk();
        desk.write("weir.db", junk);
        for words in [
            &["report"][..],
            &["items"],
            &["sync"],
            &["report", "--offline"],
        ] {
            let said = desk.run(words).failed(4);
            assert!(
                said.contains("weir.db") && said.lines().count() >= 2,
                "{said}"
            );
        }
        assert_eq!(std::fs::read(desk.path("weir.db")).expect("a file"), junk);
    }
}

/// Stands for a folder without rights, which would not stop the administrator: a path that goes
/// through a file stops everybody.
#[test]
fn a_history_that_cannot_be_made_ends_with_4() {
    let desk = desk();
    desk.write(
        "weir.toml",
        CONFIG.replace("weir.db", "history.csv/weir.db"),
    );
    for words in [&["report"][..], &["sync"]] {
        let said = desk.run(words).failed(4);
        assert!(said.contains("history.csv/weir.db"), "{said}");
    }
}

#[test]
fn doctor_checks_everything_and_says_what_to_do() {
    let desk = desk();
    desk.run(&["sync"]).fine();
    let well = desk.run(&["doctor"]).fine();
    assert!(well.lines().all(|line| line.starts_with('✓')), "{well}");
    assert!(well.contains("3 items"), "{well}");
    desk.write("weir.toml", format!("{CONFIG}{DOWN}"));
    let ended = desk.run(&["doctor"]);
    assert!(ended.out.contains("✓ source export") && ended.out.contains("✗ source tracker"));
    assert!(ended.out.contains("REDMINE_KEY"), "{ended:?}");
    ended.failed(3);
    desk.write("weir.db", "no database");
    desk.write("weir.toml", CONFIG);
    desk.run(&["doctor"]).failed(4);
}

/// Answers every request with 401 until the test ends; returns the address.
fn refusing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
        }
    });
    format!("http://{address}")
}

#[test]
fn doctor_shows_the_requests_without_the_key() {
    let desk = desk();
    let tracker = DOWN
        .replace("http://127.0.0.1:1", &refusing())
        .replace("env = \"REDMINE_KEY\"", "file = \"key\"");
    desk.write("weir.toml", tracker);
    desk.write("key", SECRET);
    let hidden = desk.run(&["doctor"]);
    assert!(!hidden.out.contains("GET"), "{hidden:?}");
    let shown = desk.run(&["doctor", "--trace"]);
    let asked = "GET http://127.0.0.1:";
    let line = shown.out.lines().find(|line| line.contains(asked));
    let line = line.expect("a request");
    assert!(
        line.contains("/users/current.json: ") && line.contains("refuses the key"),
        "{line}"
    );
    assert!(
        !shown.out.contains(SECRET) && !shown.err.contains(SECRET),
        "{shown:?}"
    );
    shown.failed(3);
}

/// A config that names no place for its history.
const PLACELESS: &str = "[[sources]]\nname = \"export\"\nkind = \"csv\"\npath = \"history.csv\"\n";

#[test]
fn configs_in_different_folders_do_not_mix_what_they_read() {
    let desk = Desk::with_history();
    let other =
        "case,activity,time\nB-1,Ideas,2026-01-05T09:00:00Z\nB-1,Done,2026-01-06T09:00:00Z\n";
    for folder in ["pay", "ship"] {
        std::fs::create_dir(desk.path(folder)).expect("a folder");
        desk.write(&format!("{folder}/weir.toml"), PLACELESS);
    }
    desk.write("pay/history.csv", desk.read("history.csv"));
    desk.write("ship/history.csv", other);
    let run = |folder: &str, words: &[&str]| {
        let config = desk.path(folder).join("weir.toml");
        let config = config.display().to_string();
        desk.run(&[&["--config", &config], words].concat()).fine()
    };
    let unread = run("ship", &["doctor"]);
    assert!(
        unread.contains("nothing read yet: run `weir sync`"),
        "{unread}"
    );
    run("pay", &["sync"]);
    run("ship", &["sync"]);
    let known = run("ship", &["items", "--offline", "--format", "csv"]);
    assert!(known.contains("B-1") && !known.contains("A-1"), "{known}");
    let well = run("ship", &["doctor"]);
    assert!(well.contains("home/data/weir/ship-"), "{well}");
}

#[test]
fn a_demo_source_gives_the_same_company_for_the_same_seed() {
    let desk = Desk::new();
    desk.write(
        "weir.toml",
        "[history]\nurl = \"sqlite:a.db\"\n[[sources]]\nname = \"company\"\nkind = \"demo\"\nitems = 120\n",
    );
    let total = |desk: &Desk| {
        let words = [
            "report",
            "--format",
            "json",
            "--now",
            "2026-03-02T09:00:00Z",
        ];
        let report: Value = serde_json::from_str(&desk.run(&words).fine()).expect("JSON");
        report["items"].clone()
    };
    let first = total(&desk);
    assert!(first["done"].as_u64() > Some(50), "{first}");
    std::fs::remove_file(desk.path("a.db")).expect("it was there");
    assert_eq!(total(&desk), first);
}

#[test]
fn whatever_becomes_of_the_snapshot_file_the_numbers_are_those_of_the_history() {
    let desk = desk();
    desk.run(&["sync"]).fine();
    let file = desk.path("weir.db-snapshot");
    assert!(!file.exists(), "nothing was read of the history yet");
    let known = items(&desk);
    let whole = std::fs::read(&file).expect("what the first look kept");
    assert_eq!(items(&desk), known);
    assert_eq!(std::fs::read(&file).expect("the file"), whole);

    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    for damaged in [&whole[..whole.len() / 2], &changed, b"", b"not ours"] {
        desk.write("weir.db-snapshot", damaged);
        assert_eq!(items(&desk), known);
        assert_eq!(std::fs::read(&file).expect("the file"), whole, "made anew");
    }

    let longer = desk.read("history.csv") + "A-3,Build,2026-01-21T09:00:00Z,Feature,cards,Export\n";
    desk.write("history.csv", longer);
    desk.run(&["sync"]).fine();
    let with_the_new = items(&desk);
    assert_ne!(with_the_new, known);
    std::fs::remove_file(&file).expect("the file");
    assert_eq!(items(&desk), with_the_new);
    assert!(std::fs::read(&file).expect("the file") != whole);
}
