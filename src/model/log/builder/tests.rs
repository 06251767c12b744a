//! The log must not depend on how its rows came.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::{LogBuilder, MarkKind};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event};
use crate::model::id::{ItemIx, SourceIx, SourceName, StatusIx};
use crate::model::log::Log;
use crate::model::time::{Millis, Sec};

/// One row of a file: item, millisecond, status, team.
type Row = (&'static str, i64, &'static str, &'static str);

fn begin() -> (LogBuilder, SourceIx) {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("file")).unwrap();
    (builder, source)
}

fn build(rows: &[Row]) -> Log {
    let (mut builder, source) = begin();
    let team = builder.fact("team".into()).unwrap();
    for (item, at, status, value) in rows {
        let item = builder.item(source, item).unwrap();
        let status = builder.status(source, status, status).unwrap();
        builder.moved(item, Millis(*at), status);
        let value = builder.symbol(value);
        builder.observe(item, Millis(*at), team, value);
    }
    builder.finish()
}

/// Everything a log says of its items, in words: by item, (second, status) of each move, the team
/// before everything and each change of it.
fn told(log: &Log) -> Vec<String> {
    let team = log.fact("team").unwrap();
    let mut items: Vec<String> = log
        .items()
        .map(|item| {
            let (at, to) = log.moves(item);
            let moves: Vec<String> = at
                .iter()
                .zip(to)
                .map(|(at, to)| format!("{} {}", at.0, log.statuses()[to.index()].name))
                .collect();
            let column = &log.facts()[team.index()];
            let base = log.text(column.base(item));
            let changes: Vec<String> = column
                .changes_of(item)
                .iter()
                .map(|change| format!("{} {}", change.at.0, log.text(change.to)))
                .collect();
            let id = log.id(item);
            format!(
                "{id} since {}: {moves:?} {base} {changes:?}",
                log.first_event(item).0
            )
        })
        .collect();
    items.sort();
    items
}

#[test]
fn grouped_and_scattered_rows_give_the_same_log() {
    let grouped = [
        ("a", 1_000, "new", "web"),
        ("a", 2_000, "open", "web"),
        ("a", 5_000, "done", "core"),
        ("b", 1_500, "new", "core"),
        ("b", 4_000, "done", "core"),
        ("c", 3_000, "new", ""),
    ];
    let mut scattered = grouped;
    scattered.sort_by_key(|(_, at, ..)| *at);
    assert_eq!(told(&build(&grouped)), told(&build(&scattered)));
    assert_eq!(
        told(&build(&grouped)),
        [
            r#"a since 1: ["1 new", "2 open", "5 done"] web ["5 core"]"#,
            r#"b since 1: ["1 new", "4 done"] core []"#,
            r#"c since 3: ["3 new"]  []"#,
        ]
    );
}

#[test]
fn an_item_without_moves_between_others_has_none() {
    let (mut builder, source) = begin();
    let open = builder.status(source, "1", "open").unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|id| builder.item(source, id).unwrap());
    builder.moved(a, Millis(1_000), open);
    builder.created(b, Millis(2_000));
    builder.moved(c, Millis(3_000), open);
    let log = builder.finish();
    assert_eq!(log.moves(a).0, [Sec(1)]);
    assert!(log.moves(b).0.is_empty());
    assert_eq!(log.first_event(b), Sec(2));
    assert_eq!(log.moves(c).0, [Sec(3)]);
    assert_eq!(log.last_event(), Some(Sec(3)));
}

