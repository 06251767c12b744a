use std::fmt::Write as _;
use std::io::Write as _;

use proptest::prelude::*;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::batches::IntoBatches;
use super::{FileConnector, FileReport, read_into};
use crate::connectors::{Columns, Connector, Fault, FileSettings, Sink};
use crate::model::batch::{Batch, Cursor};
use crate::model::health::{Oddity, Progress};
use crate::model::id::{ItemIx, SourceIx, SourceName};
use crate::model::log::{Log, LogBuilder};
use crate::model::time::{Sec, Zone};

fn written(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn settings(file: &NamedTempFile) -> FileSettings {
    FileSettings {
        path: file.path().to_owned(),
        ..FileSettings::default()
    }
}

fn try_read(
    bytes: &[u8],
    change: impl FnOnce(&mut FileSettings),
) -> Result<(Log, FileReport), Fault> {
    let file = written(bytes);
    let mut settings = settings(&file);
    change(&mut settings);
    let mut builder = LogBuilder::new();
    let source = SourceName::new("log");
    let report = read_into(&mut builder, &source, &settings, &mut |_| {})?;
    Ok((builder.finish(), report))
}

fn read(text: &str) -> (Log, FileReport) {
    try_read(text.as_bytes(), |_| {}).unwrap()
}

/// An item's moves as `instant status`.
fn moves(log: &Log, id: &str) -> Vec<String> {
    let item = log.find(SourceIx(0), id).expect(id);
    let (at, to) = log.moves(item);
    let name = |to: &crate::model::id::StatusIx| &log.statuses()[to.index()].name;
    let rows = at.iter().zip(to);
    rows.map(|(at, to)| format!("{} {}", at.rfc3339(), name(to)))
        .collect()
}

fn fact(log: &Log, id: &str, name: &str, at: Sec) -> String {
    let item = log.find(SourceIx(0), id).expect(id);
    let column = log.fact(name).expect(name);
    log.text(log.fact_at(column, item, at)).to_owned()
}

fn role_of(report: &FileReport, column: &str) -> String {
    let choices = report.choices.iter();
    let mut of = choices.filter(|choice| choice.column == column);
    of.next().expect(column).role.clone()
}

#[test]
fn an_export_of_changes_is_read_whole() {
    let (log, report) = read(
        "\u{feff}Item_ID,Type,Team,Title,Timestamp,From_Status,To_Status\r\n\
         A-1,bug,cards,\"Fix \"\"it\"\",\r\nsoon\",2026-01-01T09:00:00Z,,Open\r\n\
         A-1,bug,cards,\"Fix \"\"it\"\",\r\nsoon\",2026-01-02T09:00:00+01:00,Open,Doing\r\n\
         A-2,story,pay,Größer,2026-01-01T10:00:00Z,,Open\r\n\
         A-1,bug,pay,\"Fix \"\"it\"\",\r\nsoon\",2026-01-03T09:00:00Z,Doing,Done\r\n",
    );
    assert_eq!((report.rows, report.kept_out, report.items), (4, 0, 2));
    assert_eq!(
        moves(&log, "A-1"),
        [
            "2026-01-01T09:00:00Z Open",
            "2026-01-02T08:00:00Z Doing",
            "2026-01-03T09:00:00Z Done"
        ]
    );
    assert_eq!(log.title(ItemIx(0)), "Fix \"it\",\r\nsoon");
    assert_eq!(log.title(ItemIx(1)), "Größer");
    assert_eq!(fact(&log, "A-1", "team", Sec(0)), "cards");
    assert_eq!(fact(&log, "A-1", "team", Sec::MAX), "pay");
    assert_eq!(fact(&log, "A-2", "type", Sec::MAX), "story");
    assert_eq!(role_of(&report, "From_Status"), "left out");
    assert_eq!(report.times, "times say their own offset");
}

#[test]
fn rows_that_cannot_be_read_are_listed_by_line_and_kept_out() {
    let (log, report) = read(
        "case,activity,time\n\
         1,\"a\nb\",2026-01-01T09:00:00Z\n\
         1,c,yesterday\n\
         ,c,2026-01-01T09:00:00Z\n\
         \n\
         1,,2026-01-01T09:00:00Z\n\
         1,c,2026-01-02T09:00:00Z,extra\n\
         1\n\
         1,d,2026-01-03T09:00:00Z,,\n\
         1,e,9999-01-01T00:00:00Z\n\
         1,\"never closed,2026-01-04T09:00:00Z\n\
         2,f,2026-01-05T09:00:00Z\n",
    );
    let places: Vec<&str> = report
        .oddities
        .iter()
        .map(|odd| odd.place.as_str())
        .collect();
    let lines = [
        "line 4", "line 5", "line 7", "line 8", "line 9", "line 11", "line 12",
    ];
    assert_eq!(places, lines);
    assert!(report.oddities[0].what.contains("\"yesterday\" is no time"));
    assert!(
        report.oddities[3]
            .what
            .contains("4 fields where the header has 3")
    );
    assert!(report.oddities[6].what.contains("never closes"));
    assert_eq!(
        (report.rows, report.kept_out, report.oddity_count),
        (10, 7, 7)
    );
    let read = ["2026-01-01T09:00:00Z a\nb", "2026-01-03T09:00:00Z d"];
    assert_eq!(moves(&log, "1"), read);
    assert_eq!(moves(&log, "2"), ["2026-01-05T09:00:00Z f"]);
}

#[test]
fn oddities_are_listed_up_to_a_bound_and_counted_beyond() {
    let bad = "1,c,never\n".repeat(500);
    let (_, report) = read(&format!(
        "case,activity,time\n1,a,2026-01-01\n1,b,2026-01-02\n{}{bad}",
        "2,a,2026-01-01\n".repeat(9_000)
    ));
    assert_eq!((report.oddities.len(), report.oddity_count), (100, 500));
}

#[test]
fn the_order_of_day_and_month_comes_from_the_whole_column() {
    let early = "A;Open;1.2.2026 08:00\n".repeat(20_000);
    let text = format!("id;status;when\n{early}A;Done;13.2.2026 09:30\n");
    let (log, report) = read(&text);
    assert_eq!(
        moves(&log, "A").last().unwrap(),
        "2026-02-13T09:30:00Z Done"
    );
    assert_eq!(moves(&log, "A")[0], "2026-02-01T08:00:00Z Open");
    assert!(
        report
            .times
            .contains("day first: 1 date has a first number above 12"),
        "{}",
        report.times
    );
    let (log, _) = read("id;status;when\nA;Open;1/2/2026 8:04:10 AM\nA;Done;1/13/2026 1:00 PM\n");
    let want = ["2026-01-02T08:04:10Z Open", "2026-01-13T13:00:00Z Done"];
    assert_eq!(moves(&log, "A"), want);
}

#[test]
fn times_without_offset_are_of_the_zone_given() {
    let text = "id,status,time\nA,Open,2026-07-01 09:00:00\nA,Done,2026-12-01 09:00:00\n";
    let (log, report) = try_read(text.as_bytes(), |settings| {
        settings.time_zone = Some(Zone::named("Europe/Berlin").unwrap());
    })
    .unwrap();
    let want = ["2026-07-01T07:00:00Z Open", "2026-12-01T08:00:00Z Done"];
    assert_eq!(moves(&log, "A"), want);
    assert!(report.times.contains("Europe/Berlin, as the settings say"));
    let (_, report) = read(text);
    assert!(
        report
            .times
            .contains("taken as UTC, as nothing else is said")
    );
}

#[test]
fn times_that_a_change_of_clock_skips_or_repeats_are_counted() {
    let mut text = "id,status,time\n".to_owned();
    for at in [
        "03-28 02:30",
        "03-29 02:30",
        "10-25 01:59",
        "10-25 02:10",
        "10-25 02:50",
        "10-25 03:00",
    ] {
        text += &format!("A,Open,2026-{at}:00\n");
    }
    let note = |zone: &str| {
        let (_, report) = try_read(text.as_bytes(), |settings| {
            settings.time_zone = Some(Zone::named(zone).unwrap());
        })
        .unwrap();
        let mut notes = report.notes.into_iter();
        notes.find(|note| note.contains("clocks"))
    };
    let berlin = note("Europe/Berlin").unwrap();
    assert!(
        berlin.starts_with("3 times are skipped or repeated by the clocks of Europe/Berlin"),
        "{berlin}"
    );
    assert_eq!(note("UTC"), None);
    assert_eq!(note("Asia/Tokyo"), None);
}

#[test]
fn named_columns_and_patterns_are_followed() {
    let text =
        "Ref|Main|Sub|Stamp|Who|Colour\nX|Open|New|07.06.25|ann|red\nX|Closed||08.06.25|bob|red\n";
    let (log, report) = try_read(text.as_bytes(), |settings| {
        settings.columns = Columns {
            item: Some("REF".to_owned()),
            status: vec!["main".to_owned(), "sub".to_owned()],
            time: Some("stamp".to_owned()),
            assignee: Some("who".to_owned()),
            ..Columns::default()
        };
        settings.time_format = Some("%d.%m.%y".to_owned());
        settings
            .fields
            .insert("colour".to_owned(), "team".to_owned());
    })
    .unwrap();
    let want = [
        "2025-06-07T00:00:00Z Open/New",
        "2025-06-08T00:00:00Z Closed",
    ];
    assert_eq!(moves(&log, "X"), want);
    assert_eq!(fact(&log, "X", "assignee", Sec::MAX), "bob");
    assert_eq!(fact(&log, "X", "team", Sec::MAX), "red");
    assert_eq!(role_of(&report, "Ref"), "item");
}

#[test]
fn columns_are_told_by_what_stands_in_them() {
    let mut text = "what,subject of it,whom,when\n".to_owned();
    for item in 0..40 {
        for (hour, step) in ["arrive", "look", "leave"].into_iter().enumerate() {
            let employee = hour + 1;
            writeln!(
                text,
                "{step},p{item},e{employee},2026-01-01T{:02}:00:00Z",
                hour + 5
            )
            .unwrap();
        }
    }
    let (log, report) = read(&text);
    assert_eq!(log.item_count(), 40);
    assert_eq!(role_of(&report, "subject of it"), "item");
    assert_eq!(role_of(&report, "what"), "status");
    assert_eq!(role_of(&report, "when"), "time");
    assert_eq!(role_of(&report, "whom"), "whom");
}

#[test]
fn one_row_an_item_with_its_dates_side_by_side() {
    let (log, report) = read(
        "Closed Date;Activated Date;ID;Due Date;Story Points\n\
         3/17/2025 9:12:40 AM;2/26/2025 11:05:07 PM;71;;5\n\
         3/5/2025 4:20:31 PM;3/5/2025 4:20:31 PM;72;4/1/2025;1\n\
         ;3/20/2025 12:03:59 AM;73;;5\n\
         ;;74;;5\n",
    );
    let want = [
        "2025-02-26T23:05:07Z Activated",
        "2025-03-17T09:12:40Z Closed",
    ];
    assert_eq!(moves(&log, "71"), want);
    let want = [
        "2025-03-05T16:20:31Z Activated",
        "2025-03-05T16:20:31Z Closed",
    ];
    assert_eq!(moves(&log, "72"), want);
    assert_eq!(moves(&log, "73"), ["2025-03-20T00:03:59Z Activated"]);
    assert_eq!(fact(&log, "71", "estimate", Sec::MAX), "5");
    assert_eq!((report.items, report.kept_out), (3, 1));
    assert_eq!(report.oddities[0].what, "the row has no date");
}

#[test]
fn day_first_dates_keep_the_steps_of_the_header() {
    let (log, report) = read(
        "Key;Backlog;Bereit;In Entwicklung;Test;Fertig\n\
         ZA-1;02.06.2026;05.06.2026;10.06.2026;02.07.2026;20.07.2026\n\
         ZA-2;12.10.2026;;;;\n\
         ZA-3;11.05.2026;01.06.2026;;12.06.2026;12.06.2026\n\
         ZA-5;15.09.2026;15.09.2026;16.09.2026;18.09.2026;18.09.2026\n",
    );
    assert_eq!((report.items, report.kept_out), (4, 0));
    let want = [
        "2026-09-15T00:00:00Z Backlog",
        "2026-09-15T00:00:00Z Bereit",
        "2026-09-16T00:00:00Z In Entwicklung",
        "2026-09-18T00:00:00Z Test",
        "2026-09-18T00:00:00Z Fertig",
    ];
    assert_eq!(moves(&log, "ZA-5"), want);
    assert_eq!(
        moves(&log, "ZA-3").last().unwrap(),
        "2026-06-12T00:00:00Z Fertig"
    );
    assert_eq!(moves(&log, "ZA-2"), ["2026-10-12T00:00:00Z Backlog"]);
    let names: Vec<&str> = log.statuses().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        ["Backlog", "Bereit", "In Entwicklung", "Test", "Fertig"]
    );
}

