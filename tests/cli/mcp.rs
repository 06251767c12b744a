//! `weir mcp`: an assistant asks, and gets the numbers that the other commands give.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use weir::model::time::Sec;

use crate::assistant::Assistant;
use crate::program::Desk;

/// Seen from here in every question.
const AS_OF: &str = "2026-03-02T12:00:00Z";

/// Two months of a stream: 120 items, every ninth held up once; the last ones are in progress.
fn desk() -> Desk {
    const OPEN_IN: [&str; 4] = ["Ready", "Build", "On hold", "Review"];
    let mut log = "case,activity,time,assignee,priority,subject\n".to_owned();
    // 2026-01-01T00:00:00Z
    let start = 1_767_225_600;
    for number in 0..120_u32 {
        let stays = [
            ("Ready", 1 + number % 4),
            ("Build", 2 + number % 5),
            ("On hold", u32::from(number % 9 == 0)),
            ("Review", 1 + (number * 7) % 6),
            ("Done", 0),
        ];
        // Some never leave the stage they are in.
        let last = (number >= 100).then(|| OPEN_IN[number as usize % 4]);
        let priority = if number % 11 == 0 { "Urgent" } else { "" };
        let mut at = start + number * 12 * 3_600;
        for (status, days) in stays {
            let ends = last == Some(status);
            if status != "On hold" || days > 0 || ends {
                let time = Sec(at).rfc3339();
                let _ = writeln!(
                    log,
                    "PAY-{number},{status},{time},ann,{priority},Item {number}"
                );
            }
            if ends {
                break;
            }
            at += days * 86_400;
        }
    }
    let desk = Desk::new();
    desk.write("history.csv", log);
    desk.write("weir.toml", CONFIG);
    desk
}

const CONFIG: &str = r#"
[[sources]]
name = "history"
kind = "csv"
path = "history.csv"
poll = "1s"

[[streams]]
name = "payments"
sources = ["history"]
blocked = [{ when = "status = \"On hold\"", reason = "on hold" }]
stages = [
  { name = "Ready", phase = "create", class = "queue", stale_after = "20d" },
  { name = "Build", phase = "create", class = "active", limit = 4, owner = "team", statuses = ["Build", "On hold"], stale_after = "36h" },
  { name = "Review", phase = "create", class = "queue", stale_after = "60d" },
  { name = "Done", phase = "operate", class = "done" },
]

[[changes]]
date = 2026-02-01
name = "pairing"
"#;

const HERE: [&str; 5] = ["history.csv", "--config", "weir.toml", "--as-of", AS_OF];

fn told(desk: &Desk, command: &str, more: &[&str]) -> Value {
    let words = [&[command][..], &HERE, &["--format", "json"], more].concat();
    serde_json::from_str(&desk.run(&words).fine()).expect("JSON")
}

fn report(desk: &Desk, section: &str) -> Value {
    told(desk, "report", &["--section", section])[section].take()
}

fn assistant(desk: &Desk) -> Assistant {
    Assistant::of(desk, &HERE).0
}

/// The entries of a list that have this value under this key.
fn with(list: &Value, key: &str, value: &str) -> Vec<Value> {
    let all = list.as_array().expect("a list").iter();
    all.filter(|one| one[key] == value).cloned().collect()
}

fn by_item(list: &Value) -> Vec<Value> {
    let mut all = list.as_array().expect("a list").clone();
    all.sort_by_key(|one| one["item"].to_string());
    all
}

#[test]
fn what_is_the_constraint_and_why() {
    let desk = desk();
    let answer = assistant(&desk).ask("bottleneck", &json!({}));
    let reported = report(&desk, "bottleneck");
    assert_eq!(answer["bottleneck"], reported);
    let constraint = reported["constraint"].as_str().expect("there is one");
    let stages = report(&desk, "stages");
    assert_eq!(
        [answer["constraint_stage"].clone()][..],
        with(&stages, "name", constraint)
    );
    assert!(
        reported["why"]
            .as_str()
            .expect("a reason")
            .contains(constraint)
    );
}

