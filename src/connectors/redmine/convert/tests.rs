use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Reader, Story};
use crate::connectors::collected::{fact, moves};
use crate::connectors::facts::FactMap;
use crate::connectors::redmine::address::Address;
use crate::connectors::redmine::names::{Names, Sort};
use crate::connectors::redmine::wire::Issue;
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

fn read_with(fields: &[(&str, &str)], issue: &Value) -> Story {
    let mut names = Names::default();
    let statuses =
        json!([{"id": 1, "name": "New"}, {"id": 2, "name": "Doing"}, {"id": 5, "name": "Done"}]);
    names.learn_all(Sort::Status, statuses.as_array().unwrap());
    names.learn_all(
        Sort::Tracker,
        &[
            json!({"id": 1, "name": "Bug"}),
            json!({"id": 2, "name": "Feature"}),
        ],
    );
    let issue = Issue::read(issue.as_object().unwrap().clone()).unwrap();
    names.learn_issue(&issue);
    let fields: BTreeMap<String, String> = fields
        .iter()
        .map(|(field, fact)| ((*field).to_owned(), (*fact).to_owned()))
        .collect();
    let reader = Reader {
        names: &names,
        facts: &FactMap::new(&fields),
        address: &Address::new(&"https://r.example/x".parse().unwrap(), "").unwrap(),
    };
    reader.story(&issue)
}

fn read(issue: &Value) -> Story {
    read_with(&[], issue)
}

fn events(story: &Story) -> BTreeMap<String, Event> {
    let events = &story.history.as_ref().unwrap().events;
    let by_id: BTreeMap<String, Event> = events
        .iter()
        .map(|event| (event.id.clone(), event.clone()))
        .collect();
    assert_eq!(by_id.len(), events.len(), "event ids are not unique");
    by_id
}

fn statuses(story: &Story) -> Vec<(String, String)> {
    let told = moves(&events(story), &BTreeMap::new());
    told.into_iter()
        .map(|(at, status)| (Millis(at).rfc3339()[8..19].to_owned(), status))
        .collect()
}

/// The values of a fact in order, each with its day and second.
fn values(story: &Story, name: &str) -> Vec<(String, Option<String>)> {
    let events = events(story);
    let mut told: Vec<&Event> = events.values().collect();
    told.sort_by_key(|event| (event.at, event.seq));
    told.into_iter()
        .filter_map(|event| match &event.change {
            Change::Set { fact, new, .. } if fact == name => {
                Some((event.at.rfc3339()[8..10].to_owned(), new.clone()))
            }
            _ => None,
        })
        .collect()
}

fn oddities(story: &Story) -> Vec<&str> {
    story
        .oddities
        .iter()
        .map(|oddity| oddity.what.as_str())
        .collect()
}

fn journal(id: u64, day: u8, details: &Value) -> Value {
    json!({"id": id, "user": {"id": 4, "name": "Ann"}, "notes": "", "private_notes": false,
           "created_on": format!("2026-01-{day:02}T08:00:00Z"), "details": details})
}

fn attr(name: &str, old: &Value, new: &Value) -> Value {
    json!({"property": "attr", "name": name, "old_value": old, "new_value": new})
}

fn status(id: u64, day: u8, old: &str, new: &str) -> Value {
    journal(
        id,
        day,
        &json!([attr("status_id", &json!(old), &json!(new))]),
    )
}

/// An issue of 1 January with these fields put over the usual ones.
fn issue(over: Value) -> Value {
    let mut issue = json!({
        "id": 7, "project": {"id": 3, "name": "Cards"}, "tracker": {"id": 2, "name": "Feature"},
        "status": {"id": 5, "name": "Done", "is_closed": true}, "priority": {"id": 2, "name": "Normal"},
        "author": {"id": 4, "name": "Ann"}, "subject": "Pay by card", "description": "long",
        "start_date": null, "due_date": null, "done_ratio": 0, "is_private": false,
        "estimated_hours": null, "created_on": "2026-01-01T08:00:00Z",
        "updated_on": "2026-01-20T08:00:00Z", "closed_on": null,
    });
    let Value::Object(over) = over else {
        panic!("no object");
    };
    issue.as_object_mut().unwrap().extend(over);
    issue
}

fn pair(day: &str, status: &str) -> (String, String) {
    (format!("{day}T08:00:00"), status.to_owned())
}

#[test]
fn the_first_status_is_the_old_value_of_the_first_change() {
    let story = read(&issue(
        json!({"journals": [status(10, 3, "1", "2"), status(11, 5, "2", "5")]}),
    ));
    assert_eq!(
        statuses(&story),
        [pair("01", "1"), pair("03", "2"), pair("05", "5")]
    );
    assert_eq!(oddities(&story), [""; 0]);
    let events = events(&story);
    assert_eq!(events["created"].seq, 0);
    assert_eq!(events["10.0"].change, Change::Moved { to: "2".to_owned() });
}

