//! `weir init` on a terminal against the same Redmine: from nothing to a config that the doctor passes.

use crate::program::{Desk, WEIR};
use crate::redmine::variable;
use crate::terminal::{DOWN, ENTER, Terminal};

const KEY: &str = "WEIR_LIVE_REDMINE_KEY";
const CONFIG: &str = "home/config/weir/weir.toml";

#[test]
#[ignore = "needs a Redmine"]
fn a_live_redmine_is_set_up_key_by_key() {
    let (desk, key) = (Desk::new(), variable(KEY));
    let words = [WEIR, "init", "--kind", "redmine"];
    let mut terminal = Terminal::start(
        &desk,
        (100, 30),
        &words,
        &[("PATH", "/bin:/usr/bin"), (KEY, &key)],
    );
    let mut pressed = 0;
    let mut type_in = |terminal: &mut Terminal, keys: &str| {
        pressed += if keys.starts_with('\u{1b}') {
            1
        } else {
            keys.chars().count()
        };
        terminal.keys(keys);
    };
    terminal.shows("Where is your work kept?");
    type_in(&mut terminal, ENTER);
    terminal.shows("Where is your Redmine?");
    type_in(&mut terminal, &variable("WEIR_LIVE_REDMINE_URL"));
    type_in(&mut terminal, ENTER);
    terminal.shows("Where is your token to be kept?");
    while !chosen(&terminal, "in a file") {
        type_in(&mut terminal, DOWN);
        terminal.quiet();
    }
    type_in(&mut terminal, ENTER);
    terminal.shows("Your token of Redmine");
    type_in(&mut terminal, &key);
    type_in(&mut terminal, ENTER);
    for step in [
        "What do you want to see?",
        "What do the statuses mean?",
        "write the config",
        "It is written.",
    ] {
        terminal.shows(step);
        if step != "It is written." {
            type_in(&mut terminal, ENTER);
        }
    }
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    println!("{pressed} keys");
    assert!(!String::from_utf8_lossy(&terminal.raw).contains(&key));
    let config = desk.read(CONFIG);
    assert!(
        config.contains("[[streams.stages]]") && !config.contains(&key),
        "{config}"
    );
    desk.run(&["doctor"]).fine();
}

fn chosen(terminal: &Terminal, way: &str) -> bool {
    let lines = terminal.lines();
    let mut selected = lines.iter().filter(|line| line.starts_with('▌'));
    selected.any(|line| line.contains(way))
}
