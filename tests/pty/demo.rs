//! A walk through `weir demo` by its keys.

use crate::program::Desk;
use crate::terminal::{CTRL_U, DOWN, ENTER, ESC, LEFT, RIGHT, Terminal, UP};

/// The demo at a fixed instant, on its home screen.
fn home(size: (u16, u16)) -> (Desk, Terminal) {
    let desk = Desk::new();
    let words = ["demo", "--seed", "1", "--now", "2026-11-23T09:00:00Z"];
    let mut terminal = Terminal::weir(&desk, size, &words);
    terminal.shows("holds the stream back");
    (desk, terminal)
}

/// The stage that holds the stream back, by the sentence that says so.
fn constraint(terminal: &Terminal) -> String {
    let text = terminal.text();
    let (_, from) = text.split_once("▶ ").expect("the sentence");
    from.split_once(" holds")
        .expect("the sentence")
        .0
        .to_owned()
}

/// The stage whose queue is shown.
pub(crate) fn queue(terminal: &Terminal) -> String {
    let lines = terminal.lines();
    let title = lines.iter().find_map(|line| line.strip_prefix("─ "));
    let words = title.unwrap_or_default().split(' ');
    let classes = ["backlog", "queue", "active", "done"];
    let name: Vec<&str> = words.take_while(|word| !classes.contains(word)).collect();
    name.join(" ")
}

/// The item of the marked row, and the row.
pub(crate) fn marked(terminal: &Terminal) -> Option<(String, usize)> {
    let lines = terminal.lines();
    let row = lines.iter().position(|line| line.starts_with('▌'))?;
    let key = lines[row]
        .split_whitespace()
        .find(|word| word.contains('-'))?;
    Some((key.to_owned(), row))
}

#[test]
fn the_home_screen_names_the_constraint_and_shows_its_queue() {
    let (_desk, mut terminal) = home((120, 40));
    let stage = constraint(&terminal);
    terminal.until("showed its queue", |terminal| queue(terminal) == stage);
    for said in [
        "Flow time P85",
        "Velocity",
        "Load",
        "Efficiency",
        "Ideate 52 %",
        "of all waiting",
    ] {
        assert!(terminal.has(said), "no {said}:\n{}", terminal.text());
    }
    assert!(
        terminal.has(&format!("▶{stage}")),
        "its tank is marked:\n{}",
        terminal.text()
    );
    assert!(marked(&terminal).is_some_and(|(key, _)| key.starts_with("PAY-")));
}

#[test]
fn arrows_and_letters_move_alike() {
    let (_desk, mut terminal) = home((120, 40));
    let first = queue(&terminal);
    let ways = [(LEFT, RIGHT), ("h", "l"), (LEFT, "l"), ("h", RIGHT)];
    for (away, back) in ways {
        terminal.keys(away);
        terminal.until("went left", |terminal| queue(terminal) != first);
        terminal.keys(back);
        terminal.until("came back", |terminal| queue(terminal) == first);
    }
    let (top, row) = marked(&terminal).expect("a marked row");
    for (down, up) in [(DOWN, UP), ("j", "k")] {
        terminal.keys(down);
        terminal.until("went down", |terminal| {
            marked(terminal).is_some_and(|(key, at)| key != top && at == row + 1)
        });
        terminal.keys(up);
        terminal.until("went up", |terminal| {
            marked(terminal) == Some((top.clone(), row))
        });
    }
    terminal.keys("G");
    terminal.until("went to the end", |terminal| {
        marked(terminal).is_some_and(|(key, _)| key != top)
    });
    terminal.keys("g");
    terminal.until("went to the start", |terminal| {
        marked(terminal) == Some((top.clone(), row))
    });
}

#[test]
fn enter_opens_the_item_and_escape_goes_back() {
    let (_desk, mut terminal) = home((120, 40));
    let (key, row) = marked(&terminal).expect("a marked row");
    terminal.keys(ENTER);
    terminal.shows("The clocks");
    assert!(terminal.lines()[0].contains(&key), "{}", terminal.text());
    assert!(terminal.has("created-to-done") && terminal.has("https://tracker.example/"));
    terminal.keys(ESC);
    terminal.until("went back", |terminal| {
        marked(terminal) == Some((key.clone(), row))
    });
}

#[test]
fn help_is_found_by_typing_and_runs_what_it_finds() {
    let (_desk, mut terminal) = home((120, 40));
    terminal.keys("?");
    terminal.shows("Keys: type to search");
    assert!(terminal.has("previous window"));
    terminal.keys("health");
    terminal.until("narrowed", |terminal| {
        terminal.has("the sources: health") && !terminal.has("previous window")
    });
    terminal.keys(ENTER);
    terminal.shows("every record could be read");
    assert!(
        terminal.lines()[0].starts_with(" Sources"),
        "{}",
        terminal.text()
    );
    terminal.keys("s");
    terminal.keys(ESC);
    terminal.shows("holds the stream back");
}

