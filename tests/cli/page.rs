//! `weir report` as a page, as rows, and for a meeting.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::program::Desk;

/// Sixty items over ten weeks, some in progress, with a title that would break a careless page.
fn desk() -> Desk {
    let mut log = "case,activity,time,type,subject\n".to_owned();
    for number in 0_u32..60 {
        let begin = 1 + number;
        let (month, day) = (1 + begin / 28, 1 + begin % 28);
        let mut row = |status: &str, hour: u32, later: u32| {
            let (month, day) = (month + (day + later) / 28, 1 + (day + later) % 28);
            let _ = writeln!(
                log,
                "P-{number},{status},2026-{month:02}-{day:02}T{hour:02}:00:00Z,bug,<script>alert(1)</script> & \u{201c}{number}\u{201d}"
            );
        };
        row("Ready", 8, 0);
        row("Build", 9, 2);
        row("Review", 10, 3);
        if number % 5 != 4 {
            row("Done", 11, 4 + number % 7);
        }
    }
    let desk = Desk::new();
    desk.write("history.csv", log);
    desk
}

/// The names of the elements of a page, which has to be well-formed; with it all attributes.
fn elements(page: &str) -> (Vec<String>, Vec<(String, String)>) {
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = true;
    let (mut names, mut attributes, mut open) = (Vec::new(), Vec::new(), 0);
    loop {
        let event = reader.read_event().expect("a well-formed page");
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                names.push(tag.name().as_ref().to_owned());
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("an attribute");
                    attributes.push((
                        attribute.key.as_ref().to_owned(),
                        attribute.value.to_string(),
                    ));
                }
                open += i32::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => open -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open, 0);
    (names, attributes)
}

#[test]
fn a_page_is_whole_by_itself_and_trusts_no_title() {
    let desk = desk();
    let page = desk
        .run(&[
            "report",
            "history.csv",
            "--for",
            "quarterly",
            "--format",
            "html",
        ])
        .fine();
    let (names, attributes) = elements(&page);
    let figures = names.iter().filter(|name| *name == "figure").count();
    assert_eq!(
        figures, 8,
        "flow, phases, stages, bottleneck, throughput, cfd, ageing, forecast"
    );
    assert!(
        !names
            .iter()
            .any(|name| ["script", "link", "img", "iframe", "a"].contains(&name.as_str()))
    );
    for (name, value) in &attributes {
        assert!(
            !["href", "src", "onload", "onclick"].contains(&name.as_str()),
            "{name}"
        );
        assert!(!value.contains("http"), "{name}={value}");
        assert!(
            !value.contains("NaN") && !value.contains("inf"),
            "{name}={value}"
        );
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; “59”"));
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("@import"));
}

#[test]
fn a_page_says_the_numbers_of_the_report() {
    let desk = desk();
    let words = ["report", "history.csv", "--for", "monthly", "--format"];
    let with = |format: &str| desk.run(&[&words[..], &[format]].concat()).fine();
    let json: Value = serde_json::from_str(&with("json")).expect("JSON");
    let flow = &json["flow"];
    let p85 = flow["time"]["p85_days"].as_f64().expect("a number");
    let page = with("html");
    for told in [
        format!("<strong>{p85:.1} d</strong>"),
        format!(
            "<strong>{:.1} / week</strong>",
            flow["velocity"]["per_week"].as_f64().expect("a number")
        ),
        format!("<strong>{}</strong>", flow["load"]),
        format!("85 % {p85:.1} d</text>"),
    ] {
        assert!(page.contains(&told), "{told}");
    }
    for finding in json["findings"].as_array().expect("findings") {
        let says = finding["says"].as_str().expect("a sentence");
        assert!(
            page.contains(says) && !finding["evidence"].is_null(),
            "{says}"
        );
    }
    let ahead = &json["forecast"]["how_many"][2];
    let says = format!(
        "{} or more will be finished by {}, with 85 % confidence.",
        ahead["p85"],
        ahead["date"].as_str().expect("a day")
    );
    assert!(page.contains(&says), "{says}");
    assert_eq!(
        json["window"]["to"].as_str().map(|to| &to[..10]),
        json["as_of"].as_str().map(|at| &at[..10])
    );
}

#[test]
fn what_is_asked_for_comes_before_the_meeting() {
    let desk = desk();
    let said = |more: &[&str]| -> Value {
        let words = [
            "report",
            "history.csv",
            "--for",
            "weekly",
            "--format",
            "json",
        ];
        let out = desk.run(&[&words[..], more].concat()).fine();
        serde_json::from_str(&out).expect("JSON")
    };
    let days = |report: &Value| {
        let at = |name: &str| {
            report["window"][name]
                .as_str()
                .expect("an instant")
                .to_owned()
        };
        (at("from"), at("to"))
    };
    let usual = said(&[]);
    let month = said(&["--window", "30d", "--section", "flow"]);
    assert!(usual.get("findings").is_some() && month.get("findings").is_none());
    assert_eq!(days(&usual).1, days(&month).1);
    assert!(days(&usual).0 > days(&month).0);
}

#[test]
fn rows_for_a_spreadsheet_name_measures_as_policies_do() {
    let desk = desk();
    let csv = desk
        .run(&[
            "report",
            "history.csv",
            "--section",
            "flow,stages",
            "--format",
            "csv",
        ])
        .fine();
    let json = desk
        .run(&[
            "report",
            "history.csv",
            "--section",
            "flow,stages",
            "--format",
            "json",
        ])
        .fine();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert!(csv.starts_with("stream,measure,value\n"));
    let load = json["stages"].as_array().expect("stages")[1]["load"].clone();
    assert!(
        csv.contains(&format!("history,stages.Build.load,{load}\n")),
        "{csv}"
    );
    let p85 = json["flow"]["time"]["p85_days"].clone();
    assert!(
        csv.contains(&format!("history,flow.time.p85_days,{p85}\n")),
        "{csv}"
    );
    assert!(csv.contains("history,stages.Ready.limit,\n"));
}

#[test]
fn nothing_known_is_a_page_too() {
    let desk = Desk::new();
    desk.write(
        "history.csv",
        "case,activity,time\nA-1,Ready,2026-01-02T00:00:00Z\n",
    );
    let page = desk
        .run(&[
            "report",
            "history.csv",
            "--for",
            "quarterly",
            "--format",
            "html",
        ])
        .fine();
    elements(&page);
    assert!(page.contains("<strong>–</strong>"));
}
