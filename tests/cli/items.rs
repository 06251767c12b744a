//! `weir items`: one row an item.

use serde_json::Value;

use crate::program::Desk;

const COLUMNS: &str = "item,title,kind,team,stage,state,condition,created,started,finished,\
    flow_days,active_days,waiting_days,outside_days,blocked_days,age_days,pace,reopened,\
    backward_moves,url,days_left_p50,days_left_p85,days_left_n";

fn items(desk: &Desk, arguments: &[&str]) -> String {
    desk.run(&[&["items", "history.csv"], arguments].concat())
        .fine()
}

#[test]
fn csv_has_its_columns_in_order_and_empty_cells_for_what_does_not_exist() {
    let csv = items(&Desk::with_history(), &["--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], COLUMNS);
    assert_eq!(
        lines[1],
        "A-1,Refund to another card,Feature,cards,Done,done,,2026-01-05T09:00:00Z,\
         2026-01-12T09:00:00Z,2026-01-21T09:00:00Z,9,2,7,0,0,,,0,0,,,,"
    );
    assert!(lines[2].starts_with("A-2,\"Card reader, firmware\",Bug,reader,Review,in_progress,"));
    assert_eq!(lines.len(), 4);
}

#[test]
fn json_has_the_same_values_under_the_same_names() {
    let desk = Desk::with_history();
    let json: Value = serde_json::from_str(&items(&desk, &["--format", "json"])).expect("JSON");
    let rows = json.as_array().expect("a list");
    let names: Vec<&str> = rows[0]
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names.join(","), COLUMNS);
    assert_eq!(rows[0]["flow_days"], 9.0);
    assert_eq!(rows[0]["age_days"], Value::Null);
    assert_eq!(
        (&rows[1]["title"], &rows[1]["flow_days"]),
        (&"Card reader, firmware".into(), &Value::Null)
    );
}

#[test]
fn text_is_a_table() {
    let text = items(&Desk::with_history(), &[]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("item  stage   state"), "{text}");
    let starts = |line: &str| {
        line.find("Refund")
            .or(line.find("Card"))
            .or(line.find("title"))
    };
    assert_eq!(starts(lines[0]), starts(lines[1]));
    assert_eq!(starts(lines[1]), starts(lines[2]));
}

#[test]
fn a_report_counts_what_the_items_list() {
    let desk = Desk::with_history();
    for day in ["2026-01-05", "2026-01-09", "2026-01-15", "2026-01-21"] {
        let listed: Value =
            serde_json::from_str(&items(&desk, &["--format", "json", "--as-of", day]))
                .expect("JSON");
        let rows = listed.as_array().expect("a list");
        let report = desk.run(&["report", "history.csv", "--format", "json", "--as-of", day]);
        let report: Value = serde_json::from_str(&report.fine()).expect("JSON");
        for state in ["backlog", "in_progress", "done"] {
            let count = rows.iter().filter(|row| row["state"] == state).count();
            assert_eq!(report["items"][state], count, "{state} on {day}");
        }
        let flows: Vec<f64> = rows
            .iter()
            .filter_map(|row| row["flow_days"].as_f64())
            .collect();
        assert_eq!(report["flow"]["time"]["n"], flows.len(), "{day}");
    }
}

#[test]
fn a_filter_chooses_rows() {
    let desk = Desk::with_history();
    let keys = |filter: &str| -> Vec<String> {
        let csv = items(&desk, &["--format", "csv", "--filter", filter]);
        csv.lines()
            .skip(1)
            .filter_map(|row| Some(row.split_once(',')?.0.to_owned()))
            .collect()
    };
    assert_eq!(keys("stage:review"), ["A-2"]);
    assert_eq!(keys("age>10d"), ["A-2"]);
    assert_eq!(keys("-team:reader"), ["A-1", "A-3"]);
    assert_eq!(keys("\"refund\""), ["A-1"]);
    assert!(keys("team:nobody").is_empty());
}

#[test]
fn a_filter_on_what_no_item_has_is_refused() {
    let desk = Desk::with_history();
    for command in ["report", "items"] {
        let filter = "team:cards prioritty:high";
        let said = desk
            .run(&[command, "history.csv", "--filter", filter])
            .failed(2);
        assert!(said.contains("no item has a field \"prioritty\""), "{said}");
        assert!(said.contains("did you mean \"priority\"?"), "{said}");
        assert!(said.contains("           ^^^^^^^^^ "), "{said}");
    }
    assert!(items(&desk, &["--filter", "priority:high"]).lines().count() == 1);
    desk.write(
        "sev.csv",
        "item,status,time,Sev\nA,Open,2026-01-05,\nA,Done,2026-01-06,\n",
    );
    let config = "[[sources]]\nname = \"log\"\nkind = \"csv\"\npath = \"sev.csv\"\n\
        [sources.fields]\n\"Sev\" = \"severity\"\n";
    desk.write("own.toml", config);
    let asked = ["--config", "own.toml", "--filter", "severity:1"];
    assert!(
        items(&desk, &asked).lines().count() == 1,
        "the config names it"
    );
}

#[test]
fn an_outcome_is_what_the_config_says_works_for_it() {
    let desk = Desk::with_history();
    let outcome = "[[outcomes]]\nname = \"fewer calls\"\ntarget = 20\nitems = \"type = Bug\"\n";
    desk.write("own.toml", outcome);
    let keys = |filter: &str| -> Vec<String> {
        let asked = [
            "--config", "own.toml", "--format", "csv", "--filter", filter,
        ];
        let csv = items(&desk, &asked);
        let rows = csv.lines().skip(1);
        rows.filter_map(|row| Some(row.split_once(',')?.0.to_owned()))
            .collect()
    };
    assert_eq!(keys("outcome:\"fewer calls\""), ["A-2"]);
    assert_eq!(keys("outcome~calls"), ["A-2"]);
    assert_eq!(keys("no:outcome"), ["A-1", "A-3"]);
    assert!(keys("outcome:other").is_empty());
}

#[test]
fn several_files_make_one_log() {
    let desk = Desk::with_history();
    desk.write(
        "more.csv",
        "case,activity,time\nB-1,Ideas,2026-01-02\nB-1,Done,2026-01-03\n",
    );
    let csv = items(&desk, &["more.csv", "--format", "csv"]);
    let keys: Vec<&str> = csv
        .lines()
        .skip(1)
        .filter_map(|row| row.split(',').next())
        .collect();
    assert_eq!(keys, ["A-1", "A-2", "A-3", "B-1"]);
}

/// One row an item, its dates side by side, month first on a clock of twelve hours: what a team tool
/// exports. The last is still open, the one before was never begun.
const SIDE_BY_SIDE: &str = "\
Closed Date;Activated Date;ID;Story Points
3/17/2025 9:00:00 AM;3/14/2025 9:00:00 PM;71;5
3/5/2025 4:20:31 PM;3/5/2025 4:20:31 PM;72;1
3/6/2025 12:30:00 AM;3/4/2025 12:30:00 PM;73;
3/19/2025 10:00:00 AM;;74;2
;3/20/2025 12:00:00 PM;75;3
";

#[test]
fn dates_side_by_side_are_the_moves_of_their_items() {
    let desk = Desk::new();
    desk.write("team.csv", SIDE_BY_SIDE);
    let csv = desk.run(&["items", "team.csv", "--format", "csv"]).fine();
    let column = |name: &str| {
        let at = COLUMNS.split(',').position(|one| one == name);
        let at = at.expect("a column");
        let rows = csv.lines().skip(1);
        let cells = rows.map(|row| row.split(',').nth(at).unwrap_or("?").to_owned());
        cells.collect::<Vec<String>>()
    };
    assert_eq!(column("item"), ["71", "72", "73", "74", "75"]);
    assert_eq!(
        column("state"),
        ["done", "done", "done", "done", "in_progress"]
    );
    assert_eq!(column("flow_days"), ["2.5", "0", "1.5", "", ""]);
    assert_eq!(column("started")[4], "2025-03-20T12:00:00Z");
    assert_eq!(column("finished")[3], "2025-03-19T10:00:00Z");
    let report = desk.run(&["report", "team.csv", "--format", "json"]).fine();
    let report: Value = serde_json::from_str(&report).expect("JSON");
    let time = &report["flow"]["time"];
    assert_eq!(
        (&time["n"], &time["p50_days"], &time["p85_days"]),
        (&3.into(), &1.5.into(), &2.5.into())
    );
    assert_eq!(report["flow"]["velocity"]["finished"], 4);
}
