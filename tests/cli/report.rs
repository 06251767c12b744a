//! `weir report`: the numbers as text and as JSON.

use std::fmt::Write;

use serde_json::Value;

use crate::program::Desk;

fn report(arguments: &[&str]) -> Value {
    let desk = Desk::with_history();
    let always = ["report", "history.csv", "--format", "json"];
    let out = desk.run(&[&always, arguments].concat()).fine();
    serde_json::from_str(&out).expect("JSON")
}

fn keys(of: &Value) -> Vec<&str> {
    let object = of.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

fn has_keys(of: &Value, wanted: &[&str]) {
    let found = keys(of);
    for key in wanted {
        assert!(found.contains(key), "no {key} in {found:?}");
    }
}

fn is_near(number: &Value, wanted: f64) {
    let number = number.as_f64().expect("a number");
    assert!((number - wanted).abs() < 1e-9, "{number} is not {wanted}");
}

#[test]
fn the_whole_report_has_the_keys_of_its_schema_in_order() {
    let report = report(&[]);
    let wanted = [
        "schema",
        "stream",
        "as_of",
        "time_zone",
        "clock",
        "time",
        "window",
        "items",
        "flow",
        "phases",
        "stages",
        "bottleneck",
        "throughput",
        "cfd",
        "ageing",
        "handoffs",
        "quality",
        "notes",
    ];
    assert_eq!(keys(&report), wanted);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["stream"], "history");
    assert_eq!(report["time_zone"], "UTC");
    assert_eq!(report["clock"], "last-crossing");
    has_keys(&report["window"], &["from", "to"]);
    let states = [
        "total",
        "backlog",
        "in_progress",
        "done",
        "cancelled",
        "deleted",
        "unmapped",
    ];
    has_keys(&report["items"], &states);
}

#[test]
fn every_part_has_the_keys_of_its_schema() {
    let report = report(&[]);
    let flow = &report["flow"];
    has_keys(
        flow,
        &["time", "velocity", "load", "efficiency", "distribution"],
    );
    let percentiles = [
        "n",
        "p50_days",
        "p70_days",
        "p85_days",
        "p95_days",
        "mean_days",
    ];
    assert_eq!(keys(&flow["time"]), percentiles);
    has_keys(&flow["velocity"], &["finished", "per_week"]);
    has_keys(
        &flow["efficiency"],
        &["ratio", "active_days", "waiting_days", "n"],
    );
    has_keys(&flow["distribution"], &["finished", "in_progress"]);
}

#[test]
fn every_stage_and_list_has_the_keys_of_its_schema() {
    let report = report(&[]);
    has_keys(&report["phases"][0], &["phase", "share", "days"]);
    let stage = [
        "name",
        "phase",
        "class",
        "load",
        "limit",
        "oldest_days",
        "arrivals",
        "departures",
        "blocked",
        "stale",
        "wait_share",
        "time_days",
        "pace_days",
    ];
    has_keys(&report["stages"][0], &stage);
    has_keys(&report["stages"][1]["time_days"], &["p50", "p85", "n"]);
    has_keys(
        &report["stages"][1]["pace_days"],
        &["p50", "p70", "p85", "p95"],
    );
    has_keys(
        &report["bottleneck"],
        &["constraint", "score", "why", "ranking"],
    );
    let ranked = ["stage", "score", "growth", "wait", "ageing", "starving"];
    has_keys(&report["bottleneck"]["ranking"][0], &ranked);
    has_keys(
        &report["throughput"][0],
        &["week", "arrived", "departed", "finished", "partial"],
    );
    has_keys(&report["cfd"][0], &["date", "reached", "snapshot"]);
    has_keys(
        &report["ageing"][0],
        &["item", "stage", "age_days", "pace", "condition"],
    );
    has_keys(&report["handoffs"], &["moves", "backward", "between"]);
    let quality = [
        "unmapped_statuses",
        "skipped_stages",
        "closed_without_work",
        "out_of_order",
    ];
    has_keys(&report["quality"], &quality);
}