#[test]
fn a_wrong_filter_is_explained_and_a_right_one_narrows() {
    let (_desk, mut terminal) = home((120, 40));
    terminal.keys("/");
    terminal.keys("age>>d");
    terminal.shows("is no duration");
    terminal.keys(CTRL_U);
    terminal.keys("kind:defect");
    terminal.until("was narrowed", |terminal| {
        terminal.has("/ kind:defect") && terminal.has("defect 100")
    });
    terminal.keys(ENTER);
    terminal.shows("1 Stream  2 Age");
    assert!(
        terminal.lines()[0].contains("/ kind:defect"),
        "{}",
        terminal.text()
    );
    terminal.keys(ESC);
    terminal.until("was wide again", |terminal| {
        !terminal.has("kind:defect") && terminal.has("debt")
    });
}

#[test]
fn clock_and_window_are_one_key_each() {
    let (_desk, mut terminal) = home((120, 40));
    assert!(terminal.lines()[0].contains("last 90 d · last-crossing"));
    for clock in [
        "first-start",
        "sum-in-progress",
        "created-to-done",
        "last-crossing",
    ] {
        terminal.keys("c");
        terminal.until(clock, |terminal| terminal.lines()[0].contains(clock));
    }
    terminal.keys("w");
    terminal.until("was longer", |terminal| {
        terminal.lines()[0].contains("last 180 d")
    });
    terminal.keys("WW");
    terminal.until("was shorter", |terminal| {
        terminal.lines()[0].contains("last 30 d")
    });
}

#[test]
fn the_time_machine_goes_back_and_returns_to_now() {
    let (_desk, mut terminal) = home((120, 40));
    let today = "Mon 23 Nov 2026";
    assert!(terminal.lines()[0].contains(today), "{}", terminal.text());
    terminal.keys("t");
    terminal.shows("week back");
    terminal.keys(LEFT);
    terminal.until("was yesterday", |terminal| {
        terminal.has("◷ Sun 22 Nov 2026") && terminal.lines()[0].contains("22 Nov")
    });
    terminal.keys(DOWN);
    terminal.until("was a week before", |terminal| {
        terminal.lines()[0].contains("15 Nov")
    });
    terminal.keys(ENTER);
    terminal.until("stayed there", |terminal| {
        !terminal.has("week back") && terminal.lines()[0].contains("15 Nov")
    });
    terminal.keys(".");
    terminal.until("was now", |terminal| {
        terminal.lines()[0].contains(today) && !terminal.has("◷")
    });
}

#[test]
fn every_size_has_its_picture() {
    let (_desk, mut terminal) = home((120, 40));
    let hints = |terminal: &Terminal| {
        let lines = terminal.lines();
        lines.last().is_some_and(|line| line.contains("1 Stream"))
    };
    terminal.resize((80, 24));
    terminal.until("fitted 80x24", |terminal| {
        hints(terminal) && terminal.has("▶ Approval holds") && terminal.has("PAY-")
    });
    terminal.resize((40, 10));
    terminal.until("fitted 40x10", |terminal| {
        hints(terminal) && terminal.has("▶ Approval") && !terminal.has("needs")
    });
    terminal.resize((30, 8));
    terminal.shows("weir needs 40×10");
    assert!(terminal.has("30×8"), "{}", terminal.text());
    terminal.resize((200, 60));
    terminal.until("fitted 200x60", |terminal| {
        hints(terminal) && terminal.has("over limit")
    });
    terminal.keys("c");
    terminal.shows("first-start");
    assert!(!terminal.has("needs"), "{}", terminal.text());
}

#[test]
fn the_company_lives_while_one_watches() {
    let desk = Desk::new();
    let mut terminal = Terminal::weir(&desk, (120, 40), &["demo", "--seed", "1"]);
    terminal.shows("holds the stream back");
    let before = terminal.lines()[0].clone();
    terminal.until("moved on", |terminal| {
        let now = &terminal.lines()[0];
        now.contains("UTC") && now.split('·').nth(1) != before.split('·').nth(1)
    });
}

#[test]
fn one_write_a_key_and_few_bytes() {
    let (_desk, mut terminal) = home((120, 40));
    terminal.quiet();
    let (before, row) = (
        terminal.raw.len(),
        marked(&terminal).expect("a marked row").1,
    );
    terminal.keys(DOWN);
    terminal.until("went down", |terminal| {
        marked(terminal).is_some_and(|(_, at)| at == row + 1)
    });
    let bytes = terminal.raw.len() - before;
    assert!(bytes < 1_500, "{bytes} bytes for one row up or down");
}

#[test]
fn the_bottleneck_takes_one_key_and_when_thirty_are_done_four() {
    let (_desk, mut terminal) = home((120, 40));
    terminal.keys("6");
    terminal.shows("pressure");
    terminal.shows("by week");
    assert!(terminal.has("holds the stream back"), "{}", terminal.text());
    assert!(terminal.has("speeding this up gains nothing") || terminal.has("the constraint:"));
    terminal.keys("7");
    terminal.shows("in progress done by");
    terminal.keys("n30");
    terminal.shows("30 + items done by");
    terminal.keys(ESC);
    terminal.until("is as before", |terminal| {
        !terminal.has("30 + items done by")
    });
    assert!(terminal.has("Brier"), "{}", terminal.text());
}