#[test]
fn what_is_blocked_and_for_how_long() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let answer = assistant.ask("items", &json!({ "filter": "blocked", "limit": 100 }));
    let listed = told(&desk, "items", &["--filter", "blocked"]);
    assert!(listed.as_array().expect("rows").len() > 1);
    assert_eq!(by_item(&answer["items"]), by_item(&listed));
    let agenda = told(&desk, "standup", &[]);
    let blocked = with(&agenda["items"], "concern", "blocked");
    assert!(blocked[0]["blocked_days"].as_f64().expect("days") > 1.0);
    let called = assistant.ask("standup", &json!({}));
    assert_eq!(with(&called["items"], "concern", "blocked"), blocked);
    let first: Vec<&Value> = answer["items"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|one| &one["item"])
        .collect();
    let costly: Vec<&Value> = blocked.iter().map(|one| &one["item"]).collect();
    assert_eq!(first, costly, "what costs most comes first");
}

#[test]
fn what_is_over_its_pace_band_and_what_is_stale() {
    let desk = desk();
    let agenda = told(&desk, "standup", &[]);
    let answer = assistant(&desk).ask("standup", &json!({}));
    for concern in ["over_pace", "stale"] {
        let called = with(&agenda["items"], "concern", concern);
        assert!(!called.is_empty(), "{concern}");
        assert_eq!(with(&answer["items"], "concern", concern), called);
    }
}

#[test]
fn what_changed_since_yesterday() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let answer = assistant.ask("changes", &json!({}));
    let agenda = told(&desk, "standup", &[]);
    assert_eq!(answer["changes"], agenda["changes"]);
    assert_eq!(answer["since"], agenda["since"]);
    let counted: u64 = answer["counts"]
        .as_object()
        .expect("counts")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(
        counted,
        agenda["changes"].as_array().expect("a list").len() as u64
    );
    assert!(counted > 0);
    let week = assistant.ask("changes", &json!({ "since": "2026-02-23" }));
    assert_eq!(week["since"], "2026-02-23T00:00:00Z");
    assert!(week["changes"].as_array().expect("a list").len() as u64 > counted);
}

#[test]
fn how_many_are_in_progress_in_each_stage() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let answer = assistant.ask("stages", &json!({ "stream": "payments" }));
    assert_eq!(answer["stages"], report(&desk, "stages"));
    let streams = assistant.ask("streams", &json!({}));
    let stream = &streams["streams"][0];
    assert_eq!(stream["items"], report(&desk, "items"));
    let loads: Vec<&Value> = stream["stages"]
        .as_array()
        .expect("stages")
        .iter()
        .map(|one| &one["load"])
        .collect();
    let reported: Vec<Value> = report(&desk, "stages")
        .as_array()
        .expect("stages")
        .iter()
        .map(|one| one["load"].clone())
        .collect();
    assert_eq!(loads, reported.iter().collect::<Vec<_>>());
}

#[test]
fn when_will_these_be_done() {
    let desk = desk();
    let asked = json!({ "items": 10, "weeks": 4, "window": "30d" });
    let answer = assistant(&desk).ask("forecast", &asked);
    let words = ["--section", "forecast", "--window", "30d"];
    let reported = told(&desk, "report", &words)["forecast"].take();
    assert_eq!(answer["forecast"], reported);
    let held = &reported["backtest"]["coverage"]["p85"];
    assert!(held.as_f64().is_some(), "{reported}");
    // What is asked besides is drawn from the same futures.
    let same = |list: &Value, key: &str, value: Value| {
        list.as_array()
            .expect("a list")
            .iter()
            .find(|one| one[key] == value)
            .cloned()
            .expect("told")
    };
    let ten = same(&reported["when"], "items", json!(10));
    let month = same(
        &reported["how_many"],
        "date",
        answer["asked_weeks"]["date"].clone(),
    );
    for confidence in ["p50", "p70", "p85", "p95"] {
        assert_eq!(answer["asked_items"][confidence], ten[confidence]);
        assert_eq!(answer["asked_weeks"][confidence], month[confidence]);
    }
}

