use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Detail, Ident, Part, Reader, Told};
use crate::connectors::collected::{fact, moves};
use crate::connectors::facts::FactMap;
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

/// What is told of an artefact with these lists, in a source with these fields.
struct Case {
    ident: &'static str,
    row: Value,
    parts: Vec<(Part, Value)>,
    fields: BTreeMap<String, String>,
    status_label: Option<&'static str>,
}

impl Case {
    fn issue(over: &Value) -> Self {
        let mut row = json!({
            "id": 900, "iid": 4, "project_id": 7, "title": "Cards", "state": "opened",
            "created_at": at(0), "updated_at": at(100), "labels": [], "issue_type": "issue",
            "web_url": "https://a.example/acme/app/-/issues/4",
            "references": {"short": "#4", "full": "acme/app#4"},
        });
        let over = over.as_object().unwrap().clone();
        row.as_object_mut().unwrap().extend(over);
        Self {
            ident: "issue/7/4",
            row,
            parts: Vec::new(),
            fields: BTreeMap::new(),
            status_label: Some("workflow::"),
        }
    }

    fn merge_request(over: &Value) -> Self {
        let mut case = Self::issue(over);
        case.ident = "merge-request/7/4";
        case.row["references"] = json!({"short": "!4", "full": "acme/app!4"});
        case
    }

    fn with(mut self, part: Part, rows: Value) -> Self {
        self.parts.push((part, rows));
        self
    }

    fn field(mut self, field: &str, fact: &str) -> Self {
        self.fields.insert(field.to_owned(), fact.to_owned());
        self
    }

    fn tell(self) -> Told {
        let facts = FactMap::new(&self.fields);
        let parts = self.parts.into_iter();
        let parts = parts.map(|(part, rows)| (part, rows.as_array().unwrap().clone()));
        let detail = Detail {
            ident: Ident::parse(self.ident).unwrap(),
            row: self.row,
            parts: parts.collect(),
            read: None,
        };
        let reader = Reader {
            facts: &facts,
            status_label: self.status_label,
            is_of_one_project: true,
        };
        reader.tell(&detail)
    }
}

/// An instant, in minutes since 09:00.
fn at(minute: i64) -> String {
    let nine = Millis::parse("2026-11-23T09:00:00Z").unwrap();
    nine.plus_secs(minute * 60).rfc3339()
}

fn events(told: &Told) -> BTreeMap<String, Event> {
    let history = told.story.history.as_ref().unwrap();
    let events = history.events.iter();
    events
        .map(|event| (event.id.clone(), event.clone()))
        .collect()
}

/// The statuses by name, with the minutes they were entered in.
fn path(told: &Told) -> Vec<(i64, String)> {
    let names = told.statuses.iter();
    let names = names.map(|status| (status.id.clone(), status.name.clone()));
    let nine = Millis::parse(&at(0)).unwrap();
    let moves = moves(&events(told), &names.collect());
    moves
        .into_iter()
        .map(|(at, name)| ((at - nine.0) / 60_000, name))
        .collect()
}

fn expected(path: &[(i64, &str)]) -> Vec<(i64, String)> {
    path.iter()
        .map(|(at, name)| (*at, (*name).to_owned()))
        .collect()
}

fn label(id: u64, minute: i64, action: &str, name: &str) -> Value {
    let number = name.bytes().map(u64::from).sum::<u64>();
    json!({"id": id, "created_at": at(minute), "action": action, "label": {"id": number, "name": name}})
}

fn state(id: u64, minute: i64, state: &str) -> Value {
    json!({"id": id, "created_at": at(minute), "state": state})
}

fn note(id: u64, minute: i64, body: &str) -> Value {
    json!({"id": id, "created_at": at(minute), "body": body, "system": true,
        "author": {"username": "ann"}})
}

#[test]
fn scoped_labels_are_statuses_while_an_issue_is_open() {
    let told = Case::issue(&json!({
        "state": "closed", "closed_at": at(50), "labels": [{"id": 3, "name": "workflow::done"}],
    }))
    .with(
        Part::Labels,
        json!([
            label(1, 0, "add", "workflow::to do"),
            label(2, 10, "add", "workflow::doing"),
            label(3, 10, "remove", "workflow::to do"),
            label(4, 20, "add", "urgent"),
            label(5, 40, "remove", "workflow::doing"),
            label(6, 40, "add", "workflow::done"),
            label(7, 45, "remove", "urgent"),
        ]),
    )
    .with(
        Part::States,
        json!([
            state(1, 20, "closed"),
            state(2, 30, "reopened"),
            state(3, 50, "closed")
        ]),
    )
    .tell();
    assert_eq!(told.story.oddities, []);
    assert_eq!(
        path(&told),
        expected(&[
            (0, "to do"),
            (10, "doing"),
            (20, "closed"),
            (30, "doing"),
            (40, "done"),
            (50, "closed"),
        ])
    );
    let events = events(&told);
    assert_eq!(events["status.label.2"].at, Millis::parse(&at(10)).unwrap());
    assert!(!events.values().any(|event| event.approximate));
    let labels = &events["labels.label.4"].change;
    assert!(
        matches!(labels, Change::Set { new: Some(now), .. } if now == "urgent\u{1f}workflow::doing"),
        "{labels:?}"
    );
    assert_eq!(fact(&events, "label").as_deref(), Some("workflow::done"));
}

