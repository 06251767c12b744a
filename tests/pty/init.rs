//! `weir init` as its user meets it: step by step on a terminal and by flags, against trackers on
//! loopback; the doctor passes what it writes.

mod trackers;

use crate::program::Desk;
use crate::terminal::{CTRL_C, DOWN, ENTER, ESC, TAB, Terminal};
use trackers::{GITHUB, JIRA, REDMINE, TOKEN, serve};

const SIZE: (u16, u16) = (100, 30);
const CONFIG: &str = "home/config/weir/weir.toml";
/// The folder of the user's own programs: here is no keyring and no tool of a tracker.
const TOOLS: (&str, &str) = ("PATH", "/bin:/usr/bin");

fn init(desk: &Desk, words: &[&str]) -> Terminal {
    let words = [&[crate::program::WEIR, "init"], words].concat();
    Terminal::start(desk, SIZE, &words, &[TOOLS])
}

/// From the address to the token's answer, the token in a file.
fn knock(terminal: &mut Terminal, url: &str) {
    terminal.shows("Where is your ");
    terminal.keys(url);
    terminal.keys(ENTER);
    terminal.shows("Where is your token to be kept?");
    let row = terminal
        .lines()
        .iter()
        .position(|line| line.contains("in a file"))
        .expect("a way");
    let first = terminal
        .lines()
        .iter()
        .position(|line| line.starts_with('▌'))
        .expect("a row");
    for _ in first..row {
        terminal.keys(DOWN);
    }
    terminal.until("chose the file", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.starts_with('▌') && line.contains("in a file"))
    });
    terminal.keys(ENTER);
    terminal.shows("Your token of");
    terminal.keys(TOKEN);
    terminal.shows("••••");
    assert!(!terminal.has(TOKEN));
    terminal.keys(ENTER);
    terminal.shows("What do you want to see?");
}

/// From the list of projects to the config.
fn take_all(terminal: &mut Terminal) {
    terminal.keys(ENTER);
    terminal.shows("What do the statuses mean?");
    terminal.keys(ENTER);
    terminal.shows("write the config");
    terminal.keys(ENTER);
    terminal.shows("It is written.");
}

fn passes(desk: &Desk) {
    let said = desk.run(&["doctor"]).fine();
    assert!(said.lines().all(|line| !line.starts_with('✗')), "{said}");
    desk.run(&["sync"]).fine();
    desk.run(&["doctor"]).fine();
}

#[test]
fn a_redmine_is_set_up_key_by_key() {
    let (desk, url) = (Desk::new(), serve(REDMINE));
    let mut terminal = init(&desk, &["--kind", "redmine"]);
    terminal.shows("Where is your work kept?");
    terminal.keys(ENTER);
    knock(&mut terminal, &url);
    terminal.shows("lets ann in");
    terminal.keys("pay");
    terminal.until("narrowed the list", |terminal| {
        !terminal.has("all projects")
    });
    take_all(&mut terminal);
    assert!(!String::from_utf8_lossy(&terminal.raw).contains(TOKEN));
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    terminal.is_given_back();

    let config = desk.read(CONFIG);
    for said in [
        "kind = \"redmine\"",
        "query = \"project_id=pay\"",
        "token = { file = \"redmine.token\" }",
        "# Resolved is queue, create: its name means that something is finished",
        "cancelled = [\"Rejected\"]",
        "{ kind = \"defect\", when = \"type:Bug\" }",
    ] {
        assert!(config.contains(said), "{said}:\n{config}");
    }
    assert!(!config.contains(TOKEN));
    passes(&desk);
}

#[test]
fn a_jira_with_a_board_is_set_up_key_by_key() {
    let (desk, url) = (Desk::new(), serve(JIRA));
    let mut terminal = init(&desk, &[]);
    terminal.shows("Where is your work kept?");
    terminal.keys(ENTER);
    terminal.shows("Where is your Jira?");
    terminal.keys("wrong.invalid");
    terminal.keys(ENTER);
    terminal.shows("Whose token is it?");
    terminal.keys(ESC);
    terminal.shows("wrong.invalid");
    terminal.keys(crate::terminal::CTRL_U);
    terminal.keys(&url);
    terminal.keys(ENTER);
    terminal.shows("Whose token is it?");
    terminal.keys(ENTER);
    terminal.shows("Where is your token to be kept?");
    terminal.keys(DOWN);
    terminal.until("chose the variable", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.starts_with('▌') && line.contains("variable"))
    });
    terminal.keys(ENTER);
    // No such variable is set: it is said, and a step back another way is found.
    terminal.shows("JIRA_TOKEN");
    terminal.keys(ENTER);
    terminal.shows("JIRA_TOKEN is not set");
    terminal.keys(ESC);
    terminal.shows("a command prints it");
    terminal.keys(DOWN);
    terminal.keys(DOWN);
    terminal.keys(ENTER);
    terminal.shows("Which command prints it?");
    terminal.keys("echo jira-");
    terminal.keys("token");
    terminal.keys(ENTER);
    terminal.shows("Cards");
    take_all(&mut terminal);
    terminal.keys("d");
    assert_eq!(terminal.ends(), 0, "{}", terminal.text());

    let config = desk.read(CONFIG);
    for said in [
        "query = \"board = 7\"",
        "name = \"Doing\"",
        "limit = 3",
        // No item was in the last one yet, and the board hides it.
        "statuses = [\"In Progress\", \"Paired\", \"Elsewhere\"]",
    ] {
        assert!(config.contains(said), "{said}:\n{config}");
    }
    passes(&desk);
}