#[test]
fn how_long_does_work_take_and_what_came_against_what_was_finished() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let answer = assistant.ask("measures", &json!({ "sections": ["flow", "throughput"] }));
    assert_eq!(answer["flow"], report(&desk, "flow"));
    assert_eq!(answer["throughput"], report(&desk, "throughput"));
    assert!(answer["flow"]["time"]["p85_days"].as_f64().expect("days") > 1.0);
    let asked = json!({
        "sections": ["flow"], "window": "30d", "clock": "first-start", "filter": "stage:Done", "as_of": "2026-02-15",
    });
    let answer = assistant.ask("measures", &asked);
    let words = [
        "report",
        "history.csv",
        "--config",
        "weir.toml",
        "--as-of",
        "2026-02-15",
        "--window",
        "30d",
        "--clock",
        "first-start",
        "--filter",
        "stage:Done",
        "--section",
        "flow",
        "--format",
        "json",
    ];
    let reported: Value = serde_json::from_str(&desk.run(&words).fine()).expect("JSON");
    assert_eq!(answer, reported);
}

#[test]
fn is_the_system_stable() {
    let desk = desk();
    let answer = assistant(&desk).ask("signals", &json!({}));
    for section in ["signals", "littles_law", "flow_debt", "impact"] {
        assert_eq!(answer[section], report(&desk, section), "{section}");
    }
}

#[test]
fn an_item_is_told_with_its_history() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let answer = assistant.ask("item", &json!({ "item": "pay-9" }));
    let rows = told(&desk, "items", &[]);
    assert_eq!([answer["item"].clone()][..], with(&rows, "item", "PAY-9"));
    let history = &answer["history"];
    let stages: Vec<&str> = history["visits"]
        .as_array()
        .expect("visits")
        .iter()
        .filter_map(|one| one["stage"].as_str())
        .collect();
    assert_eq!(stages, ["Ready", "Build", "Review", "Done"]);
    assert_eq!(history["blocks"][0]["days"], 1.0);
    assert_eq!(history["blocks"][0]["reason"], "on hold");
    let clock = &history["clocks"][0];
    assert_eq!(clock["days"], answer["item"]["flow_days"]);
    assert_eq!(clock["waiting_days"], answer["item"]["waiting_days"]);
    let near = assistant.refused("item", &json!({ "item": "PAY-1199" }));
    assert!(near.contains("look for it with items"), "{near}");
    let near = assistant.refused("item", &json!({ "item": "item 11" }));
    assert!(near.contains("PAY-11 (Item 11)"), "{near}");
}

#[test]
fn a_number_is_explained() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let all = assistant.ask("definitions", &json!({}));
    let names = all["definitions"].as_array().expect("a list");
    assert!(
        names
            .iter()
            .any(|one| one["name"] == "Flow efficiency" && one["question"].is_string())
    );
    let one = assistant.ask("definitions", &json!({ "name": "flow_efficiency" }));
    assert_eq!(one["name"], "Flow efficiency");
    assert!(
        one["says"]
            .as_array()
            .expect("paragraphs")
            .iter()
            .any(|one| one["about"] == "Formula")
    );
    let none = assistant.refused("definitions", &json!({ "name": "zzz" }));
    assert!(none.contains("Flow time; Working time"), "{none}");
}