#[test]
fn without_a_change_the_status_of_now_is_the_first() {
    for journals in [
        json!([]),
        json!(null),
        json!("odd"),
        json!([journal(9, 2, &json!([]))]),
    ] {
        let story = read(&issue(json!({ "journals": journals })));
        assert_eq!(statuses(&story), [pair("01", "5")]);
        assert_eq!(oddities(&story), [""; 0]);
    }
}

#[test]
fn an_issue_has_its_facts_from_the_start() {
    let events = events(&read(&issue(json!({}))));
    let now = |name| fact(&events, name);
    assert_eq!(now("key").as_deref(), Some("#7"));
    assert_eq!(now("url").as_deref(), Some("https://r.example/x/issues/7"));
    assert_eq!(now("title").as_deref(), Some("Pay by card"));
    assert_eq!(now("type").as_deref(), Some("Feature"));
    assert_eq!(now("project").as_deref(), Some("Cards"));
    assert_eq!(now("priority").as_deref(), Some("Normal"));
    for absent in [
        "assignee",
        "due",
        "estimate",
        "parent",
        "author",
        "description",
        "version",
    ] {
        assert_eq!(now(absent), None, "{absent}");
    }
    assert!(
        events
            .values()
            .all(|event| event.at == Millis::parse("2026-01-01T08:00:00Z").unwrap())
    );
}

#[test]
fn changes_of_one_second_keep_the_order_of_their_journals() {
    // Sent newest first, as Redmine does for users who read so, and with ids of many digits.
    let story = read(&issue(json!({"journals": [
        status(1_000, 3, "2", "5"), status(999, 3, "1", "2"), status(98, 3, "2", "1"), status(9, 2, "1", "2"),
    ]})));
    let told: Vec<String> = statuses(&story)
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(told, ["1", "2", "1", "2", "5"]);
}

#[test]
fn a_journal_may_hold_several_changes() {
    let both = json!([
        attr("tracker_id", &json!("1"), &json!("2")),
        {"property": "attachment", "name": "12", "new_value": "a.png"},
        attr("status_id", &json!("1"), &json!("5")),
        attr("assigned_to_id", &json!(null), &json!("4")),
    ]);
    let over =
        json!({"journals": [journal(10, 3, &both)], "assigned_to": {"id": 4, "name": "Ann"}});
    let story = read(&issue(over));
    assert_eq!(statuses(&story), [pair("01", "1"), pair("03", "5")]);
    let some = |day: &str, value: &str| (day.to_owned(), Some(value.to_owned()));
    assert_eq!(
        values(&story, "type"),
        [some("01", "Bug"), some("03", "Feature")]
    );
    assert_eq!(values(&story, "assignee"), [some("03", "Ann")]);
    assert_eq!(
        events(&story)["10.2"].change,
        Change::Moved { to: "5".to_owned() }
    );
}

#[test]
fn every_field_with_journals_has_its_past() {
    let change = |name: &str, old: Value, new: Value| attr(name, &old, &new);
    let first = json!([
        change("subject", json!("Pay"), json!("Pay by card")),
        change("due_date", json!("2026-02-01"), json!(null)),
        change("estimated_hours", json!("8.0"), json!("12.50")),
        change("parent_id", json!(null), json!("3")),
        change("priority_id", json!("9"), json!("2")),
        change("fixed_version_id", json!("6"), json!("")),
        change("category_id", json!("8"), json!("9")),
        change("project_id", json!("2"), json!("3")),
        change("assigned_to_id", json!("5"), json!("4")),
    ]);
    let over = json!({
        "journals": [journal(10, 3, &first)], "estimated_hours": 12.5, "parent": {"id": 3},
        "category": {"id": 9, "name": "Shop"}, "assigned_to": {"id": 4, "name": "Ann"},
    });
    let story = read(&issue(over));
    let table = [
        ("title", Some("Pay"), Some("Pay by card")),
        ("due", Some("2026-02-01"), None),
        ("estimate", Some("8"), Some("12.5")),
        ("parent", None, Some("3")),
        ("priority", Some("priority 9"), Some("Normal")),
        ("version", Some("version 6"), None),
        ("category", Some("category 8"), Some("Shop")),
        ("project", Some("project 2"), Some("Cards")),
        ("assignee", Some("user 5"), Some("Ann")),
    ];
    for (name, before, after) in table {
        let told = values(&story, name);
        let at_start = told.iter().find(|(day, _)| day == "01");
        assert_eq!(
            at_start.and_then(|(_, value)| value.as_deref()),
            before,
            "{name}"
        );
        let changed = told.iter().find(|(day, _)| day == "03").unwrap();
        assert_eq!(changed.1.as_deref(), after, "{name}");
    }
}

