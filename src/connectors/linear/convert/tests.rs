use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Detail, Reader};
use crate::connectors::collected::{fact, moves};
use crate::connectors::facts::FactMap;
use crate::connectors::linear::names::Names;
use crate::connectors::story::Story;
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

/// An instant, in minutes since 09:00.
fn at(minute: i64) -> String {
    let nine = Millis::parse("2026-11-23T09:00:00Z").unwrap();
    nine.plus_secs(minute * 60).rfc3339()
}

fn tell(over: &Value, fields: &[(&str, &str)]) -> Story {
    let mut issue = json!({
        "id": "i1", "identifier": "ENG-4", "title": "Cards", "url": "https://linear.app/x/issue/ENG-4",
        "createdAt": at(0), "updatedAt": at(100), "priority": 0, "labelIds": [],
        "state": {"id": "s1", "name": "Todo"}, "team": {"id": "t1", "name": "Engineering", "key": "ENG"},
        "history": {"nodes": []}, "stateHistory": {"nodes": []},
    });
    issue
        .as_object_mut()
        .unwrap()
        .extend(over.as_object().unwrap().clone());
    let mut names = Names::default();
    for label in [
        json!({"id": "l1", "name": "Bug", "parent": {"name": "Kind"}}),
        json!({"id": "l2", "name": "Feature", "parent": {"name": "Kind"}}),
        json!({"id": "l3", "name": "blocked"}),
    ] {
        names.learn_label(&label);
    }
    names.learn_team(issue.get("team").unwrap());
    names.learn_team(&json!({"id": "t2", "name": "Cards"}));
    let fields = fields.iter();
    let fields = fields.map(|(field, fact)| ((*field).to_owned(), (*fact).to_owned()));
    let facts = FactMap::new(&fields.collect());
    let reader = Reader {
        facts: &facts,
        names: &names,
    };
    reader.tell(&Detail {
        id: "i1".to_owned(),
        issue,
        read: None,
    })
}

fn events(story: &Story) -> BTreeMap<String, Event> {
    let events = story.history.as_ref().unwrap().events.iter();
    events
        .map(|event| (event.id.clone(), event.clone()))
        .collect()
}

fn path(story: &Story) -> Vec<(i64, String)> {
    let nine = Millis::parse(&at(0)).unwrap();
    let moves = moves(&events(story), &BTreeMap::new());
    moves
        .into_iter()
        .map(|(at, id)| ((at - nine.0) / 60_000, id))
        .collect()
}

fn expected(path: &[(i64, &str)]) -> Vec<(i64, String)> {
    path.iter()
        .map(|(at, id)| (*at, (*id).to_owned()))
        .collect()
}

fn span(id: &str, from: i64, until: Option<i64>, state: &str) -> Value {
    json!({"id": id, "startedAt": at(from), "endedAt": until.map(at), "stateId": state})
}

fn moved(id: &str, minute: i64, from: &str, to: &str) -> Value {
    json!({"id": id, "createdAt": at(minute), "fromStateId": from, "toStateId": to})
}

#[test]
fn spans_of_status_are_the_moves() {
    let story = tell(
        &json!({
            "state": {"id": "s3"},
            "stateHistory": {"nodes": [
                span("b", 30, None, "s3"), span("a", 10, Some(30), "s2"), span("o", 0, Some(10), "s1"),
            ]},
            // Grouped entries pass over what lasted a moment.
            "history": {"nodes": [moved("h1", 30, "s1", "s3"), {"id": "h2", "createdAt": at(31)}]},
        }),
        &[],
    );
    assert_eq!(path(&story), expected(&[(0, "s1"), (10, "s2"), (30, "s3")]));
    assert_eq!(story.oddities, []);
}

#[test]
fn before_the_first_span_the_history_tells() {
    let story = tell(
        &json!({
            "state": {"id": "s3"},
            "stateHistory": {"nodes": [span("a", 20, Some(30), "s2"), span("b", 30, None, "s3")]},
            "history": {"nodes": [moved("h2", 30, "s2", "s3"), moved("h1", 5, "s0", "s1"),
                                  moved("h0", 2, "s9", "s0")]},
        }),
        &[],
    );
    assert_eq!(
        path(&story),
        expected(&[(0, "s9"), (2, "s0"), (5, "s1"), (20, "s2"), (30, "s3")])
    );
}

#[test]
fn without_spans_the_history_is_all_there_is() {
    let history = json!({"nodes": [moved("h1", 5, "s0", "s1"), {"createdAt": at(7)}]});
    let story = tell(&json!({"history": history}), &[]);
    assert_eq!(path(&story), expected(&[(0, "s0"), (5, "s1")]));
    assert_eq!(story.oddities.len(), 1);
    assert_eq!(path(&tell(&json!({}), &[])), expected(&[(0, "s1")]));
}

#[test]
fn a_status_that_nothing_leads_to_is_approximate() {
    let history = json!({"nodes": [moved("h1", 5, "s0", "s2")]});
    let story = tell(&json!({"history": history}), &[]);
    assert_eq!(path(&story), expected(&[(0, "s0"), (5, "s2"), (100, "s1")]));
    assert!(events(&story).values().any(|event| event.approximate));
}