#[test]
fn the_first_column_of_a_wide_export_is_the_item_whatever_it_is_called() {
    for steps in ["Neu;Arbeit;Fertig", "Neu;Fertig"] {
        let dates = |day: u32| vec![format!("{day}.06.2026"); steps.split(';').count()].join(";");
        let (log, report) = read(&format!(
            "Sache;Bereich;Größe;{steps}\nX1;a;L;{}\nX2;b;M;{}\nX3;c;S;{}\nX4;d;M;{}\n",
            dates(13),
            dates(14),
            dates(15),
            dates(16)
        ));
        assert_eq!(role_of(&report, "Sache"), "item");
        assert_eq!(log.item_count(), 4);
    }
}

#[test]
fn a_file_without_an_item_says_what_to_write_where() {
    let text = "colour,time\nred,2026-01-01\nred,2026-01-02\n";
    let fault = try_read(text.as_bytes(), |_| {}).unwrap_err();
    let hint = fault.hint();
    for part in [
        "colour, time",
        "weir.toml",
        "--config",
        "[[sources]]",
        "item = \"…\"",
    ] {
        assert!(hint.contains(part), "{part} in {hint}");
    }
}

#[test]
fn what_was_found_out_reads_the_file_the_same_again() {
    let text = "Schlüssel;Thema;Status;Zeit;Art\n\
                A;Eins;Offen;1.2.2026 08:00;Bug\nA;Eins;Fertig;13.2.2026 09:30;Bug\n";
    let (log, report) = read(text);
    let found = report.found.clone();
    assert_eq!(found.columns.item.as_deref(), Some("Schlüssel"));
    assert_eq!(found.columns.title.as_deref(), Some("Thema"));
    assert_eq!(found.columns.kind.as_deref(), Some("Art"));
    assert_eq!(found.time_format.as_deref(), Some("%d.%m.%Y %H:%M"));
    assert_eq!(found.time_zone, Some(Zone::utc()));
    assert_eq!(report.doubt, None);
    let (again, second) = try_read(text.as_bytes(), |settings| {
        *settings = FileSettings {
            path: settings.path.clone(),
            ..found.clone()
        };
    })
    .unwrap();
    assert_eq!(moves(&again, "A"), moves(&log, "A"));
    let path = second.found.path.clone();
    assert_eq!(second.found, FileSettings { path, ..found });
    let (_, wide) = read("Key;Neu;Fertig\nA;1.2.2026;3.2.2026\nB;2.2.2026;\n");
    assert_eq!(
        (wide.found.columns.time, wide.found.columns.status),
        (None, Vec::new())
    );
    assert!(
        wide.doubt
            .unwrap()
            .contains("no date says which number is the day")
    );
}