#[test]
fn a_renamed_label_is_the_same_status() {
    let case = |name: &str| {
        Case::issue(&json!({"labels": [{"id": 3, "name": name}]}))
            .tell()
            .statuses
    };
    let (before, after) = (case("workflow::review"), case("workflow::In review"));
    let (before, after) = (before.last().unwrap(), after.last().unwrap());
    assert_eq!(
        (before.id.as_str(), before.name.as_str()),
        ("label.3", "review")
    );
    assert_eq!(
        (after.id.as_str(), after.name.as_str()),
        ("label.3", "In review")
    );
}

#[test]
fn without_a_status_label_an_issue_is_opened_or_closed() {
    let mut case =
        Case::issue(&json!({"labels": ["workflow::doing"], "state": "closed", "closed_at": at(9)}));
    case.status_label = None;
    // GitLab before 13.2 kept no state events.
    let told = case.tell();
    assert_eq!(path(&told), expected(&[(0, "opened"), (9, "closed")]));
    assert_eq!(told.story.oddities, []);
}

#[test]
fn before_there_were_state_events_notes_tell() {
    let mut case = Case::issue(&json!({"state": "closed", "closed_at": at(60)}));
    case.status_label = None;
    let told = case
        .with(
            Part::Notes,
            json!([
                note(1, 10, "closed via merge request !3"),
                note(2, 20, "reopened"),
                note(3, 61, "closed"),
                {"id": 4, "created_at": at(15), "body": "reopened", "system": false},
            ]),
        )
        .with(Part::States, json!([state(9, 60, "closed")]))
        .tell();
    let path = path(&told);
    assert_eq!(
        path,
        expected(&[
            (0, "opened"),
            (10, "closed"),
            (20, "opened"),
            (60, "closed")
        ])
    );
}

#[test]
fn a_state_that_no_event_leads_to_is_approximate() {
    let told = Case::issue(&json!({}))
        .with(Part::States, json!([state(1, 20, "closed")]))
        .tell();
    assert_eq!(
        path(&told),
        expected(&[(0, "opened"), (20, "closed"), (100, "opened")])
    );
    assert_eq!(told.story.oddities.len(), 1);
    assert!(events(&told).values().any(|event| event.approximate));
}

#[test]
fn labels_that_were_deleted_are_said() {
    let gone = json!([{"id": 1, "created_at": at(5), "action": "add", "label": null}, {"id": 2}]);
    let told = Case::issue(&json!({})).with(Part::Labels, gone).tell();
    let oddities: Vec<&str> = told
        .story
        .oddities
        .iter()
        .map(|odd| odd.what.as_str())
        .collect();
    assert_eq!(
        oddities,
        [
            "a change of its labels has no id or no time",
            "1 changes are of labels that were deleted since, which GitLab does not name"
        ]
    );
}

#[test]
fn a_merge_request_goes_from_draft_to_merged() {
    let told = Case::merge_request(&json!({
        "state": "merged", "merged_at": at(90), "draft": false,
        "reviewers": [{"username": "bob"}], "assignees": [{"username": "ann"}],
        "source_branch": "4-cards", "title": "Resolve PAY-12", "description": "Closes #4, acme/lib#5",
        "merge_commit_sha": "c0ffee",
    }))
    .with(
        Part::Notes,
        json!([
            note(1, 10, "marked this merge request as **ready**"),
            note(2, 20, "requested review from @bob"),
            note(3, 30, "approved this merge request"),
            note(4, 40, "unapproved this merge request"),
            note(5, 50, "approved this merge request"),
            note(6, 55, "assigned to @ann and unassigned @eve"),
            note(7, 90, "merged"),
        ]),
    )
    .with(Part::States, json!([state(1, 90, "merged")]))
    .with(Part::Closes, json!([{"id": 800, "iid": 4, "project_id": 7}, {"id": "OUT-9", "title": "x"}]))
    .tell();
    assert_eq!(
        path(&told),
        expected(&[
            (0, "draft"),
            (10, "open"),
            (20, "review"),
            (30, "approved"),
            (40, "review"),
            (50, "approved"),
            (90, "merged"),
        ])
    );
    assert_eq!(told.story.oddities, []);
    let events = events(&told);
    let facts = [
        "type", "branch", "mentions", "key", "project", "assignee", "sha",
    ];
    let facts = facts.map(|name| fact(&events, name).unwrap_or_default());
    assert_eq!(
        facts,
        [
            "merge request",
            "4-cards",
            "#4\u{1f}OUT-9\u{1f}PAY-12\u{1f}acme/lib#5",
            "!4",
            "acme/app",
            "ann",
            "c0ffee"
        ]
    );
    let tie = &events["link.closes.issue/7/4"].change;
    assert!(matches!(tie, Change::Linked { to, .. } if to == "issue/7/4"));
}

