//! The dashboard on configured sources, one of which is down.

use crate::program::Desk;
use crate::terminal::{ESC, Terminal};

const CONFIG: &str = "\
[history]
url = \"sqlite:weir.db\"

[[sources]]
name = \"export\"
kind = \"csv\"
path = \"history.csv\"

[[sources]]
name = \"tracker\"
kind = \"redmine\"
url = \"http://127.0.0.1:1\"
token = { env = \"REDMINE_KEY\" }
";

const SECRET: &str = "correct-horse-battery-staple";

/// A history that was filled once.
fn desk() -> Desk {
    let desk = Desk::with_history();
    desk.write("weir.toml", CONFIG);
    let said = desk
        .run_with(&["sync"], &[("REDMINE_KEY", SECRET)])
        .failed(3);
    assert!(said.contains("tracker"), "{said}");
    desk
}

fn dashboard(desk: &Desk, words: &[&str]) -> Terminal {
    let words = [&[crate::program::WEIR], words].concat();
    Terminal::start(desk, (120, 40), &words, &[("REDMINE_KEY", SECRET)])
}

#[test]
fn a_source_that_is_down_is_told_while_the_history_is_shown() {
    let desk = desk();
    let mut terminal = dashboard(&desk, &[]);
    terminal.shows("A-2 Card reader");
    terminal.until("told of the tracker", |terminal| {
        terminal.lines()[0].contains("▲ tracker")
    });
    terminal.keys("sj");
    terminal.shows("cannot be reached");
    for said in ["127.0.0.1:1", "check the address"] {
        terminal.shows(said);
    }
    terminal.keys(ESC);
    terminal.shows("A-2 Card reader");
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    terminal.is_given_back();
    assert!(!String::from_utf8_lossy(&terminal.raw).contains(SECRET));
}

#[test]
fn offline_asks_nobody_and_shows_what_is_known() {
    let desk = desk();
    std::fs::remove_file(desk.path("history.csv")).expect("it was there");
    let mut terminal = dashboard(&desk, &["--offline"]);
    terminal.shows("A-2 Card reader");
    terminal.keys("s");
    terminal.shows("Quality of all data");
    terminal.quiet();
    assert!(
        !terminal.has("cannot be reached") && !terminal.has("not there"),
        "{}",
        terminal.text()
    );
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn a_file_that_grows_is_taken_up_while_it_is_watched() {
    let desk = desk();
    let mut terminal = dashboard(&desk, &[]);
    terminal.shows("A-2 Card reader");
    let more = desk.read("history.csv") + "A-9,Review,2026-01-02T09:00:00Z,Bug,cards,Just added\n";
    desk.write("history.csv", more);
    terminal.until("took it up", |terminal| terminal.has("A-9"));
}

#[test]
fn a_broken_history_is_said_before_the_terminal_is_taken() {
    let desk = desk();
    desk.write("weir.db", "no database");
    let mut terminal = dashboard(&desk, &[]);
    assert_eq!(terminal.ends(), 4);
    assert!(
        terminal.has("is not a history of weir"),
        "{}",
        terminal.text()
    );
}
