use super::{settings, sync, try_read, written};
use crate::archive::arbitrary::Page;
use crate::archive::{Entry, Format, writer};
use crate::connectors::file::open_export;
use crate::connectors::{Connector, Fault};
use crate::model::batch::{ItemHistory, StatusName};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;
use crate::model::time::Millis;

fn event(id: u32, change: Change) -> Event {
    Event {
        id: id.to_string(),
        at: Millis(1_767_225_600_000 + i64::from(id) * 1_000),
        seq: id.into(),
        approximate: id == 3,
        change,
    }
}

/// An item of a source with one of everything.
fn history() -> ItemHistory {
    let text = |text: &str| Some(text.to_owned());
    let changes = [
        Change::Created { status: text("1") },
        Change::Set {
            fact: "team".into(),
            old: None,
            new: text("a\nb"),
        },
        Change::Moved { to: "2".to_owned() },
        Change::Blocked {
            reason: text("waits"),
        },
        Change::Unblocked,
        Change::Linked {
            kind: "blocks".to_owned(),
            to: "8".to_owned(),
        },
        Change::Deployed {
            environment: "live".to_owned(),
        },
    ];
    let events = (0..).zip(changes).map(|(id, change)| event(id, change));
    ItemHistory {
        item: "7".to_owned(),
        replace: true,
        events: events.collect(),
    }
}

fn names() -> Vec<StatusName> {
    let name = |id: &str, name: &str| StatusName {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    vec![name("1", "Open"), name("2", "Doing")]
}

fn export(format: Format, sources: &[&str]) -> Vec<u8> {
    let page = Page::default();
    let mut out = writer(format, page.clone()).unwrap();
    for source in sources {
        for event in history().events {
            let (source, item) = (SourceName::new(source), history().item);
            let entry = Entry::Event {
                source,
                item,
                event,
            };
            out.write(&entry, None).unwrap();
        }
    }
    for source in sources {
        for status in names() {
            let source = SourceName::new(source);
            out.write(&Entry::Status { source, status }, None).unwrap();
        }
    }
    out.finish().unwrap();
    page.bytes()
}

#[test]
fn an_export_is_shown_as_the_history_is() {
    let mut builder = LogBuilder::new();
    for source in ["one", "two"] {
        let at = builder.source(&SourceName::new(source)).unwrap();
        builder.history(at, history()).unwrap();
        builder.statuses(at, &names()).unwrap();
    }
    let want = format!("{:?}", builder.finish());
    for format in [Format::Csv, Format::Jsonl, Format::Parquet] {
        let (log, report) = try_read(&export(format, &["one", "two"]), |_| {}).unwrap();
        assert_eq!(format!("{log:?}"), want, "{format:?}");
        assert_eq!((report.rows, report.kept_out, report.items), (18, 0, 2));
        assert!(report.notes[0].ends_with("one, two"), "{report:?}");
    }
}

#[tokio::test]
async fn a_configured_source_takes_an_export_of_one_source_as_its_own() {
    let file = written(&export(Format::Jsonl, &["before"]));
    let kept = sync(&file, None).await;
    assert!(kept.whole);
    let items: Vec<&ItemHistory> = kept.batches.iter().flat_map(|batch| &batch.items).collect();
    assert_eq!(items, [&history()]);
    assert_eq!(kept.batches[0].source, SourceName::new("log"));
    assert_eq!(kept.batches[0].statuses, names());
    let connector = super::FileConnector::new(SourceName::new("log"), settings(&file));
    assert!(connector.check().await[0].outcome.is_ok());
}

#[tokio::test]
async fn sources_that_cannot_be_told_apart_are_refused() {
    let file = written(&export(Format::Csv, &["one", "two"]));
    let connector = super::FileConnector::new(SourceName::new("log"), settings(&file));
    let cancel = tokio_util::sync::CancellationToken::new();
    let mut kept = super::Kept::default();
    let Err(Fault::Unusable { what, hint }) = connector.sync(None, &mut kept, &cancel).await else {
        panic!("two sources are one");
    };
    assert!(what.contains("several sources (one, two"), "{what}");
    assert!(hint.contains("weir import"), "{hint}");
}

#[test]
fn only_an_export_is_imported() {
    let file = written(b"id,status,time\n1,a,2026-01-01\n");
    let Err(Fault::Unusable { what, .. }) = open_export(file.path()).map(drop) else {
        panic!("any file is an export");
    };
    assert!(what.contains("was not written by `weir export`"), "{what}");
}

#[test]
fn broken_lines_of_an_export_are_listed() {
    let mut bytes = export(Format::Csv, &["one"]);
    bytes.extend_from_slice(b"one,9,x\n");
    let (log, report) = try_read(&bytes, |_| {}).unwrap();
    assert_eq!((log.item_count(), report.kept_out), (1, 1));
    // The value with a line break takes two lines.
    assert_eq!(report.oddities[0].place, "line 12");
}