#[test]
fn lists_go_on_where_they_were_cut() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let mut found = Vec::new();
    let mut pages = 0;
    let mut offset = json!(0);
    while !offset.is_null() {
        let page = assistant.ask("items", &json!({ "limit": 200, "offset": offset }));
        assert_eq!(page["matching"], 120);
        found.extend(page["items"].as_array().expect("rows").clone());
        offset = page["next_offset"].clone();
        assert!(
            page.get("cut").is_none(),
            "a page ends where the next begins"
        );
        pages += 1;
    }
    assert!(pages > 1, "more than an answer has room for");
    assert_eq!(by_item(&json!(found)), by_item(&told(&desk, "items", &[])));
}

#[test]
fn an_answer_is_bounded_and_says_what_is_cut() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let (text, _) = assistant.told("measures", &json!({ "sections": ["all"] }));
    assert!(text.len() <= weir::mcp::MOST_BYTES, "{}", text.len());
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    let cut = &answer["cut"]["lists"][0];
    assert_eq!(cut["at"], "/cfd");
    assert_eq!(cut["shown"], answer["cfd"].as_array().expect("days").len());
    assert_eq!(
        cut["of"],
        report(&desk, "cfd").as_array().expect("days").len()
    );
    assert!(
        answer["cut"]["ask"]
            .as_str()
            .expect("words")
            .contains("narrower filter")
    );
    // What is left is as the report says it.
    assert_eq!(
        answer["cfd"].as_array().expect("days").last(),
        report(&desk, "cfd").as_array().expect("days").last()
    );
    assert_eq!(answer["waste"], report(&desk, "waste"));
}

#[test]
fn the_tools_only_read_and_say_what_they_take() {
    let desk = desk();
    let (mut assistant, hello) = Assistant::of(&desk, &HERE);
    assert_eq!(hello["serverInfo"]["name"], "weir");
    assert!(
        hello["instructions"]
            .as_str()
            .expect("words")
            .contains("streams")
    );
    let tools = assistant.request("tools/list", &json!({}));
    let tools = tools["tools"].as_array().expect("tools");
    let named: Vec<&str> = tools
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    let all: Vec<&str> = weir::mcp::Tool::ALL
        .iter()
        .map(|tool| tool.name())
        .collect();
    assert_eq!(named, all);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true, "{tool}");
        assert!(
            tool["description"].as_str().expect("words").len() > 60,
            "{tool}"
        );
        let arguments = tool["inputSchema"]["properties"]
            .as_object()
            .expect("arguments");
        for (name, argument) in arguments {
            assert!(argument["description"].is_string(), "{name} of {tool}");
        }
    }
}

/// Tools, arguments that none can answer, and what has to be said of them.
fn cases() -> [(&'static str, Value, &'static str); 12] {
    [
        (
            "stages",
            json!({ "steam": "payments" }),
            "did you mean \"stream\"?",
        ),
        (
            "stages",
            json!({ "stream": "lending" }),
            "there are: payments",
        ),
        (
            "items",
            json!({ "filter": "stage:" }),
            "filter cannot be read",
        ),
        (
            "items",
            json!({ "filter": "colour:red" }),
            "no item has a field \"colour\"",
        ),
        ("items", json!({ "limit": 0 }), "1 to 200"),
        (
            "items",
            json!({ "limit": "many" }),
            "an argument of items cannot be read",
        ),
        (
            "measures",
            json!({ "sections": ["flaw"] }),
            "there is no section \"flaw\"",
        ),
        (
            "measures",
            json!({ "as_of": "soon" }),
            "as_of: \"soon\" is no instant",
        ),
        (
            "measures",
            json!({ "window": "long" }),
            "90d is the usual one",
        ),
        ("forecast", json!({ "weeks": 99 }), "1 to 52"),
        ("changes", json!({ "since": "then" }), "2026-03-03"),
        ("item", json!({}), "missing field `item`"),
    ]
}

