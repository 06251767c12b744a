//! What goes wrong, said so that someone can mend it.

use serde_json::json;

use super::server::{json, path};
use super::{Reader, list};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::{Connector, Fault};

fn empty(asked: &Asked) -> Reply {
    match path(asked) {
        "wit/wiql" => json(&json!({"workItems": []})),
        _ => list(json!([])),
    }
}

#[tokio::test]
async fn a_personal_token_is_a_password_and_a_token_of_entra_a_bearer() {
    for (token, expected) in [
        ("abc123", "Basic OmFiYzEyMw=="),
        ("eyJh.eyJi.c2ln", "Bearer eyJh.eyJi.c2ln"),
    ] {
        let reader = Reader::with_token(token, "", empty);
        reader.read(None).await;
        let asked = reader.server.asked();
        assert_eq!(asked[0].header("authorization"), Some(expected));
        assert_eq!(asked[0].header("x-tfs-fedauthredirect"), Some("Suppress"));
    }
}

#[tokio::test]
async fn a_page_to_sign_in_at_is_a_wrong_token() {
    let reader = Reader::new("", |_| {
        let page = Reply::html("<title>Azure DevOps Services | Sign In</title>");
        match page {
            Reply::Whole { headers, body, .. } => Reply::Whole {
                status: 203,
                headers,
                body,
            },
            reply => reply,
        }
    });
    let (_, outcome) = reader.sync(None).await;
    assert!(
        matches!(outcome, Err(Fault::Unauthorized { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_query_that_is_refused_is_said_with_the_servers_words() {
    let reader = Reader::new("where [Custom.Nothing] = 1", |_| {
        let said = json!({"message": "TF51005: The query references a field that does not exist."});
        Reply::status(400)
            .with("Content-Type", "application/json")
            .body(said.to_string().into_bytes())
    });
    let (_, outcome) = reader.sync(None).await;
    let fault = outcome.unwrap_err();
    assert!(fault.to_string().contains("TF51005"), "{fault}");
    assert!(fault.hint().contains("`query`") && !fault.passes());
}

#[tokio::test]
async fn a_project_that_is_not_there_is_named() {
    let reader = Reader::new("project:Pya", |_| Reply::status(404));
    let (_, outcome) = reader.sync(None).await;
    assert!(
        outcome
            .unwrap_err()
            .to_string()
            .contains("no project \"Pya\"")
    );
    let asked = reader.server.asked();
    assert_eq!(asked[0].path(), "/acme/Pya/_apis/wit/wiql");
    let query = asked[0].json()["query"].to_string();
    assert!(query.contains("[System.TeamProject] IN ('Pya')"), "{query}");
}

#[tokio::test]
async fn a_recycle_bin_that_is_closed_is_said_and_the_rest_goes_on() {
    let reader = Reader::new("", |asked| match path(asked) {
        "wit/recyclebin" => Reply::status(403),
        _ => empty(asked),
    });
    let sink = reader.read(None).await;
    assert_eq!(sink.oddities.len(), 1);
    assert!(sink.oddities[0].what.contains("--full"));
}

#[tokio::test]
async fn the_doctor_proves_step_by_step() {
    let reader = Reader::new(
        "project:Pay read in (items, pull-requests)",
        |asked| match (asked.path(), path(asked)) {
            (_, "connectionData") => {
                json(&json!({"authenticatedUser": {"id": "1", "providerDisplayName": "Ann"}}))
            }
            (_, "wit/wiql") => {
                json(&json!({"asOf": super::NOON, "workItems": [{"id": 7}, {"id": 8}]}))
            }
            (_, "wit/workitemsbatch") => list(json!([
                {"id": 7, "rev": 1, "fields": {"System.ChangedDate": "2026-03-01T09:00:00Z"}}])),
            (_, "wit/workItems/7/updates") => list(json!([{"id": 1, "rev": 1, "fields": {
                "System.State": {"newValue": "New"}, "System.ChangedDate": {"newValue": "2026-03-01T09:00:00Z"}}}])),
            (_, "projects/Pay/teams") => list(json!([{"id": "t", "name": "Cards"}])),
            ("/acme/Pay/Cards/_apis/work/boards", _) => {
                list(json!([{"id": "b", "name": "Stories"}]))
            }
            ("/acme/Pay/Cards/_apis/work/boards/b", _) => {
                json(&json!({"name": "Stories", "columns": [
                {"name": "Develop", "itemLimit": 3, "stateMappings": {"Bug": "Active"}}]}))
            }
            _ => list(json!([])),
        },
    );
    let checks = reader.azure.check().await;
    let said: Vec<String> = checks
        .iter()
        .map(|check| format!("{}: {}", check.what, check.outcome.as_ref().unwrap()))
        .collect();
    let expected = [
        format!("reach {}/: it answers", reader.server.url("/acme")),
        "prove the token: it is Ann's".to_owned(),
        "count the work items: 2".to_owned(),
        // Created, key, url.
        "read the history of work item 7: 3 events".to_owned(),
        "look at the boards: Cards / Stories: Develop [Active; at most 3]".to_owned(),
        "list the deleted work items: 0".to_owned(),
        "list the pull requests of Pay: 0".to_owned(),
    ];
    assert_eq!(said, expected);
}

#[tokio::test]
async fn the_doctor_knows_a_token_that_is_nobodys() {
    let nobody = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
    let reader = Reader::new("", move |_| {
        json(&json!({"authenticatedUser": {"id": nobody}}))
    });
    let checks = reader.azure.check().await;
    assert_eq!(checks.len(), 2);
    assert!(matches!(checks[1].outcome, Err(Fault::Unauthorized { .. })));
}
