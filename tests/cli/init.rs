//! Setting up again: what the user wrote stays.

use crate::program::Desk;

const LOG: &str = "\
item,status,time,Area
A,New,2026-02-01 10:00,pay
A,Doing,2026-02-02 10:00,pay
A,Done,2026-02-03 10:00,pay
B,New,2026-02-02 10:00,shop
B,Doing,2026-02-03 10:00,shop
B,Rejected,2026-02-05 10:00,shop
";

const OWN: &str = r#"[[sources]]
name = "mine"
kind = "csv"
path = "h.csv"
time_zone = "Europe/Berlin"
fields = { Area = "area" }
poll = "5m"

[[streams]]
name = "pay"
sources = ["mine"]
where = "-key:X"
clock = "first-start"
cancelled = ["Rejected"]
kinds = [
    { kind = "bug", when = "label:bug" },
]
blocked = [
    { when = "label:stuck", reason = "stuck" },
]
"#;

#[test]
fn a_stream_without_stages_keeps_what_it_says() {
    let desk = Desk::new();
    desk.write("h.csv", LOG);
    desk.write("weir.toml", OWN);
    desk.run(&["init", "--path", "h.csv", "--yes"]).fine();
    let written = desk.read("weir.toml");
    for line in OWN.lines() {
        assert!(written.lines().any(|one| one == line), "{line}: {written}");
    }
    assert!(written.contains("name = \"Doing\""), "{written}");
    assert_eq!(written.matches("[[sources]]").count(), 1, "{written}");
    desk.run(&["init", "--path", "h.csv", "--yes"]).fine();
    assert_eq!(desk.read("weir.toml"), written, "again changes nothing");
}

#[test]
fn another_source_is_added_to_a_stream() {
    let desk = Desk::new();
    for file in ["h.csv", "other.csv", "third.csv"] {
        desk.write(file, LOG);
    }
    let two = "sources = [\"mine\", \"other\"]";
    let other = "[[sources]]\nname = \"other\"\nkind = \"csv\"\npath = \"other.csv\"\n\n";
    let config = OWN.replace("sources = [\"mine\"]", two);
    desk.write("weir.toml", format!("{other}{config}"));
    let third = ["--stream", "pay", "init", "--path", "third.csv", "--yes"];
    desk.run(&third).fine();
    let written = desk.read("weir.toml");
    let three = "sources = [\"mine\", \"other\", \"third\"]";
    assert!(written.contains(three), "{written}");
}

#[cfg(unix)]
#[test]
fn a_config_behind_a_link_stays_there_and_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = Desk::with_history();
    std::fs::create_dir(desk.path("dot")).expect("a folder");
    desk.write("dot/real.toml", "# ours\n");
    let real = desk.path("dot/real.toml");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&real, private).expect("it is ours");
    symlink("dot/real.toml", desk.path("weir.toml")).expect("a link");
    for words in [
        &["init", "--path", "history.csv", "--yes"][..],
        &["open", "history.csv", "--save"],
    ] {
        desk.run(words).fine();
        let link = desk
            .path("weir.toml")
            .symlink_metadata()
            .expect("it is there");
        assert!(link.is_symlink(), "{words:?}");
        let mode = real.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{words:?}");
    }
    let written = desk.read("dot/real.toml");
    assert!(written.contains("# ours") && written.contains("[[streams]]"));
    symlink("dot/new.toml", desk.path("next.toml")).expect("a link");
    desk.run(&["open", "history.csv", "--save", "next.toml"])
        .fine();
    assert!(desk.read("dot/new.toml").contains("[[streams]]"));
}