#[test]
fn fields_are_facts_as_the_settings_say() {
    let fields = [
        ("Category", "team"),
        ("cf_3", "area"),
        ("blocked?", "flagged"),
        ("done_ratio", "progress"),
        ("Author", "reporter"),
        ("is_private", "hidden"),
    ];
    let past = json!([
        {"property": "cf", "name": "3", "old_value": "north", "new_value": "south"},
        {"property": "cf", "name": "4", "old_value": "0", "new_value": "1"},
        {"property": "cf", "name": "99", "old_value": "unmapped", "new_value": "still"},
        attr("is_private", &json!("1"), &json!("0")),
    ]);
    let over = json!({
        "category": {"id": 9, "name": "Shop"}, "done_ratio": 30, "is_private": false,
        "custom_fields": [{"id": 3, "name": "Area", "value": "south"}, {"id": 4, "name": "Blocked?", "value": "1"}],
        "journals": [journal(10, 3, &past)],
    });
    let story = read_with(&fields, &issue(over));
    let some = |day: &str, value: &str| (day.to_owned(), Some(value.to_owned()));
    assert_eq!(values(&story, "team"), [some("01", "Shop")]);
    assert_eq!(values(&story, "category"), []);
    assert_eq!(
        values(&story, "area"),
        [some("01", "north"), some("03", "south")]
    );
    assert_eq!(values(&story, "flagged"), [some("03", "true")]);
    assert_eq!(values(&story, "progress"), [some("01", "30")]);
    assert_eq!(values(&story, "reporter"), [some("01", "Ann")]);
    assert_eq!(
        values(&story, "hidden"),
        [some("01", "true"), some("03", "false")]
    );
}

#[test]
fn a_flag_that_is_taken_away_is_no_value() {
    let past = json!([{"property": "cf", "name": "4", "old_value": "1", "new_value": "0"}]);
    let over = json!({"custom_fields": [{"id": 4, "name": "Flag", "value": "0"}], "journals": [journal(10, 3, &past)]});
    let story = read_with(&[("4", "flagged")], &issue(over));
    let expected = [
        ("01".to_owned(), Some("true".to_owned())),
        ("03".to_owned(), None),
    ];
    assert_eq!(values(&story, "flagged"), expected);
}

#[test]
fn a_field_of_several_values_is_read_back_from_now() {
    let come =
        |value: &str| json!({"property": "cf", "name": "3", "old_value": null, "new_value": value});
    let gone =
        |value: &str| json!({"property": "cf", "name": "3", "old_value": value, "new_value": null});
    let over = json!({
        "custom_fields": [{"id": 3, "name": "Parts", "multiple": true, "value": ["web", "app"]}],
        "journals": [journal(10, 3, &json!([gone("till"), come("web")])), journal(11, 4, &json!([come("app")]))],
    });
    let story = read_with(&[("parts", "label")], &issue(over));
    let some = |day: &str, value: &str| (day.to_owned(), Some(value.to_owned()));
    let expected = [
        some("01", "till"),
        ("03".to_owned(), None),
        some("03", "web"),
        some("04", "app\u{1f}web"),
    ];
    assert_eq!(values(&story, "label"), expected);
}

#[test]
fn ties_are_seen_from_this_end() {
    let relations = json!([
        {"id": 1, "issue_id": 7, "issue_to_id": 8, "relation_type": "blocks", "delay": null},
        {"id": 2, "issue_id": 9, "issue_to_id": 7, "relation_type": "precedes", "delay": 2},
        {"id": 3, "issue_id": 7, "issue_to_id": 10, "relation_type": "relates", "delay": null},
        {"id": 4, "issue_id": 7, "relation_type": "odd"},
    ]);
    let past = json!([
        {"property": "relation", "name": "relates", "old_value": null, "new_value": "10"},
        {"property": "relation", "name": "copied_from", "old_value": "11", "new_value": null},
        attr("child_id", &json!(null), &json!("12")),
    ]);
    let over = json!({"relations": relations, "children": [{"id": 12, "subject": "part"}, {"id": 13}],
                      "journals": [journal(10, 3, &past)]});
    let events = events(&read(&issue(over)));
    let mut ties: Vec<(String, String, String, bool)> = events
        .values()
        .filter_map(|event| match &event.change {
            Change::Linked { kind, to } => Some((format!("+{kind}"), to, event)),
            Change::Unlinked { kind, to } => Some((format!("-{kind}"), to, event)),
            _ => None,
        })
        .map(|(kind, to, event)| (kind, to.clone(), event.id.clone(), event.approximate))
        .collect();
    ties.sort();
    let tie = |kind: &str, to: &str, id: &str, approximate| {
        (kind.to_owned(), to.to_owned(), id.to_owned(), approximate)
    };
    let expected = [
        tie("+blocks", "8", "link.blocks.8", true),
        tie("+child", "12", "10.2", false),
        tie("+child", "13", "link.child.13", true),
        tie("+copied_from", "11", "link.copied_from.11", true),
        tie("+follows", "9", "link.follows.9", true),
        tie("+relates", "10", "10.0", false),
        tie("-copied_from", "11", "10.1", false),
    ];
    assert_eq!(ties, expected);
}

