//! The walk of the board, by keys only and by mouse only.

use crate::program::Desk;
use crate::terminal::{ENTER, ESC, Terminal};

/// The home screen of a board of which three items call for a word.
fn home() -> (Desk, Terminal) {
    let desk = Desk::with_history();
    let words = ["open", "history.csv"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    terminal.shows("history");
    terminal.shows("stand-up");
    (desk, terminal)
}

#[test]
fn a_board_is_walked_by_keys() {
    let (desk, mut terminal) = home();
    terminal.keys("S");
    terminal.shows("What changed");
    terminal.shows("no walk before is known");
    terminal.keys(" ");
    terminal.shows("Stand-up, 1 of");
    terminal.shows("0:01 of 10:00");
    terminal.keys("a");
    terminal.shows("Who takes A-");
    terminal.keys("Ann");
    terminal.keys(ENTER);
    terminal.shows("Next step for A-");
    terminal.keys("call legal");
    terminal.keys(ENTER);
    terminal.shows("next    call legal");
    terminal.keys("p");
    terminal.keys("S");
    terminal.shows("Stand-up, summary");
    terminal.shows("1 parked");
    terminal.keys("w");
    terminal.shows("saved to");
    let name = "standup-history-2026-01-21.md";
    let saved = desk.read(name);
    assert!(saved.starts_with("# Stand-up: history"), "{saved}");
    assert!(saved.contains("| Ann | call legal |"), "{saved}");
    assert!(saved.contains("## Parked\n\n- A-"), "{saved}");
    terminal.keys("w");
    terminal.until("saved beside the first", |_| {
        desk.path("standup-history-2026-01-21-2.md").exists()
    });
    terminal.keys(ESC);
    // Both at once would be another key.
    terminal.until("left the walk", |terminal| {
        !terminal.has("Stand-up, summary")
    });
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    let kept = desk.read("home/state/weir/walks.json");
    assert!(
        kept.contains("\"history\": \"2026-01-21T09:00:01Z\""),
        "{kept}"
    );
}

#[test]
fn a_board_is_walked_by_the_mouse() {
    let (_desk, mut terminal) = home();
    for (word, then) in [
        ("stand-up", "What changed"),
        ("begin", "Stand-up, 1 of"),
        ("park", "parked"),
    ] {
        let place = terminal.place(word);
        terminal.click(place);
        if word != "park" {
            terminal.shows(then);
        }
    }
    terminal.until("parked it", |terminal| {
        terminal.has("P ") && !terminal.has("Stand-up, 1 of")
    });
    let place = terminal.place("Summary");
    terminal.click(place);
    terminal.shows("1 parked");
}