/// A-1 crossed into Ready on the 12th, was in Build for two days and done on the 21st.
#[test]
fn the_numbers_are_those_of_the_log() {
    let report = report(&[]);
    let items = &report["items"];
    assert_eq!((&items["total"], &items["done"]), (&3.into(), &1.into()));
    assert_eq!(items["in_progress"], 2);
    assert_eq!(report["flow"]["time"]["n"], 1);
    is_near(&report["flow"]["time"]["p85_days"], 9.0);
    is_near(&report["flow"]["efficiency"]["ratio"], 2.0 / 9.0);
    is_near(&report["flow"]["efficiency"]["active_days"], 2.0);
    assert_eq!(report["flow"]["load"], 2);
    assert_eq!(report["flow"]["distribution"]["finished"]["Feature"], 1);
    assert_eq!(report["flow"]["distribution"]["in_progress"]["Bug"], 1);
    assert_eq!(report["bottleneck"]["constraint"], "Review");
    assert_eq!(report["handoffs"]["moves"], 8);
    let states = [
        "backlog",
        "in_progress",
        "done",
        "cancelled",
        "deleted",
        "unmapped",
    ];
    let sum: u64 = states
        .iter()
        .map(|state| items[*state].as_u64().expect("a count"))
        .sum();
    assert_eq!(items["total"], sum);
    let loads = report["stages"].as_array().expect("stages").iter();
    let load: u64 = loads
        .filter(|stage| stage["class"] == "queue" || stage["class"] == "active")
        .map(|stage| stage["load"].as_u64().expect("a count"))
        .sum();
    assert_eq!(report["flow"]["load"], load);
    assert_eq!(report["ageing"].as_array().map(Vec::len), Some(2));
}

fn nulls(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Null => found.push(pointer.to_owned()),
        Value::Array(all) => all
            .iter()
            .enumerate()
            .for_each(|(at, one)| nulls(one, &format!("{pointer}/{at}"), found)),
        Value::Object(all) => all
            .iter()
            .for_each(|(key, one)| nulls(one, &format!("{pointer}/{key}"), found)),
        _ => {}
    }
}

/// A note on a value holds for all that is in it.
#[test]
fn a_value_that_cannot_be_known_is_null_and_noted() {
    let many = [
        &[][..],
        &["--as-of", "2026-01-06"],
        &["--filter", "team:nobody"],
        &["--section", "all"],
        &["--section", "all", "--as-of", "2026-01-06"],
        &["--section", "all", "--filter", "team:nobody"],
    ];
    for arguments in many {
        let report = report(arguments);
        let mut found = Vec::new();
        nulls(&report, "", &mut found);
        assert!(!found.is_empty(), "{arguments:?}: the test needs a null");
        let notes = keys(&report["notes"]);
        for null in &found {
            let noted = notes.iter().any(|note| null.starts_with(note));
            assert!(noted, "{arguments:?}: {null} is null without a note");
        }
        for note in notes {
            assert!(report.pointer(note).is_some(), "{note} points nowhere");
        }
    }
}

#[test]
fn sections_are_chosen_by_name() {
    let report = report(&["--section", "flow,quality"]);
    let wanted = [
        "schema",
        "stream",
        "as_of",
        "time_zone",
        "clock",
        "time",
        "window",
        "flow",
        "quality",
        "notes",
    ];
    assert_eq!(keys(&report), wanted);
    let desk = Desk::with_history();
    let text = desk
        .run(&["report", "history.csv", "--section", "stages"])
        .fine();
    assert!(
        text.contains("\nStages\n") && !text.contains("\nFlow\n"),
        "{text}"
    );
    let said = desk
        .run(&["report", "history.csv", "--section", "flows"])
        .failed(2);
    assert!(
        said.contains("\"flows\"") && said.contains("flow, phases"),
        "{said}"
    );
}

#[test]
fn a_forecast_is_made_when_it_is_asked_for() {
    let all = report(&["--section", "all"]);
    assert!(keys(&all).contains(&"forecast") && keys(&all).contains(&"clocks"));
    let note = all["notes"]["/forecast"].as_str().expect("a note");
    assert!(
        all["forecast"].is_null() && note.contains("from: 0; "),
        "{note}"
    );
    let desk = Desk::with_history();
    let text = desk
        .run(&["report", "history.csv", "--section", "forecast"])
        .fine();
    assert!(
        text.contains("\nForecast\n  none: working days with a finished item to draw from: 0; "),
        "{text}"
    );
}

