//! The dashboard asks its terminal to show what broke.

use crate::program::Desk;
use crate::terminal::Terminal;

const CONFIG: &str = r#"
[[sources]]
name = "history"
kind = "csv"
path = "history.csv"

[[policies]]
name = "nothing in review"
measure = "items.in_progress"
at_most = 0

[notices]
terminal = "osc777"
about = ["policies"]
"#;

#[test]
fn a_broken_policy_is_shown_on_the_desktop_once() {
    let desk = Desk::with_history();
    desk.write("weir.toml", CONFIG);
    let notice = "\x1b]777;notify;stream · nothing in review;items.in_progress is 2";
    let mut terminal = Terminal::start(&desk, (120, 40), &[crate::program::WEIR], &[]);
    terminal.until("told of the policy", |terminal| {
        String::from_utf8_lossy(&terminal.raw).contains(notice)
    });
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    let told = desk.read("home/state/weir/notices.json");
    assert!(told.contains("policy nothing in review stream"), "{told}");
}
