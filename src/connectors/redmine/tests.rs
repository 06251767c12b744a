mod contract;
mod paging;
mod server;
mod trouble;
mod whole;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde_json::json;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::Redmine;
use crate::clock::FixedClock;
use crate::connectors::collected::{Collected, Kept, moves};
use crate::connectors::http::HttpOptions;
use crate::connectors::http::stand_in::Hurried;
use crate::connectors::sync::Reach;
use crate::connectors::{Connector, Fault, SecretSource, TrackerSettings};
use crate::model::batch::Cursor;
use crate::model::event::Change;
use crate::model::id::SourceName;
use crate::model::time::Millis;
use server::{KEY, Server};

/// A connector, and the file its key is in.
struct Reader {
    redmine: Redmine,
    _key: NamedTempFile,
    tempo: Arc<Hurried>,
}

impl Reader {
    fn with_key(server: &Server, key: &str) -> Self {
        Self::with(server, key, "")
    }

    fn asking(server: &Server, query: &str) -> Self {
        Self::with(server, KEY, query)
    }

    fn with(server: &Server, key: &str, query: &str) -> Self {
        let mut file = NamedTempFile::new().unwrap();
        writeln!(file, "{key}").unwrap();
        let tempo = Hurried::new();
        let settings = TrackerSettings {
            url: server.http.url("/r"),
            user: None,
            token: SecretSource::File(file.path().to_owned()),
            query: query.to_owned(),
            fields: BTreeMap::new(),
            ca_file: None,
        };
        let options = HttpOptions {
            tempo: Arc::<Hurried>::clone(&tempo),
            ..HttpOptions::of(settings.url.clone())
        };
        let clock = Arc::new(FixedClock(Millis(0)));
        Self {
            redmine: Redmine::with(
                Reach::with(SourceName::new("r"), settings, options, clock).unwrap(),
            )
            .unwrap(),
            _key: file,
            tempo,
        }
    }

    fn new(server: &Server) -> Self {
        Self::with_key(server, KEY)
    }

    async fn sync(&self, cursor: Option<Cursor>) -> (Collected, Result<(), Fault>) {
        let mut sink = Collected::default();
        let cancel = CancellationToken::new();
        let outcome = self.redmine.sync(cursor, &mut sink, &cancel).await;
        (sink, outcome)
    }

    /// Reads what must be readable.
    async fn read(&self, cursor: Option<Cursor>) -> Collected {
        let (sink, outcome) = self.sync(cursor).await;
        assert_eq!(outcome, Ok(()));
        sink
    }
}

fn told(kept: &Kept) -> BTreeMap<String, Vec<(i64, String)>> {
    let ids = BTreeMap::new();
    kept.iter()
        .map(|(id, events)| (id.clone(), moves(events, &ids)))
        .collect()
}

/// Tickets 1 to `count`, one a minute, long settled.
fn minutes(count: u64) -> Server {
    Server::new(|state| {
        for id in 1..=count {
            state.add(id, i64::try_from(id).unwrap() * 60 - 900_000);
        }
    })
}

#[tokio::test]
async fn an_empty_project_takes_two_requests() {
    let server = minutes(0);
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(
        server.http.paths(),
        ["/r/users/current.json", "/r/issues.json"]
    );
    assert_eq!((sink.requests, sink.batches.len()), (2, 1));
}

#[tokio::test]
async fn all_is_read_in_the_order_of_the_list_and_then_nothing() {
    let server = minutes(250);
    server.state().shift(3, 2);
    server.state().shift(3, 4);
    server.state().now += 3_600;
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    assert_eq!(told(&first.kept()), server.state().truth());
    let order: Vec<String> = first
        .batches
        .iter()
        .flat_map(|batch| batch.items.iter().map(|item| item.item.clone()))
        .collect();
    let expected: Vec<String> = (1..=250)
        .filter(|id| *id != 3)
        .chain([3])
        .map(|id| id.to_string())
        .collect();
    assert_eq!(order, expected);
    assert_eq!(first.statuses()["4"], "Done");
    assert_eq!(
        first.progress.last().map(|told| (told.done, told.total)),
        Some((250, Some(250)))
    );
    // The key, three pages, three lists of names, every issue once.
    assert_eq!(first.requests, 1 + 3 + 3 + 250);

    let second = reader.read(first.cursor()).await;
    assert_eq!((second.requests, second.batches), (2, vec![]));
    let another = Reader::new(&server).read(first.cursor()).await;
    assert_eq!((another.requests, another.batches), (2, vec![]));
}

#[tokio::test]
async fn an_increment_fetches_what_changed() {
    let server = minutes(150);
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    server.state().shift(7, 2);
    server.state().add(900, 40_000);
    server.state().now += 600;
    let second = reader.read(first.cursor()).await;
    let fetched: Vec<&str> = second.batches[0]
        .items
        .iter()
        .map(|item| item.item.as_str())
        .collect();
    assert_eq!(fetched, ["7", "900"]);
    let mut kept = first.kept();
    second.keep_in(&mut kept);
    assert_eq!(told(&kept), server.state().truth());
    let third = reader.read(second.cursor()).await;
    assert_eq!((third.requests, third.batches), (2, vec![]));
}