#[test]
fn what_cannot_be_answered_is_said_with_what_to_do() {
    let desk = desk();
    let mut assistant = assistant(&desk);
    let cases = cases();

    for (tool, arguments, expected) in cases {
        let said = assistant.refused(tool, &arguments);
        assert!(said.contains(expected), "{tool}: {said}");
        assert!(!said.contains("--"), "an argument is no flag: {said}");
    }
    let unknown = assistant.request("tools/call", &json!({ "name": "delete", "arguments": {} }));
    assert!(
        unknown["error"]["message"]
            .as_str()
            .expect("words")
            .contains("streams, standup")
    );
    // It goes on after all of them.
    assert_eq!(assistant.ask("streams", &json!({}))["schema"], 1);
    let (status, more, said) = assistant.leave();
    assert!(status.success());
    assert!(more.is_empty(), "{more:?}");
    assert_eq!(said, "");
}

#[test]
fn the_command_line_narrows_every_call() {
    let desk = desk();
    let narrow = [
        &HERE[..],
        &["--filter", "stage:Review", "--stream", "payments"],
    ]
    .concat();
    let (mut assistant, _) = Assistant::of(&desk, &narrow);
    let answer = assistant.ask("items", &json!({ "filter": "age>3d" }));
    let listed = told(&desk, "items", &["--filter", "stage:Review age>3d"]);
    assert!(!listed.as_array().expect("rows").is_empty());
    assert_eq!(by_item(&answer["items"]), by_item(&listed));
    let other = assistant.refused("items", &json!({ "stream": "lending" }));
    assert!(other.contains("\"payments\" alone"), "{other}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_while_the_assistant_is_silent() {
    let desk = desk();
    let (mut assistant, _) = Assistant::of(&desk, &HERE);
    assistant.ask("streams", &json!({}));
    let pid = rustix::process::Pid::from_raw(i32::try_from(assistant.id()).expect("a process"));
    rustix::process::kill_process(pid.expect("a process"), rustix::process::Signal::TERM)
        .expect("it is there");
    let (status, more, _) = assistant.ended();
    assert!(status.success(), "{status}");
    assert!(more.is_empty());
}

#[test]
fn who_is_no_assistant_is_told_so() {
    let desk = desk();
    let mut person = Assistant::silent(&desk, &HERE);
    person.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let (status, more, said) = person.leave();
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("does not begin with a greeting"), "{said}");
    assert!(said.contains("people ask `weir report`"), "{said}");
    assert!(more.is_empty(), "{more:?}");
}

#[test]
fn sources_are_polled_and_news_come_while_it_runs() {
    let desk = desk();
    let (mut assistant, _) = Assistant::of(&desk, &[]);
    let total = |assistant: &mut Assistant| {
        let answer = assistant.ask("streams", &json!({}));
        (
            answer["streams"][0]["items"]["total"].clone(),
            answer["sources"][0].clone(),
        )
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    let until = |assistant: &mut Assistant, wanted: u64| loop {
        let (items, source) = total(assistant);
        if items == wanted {
            return source;
        }
        assert!(Instant::now() < deadline, "{items} items; {source}");
        std::thread::yield_now();
    };
    until(&mut assistant, 120);
    let mut log = desk.read("history.csv");
    log.push_str("PAY-999,Ready,2026-02-01T00:00:00Z,ann,,New\n");
    desk.write("history.csv", log);
    until(&mut assistant, 121);
    let answer = assistant.ask("forecast", &json!({}));
    assert!(answer["forecast"]["n_days"].is_number() || answer["forecast"].is_null());
    let (status, _, said) = assistant.leave();
    assert!(status.success());
    assert_eq!(said, "");
}

#[test]
fn a_config_that_is_wrong_is_said_before_anything_else() {
    let desk = Desk::new();
    desk.write("weir.toml", "[[sources]]\nname = \"x\"\nkind = \"cvs\"\n");
    let (status, more, said) = Assistant::silent(&desk, &[]).leave();
    assert_eq!(status.code(), Some(2), "{said}");
    assert!(said.contains("weir.toml:3"), "{said}");
    assert!(more.is_empty(), "nothing but the protocol: {more:?}");
}