#[test]
fn a_given_pattern_also_orders_the_steps() {
    let text = "id,done,doing\nA,07.06.25,06.07.25\nB,09.06.25,09.06.25\nC,,01.05.25\n";
    let name = |settings: &mut FileSettings| settings.time_format = Some("%y.%m.%d".to_owned());
    let (log, _) = try_read(text.as_bytes(), name).unwrap();
    assert_eq!(
        moves(&log, "A"),
        ["2006-07-25T00:00:00Z Doing", "2007-06-25T00:00:00Z Done"]
    );
    assert_eq!(
        moves(&log, "B"),
        ["2009-06-25T00:00:00Z Doing", "2009-06-25T00:00:00Z Done"]
    );
}

#[test]
fn a_few_rows_against_the_header_do_not_turn_its_steps() {
    let (log, _) = read(
        "id,Open,Doing,Done\n\
         A,2026-01-01,2026-01-02,2026-01-03\n\
         B,2026-01-05,2026-01-04,2026-01-06\n\
         C,2026-01-07,2026-01-06,2026-01-08\n\
         D,2026-01-09,2026-01-09,2026-01-09\n",
    );
    let want = ["Open", "Doing", "Done"].map(|step| format!("2026-01-09T00:00:00Z {step}"));
    assert_eq!(moves(&log, "D"), want);
}

