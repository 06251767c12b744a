//! What is kept beside a history never changes what is read of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Held, Loaded, load};
use crate::archive::arbitrary::{event, text};
use crate::history::settings::HistoryUrl;
use crate::history::{History, Sqlite};
use crate::metrics::{AsOf, Question, measure};
use crate::model::batch::{Batch, ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::log::{Log, Status};
use crate::model::snapshot::Setting;
use crate::report::{Answer, Section, stream_json};
use crate::runtime::world::Streams;

fn sources() -> Vec<SourceName> {
    ["one", "two"].map(SourceName::new).to_vec()
}

/// None loses all its events: one that gets new ones later may stand at another place than in the
/// history, which changes no number but lists and samples by order.
fn histories() -> impl Strategy<Value = ItemHistory> {
    let id = prop_oneof![select(vec!["1", "2", "3"]).prop_map(str::to_owned), text()];
    (id, any::<bool>(), vec(event(), 1..6)).prop_map(|(item, replace, events)| ItemHistory {
        item,
        replace,
        events,
    })
}

/// Of sources that are asked for and of one that is not.
fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let status = (text(), text()).prop_map(|(id, name)| StatusName { id, name });
    let source = select(vec!["two", "one", "another"]);
    let batch = (source, vec(status, 0..3), vec(histories(), 0..5));
    vec(batch, 0..6).prop_map(|batches| {
        let batch = |(name, statuses, items): (&str, _, _)| Batch {
            statuses,
            items,
            ..Batch::empty(SourceName::new(name))
        };
        batches.into_iter().map(batch).collect()
    })
}

fn path(folder: &Path) -> PathBuf {
    folder.join("weir.db")
}

fn append(folder: &Path, batches: &[Batch]) {
    let mut history = Sqlite::open(&path(folder)).unwrap();
    for batch in batches {
        history.append(batch).unwrap();
    }
}

fn held(folder: &Path) -> Held {
    Held {
        history: Box::new(Sqlite::open(&path(folder)).unwrap()),
        beside: HistoryUrl::Sqlite(path(folder))
            .snapshot_file(&sources())
            .ok(),
        newest: None,
        kept: None,
    }
}

/// One start and its end: what was kept, and what was then known.
fn run(folder: &Path) -> (Option<Loaded>, Loaded) {
    let mut held = held(folder);
    let kept = held.recall(&sources());
    let loaded = load(held.history.as_mut(), &sources(), kept.clone()).unwrap();
    held.newest = Some(loaded.clone());
    held.keep();
    (kept, loaded)
}

/// The log as the history alone tells it.
fn alone(folder: &Path) -> Arc<Log> {
    let mut history = Sqlite::open(&path(folder)).unwrap();
    load(&mut history, &sources(), None).unwrap().log
}

fn bytes(log: &Log) -> Vec<u8> {
    let mut bytes = Vec::new();
    log.pack(&mut bytes).unwrap();
    bytes
}

/// All that is said of each item, in words, whatever the numbers of statuses, facts and texts.
fn said(log: &Log) -> BTreeMap<(String, String), String> {
    let mut said = BTreeMap::new();
    for item in log.items() {
        let (at, to) = log.moves(item);
        let to = to.iter().map(|to| &log.statuses()[to.index()]);
        let moves: Vec<_> = at.iter().zip(to).collect();
        let facts: BTreeMap<_, _> = log
            .facts()
            .iter()
            .map(|column| {
                let changes = column.changes_of(item).iter();
                let changes: Vec<_> = changes.map(|one| (one.at, log.text(one.to))).collect();
                (column.name.as_ref(), (log.text(column.base(item)), changes))
            })
            .filter(|(_, (base, changes))| !base.is_empty() || !changes.is_empty())
            .collect();
        let marks: Vec<_> = log
            .marks(item)
            .iter()
            .map(|mark| told_of(log, mark))
            .collect();
        let first = log.first_event(item);
        let source = log.sources()[log.source_of(item).index()].to_string();
        let words = (log.key(item), log.title(item), log.url(item));
        let all = format!("{first:?} {words:?} {moves:?} {facts:?} {marks:?}");
        said.insert((source, log.id(item).to_owned()), all);
    }
    said
}

fn told_of(log: &Log, mark: &crate::model::log::Mark) -> String {
    use crate::model::log::MarkKind::{Blocked, Deployed, Linked, Unlinked};
    let texts = match mark.kind {
        Blocked(one) | Deployed(one) => vec![log.text(one)],
        Linked(how, to) | Unlinked(how, to) => vec![log.text(how), log.text(to)],
        _ => Vec::new(),
    };
    let kind = std::mem::discriminant(&mark.kind);
    format!("{} {kind:?} {texts:?}", mark.at.0)
}

/// What ties are decided by: in which order items and statuses that any item had stand.
fn order(log: &Log) -> (Vec<&str>, Vec<&Status>) {
    let used = log.statuses().iter().zip(log.statuses_used());
    let used = used.filter(|(_, is_used)| *is_used);
    let items = log.items().map(|item| log.id(item));
    (items.collect(), used.map(|(status, _)| status).collect())
}