/// One card is finished at noon of each of the first days of 2026, and A is in progress.
fn daily(days: u32) -> Desk {
    let finished = |day| {
        format!("B-{day},Doing,2026-01-01T08:00:00Z\nB-{day},Done,2026-01-{day:02}T12:00:00Z\n")
    };
    let log: String = (1..=days).map(finished).collect();
    let desk = Desk::new();
    let first = "item,status,time\nA,Doing,2026-01-02T08:00:00Z\n";
    desk.write("daily.csv", first.to_owned() + &log);
    desk
}

#[test]
fn a_forecast_tells_both_questions_and_its_own_record() {
    let always = [
        "report",
        "daily.csv",
        "--section",
        "forecast",
        "--window",
        "11d",
    ];
    let text = daily(12).run(&always).fine();
    for said in [
        "10000 trials, seed 1, drawn from 11 working days with 11 finished; counted from 2026-01-13",
        "2026-01-19     7    7    7    7  >95 %",
        "            10  2026-01-22  2026-01-22  2026-01-22  2026-01-22",
        "no forecast of the past",
    ] {
        assert!(text.contains(said), "\"{said}\" is not in\n{text}");
    }
    let text = daily(31).run(&always).fine();
    // What came is what every trial says, so the lot decides whether it is above the middle.
    let said = "forecasts of the past, how many within 10 working days: 1, P50 held in 0 %";
    assert!(text.contains(said), "{text}");
    assert!(
        !text.contains("when for as many"),
        "three horizons are not left"
    );
    let text = daily(31).run(&[&always[..5], &["1d"]].concat()).fine();
    assert!(text.contains("  none: "), "{text}");
}

/// 2026-01-01 is a Thursday. Monday to Friday are worked, the 1st and the 26th are off. The 15th is
/// the day of as-of. Left are the 2nd, 5th to 9th and 12th to 14th; the 2nd has two cards, the
/// Mondays three. Ahead are the 16th, 19th to 23rd, 27th and so on.
#[test]
fn a_forecast_knows_the_calendar_and_the_settings() {
    let desk = daily(15);
    let config = "[calendar]\nworkdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\n\
        holidays = [\"2026-01-01\", \"2026-01-26\"]\n\
        [forecast]\ntrials = 500\nseed = 7\nwindow = \"2026-01-01..2026-01-31\"\n";
    desk.write("own.toml", config);
    let always = ["report", "daily.csv", "--config", "own.toml"];
    let asked = ["--section", "forecast", "--format", "json"];
    let told = desk.run(&[always, asked].concat()).fine();
    let report: Value = serde_json::from_str(&told).expect("JSON");
    let forecast = &report["forecast"];
    assert_eq!(
        (&forecast["trials"], &forecast["seed"]),
        (&500.into(), &7.into())
    );
    assert_eq!(
        (&forecast["n_days"], &forecast["finished"]),
        (&9.into(), &14.into())
    );
    assert_eq!(forecast["past"]["from"], "2026-01-02");
    assert_eq!(forecast["past"]["to"], "2026-01-14");
    assert_eq!(forecast["from"], "2026-01-16");
    let ten = &forecast["when"][1];
    assert_eq!(ten["items"], 10);
    let days: Vec<&str> = ["p50", "p70", "p85", "p95"]
        .iter()
        .filter_map(|p| ten[p].as_str())
        .collect();
    let ahead = [
        "2026-01-16",
        "2026-01-19",
        "2026-01-20",
        "2026-01-21",
        "2026-01-22",
        "2026-01-23",
        "2026-01-27",
        "2026-01-28",
        "2026-01-29",
        "2026-01-30",
    ];
    assert!(days.len() == 4 && days.is_sorted());
    assert!(days.iter().all(|day| ahead.contains(day)), "{days:?}");
    // At least one card on each of the five working days until the 22nd.
    let least = forecast["how_many"][0]["p95"].as_u64().expect("a count");
    assert_eq!(forecast["how_many"][0]["date"], "2026-01-22");
    assert!((5..=15).contains(&least), "{least}");
}