#[test]
fn ends_of_activities_that_began_are_no_visits() {
    let (log, report) = read(
        "patient,handling,registration_type,time\n\
         1,Triage,start,2026-01-01T09:00:00Z\n\
         1,X-Ray,start,2026-01-01T09:30:00Z\n\
         1,Triage,complete,2026-01-01T10:00:00Z\n\
         1,X-Ray,complete,2026-01-01T11:00:00Z\n\
         1,Home,complete,2026-01-01T12:00:00Z\n\
         2,Triage,start,2026-01-01T09:00:00Z\n\
         2,Home,start,2026-01-01T13:00:00Z\n",
    );
    assert_eq!(
        moves(&log, "1"),
        [
            "2026-01-01T09:00:00Z Triage",
            "2026-01-01T09:30:00Z X-Ray",
            "2026-01-01T12:00:00Z Home"
        ]
    );
    assert_eq!(
        report.notes,
        ["2 rows end an activity whose start was read; they are no moves"]
    );
}

#[test]
fn files_that_are_no_event_logs_are_refused_with_a_hint() {
    let none = |_: &mut FileSettings| {};
    for (bytes, what) in [
        (&b""[..], "holds no row"),
        (b"id,status,time\n", "holds no row"),
        (b"alone\n1\n", "has only one column"),
        (b"PK\x03\x04rest", "is a workbook"),
        (b"\xff\xfei\0d\0", "is UTF-16"),
        (b"{}\n", "holds objects without a field"),
        (b"{\"issues\": []}\n", "holds objects without a field"),
        (b"id,status\n1,open\n1,done\n", "holds times"),
        (
            b"colour,time\nred,2026-01-01\nred,2026-01-02\n",
            "says which item",
        ),
    ] {
        let fault = try_read(bytes, none).unwrap_err();
        let Fault::Unusable { what: said, hint } = fault else {
            panic!("{fault:?}")
        };
        assert!(said.contains(what) && !hint.is_empty(), "{said}");
    }
    let wrong = |settings: &mut FileSettings| settings.columns.item = Some("key".to_owned());
    let fault = try_read(b"id,status,time\n1,a,2026-01-01\n", wrong).unwrap_err();
    assert!(
        fault.to_string().ends_with("has no column \"key\""),
        "{fault}"
    );
    let gone = |settings: &mut FileSettings| settings.path = "/nowhere/at/all.csv".into();
    let fault = try_read(b"", gone).unwrap_err();
    assert_eq!(fault.to_string(), "/nowhere/at/all.csv is not there");
    assert_eq!(fault.hint(), "check the path of the file");
}