/// Every number of every section.
fn numbers(log: Arc<Log>) -> String {
    let streams = Streams::of(&[], &log, "all");
    let snapshot = streams.snapshot(log, Setting::default(), 1);
    let question = Question::about(&snapshot, 0, AsOf::EndOfEvents);
    let Some(measures) = measure(&snapshot, &question) else {
        return String::new();
    };
    let answer = Answer {
        snapshot: &snapshot,
        stream: 0,
        measures: &measures,
        promises: None,
    };
    stream_json(answer, &Section::ALL).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_kept_says_what_the_history_says(before in batches(), after in batches()) {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        append(folder, &before);
        let (kept, first) = run(folder);
        prop_assert!(kept.is_none());
        prop_assert_eq!(bytes(&first.log), bytes(&alone(folder)));

        let (kept, again) = run(folder);
        let kept = kept.expect("what the first run kept");
        prop_assert_eq!(kept.position, first.position);
        prop_assert_eq!(bytes(&again.log), bytes(&first.log));

        append(folder, &after);
        let (kept, _) = run(folder);
        prop_assert_eq!(kept.expect("what the run before kept").position, first.position);
        let (kept, last) = run(folder);
        let kept = kept.expect("what the run before kept");
        prop_assert_eq!(bytes(&kept.log), bytes(&last.log));
        let (log, alone) = (last.log, alone(folder));
        let mut said_last = said(&log);
        let said_alone = said(&alone);
        // What lost all its events keeps its place and says nothing.
        said_last.retain(|item, _| said_alone.contains_key(item));
        prop_assert_eq!(said_last, said_alone);
        prop_assert_eq!(log.disorder(), alone.disorder());
        prop_assert_eq!(order(&log), order(&alone));
        prop_assert_eq!(numbers(log), numbers(alone));
    }
}

fn one(item: &str) -> Batch {
    let moved = crate::model::event::Event {
        id: "1".to_owned(),
        at: crate::model::time::Millis(1_000),
        seq: 0,
        approximate: false,
        change: crate::model::event::Change::Moved { to: "9".to_owned() },
    };
    Batch {
        items: vec![ItemHistory {
            item: item.to_owned(),
            replace: false,
            events: vec![moved],
        }],
        ..Batch::empty(sources()[0].clone())
    }
}

/// The ids that a start knows.
fn ids(folder: &Path) -> Vec<String> {
    let log = run(folder).1.log;
    log.items().map(|item| log.id(item).to_owned()).collect()
}

#[test]
fn a_history_that_was_put_back_and_went_another_way_is_read_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let aside = folder.join("aside.db");
    append(folder, &[one("a")]);
    std::fs::copy(path(folder), &aside).unwrap();
    append(folder, &[one("b"), one("c")]);
    assert_eq!(ids(folder), ["a", "b", "c"]);
    std::fs::copy(&aside, path(folder)).unwrap();
    assert!(
        held(folder).recall(&sources()).is_none(),
        "it never was that far"
    );
    append(folder, &[one("x"), one("y"), one("z")]);
    assert!(
        held(folder).recall(&sources()).is_none(),
        "it went another way"
    );
    assert_eq!(ids(folder), ["a", "x", "y", "z"]);
}

#[test]
fn a_moment_of_its_own_past_is_known_after_it_was_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    append(folder, &[one("a")]);
    assert_eq!(ids(folder), ["a"]);
    append(folder, &[one("b")]);
    let (kept, loaded) = run(folder);
    assert_eq!(kept.unwrap().log.item_count(), 1);
    assert_eq!(loaded.log.item_count(), 2);
}

#[test]
fn what_a_source_has_no_more_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    append(folder, &[one("a"), one("b")]);
    let mut held = held(folder);
    let file = held.beside.clone().unwrap();
    held.newest = Some(load(held.history.as_mut(), &sources(), None).unwrap());
    held.keep();
    assert!(file.path().exists());
    // As where a source is polled and nobody looks at the log.
    held.newest = None;
    let known = super::Known {
        items: std::iter::once("b".to_owned()).collect(),
        since: crate::history::Position(2),
    };
    assert_eq!(held.drop_others(&sources()[0], &known).unwrap(), 1);
    held.keep();
    assert!(!file.path().exists());
    assert_eq!(ids(folder), ["b"]);
}

#[test]
fn nothing_of_an_item_that_is_gone_is_left_in_a_log_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    append(folder, &[one("of-somebody"), one("b")]);
    let mut held = held(folder);
    let before = load(held.history.as_mut(), &sources(), None).unwrap();
    let mut gone = one("of-somebody");
    gone.items[0].replace = true;
    gone.items[0].events.clear();
    append(folder, &[gone, one("c")]);
    let after = load(held.history.as_mut(), &sources(), Some(before.clone())).unwrap();
    let holds = |log: &Log| {
        let bytes = bytes(log);
        let mut places = bytes.windows("of-somebody".len());
        places.any(|place| place == b"of-somebody")
    };
    assert!(holds(&before.log) && !holds(&after.log));
    assert_eq!(bytes(&after.log), bytes(&alone(folder)));
}
