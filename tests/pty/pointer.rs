//! The mouse.

use crate::demo::{marked, queue};
use crate::program::Desk;
use crate::terminal::{ESC, Terminal};

#[test]
fn a_click_selects_a_tank_and_a_row_and_a_second_one_opens_it() {
    let desk = Desk::new();
    let words = ["demo", "--now", "2026-11-23T09:00:00Z"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    terminal.until("showed the constraint's queue", |terminal| {
        queue(terminal) == "Approval"
    });
    let (column, row) = terminal.place("Ready");
    terminal.click((column + 1, row + 4));
    terminal.until("selected the tank", |terminal| queue(terminal) == "Ready");
    let (_, first) = marked(&terminal).expect("a marked row");
    let second = terminal.lines()[first + 1].clone();
    let key = second
        .split_whitespace()
        .find(|word| word.starts_with("PAY-"))
        .expect("a key");
    let at = (10, u16::try_from(first + 1).expect("a row"));
    terminal.click(at);
    terminal.until("selected the row", |terminal| {
        marked(terminal).is_some_and(|(found, row)| found == key && row == first + 1)
    });
    terminal.click(at);
    terminal.shows("The clocks");
    assert!(terminal.lines()[0].contains(key), "{}", terminal.text());
    terminal.keys(ESC);
    terminal.shows("holds the stream back");
}

#[test]
fn the_wheel_moves_and_the_mouse_can_be_let_go() {
    let desk = Desk::new();
    let words = ["demo", "--now", "2026-11-23T09:00:00Z"];
    let mut terminal = Terminal::weir(&desk, (120, 40), &words);
    terminal.until("showed the constraint's queue", |terminal| {
        queue(terminal) == "Approval"
    });
    let (_, row) = marked(&terminal).expect("a marked row");
    terminal.keys("\u{1b}[<65;10;35M");
    terminal.until("went down", |terminal| {
        marked(terminal).is_some_and(|(_, at)| at == row + 1)
    });
    assert!(terminal.is_taken());
    terminal.keys("m");
    terminal.until("let the mouse go", |terminal| !terminal.is_taken());
    terminal.keys("m");
    terminal.until("took the mouse", Terminal::is_taken);
}
