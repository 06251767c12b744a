//! Servers made from GitHub's own descriptions accept all that is asked. They are started by
//! `.ci/run contracts`, which says where they are.

use std::io::Write;
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use crate::clock::FixedClock;
use crate::connectors::collected::Collected;
use crate::connectors::github::address::{Places, Turned};
use crate::connectors::github::{GitHub, questions, survey};
use crate::connectors::http::{HttpOptions, Query};
use crate::connectors::sync::{Reach, session};
use crate::connectors::{Connector, Exchange, Fault, SecretSource, TrackerSettings};
use crate::model::id::SourceName;
use crate::model::time::Millis;

fn place(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("the environment variable {name} is not set"))
}

fn github(query: &str) -> (GitHub, NamedTempFile) {
    let mut key = NamedTempFile::new().unwrap();
    writeln!(key, "0123456789").unwrap();
    let places = Places {
        rest: place("WEIR_PRISM_GITHUB").parse().unwrap(),
        graphql: place("WEIR_GRAPHQL_GITHUB").parse().unwrap(),
    };
    let settings = TrackerSettings {
        url: places.rest.clone(),
        user: None,
        token: SecretSource::File(key.path().to_owned()),
        query: query.to_owned(),
        fields: [].into(),
        ca_file: None,
    };
    let options = HttpOptions::of(places.rest.clone());
    let clock = Arc::new(FixedClock(Millis(0)));
    let reach = Reach::with(SourceName::new("g"), settings, options, clock);
    let github = GitHub::with(reach.unwrap(), places).unwrap();
    (github, key)
}

fn assert_accepted(exchanges: &[Exchange]) {
    assert!(!exchanges.is_empty());
    for exchange in exchanges {
        assert!(exchange.outcome.starts_with("fine"), "{exchange}");
    }
}

#[tokio::test]
#[ignore = "needs a server made from the GraphQL schema"]
async fn every_question_is_in_the_schema() {
    let (github, _key) = github("repo:acme/pay");
    let cancel = CancellationToken::new();
    let session = session(&github, &cancel).await.unwrap();
    let commit = "0".repeat(40);
    let mut carried = json!({"owner": "acme", "name": "pay"});
    for at in 0..questions::COMMITS_AT_ONCE {
        carried[format!("c{at}")] = json!(commit);
    }
    let ids = json!({"ids": ["a", "b"]});
    let more = json!({"id": "a", "after": "b"});
    let pages = json!({"owner": "acme", "name": "pay", "environments": ["production"]});
    for (text, variables) in [
        (questions::VIEWER, json!({})),
        (
            questions::REPOSITORY,
            json!({"owner": "acme", "name": "pay"}),
        ),
        (
            questions::REPOSITORIES,
            json!({"login": "acme", "after": null}),
        ),
        (questions::PROJECT, json!({"login": "acme", "number": 7})),
        (questions::BOARD, json!({"id": "a", "after": null})),
        (questions::NODES, ids.clone()),
        (questions::NODES_ON_BOARD, ids),
        (questions::MORE, more.clone()),
        (questions::MORE_ON_BOARD, more),
        (questions::DEPLOYMENTS, pages),
        (questions::CARRIED, carried),
        (survey::PROJECTS, json!({})),
        (survey::STATUS, json!({"login": "acme", "number": 7})),
    ] {
        let query = Query { text, variables };
        let answer = session
            .graphql::<Value>(&github.places.graphql, &query)
            .await;
        assert!(answer.is_ok(), "{:?}\n{text}", answer.err());
    }
}

#[tokio::test]
#[ignore = "needs a server made from the OpenAPI description"]
async fn every_address_is_in_the_description() {
    let (github, _key) = github("repo:acme/pay");
    let cancel = CancellationToken::new();
    let session = session(&github, &cancel).await.unwrap();
    let labels = ["good first issue".to_owned()];
    let page = Turned {
        since: Some(Millis(1_700_000_000_000)),
        number: 2,
    };
    for url in [
        github.places.issues("acme/pay", &labels, page),
        github.places.issue("acme/pay", "12"),
        github.places.runs("acme/pay", 2),
    ] {
        // A link to another host is refused once the answer is there.
        let _ = session.get::<Value>(&url).await;
    }
    let exchanges = github.exchanges();
    assert_eq!(exchanges.len(), 3);
    assert_accepted(&exchanges);
}

/// What comes is made up anew for each name: a number may be below zero, and so none of a repository.
const NAMES: usize = 30;

#[tokio::test]
#[ignore = "needs both servers"]
async fn a_sync_asks_for_nothing_that_is_refused_and_ends() {
    let more = " project:acme/7 deployments:production incidents:workflow:x.yml";
    for more in ["", more] {
        let mut outcome = Ok(());
        for name in 0..NAMES {
            let (github, _key) = github(&format!("repo:acme/pay{name}{more}"));
            let mut sink = Collected::default();
            outcome = github
                .sync(None, &mut sink, &CancellationToken::new())
                .await;
            assert_accepted(&github.exchanges());
            if !matches!(outcome, Err(Fault::Unusable { .. })) {
                break;
            }
        }
        // A link to another host may be among what comes.
        let ends = matches!(outcome, Ok(()) | Err(Fault::BadAnswer { .. }));
        assert!(ends, "{outcome:?}");
    }
}