#[test]
fn statuses_that_nobody_names_keep_their_ids() {
    let story = read(&issue(
        json!({"journals": [status(10, 3, "77", "2"), status(11, 5, "2", "5")]}),
    ));
    assert_eq!(statuses(&story)[0], pair("01", "77"));
    assert_eq!(story.unnamed, BTreeSet::from(["77".to_owned()]));
}

#[test]
fn a_status_that_journals_do_not_lead_to_is_reached_at_the_last_update() {
    let story = read(&issue(json!({"journals": [status(10, 3, "1", "2")]})));
    assert_eq!(
        statuses(&story),
        [pair("01", "1"), pair("03", "2"), pair("20", "5")]
    );
    assert!(oddities(&story)[0].contains("it is in status 5, but its journals end in status 2"));
    let last = events(&story).remove("now.5.10.0").unwrap();
    assert!(last.approximate);
}

#[test]
fn an_issue_that_changed_while_it_was_read_is_not_odd() {
    let over = json!({"status": {"id": 1, "name": "New"}, "updated_on": "2026-01-01T08:00:00Z",
                      "journals": [status(10, 3, "1", "2")]});
    let story = read(&issue(over));
    assert_eq!(statuses(&story), [pair("01", "1"), pair("03", "2")]);
    assert_eq!(oddities(&story), [""; 0]);
}

#[test]
fn odd_parts_are_listed_and_the_rest_is_read() {
    let odd = json!([
        "no journal",
        {"id": 8, "created_on": "yesterday", "details": [attr("status_id", &json!("1"), &json!("5"))]},
        {"created_on": "2026-01-02T08:00:00Z", "details": []},
        journal(10, 3, &json!([{"property": "attr"}, 5, attr("status_id", &json!("1"), &json!("2"))])),
        journal(11, 4, &json!([attr("status_id", &json!("2"), &json!(null))])),
        status(12, 5, "2", "5"),
        {"id": "13", "created_on": "2026-01-06T09:00:00+01:00", "details": [attr("status_id", &json!(5), &json!(1))]},
        status(14, 7, "1", "5"),
    ]);
    let story = read(&issue(json!({ "journals": odd })));
    let told: Vec<String> = statuses(&story)
        .into_iter()
        .map(|(_, status)| status)
        .collect();
    assert_eq!(told, ["1", "2", "5", "1", "5"]);
    assert_eq!(
        oddities(&story),
        [
            "its journal entry 1 has no id or no time",
            "its journal entry 2 has no id or no time",
            "its journal entry 3 has no id or no time",
            "its change 10.0 names no field",
            "its change 10.1 names no field",
            "its change 11.0 leads to no status",
        ]
    );
    assert!(
        story
            .oddities
            .iter()
            .all(|oddity| oddity.place == "issue 7")
    );
}

#[test]
fn a_journal_sent_twice_counts_once() {
    let story = read(&issue(
        json!({"journals": [status(10, 3, "1", "5"), status(10, 3, "1", "5")]}),
    ));
    assert_eq!(statuses(&story), [pair("01", "1"), pair("03", "5")]);
}

#[test]
fn an_issue_that_cannot_be_placed_in_time_is_left_out() {
    for created in [json!(null), json!("soon"), json!(12)] {
        let story = read(&issue(json!({ "created_on": created })));
        assert_eq!(story.history, None);
        assert_eq!(story.oddities.len(), 1);
    }
}

#[test]
fn an_issue_with_nothing_but_an_id_and_a_birth_is_read() {
    let story = read(
        &json!({"id": "7", "created_on": "2026-01-01T08:00:00Z", "status": "odd", "tracker": []}),
    );
    assert_eq!(statuses(&story), [pair("01", "")]);
    assert_eq!(oddities(&story), ["it does not say which status it is in"]);
}

#[test]
fn sequences_fit_the_history_whatever_the_ids() {
    let story = read(&issue(json!({"journals": [status(u64::MAX, 3, "1", "5")]})));
    let events = events(&story);
    assert!(
        events
            .values()
            .all(|event| i64::try_from(event.seq).is_ok())
    );
}