#[test]
fn two_repositories_of_a_github_are_set_up_as_one_stream_key_by_key() {
    let (desk, url) = (Desk::new(), serve(GITHUB));
    let mut terminal = init(&desk, &["--kind", "github", "--url", &url]);
    terminal.shows("Where is your work kept?");
    terminal.keys(ENTER);
    knock(&mut terminal, "");
    terminal.shows("acme/shop");
    terminal.keys(TAB);
    terminal.shows("✓ acme/pay");
    terminal.keys(TAB);
    terminal.shows("✓ acme/shop");
    take_all(&mut terminal);
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    let config = desk.read(CONFIG);
    for said in [
        "name = \"acme\"",
        "sources = [\"github\", \"github-2\"]",
        "query = \"repo:acme/pay\"",
        "query = \"repo:acme/shop\"",
    ] {
        assert!(config.contains(said), "{said}:\n{config}");
    }
    assert_eq!(config.matches("token = { file").count(), 2, "{config}");
    passes(&desk);
}

#[test]
fn a_github_is_set_up_by_flags_and_another_repository_beside_it() {
    let (desk, url) = (Desk::new(), serve(GITHUB));
    desk.write("token", TOKEN);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(desk.path("token"), mode).expect("a mode");
    let words = |project: &'static str| {
        [
            "init",
            "--kind",
            "github",
            "--token-file",
            "token",
            "--project",
            project,
            "--yes",
        ]
    };
    let url = ["--url", url.as_str()];
    desk.run(&[&words("acme/pay")[..], &url].concat()).fine();
    let first = format!("# our own words\n{}", desk.read(CONFIG));
    desk.write(CONFIG, &first);
    passes(&desk);
    desk.run(&[&words("acme/shop")[..], &url].concat()).fine();
    let second = desk.read(CONFIG);
    assert!(second.starts_with("# our own words\n"), "{second}");
    for said in [
        "query = \"repo:acme/pay\"",
        "name = \"github-2\"",
        "name = \"shop\"",
    ] {
        assert!(second.contains(said), "{said}:\n{second}");
    }
    passes(&desk);
    // The same again changes nothing.
    desk.run(&[&words("acme/shop")[..], &url].concat()).fine();
    assert_eq!(desk.read(CONFIG), second);
    let unknown = desk.run(&[&words("nope")[..], &url].concat());
    let failed = unknown.failed(2);
    assert!(
        failed.contains("no \"nope\"") && failed.contains("acme/pay, acme/shop"),
        "{failed}"
    );
}

#[test]
fn an_event_log_is_set_up_where_weir_finds_no_config() {
    let desk = Desk::with_history();
    let mut terminal = Terminal::start(&desk, SIZE, &[crate::program::WEIR], &[TOOLS]);
    terminal.shows("Where is your work kept?");
    for _ in 0..6 {
        terminal.keys(DOWN);
    }
    terminal.until("chose the file", |terminal| {
        terminal
            .lines()
            .iter()
            .any(|line| line.starts_with('▌') && line.contains("event log"))
    });
    terminal.keys(ENTER);
    terminal.shows("Which file?");
    terminal.keys("history.csv");
    take_all(&mut terminal);
    // Enter opens the dashboard on it.
    terminal.keys(ENTER);
    terminal.shows("Review");
    terminal.keys("q");
    assert_eq!(terminal.ends(), 0);
    assert!(desk.read(CONFIG).contains("kind = \"csv\""));
}

#[test]
fn what_is_given_up_leaves_nothing_behind() {
    let (desk, url) = (Desk::new(), serve(REDMINE));
    let mut terminal = init(&desk, &["--kind", "redmine"]);
    terminal.shows("Where is your work kept?");
    terminal.keys(ENTER);
    knock(&mut terminal, &url);
    assert!(desk.path("home/config/weir/redmine.token").exists());
    terminal.keys(CTRL_C);
    assert_eq!(terminal.ends(), 0);
    terminal.is_given_back();
    assert!(!desk.path("home/config/weir/redmine.token").exists());
    assert!(!desk.path(CONFIG).exists());
}

