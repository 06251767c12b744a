mod contract;
mod recorded;
mod server;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use serde_json::json;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::GitLab;
use crate::clock::FixedClock;
use crate::connectors::collected::Collected;
use crate::connectors::http::HttpOptions;
use crate::connectors::http::stand_in::{Hurried, Reply};
use crate::connectors::sync::Reach;
use crate::connectors::{Connector, Fault, SecretSource, TrackerSettings};
use crate::model::batch::Cursor;
use crate::model::event::Change;
use crate::model::id::SourceName;
use crate::model::time::Millis;
use server::Server;

const TOKEN: &str = "glpat-0123456789abcdefghij";

fn gitlab(server: &Server, query: &str, token: &str) -> (GitLab, NamedTempFile) {
    let mut file = NamedTempFile::new().unwrap();
    writeln!(file, "{token}").unwrap();
    let settings = TrackerSettings {
        url: server.http.url("/git"),
        user: None,
        token: SecretSource::File(file.path().to_owned()),
        query: query.to_owned(),
        fields: BTreeMap::new(),
        ca_file: None,
    };
    let options = HttpOptions {
        tempo: Hurried::new(),
        ..HttpOptions::of(settings.url.clone())
    };
    let clock = Arc::new(FixedClock(Millis(0)));
    let gitlab =
        GitLab::with(Reach::with(SourceName::new("g"), settings, options, clock).unwrap()).unwrap();
    (gitlab, file)
}

async fn sync(
    server: &Server,
    query: &str,
    cursor: Option<Cursor>,
) -> (Collected, Result<(), Fault>) {
    let (gitlab, _token) = gitlab(server, query, TOKEN);
    let mut sink = Collected::default();
    let outcome = gitlab
        .sync(cursor, &mut sink, &CancellationToken::new())
        .await;
    (sink, outcome)
}

async fn read(server: &Server, query: &str, cursor: Option<Cursor>) -> Collected {
    let (sink, outcome) = sync(server, query, cursor).await;
    assert_eq!(outcome, Ok(()));
    sink
}

#[tokio::test]
async fn all_sorts_of_a_project_are_read() {
    let server = Server::new();
    let query = "project:acme/app issues merge-requests deployments:production";
    let first = read(&server, query, None).await;
    let items: Vec<String> = first.kept().into_keys().collect();
    assert_eq!(
        items,
        [
            "deployment/7/50",
            "issue/7/1",
            "issue/7/2",
            "merge-request/7/3"
        ]
    );
    assert_eq!(first.oddities, []);
    let kept = first.kept();
    let deployed = &kept["deployment/7/50"]["link.deploys.merge-request/7/3"];
    assert!(matches!(&deployed.change, Change::Linked { .. }));
    let again = read(&server, query, first.cursor()).await;
    // The project's number and the three lists.
    assert_eq!((again.requests, again.batches.len()), (4, 0));
}

#[tokio::test]
async fn a_group_is_read_through_all_its_projects() {
    let server = Server::new();
    let query = "group:acme issues deployments epics";
    let first = read(&server, query, None).await;
    let kept = first.kept();
    let items: Vec<&String> = kept.keys().collect();
    assert_eq!(
        items,
        [
            "deployment/7/50",
            "deployment/8/60",
            "epic/3/9",
            "issue/7/1",
            "issue/7/2"
        ]
    );
    let key = crate::connectors::collected::fact(&kept["issue/7/1"], "key");
    assert_eq!(key.as_deref(), Some("acme/app#1"));
    let parts = server.http.paths();
    assert!(parts.contains(&"/git/api/v4/groups/3/epics/909/resource_label_events".to_owned()));
}

#[tokio::test]
async fn a_history_of_several_pages_is_followed() {
    let server = Server::new();
    let sink = read(&server, "project:acme/app", None).await;
    let kept = sink.kept();
    let labels = kept["issue/7/2"]
        .keys()
        .filter(|id| id.starts_with("labels."));
    assert_eq!(labels.count(), 3);
}