#[test]
fn a_column_that_turns_out_to_differ_in_every_row_is_left_out() {
    let mut text = "id,team,token,time,status\n".to_owned();
    for row in 0..62_000 {
        let token = if row < 10_000 { row % 10 } else { row };
        writeln!(
            text,
            "I-{},a,t{token},2026-01-01T00:00:00Z,s{}",
            row / 2,
            row % 2
        )
        .unwrap();
    }
    let (log, report) = read(&text);
    assert_eq!(log.fact("token"), None);
    assert_eq!(fact(&log, "I-30999", "team", Sec::MAX), "a");
    assert!(
        report.notes[0].contains("\"token\" has more than 50000"),
        "{:?}",
        report.notes
    );
    assert_eq!((log.item_count(), log.move_count()), (31_000, 62_000));
}

#[test]
fn foreign_bytes_are_read_and_said() {
    let none = |_: &mut FileSettings| {};
    let (log, report) = try_read(
        b"id,status,time\n1,gr\xfcn,2026-01-01\n1,rot,2026-01-02\n",
        none,
    )
    .unwrap();
    assert_eq!(log.statuses()[0].name, "grün");
    assert!(report.notes[0].contains("Windows-1252"));
}

/// Keeps what a connector hands over.
#[derive(Default)]
struct Kept {
    batches: Vec<Batch>,
    oddities: Vec<Oddity>,
    whole: bool,
}

