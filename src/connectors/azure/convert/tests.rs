//! Histories worked out by hand.

use serde_json::{Value, json};

use super::Reader;
use crate::connectors::azure::address::Address;
use crate::connectors::azure::fields::Fields;
use crate::connectors::azure::history::{Growing, History};
use crate::connectors::azure::query::StatusBy;
use crate::connectors::story::Story;
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

/// The instant so many minutes past nine.
fn at(minute: i64) -> String {
    let nine = Millis::parse("2026-03-02T09:00:00Z").unwrap();
    nine.plus_secs(60 * minute).rfc3339()
}

/// Revision `rev`, made at `minute`, with fields' old and new values.
fn update(rev: u64, minute: i64, changes: &Value) -> Value {
    let mut fields = changes.clone();
    fields["System.ChangedDate"] = json!({ "newValue": at(minute) });
    if rev == 1 {
        fields["System.CreatedDate"] = json!({ "newValue": at(minute) });
    }
    json!({"id": rev, "rev": rev, "revisedDate": "9999-01-01T00:00:00Z", "fields": fields})
}

fn tied(rev: u64, minute: i64, relations: &Value) -> Value {
    json!({"id": 100 + rev, "rev": rev, "revisedDate": at(minute), "relations": relations})
}

fn to(rel: &str, id: u64) -> Value {
    json!({"rel": format!("System.LinkTypes.{rel}"), "url": format!("https://a.example/_apis/wit/workItems/{id}")})
}

fn story(updates: &[Value], status: &StatusBy) -> Story {
    let fields = Fields::new(&[].into(), &[].into(), status);
    let address = Address::new(&"https://a.example/tfs/Main".parse().unwrap()).unwrap();
    let reader = Reader {
        fields: &fields,
        address: &address,
    };
    let history = History::of_updates(updates, &fields).unwrap();
    reader.story("7", &history, None)
}

fn events(story: &Story) -> Vec<&Event> {
    let mut events: Vec<&Event> = story.history.as_ref().unwrap().events.iter().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    events
}

/// Minutes and what happened.
fn told(story: &Story, tell: impl Fn(&Change) -> Option<String>) -> Vec<(i64, String)> {
    let nine = Millis::parse(&at(0)).unwrap();
    let minute = |event: &Event| (event.at.0 - nine.0) / 60_000;
    let events = events(story).into_iter();
    events
        .filter_map(|event| Some((minute(event), tell(&event.change)?)))
        .collect()
}

fn statuses(story: &Story) -> Vec<(i64, String)> {
    told(story, |change| match change {
        Change::Created { status } => Some(status.clone().unwrap_or_default()),
        Change::Moved { to } => Some(to.clone()),
        _ => None,
    })
}

fn values(story: &Story, name: &str) -> Vec<(i64, String)> {
    told(story, |change| match change {
        Change::Set { fact, new, .. } if fact == name => Some(new.clone().unwrap_or_default()),
        _ => None,
    })
}

fn ties(story: &Story) -> Vec<(i64, String)> {
    told(story, |change| match change {
        Change::Linked { kind, to } => Some(format!("+{kind} {to}")),
        Change::Unlinked { kind, to } => Some(format!("-{kind} {to}")),
        _ => None,
    })
}

fn list(expected: &[(i64, &str)]) -> Vec<(i64, String)> {
    expected
        .iter()
        .map(|(at, what)| (*at, (*what).to_owned()))
        .collect()
}

fn new(value: &str) -> Value {
    json!({ "newValue": value })
}

fn turn(old: &str, value: &str) -> Value {
    json!({ "oldValue": old, "newValue": value })
}