#[tokio::test]
async fn a_thousand_issues_are_fetched_four_at_a_time() {
    let server = Server::crowded(4, |state| {
        for id in 1..=1_000 {
            state.add(id, 0);
        }
    });
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    assert_eq!(first.kept().len(), 1_000);
    assert_eq!(server.http.most_at_once(), 4);
    // All of one instant: ten pages by offset, the first one twice.
    let lists = server
        .http
        .paths()
        .iter()
        .filter(|path| *path == "/r/issues.json")
        .count();
    assert_eq!(lists, 12);
    let second = reader.read(first.cursor()).await;
    assert_eq!((second.requests, second.batches), (2, vec![]));
}

#[tokio::test]
async fn a_poll_cut_after_any_batch_goes_on_without_loss() {
    let server = minutes(450);
    for id in 100..200 {
        server.state().tickets.get_mut(&id).unwrap().updated = -890_000;
    }
    let mut kept = Kept::new();
    let mut cursor = None;
    let mut fetched = 0;
    for cut in 1.. {
        let cancel = CancellationToken::new();
        let mut sink = Collected {
            cancel_after: Some((1, cancel.clone())),
            ..Collected::default()
        };
        let outcome = Reader::new(&server)
            .redmine
            .sync(cursor.clone(), &mut sink, &cancel)
            .await;
        sink.keep_in(&mut kept);
        fetched += sink
            .batches
            .iter()
            .map(|batch| batch.items.len())
            .sum::<usize>();
        cursor = sink.cursor().or(cursor);
        match outcome {
            Ok(()) => break,
            Err(fault) => assert_eq!(fault, Fault::Stopped),
        }
        assert!(cut < 20);
    }
    assert_eq!(told(&kept), server.state().truth());
    assert_eq!(fetched, 450, "an issue was fetched twice");
}

#[tokio::test]
async fn a_person_whom_one_issue_names_is_named_in_all() {
    let server = minutes(2);
    let (old, new) = (json!("8"), json!(null));
    let left =
        json!([{"property": "attr", "name": "assigned_to_id", "old_value": old, "new_value": new}]);
    let journal = json!({"id": 1, "created_on": "2026-11-20T00:00:00Z", "details": left});
    server.state().tickets.get_mut(&1).unwrap().over = json!({ "journals": [journal] });
    let named = json!({"assigned_to": {"id": 8, "name": "Eve"}});
    server.state().tickets.get_mut(&2).unwrap().over = named;
    let kept = Reader::new(&server).read(None).await.kept();
    let first = &kept["1"]["created.assigned_to_id"].change;
    assert!(
        matches!(first, Change::Set { new: Some(name), .. } if name == "Eve"),
        "{first:?}"
    );
}

#[tokio::test]
async fn a_cursor_of_another_kind_reads_all_again() {
    let server = minutes(5);
    let sink = Reader::new(&server)
        .read(Some(Cursor("page 3".to_owned())))
        .await;
    assert_eq!(sink.kept().len(), 5);
}

#[tokio::test]
async fn the_doctor_says_what_it_found() {
    let server = minutes(3);
    server.state().shift(1, 2);
    let checks = Reader::new(&server).redmine.check().await;
    let said: Vec<String> = checks
        .iter()
        .map(|check| format!("{}: {}", check.what, check.outcome.as_ref().unwrap()))
        .collect();
    let expected = [
        format!("reach {}/: it answers", server.http.url("/r")),
        "prove the key: it is ann's".to_owned(),
        "read the statuses: 4: New, Doing, Review, Done".to_owned(),
        "count the issues: 3, the oldest created 2026-11-12T14:01:00Z".to_owned(),
        "read the history of issue 1: 1 changes since its creation".to_owned(),
    ];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn the_doctor_stops_at_what_is_wrong() {
    let server = minutes(3);
    let wrong = Reader::with_key(&server, "wrong").redmine.check().await;
    assert_eq!(wrong.len(), 2);
    assert!(matches!(wrong[1].outcome, Err(Fault::Unauthorized { .. })));
    let mut keyless = Reader::new(&server);
    keyless.redmine.reach.settings.token = SecretSource::Env("WEIR_NO_SUCH_VARIABLE".to_owned());
    let keyless = keyless.redmine.check().await;
    assert_eq!(keyless[0].what, "fetch the token");
    assert!(matches!(keyless[0].outcome, Err(Fault::Unusable { .. })));
    let empty = Reader::new(&minutes(0)).redmine.check().await;
    assert!(
        empty[3]
            .outcome
            .as_ref()
            .unwrap()
            .starts_with("none matches")
    );
}