#[async_trait::async_trait]
impl Sink for Kept {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
        self.batches.push(batch);
        Ok(())
    }
    fn progress(&mut self, _: Progress) {}
    fn oddity(&mut self, oddity: Oddity) {
        self.oddities.push(oddity);
    }
    fn request(&mut self) {}
    fn whole(&mut self) {
        self.whole = true;
    }
}

impl Kept {
    fn ids(&self) -> Vec<(String, String)> {
        let items = self.batches.iter().flat_map(|batch| &batch.items);
        items
            .flat_map(|item| {
                item.events
                    .iter()
                    .map(|event| (item.item.clone(), event.id.clone()))
            })
            .collect()
    }

    fn log(self) -> Log {
        let mut builder = LogBuilder::new();
        let source = builder.source(&SourceName::new("log")).unwrap();
        let mut known = std::collections::HashSet::new();
        for batch in self.batches {
            builder.statuses(source, &batch.statuses).unwrap();
            for mut item in batch.items {
                item.events
                    .retain(|event| known.insert((item.item.clone(), event.id.clone())));
                builder.history(source, item).unwrap();
            }
        }
        builder.finish()
    }
}

async fn sync(file: &NamedTempFile, cursor: Option<Cursor>) -> Kept {
    let connector = FileConnector::new(SourceName::new("log"), settings(file));
    let mut kept = Kept::default();
    let cancel = CancellationToken::new();
    connector.sync(cursor, &mut kept, &cancel).await.unwrap();
    kept
}

/// Enough rows for several pages, some of them twice, items mixed.
fn many() -> String {
    let mut text = "id,team,title,time,status\n".to_owned();
    for row in 0..9_000 {
        let (item, day, hour) = (row % 700, 1 + row / 700, row % 24);
        let team = if row > 5_000 { "b" } else { "a" };
        let status = ["Open", "Doing", "Done"][row % 3];
        writeln!(
            text,
            "I-{item},{team},Title {item},2026-01-{day:02}T{hour:02}:00:00Z,{status}"
        )
        .unwrap();
    }
    text + "I-1,b,Title 1,2026-01-20T00:00:00Z,Done\nI-1,b,Title 1,2026-01-20T00:00:00Z,Done\n"
}

#[tokio::test]
async fn a_configured_file_gives_the_log_that_reading_it_gives() {
    let text = many();
    let file = written(text.as_bytes());
    let kept = sync(&file, None).await;
    assert!(kept.batches.len() > 2);
    assert!(kept.batches.iter().all(|batch| batch.items.len() <= 4_000));
    let ids = kept.ids();
    let unique: std::collections::HashSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    let (there, here) = (kept.log(), read(&text).0);
    assert_eq!(
        (there.item_count(), there.move_count()),
        (here.item_count(), here.move_count())
    );
    for item in here.items() {
        let id = here.id(item);
        assert_eq!(moves(&there, id), moves(&here, id));
        let twin = there.find(SourceIx(0), id).unwrap();
        assert_eq!(there.title(twin), here.title(item));
        let (at, _) = here.moves(item);
        for at in at {
            assert_eq!(fact(&there, id, "team", *at), fact(&here, id, "team", *at));
        }
    }
}

#[tokio::test]
async fn a_file_is_read_again_only_when_it_changed_and_doubles_nothing() {
    let mut file =
        written(b"id,status,time\n1,a,2026-01-01\n1,b,2026-01-02\n1,b,2026-01-02\n1,?,x\n");
    let first = sync(&file, None).await;
    assert_eq!(first.oddities[0].place, "line 5");
    let cursor = first.batches.last().unwrap().cursor.clone();
    assert!(cursor.is_some());
    assert_eq!(sync(&file, cursor.clone()).await.batches.len(), 0);
    file.write_all(b"1,c,2026-01-03\n").unwrap();
    let second = sync(&file, cursor).await;
    let (before, after) = (first.ids(), second.ids());
    assert_eq!((before.len(), after.len()), (3, 4));
    assert!(before.iter().all(|id| after.contains(id)));
}

