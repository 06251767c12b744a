//! The official description of the API, served by a mock that refuses what it does not know: Prism,
//! at `WEIR_PRISM_AZURE`. The description knows paths with a team and a project only; the mock is to
//! serve it with paths without them beside, as the API has them.

use std::collections::BTreeSet;
use std::io::Write;

use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use crate::connectors::azure::AzureDevops;
use crate::connectors::azure::bulk::{Lane, Reporting};
use crate::connectors::azure::fields::Fields;
use crate::connectors::azure::query::StatusBy;
use crate::connectors::http::Session;
use crate::connectors::sync::Question;
use crate::connectors::sync::session;
use crate::connectors::{Connector, SecretSource, TrackerSettings};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// A token of the kind that the description asks for.
const TOKEN: &str = "head.body.sign";

fn azure(query: &str) -> (AzureDevops, NamedTempFile) {
    let place = std::env::var("WEIR_PRISM_AZURE").expect("WEIR_PRISM_AZURE: the mock's address");
    let mut token = NamedTempFile::new().unwrap();
    writeln!(token, "{TOKEN}").unwrap();
    let settings = TrackerSettings {
        url: format!("{place}/acme").parse().unwrap(),
        user: None,
        token: SecretSource::File(token.path().to_owned()),
        query: query.to_owned(),
        fields: [].into(),
        ca_file: None,
    };
    (
        AzureDevops::new(SourceName::new("a"), settings).unwrap(),
        token,
    )
}

/// Sends each request once. What comes back is random: only whether it was accepted counts.
async fn ask_all(azure: &AzureDevops, session: &Session<'_>) {
    let fields = Fields::new(&[].into(), &[].into(), &StatusBy::State);
    let since = Millis::parse("2026-03-02T09:00:00.5Z");
    for question in [
        Question::default(),
        Question {
            since,
            ..Question::default()
        },
        Question {
            since,
            offset: 0,
            next: Some("7".to_owned()),
        },
    ] {
        let _ = azure.items(session, &question).await;
    }
    let _ = azure
        .rows(session, &[1, 2], Some("2026-03-02T09:00:00.5Z"))
        .await;
    let _ = azure.rows(session, &[1], None).await;
    let _ = azure.updates(session, "7", &fields).await;
    let _ = azure.deleted(session).await;
    let _ = azure.learn_deleted(session, &[1, 2]).await;
    let _ = azure.names(session).await;
    let reporting = Reporting {
        session,
        address: &azure.address,
        project: azure.query.project(),
        fields: &fields,
        known: &BTreeSet::from(["System.State".to_owned()]),
    };
    let lanes = [
        Lane::default(),
        Lane {
            after: since,
            until: None,
        },
    ];
    let _ = reporting.read((1..20).collect(), &lanes).await;
    let _ = azure.lanes(session, &(1..2_001).collect()).await;
}

#[tokio::test]
#[ignore = "needs Prism with the official description at WEIR_PRISM_AZURE"]
async fn the_official_description_accepts_every_request() {
    for query in [
        "",
        "project:Pay type in (Bug, \"User Story\") tag:x where [System.Id] > 5",
    ] {
        let (azure, _token) = azure(query);
        let cancel = CancellationToken::new();
        let session = session(&azure, &cancel).await.unwrap();
        ask_all(&azure, &session).await;
        let exchanges = azure.exchanges();
        assert!(exchanges.len() >= 10, "{exchanges:?}");
        for exchange in exchanges {
            assert!(exchange.outcome.starts_with("fine"), "{exchange}");
        }
    }
}
