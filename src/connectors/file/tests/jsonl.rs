use std::fmt::Write;

use proptest::prelude::*;

use super::{fact, moves, read, role_of, try_read};
use crate::connectors::{Columns, Fault, FileFormat};
use crate::model::event::fact::SEPARATOR;
use crate::model::id::ItemIx;
use crate::model::time::Sec;

#[test]
fn fields_are_found_out_as_columns_are() {
    let (log, report) = read(concat!(
        r#"{"issue": {"key": "A-1", "summary": "Größer \"als\" 1"}, "to_status": "Open", "changed_at": "2026-01-01T09:00:00.250+01:00", "assignee": {"name": "Ann", "mail": null}, "labels": ["red", "blue"], "points": 3, "urgent": true}"#,
        "\n",
        r#"{"changed_at": "2026-01-02T09:00:00Z", "to_status": "Done", "issue": {"key": "A-1", "summary": "Größer \"als\" 1"}, "assignee": {"name": "Bob"}, "labels": [], "points": 5, "urgent": true}"#,
        "\r\n",
        r#"{"issue": {"key": "A-2"}, "to_status": "Open", "changed_at": "2026-01-03T09:00:00Z"}"#,
    ));
    assert_eq!((report.rows, report.kept_out, report.items), (3, 0, 2));
    let want = ["2026-01-01T08:00:00Z Open", "2026-01-02T09:00:00Z Done"];
    assert_eq!(moves(&log, "A-1"), want);
    assert_eq!(log.title(ItemIx(0)), "Größer \"als\" 1");
    for (column, role) in [
        ("issue.key", "item"),
        ("to_status", "status"),
        ("changed_at", "time"),
        ("issue.summary", "title"),
        ("labels", "label"),
    ] {
        assert_eq!(role_of(&report, column), role);
    }
    assert_eq!(fact(&log, "A-1", "assignee", Sec(0)), "Ann");
    assert_eq!(fact(&log, "A-1", "assignee", Sec::MAX), "Bob");
    assert_eq!(
        fact(&log, "A-1", "label", Sec(0)),
        format!("red{SEPARATOR}blue")
    );
    assert_eq!(fact(&log, "A-1", "label", Sec::MAX), "");
    assert_eq!(fact(&log, "A-1", "estimate", Sec::MAX), "5");
    assert_eq!(fact(&log, "A-1", "urgent", Sec(0)), "true");
    assert_eq!(fact(&log, "A-2", "assignee", Sec::MAX), "");
    assert_eq!(report.found.format, FileFormat::Jsonl);
    assert_eq!(report.found.columns.item.as_deref(), Some("issue.key"));
}

#[test]
fn lines_that_are_no_objects_are_listed_and_the_rest_goes_on() {
    let deep = "[".repeat(100_000);
    let long = "x".repeat(9 * 1024 * 1024);
    let text = format!(
        "{{\"id\": 1, \"status\": \"a\", \"time\": \"2026-01-01\"}}\n\
         {{\"id\": 1, \"status\": \"b\", \"time\": \n\
         \n\
         [1, 2]\n\
         {{\"id\": 1, \"status\": \"b\", \"deep\": {deep}\n\
         {{\"id\": 1, \"status\": \"{long}\", \"time\": \"2026-01-02\"}}\n\
         {{\"id\": 1, \"status\": \"c\", \"time\": \"soon\"}}\n\
         {{\"id\": 1, \"status\": \"d\", \"time\": \"2026-01-03\"}}\n\
         {{\"id\": 1, \"status\": \"e\", \"time\": \"2026-01-04\"}} x\n"
    );
    let (log, report) = read(&text);
    let places: Vec<&str> = report
        .oddities
        .iter()
        .map(|one| one.place.as_str())
        .collect();
    assert_eq!(
        places,
        ["line 2", "line 4", "line 5", "line 6", "line 7", "line 9"]
    );
    assert!(
        report.oddities[0].what.contains("at its letter 3"),
        "{report:?}"
    );
    assert_eq!((report.rows, report.kept_out), (8, 6));
    assert_eq!(moves(&log, "1").len(), 2);
}

#[test]
fn lists_of_objects_are_looked_through() {
    let (log, _) = read(
        "{\"id\": 1, \"status\": \"a\", \"time\": \"2026-01-01\", \"tags\": [{\"name\": \"x, z\"}, {\"name\": \"y\"}]}\n\
         {\"id\": 1, \"status\": \"b\", \"time\": \"2026-01-02\", \"tags\": [{\"name\": \"x\"}]}\n",
    );
    assert_eq!(
        fact(&log, "1", "label", Sec(0)),
        format!("x, z{SEPARATOR}y")
    );
    assert_eq!(fact(&log, "1", "label", Sec::MAX), "x");
}

