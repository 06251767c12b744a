//! How the dashboard looks and what it leaves behind: marks, themes, links, the window's title, files.

use crate::program::{Desk, WEIR};
use crate::terminal::{ESC, Terminal};

const DEMO: [&str; 6] = [WEIR, "demo", "--seed", "1", "--now", "2026-11-23T09:00:00Z"];
const CTRL_T: &str = "\u{14}";

fn home(more: &[(&str, &str)]) -> (Desk, Terminal) {
    let desk = Desk::new();
    let mut terminal = Terminal::start(&desk, (120, 40), &DEMO, more);
    terminal.shows("holds the stream back");
    (desk, terminal)
}

fn wrote(terminal: &Terminal, bytes: &str) -> bool {
    let wanted = bytes.as_bytes();
    terminal
        .raw
        .windows(wanted.len())
        .any(|part| part == wanted)
}

#[test]
fn marks_and_themes_change_at_a_key() {
    let (_desk, mut terminal) = home(&[]);
    terminal.keys("M");
    terminal.shows("drawn with ascii");
    assert!(terminal.text().is_ascii(), "{}", terminal.text());
    terminal.keys("M");
    terminal.shows("drawn with blocks");
    terminal.keys(CTRL_T);
    terminal.shows("theme ");
}

#[test]
fn what_is_on_screen_is_left_in_files_that_did_not_exist() {
    let (desk, mut terminal) = home(&[]);
    terminal.keys("5ec");
    terminal.shows("rows written to");
    let weeks = desk.read("weir-payments-throughput-2026-11-23.csv");
    assert!(
        weeks.starts_with("week,arrived,departed,finished,partial\n"),
        "{weeks}"
    );
    terminal.keys("ec");
    terminal.shows("-2.csv");
    assert_eq!(
        desk.read("weir-payments-throughput-2026-11-23-2.csv"),
        weeks
    );
    terminal.keys("1et");
    terminal.shows("the picture written to");
    let picture = desk.read("weir-payments-stages-2026-11-23.txt");
    assert!(picture.contains("holds the stream back"), "{picture}");
    assert!(!picture.contains('\u{1b}'));
}

#[test]
fn help_begins_with_what_the_number_means() {
    let (_desk, mut terminal) = home(&[]);
    terminal.keys("4?");
    terminal.shows("How long does a piece of work take?");
    terminal.shows("clock last-crossing");
    terminal.keys("?");
    terminal.shows("Nearest-rank percentile");
    terminal.keys(ESC);
    terminal.until("went away", |terminal| {
        !terminal.has("Nearest-rank percentile")
    });
}

#[test]
fn the_window_is_named_and_gets_its_own_name_back() {
    let (_desk, mut terminal) = home(&[("VTE_VERSION", "7200")]);
    assert!(wrote(&terminal, "\u{1b}[22;2t"), "the name was put aside");
    assert!(wrote(&terminal, "\u{1b}]0;payments – "), "it was named");
    assert!(
        wrote(&terminal, "\u{1b}]8;;https://"),
        "keys of items are links"
    );
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    assert!(wrote(&terminal, "\u{1b}[23;2t"), "it was taken back");
}

#[test]
fn keys_of_items_are_links_where_the_terminal_knows_them() {
    let history = "case,status,time,url\n\
        PAY-1,Ready,2026-01-01T00:00:00Z,https://example.org/PAY-1\n\
        PAY-1,Doing,2026-01-02T00:00:00Z,https://example.org/PAY-1\n\
        PAY-2,Ready,2026-01-01T00:00:00Z,https://example.org/\u{1b}]0;x\n\
        PAY-2,Doing,2026-01-03T00:00:00Z,https://example.org/\u{1b}]0;x\n\
        PAY-0,Ready,2026-01-01T00:00:00Z,https://example.org/PAY-0\n\
        PAY-0,Doing,2026-01-02T00:00:00Z,https://example.org/PAY-0\n\
        PAY-0,Done,2026-01-04T00:00:00Z,https://example.org/PAY-0\n";
    let shown = |more: &[(&str, &str)]| {
        let desk = Desk::new();
        desk.write("history.csv", history);
        let words = [WEIR, "open", "history.csv"];
        let mut terminal = Terminal::start(&desk, (120, 40), &words, more);
        terminal.shows("holds the stream back");
        terminal.keys("i");
        terminal.shows("In progress: committed");
        terminal.shows("PAY-1");
        terminal.quiet();
        terminal
    };
    let known = shown(&[("VTE_VERSION", "7200")]);
    assert!(wrote(&known, "\u{1b}]8;;https://example.org/PAY-1\u{1b}\\"));
    assert!(!wrote(&known, "]0;x"), "nothing of an address is obeyed");
    let unknown = shown(&[]);
    assert!(!wrote(&unknown, "\u{1b}]8;;"));
}