#[tokio::test]
async fn a_changed_file_takes_the_place_of_what_was_known() {
    let file = written(many().as_bytes());
    let first = sync(&file, None).await;
    assert!(first.whole);
    let items = || first.batches.iter().flat_map(|batch| &batch.items);
    assert_eq!(items().count(), 700, "every item is told once");
    assert!(items().all(|item| item.replace));
    std::fs::write(file.path(), "id,status,time\n1,a,2026-01-01\n").unwrap();
    let cursor = first.batches.last().unwrap().cursor.clone();
    let second = sync(&file, cursor).await;
    assert!(second.whole && second.ids().len() == 1);
    let unchanged = sync(&file, second.batches.last().unwrap().cursor.clone()).await;
    assert!(!unchanged.whole, "nothing was read");
}

#[test]
fn grouped_rows_are_told_as_their_items_end_and_rows_beyond_the_bound_are_added() {
    let told = |text: &str, most: usize| {
        let file = written(text.as_bytes());
        let settings = settings(&file);
        let opened = super::head::open(&settings).unwrap();
        let mut batches: Vec<Batch> = Vec::new();
        let mut emit = |batch: Batch| {
            batches.push(batch);
            Ok(())
        };
        let name = SourceName::new("log");
        let plan = super::head::open(&settings).unwrap().about.plan;
        let mut receiver = IntoBatches::new(&name, &plan, &mut emit);
        receiver.most = most;
        super::read(
            opened,
            &settings,
            &mut receiver,
            (super::pieces::Sizes::default(), &mut |_| {}),
        )
        .unwrap();
        drop(receiver);
        batches
    };
    let mut grouped = "id,status,time\n".to_owned();
    for row in 0..10_000 {
        let (item, step) = (row / 3, row % 3);
        writeln!(grouped, "I-{item},s{step},2026-01-0{}", step + 1).unwrap();
    }
    let batches = told(&grouped, usize::MAX);
    assert!(batches.len() > 2, "pages end between items");
    let items = batches.iter().flat_map(|batch| &batch.items);
    assert!(items.clone().count() == 3_334 && items.clone().all(|item| item.replace));
    let mixed = "id,status,time\nA,a,2026-01-01\nB,a,2026-01-01\nA,b,2026-01-02\nC,a,2026-01-03\n\
                 A,c,2026-01-04\n";
    let batches = told(mixed, 3);
    let replaced = |batch: &Batch| -> Vec<String> {
        let items = batch.items.iter();
        items
            .map(|item| format!("{} {} {}", item.item, item.replace, item.events.len()))
            .collect()
    };
    assert_eq!(replaced(&batches[0]), ["A true 2", "B true 1"]);
    assert_eq!(replaced(&batches[1]), ["C true 1", "A false 1"]);
}

#[tokio::test]
async fn a_cancelled_reading_stops() {
    let file = written(many().as_bytes());
    let connector = FileConnector::new(SourceName::new("log"), settings(&file));
    let cancel = CancellationToken::new();
    cancel.cancel();
    let mut kept = Kept::default();
    let stopped = connector.sync(None, &mut kept, &cancel).await;
    assert_eq!(stopped, Err(Fault::Stopped));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Facts and moves do not depend on the order of the rows.
    #[test]
    fn the_order_of_rows_is_no_matter(order in Just((0..60_u32).collect::<Vec<_>>()).prop_shuffle()) {
        let row = |row: u32| {
            let team = if row > 30 { "x" } else { "y" };
            format!("I-{},{team},2026-01-01T{:02}:{:02}:00Z,s{}\n", row % 7, row / 60, row % 60, row % 3)
        };
        let header = "id,team,time,status\n".to_owned();
        let sorted: String = (0..60).map(row).collect();
        let shuffled: String = order.into_iter().map(row).collect();
        let (a, b) = (read(&(header.clone() + &sorted)).0, read(&(header + &shuffled)).0);
        for item in a.items() {
            let id = a.id(item);
            prop_assert_eq!(moves(&a, id), moves(&b, id));
            for at in a.moves(item).0 {
                prop_assert_eq!(fact(&a, id, "team", *at), fact(&b, id, "team", *at));
            }
        }
    }
}

mod answers;
mod jsonl;
mod own;
mod packed;
mod xes;
