//! The five questions of a manager, each answered with keys alone and with the mouse alone, and as
//! few of them as docs/tour.md says.

use crate::program::Desk;
use crate::terminal::{ENTER, Terminal};

/// The demo at a fixed instant, on its home screen.
fn home() -> (Desk, Terminal) {
    let desk = Desk::new();
    let words = ["demo", "--seed", "1", "--now", "2026-11-23T09:00:00Z"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    terminal.shows("holds the stream back");
    (desk, terminal)
}

/// Presses one key after another, and counts them.
fn press(terminal: &mut Terminal, keys: &[&str]) -> usize {
    for key in keys {
        terminal.keys(key);
    }
    keys.len()
}

/// Clicks on a text.
fn click(terminal: &mut Terminal, text: &str) {
    terminal.shows(text);
    let place = terminal.place(text);
    terminal.click(place);
}

/// The counts of docs/tour.md, in the order of its questions.
fn told(question: &str) -> usize {
    let tour = include_str!("../../docs/tour.md");
    let row = tour.lines().find(|line| line.contains(question));
    let last = row.and_then(|row| row.trim_end_matches(" |").rsplit("| ").next());
    let digits: String = last
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().expect("a count")
}

#[test]
fn the_bottleneck_with_keys() {
    let (_desk, mut terminal) = home();
    let keys = press(&mut terminal, &["6"]);
    terminal.shows("Bottleneck, n");
    terminal.shows("Approval holds the stream back");
    terminal.shows("Waiting in Approval");
    assert!(keys <= 5 && told("holds the stream back") <= keys);
}

#[test]
fn the_bottleneck_with_the_mouse() {
    let (_desk, mut terminal) = home();
    click(&mut terminal, "6 Jam");
    terminal.shows("the constraint: what it gains, the whole stream gains");
    click(&mut terminal, "Build ");
    terminal.shows("speeding this up gains nothing");
}

#[test]
fn why_an_item_is_late_with_keys() {
    let (_desk, mut terminal) = home();
    let key = late(&terminal);
    let keys = press(&mut terminal, &[":"]);
    terminal.keys(&key);
    terminal.until("found it", |terminal| {
        let mut lines = terminal.lines().into_iter();
        lines.any(|line| line.contains(&format!("▌ {key} ")) && line.contains("item"))
    });
    let keys = keys + press(&mut terminal, &[ENTER]);
    terminal.shows("The clocks");
    assert!(terminal.lines()[0].contains(&key), "{}", terminal.text());
    assert_eq!(keys, told("item X late"));
}

/// The key of the oldest item where the stream is held back.
fn late(terminal: &Terminal) -> String {
    crate::demo::marked(terminal).expect("a marked row").0
}

#[test]
fn why_an_item_is_late_with_the_mouse() {
    let (_desk, mut terminal) = home();
    let (key, row) = crate::demo::marked(&terminal).expect("a marked row");
    terminal.click((10, u16::try_from(row).expect("a row")));
    terminal.shows("The clocks");
    assert!(terminal.lines()[0].contains(&key), "{}", terminal.text());
}

#[test]
fn the_stand_up_with_keys() {
    let (_desk, mut terminal) = home();
    let keys = press(&mut terminal, &["S"]);
    assert_eq!(keys, told("Walk the stand-up"));
    terminal.shows("items to walk");
    terminal.keys(" ");
    terminal.shows("Stand-up, 1 of");
    terminal.keys(" ");
    terminal.shows("Stand-up, 2 of");
    terminal.keys("S");
    terminal.shows("Stand-up, summary");
}

#[test]
fn the_stand_up_with_the_mouse() {
    let (_desk, mut terminal) = home();
    click(&mut terminal, "stand-up");
    terminal.shows("items to walk");
    click(&mut terminal, "space begin");
    terminal.shows("Stand-up, 1 of");
    click(&mut terminal, "space next");
    terminal.shows("Stand-up, 2 of");
}

#[test]
fn three_weeks_ago_with_keys() {
    let (_desk, mut terminal) = home();
    let keys = press(&mut terminal, &["t"]);
    terminal.shows("week back");
    let keys = keys + press(&mut terminal, &["j", "j", "j"]);
    let then = "◷ as of Mon 2 Nov 2026";
    terminal.until("was three weeks ago", |terminal| {
        terminal.lines()[0].contains(then)
    });
    assert_eq!(keys, told("three weeks ago"));
    terminal.keys("c");
    terminal.until("was held beside now", |terminal| {
        terminal.has("beside now") && terminal.has("in progress then:")
    });
    terminal.keys("d");
    terminal.shows("Which day?");
    terminal.keys("2026-05-04");
    terminal.keys(ENTER);
    terminal.until("went to the date", |terminal| {
        terminal.lines()[0].contains("5 May 2026")
    });
}

#[test]
fn three_weeks_ago_with_the_mouse() {
    let (_desk, mut terminal) = home();
    click(&mut terminal, "t time");
    for day in ["16 Nov", "9 Nov", "2 Nov"] {
        click(&mut terminal, "week back");
        terminal.until(day, |terminal| terminal.lines()[0].contains(day));
    }
    click(&mut terminal, "beside now");
    terminal.shows("in progress then:");
}

#[test]
fn time_plays_until_now_and_then_nothing_is_drawn() {
    let (_desk, mut terminal) = home();
    terminal.keys("t");
    terminal.shows("week back");
    terminal.keys("jj+ ");
    terminal.until("began to play", |terminal| {
        terminal.has("▶ 2 weeks a second")
    });
    terminal.until("came to now", |terminal| {
        terminal.has("◷ now") && terminal.has("‖ 2 weeks a second")
    });
}

#[test]
fn thirty_items_with_keys() {
    let (_desk, mut terminal) = home();
    let keys = press(&mut terminal, &["7", "n", "3", "0"]);
    terminal.until("told when", |terminal| terminal.has("30 + items done by"));
    assert_eq!(keys, told("these 30 be done"));
}

#[test]
fn thirty_items_with_the_mouse() {
    let (_desk, mut terminal) = home();
    click(&mut terminal, "7 When");
    terminal.shows("in progress done by");
    let (column, row) = terminal.place(" in progress done by");
    terminal.click((column - 1, row));
    terminal.shows("items done by");
}

#[test]
fn all_streams_with_keys_and_with_the_mouse() {
    let (_desk, mut terminal) = home();
    terminal.keys("P");
    terminal.shows("Portfolio, n 5 streams");
    terminal.shows("cards");
    click(&mut terminal, "cards");
    terminal.until("marked the row", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.starts_with('▌') && line.contains("cards"))
    });
    terminal.keys(ENTER);
    terminal.until("opened the stream", |terminal| {
        terminal.lines()[0].starts_with(" cards")
    });
    terminal.keys("\u{1b}");
    terminal.shows("Portfolio, n 5 streams");
}
