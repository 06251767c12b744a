//! Finding things: the palette, saved views, the filter.

use crate::program::Desk;
use crate::terminal::{ENTER, ESC, Terminal, UP};

/// The dashboard on a config over a history in a file.
fn configured(desk: &Desk, more: &str) -> Terminal {
    desk.write("weir.toml", config(more));
    let mut terminal = Terminal::weir(desk, (120, 40), &["--config", "weir.toml"]);
    terminal.shows("A-2 Card reader");
    terminal
}

/// A config with something after it.
fn config(more: &str) -> String {
    let sources = "\
[history]
url = \"sqlite:weir.db\"

[[sources]]
name = \"export\"
kind = \"csv\"
path = \"history.csv\"
";
    format!("{sources}\n{more}")
}

#[test]
fn the_palette_finds_an_item_a_screen_and_an_action() {
    let desk = Desk::with_history();
    let mut terminal = Terminal::weir(&desk, (120, 40), &["open", "history.csv"]);
    terminal.shows("A-2 Card reader");
    terminal.keys(":");
    terminal.shows("a screen, a stage, an item");
    terminal.keys("firmw");
    terminal.shows("A-2 Card reader, firmware");
    terminal.keys(ENTER);
    terminal.shows("The clocks");
    terminal.keys(ESC);
    terminal.until("went back", |terminal| !terminal.has("The clocks"));
    terminal.keys("\u{10}");
    terminal.until("remembered the item", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.contains("A-2 Card reader, firmware") && line.contains("item"))
    });
    terminal.keys("thrup");
    terminal.shows("what is finished, arrives and departs by week");
    terminal.keys(ENTER);
    terminal.shows("5 Throughput");
    let kept = desk.read("home/state/weir/dashboard.json");
    assert!(kept.contains("action\\tthroughput"), "{kept}");
}

#[test]
fn a_view_is_saved_and_taken_again() {
    let desk = Desk::with_history();
    let mut terminal = configured(&desk, "# what is mine stays\n");
    terminal.keys("/team:cards");
    terminal.shows("/ team:cards");
    terminal.keys(ENTER);
    terminal.keys("2:");
    terminal.shows("a screen, a stage, an item");
    terminal.keys("save view");
    terminal.keys(ENTER);
    terminal.shows("Save this view as");
    terminal.keys("cards");
    terminal.keys(ENTER);
    terminal.shows("view cards saved to");
    let text = desk.read("weir.toml");
    assert!(
        text.contains("[[views]]\nname = \"cards\"\nfilter = \"team:cards\"\nscreen = \"ageing\""),
        "{text}"
    );
    assert!(text.contains("# what is mine stays"), "{text}");
    terminal.keys("1");
    terminal.keys(ESC);
    terminal.until("is wide again", |terminal| !terminal.has("◆ cards"));
    terminal.keys(":cards");
    terminal.until("found the view", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.contains("▌ cards") && line.contains("view"))
    });
    terminal.keys(ENTER);
    terminal.until("took the view", |terminal| {
        terminal.lines()[0].contains("◆ cards · / team:cards")
    });
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn without_a_config_saving_a_view_says_what_to_do() {
    let desk = Desk::with_history();
    let mut terminal = Terminal::weir(&desk, (120, 40), &["open", "history.csv"]);
    terminal.shows("A-2 Card reader");
    terminal.keys(":save view");
    terminal.keys(ENTER);
    terminal.shows("Save this view as");
    terminal.keys("x");
    terminal.keys(ENTER);
    terminal.shows("views are kept in a config, and there is none here; save the stream first");
}

#[test]
fn the_filter_completes_and_remembers_from_run_to_run() {
    let desk = Desk::with_history();
    let words = ["open", "history.csv"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    terminal.shows("A-2 Card reader");
    terminal.keys("/te");
    terminal.shows("in key or title");
    terminal.keys("\t");
    terminal.shows("cards   2 items");
    terminal.keys("re\t");
    terminal.shows("1 items pass");
    terminal.until("completed", |terminal| terminal.has("/ team:reader"));
    terminal.keys(ENTER);
    terminal.until("kept it", |terminal| terminal.has("1 Stream"));
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    let mut again = Terminal::weir(&desk, (120, 40), &words);
    again.shows("A-2 Card reader");
    again.keys("/");
    again.shows("filters before");
    again.keys(UP);
    again.shows("/ team:reader");
    // Pasted in one piece: line breaks and escapes do nothing.
    again.keys("\u{1b}[200~ age>1d\n\u{7}blocked\u{1b}[201~");
    again.shows("/ team:reader age>1d  blocked");
}

#[test]
fn a_changed_config_is_taken_up_and_a_wrong_one_is_told() {
    let desk = Desk::with_history();
    let mut terminal = configured(&desk, "");
    terminal.shows("last 90 d");
    desk.write("weir.toml", config("[display]\ntheem = \"dark\"\n"));
    terminal.shows("weir.toml line 10: \"theem\" is no key of [display]; did you mean \"theme\"?");
    terminal.shows("the config before stays");
    terminal.shows("last 90 d");
    let right = "\
[display]
window = \"30d\"

[keys]
help = \"x\"

[[streams]]
name = \"mine\"

[[views]]
name = \"only cards\"
filter = \"team:cards\"
";
    desk.write("weir.toml", config(right));
    terminal.shows("weir.toml is taken up");
    terminal.until("has the window and the stream", |terminal| {
        let head = &terminal.lines()[0];
        head.contains("last 30 d") && head.contains("mine")
    });
    terminal.keys("x");
    terminal.shows("Keys: type to search");
    terminal.keys(ESC);
    terminal.until("closed the help", |terminal| {
        !terminal.has("type to search")
    });
    terminal.keys(":only");
    terminal.shows("only cards");
    terminal.keys(ENTER);
    terminal.shows("◆ only cards");
    desk.write("weir.toml", config("[keys]\nhelp = \"q\"\nquit = \"q\"\n"));
    terminal.shows("is given to two actions");
}

#[test]
fn changed_sources_are_polled_in_place_of_those_before() {
    let desk = Desk::with_history();
    let mut terminal = configured(&desk, "");
    terminal.shows("● export");
    desk.write(
        "second.csv",
        "case,activity,time,subject\nB-1,Build,2026-01-10T09:00:00Z,Something else\n",
    );
    let second = "[[sources]]\nname = \"second\"\nkind = \"csv\"\npath = \"second.csv\"\n";
    desk.write("weir.toml", config(second));
    terminal.shows("● second");
    terminal.keys(":B-1");
    terminal.shows("B-1 Something else");
    terminal.keys(ESC);
    terminal.until("closed", |terminal| !terminal.has("Something else"));
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

#[test]
fn the_first_run_shows_around_once() {
    let desk = Desk::with_history();
    desk.write("home/state/weir/dashboard.json", "{}");
    let words = ["open", "history.csv"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    for place in 1..=5 {
        terminal.shows(&format!("{place} of 5"));
        terminal.keys(ESC);
    }
    terminal.until("ended", |terminal| !terminal.has("of 5"));
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    let mut again = Terminal::weir(&desk, (120, 40), &words);
    again.shows("A-2 Card reader");
    assert!(!again.has("of 5"));
}
