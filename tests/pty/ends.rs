//! Every way out gives the terminal back.

use rustix::process::Signal;

use crate::program::{Desk, WEIR};
use crate::terminal::{CTRL_C, CTRL_Z, Terminal};

const SIZE: (u16, u16) = (120, 40);

fn home(desk: &Desk) -> Terminal {
    let mut terminal = Terminal::weir(desk, SIZE, &["open", "history.csv"]);
    terminal.shows("holds the stream back");
    assert!(terminal.is_taken());
    terminal
}

fn crashes(desk: &Desk) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(desk.path("home/state/weir")) else {
        return Vec::new();
    };
    let files = folder.map(|file| file.expect("a file").path());
    let reports = files.filter(|file| file.to_string_lossy().contains("crash-"));
    let read = |file: std::path::PathBuf| std::fs::read_to_string(file).expect("a file");
    reports.map(read).collect()
}

/// Ends by `end`; the terminal has to be as it was before.
fn ended(end: impl FnOnce(&mut Terminal)) {
    let desk = Desk::with_history();
    let fresh = Terminal::start(&desk, SIZE, &["cat"], &[]).modes();
    let mut terminal = home(&desk);
    assert_ne!(terminal.modes(), fresh);
    end(&mut terminal);
    assert_eq!(terminal.ends(), 0);
    terminal.is_given_back();
    assert_eq!(terminal.modes(), fresh);
    assert_eq!(crashes(&desk), Vec::<String>::new());
}

#[test]
fn by_its_key() {
    ended(|terminal| terminal.keys("q"));
}

#[test]
fn by_ctrl_c_also_while_typing() {
    ended(|terminal| terminal.keys(CTRL_C));
    ended(|terminal| {
        terminal.keys("/qqq");
        terminal.keys(CTRL_C);
    });
}

#[test]
fn by_signals() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        ended(|terminal| terminal.signal(signal));
    }
}

/// The window is closed: nobody is left to draw for, to ask or to tell.
#[test]
fn when_the_terminal_is_gone() {
    for words in [&["open", "history.csv"][..], &["demo"]] {
        let desk = Desk::with_history();
        let mut terminal = Terminal::weir(&desk, SIZE, words);
        terminal.shows("holds the stream back");
        let code = terminal.pull_the_plug();
        assert_eq!(crashes(&desk), Vec::<String>::new());
        assert_eq!(code, Some(0));
    }
}

#[cfg(debug_assertions)]
#[test]
fn by_a_defect_with_a_report_of_what_happened() {
    for place in ["screen", "measures"] {
        let desk = Desk::with_history();
        let fresh = Terminal::start(&desk, SIZE, &["cat"], &[]).modes();
        let words = [WEIR, "open", "history.csv"];
        let mut terminal = Terminal::start(&desk, SIZE, &words, &[("WEIR_TEST_PANIC", place)]);
        assert_eq!(terminal.ends(), 70, "{}", terminal.text());
        terminal.is_given_back();
        assert_eq!(terminal.modes(), fresh);
        assert!(
            terminal.has("because of a bug in it"),
            "{}",
            terminal.text()
        );
        let reports = crashes(&desk);
        assert_eq!(reports.len(), 1);
        assert!(
            reports[0].contains(&format!("planted in the {place}")),
            "{}",
            reports[0]
        );
    }
}

/// A shell with job control, as people start weir from: only there a program can be put aside.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_z_puts_it_aside_and_fg_brings_it_back() {
    let desk = Desk::with_history();
    let script = format!(
        "set -m; '{WEIR}' open history.csv; jobs -l; echo put aside; read line; fg; echo code $?"
    );
    let mut terminal = Terminal::start(&desk, SIZE, &["sh", "-c", &script], &[]);
    let fresh = terminal.modes();
    terminal.shows("holds the stream back");
    terminal.keys("s");
    terminal.shows("How the columns were read");
    terminal.keys(CTRL_Z);
    terminal.shows("put aside");
    terminal.is_given_back();
    assert_eq!(terminal.modes(), fresh);
    let process = stopped(&terminal);
    terminal.keys("\n");
    terminal.until("came back", |terminal| {
        terminal.is_taken() && terminal.has("How the columns were read")
    });
    assert_ne!(state(process), 'T');
    terminal.keys("1");
    terminal.shows("holds the stream back");
    terminal.keys("q");
    terminal.shows("code 0");
    terminal.is_given_back();
    assert_eq!(terminal.ends(), 0);
}

/// Stopped from outside and continued, as by `kill -STOP`: the picture is drawn anew.
#[cfg(target_os = "linux")]
#[test]
fn a_stop_from_outside_is_mended_when_it_goes_on() {
    let desk = Desk::with_history();
    let mut terminal = home(&desk);
    terminal.quiet();
    let before = terminal.raw.len();
    terminal.signal(Signal::STOP);
    terminal.signal(Signal::CONT);
    terminal.until("was drawn anew", |terminal| {
        String::from_utf8_lossy(&terminal.raw[before..]).contains("holds the stream back")
    });
    assert!(terminal.is_taken());
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
}

/// The process that the shell lists as stopped; the system says so too.
#[cfg(target_os = "linux")]
fn stopped(terminal: &Terminal) -> i32 {
    let lines = terminal.lines();
    let line = lines
        .iter()
        .find(|line| line.contains("Stopped"))
        .expect("a stopped job");
    let process = line
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .expect("its number");
    assert_eq!(state(process), 'T');
    process
}

#[cfg(target_os = "linux")]
fn state(process: i32) -> char {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it is there");
    let (_, rest) = stat.rsplit_once(") ").expect("a state");
    rest.chars().next().expect("a state")
}
