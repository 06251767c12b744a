//! Configs: found, refused, written by `open --save`.

use serde_json::Value;

use crate::program::Desk;

fn flow(desk: &Desk, arguments: &[&str]) -> Value {
    let common = [
        "report",
        "--format",
        "json",
        "--section",
        "items,flow,stages",
    ];
    let out = desk.run(&[&common, arguments].concat()).fine();
    let mut report: Value = serde_json::from_str(&out).expect("JSON");
    let object = report.as_object_mut().expect("an object");
    object.remove("notes");
    object.remove("time_zone");
    report
}

#[test]
fn all_problems_of_a_config_are_told_at_once() {
    let desk = Desk::with_history();
    desk.write(
        "bad.toml",
        "[display]\nthem = \"dark\"\nwindow = \"soon\"\n[[sources]]\nname = \"a\"\nkind = \"cvs\"\n",
    );
    for words in [
        &["report", "--config", "bad.toml"][..],
        &["report", "history.csv", "--config", "bad.toml"],
        &["sync", "--config", "bad.toml"],
        &["--config", "bad.toml"],
        &["open", "history.csv", "--config", "bad.toml"],
    ] {
        let said = desk.run(words).failed(2);
        for wanted in [
            "bad.toml:2:",
            "\"theme\"",
            "bad.toml:3:",
            "90d",
            "bad.toml:6:",
            "\"csv\"",
        ] {
            assert!(said.contains(wanted), "{words:?}: no {wanted} in\n{said}");
        }
        assert!(
            said.contains("3 problems") && !said.contains('\u{1b}'),
            "{said}"
        );
    }
}

#[test]
fn a_named_config_that_is_not_there_is_said() {
    let desk = Desk::with_history();
    for words in [
        &["report", "--config", "none.toml"][..],
        &["sync", "--config", "none.toml"],
    ] {
        let said = desk.run(words).failed(2);
        assert!(said.contains("none.toml"), "{said}");
    }
    let mut command = desk.command(&["report"]);
    let ended = command
        .env("WEIR_CONFIG", "none.toml")
        .output()
        .expect("it starts");
    assert_eq!(ended.status.code(), Some(2));
    std::fs::create_dir(desk.path("weird.toml")).expect("a folder");
    desk.run(&["report", "--config", "weird.toml"]).failed(2);
    assert_eq!(desk.run(&["report", "--config", ""]).code, Some(2));
    desk.write("junk.toml", [0xff, 0xfe, 0x00, 0x1b]);
    desk.run(&["report", "--config", "junk.toml"]).failed(2);
}

#[test]
fn the_config_is_found_here_by_name_and_in_the_users_folder() {
    let desk = Desk::with_history();
    let config = |name: &str| {
        format!("[history]\nurl = \"sqlite:{name}.db\"\n[[streams]]\nname = \"{name}\"\n")
    };
    std::fs::create_dir_all(desk.path("home/config/weir")).expect("a folder");
    desk.write("home/config/weir/weir.toml", config("user"));
    let stream = |words: &[&str]| flow(&desk, words)["stream"].as_str().map(str::to_owned);
    assert_eq!(stream(&[]).as_deref(), Some("user"));
    desk.write("weir.toml", config("here"));
    assert_eq!(stream(&[]).as_deref(), Some("here"));
    desk.write("other.toml", config("other"));
    assert_eq!(
        stream(&["--config", "other.toml"]).as_deref(),
        Some("other")
    );
}

#[test]
fn a_saved_config_gives_the_same_numbers() {
    let desk = Desk::with_history();
    let ended = desk.run(&["open", "history.csv", "--save", "weir.toml"]);
    assert!(
        ended.err.contains("Review is queue") && ended.err.contains("written to"),
        "{ended:?}"
    );
    assert_eq!(ended.fine(), "");
    let inferred = flow(&desk, &["history.csv"]);
    assert_eq!(
        flow(&desk, &["history.csv", "--config", "weir.toml"]),
        inferred
    );
    let as_of = inferred["as_of"].as_str().expect("an instant");
    assert_eq!(flow(&desk, &["--as-of", as_of]), inferred);
    assert!(desk.read("weir.toml").contains("sources = [\"history\"]"));
}

