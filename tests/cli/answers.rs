//! What Jira's search answered, saved in a file.

use serde_json::{Value, json};

use crate::program::Desk;

/// An issue that was ordered on a day of March, then cooked, and served if it is `done`.
fn issue(id: u32, done: bool) -> Value {
    let status = |id: &str, name: &str, key: &str| json!({"id": id, "name": name, "statusCategory": {"key": key, "name": key}});
    let at = |day: u32| format!("2026-03-{day:02}T09:00:00.000+0000");
    let change = |day: u32, [from, old, to, new]: [&str; 4]| {
        json!({"id": day.to_string(), "created": at(day), "items": [{"field": "status",
            "fieldtype": "jira", "fieldId": "status",
            "from": from, "fromString": old, "to": to, "toString": new}]})
    };
    let mut changes = vec![change(id + 1, ["1", "Ordered", "2", "Zubereitung"])];
    if done {
        changes.push(change(id + 4, ["2", "Zubereitung", "3", "Abc"]));
    }
    let now = if done {
        status("3", "Abc", "done")
    } else {
        status("2", "Zubereitung", "indeterminate")
    };
    json!({"id": id.to_string(), "key": format!("PAY-{id}"),
        "self": "https://jira.example.org/rest/api/2/issue/1",
        "fields": {"created": at(id), "updated": at(id + 4), "summary": "Soup", "status": now},
        "changelog": {"total": changes.len(), "histories": changes}})
}

fn desk() -> Desk {
    let desk = Desk::new();
    let issues: Vec<Value> = (1..=8).map(|id| issue(id, id < 7)).collect();
    let page = |issues: &[Value]| json!({"startAt": 0, "total": 8, "issues": issues});
    let pages = format!("{}\n{}\n", page(&issues[..5]), page(&issues[5..]));
    desk.write("issues.json", pages);
    desk
}

#[test]
fn answers_of_jira_give_the_whole_report() {
    let desk = desk();
    let words = [
        "--section",
        "all",
        "--format",
        "json",
        "--now",
        "2026-03-20T09:00:00Z",
    ];
    let report = desk.run(&[&["report", "issues.json"][..], &words].concat());
    let report: Value = serde_json::from_str(&report.fine()).expect("JSON");
    let stages = report["stages"].as_array().expect("stages");
    let stage = |name: &str| {
        let found = stages.iter().find(|stage| stage["name"] == name);
        found.unwrap_or_else(|| panic!("{name} in {stages:?}"))
    };
    // No name says so: Jira does.
    assert_eq!(stage("Abc")["class"], "done");
    assert_eq!(stage("Abc")["load"], 6);
    assert_eq!(stage("Zubereitung")["load"], 2);
}

#[test]
fn answers_of_jira_are_a_source_that_can_be_saved() {
    let desk = desk();
    desk.run(&["open", "issues.json", "--save", "saved.toml"])
        .fine();
    let saved = desk.read("saved.toml");
    assert!(saved.contains("kind = \"jira-json\""), "{saved}");
    let synced = desk.run(&["--config", "saved.toml", "sync"]);
    assert!(synced.err.contains("(read 8 items)"), "{synced:?}");
    let checked = desk.run(&["doctor", "--config", "saved.toml"]);
    let told = "issues as Jira's search answers them";
    assert!(checked.out.contains(told), "{checked:?}");
}

#[test]
fn other_json_is_refused_with_what_to_do() {
    let desk = Desk::new();
    let bare = issue(1, true).to_string().replace("changelog", "x");
    for (text, what) in [
        (format!("[{bare}]"), "holds issues without their changes"),
        ("[{\"a\": 1}]".to_owned(), "is one JSON list"),
        ("{\"a\": {\"b\": 1}}".to_owned(), "other.json"),
    ] {
        desk.write("other.json", text);
        let refused = desk.run(&["report", "other.json"]).failed(3);
        assert!(refused.contains(what), "{refused}");
    }
}
