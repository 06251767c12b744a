//! Forecasts made live are kept, and held against what came when their day has come.

use std::fmt::Write;

use serde_json::Value;

use crate::program::{Desk, Ended};

const CONFIG: &str = "\
[history]
url = \"sqlite:weir.db\"

[[sources]]
name = \"export\"
kind = \"csv\"
path = \"history.csv\"

[[streams]]
name = \"cards\"
sources = [\"export\"]

[[streams.stages]]
name = \"Build\"
phase = \"create\"
class = \"active\"
statuses = [\"Build\"]

[[streams.stages]]
name = \"Done\"
phase = \"operate\"
class = \"done\"
statuses = [\"Done\"]
";

/// One item finished a day at noon, from 1 January to this day of the month of March 2026.
fn history(last: u32) -> String {
    let mut rows = "case,activity,time\n".to_owned();
    let days = (1..=31)
        .map(|day| (1, day))
        .chain((1..=28).map(|day| (2, day)));
    for (month, day) in days.chain((1..=last).map(|day| (3, day))) {
        let date = format!("2026-{month:02}-{day:02}");
        let _ = writeln!(rows, "A-{month}{day:02},Build,{date}T11:00:00Z");
        let _ = writeln!(rows, "A-{month}{day:02},Done,{date}T12:00:00Z");
    }
    rows
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("weir.toml", CONFIG);
    desk.write("history.csv", history(8));
    desk
}

fn asked(desk: &Desk, more: &[&str]) -> Ended {
    let always = ["report", "--section", "forecast"];
    desk.run(&[&always, more].concat())
}

fn live(desk: &Desk, more: &[&str]) -> Value {
    let told = asked(desk, &[&["--format", "json"], more].concat()).fine();
    let report: Value = serde_json::from_str(&told).expect("JSON");
    report["forecast"]["live"].clone()
}

const MONDAY: &str = "2026-03-09T00:00:00Z";
const WEEK_LATER: &str = "2026-03-17T09:00:00Z";

#[test]
fn a_forecast_is_kept_once_and_scored_when_its_day_has_come() {
    let desk = desk();
    let first = live(&desk, &["--now", MONDAY]);
    assert_eq!(first["how_many"]["forecasts"], 0);
    assert_eq!(first["how_many"]["coverage"], Value::Null);
    let text = asked(&desk, &["--now", MONDAY]).fine();
    let sentence = "no live forecast has come to its day yet; 8 wait for their day";
    assert!(text.contains(sentence), "asked again, kept once: {text}");
    // Monday to Monday one a day came, and two on top of it.
    let more = "B-1,Build,2026-03-10T10:00:00Z\nB-1,Done,2026-03-10T10:30:00Z\n";
    desk.write("history.csv", history(16) + more);
    desk.run(&["sync"]).fine();
    let scored = live(&desk, &["--now", WEEK_LATER]);
    assert_eq!(scored["how_many"]["forecasts"], 1);
    let all = serde_json::json!({ "p50": 1, "p70": 1, "p85": 1, "p95": 1 });
    assert_eq!(scored["how_many"]["held"], all);
    let brier = scored["how_many"]["brier"].as_f64().expect("a score");
    assert!((0.0..0.1).contains(&brier), "{brier}");
    // The next of a week is made with it.
    assert_eq!(scored["waiting"], 8);
    let text = asked(&desk, &["--now", WEEK_LATER]).fine();
    let sentence = "of 1 live forecasts whose day has come, 1 held at P85";
    assert!(text.contains(sentence), "{text}");
}

#[test]
fn questions_of_the_past_and_of_how_items_stand_are_not_kept() {
    let desk = desk();
    let waiting = |more: &[&str]| live(&desk, more)["waiting"].clone();
    let past = ["--now", WEEK_LATER, "--as-of", "2026-03-08"];
    assert_eq!(waiting(&past), 0);
    let stands = ["--now", MONDAY, "--filter", "state:done"];
    assert_eq!(waiting(&stands), 0);
    // Another filter, clock or window is another rule, each with forecasts of its own.
    let later = ["--as-of", "2026-03-09T01:00:00Z"];
    let by_clock = ["--clock", "first-start"];
    waiting(&[&["--now", MONDAY], &by_clock[..]].concat());
    assert_eq!(waiting(&later), 0);
    assert_eq!(waiting(&[later, by_clock].concat()), 8);
}

#[test]
fn files_named_on_the_command_line_are_not_kept() {
    let desk = desk();
    let told = asked(&desk, &["history.csv", "--format", "json"]).fine();
    let report: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(report["forecast"]["live"], Value::Null);
    let why = &report["notes"]["/forecast/live"];
    assert!(why.as_str().unwrap().contains("not kept"), "{why}");
    assert!(!desk.path("weir.db").exists());
}

#[test]
fn a_history_that_takes_no_forecast_fails_no_report() {
    let desk = desk();
    desk.run(&["sync"]).fine();
    let full = "CREATE TRIGGER full BEFORE INSERT ON forecast
                BEGIN SELECT RAISE(ABORT, 'no room'); END";
    let file = rusqlite::Connection::open(desk.path("weir.db")).expect("the history");
    file.execute_batch(full).expect("a trigger");
    let ended = asked(&desk, &["--offline", "--now", MONDAY]);
    let said = ended.err.contains("live forecasts could not be kept: ");
    assert!(said && ended.err.contains("no room"), "{ended:?}");
    assert!(ended.fine().contains("no live forecast has come"));
}