#[test]
fn a_saved_config_says_how_the_file_is_read() {
    let desk = Desk::with_history();
    desk.write(
        "de.csv",
        "Schlüssel;Thema;Status;Zeit\nA;Eins;Offen;1.2.2026\nA;Eins;Fertig;3.2.2026\n",
    );
    let ended = desk.run(&["open", "de.csv", "--save", "de.toml"]);
    assert!(ended.err.contains("dates are read day first"), "{ended:?}");
    let saved = desk.read("de.toml");
    for part in [
        "item = \"Schlüssel\"",
        "status = \"Status\"",
        "time = \"Zeit\"",
        "title = \"Thema\"",
        "time_format = \"%d.%m.%Y\"",
        "time_zone = \"UTC\"",
    ] {
        assert!(saved.contains(part), "{part} in {saved}");
    }
    let again = desk.run(&["items", "de.csv", "--config", "de.toml"]);
    assert!(!again.err.contains("dates are read"), "{again:?}");
    let ended = desk.run(&["report", "de.csv"]);
    assert!(ended.err.contains("Set time_format"), "{ended:?}");
}

#[test]
fn saving_names_weir_toml_where_no_file_is_named() {
    let desk = Desk::with_history();
    desk.run(&["open", "history.csv", "--save"]).fine();
    assert!(desk.read("weir.toml").contains("[[streams]]"));
}

#[test]
fn saving_into_a_config_keeps_what_it_says() {
    let desk = Desk::with_history();
    desk.write(
        "weir.toml",
        "# ours, do not touch\n[display]\ntheme = \"light\" # bright room\n",
    );
    desk.run(&["open", "history.csv", "--save", "weir.toml"])
        .fine();
    let first = desk.read("weir.toml");
    assert!(
        first.starts_with("# ours, do not touch\n[display]\ntheme = \"light\" # bright room\n")
    );
    desk.run(&["open", "history.csv", "--save", "weir.toml"])
        .fine();
    assert_eq!(
        desk.read("weir.toml"),
        first,
        "saving again changes nothing"
    );
    flow(&desk, &["history.csv", "--config", "weir.toml"]);
}

#[test]
fn saving_a_file_that_is_a_source_already_amends_what_is_there() {
    let desk = Desk::with_history();
    let own = "[[sources]]\nname = \"mine\"\nkind = \"csv\"\npath = \"history.csv\"\n\
               time_zone = \"Europe/Berlin\"\n\n\
               [[streams]]\nname = \"pay\"\nsources = [\"mine\"]\nwhere = \"-key:X\"\n";
    desk.write("weir.toml", own);
    for words in [
        &["open", "history.csv", "--save"][..],
        &["open", "history.csv", "--config", "weir.toml", "--save"],
    ] {
        desk.run(words).fine();
        let written = desk.read("weir.toml");
        for line in own.lines() {
            assert!(written.contains(line), "{words:?}: {line}: {written}");
        }
        assert_eq!(written.matches("[[sources]]").count(), 1, "{written}");
        assert_eq!(written.matches("[[streams]]").count(), 1, "{written}");
        assert!(written.contains("name = \"Review\""), "{written}");
    }
}

#[test]
fn saving_another_file_of_a_name_that_is_taken_changes_no_source() {
    let desk = Desk::with_history();
    std::fs::create_dir(desk.path("old")).expect("a folder");
    desk.write("old/history.csv", crate::program::HISTORY);
    desk.run(&["open", "old/history.csv", "--save"]).fine();
    let first = desk.read("weir.toml");
    desk.run(&["open", "history.csv", "--save"]).fine();
    let both = desk.read("weir.toml");
    for line in first.lines() {
        assert!(both.contains(line), "{line}: {both}");
    }
    for part in [
        "name = \"history-2\"",
        "sources = [\"history\"]",
        "sources = [\"history-2\"]",
        "path = \"old/history.csv\"",
    ] {
        assert!(both.contains(part), "{part}: {both}");
    }
    assert_eq!(both.matches("[[streams]]").count(), 2, "{both}");
}

