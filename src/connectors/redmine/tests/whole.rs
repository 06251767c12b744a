//! Reading from the start where something else is asked for, and saying so.

use std::iter::repeat_n;

use tokio_util::sync::CancellationToken;

use super::server::Server;
use super::{Reader, minutes};
use crate::connectors::collected::Collected;
use crate::connectors::http::stand_in::Reply;
use crate::connectors::{Connector, Fault};
use crate::model::batch::Cursor;

const FEW: &str = "issue_id=1,2,3";

async fn cut_after(server: &Server, query: &str, cursor: Option<Cursor>) -> Collected {
    let cancel = CancellationToken::new();
    let mut sink = Collected {
        cancel_after: Some((1, cancel.clone())),
        ..Collected::default()
    };
    let reader = Reader::asking(server, query);
    let outcome = reader.redmine.sync(cursor, &mut sink, &cancel).await;
    assert_eq!(outcome, Err(Fault::Stopped));
    sink
}

#[tokio::test]
async fn all_that_is_asked_for_is_said_to_be_whole_and_an_increment_is_not() {
    let server = minutes(150);
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    assert_eq!(first.wholes, 1);
    server.state().shift(7, 2);
    server.state().now += 600;
    let second = reader.read(first.cursor()).await;
    assert_eq!((second.kept().len(), second.wholes), (1, 0));
}

#[tokio::test]
async fn another_query_reads_from_the_start() {
    let server = minutes(150);
    let first = Reader::new(&server).read(None).await;
    let narrow = Reader::asking(&server, FEW).read(first.cursor()).await;
    assert_eq!(narrow.kept().keys().collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(narrow.wholes, 1);
    let again = Reader::asking(&server, FEW).read(narrow.cursor()).await;
    assert_eq!((again.requests, again.wholes), (2, 0));
    let wide = Reader::new(&server).read(narrow.cursor()).await;
    assert_eq!((wide.kept().len(), wide.wholes), (150, 1));
}

#[tokio::test]
async fn a_query_that_nothing_matches_leaves_nothing() {
    let server = minutes(3);
    let first = Reader::new(&server).read(None).await;
    let none = Reader::asking(&server, "issue_id=9")
        .read(first.cursor())
        .await;
    assert_eq!((none.kept().len(), none.wholes), (0, 1));
    assert!(none.cursor().is_some());
}

#[tokio::test]
async fn other_fields_read_from_the_start_too() {
    let server = minutes(3);
    let first = Reader::new(&server).read(None).await;
    let mut other = Reader::new(&server);
    other.redmine.reach.settings.fields = [("Team".to_owned(), "team".to_owned())].into();
    let sink = other.read(first.cursor()).await;
    assert_eq!((sink.kept().len(), sink.wholes), (3, 1));
}

#[tokio::test]
async fn a_cut_run_is_not_whole_and_the_next_one_begins_at_the_start() {
    let server = minutes(150);
    let all = Reader::new(&server).read(None).await;
    let other = format!(
        "issue_id={}",
        (1..=120)
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
            .join(",")
    );
    let cut = cut_after(&server, &other, all.cursor()).await;
    assert_eq!(cut.wholes, 0);
    let next = Reader::asking(&server, &other).read(cut.cursor()).await;
    assert_eq!((next.kept().len(), next.wholes), (120, 1));
    // Back to what was asked for before: what the cut run read has to be looked at again.
    let back = Reader::new(&server).read(cut.cursor()).await;
    assert_eq!((back.kept().len(), back.wholes), (150, 1));
}

#[tokio::test]
async fn what_could_not_be_read_is_not_said_to_be_gone() {
    let server = minutes(30);
    server
        .state()
        .instead("issues/2.json", repeat_n(Reply::status(500), 6));
    let first = Reader::new(&server).read(None).await;
    assert_eq!((first.kept().len(), first.wholes), (29, 0));
    assert_eq!(first.oddities.len(), 1);
    let few = Reader::asking(&server, FEW).read(first.cursor()).await;
    assert_eq!((few.kept().len(), few.wholes), (2, 0));
    assert!(few.oddities[1].what.contains("weir sync --full"));
}
