//! A real event log in every format that weir reads: the numbers must not depend on it.
//!
//! Run by hand: `WEIR_SHARED=… cargo test --test real_data_formats -- --ignored`. The variable names
//! the folder that holds `data/eventlog`; the tests fail without it.

#![expect(
    clippy::expect_used,
    reason = "what a test cannot go on without fails it"
)]

#[path = "support/program.rs"]
#[expect(dead_code, reason = "these tests run the program on data of their own")]
mod program;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use program::Desk;
use serde_json::{Map, Value};

fn shared(path: &str) -> PathBuf {
    let folder = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    PathBuf::from(folder).join("data").join(path)
}

/// The rows of a log: of each, value by column.
fn rows(path: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_path(shared(path)).expect("the log is there");
    let header = reader.headers().expect("a header").clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        cells
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect()
    };
    let records = reader.records().map(|record| record.expect("a row"));
    records.map(row).collect()
}

fn as_jsonl(rows: &[Vec<(String, String)>]) -> String {
    let mut text = String::new();
    for row in rows {
        let cells = row.iter();
        let object: Map<String, Value> = cells
            .map(|(column, cell)| (column.clone(), Value::String(cell.clone())))
            .collect();
        writeln!(text, "{}", Value::Object(object)).expect("room");
    }
    text
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// Every case a trace, in the order of its first row.
fn as_xes(rows: &[Vec<(String, String)>]) -> String {
    let mut order: Vec<&str> = Vec::new();
    let mut traces: BTreeMap<&str, String> = BTreeMap::new();
    for row in rows {
        let case = row[0].1.as_str();
        let trace = traces.entry(case).or_insert_with(|| {
            order.push(case);
            String::new()
        });
        trace.push_str("<event>");
        for (column, cell) in &row[1..] {
            let (kind, key) = match column.as_str() {
                "activity" => ("string", "concept:name"),
                "time" => ("date", "time:timestamp"),
                "resource" => ("string", "org:resource"),
                "workgroup" => ("string", "org:group"),
                other => ("string", other),
            };
            let value = escaped(cell);
            write!(trace, "<{kind} key=\"{key}\" value=\"{value}\"/>").expect("room");
        }
        trace.push_str("</event>\n");
    }
    let mut text =
        "<?xml version=\"1.0\"?>\n<log xmlns=\"http://www.xes-standard.org/\">\n".to_owned();
    for case in order {
        let (name, events) = (escaped(case), &traces[case]);
        let name = format!("<string key=\"concept:name\" value=\"{name}\"/>");
        writeln!(text, "<trace>{name}\n{events}</trace>").expect("room");
    }
    text + "</log>\n"
}

/// The report with everything in it, and every item.
fn said(desk: &Desk, file: &str) -> (String, String) {
    let report = ["report", file, "--format", "json", "--section", "all"];
    let items = ["items", file, "--format", "csv"];
    (desk.run(&report).fine(), desk.run(&items).fine())
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn the_helpdesk_says_the_same_in_every_format() {
    let rows = rows("eventlog/helpdesk.csv");
    assert_eq!(rows.len(), 21_348);
    let desk = Desk::new();
    std::fs::copy(shared("eventlog/helpdesk.csv"), desk.path("helpdesk.csv")).expect("a copy");
    desk.write("helpdesk.jsonl", as_jsonl(&rows));
    desk.write("helpdesk.xes", as_xes(&rows));
    let want = said(&desk, "helpdesk.csv");
    for file in ["helpdesk.jsonl", "helpdesk.xes"] {
        assert!(said(&desk, file) == want, "{file} says something else");
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn the_helpdesks_history_goes_through_every_format_of_an_export() {
    let desk = Desk::new();
    std::fs::copy(shared("eventlog/helpdesk.csv"), desk.path("helpdesk.csv")).expect("a copy");
    let run = |history: &str, words: &[&str]| {
        let config = format!("{history}.toml");
        desk.write(
            &config,
            format!(
                "[history]\nurl = \"sqlite:{history}.db\"\n\n[[sources]]\nname = \"helpdesk\"\n\
                 kind = \"csv\"\npath = \"helpdesk.csv\"\n"
            ),
        );
        desk.run(&[&["--config", &config][..], words].concat())
    };
    run("a", &["sync"]).fine();
    run("a", &["export", "--output", "a.csv"]).fine();
    for (from, to, file) in [
        ("a", "b", "b.parquet"),
        ("b", "c", "c.jsonl"),
        ("c", "d", "d.csv"),
    ] {
        let before = match from {
            "a" => "a.csv",
            "b" => "b.parquet",
            _ => "c.jsonl",
        };
        run(to, &["import", before]).fine();
        run(to, &["export", "--output", file]).fine();
    }
    assert!(
        desk.read("a.csv") == desk.read("d.csv"),
        "the exports differ"
    );
}
