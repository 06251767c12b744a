use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;

use super::super::export::Writing;
use super::one;
use crate::archive::arbitrary::{Page, event, text};
use crate::archive::{Format, writer};
use crate::connectors::file::open_export;
use crate::history::{History, Position, Sqlite};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Everything a history tells.
type Whole = (Vec<(SourceName, ItemHistory)>, Vec<Vec<StatusName>>);

fn whole(history: &mut dyn History) -> Whole {
    let mut items = Vec::new();
    let mut sources = BTreeSet::new();
    let read = history.read(Position(0), &mut |source, item| {
        sources.insert(source.clone());
        items.push((source.clone(), item));
    });
    read.unwrap();
    let statuses = sources.iter().map(|source| history.statuses(source));
    let statuses = statuses.collect::<Result<_, _>>().unwrap();
    (items, statuses)
}

fn exported(history: &mut dyn History, format: Format) -> tempfile::NamedTempFile {
    let page = Page::default();
    let mut writing = Writing::new(vec![SourceName::new("one")], None);
    let out = writer(format, page.clone()).unwrap();
    writing.all(history, out).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&page.bytes()).unwrap();
    file
}

fn imported(history: &mut dyn History, file: &Path) -> (u64, u64) {
    let imported = one(history, file, open_export(file).unwrap()).unwrap();
    assert_eq!(imported.odd, 0);
    (imported.events, imported.new)
}

fn batch() -> impl Strategy<Value = Batch> {
    let status = (text(), text()).prop_map(|(id, name)| StatusName { id, name });
    let events = proptest::collection::vec(event(), 1..6);
    let item = (text(), events).prop_map(|(item, events)| ItemHistory {
        item,
        replace: false,
        events,
    });
    (
        proptest::sample::select(vec!["one", "two", ""]),
        proptest::collection::vec(status, 0..3),
        proptest::collection::vec(item, 1..4),
    )
        .prop_map(|(source, statuses, items)| Batch {
            source: SourceName::new(source),
            statuses,
            items,
            cursor: Some(Cursor("secret".to_owned())),
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_history_is_the_same_after_any_way_through_files(
        batches in proptest::collection::vec(batch(), 1..5)
    ) {
        let mut first = Sqlite::in_memory().unwrap();
        for batch in &batches {
            first.append(batch).unwrap();
        }
        let want = whole(&mut first);
        let mut before = first;
        for format in [Format::Csv, Format::Parquet, Format::Jsonl] {
            let file = exported(&mut before, format);
            let bytes = std::fs::read(file.path()).unwrap();
            prop_assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
            let mut next = Sqlite::in_memory().unwrap();
            let (events, new) = imported(&mut next, file.path());
            prop_assert_eq!(events, new);
            prop_assert_eq!(&whole(&mut next), &want);
            prop_assert_eq!(next.cursor(&batches[0].source).unwrap(), None);
            let at = next.position().unwrap();
            prop_assert_eq!(imported(&mut next, file.path()), (events, 0));
            prop_assert_eq!(next.position().unwrap(), at);
            before = next;
        }
    }
}

fn moved(id: u32) -> Event {
    Event {
        id: id.to_string(),
        at: Millis(i64::from(id)),
        seq: 0,
        approximate: false,
        change: Change::Moved { to: "a".to_owned() },
    }
}

#[test]
fn an_item_with_more_events_than_a_page_is_imported_whole() {
    let mut history = Sqlite::in_memory().unwrap();
    let mut batch = Batch::empty(SourceName::new("one"));
    batch.items.push(ItemHistory {
        item: "1".to_owned(),
        replace: false,
        events: (0..9_000).map(moved).collect(),
    });
    history.append(&batch).unwrap();
    let file = exported(&mut history, Format::Jsonl);
    let mut next = Sqlite::in_memory().unwrap();
    assert_eq!(imported(&mut next, file.path()), (9_000, 9_000));
    assert_eq!(whole(&mut next), whole(&mut history));
}

#[test]
fn what_is_known_beside_a_file_stays_and_so_does_the_cursor() {
    let mut history = Sqlite::in_memory().unwrap();
    let mut batch = Batch::empty(SourceName::new("one"));
    batch.items.push(ItemHistory {
        item: "1".to_owned(),
        replace: false,
        events: vec![moved(1)],
    });
    history.append(&batch).unwrap();
    let file = exported(&mut history, Format::Csv);
    batch.items[0].events = vec![moved(2)];
    batch.cursor = Some(Cursor("here".to_owned()));
    history.append(&batch).unwrap();
    assert_eq!(imported(&mut history, file.path()), (1, 0));
    assert_eq!(whole(&mut history).0[0].1.events, [moved(1), moved(2)]);
    assert_eq!(history.cursor(&batch.source).unwrap(), batch.cursor);
}
