//! A list that changes while it is read.

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::server::{Server, State};
use super::{Reader, minutes, told};
use crate::connectors::collected::{Collected, Kept};
use crate::connectors::http::stand_in::Asked;
use crate::connectors::{Connector, Fault};

#[tokio::test]
async fn issues_that_move_to_the_end_while_paging_make_nobody_skipped() {
    let server = minutes(300);
    let mut next = 0;
    server.state().before = Some(Box::new(move |state: &mut State, asked: &Asked| {
        // Before each page an issue of the pages before moves to the end: all behind it move up.
        if asked.path() == "/r/issues.json" && next < 5 {
            next += 1;
            state.shift(next, 2);
            state.now += 1;
        }
    }));
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    let mut kept = first.kept();
    assert_eq!(kept.len(), 300);
    server.state().before = None;
    server.state().now += 120;
    reader.read(first.cursor()).await.keep_in(&mut kept);
    assert_eq!(told(&kept), server.state().truth());
}

#[tokio::test]
async fn issues_of_one_instant_that_move_make_nobody_skipped() {
    let server = Server::new(|state| (1..=350).for_each(|id| state.add(id, 0)));
    let mut pages = 0;
    server.state().before = Some(Box::new(move |state: &mut State, asked: &Asked| {
        if asked.path() == "/r/issues.json" {
            pages += 1;
            if pages == 3 || pages == 6 {
                state.shift(pages, 2);
            }
        }
    }));
    let first = Reader::new(&server).read(None).await;
    assert_eq!(first.kept().len(), 350);
}

#[tokio::test]
async fn an_issue_that_changes_twice_in_a_second_is_read_whole_in_the_end() {
    let server = minutes(2);
    server.state().shift(1, 2);
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    // Again in the same second: the list will show the same time as before.
    server.state().shift(1, 3);
    server.state().now += 5;
    let second = reader.read(first.cursor()).await;
    let mut kept = first.kept();
    second.keep_in(&mut kept);
    assert_eq!(told(&kept), server.state().truth());
}

#[tokio::test]
async fn an_issue_that_was_just_kept_and_changes_again_is_fetched_again() {
    let server = minutes(2);
    server.state().shift(1, 2);
    server.state().now += 10;
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    server.state().shift(1, 3);
    server.state().now += 10;
    let second = reader.read(first.cursor()).await;
    assert_eq!(told(&second.kept())["1"], server.state().truth()["1"]);
    assert_eq!(second.kept().len(), 1, "issue 2 was fetched again");
    let third = reader.read(second.cursor()).await;
    assert_eq!((third.requests, third.kept().len()), (2, 0));
}

#[tokio::test]
async fn an_update_that_becomes_visible_late_is_found() {
    let server = minutes(2);
    server.state().shift(1, 2);
    server.state().now += 10;
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    // Its instant lies before that of issue 1, which was read.
    server.state().add(3, 39_995);
    server.state().now += 10;
    let second = reader.read(first.cursor()).await;
    assert!(second.kept().contains_key("3"));
}

#[tokio::test]
async fn rows_that_come_twice_are_fetched_once() {
    let server = minutes(3);
    let row = |id: u64| json!({"id": id, "updated_on": "2026-11-12T14:01:00Z"});
    let page = json!({"issues": [row(1), row(1), row(2), row(1)], "total_count": 4, "limit": 100});
    let reply = crate::connectors::http::stand_in::Reply::json(page.to_string());
    server.state().instead("issues.json", [reply]);
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(sink.kept().len(), 2);
    let fetched = server
        .http
        .paths()
        .iter()
        .filter(|path| path.starts_with("/r/issues/"))
        .count();
    assert_eq!(fetched, 2);
}

#[tokio::test]
async fn odd_rows_are_listed_and_the_rest_is_read() {
    let server = minutes(2);
    let row = json!({"id": 1, "updated_on": "2026-11-12T14:01:00Z"});
    let odd = json!({"issues": ["what", {"id": 9}, null, row, {"id": "x"}], "total_count": 5, "limit": 100});
    let reply = crate::connectors::http::stand_in::Reply::json(odd.to_string());
    server.state().instead("issues.json", [reply]);
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(sink.kept().keys().collect::<Vec<_>>(), ["1"]);
    let places: Vec<&str> = sink.oddities.iter().map(|odd| odd.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "the list of issues",
            "issue 9",
            "the list of issues",
            "the list of issues"
        ]
    );
}

/// Numbers that look like chance, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Whatever people do between two requests.
fn meddle(state: &mut State, dice: &mut Dice) {
    let ids: Vec<u64> = state.tickets.keys().copied().collect();
    let any = ids[usize::try_from(dice.roll(ids.len() as u64)).unwrap()];
    match dice.roll(12) {
        0..=2 => state.shift(any, 1 + dice.roll(4)),
        3 => ids.iter().take(12).for_each(|id| state.shift(*id, 2)),
        4 => state.add(1_000 + ids.len() as u64, state.now),
        5..=6 => state.now += 1,
        7 => state.now += 4,
        8 => state.now += i64::try_from(dice.roll(40)).unwrap(),
        _ => {}
    }
}

/// Reads while people work and the poll is cut now and then; returns what was kept.
async fn read_through_unrest(server: &Server, seed: u64) -> Kept {
    let mut dice = Dice(seed);
    let mut kept = Kept::new();
    let mut cursor = None;
    for round in 0..6 {
        let calm = round >= 4;
        if calm {
            server.state().before = None;
            server.state().now += 120;
        } else {
            let mut dice = Dice(seed + 1_000 * round);
            server.state().before = Some(Box::new(move |state, _| meddle(state, &mut dice)));
        }
        let cancel = CancellationToken::new();
        let after = if calm {
            usize::MAX
        } else {
            1 + usize::try_from(dice.roll(4)).unwrap()
        };
        let mut sink = Collected {
            cancel_after: Some((after, cancel.clone())),
            ..Collected::default()
        };
        let outcome = Reader::new(server)
            .redmine
            .sync(cursor.clone(), &mut sink, &cancel)
            .await;
        assert!(
            matches!(outcome, Ok(()) | Err(Fault::Stopped)),
            "{outcome:?}"
        );
        assert!(!calm || outcome.is_ok());
        sink.keep_in(&mut kept);
        cursor = sink.cursor().or(cursor);
        if round == 5 {
            assert!(
                sink.batches.iter().all(|batch| batch.items.is_empty()),
                "not at rest"
            );
        }
    }
    kept
}

/// How many times people do something else.
const SEEDS: u64 = 60;

#[tokio::test]
async fn nothing_is_lost_or_doubled_whatever_people_do_meanwhile() {
    for seed in 0..SEEDS {
        let server = Server::new(|state| {
            state.page = 5;
            (1..=40).for_each(|id| state.add(id, 39_950 + i64::try_from(id / 9).unwrap()));
        });
        let kept = read_through_unrest(&server, seed).await;
        let truth = server.state().truth();
        for (id, moves) in told(&kept) {
            assert_eq!(moves, truth[&id], "issue {id}, seed {seed}");
        }
        assert_eq!(kept.len(), truth.len(), "seed {seed}");
    }
}
