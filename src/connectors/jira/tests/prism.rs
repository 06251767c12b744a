//! Every request against a server that answers from Atlassian's own descriptions, and refuses what
//! they do not know: Prism, at `WEIR_PRISM_JIRA` (the platform's API) and `WEIR_PRISM_JIRA_AGILE`
//! (the boards').

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::Value;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::connectors::http::Session;
use crate::connectors::jira::address::Deployment;
use crate::connectors::jira::{Jira, board, fetch, server};
use crate::connectors::sync::session;
use crate::connectors::sync::{Question, Tracker};
use crate::connectors::{Fault, SecretSource, TrackerSettings};
use crate::model::id::SourceName;
use crate::model::time::Millis;

fn jira(variable: &str, user: Option<&str>) -> (Jira, NamedTempFile) {
    let url = std::env::var(variable);
    let url: Url = url
        .unwrap_or_else(|_| panic!("the environment variable {variable} is not set"))
        .parse()
        .unwrap();
    let mut token = NamedTempFile::new().unwrap();
    writeln!(token, "anything").unwrap();
    let settings = TrackerSettings {
        url,
        user: user.map(str::to_owned),
        token: SecretSource::File(token.path().to_owned()),
        query: "project = HSP".to_owned(),
        fields: BTreeMap::new(),
        ca_file: None,
    };
    let jira = Jira::new(SourceName::new("j"), settings).unwrap();
    jira.known().set_deployment(Deployment::Cloud);
    (jira, token)
}

/// The server's own address of who it is exists in the description's version of the API only.
async fn who_it_is(jira: &Jira, session: &Session<'_>) -> Result<(), Fault> {
    let url = jira.address.at(&Deployment::Cloud.api("serverInfo"), &[]);
    let answer: Value = session.get(&url).await?.value;
    assert!(answer["baseUrl"].is_string());
    Ok(())
}

#[tokio::test]
#[ignore = "needs Prism serving Jira's description"]
async fn the_platform_knows_every_request() {
    let (jira, _token) = jira("WEIR_PRISM_JIRA", Some("ann@example.org"));
    let cancel = CancellationToken::new();
    let session = session(&jira, &cancel).await.unwrap();
    who_it_is(&jira, &session).await.unwrap();
    server::prove_key(&jira, &session).await.unwrap();
    server::find_scope(&jira, &session).await.unwrap();
    server::learn_statuses(&jira, &session).await.unwrap();
    server::learn_fields(&jira, &session).await.unwrap();
    assert!(!jira.known().names.statuses().is_empty());
    assert!(jira.count(&session).await.unwrap() > 0);
    server::oldest(&jira, &session).await.unwrap();
    let list = jira.lists(&session).await.unwrap().remove(0);
    for question in [
        Question::default(),
        Question {
            since: Some(Millis(1_700_000_000_000)),
            next: Some("CAEaAggD".to_owned()),
            ..Question::default()
        },
    ] {
        let page = jira.page(&session, &list, &question).await.unwrap();
        assert!(!page.rows.is_empty());
    }
    // The example of the changes has a next page, and it is always the same.
    let ids = vec!["10002".to_owned()];
    let outcome = fetch::all(&jira, &session, ids).await.unwrap();
    assert!(format!("{outcome:?}").contains("circles"), "{outcome:?}");
    for exchange in jira.reach.http.exchanges() {
        let is_fine = exchange.outcome.starts_with("fine");
        assert!(is_fine, "{exchange}");
    }
}

#[tokio::test]
#[ignore = "needs Prism serving the description of Jira's boards"]
async fn the_boards_know_every_request() {
    // This description knows bearers only.
    let (jira, _token) = jira("WEIR_PRISM_JIRA_AGILE", None);
    let cancel = CancellationToken::new();
    let session = session(&jira, &cancel).await.unwrap();
    for name in [None, Some("scrum board")] {
        let boards = board::all(&jira, &session, name).await.unwrap();
        assert_eq!(boards.len(), 2);
    }
    let number = board::find(&jira, &session, "scrum board").await.unwrap();
    let board = board::read(&jira, &session, number).await.unwrap();
    assert_eq!(board.columns.len(), 3);
    let issues = board::issues(&jira, &session, number).await.unwrap();
    assert_eq!(issues, "filter = \"1001\"");
}
