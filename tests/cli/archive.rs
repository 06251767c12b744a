//! `weir export` and `weir import`, and event logs in every format.

use std::fmt::Write as _;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::program::{Desk, HISTORY};

/// A config whose history is a file of its own.
fn config(history: &str) -> String {
    format!(
        "[history]\nurl = \"sqlite:{history}.db\"\n\n[[sources]]\nname = \"export\"\nkind = \"csv\"\n\
         path = \"history.csv\"\n"
    )
}

/// A folder with a history that was read, and configs of three that are empty.
fn desk() -> Desk {
    let desk = Desk::with_history();
    for name in ["first", "second", "third", "fourth"] {
        desk.write(&format!("{name}.toml"), config(name));
    }
    desk.run(&["--config", "first.toml", "sync"]).fine();
    desk
}

fn items(desk: &Desk, config: &str) -> String {
    let now = "2026-01-21T09:00:01Z";
    let words = ["items", "--offline", "--format", "csv", "--now", now];
    desk.run(&[&["--config", config][..], &words].concat())
        .fine()
}

#[test]
fn a_history_goes_through_every_format_and_is_the_same() {
    let desk = desk();
    let run = |config: &str, words: &[&str]| {
        let config = format!("{config}.toml");
        desk.run(&[&["--config", &config][..], words].concat())
    };
    let told = run("first", &["export", "--output", "one.csv"]);
    assert!(
        told.err
            .contains("one.csv: 20 events of 3 items, from export"),
        "{told:?}"
    );
    assert_eq!(told.fine(), "");
    let told = run("second", &["import", "one.csv"]);
    assert!(
        told.err
            .contains("one.csv: 20 events, 20 of them new, from export"),
        "{told:?}"
    );
    run("second", &["export", "--output", "two.parquet"]).fine();
    run("third", &["import", "two.parquet"]).fine();
    let lines = run("third", &["export", "--format", "jsonl"]).fine();
    desk.write("three.jsonl", &lines);
    run("fourth", &["import", "three.jsonl"]).fine();
    let again = run(
        "fourth",
        &["import", "one.csv", "two.parquet", "three.jsonl"],
    );
    assert_eq!(
        again.err.matches("20 events, 0 of them new").count(),
        3,
        "{again:?}"
    );
    let whole = run("fourth", &["export"]).fine();
    assert_eq!(whole, desk.read("one.csv"));
    assert_eq!(items(&desk, "fourth.toml"), items(&desk, "first.toml"));
    // The source goes on from its own file as if nothing had happened.
    let synced = run("fourth", &["sync"]);
    assert!(synced.err.contains("export: up to date"), "{synced:?}");
    assert_eq!(run("fourth", &["export"]).fine(), whole);
}

#[test]
fn an_export_is_an_event_log_like_others() {
    let desk = desk();
    let told = desk.run(&[
        "--config",
        "first.toml",
        "export",
        "--output",
        "history.jsonl",
    ]);
    told.fine();
    let items = |file: &str| desk.run(&["items", file, "--format", "csv"]).fine();
    assert_eq!(items("history.jsonl"), items("history.csv"));
}

#[test]
fn only_what_was_chosen_is_exported() {
    let desk = desk();
    let more = "\n[[sources]]\nname = \"other\"\nkind = \"csv\"\npath = \"other.csv\"\n\n\
                [[streams]]\nname = \"payments\"\nsources = [\"other\"]\n";
    desk.write("first.toml", config("first") + more);
    desk.write(
        "other.csv",
        "case,activity,time\nX,a,2026-01-01\nX,b,2026-01-02\n",
    );
    desk.run(&["--config", "first.toml", "sync"]).fine();
    let export =
        |words: &[&str]| desk.run(&[&["--config", "first.toml", "export"][..], words].concat());
    let rows = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let other = rows(&export(&["--source", "other"]).fine());
    assert!(
        other.len() == 4 && other.iter().all(|row| row.starts_with("other,")),
        "{other:?}"
    );
    assert_eq!(rows(&export(&["--stream", "payments"]).fine()), other);
    let both = rows(&export(&["--source", "other", "--source", "export"]).fine());
    assert_eq!(both.len(), rows(&export(&[]).fine()).len());
    let unknown = export(&["--source", "nobody", "--output", "nobody.csv"]).failed(2);
    assert!(
        unknown.contains("the config has: export, other"),
        "{unknown}"
    );
    assert!(!desk.path("nobody.csv").exists() && !desk.path("nobody.csv.new").exists());
    assert!(
        export(&["--stream", "cards"])
            .failed(2)
            .contains("there are: payments")
    );
    assert!(
        export(&["--filter", "blocked"])
            .failed(2)
            .contains("--filter means nothing")
    );
    assert!(
        export(&["--output", "all.csv.gz"])
            .failed(2)
            .contains("gzip")
    );
    assert!(
        export(&["--output", "no/such/folder/x.csv"])
            .failed(2)
            .contains("cannot be written")
    );
}

