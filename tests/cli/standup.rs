//! `weir standup`: what to speak of, for a chat or a mail.

use serde_json::{Value, json};

use crate::program::Desk;

/// Ten finished items that left Build at an age of ten days, and five in progress.
fn desk() -> Desk {
    let mut log = "case,activity,time,assignee,priority,subject\n".to_owned();
    let mut item = |name: &str, priority: &str, moves: &[(&str, &str)]| {
        for (status, day) in moves {
            let row =
                format!("{name},{status},2026-01-{day}T09:00:00Z,ann,{priority},About {name}\n");
            log.push_str(&row);
        }
    };
    for number in 0..10 {
        let name = format!("D-{number}");
        item(
            &name,
            "",
            &[("Ready", "01"), ("Build", "02"), ("Done", "11")],
        );
    }
    item("A-1", "", &[("Ready", "03"), ("Build", "05")]);
    item("A-2", "", &[("Ready", "20"), ("Build", "27")]);
    item("A-3", "Urgent", &[("Ready", "28")]);
    item(
        "A-4",
        "",
        &[("Ready", "22"), ("Build", "24"), ("Done", "28")],
    );
    item("A-5", "", &[("Ready", "28")]);
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

[[streams]]
name = "payments"
sources = ["history"]
stages = [
  { name = "Ready", phase = "create", class = "queue", stale_after = "60d" },
  { name = "Build", phase = "create", class = "active", owner = "team", stale_after = "60d" },
  { name = "Done", phase = "operate", class = "done" },
]
"#;

fn standup(desk: &Desk, more: &[&str]) -> String {
    let words = ["standup", "history.csv", "--as-of", "2026-01-28T12:00:00Z"];
    desk.run(&[&words, more].concat()).fine()
}

#[test]
fn markdown_tells_changes_then_what_another_day_costs() {
    let desk = desk();
    let config = desk.path("weir.toml").display().to_string();
    let told = standup(&desk, &["--config", &config, "--format", "md"]);
    let headings: Vec<&str> = told.lines().filter(|line| line.starts_with('#')).collect();
    let expected = [
        "# Stand-up: payments",
        "## What changed",
        "## Over its pace band",
        "## Expedite",
        "## The rest",
    ];
    assert_eq!(headings, expected, "{told}");
    assert!(told.contains("no walk before is known"));
    assert!(told.contains("ann, side of team"), "{told}");
    assert!(told.contains("2 more items in progress call for no word."));
    let place = |text: &str| {
        told.find(text)
            .unwrap_or_else(|| panic!("no {text}:\n{told}"))
    };
    assert!(place("| A-4  | finished") < place("| A-5  | new"));
}

#[test]
fn json_has_all_items_in_the_same_order() {
    let desk = desk();
    let config = desk.path("weir.toml").display().to_string();
    let told = standup(&desk, &["--config", &config, "--format", "json"]);
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let of = |list: &str, name: &str| -> Vec<Value> {
        let all = told[list].as_array().expect("a list");
        all.iter().map(|one| one[name].clone()).collect()
    };
    assert_eq!(of("items", "item"), ["A-1", "A-3", "A-2", "A-5"]);
    let concerns = [
        json!("over_pace"),
        json!("expedite"),
        Value::Null,
        Value::Null,
    ];
    assert_eq!(of("items", "concern"), concerns);
    // From the entry into the first committed stage: 25 days and three hours.
    assert_eq!(told["items"][0]["age_days"], json!(25.125));
    assert_eq!(told["items"][0]["band_days"], json!(10.0));
    assert_eq!(of("changes", "news"), ["finished", "new", "new"]);
    assert_eq!(told["walked_before"], json!(false));
    assert_eq!(told["since"], json!("2026-01-27T12:00:00Z"));
}

#[test]
fn changes_are_told_since_the_last_walk_that_was_kept() {
    let desk = desk();
    let config = desk.path("weir.toml").display().to_string();
    let origin = desk.path("history.csv").canonicalize().expect("a path");
    let walks = json!({ origin.display().to_string(): { "payments": "2026-01-23T09:00:00Z" } });
    std::fs::create_dir_all(desk.path("home/state/weir")).expect("a folder");
    desk.write("home/state/weir/walks.json", walks.to_string());
    let told = standup(&desk, &["--config", &config]);
    assert!(
        told.contains("since the last walk, Fri 23 Jan 2026 09:00"),
        "{told}"
    );
    assert!(told.contains("Ready → Build"), "{told}");
    let kept = desk.read("home/state/weir/walks.json");
    assert_eq!(kept, walks.to_string(), "the command is no walk");
}

#[test]
fn a_format_that_does_not_exist_is_refused() {
    let ended = desk().run(&["standup", "history.csv", "--format", "csv"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("text, md, json"), "{}", ended.err);
}
