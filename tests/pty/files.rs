//! `weir open`: what was inferred, how it is changed and saved, and idleness.

use std::time::Duration;

use crate::program::Desk;
use crate::terminal::{CTRL_S, ENTER, ESC, Terminal};

fn open() -> (Desk, Terminal) {
    let desk = Desk::with_history();
    let mut terminal = Terminal::weir(&desk, (120, 40), &["open", "history.csv"]);
    terminal.shows("▶ Review holds the stream back");
    (desk, terminal)
}

#[test]
fn the_numbers_are_those_of_the_report() {
    let (_desk, terminal) = open();
    assert!(terminal.lines()[0].contains("history · Wed 21 Jan 2026 09:00 UTC"));
    for said in [
        "9.0 d",
        "22 %",
        "Feature 100",
        "A-2 Card reader, firmware",
        "1 past P85",
    ] {
        assert!(terminal.has(said), "no {said}:\n{}", terminal.text());
    }
}

#[test]
fn a_file_that_is_not_there_does_not_hide_the_others() {
    let desk = Desk::with_history();
    let files = ["open", "missing.csv", "history.csv"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &files);
    terminal.shows("▶ Review holds the stream back");
    terminal.keys("s");
    terminal.shows("missing.csv");
    terminal.shows("not there");
}

#[test]
fn how_the_file_was_read_is_told_on_sources() {
    let (_desk, mut terminal) = open();
    terminal.keys("s");
    for said in [
        "How the columns were read",
        "activity is status",
        "case is item",
        "line 12",
        "not a time",
        "Review is queue, create",
        "Done is done, operate",
    ] {
        terminal.shows(said);
    }
    terminal.keys(ESC);
    terminal.shows("holds the stream back");
}

/// Ready waits as it was inferred; once it counts as work, four of A-1's nine days were active.
#[test]
fn a_stage_changes_its_class_by_a_key_and_is_saved() {
    let (desk, mut terminal) = open();
    terminal.keys("E");
    terminal.shows("Stages of history");
    let is_marked = |terminal: &Terminal, words: [&str; 2]| {
        let lines = terminal.lines();
        let line = lines.iter().find(|line| line.contains('▌'));
        line.is_some_and(|line| words.iter().all(|word| line.contains(word)))
    };
    for _ in 0..2 {
        terminal.keys("j");
    }
    terminal.until("was on Ready", |terminal| {
        is_marked(terminal, ["Ready", "queue"])
    });
    terminal.keys("c");
    terminal.until("was active", |terminal| {
        is_marked(terminal, ["Ready", "active"])
    });
    terminal.keys(ENTER);
    terminal.shows("44 %");
    terminal.keys(CTRL_S);
    terminal.shows("saved to");
    let config = desk.read("weir.toml");
    assert!(
        config.contains("name = \"Ready\"\nphase = \"create\"\nclass = \"active\""),
        "{config}"
    );
    let words = [
        "report",
        "history.csv",
        "--config",
        "weir.toml",
        "--section",
        "flow",
    ];
    let report = desk.run(&words).fine();
    assert!(report.contains("44 % active"), "{report}");
}

#[test]
fn what_is_typed_is_seen_at_once_although_nothing_else_happens() {
    let (_desk, mut terminal) = open();
    for _ in 0..5 {
        terminal.quiet();
        terminal.keys("s");
        terminal.shows("How the columns were read");
        terminal.quiet();
        terminal.keys("1");
        terminal.shows("holds the stream back");
    }
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let (_desk, mut terminal) = open();
    terminal.quiet();
    assert_eq!(terminal.bytes_within(Duration::from_secs(3)), 0);
}

#[test]
fn without_colour_there_is_none() {
    let desk = Desk::with_history();
    let words = [crate::program::WEIR, "open", "history.csv"];
    let mut terminal = Terminal::start(&desk, (120, 40), &words, &[("NO_COLOR", "1")]);
    terminal.shows("▶ Review holds the stream back");
    terminal.quiet();
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    for colour in ["\u{1b}[38;", "\u{1b}[48;", "\u{1b}[31m", "\u{1b}[32m"] {
        assert!(!raw.contains(colour), "{colour:?} in the picture");
    }
}
