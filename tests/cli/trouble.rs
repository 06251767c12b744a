//! Files that cannot be read, readers that go away, and weir's own defects.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::program::Desk;

#[test]
fn a_file_that_cannot_be_read_is_said_with_what_to_do() {
    let desk = Desk::new();
    desk.write("empty.csv", "");
    desk.write("header.csv", "case,activity,time\n");
    desk.write("prose.csv", "Dear all,\nthe export is late.\n");
    desk.write("other.csv", "colour,size\nred,3\nblue,4\n");
    desk.write(
        "old.csv",
        "case,activity,time\nA,New,1801-02-01\nA,Done,1801-02-03\n",
    );
    let junk: Vec<u8> = (0..60_000_u32)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8)
        .collect();
    desk.write("junk.csv", [&[0xfe, 0, 1, 7][..], &junk].concat());
    desk.write("book.csv", b"PK\x03\x04 and so on");
    std::fs::create_dir(desk.path("folder.csv")).expect("a folder");
    let wrong = [
        ("missing.csv", "not there"),
        ("empty.csv", "no row"),
        ("header.csv", "no row"),
        ("old.csv", "none of its 2 rows can be read; line 2: "),
        ("folder.csv", "folder"),
        ("junk.csv", "not text"),
        ("book.csv", "workbook"),
        ("other.csv", "no column"),
        ("prose.csv", "column"),
        ("history/deeper.csv", "not there"),
    ];
    for (file, wanted) in wrong {
        for command in ["report", "items"] {
            let ended = desk.run(&[command, file]);
            assert!(ended.out.is_empty(), "{ended:?}");
            let said = ended.failed(3);
            assert!(
                said.contains(file) && said.contains(wanted),
                "{file}: {said}"
            );
            assert!(
                said.lines().count() >= 2 && said.len() < 600,
                "{file}: {said}"
            );
            let what = said.lines().next().unwrap_or_default();
            assert!(!what.contains("config"), "no config is in play: {said}");
        }
    }
}

#[test]
fn one_file_that_is_missing_among_others_is_named() {
    let desk = Desk::with_history();
    for command in ["report", "items"] {
        let ended = desk.run(&[command, "history.csv", "missing.csv"]);
        assert!(ended.out.is_empty(), "{ended:?}");
        let said = ended.failed(3);
        assert!(
            said.contains("missing.csv") && said.contains("not there"),
            "{said}"
        );
    }
}

#[test]
fn days_and_months_that_no_date_tells_apart_are_said_to_be_a_guess() {
    let desk = Desk::new();
    let dates = |second: &str| format!("id;status;date\n1;Open;03/04/2024\n1;Done;{second}\n");
    desk.write("guess.csv", dates("05/04/2024"));
    desk.write("plain.csv", dates("25/04/2024"));
    for command in ["report", "items"] {
        let ended = desk.run(&[command, "guess.csv"]);
        let said = "guess: dates are read day first: no date says which number is the day";
        assert!(ended.err.starts_with(said), "{ended:?}");
        ended.fine();
        let ended = desk.run(&[command, "plain.csv"]);
        assert_eq!(ended.err, "", "the dates say it themselves");
    }
}

#[test]
fn rows_that_cannot_be_read_are_listed_by_line_and_kept_out() {
    let desk = Desk::with_history();
    let ended = desk.run(&["report", "history.csv"]);
    assert_eq!(ended.err.lines().count(), 1, "{ended:?}");
    assert!(
        ended.err.starts_with("history, line 12: \"not a time\""),
        "{ended:?}"
    );
    assert!(ended.fine().contains("3 in all"));
}

#[test]
fn many_rows_that_cannot_be_read_are_counted() {
    let desk = Desk::new();
    let bad = "A-9,Ideas,soon\n".repeat(3000);
    desk.write(
        "history.csv",
        format!("case,activity,time\nA-1,Ideas,2026-01-05\nA-1,Done,2026-01-06\n{bad}"),
    );
    let ended = desk.run(&["items", "history.csv"]);
    assert!(ended.err.contains("line 4: \"soon\""), "{ended:?}");
    assert!(
        ended.err.lines().count() < 300 && ended.err.contains("more rows"),
        "{ended:?}"
    );
    ended.fine();
}

/// The first line is read, then the reader goes away with most of the output still to come.
#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let desk = Desk::new();
    let rows = (0..5_000).map(|at| format!("A-{at},Ideas,2026-01-05\nA-{at},Done,2026-01-06\n"));
    desk.write(
        "history.csv",
        format!("case,activity,time\n{}", rows.collect::<String>()),
    );
    for format in ["csv", "text", "json"] {
        let mut child = desk
            .command(&["items", "history.csv", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        out.read_line(&mut line).expect("a line");
        drop(out);
        let mut err = String::new();
        child
            .stderr
            .take()
            .expect("a pipe")
            .read_to_string(&mut err)
            .expect("text");
        assert_eq!(
            (child.wait().expect("an end").code(), err.as_str()),
            (Some(0), ""),
            "{format}"
        );
        assert!(!line.is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_said() {
    let desk = Desk::with_history();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let ended = desk
        .command(&["report", "history.csv"])
        .stdout(full)
        .output()
        .expect("it starts");
    let said = String::from_utf8(ended.stderr).expect("text");
    assert!(
        !ended.status.success() && said.contains("the output cannot be written"),
        "{said}"
    );
}

#[cfg(debug_assertions)]
#[test]
fn a_defect_ends_with_70_and_a_file_that_says_what_happened() {
    let desk = Desk::with_history();
    let mut command = desk.command(&["report", "history.csv"]);
    let ended = command
        .env("WEIR_TEST_PANIC", "numbers")
        .output()
        .expect("it starts");
    let said = String::from_utf8(ended.stderr).expect("text");
    assert_eq!(ended.status.code(), Some(70), "{said}");
    assert!(said.contains("a bug") && said.contains("crash-"), "{said}");
    let folder = std::fs::read_dir(desk.path("home/state/weir")).expect("the folder");
    let mut files = folder.map(|file| file.expect("a file").path());
    let report = files.find(|file| file.to_string_lossy().contains("crash-"));
    let report = std::fs::read_to_string(report.expect("a report")).expect("the report");
    assert!(
        report.contains("planted in the numbers") && report.contains("weir 0."),
        "{report}"
    );
}