#[test]
fn fields_have_their_course() {
    let story = tell(
        &json!({
            "title": "Cards now", "assignee": {"displayName": "bob"}, "priority": 1.0, "estimate": 3,
            "dueDate": "2026-12-01", "cycle": {"number": 7}, "parent": {"id": "i0"},
            "project": {"name": "Payments", "initiatives": {"nodes": [{"name": "Trust"}]}},
            "projectMilestone": {"name": "M1"}, "team": {"id": "t1", "name": "Engineering"},
            "history": {"nodes": [
                {"id": "h1", "createdAt": at(5), "fromTitle": "Cards", "toTitle": "Cards now",
                 "fromAssignee": {"displayName": "ann"}, "toAssignee": {"displayName": "bob"},
                 "fromPriority": 3, "toPriority": 1, "fromEstimate": null, "toEstimate": 3.0,
                 "fromCycle": {"name": "Sprint", "number": 6}, "toCycle": {"number": 7},
                 "fromParentId": null, "toParentId": "i0", "fromTeamId": "t2", "toTeamId": "t1",
                 "fromProject": null, "toProject": {"name": "Payments"}},
            ]},
        }),
        &[],
    );
    let events = events(&story);
    let course = |id: &str| match &events[id].change {
        Change::Set { old, new, .. } => (
            old.clone().unwrap_or_default(),
            new.clone().unwrap_or_default(),
        ),
        other => panic!("{other:?}"),
    };
    for (field, old, new) in [
        ("title", "Cards", "Cards now"),
        ("assignee", "ann", "bob"),
        ("priority", "Medium", "Urgent"),
        ("estimate", "", "3"),
        ("cycle", "Sprint", "Cycle 7"),
        ("parent", "", "i0"),
        ("team", "Cards", "Engineering"),
        ("project", "", "Payments"),
    ] {
        assert_eq!(
            course(&format!("{field}.h1")),
            (old.to_owned(), new.to_owned()),
            "{field}"
        );
    }
    let facts = ["key", "due", "milestone", "initiative", "type"];
    let facts = facts.map(|name| fact(&events, name).unwrap_or_default());
    assert_eq!(facts, ["ENG-4", "2026-12-01", "M1", "Trust", "issue"]);
}

#[test]
fn groups_of_labels_and_labels_can_be_facts() {
    let story = tell(
        &json!({
            "labelIds": ["l1", "l3", "l9"],
            "history": {"nodes": [
                {"id": "h0", "createdAt": at(0), "addedLabelIds": ["l2"]},
                {"id": "h1", "createdAt": at(5), "addedLabelIds": ["l1"], "removedLabelIds": ["l2"]},
                {"id": "h2", "createdAt": at(9), "addedLabelIds": ["l3"]},
            ]},
        }),
        &[("Kind", "type"), ("label:blocked", "flagged")],
    );
    let events = events(&story);
    let created = |id: &str| match &events[id].change {
        Change::Set { new, .. } => new.clone().unwrap_or_default(),
        other => panic!("{other:?}"),
    };
    assert_eq!(created("created.Kind"), "Feature");
    assert_eq!(created("Kind.h1"), "Bug");
    assert_eq!(created("label:blocked.h2"), "true");
    assert_eq!(fact(&events, "label").as_deref(), Some("Bug\u{1f}blocked"));
    assert_eq!(
        events
            .values()
            .filter(|event| matches!(&event.change, Change::Set { fact, .. } if fact == "type"))
            .count(),
        2
    );
}

#[test]
fn relations_are_seen_from_both_ends() {
    let relation = |id: &str, kind: &str, from: &str, to: &str| json!({"id": id, "type": kind, "createdAt": at(8), "issue": {"id": from}, "relatedIssue": {"id": to}});
    let story = tell(
        &json!({
            "relations": {"nodes": [relation("r1", "blocks", "i1", "i2"), {"id": "odd"}]},
            "inverseRelations": {"nodes": [relation("r2", "blocks", "i3", "i1"), relation("r1", "blocks", "i1", "i2")]},
        }),
        &[],
    );
    let events = events(&story);
    let tie = |id: &str| match &events[id].change {
        Change::Linked { kind, to } => format!("{kind} {to}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(tie("relation.r1"), "blocks i2");
    assert_eq!(tie("relation.r2"), "blocked by i3");
    assert_eq!(events["relation.r2"].at, Millis::parse(&at(8)).unwrap());
}

#[test]
fn what_was_thrown_away_is_deleted_and_what_came_back_is_not() {
    let thrown = json!({"id": "h1", "createdAt": at(5), "trashed": true});
    let back = json!({"id": "h2", "createdAt": at(6), "trashed": false});
    let deleted = |over: Value| {
        let story = tell(&over, &[]);
        let events = events(&story).into_values();
        let mut events = events.filter(|event| event.change == Change::Deleted);
        events.next().map(|event| event.at)
    };
    assert_eq!(
        deleted(json!({"trashed": true, "history": {"nodes": [thrown]}})),
        Millis::parse(&at(5))
    );
    assert_eq!(
        deleted(json!({"trashed": true, "archivedAt": at(7)})),
        Millis::parse(&at(7))
    );
    assert_eq!(
        deleted(json!({"trashed": null, "history": {"nodes": [thrown, back]}})),
        None
    );
    let unborn = tell(&json!({"createdAt": 5}), &[]);
    assert!(unborn.history.is_none() && unborn.oddities.len() == 1);
}