/// Six thousand events; only the last ones have further fields.
fn late() -> String {
    let line = |row: u32| {
        let more = if row >= 5_900 {
            ", \"team\": \"t\", \"colour\": \"red\""
        } else {
            ""
        };
        let (item, step) = (row / 2, row % 2);
        format!(
            "{{\"id\": {item}, \"status\": \"s{step}\", \"time\": \"2026-01-0{}\"{more}}}\n",
            step + 1
        )
    };
    (0..6_000).map(line).collect()
}

#[test]
fn fields_that_come_late_are_named_and_kept_where_the_settings_name_them() {
    let text = late();
    let (log, report) = read(&text);
    assert!(log.fact("team").is_none());
    let note = report
        .notes
        .iter()
        .find(|note| note.starts_with("left out"));
    assert!(note.unwrap().ends_with(": colour, team"), "{report:?}");
    let (log, report) = try_read(text.as_bytes(), |settings| {
        settings.columns = Columns {
            team: Some("team".to_owned()),
            ..Columns::default()
        };
    })
    .unwrap();
    assert_eq!(fact(&log, "2999", "team", Sec::MAX), "t");
    assert_eq!(fact(&log, "0", "team", Sec::MAX), "");
    assert_eq!(report.items, 3_000);
}

#[test]
fn what_is_no_such_file_is_said_with_what_to_do() {
    let fails = |text: &str, told: &str| {
        let Err(Fault::Unusable { what, hint }) = try_read(text.as_bytes(), |settings| {
            settings.format = FileFormat::Jsonl;
        }) else {
            panic!("{text} is read");
        };
        assert!(what.contains(told) && !hint.is_empty(), "{what}: {hint}");
    };
    fails("[{\"id\": 1}]", "is one JSON list");
    fails("", "holds no event");
    fails(
        "id,status\n",
        "line 1: the line is no JSON object: id,status",
    );
    fails("{\"a\": 1}\n", "says which item");
    fails("{\"id\": 1, \"status\": \"a\"}\n", "holds times");
}

#[test]
fn names_and_values_without_end_are_bounded() {
    let mut names = String::new();
    for name in 0..3_000 {
        write!(names, ", \"n{name}\": 1").unwrap();
    }
    let long = "n".repeat(1_000);
    let list = vec!["\"abc\""; 100_000].join(",");
    let line = |step: u32| {
        format!(
            "{{\"id\": 1, \"status\": \"s{step}\", \"time\": \"2026-01-0{step}\", \"list\": [{list}], \
             \"{long}\": 1{names}}}\n"
        )
    };
    let (log, report) = read(&(line(1) + &line(2)));
    assert_eq!(moves(&log, "1").len(), 2);
    assert!(report.choices.len() <= 1_000);
    assert!(report.notes.iter().any(|note| note.starts_with("left out")));
}

proptest! {
    /// A table says the same as delimited text and as JSON.
    #[test]
    fn a_table_says_the_same_in_either_format(
        rows in proptest::collection::vec((0..5_u32, 0..4_u32, 1..28_u32, "[a-z\",;\\\\é ]{0,6}"), 4..30)
    ) {
        let mut csv = "case,activity,time,team\n".to_owned();
        let mut jsonl = String::new();
        for (item, status, day, team) in rows {
            let (item, status) = (format!("I-{item}"), format!("s{status}"));
            let time = format!("2026-01-{day:02}T10:00:00Z");
            let quoted = team.replace('"', "\"\"");
            writeln!(csv, "{item},{status},{time},\"{quoted}\"").unwrap();
            let line = serde_json::json!({"case": item, "activity": status, "time": time, "team": team});
            writeln!(jsonl, "{line}").unwrap();
        }
        let as_csv = try_read(csv.as_bytes(), |_| {});
        let as_jsonl = try_read(jsonl.as_bytes(), |_| {});
        prop_assert_eq!(as_csv.is_ok(), as_jsonl.is_ok());
        let (Ok((csv, one)), Ok((jsonl, two))) = (as_csv, as_jsonl) else {
            return Ok(());
        };
        prop_assert_eq!((one.rows, one.kept_out), (two.rows, two.kept_out));
        prop_assert_eq!(csv.item_count(), jsonl.item_count());
        for item in csv.items() {
            let id = csv.id(item);
            prop_assert_eq!(moves(&csv, id), moves(&jsonl, id));
            if csv.fact("team").is_some() {
                for at in csv.moves(item).0 {
                    prop_assert_eq!(fact(&csv, id, "team", *at), fact(&jsonl, id, "team", *at));
                }
            }
        }
    }
}