#[test]
fn the_text_says_the_same_as_the_json() {
    let desk = Desk::with_history();
    let text = desk.run(&["report", "history.csv"]).fine();
    for said in [
        "history · as of 2026-01-21 09:00 UTC",
        "clock last-crossing",
        "3 in all: 2 in progress, 1 done",
        "P85 9.0 d",
        "22 % active",
        "Review holds the stream back",
        "Card reader, firmware",
    ] {
        assert!(text.contains(said), "\"{said}\" is not in\n{text}");
    }
}

/// A table's lines have as many bars as its header; nothing stands between header and rows.
fn tables(markdown: &str) -> usize {
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = markdown.lines().collect();
    let rows = lines
        .windows(2)
        .filter(|pair| pair.iter().all(|line| line.starts_with('|')));
    for pair in rows {
        assert_eq!(bars(pair[0]), bars(pair[1]), "{pair:?}");
    }
    lines.iter().filter(|line| line.starts_with("| -")).count()
}

#[test]
fn markdown_says_what_the_text_says() {
    let desk = Desk::with_history();
    let always = ["report", "history.csv", "--section", "all", "--format"];
    let told = |format| desk.run(&[&always[..], &[format]].concat()).fine();
    let (text, markdown) = (told("text"), told("md"));
    assert!(
        markdown.starts_with("# history\n\nas of 2026-01-21 09:00 UTC · window "),
        "{markdown}"
    );
    assert!(markdown.contains("clock last-crossing"));
    assert!(tables(&markdown) > 9, "{markdown}");
    // Without what sets it, every word of the one stands in the other, in the same order.
    let words = |told: &str| {
        let plain = told.replace('\\', "").replace(['|', '#', '*'], " ");
        let words = plain
            .split_whitespace()
            .filter(|one| !one.trim_matches(':').chars().all(|c| c == '-'));
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut of_text = words(&text);
    of_text.retain(|one| one != "·");
    let mut of_markdown = words(&markdown);
    of_markdown.retain(|one| one != "·");
    assert_eq!(of_text, of_markdown);
}

#[test]
fn awkward_names_stay_names_in_markdown() {
    let desk = Desk::new();
    let title = "\"a | b <script> *now* [x](y) `c` snake_case\\r\\n# big\"";
    let title = title.replace("\\r\\n", "\r\n");
    let row =
        |item: &str, status: &str, day: u8| format!("{item},{status},2026-01-{day:02},{title}\n");
    let rows = [
        row("X|1", "Backlog", 5),
        row("X|1", "In | progress_", 6),
        row("Y", "Backlog", 5),
        row("Y", "In | progress_", 6),
        row("Y", "Done", 7),
    ];
    desk.write(
        "odd.csv",
        format!("item,status,time,title\n{}", rows.concat()),
    );
    let told = desk
        .run(&["report", "odd.csv", "--format", "md", "--section", "all"])
        .fine();
    let row = told
        .lines()
        .find(|line| line.starts_with("| X"))
        .expect("the item's row");
    assert!(row.starts_with("| X\\|1 | In \\| progress\\_ | "), "{row}");
    let said = "a \\| b \\<script> \\*now\\* \\[x\\](y) \\`c\\` snake_case  # big |";
    assert!(row.ends_with(said), "{row}");
    tables(&told);
}

#[test]
fn several_streams_follow_one_another_in_markdown() {
    let desk = Desk::with_history();
    desk.write(
        "two.toml",
        "[[streams]]\nname = \"cards\"\nwhere = \"team = cards\"\n\
         [[streams]]\nname = \"reader\"\nwhere = \"team = reader\"\n",
    );
    let always = ["report", "history.csv", "--config", "two.toml"];
    let asked = ["--section", "items,clocks", "--format", "md"];
    let told = desk.run(&[always, asked].concat()).fine();
    let headings = told.lines().filter(|line| line.starts_with('#'));
    let wanted = [
        "# cards",
        "## Items",
        "## Named clocks",
        "# reader",
        "## Items",
        "## Named clocks",
    ];
    assert_eq!(headings.collect::<Vec<_>>(), wanted);
    assert!(told.contains("\n\n# reader\n\n"), "{told}");
}

#[test]
fn the_rules_stand_side_by_side_with_the_moves_that_set_them_apart() {
    let desk = Desk::new();
    let moves = [
        (1, "Backlog"),
        (2, "Doing"),
        (10, "Backlog"),
        (20, "Doing"),
        (27, "Done"),
    ];
    let rows = moves.map(|(day, status)| format!("R-1,{status},2026-03-{day:02}T00:00:00Z\n"));
    desk.write("moves.csv", format!("item,status,time\n{}", rows.concat()));
    let always = ["report", "moves.csv", "--section", "lens"];
    let text = desk.run(&always).fine();
    let said = "R-1: last-crossing 7.0 d, first-start 25.0 d, sum-in-progress 15.0 d, \
        created-to-done 26.0 d. 1.0 d before it was committed (2026-03-01, created in Backlog) count \
        only for created-to-done; 8.0 d of earlier work, before it went back (2026-03-02, \
        Backlog → Doing) count for all but last-crossing; 10.0 d back in the backlog (2026-03-10, \
        Doing → Backlog) count for first-start and created-to-done";
    assert!(text.contains(said), "{text}");
    let json = desk
        .run(&[&always[..], &["--format", "json"]].concat())
        .fine();
    let lens: Value = serde_json::from_str::<Value>(&json).expect("JSON")["lens"].take();
    let moves = lens["items"][0]["moves"].as_array().expect("moves");
    assert_eq!(moves.len(), 4);
    assert_eq!(moves[2]["at"], "2026-03-10T00:00:00Z");
    assert_eq!(
        (&moves[2]["from"], &moves[2]["to"]),
        (&"Doing".into(), &"Backlog".into())
    );
    assert_eq!(moves[2]["cause"], "back_in_backlog");
}

#[test]
fn an_as_of_is_an_instant_or_the_end_of_a_day() {
    let at = |word: &str, zone: &str| {
        let report = report(&["--as-of", word, "--time-zone", zone]);
        report["as_of"].as_str().expect("an instant").to_owned()
    };
    assert_eq!(at("2026-01-10T00:00:00Z", "UTC"), "2026-01-10T00:00:00Z");
    assert_eq!(at("2026-01-10", "UTC"), "2026-01-11T00:00:00Z");
    assert_eq!(at("2026-01-10", "Europe/Berlin"), "2026-01-10T23:00:00Z");
    let before = report(&["--as-of", "2026-01-10"]);
    assert_eq!(
        (&before["items"]["backlog"], &before["items"]["done"]),
        (&2.into(), &0.into())
    );
}

#[test]
fn a_window_is_days_weeks_or_two_dates() {
    let finished = |window: &str| {
        let report = report(&["--window", window]);
        report["flow"]["velocity"]["finished"]
            .as_u64()
            .expect("a count")
    };
    assert_eq!(finished("90d"), 1);
    assert_eq!(finished("2w"), 1);
    assert_eq!(finished("2026-01-01..2026-01-20"), 0);
    assert_eq!(finished("2026-01-01..2026-01-21"), 1);
}

/// The reference history of the measures: four clocks, four answers.
#[test]
fn each_clock_gives_its_own_flow_time() {
    let desk = Desk::new();
    let moves = [
        (1, "Backlog"),
        (2, "Doing"),
        (5, "Review"),
        (8, "Doing"),
        (10, "Backlog"),
        (20, "Doing"),
        (22, "Review"),
        (24, "Done"),
        (25, "Doing"),
        (27, "Done"),
    ];
    let rows = moves.map(|(day, status)| format!("R-1,{status},2026-03-{day:02}T00:00:00Z\n"));
    desk.write(
        "reference.csv",
        format!("item,status,time\n{}", rows.concat()),
    );
    let clocks = [
        ("last-crossing", 7.0),
        ("first-start", 25.0),
        ("sum-in-progress", 14.0),
        ("created-to-done", 26.0),
    ];
    for (clock, days) in clocks {
        let arguments = [
            "report",
            "reference.csv",
            "--format",
            "json",
            "--section",
            "flow",
            "--clock",
            clock,
        ];
        let report: Value = serde_json::from_str(&desk.run(&arguments).fine()).expect("JSON");
        assert_eq!(report["clock"], clock);
        is_near(&report["flow"]["time"]["p50_days"], days);
    }
}

#[test]
fn a_filter_narrows_every_number() {
    let report = report(&["--filter", "team:cards -state:done"]);
    assert_eq!(report["items"]["total"], 1);
    assert_eq!(report["flow"]["load"], 1);
    assert_eq!(report["ageing"][0]["item"], "A-3");
}

#[test]
fn several_streams_stand_side_by_side() {
    let desk = Desk::with_history();
    desk.write(
        "two.toml",
        "[[streams]]\nname = \"cards\"\nwhere = \"team = cards\"\n\
         [[streams]]\nname = \"reader\"\nwhere = \"team = reader\"\n",
    );
    let common = [
        "report",
        "history.csv",
        "--config",
        "two.toml",
        "--format",
        "json",
    ];
    let both: Value = serde_json::from_str(&desk.run(&common).fine()).expect("JSON");
    assert_eq!(keys(&both), ["schema", "streams"]);
    let totals = ["/streams/0/items/total", "/streams/1/items/total"].map(|at| both.pointer(at));
    assert_eq!(totals, [Some(&2.into()), Some(&1.into())]);
    let one = desk
        .run(&[&common[..], &["--stream", "reader"]].concat())
        .fine();
    let one: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(
        (&one["stream"], &one["items"]["total"]),
        (&"reader".into(), &1.into())
    );
    let said = desk
        .run(&[&common[..], &["--stream", "reeder"]].concat())
        .failed(2);
    assert!(
        said.contains("\"reeder\"") && said.contains("cards, reader"),
        "{said}"
    );
}

const OFFICE: &str = "\
[calendar]
workdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]
hours = \"09:00-17:00\"