#[test]
fn an_item_of_three_revisions() {
    let updates = [
        update(
            1,
            0,
            &json!({
                "System.State": new("New"), "System.Title": new("Pay twice"),
                "System.WorkItemType": new("Bug"), "System.AreaPath": new("Pay\\Cards"),
                "System.TeamProject": new("Pay"), "System.AssignedTo": {},
                "System.Tags": new("b; a"), "Microsoft.VSTS.CMMI.Blocked": new("No"),
            }),
        ),
        update(
            2,
            5,
            &json!({
                "System.State": turn("New", "Active"),
                "System.AssignedTo": {"newValue": {"displayName": "Ann", "id": "1"}},
                "Microsoft.VSTS.CMMI.Blocked": turn("No", "Yes"),
            }),
        ),
        // A comment.
        update(3, 6, &json!({"System.History": new("yes")})),
        update(
            4,
            9,
            &json!({
                "System.State": turn("Active", "Closed"), "System.Tags": turn("b; a", ""),
                "Microsoft.VSTS.CMMI.Blocked": turn("Yes", "No"),
            }),
        ),
    ];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(
        statuses(&story),
        list(&[(0, "New"), (5, "Active"), (9, "Closed")])
    );
    assert_eq!(values(&story, "assignee"), list(&[(5, "Ann")]));
    assert_eq!(values(&story, "label"), list(&[(0, "a\u{1f}b"), (9, "")]));
    assert_eq!(values(&story, "flagged"), list(&[(5, "true"), (9, "")]));
    assert_eq!(values(&story, "team"), list(&[(0, "Pay\\Cards")]));
    assert_eq!(values(&story, "type"), list(&[(0, "Bug")]));
    assert_eq!(values(&story, "key"), list(&[(0, "#7")]));
    assert_eq!(
        values(&story, "url"),
        list(&[(0, "https://a.example/tfs/Main/_workitems/edit/7")])
    );
    assert_eq!(story.updated, Millis::parse(&at(9)));
    assert!(story.oddities.is_empty());
    let ids: std::collections::BTreeSet<&str> = events(&story)
        .iter()
        .map(|event| event.id.as_str())
        .collect();
    assert_eq!(ids.len(), events(&story).len());
}

#[test]
fn an_item_that_moves_to_another_project_keeps_its_history() {
    let updates = [
        update(
            1,
            0,
            &json!({"System.State": new("New"), "System.TeamProject": new("Pay")}),
        ),
        update(
            2,
            4,
            &json!({
                "System.TeamProject": turn("Pay", "Shop"), "System.State": turn("New", "To Do"),
                "System.WorkItemType": turn("Bug", "Issue"),
            }),
        ),
    ];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(values(&story, "project"), list(&[(0, "Pay"), (4, "Shop")]));
    assert_eq!(values(&story, "type"), list(&[(0, "Bug"), (4, "Issue")]));
    assert_eq!(statuses(&story), list(&[(0, "New"), (4, "To Do")]));
}

#[test]
fn ties_are_made_and_cut_when_the_updates_say() {
    let updates = [
        update(1, 0, &json!({"System.State": new("New")})),
        tied(
            1,
            1,
            &json!({"added": [to("Hierarchy-Reverse", 2), to("Related", 10)]}),
        ),
        tied(
            1,
            2,
            &json!({"removed": [to("Hierarchy-Reverse", 2)], "added": [to("Hierarchy-Reverse", 3)]}),
        ),
        tied(
            1,
            3,
            &json!({"added": [
                to("Dependency-Forward", 4), to("Dependency-Reverse", 5), to("Hierarchy-Forward", 6),
                {"rel": "AttachedFile", "url": "https://a.example/_apis/wit/attachments/1"},
                {"rel": "ArtifactLink", "url": "vstfs:///Git/PullRequestId/p1%2Fr1%2F12"},
                {"rel": "ArtifactLink", "url": "vstfs:///Build/Build/44"},
                {"rel": "ArtifactLink", "url": "vstfs:///Git/Commit/p1%2Fr1%2Fabc"}, 5, {"rel": null},
            ]}),
        ),
        tied(1, 4, &json!({"removed": [to("Related", 10)]})),
    ];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(
        values(&story, "parent"),
        list(&[(1, "2"), (2, ""), (2, "3")])
    );
    assert_eq!(
        ties(&story),
        list(&[
            (1, "+relates 10"),
            (3, "+blocks 4"),
            (3, "+blocked by 5"),
            (3, "+pull request pull.12"),
            (3, "+build build.44"),
            (4, "-relates 10"),
        ])
    );
}

#[test]
fn a_tie_of_the_newest_update_is_set_at_the_last_change_and_marked() {
    let mut last = tied(1, 1, &json!({"added": [to("Related", 10)]}));
    last["revisedDate"] = json!("9999-01-01T00:00:00Z");
    let updates = [update(1, 3, &json!({"System.State": new("New")})), last];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(ties(&story), list(&[(3, "+relates 10")]));
    let marked: Vec<&Event> = events(&story)
        .into_iter()
        .filter(|event| event.approximate)
        .collect();
    assert_eq!(marked.len(), 1);
}