#[test]
fn saving_does_not_touch_what_is_no_config() {
    let desk = Desk::with_history();
    desk.write("weir.toml", "[[sources]\nname = ");
    desk.run(&["open", "history.csv", "--save", "weir.toml"])
        .failed(2);
    assert_eq!(desk.read("weir.toml"), "[[sources]\nname = ");
    let said = desk
        .run(&["open", "history.csv", "--save", "history.csv/x.toml"])
        .failed(2);
    assert!(said.contains("--save"), "{said}");
}

/// A config with a value of every origin.
const OWN: &str = r#"[display]
time_zone = "Europe/Berlin"
theme = "dark"

[history]
url = "postgres://me@db.example.org/weir"
password = { env = "WEIR_PASSWORD" }

[[sources]]
name = "tracker"
kind = "redmine"
url = "https://redmine.example.org"
token = { command = "pass show redmine" }

[[streams]]
name = "payments"
"#;

fn own() -> Desk {
    let desk = Desk::new();
    desk.write("weir.toml", OWN);
    desk
}

#[test]
fn what_holds_is_shown_with_its_origin() {
    let desk = own();
    let words = [
        "config",
        "show",
        "--theme",
        "paper",
        "--window",
        "30d",
        "--clock",
        "first-start",
    ];
    let told = desk.run(&words).fine();
    let lines: Vec<&str> = told.lines().collect();
    for line in [
        "time_zone = \"Europe/Berlin\"  # line 2",
        "theme = \"paper\"  # --theme",
        "window = \"30d\"  # --window",
        "mouse = true  # default",
        "password = { env = \"WEIR_PASSWORD\" }  # line 7",
        "token = { command = \"pass show redmine\" }  # line 13",
        "poll = \"1m\"  # default",
        "clock = \"first-start\"  # --clock",
        "trials = 10000  # default",
    ] {
        assert!(lines.contains(&line), "{line}\n{told}");
    }
    // What is shown is a config that means the same.
    desk.write("shown.toml", &told);
    let again = desk
        .run(&["config", "check", "--config", "shown.toml"])
        .fine();
    assert!(
        again.contains("1 source, 1 stream, 0 views, 0 policies"),
        "{again}"
    );
    let json: Value =
        serde_json::from_str(&desk.run(&["config", "show", "--format", "json"]).fine())
            .expect("JSON");
    let zone = &json["values"][0];
    assert_eq!(
        (&zone["section"], &zone["key"]),
        (&"[display]".into(), &"time_zone".into())
    );
    assert_eq!(
        (&zone["origin"], &zone["line"]),
        (&"file".into(), &2.into())
    );
}

#[test]
fn no_secret_is_shown() {
    let desk = own();
    let secret = [("WEIR_PASSWORD", "open sesame")];
    let told = desk.run_with(&["config", "show"], &secret).fine();
    assert!(!told.contains("sesame"), "{told}");
    let address = OWN
        .replace("me@db", "me:sesame@db")
        .replace("password =", "#");
    desk.write("weir.toml", address);
    let ended = desk.run(&["config", "show"]);
    assert!(
        !(ended.out.contains("sesame") || ended.err.contains("sesame")),
        "{ended:?}"
    );
}

#[test]
fn a_config_is_checked_without_asking_anybody() {
    let desk = own();
    assert!(
        desk.run(&["config", "check"])
            .fine()
            .contains("weir.toml is right: 1 source, 1 stream")
    );
    desk.write("weir.toml", OWN.replace("\"dark\"", "\"drak\""));
    let said = desk.run(&["config", "check"]).failed(2);
    assert!(
        said.contains("weir.toml:3") && said.contains("did you mean \"dark\"?"),
        "{said}"
    );
}

#[test]
fn the_schema_is_written() {
    let desk = Desk::new();
    let schema: Value =
        serde_json::from_str(&desk.run(&["config", "schema"]).fine()).expect("JSON");
    assert_eq!(schema["properties"]["sources"]["type"], "array");
}