[[streams]]
name = \"cards\"

[[streams.stages]]
name = \"Doing\"
phase = \"create\"
class = \"active\"

[[streams.stages]]
name = \"Done\"
phase = \"operate\"
class = \"done\"
";

/// 2026-01-02 is a Friday: four hours of it and four of Monday make a day.
const OVER_A_WEEKEND: &str = "\
item,status,time
A-1,Doing,2026-01-02T13:00:00Z
A-1,Done,2026-01-05T13:00:00Z
";

#[test]
fn working_time_is_asked_for_and_named() {
    let desk = Desk::new();
    desk.write("office.toml", OFFICE);
    desk.write("log.csv", OVER_A_WEEKEND);
    let asked = |more: &[&str]| {
        let always = [
            "--config",
            "office.toml",
            "report",
            "log.csv",
            "--section",
            "flow",
        ];
        desk.run(&[&always, more].concat()).fine()
    };
    let text = asked(&["--time", "working"]);
    assert!(
        text.contains("clock last-crossing · working time, Mon-Fri 09:00-17:00\n"),
        "{text}"
    );
    assert!(!asked(&[]).contains("working time"));
    let json = |more: &[&str]| -> Value {
        let told = asked(&[&["--format", "json"], more].concat());
        serde_json::from_str(&told).expect("JSON")
    };
    let working = json(&["--time", "working"]);
    assert_eq!(
        (&working["time"], &working["calendar"]),
        (&"working".into(), &"Mon-Fri 09:00-17:00".into())
    );
    is_near(&working["flow"]["time"]["p50_days"], 1.0);
    let elapsed = json(&["--time", "elapsed"]);
    assert_eq!(
        (&elapsed["time"], &elapsed["calendar"]),
        (&"elapsed".into(), &Value::Null)
    );
    is_near(&elapsed["flow"]["time"]["p50_days"], 3.0);
}