#[test]
fn milliseconds_order_the_moves_of_a_second() {
    let log = build(&[
        ("a", 1_900, "late", ""),
        ("a", 1_100, "early", ""),
        ("a", 1_100, "next", ""),
    ]);
    assert_eq!(
        told(&log),
        [r#"a since 1: ["1 early", "1 next", "1 late"]  []"#]
    );
    assert_eq!(log.disorder().out_of_order, 1);
}

#[test]
fn rows_listed_after_a_later_one_are_counted() {
    let log = build(&[
        ("a", 5_000, "x", ""),
        ("a", 3_000, "y", ""),
        ("a", 4_000, "z", ""),
        ("b", 1_000, "x", ""),
        ("a", 2_000, "w", ""),
    ]);
    assert_eq!(log.disorder().out_of_order, 2);
}

fn event(seq: u64, second: i64, change: Change) -> Event {
    Event {
        id: seq.to_string(),
        at: Millis(second * 1_000),
        seq,
        approximate: false,
        change,
    }
}

fn moved(to: &str) -> Change {
    Change::Moved { to: to.to_owned() }
}

fn created(status: Option<&str>) -> Change {
    Change::Created {
        status: status.map(str::to_owned),
    }
}

fn team(new: &str) -> Change {
    Change::Set {
        fact: "team".into(),
        old: None,
        new: Some(new.to_owned()),
    }
}

fn with_history(events: Vec<Event>) -> Log {
    let (mut builder, source) = begin();
    let history = ItemHistory {
        item: "a".to_owned(),
        replace: false,
        events,
    };
    builder.history(source, history).unwrap();
    builder.finish()
}

#[test]
fn disorder_of_a_whole_history_is_counted_by_its_sequence() {
    let log = with_history(vec![
        event(1, 2, moved("open")),
        event(2, 3, created(Some("new"))),
        event(4, 6, moved("open")),
        event(3, 8, moved("done")),
    ]);
    let disorder = log.disorder();
    assert_eq!((disorder.out_of_order, disorder.before_creation), (1, 1));
}

#[test]
fn approximate_instants_are_counted() {
    let mut guessed = event(1, 2, moved("open"));
    guessed.approximate = true;
    let log = with_history(vec![event(0, 1, created(None)), guessed]);
    assert_eq!(log.disorder().approximate, 1);
}

#[test]
fn a_fact_told_at_the_first_instant_is_the_base_value() {
    let log = with_history(vec![
        event(0, 1, created(Some("new"))),
        event(1, 1, team("web")),
        event(2, 4, team("web")),
        event(3, 5, team("core")),
    ]);
    let column = &log.facts()[log.fact("team").unwrap().index()];
    assert_eq!(log.text(column.base(ItemIx(0))), "web");
    assert_eq!(
        column.changes.len(),
        1,
        "telling the same value again changes nothing"
    );
    let text = |second| log.text(log.fact_at(log.fact("team").unwrap(), ItemIx(0), Sec(second)));
    assert_eq!(
        [text(0), text(4), text(5), text(9)],
        ["web", "web", "core", "core"]
    );
}

#[test]
fn a_fact_told_later_had_no_value_before() {
    let log = with_history(vec![event(0, 1, created(None)), event(1, 5, team("core"))]);
    let team = log.fact("team").unwrap();
    let text = |second| log.text(log.fact_at(team, ItemIx(0), Sec(second)));
    assert_eq!([text(4), text(5)], ["", "core"]);
}

#[test]
fn the_first_creation_is_no_mark_a_later_one_is() {
    let log = with_history(vec![
        event(0, 1, created(None)),
        event(1, 3, Change::Deleted),
        event(2, 5, created(None)),
    ]);
    let marks: Vec<(Sec, MarkKind)> = log
        .marks(ItemIx(0))
        .iter()
        .map(|mark| (mark.at, mark.kind))
        .collect();
    assert_eq!(
        marks,
        [(Sec(3), MarkKind::Deleted), (Sec(5), MarkKind::Created)]
    );
}

#[test]
fn a_renamed_status_keeps_its_place_and_has_its_new_name() {
    let (mut builder, source) = begin();
    let first = builder.status(source, "7", "In Review").unwrap();
    assert_eq!(builder.status(source, "7", "Review").unwrap(), first);
    let log = builder.finish();
    assert_eq!(log.statuses().len(), 1);
    assert_eq!(log.statuses()[0].name, "Review");
}

#[test]
fn the_same_id_in_two_sources_is_two_items() {
    let (mut builder, source) = begin();
    let other = builder.source(&SourceName::new("other")).unwrap();
    let a = builder.item(source, "17").unwrap();
    let b = builder.item(other, "17").unwrap();
    assert_ne!(a, b);
    assert_eq!(builder.item(source, "17").unwrap(), a);
    let log = builder.finish();
    assert_eq!(log.find(other, "17"), Some(b));
    assert_eq!(log.find(other, "18"), None);
}

const ITEMS: [&str; 3] = ["a", "b", "c"];
const STATUSES: [&str; 3] = ["new", "open", "done"];
const TEAMS: [&str; 3] = ["", "web", "core"];

/// Rows with instants that are all different, some within one second, and another order of them.
fn rows_twice() -> impl Strategy<Value = (Vec<Row>, Vec<Row>)> {
    let row = (0..3_usize, 0..3_usize, 0..3_usize);
    let rows = proptest::collection::vec(row, 0..30).prop_map(|rows| {
        let row = |(at, (item, status, team)): (i64, (usize, usize, usize))| {
            (ITEMS[item], 1_000 + at * 400, STATUSES[status], TEAMS[team])
        };
        (0..).zip(rows).map(row).collect::<Vec<Row>>()
    });
    rows.prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn rows_in_any_order_give_the_same_log((rows, shuffled) in rows_twice()) {
        prop_assert_eq!(told(&build(&rows)), told(&build(&shuffled)));
    }

    #[test]
    fn every_row_is_in_the_log((rows, shuffled) in rows_twice()) {
        let log = build(&shuffled);
        prop_assert_eq!(log.move_count(), rows.len());
        let team = log.fact("team").unwrap();
        for (item, at, status, value) in &rows {
            let found = log.find(SourceIx(0), item).unwrap();
            let second = Millis(*at).floor().unwrap();
            let (instants, targets) = log.moves(found);
            let mut moves = instants.iter().zip(targets);
            let same = |to: &StatusIx| log.statuses()[to.index()].name == *status;
            let found_move = moves.any(|(when, to)| *when == second && same(to));
            prop_assert!(found_move);
            let later = |row: &&Row| row.0 == *item && row.1 > *at && row.1 / 1_000 == at / 1_000;
            if !rows.iter().any(|row| later(&row)) {
                prop_assert_eq!(log.text(log.fact_at(team, found, second)), *value);
            }
        }
    }
}
