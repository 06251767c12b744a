use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::surveyor;
use crate::connectors::http::stand_in::{Asked, Reply, StandIn};
use crate::connectors::{Arranged, Place, SecretSource, Survey, TrackerKind, TrackerSettings};
use crate::model::infer::Category;

/// A tracker that answers paths with JSON, and a survey of what `query` names there.
fn survey(
    kind: TrackerKind,
    query: &str,
    answer: fn(&Asked) -> Value,
) -> (Box<dyn Survey>, StandIn, NamedTempFile) {
    let server = StandIn::new(move |asked| match answer(asked) {
        Value::Null => Reply::status(404),
        value => Reply::json(value.to_string()),
    });
    let mut token = NamedTempFile::new().unwrap();
    writeln!(token, "t0ken").unwrap();
    let settings = TrackerSettings {
        url: server.url("/"),
        user: None,
        token: SecretSource::File(token.path().to_owned()),
        query: query.to_owned(),
        fields: BTreeMap::new(),
        ca_file: None,
    };
    (surveyor(kind, settings).unwrap(), server, token)
}

fn queries(places: &[Place]) -> Vec<&str> {
    places.iter().map(|place| place.query.as_str()).collect()
}

fn columns(arranged: &Arranged) -> Vec<(&str, usize, Option<u32>)> {
    let columns = arranged.told.columns.iter();
    columns
        .map(|column| (column.name.as_str(), column.statuses.len(), column.limit))
        .collect()
}

fn category(arranged: &Arranged, name: &str) -> Option<Category> {
    let mut statuses = arranged.told.statuses.iter();
    statuses.find(|status| status.name == name)?.category
}

fn gitlab(asked: &Asked) -> Value {
    let list = |label: &str| json!({"label": {"name": label}});
    match asked.path() {
        "/api/v4/user" => json!({"username": "ann"}),
        "/api/v4/projects" => json!([
            {"path_with_namespace": "acme/app", "archived": false},
            {"path_with_namespace": "acme/old", "archived": true},
        ]),
        "/api/v4/projects/acme%2Fapp/boards" => json!([
            {"lists": [list("workflow::ready"), list("workflow::review"), list("bug")]},
        ]),
        _ => Value::Null,
    }
}

#[tokio::test]
async fn gitlab_offers_projects_and_takes_scoped_labels_for_statuses() {
    let (survey, _server, _token) = survey(TrackerKind::GitLab, "", gitlab);
    assert_eq!(survey.whose().await.unwrap(), "ann");
    let places = survey.places().await.unwrap();
    assert_eq!(queries(&places), ["project:acme/app"]);
    let (survey, _server, _token) = self::survey(TrackerKind::GitLab, "project:acme/app", gitlab);
    let arranged = survey.arranged().await.unwrap();
    assert_eq!(
        columns(&arranged),
        [("ready", 1, None), ("review", 1, None)]
    );
    assert_eq!(
        arranged.query.as_deref(),
        Some("project:acme/app status-label:\"workflow::\"")
    );
    assert_eq!(category(&arranged, "merged"), Some(Category::Finished));
}

fn azure(asked: &Asked) -> Value {
    let state = |name: &str, category: &str| json!({"name": name, "category": category});
    let column = |name: &str, state: &str, limit: u64| json!({"name": name, "itemLimit": limit, "stateMappings": {"Story": state}});
    let path = asked.path();
    match path.split("/_apis/").collect::<Vec<_>>()[..] {
        [_, "connectionData"] => {
            json!({"authenticatedUser": {"id": "7", "providerDisplayName": "Ann"}})
        }
        [_, "projects"] => json!({"value": [
            {"name": "Old", "lastUpdateTime": "2020-01-01T00:00:00Z"},
            {"name": "Web Shop", "lastUpdateTime": "2026-01-01T00:00:00Z"},
        ]}),
        [_, "wit/workitemtypes"] => json!({"value": [
            {"name": "Story", "states": [state("New", "Proposed"), state("Active", "InProgress"),
                state("Resolved", "Resolved"), state("Closed", "Completed"), state("Removed", "Removed")]},
            {"name": "Secret", "isDisabled": true, "states": [state("Hidden", "Completed")]},
        ]}),
        [_, "projects/Web%20Shop/teams"] => json!({"value": [{"name": "Cards"}]}),
        [_, "work/boards"] => json!({"value": [{"id": "b"}]}),
        [_, "work/boards/b"] => json!({"name": "Stories", "columns": [
            column("New", "New", 0), column("Doing", "Active", 5), column("Done", "Closed", 0),
        ]}),
        _ => Value::Null,
    }
}

#[tokio::test]
async fn azure_offers_projects_with_their_boards_and_categories() {
    let (survey, _server, _token) = survey(TrackerKind::AzureDevops, "", azure);
    assert_eq!(survey.whose().await.unwrap(), "Ann");
    let places = survey.places().await.unwrap();
    assert_eq!(queries(&places), ["project:\"Web Shop\"", "project:Old"]);
    let (survey, _server, _token) =
        self::survey(TrackerKind::AzureDevops, "project:\"Web Shop\"", azure);
    let arranged = survey.arranged().await.unwrap();
    assert_eq!(
        columns(&arranged),
        [("New", 1, None), ("Doing", 1, Some(5)), ("Done", 1, None)]
    );
    assert_eq!(category(&arranged, "Resolved"), Some(Category::Started));
    assert_eq!(category(&arranged, "Removed"), Some(Category::Cancelled));
    assert_eq!(category(&arranged, "Hidden"), None);
}

fn linear(asked: &Asked) -> Value {
    let question = asked.json();
    let text = question["query"].as_str().unwrap();
    let data = if text.contains("viewer") {
        json!({"viewer": {"id": "1", "displayName": "ann"}})
    } else if text.contains("workflowStates") {
        assert_eq!(question["variables"]["keys"], json!(["ENG"]));
        json!({"workflowStates": {"nodes": [{"name": "Todo", "type": "unstarted", "position": 1}]}})
    } else {
        json!({"teams": {"nodes": [{"key": "ENG", "name": "Engineering"}]}})
    };
    json!({ "data": data })
}

#[tokio::test]
async fn linear_offers_teams_with_their_statuses() {
    let (survey, _server, _token) = survey(TrackerKind::Linear, "", linear);
    assert_eq!(survey.whose().await.unwrap(), "ann");
    let places = survey.places().await.unwrap();
    assert_eq!(queries(&places), ["team:ENG"]);
    let (survey, _server, _token) = self::survey(TrackerKind::Linear, "team:ENG", linear);
    let arranged = survey.arranged().await.unwrap();
    assert_eq!(category(&arranged, "Todo"), Some(Category::Unstarted));
}