#[test]
fn working_time_without_a_calendar_is_all_time_and_said_to_be() {
    let desk = Desk::with_history();
    let always = ["items", "history.csv", "--format", "csv"];
    let ended = desk.run(&[&always[..], &["--time", "working"]].concat());
    let said = "working time is all time: no config with a [calendar] says";
    assert!(ended.err.contains(said), "{ended:?}");
    assert_eq!(ended.fine(), desk.run(&always).fine());
    let wrong = desk.run(&[&always[..], &["--time", "office"]].concat());
    let said = wrong.failed(2);
    assert!(said.contains("use elapsed or working"), "{said}");
}

/// Two streams of one file, by team: one item a day each; the cards team halves its flow time.
fn two_teams(desk: &Desk) {
    let mut rows = String::from("case,activity,time,team\n");
    let day = |day: u32| format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28);
    for begun in 1..150 {
        for team in ["cards", "reader"] {
            let long = if team == "cards" && begun > 84 { 2 } else { 4 };
            for (status, at) in [("Doing", begun), ("Done", begun + long + begun % 2)] {
                let at = day(at);
                let _ = writeln!(rows, "{team}-{begun},{status},{at}T09:00:00Z,{team}");
            }
        }
    }
    desk.write("teams.csv", rows);
    desk.write(
        "teams.toml",
        "[[streams]]\nname = \"cards\"\nwhere = \"team = cards\"\n\
         [[streams]]\nname = \"reader\"\nwhere = \"team = reader\"\n\
         [[changes]]\ndate = 2026-04-01\nname = \"smaller items\"\nstreams = [\"cards\"]\n",
    );
}