#[test]
fn without_a_terminal_flags_must_say_everything() {
    let desk = Desk::new();
    for (words, says) in [
        (&["init"][..], "--kind KIND is missing"),
        (&["init", "--kind", "redmine"], "--url ADDRESS is missing"),
        (&["init", "--kind", "teletype"], "no \"teletype\""),
        (&["init", "--kind", "csv"], "--path FILE is missing"),
        (
            &["init", "--kind", "redmine", "--url", "http://127.0.0.1:1"],
            "--token-env NAME",
        ),
    ] {
        let said = desk.run(words).failed(2);
        assert!(said.contains(says), "{words:?}: {said}");
    }
    let words = [
        "init",
        "--kind",
        "redmine",
        "--url",
        "http://127.0.0.1:1",
        "--token-env",
        "K",
    ];
    let down = desk.run_with(&words, &[("K", TOKEN)]).failed(3);
    assert!(
        down.contains("cannot be reached") && !down.contains(TOKEN),
        "{down}"
    );
}

#[test]
fn a_dry_run_shows_the_config_and_writes_nothing() {
    let desk = Desk::with_history();
    let shown = desk
        .run(&["init", "--path", "history.csv", "--dry-run"])
        .fine();
    assert!(
        shown.contains("[[streams.stages]]") && shown.contains("# Review is queue"),
        "{shown}"
    );
    assert!(!desk.path(CONFIG).exists());
}

#[test]
fn a_token_that_is_typed_goes_into_the_keyring() {
    let (desk, url) = (Desk::new(), serve(REDMINE));
    let tool = desk.path("tools");
    std::fs::create_dir(&tool).expect("a folder");
    // A keyring like the system's: store reads the token, lookup prints it.
    desk.write(
        "tools/secret-tool",
        "#!/bin/sh\ncase $1 in store) cat > \"$HOME/ring-$5\" ;; lookup) cat \"$HOME/ring-$3\" ;; esac\n",
    );
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(tool.join("secret-tool"), mode).expect("it can be run");
    let path = format!("{}:/bin:/usr/bin", tool.display());
    let mut command = desk.command(&[
        "init",
        "--kind",
        "redmine",
        "--url",
        &url,
        "--token-stdin",
        "--yes",
    ]);
    command
        .env("PATH", &path)
        .stdin(std::process::Stdio::piped());
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("an input");
    std::io::Write::write_all(&mut input, TOKEN.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains(TOKEN), "{said}");
    assert!(
        cfg!(target_os = "macos") || said.contains("in the system's keyring, and was read back"),
        "{said}"
    );
    let config = desk.read(CONFIG);
    assert!(
        cfg!(target_os = "macos") || config.contains("secret-tool lookup weir redmine"),
        "{config}"
    );
    assert!(!config.contains(TOKEN));
}

#[test]
fn doctor_mends_what_it_can_once_it_is_told_to() {
    let (desk, url) = (Desk::new(), serve(REDMINE));
    desk.write("token", TOKEN);
    let words = [
        "init",
        "--kind",
        "redmine",
        "--url",
        &url,
        "--token-file",
        "token",
        "--project",
        "pay",
        "--yes",
    ];
    desk.run(&words).fine();
    desk.run(&["sync"]).fine();
    // A status that nobody maps any more, and a token that everybody can read.
    let config = desk
        .read(CONFIG)
        .replace(", \"Feedback\"", "")
        .replace("cancelled = [\"Rejected\"]", "# given up: none");
    desk.write(CONFIG, &config);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(desk.path("token"), mode).expect("a mode");
    let found = desk.run(&["doctor"]);
    assert!(
        found.out.contains("no stage maps \"Rejected\"")
            && found.out.contains("others on this machine"),
        "{}",
        found.out
    );
    found.failed(3);
    let shown = desk.run(&["doctor", "--fix"]);
    assert!(
        shown.out.contains("map \"Rejected\" as cancelled"),
        "{}",
        shown.out
    );
    shown.failed(3);
    assert_eq!(desk.read(CONFIG), config, "nobody said yes");
    let mended = desk.run(&["doctor", "--fix", "--yes"]).fine();
    assert!(mended.contains("It is mended."), "{mended}");
    assert!(desk.read(CONFIG).contains("# given up: none"));
    let well = desk.run(&["doctor"]).fine();
    assert!(well.lines().all(|line| line.starts_with('✓')), "{well}");
}