#[tokio::test]
async fn what_the_tier_lacks_is_no_trouble() {
    let server = Server::new();
    for path in [
        "links",
        "resource_milestone_events",
        "resource_weight_events",
    ] {
        server.instead(path, [Reply::status(403), Reply::status(404)]);
    }
    let sink = read(&server, "project:acme/app", None).await;
    assert_eq!((sink.kept().len(), sink.oddities.len()), (2, 0));
}

#[tokio::test]
async fn an_artefact_that_could_not_be_had_is_asked_for_alone() {
    let server = Server::new();
    server.instead(
        "issues/1/resource_state_events",
        std::iter::repeat_n(Reply::status(500), 9),
    );
    let first = read(&server, "project:acme/app", None).await;
    assert_eq!((first.kept().len(), first.oddities.len()), (1, 1));
    let server = Server::new();
    let second = read(&server, "project:acme/app", first.cursor()).await;
    // Another server has another address, so all is read anew.
    assert_eq!(second.kept().len(), 2);
}

#[tokio::test]
async fn owed_artefacts_come_with_their_number() {
    let server = Server::new();
    server.instead(
        "issues/1/resource_state_events",
        std::iter::repeat_n(Reply::status(500), 6),
    );
    let first = read(&server, "project:acme/app", None).await;
    assert_eq!(first.kept().len(), 1);
    server.clear();
    let second = read(&server, "project:acme/app", first.cursor()).await;
    assert_eq!(second.kept().into_keys().collect::<Vec<_>>(), ["issue/7/1"]);
    let alone = server.http.asked();
    let alone = alone.iter().filter_map(|asked| asked.parameter("iids[]"));
    assert_eq!(alone.collect::<Vec<_>>(), ["1"]);
}

#[tokio::test]
async fn who_may_not_read_is_told_what_to_do() {
    for (status, what) in [
        (404, "GitLab has no project \"acme/app\""),
        (403, "does not let"),
    ] {
        let server = Server::new();
        server.instead("issues", std::iter::repeat_n(Reply::status(status), 3));
        let (_, outcome) = sync(&server, "project:acme/app", None).await;
        let fault = outcome.unwrap_err();
        assert!(fault.to_string().contains(what), "{fault}");
        assert!(fault.hint().contains("Reporter"), "{}", fault.hint());
    }
}

#[tokio::test]
async fn tokens_of_applications_go_another_way() {
    let server = Server::new();
    let digits = "0123456789abcdef".repeat(4);
    for (token, header, value) in [
        (TOKEN, "private-token", TOKEN.to_owned()),
        (&digits, "authorization", format!("Bearer {digits}")),
    ] {
        let (gitlab, _token) = gitlab(&server, "project:acme/app", token);
        gitlab.check().await;
        let asked = server.http.asked();
        assert_eq!(asked.last().unwrap().header(header), Some(value.as_str()));
    }
}

#[tokio::test]
async fn the_doctor_says_what_it_found() {
    let server = Server::new();
    let (gitlab, _token) = gitlab(&server, "project:acme/app issues merge-requests", TOKEN);
    let checks = gitlab.check().await;
    let said: Vec<String> = checks
        .iter()
        .map(|check| format!("{}: {}", check.what, check.outcome.as_ref().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            format!("reach {}: it answers", server.http.url("/git/api/v4/")),
            "prove the token: it is ann's".to_owned(),
            "find the lists: 2 to read".to_owned(),
            "count projects/acme/app/issues: 2".to_owned(),
            "read the history of issue/7/1: 0 labels, 1 states, 0 notes, 0 milestones, 0 links"
                .to_owned(),
            "count projects/acme/app/merge_requests: 1".to_owned(),
            "read the history of merge-request/7/3: 0 labels, 0 states, 1 notes, 0 milestones, \
             1 closes"
                .to_owned(),
        ]
    );
    server.instead(
        "user",
        [Reply::json(json!({"message": "404 Not Found"}).to_string())],
    );
    server.instead("projects/acme%2Fapp/issues", [Reply::status(404)]);
    let checks = gitlab.check().await;
    assert!(checks.last().unwrap().outcome.is_err(), "{checks:?}");
}