#[test]
fn fields_of_one_value_have_their_course() {
    let milestone = |id: u64, minute: i64, action: &str, title: &str| json!({"id": id, "created_at": at(minute), "action": action, "milestone": {"title": title}});
    let told = Case::issue(&json!({
        "milestone": {"title": "2"}, "weight": 5, "iteration": {"start_date": "2026-11-02", "due_date": "2026-11-15"},
        "epic": {"iid": 9, "group_id": 3}, "due_date": "2026-12-01", "health_status": "at_risk",
        "labels": ["team::cards", "Blocked"],
    }))
    .with(
        Part::Milestones,
        json!([milestone(2, 20, "add", "2"), milestone(1, 20, "remove", "1")]),
    )
    .with(Part::Weights, json!([{"id": 1, "created_at": at(30), "weight": 5}]))
    .with(Part::Labels, json!([label(1, 60, "add", "Blocked"), label(2, 70, "add", "team::cards"), label(3, 70, "remove", "team::cash")]))
    .with(Part::Links, json!([
        {"iid": 8, "project_id": 7, "issue_link_id": 5, "link_type": "is_blocked_by", "link_created_at": at(40)},
        {"iid": 2, "project_id": 7}, {"id": 1},
    ]))
    .field("team::", "team")
    .field("label:Blocked", "flagged")
    .field("health_status", "health")
    .tell();
    let events = events(&told);
    let course = |id: &str| match &events[id].change {
        Change::Set { old, new, .. } => (
            old.clone().unwrap_or_default(),
            new.clone().unwrap_or_default(),
        ),
        other => panic!("{other:?}"),
    };
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    assert_eq!(course("milestone.2"), pair("1", "2"));
    assert_eq!(course("created.milestone"), pair("", "1"));
    assert_eq!(course("weight.1"), pair("", "5"));
    assert_eq!(course("team::.label.2"), pair("cash", "cards"));
    assert_eq!(course("label:Blocked.label.1"), pair("", "true"));
    assert_eq!(
        course("created.iteration"),
        pair("", "2026-11-02 to 2026-11-15")
    );
    let facts = ["parent", "due", "health", "key", "title", "type"];
    let facts = facts.map(|name| fact(&events, name).unwrap_or_default());
    assert_eq!(
        facts,
        ["epic/3/9", "2026-12-01", "at_risk", "#4", "Cards", "issue"]
    );
    let blocked = &events["link.5"];
    assert_eq!(blocked.at, Millis::parse(&at(40)).unwrap());
    assert!(
        matches!(&blocked.change, Change::Linked { kind, to } if kind == "is_blocked_by" && to == "issue/7/8")
    );
    assert!(events["link.relates_to.issue/7/2"].approximate);
}

#[test]
fn an_incident_opens_and_is_resolved() {
    let told = Case::issue(&json!({
        "issue_type": "incident", "state": "closed", "moved_to_id": 12,
    }))
    .with(
        Part::States,
        json!([
            state(1, 5, "closed"),
            state(2, 6, "reopened"),
            state(3, 9, "closed")
        ]),
    )
    .tell();
    let mut events: Vec<_> = events(&told).into_values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    let told: Vec<&str> = events
        .iter()
        .filter_map(|event| match &event.change {
            Change::IncidentOpened => Some("opened"),
            Change::IncidentResolved => Some("resolved"),
            Change::Set { fact, .. } if fact == "resolution" => Some("why"),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 5);
    assert_eq!(told[..3], ["opened", "resolved", "opened"]);
    assert!(told[3..].contains(&"resolved") && told[3..].contains(&"why"));
}

#[test]
fn a_deployment_runs_and_arrives() {
    let mut case = Case::issue(&json!({
        "status": "success", "sha": "c0ffee", "finished_at": at(30), "references": null,
        "environment": {"name": "production"}, "deployable": {"started_at": at(10)},
    }));
    case.ident = "deployment/7/900";
    let told = case
        .with(
            Part::Brought,
            json!([{"id": 70, "iid": 4, "project_id": 7}]),
        )
        .tell();
    assert_eq!(
        path(&told),
        expected(&[(0, "created"), (10, "running"), (30, "success")])
    );
    let events = events(&told);
    let deployed = Change::Deployed {
        environment: "production".to_owned(),
    };
    assert_eq!(events["deployed"].change, deployed);
    assert!(events.contains_key("link.deploys.merge-request/7/4"));
    assert_eq!(fact(&events, "environment").as_deref(), Some("production"));
}

#[test]
fn what_has_no_beginning_is_left_out() {
    let told = Case::issue(&json!({"created_at": null})).tell();
    assert!(told.story.history.is_none());
    assert_eq!(told.story.oddities.len(), 1);
}