#[test]
fn the_columns_of_a_board_may_be_the_status() {
    let column = |old: &str, value: &str| turn(old, value);
    let updates = [
        update(1, 0, &json!({"System.State": new("New")})),
        update(
            2,
            1,
            &json!({"System.BoardColumn": new("Ready"), "System.BoardColumnDone": new("false")}),
        ),
        update(
            3,
            2,
            &json!({"System.BoardColumn": column("Ready", "Develop"), "System.State": turn("New", "Active")}),
        ),
        update(
            4,
            3,
            &json!({"System.BoardColumnDone": {"oldValue": false, "newValue": true}}),
        ),
        update(
            5,
            4,
            &json!({
                "System.BoardColumn": column("Develop", "Test"),
                "System.BoardColumnDone": {"oldValue": true, "newValue": false},
            }),
        ),
        update(
            6,
            5,
            &json!({"System.BoardColumn": {"oldValue": "Test"}, "System.State": turn("Active", "Removed")}),
        ),
    ];
    let board = story(&updates, &StatusBy::Column("System.BoardColumn".to_owned()));
    let expected = [
        (0, "New"),
        (1, "Ready"),
        (2, "Develop"),
        (3, "Develop: Done"),
        (4, "Test"),
        (5, "Removed"),
    ];
    assert_eq!(statuses(&board), list(&expected));
    let state = story(&updates, &StatusBy::State);
    assert_eq!(
        statuses(&state),
        list(&[(0, "New"), (2, "Active"), (5, "Removed")])
    );
}

#[test]
fn a_history_without_its_beginning_starts_with_what_was_before() {
    let updates = [
        update(4, 5, &json!({"System.State": turn("New", "Active")})),
        update(
            5,
            8,
            &json!({"System.State": turn("Active", "Done"), "System.Title": turn("a", "b")}),
        ),
    ];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(
        statuses(&story),
        list(&[(5, "New"), (5, "Active"), (8, "Done")])
    );
    assert_eq!(values(&story, "title"), list(&[(5, "a"), (8, "b")]));
}

#[test]
fn odd_updates_are_listed_and_the_rest_goes_on() {
    let mut timeless = update(2, 1, &json!({"System.State": turn("New", "Active")}));
    timeless["fields"]["System.ChangedDate"] = json!(7);
    let updates = [
        update(1, 0, &json!({"System.State": new("New")})),
        timeless,
        json!(null),
        json!({"rev": null, "fields": 5}),
        json!({"rev": 3, "fields": "x", "relations": []}),
        update(
            3,
            6,
            &json!({"System.State": "odd", "System.Tags": {"newValue": [1]}}),
        ),
        update(4, 9, &json!({"System.State": turn("Active", "Done")})),
    ];
    let story = story(&updates, &StatusBy::State);
    assert_eq!(statuses(&story).last(), Some(&(9, "Done".to_owned())));
    assert_eq!(story.oddities.len(), 1);
    assert!(
        story.oddities[0].what.contains("say not when"),
        "{:?}",
        story.oddities
    );
}

#[test]
fn revisions_tell_the_same_as_updates() {
    let fields = Fields::new(&[].into(), &[].into(), &StatusBy::State);
    let updates = [
        update(
            1,
            0,
            &json!({"System.State": new("New"), "System.Title": new("a"), "System.Tags": new("x")}),
        ),
        update(2, 5, &json!({"System.State": turn("New", "Active")})),
        update(
            3,
            9,
            &json!({"System.State": turn("Active", "Done"), "System.Tags": {"oldValue": "x"}}),
        ),
    ];
    let revision = |rev: u64, minute, state: &str, tags: &Value| {
        json!({"id": 7, "rev": rev, "fields": {
            "System.CreatedDate": at(0), "System.ChangedDate": at(minute), "System.Title": "a",
            "System.State": state, "System.Tags": tags}})
    };
    let first = revision(1, 0, "New", &json!("x"));
    let mut growing = Growing::default();
    for sent in [
        first.clone(),
        json!({"rev": 2, "fields": null}),
        revision(2, 5, "Active", &json!("x")),
        first,
        revision(3, 9, "Done", &json!(null)),
        revision(7, 20, "New", &json!("x")),
    ] {
        growing.grow(&sent, &fields);
    }
    assert_eq!(growing.reached, 3);
    let mut told = History::of_updates(&updates, &fields).unwrap();
    for history in [&mut growing.history, &mut told] {
        for step in &mut history.steps {
            step.deltas.sort_by_key(|delta| delta.field);
        }
    }
    assert_eq!(growing.history, told);
}
