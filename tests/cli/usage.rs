//! Bad use: exit code 2, a sentence, and what to do.

use crate::program::{Desk, HISTORY};

#[test]
fn help_and_version_are_results() {
    let desk = Desk::new();
    let (short, long) = (desk.run(&["-h"]).fine(), desk.run(&["--help"]).fine());
    assert!(
        long.contains("Exit codes:") && long.contains("weir demo"),
        "{long}"
    );
    for command in ["demo", "open", "sync", "report", "items", "doctor"] {
        assert!(short.contains(&format!("\n  {command} ")), "{short}");
        assert!(
            desk.run(&[command, "--help"])
                .fine()
                .contains("Usage: weir")
        );
    }
    assert_eq!(
        desk.run(&["--version"]).fine(),
        concat!("weir ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert!(!long.contains('\u{1b}'));
}

#[test]
fn an_unknown_word_is_bad_use() {
    let desk = Desk::new();
    let wrong = [
        &["reprot"][..],
        &["report", "--formt", "json"],
        &["report", "--format", "xml"],
        &["demo", "--items", "many"],
        &["open"],
    ];
    for words in wrong {
        let ended = desk.run(words);
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(
            ended.out.is_empty() && !ended.err.contains('\u{1b}'),
            "{ended:?}"
        );
    }
    assert!(desk.run(&["reprot"]).err.contains("report"));
}

#[test]
fn the_dashboard_needs_a_terminal_and_says_what_does_not() {
    let desk = Desk::with_history();
    desk.write(
        "weir.toml",
        "[[sources]]\nname = \"company\"\nkind = \"demo\"\n",
    );
    for words in [&[][..], &["demo"], &["open", "history.csv"]] {
        let ended = desk.run(words);
        assert!(ended.out.is_empty(), "{ended:?}");
        let said = ended.failed(2);
        assert!(
            said.contains("terminal") && said.contains("weir report"),
            "{said}"
        );
    }
    assert!(!desk.path("home/data").exists(), "nothing was begun");
}

#[test]
fn without_a_config_it_says_what_to_do() {
    let desk = Desk::new();
    for words in [&[][..], &["report"], &["items"], &["sync"], &["doctor"]] {
        let said = desk.run(words).failed(2);
        for wanted in ["no config", "weir demo", "weir open", "weir.toml"] {
            assert!(said.contains(wanted), "{words:?}: {said}");
        }
    }
}

#[test]
fn a_bad_filter_is_shown_with_a_mark_under_the_word() {
    let desk = Desk::with_history();
    let said = desk
        .run(&["report", "history.csv", "--filter", "stage:review age>>d"])
        .failed(2);
    let lines: Vec<&str> = said.lines().collect();
    let written = lines
        .iter()
        .position(|line| *line == "stage:review age>>d")
        .expect("the filter");
    let mark = lines[written + 1].find('^').expect("a mark");
    assert_eq!(&lines[written][mark..mark + 2], ">d", "{said}");
}

#[test]
fn every_option_says_what_it_takes() {
    let desk = Desk::with_history();
    let wrong = [
        ("--as-of", "yesterday", "2026-03-03"),
        ("--window", "soon", "90d"),
        ("--clock", "sundial", "last-crossing"),
        ("--time-zone", "Mars/Olympus", "Europe/Berlin"),
        ("--stream", "payments", "history"),
        ("--section", "nonsense", "flow"),
        ("--filter", "(stage:review", ")"),
    ];
    for (option, word, wanted) in wrong {
        let ended = desk.run(&["report", "history.csv", option, word]);
        assert!(ended.out.is_empty(), "{ended:?}");
        let said = ended.failed(2);
        assert!(
            said.contains(option) && said.contains(word) && said.contains(wanted),
            "{said}"
        );
    }
}

#[test]
fn a_window_that_has_not_begun_is_refused() {
    let desk = Desk::with_history();
    desk.write(
        "policies.toml",
        "[[policies]]\nname = \"flow\"\nmeasure = \"flow.time.p85_days\"\nat_most = 30\n",
    );
    let window = [
        "--as-of",
        "2026-03-01",
        "--window",
        "2026-04-01..2026-04-30",
    ];
    for words in [
        &["report", "history.csv"][..],
        &["items", "history.csv"],
        &["standup", "history.csv"],
        &["check", "history.csv", "--config", "policies.toml"],
    ] {
        let ended = desk.run(&[words, &window].concat());
        assert!(ended.out.is_empty(), "{ended:?}");
        let said = ended.failed(2);
        for part in [
            "2026-04-01..2026-04-30 has not begun",
            "2026-03-02T00:00:00Z",
            "--as-of",
        ] {
            assert!(said.contains(part), "{words:?}: {said}");
        }
    }
    let begun = [
        "--as-of",
        "2026-04-01",
        "--window",
        "2026-04-01..2026-04-30",
    ];
    desk.run(&[&["report", "history.csv"][..], &begun].concat())
        .fine();
}

#[test]
fn piped_output_is_plain_whatever_the_log_says() {
    let desk = Desk::new();
    let nasty = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m";
    let log = HISTORY
        .replace("Review", &format!("Rev{nasty}iew"))
        .replace("Refund", nasty);
    desk.write("nasty.csv", log.replace("A-2", &format!("A-{nasty}2")));
    let control = |text: &str| text.chars().any(|one| one.is_control() && one != '\n');
    for words in [&["report", "nasty.csv"][..], &["items", "nasty.csv"]] {
        let ended = desk.run(words);
        assert!(!control(&ended.err), "{ended:?}");
        assert!(!control(&ended.fine()), "{words:?}");
    }
    for format in ["report", "items"] {
        let json = desk.run(&[format, "nasty.csv", "--format", "json"]).fine();
        assert!(json.contains("\\u001b") && !json.contains(['\u{1b}', '\u{7}']));
    }
    desk.write("history.csv", HISTORY);
    for colour in ["auto", "always", "never"] {
        let ended = desk.run(&["report", "history.csv", "--color", colour]);
        assert!(!control(&ended.err) && !control(&ended.out), "{ended:?}");
    }
}

#[test]
fn every_shell_gets_a_script_and_every_command_a_page() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "nushell", "elvish"] {
        let script = desk.run(&["completions", shell]).fine();
        assert!(script.contains("standup"), "{shell}: {script}");
    }
    let page = desk.run(&["man"]).fine();
    assert!(
        page.contains(".TH weir 1") && page.contains("weir\\-report(1)"),
        "{page}"
    );
    let page = desk.run(&["man", "report"]).fine();
    assert!(page.contains("\\-\\-section"), "{page}");
    desk.run(&["man", "nonsense"]).failed(2);
    let written = desk.run(&["man", "--output", "pages"]);
    assert_eq!((written.code, written.out.as_str()), (Some(0), ""));
    assert_eq!(desk.read("pages/weir-report.1"), page);
}

/// The words of a command of a shell, quotes taken away.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for one in line.chars() {
        match (quote, one) {
            (Some(open), _) if one == open => quote = None,
            (None, '\'' | '"') => quote = Some(one),
            (None, '#' | '|' | '>') => break,
            (None, ' ') => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(one),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn every_command_in_the_documents_is_understood() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new();
    let mut asked = 0;
    for folder in ["", "docs", "docs/trackers"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|ending| ending != "md") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            for block in text.split("```sh\n").skip(1) {
                let block = block.split("```").next().unwrap_or_default();
                for line in block.lines().filter(|line| line.starts_with("weir")) {
                    let mut words = words(line);
                    words.push("--help".to_owned());
                    let words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
                    let ended = desk.run(&words);
                    assert_eq!(ended.code, Some(0), "{}: {line}: {ended:?}", path.display());
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 10, "{asked} commands");
}
