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
