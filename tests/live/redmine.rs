//! A Redmine that was filled by `.ci/redmine-history`, at `WEIR_LIVE_REDMINE_URL` with the API key
//! `WEIR_LIVE_REDMINE_KEY`; `WEIR_LIVE_CSV` is the file it was filled from.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use tokio_util::sync::CancellationToken;
use weir::connectors::{Connector, Fault, Redmine, SecretSource, TrackerSettings};
use weir::model::batch::Cursor;
use weir::model::id::SourceName;
use weir::model::time::Millis;

use super::sink::{Collected, Kept, fact, moves};

const KEY: &str = "WEIR_LIVE_REDMINE_KEY";

pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("the environment variable {name} is not set"))
}

fn redmine(token: SecretSource) -> Redmine {
    let settings = TrackerSettings {
        url: variable("WEIR_LIVE_REDMINE_URL").parse().unwrap(),
        user: None,
        token,
        query: String::new(),
        fields: BTreeMap::new(),
        ca_file: None,
    };
    Redmine::new(SourceName::new("live"), settings).unwrap()
}

async fn read(redmine: &Redmine, cursor: Option<Cursor>) -> Collected {
    let mut sink = Collected::default();
    let outcome = redmine
        .sync(cursor, &mut sink, &CancellationToken::new())
        .await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(sink.oddities, []);
    sink
}

/// What the file says: by case its instants and statuses, equal ones in a row told once.
fn expected() -> BTreeMap<String, Vec<(i64, String)>> {
    let mut cases: BTreeMap<String, Vec<(i64, String)>> = BTreeMap::new();
    let mut rows = csv::Reader::from_path(variable("WEIR_LIVE_CSV")).unwrap();
    for row in rows.deserialize() {
        let (case, status, time): (String, String, String) = row.unwrap();
        let at = Millis::parse(&time).unwrap().0;
        cases.entry(case).or_default().push((at, status));
    }
    for events in cases.values_mut() {
        events.sort_by_key(|(at, _)| *at);
        events.dedup_by(|next, before| next.1 == before.1);
    }
    cases
}

fn assert_equals_file(kept: &Kept, statuses: &BTreeMap<String, String>) {
    let mut found = BTreeMap::new();
    for (id, events) in kept {
        let case = fact(events, "title").unwrap();
        assert_eq!(fact(events, "key"), Some(format!("#{id}")));
        let twice = found.insert(case, moves(events, statuses));
        assert_eq!(twice, None, "issue {id} tells a case that another one told");
    }
    let expected = expected();
    assert!(!expected.is_empty(), "the file holds no case");
    assert_eq!(found.len(), expected.len());
    for (case, events) in &expected {
        assert_eq!(found.get(case), Some(events), "case {case}");
    }
    let count: usize = found.values().map(Vec::len).sum();
    println!("{} issues and {count} moves equal the file", found.len());
}

#[tokio::test]
#[ignore = "needs a Redmine"]
async fn every_issue_every_move_every_second() {
    let redmine = redmine(SecretSource::Env(KEY.to_owned()));
    let begin = Instant::now();
    let first = read(&redmine, None).await;
    println!(
        "read in {:?} with {} requests",
        begin.elapsed(),
        first.requests
    );
    assert_equals_file(&first.kept(), &first.statuses());

    let begin = Instant::now();
    let second = read(&redmine, first.cursor()).await;
    println!(
        "again in {:?} with {} requests",
        begin.elapsed(),
        second.requests
    );
    assert_eq!(second.requests, 2);
    assert_eq!(second.batches, []);
}

#[tokio::test]
#[ignore = "needs a Redmine"]
async fn cut_again_and_again() {
    let mut kept = Kept::new();
    let mut statuses = BTreeMap::new();
    let mut cursor = None;
    let mut cuts = 0;
    loop {
        let redmine = redmine(SecretSource::Env(KEY.to_owned()));
        let cancel = CancellationToken::new();
        let mut sink = Collected {
            cancel_after: Some((4, cancel.clone())),
            ..Collected::default()
        };
        let outcome = redmine.sync(cursor.clone(), &mut sink, &cancel).await;
        sink.keep_in(&mut kept);
        statuses.extend(sink.statuses());
        cursor = sink.cursor().or(cursor);
        match outcome {
            Ok(()) => break,
            Err(fault) => assert_eq!(fault, Fault::Stopped),
        }
        cuts += 1;
    }
    assert!(cuts > 1, "the poll was cut {cuts} times only");
    assert_equals_file(&kept, &statuses);
}

#[tokio::test]
#[ignore = "needs a Redmine"]
async fn a_wrong_key_is_said() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "0123456789abcdef0123456789abcdef01234567").unwrap();
    let redmine = redmine(SecretSource::File(file.path().to_owned()));
    let mut sink = Collected::default();
    let outcome = redmine
        .sync(None, &mut sink, &CancellationToken::new())
        .await;
    assert!(
        matches!(outcome, Err(Fault::Unauthorized { .. })),
        "{outcome:?}"
    );
    assert_eq!(sink.requests, 1);
    assert_eq!(sink.batches, []);
}

#[tokio::test]
#[ignore = "needs a Redmine"]
async fn the_doctor_finds_it_well() {
    let redmine = redmine(SecretSource::Env(KEY.to_owned()));
    let checks = redmine.check().await;
    for check in &checks {
        println!("{}: {:?}", check.what, check.outcome);
        assert!(check.outcome.is_ok());
    }
    assert_eq!(checks.len(), 5);
    let count = checks[3].outcome.clone().unwrap();
    assert!(
        count.starts_with(&format!("{}, the oldest", expected().len())),
        "{count}"
    );
}
