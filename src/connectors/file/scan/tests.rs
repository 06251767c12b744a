//! However a file is cut and by however many threads it is scanned, it is read as in one piece.

use std::fmt::Write as _;
use std::io::Write as _;

use proptest::prelude::*;
use tempfile::NamedTempFile;

use crate::connectors::file::pieces::Sizes;
use crate::connectors::file::receive::IntoLog;
use crate::connectors::file::{FileReport, head, read};
use crate::connectors::settings::FileSettings;
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;

/// Rows of the beginning of a file, which is read before anything is cut.
const PLAIN: u32 = 2_600;

/// Everything that reading came to, in words.
fn told(text: &str, sizes: Sizes) -> (String, FileReport) {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let settings = FileSettings {
        path: file.path().to_owned(),
        ..FileSettings::default()
    };
    let opened = head::open(&settings).unwrap();
    let mut builder = LogBuilder::new();
    let name = SourceName::new("log");
    let mut receiver = IntoLog::new(&mut builder, &name, &opened.about.plan).unwrap();
    let mut report = read(opened, &settings, &mut receiver, (sizes, &mut |_| {})).unwrap();
    report.found = FileSettings::default();
    (format!("{:?}", builder.finish()), report)
}

/// The columns of a file: all that is said of an item may stand before its moves, behind them, or
/// partly so.
fn columns() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "item,title,from,time,status,team",
        "item,team,title,time,from,status",
        "item,time,status,team,from,title",
        "time,item,team,status,title,from",
    ])
}

/// A line: for each column what `field` says.
fn line<'a>(columns: &str, field: impl Fn(&str) -> &'a str) -> String {
    let fields: Vec<&str> = columns.split(',').map(field).collect();
    fields.join(",")
}

/// A row: which item, when, its status, whether its team and what comes after it are odd.
fn row(columns: &'static str) -> impl Strategy<Value = String> {
    let item = 0_u32..12;
    let title = prop_oneof![
        4 => Just("Plain title".to_owned()),
        2 => Just("\"Two\nlines, and \"\"quotes\"\"\"".to_owned()),
        1 => Just("\"\"".to_owned()),
        1 => Just("größer".to_owned()),
        1 => Just("\"a\"\"b\"".to_owned()),
        1 => Just("a\"\"b".to_owned()),
    ];
    let time = (0_u32..100_000).prop_flat_map(|second| {
        let (hour, minute, left) = (second / 3_600 % 24, second / 60 % 60, second % 60);
        let iso = format!(
            "2024-02-{:02}T{hour:02}:{minute:02}:{left:02}",
            second % 29 + 1
        );
        prop_oneof![
            8 => Just(format!("{iso}Z")),
            1 => Just(iso.clone()),
            1 => Just(format!("{iso}.250Z")),
            1 => Just(format!("{iso}+02:00")),
            1 => Just(format!("\"{iso}Z\"")),
            1 => Just("soon".to_owned()),
            1 => Just(String::new()),
        ]
    });
    let status = prop_oneof![
        6 => prop::sample::select(vec!["New", "In Progress", "Waiting for somebody else", "Done"])
            .prop_map(str::to_owned),
        1 => Just("\"Quoted, status\"".to_owned()),
        1 => Just("\"A \"\"doubled\"\" one\"".to_owned()),
        1 => Just(" ".to_owned()),
    ];
    let team = prop::sample::select(vec!["", "core", "web", "\"a\"\"b\"", "a\"\"b"]);
    let tail = prop_oneof![
        12 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\n\n"), 1 => Just(",more\n"),
        1 => Just(",\n"), 1 => Just("\"\n")
    ];
    (item, title, status.clone(), time, status, team, tail).prop_map(
        move |(item, title, from, time, to, team, tail)| {
            // Half of the items always say the same of themselves.
            let (title, team) = if item < 6 {
                (title, team)
            } else {
                ("Steady".to_owned(), "web")
            };
            let item = format!("ODD-{item}");
            let row = line(columns, |column| match column {
                "item" => &item,
                "team" => team,
                "title" => &title,
                "time" => &time,
                "from" => &from,
                _ => &to,
            });
            row + tail
        },
    )
}

/// Rows of one item often stand together.
fn rows(columns: &'static str) -> impl Strategy<Value = String> {
    let group = (row(columns), 1_usize..5).prop_map(|(row, times)| row.repeat(times));
    prop::collection::vec(group, 1..120).prop_map(|rows| rows.concat())
}

/// What stands between fields and after rows.
fn dialect() -> impl Strategy<Value = (&'static str, &'static str)> {
    let dialects = vec![
        (",", "\n"),
        (";", "\n"),
        (",", "\r"),
        (";", "\r"),
        (";", "\r\n"),
    ];
    prop::sample::select(dialects)
}

/// The beginning of a file, and rows that go on with it.
fn file() -> impl Strategy<Value = String> {
    columns().prop_flat_map(|columns| {
        let mut text = format!("{columns}\n");
        for at in 0..PLAIN {
            let item = format!("IT-{}", at / 4);
            let time = format!("2024-01-{:02}T08:00:00Z", at % 28 + 1);
            let row = line(columns, |column| match column {
                "item" => &item,
                "team" => "core",
                "title" => "A title of some length",
                "time" => &time,
                "from" => "New",
                _ => "In Progress",
            });
            writeln!(text, "{row}").unwrap();
        }
        rows(columns).prop_map(move |odd| text.clone() + &odd)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_file_in_pieces_is_read_as_one(
        text in file(),
        piece in 20_usize..2_000,
        (delimiter, line_end) in dialect(),
    ) {
        let text = text.replace(',', delimiter).replace('\n', line_end);
        let whole = Sizes { worth_threads: u64::MAX, ..Sizes::default() };
        let pieces = Sizes { worth_threads: 0, piece };
        let ((log, report), (log_in_pieces, report_in_pieces)) =
            (told(&text, whole), told(&text, pieces));
        prop_assert!(report.items >= u64::from(PLAIN / 4), "read in its own dialect");
        prop_assert_eq!(report, report_in_pieces);
        prop_assert!(log == log_in_pieces, "the logs differ");
    }
}