#[test]
fn a_change_of_the_config_is_held_against_its_control() {
    let desk = Desk::with_history();
    two_teams(&desk);
    let asked = [
        "report",
        "teams.csv",
        "--config",
        "teams.toml",
        "--section",
        "impact",
    ];
    let both = desk
        .run(&[&asked[..], &["--format", "json"]].concat())
        .fine();
    let both: Value = serde_json::from_str(&both).expect("JSON");
    let [cards, reader] = [&both["streams"][0], &both["streams"][1]];
    assert_eq!(reader["impact"], serde_json::json!([]));
    let found = &cards["impact"][0];
    assert_eq!(
        (&found["name"], &found["date"], &found["verdict"]),
        (
            &"smaller items".into(),
            &"2026-04-01".into(),
            &"improved".into()
        )
    );
    assert_eq!(found["controls"]["streams"], serde_json::json!(["reader"]));
    let ratio = found["controls"]["ratio"].as_f64().expect("a number");
    assert!((0.95..1.05).contains(&ratio), "{ratio}");
    let effect = found["flow_time"]["effect"].as_f64().expect("a number");
    assert!((0.5..0.6).contains(&effect), "{effect}");
    let text = desk.run(&asked).fine();
    for said in [
        "2026-04-01 smaller items: improved",
        "control: flow time of reader changed × ",
        "placebo: a change is seen at 0 of ",
        "no dated change touches this stream",
    ] {
        assert!(text.contains(said), "no \"{said}\" in\n{text}");
    }
}

#[test]
fn a_change_may_be_named_on_the_command_line() {
    let desk = Desk::with_history();
    two_teams(&desk);
    let asked = ["report", "teams.csv", "--format", "json"];
    let changes = [
        "--change",
        "2026-04-01=smaller items",
        "--change",
        "2027-01-01",
    ];
    let told = desk.run(&[&asked[..], &changes].concat()).fine();
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert!(
        keys(&told).contains(&"flow"),
        "the usual sections are there"
    );
    let names = [&told["impact"][0]["name"], &told["impact"][1]["name"]];
    assert_eq!(names, ["smaller items", "change"]);
    let later = &told["impact"][1];
    let why = later["why"].as_str().expect("a reason");
    assert!(why.starts_with("the change has not come yet"), "{why}");
    assert_eq!(told["notes"]["/impact/1/periods"], why);
    let said = desk
        .run(&["report", "teams.csv", "--change", "soon=x"])
        .failed(2);
    assert!(said.contains("\"soon\" is no date"), "{said}");
}
