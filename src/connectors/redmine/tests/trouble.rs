//! A server that is not well, or does not know the key.

use std::iter::repeat_n;

use serde_json::json;

use super::server::{KEY, Server};
use super::{Reader, minutes, told};
use crate::connectors::http::stand_in::Reply;
use crate::connectors::{Connector, Fault};

#[tokio::test]
async fn a_wrong_key_is_said_and_nothing_read_as_nobody() {
    for login_required in [false, true] {
        let server = minutes(3);
        server.state().login_required = login_required;
        let (sink, outcome) = Reader::with_key(&server, "wrong").sync(None).await;
        let place = server.http.url("/r/users/current.json").to_string();
        assert_eq!(outcome, Err(Fault::Unauthorized { place }));
        assert_eq!((sink.requests, sink.batches.len()), (1, 0));
    }
}

#[tokio::test]
async fn a_server_that_names_nobody_has_not_proven_the_key() {
    for user in [
        json!({"user": {"id": 2, "login": ""}}),
        json!({"user": {"id": 2}}),
    ] {
        let server = minutes(3);
        server
            .state()
            .instead("users/current", [Reply::json(user.to_string())]);
        let (_, outcome) = Reader::new(&server).sync(None).await;
        assert!(
            matches!(outcome, Err(Fault::Unauthorized { .. })),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn the_key_is_in_no_address_and_no_fault() {
    let server = minutes(3);
    server
        .state()
        .instead("issues.json", [Reply::html(&format!("<p>{KEY}</p>"))]);
    let (_, outcome) = Reader::new(&server).sync(None).await;
    assert!(!format!("{outcome:?}").contains(KEY));
    for asked in server.http.asked() {
        assert!(!asked.url.as_str().contains(KEY));
        assert_eq!(asked.header("x-redmine-api-key"), Some(KEY));
    }
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_waited_for() {
    let server = minutes(3);
    let wait = Reply::status(429).with("Retry-After", "7");
    server
        .state()
        .instead("issues.json", [wait, Reply::status(429), Reply::Cut]);
    let reader = Reader::new(&server);
    let sink = reader.read(None).await;
    assert_eq!(told(&sink.kept()), server.state().truth());
    assert_eq!(reader.tempo.waits(), [7_250, 4_000, 2_000]);
}

#[tokio::test]
async fn a_server_that_fails_is_said_and_the_next_poll_reads_all() {
    let failures = [
        Reply::status(500),
        Reply::html("<h1>Maintenance</h1>"),
        Reply::json("{\"odd\": 1}"),
        Reply::json("{\"issues\": 5}"),
        Reply::status(403),
        Reply::status(404),
        Reply::Cut,
    ];
    for failure in failures {
        let server = minutes(120);
        server
            .state()
            .instead("issues.json", repeat_n(failure.clone(), 4));
        let reader = Reader::new(&server);
        let (sink, outcome) = reader.sync(None).await;
        assert!(outcome.is_err(), "{failure:?}");
        assert_eq!(sink.batches, [], "{failure:?}");
        server.state().instead.clear();
        let sink = reader.read(None).await;
        assert_eq!(told(&sink.kept()), server.state().truth());
    }
}

#[tokio::test]
async fn a_server_that_gives_no_details_is_at_fault_and_nothing_is_passed_over() {
    for failure in [Reply::status(500), Reply::html("Busy"), Reply::json("{}")] {
        let server = minutes(3);
        server
            .state()
            .instead("issues/", repeat_n(failure.clone(), 500));
        let reader = Reader::new(&server);
        let (sink, outcome) = reader.sync(None).await;
        assert!(
            matches!(outcome, Err(Fault::Server { .. } | Fault::BadAnswer { .. })),
            "{outcome:?}"
        );
        assert_eq!(sink.cursor(), None);
    }
}

#[tokio::test]
async fn one_issue_that_cannot_be_read_is_asked_for_again_by_the_next_poll() {
    let server = minutes(120);
    server
        .state()
        .instead("issues/50.json", repeat_n(Reply::status(500), 6));
    let reader = Reader::new(&server);
    let first = reader.read(None).await;
    assert_eq!(first.kept().len(), 119);
    assert_eq!(first.oddities.len(), 1);
    assert_eq!(first.oddities[0].place, "issue 50");
    assert!(first.oddities[0].what.contains("fails with status 500"));
    let mut kept = first.kept();
    let second = reader.read(first.cursor()).await;
    assert_eq!(second.kept().len(), 0);
    let third = reader.read(second.cursor().or(first.cursor())).await;
    third.keep_in(&mut kept);
    assert_eq!(told(&kept), server.state().truth());
    let fourth = reader.read(third.cursor()).await;
    assert_eq!((fourth.requests, fourth.batches), (2, vec![]));
}

#[tokio::test]
async fn an_issue_that_is_deleted_between_list_and_details_is_listed() {
    let server = minutes(3);
    server
        .state()
        .instead("issues/2.json", [Reply::status(404)]);
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(sink.kept().len(), 2);
    assert!(sink.oddities[0].what.contains("is not there any more"));
}

#[tokio::test]
async fn names_that_the_server_keeps_to_itself_are_done_without() {
    let server = minutes(3);
    server.state().instead("trackers", [Reply::status(403)]);
    server.state().instead("enumerations", [Reply::status(404)]);
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(told(&sink.kept()), server.state().truth());
}

#[tokio::test]
async fn a_status_without_a_name_is_called_by_its_id_and_said_once() {
    let server = Server::new(|state| {
        for id in 1..=3 {
            state.add(id, 0);
            state.shift(id, 77);
        }
    });
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(sink.statuses()["77"], "77");
    assert_eq!(sink.oddities.len(), 1);
    assert!(sink.oddities[0].what.contains("its status 77 is not among"));
}

#[tokio::test]
async fn an_issue_with_odd_fields_does_not_spoil_the_page() {
    let server = minutes(3);
    server.state().tickets.get_mut(&2).unwrap().over = json!({"created_on": null, "tracker": 5});
    let sink = Reader::new(&server).read(None).await;
    assert_eq!(sink.kept().keys().collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(sink.oddities[0].place, "issue 2");
}

#[tokio::test]
async fn a_project_that_is_not_there_is_named() {
    let server = minutes(3);
    let missing = repeat_n(Reply::status(404), 2);
    server.state().instead("issues.json", missing);
    let reader = Reader::asking(&server, "project_id=payments");
    let (_, outcome) = reader.sync(None).await;
    let fault = outcome.unwrap_err();
    assert!(
        fault.to_string().ends_with("has no project \"payments\""),
        "{fault}"
    );
    assert!(fault.hint().contains("`query`"), "{}", fault.hint());
    let checks = reader.redmine.check().await;
    assert_eq!(checks.last().unwrap().outcome, Err(fault));
}

#[tokio::test]
async fn a_server_that_is_no_redmine_is_said() {
    let server = minutes(3);
    let missing = repeat_n(Reply::status(404), 2);
    server.state().instead("users/", missing);
    let reader = Reader::new(&server);
    let (_, outcome) = reader.sync(None).await;
    let fault = outcome.unwrap_err();
    let expected = format!(
        "a server answers, but there is no Redmine at {}/",
        server.http.url("/r")
    );
    assert_eq!(fault.to_string(), expected);
    let checks = reader.redmine.check().await;
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].outcome, Err(fault));
}