#[test]
fn a_closed_pipe_ends_an_export_quietly() {
    let desk = desk();
    let mut command = desk.command(&["--config", "first.toml", "export"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success() && !told.contains("weir:"), "{told}");
}

#[test]
fn what_cannot_be_imported_is_said_and_the_rest_is() {
    let desk = desk();
    let import = |file: &str| desk.run(&["--config", "second.toml", "import", file]);
    assert!(
        import("history.csv")
            .failed(3)
            .contains("was not written by `weir export`")
    );
    assert!(import("nowhere.csv").failed(3).contains("is not there"));
    let mut text = desk.run(&["--config", "first.toml", "export"]).fine();
    text += "export,A-9\nelsewhere,B-1,x,2026-01-01T00:00:00Z,1,false,moved,,,Open,\n";
    desk.write("mixed.csv", &text);
    let told = import("mixed.csv").failed(3);
    assert!(
        told.contains("the row has 2 fields where the header has 11"),
        "{told}"
    );
    assert!(
        told.contains("1 entries could not be read; everything else is imported"),
        "{told}"
    );
    assert!(
        told.contains("elsewhere: the config has no source of this name"),
        "{told}"
    );
    let kept = desk.run(&["--config", "second.toml", "export"]).fine();
    assert!(kept.contains("elsewhere,B-1,x"), "{kept}");
    assert!(
        import("mixed.csv")
            .failed(3)
            .contains("21 events, 0 of them new")
    );
}

/// The log as one JSON object a line, and as XES, made by hand of the same rows.
fn rewritten() -> (String, String) {
    let mut jsonl = String::new();
    let mut xes =
        "<?xml version=\"1.0\"?>\n<log xmlns=\"http://www.xes-standard.org/\">\n".to_owned();
    let mut before = String::new();
    for row in HISTORY.lines().skip(1) {
        let mut parts = row.splitn(6, ',');
        let mut part = || parts.next().expect("a cell").trim_matches('"');
        let [case, activity, time, kind, team, subject] = std::array::from_fn(|_| part());
        let line = serde_json::json!({
            "case": case, "activity": activity, "time": time,
            "issue": {"type": kind, "team": team}, "subject": subject,
        });
        writeln!(jsonl, "{line}").expect("room");
        if before != case {
            let end = if before.is_empty() { "" } else { "</trace>\n" };
            writeln!(
                xes,
                "{end}<trace><string key=\"concept:name\" value=\"{case}\"/>\
                 <string key=\"type\" value=\"{kind}\"/><string key=\"title\" value=\"{subject}\"/>"
            )
            .expect("room");
        }
        case.clone_into(&mut before);
        writeln!(
            xes,
            "<event><string key=\"concept:name\" value=\"{activity}\"/><string key=\"org:group\" \
             value=\"{team}\"/><date key=\"time:timestamp\" value=\"{time}\"/></event>"
        )
        .expect("room");
    }
    (jsonl, xes + "</trace>\n</log>\n")
}

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(text.as_bytes()).expect("room");
    packer.finish().expect("room")
}

#[test]
fn one_log_gives_one_report_in_every_format() {
    let desk = Desk::with_history();
    let (jsonl, xes) = rewritten();
    std::fs::create_dir(desk.path("packed")).expect("a folder");
    for (name, text) in [("history.jsonl", &jsonl), ("history.xes", &xes)] {
        desk.write(name, text);
        desk.write(&format!("packed/{name}.gz"), packed(text));
    }
    desk.write("packed/history.csv.gz", packed(HISTORY));
    let said = |command: &str, file: &str| {
        let words: &[&str] = match command {
            "report" => &["report", file, "--format", "json", "--section", "all"],
            _ => &["items", file, "--format", "csv"],
        };
        desk.run(words).fine()
    };
    for command in ["report", "items"] {
        let want = said(command, "history.csv");
        for file in [
            "history.jsonl",
            "history.xes",
            "packed/history.csv.gz",
            "packed/history.jsonl.gz",
            "packed/history.xes.gz",
        ] {
            assert_eq!(said(command, file), want, "{command} {file}");
        }
    }
}

#[test]
fn every_format_is_a_source_and_what_was_found_out_can_be_saved() {
    let desk = Desk::with_history();
    let (jsonl, xes) = rewritten();
    desk.write("a.jsonl", jsonl);
    desk.write("b.xes", xes);
    let sources = "[history]\nurl = \"sqlite:weir.db\"\n\n\
                   [[sources]]\nname = \"a\"\nkind = \"jsonl\"\npath = \"a.jsonl\"\n\n\
                   [[sources]]\nname = \"b\"\nkind = \"xes\"\npath = \"b.xes\"\n";
    desk.write("weir.toml", sources);
    let synced = desk.run(&["sync"]);
    for source in [
        "a: up to date (read 3 items)",
        "b: up to date (read 3 items)",
    ] {
        assert!(synced.err.contains(source), "{synced:?}");
    }
    assert!(
        synced.err.contains("a, line 11: \"not a time\""),
        "{synced:?}"
    );
    assert!(
        synced.err.contains("b, line 18: \"not a time\""),
        "{synced:?}"
    );
    let checked = desk.run(&["doctor", "--now", "2026-01-21T09:00:01Z"]);
    assert!(
        checked.out.contains("item = \"case:concept:name\""),
        "{checked:?}"
    );
    for (file, kind) in [("a.jsonl", "jsonl"), ("b.xes", "xes")] {
        let config = format!("{kind}.toml");
        desk.run(&["open", file, "--save", &config]).fine();
        let saved = desk.read(&config);
        assert!(saved.contains(&format!("kind = \"{kind}\"")), "{saved}");
        desk.run(&["--config", &config, "sync"]).fine();
    }
}
