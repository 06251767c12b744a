use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Detail, Reader};
use crate::connectors::collected::{fact, moves};
use crate::connectors::facts::FactMap;
use crate::connectors::jira::address::Address;
use crate::connectors::jira::fields::Plan;
use crate::connectors::jira::names::Names;
use crate::connectors::jira::wire::Sent;
use crate::connectors::story::Story;
use crate::model::event::{Change, Event};
use crate::model::time::Millis;

const DAY: &str = "2026-11-23";

/// Custom fields of the site.
fn catalogue() -> Value {
    json!([
        {"id": "customfield_1", "name": "Flagged", "schema": {"type": "array"}},
        {"id": "customfield_2", "name": "Sprint", "schema": {"type": "array", "custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
        {"id": "customfield_3", "name": "Epic Link", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-epic-link"}},
        {"id": "customfield_4", "name": "Rank", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-lexo-rank"}},
        {"id": "customfield_5", "name": "Story Points", "schema": {"type": "number"}},
        {"id": "customfield_6", "name": "Squad", "schema": {"type": "option"}},
    ])
}

/// A change of one field: hour, field, old id and words, new id and words.
type Told<'a> = (u32, &'a str, [Option<&'a str>; 2], [Option<&'a str>; 2]);

fn item(field: &str, old: [Option<&str>; 2], new: [Option<&str>; 2]) -> Value {
    let custom = catalogue();
    let custom = custom.as_array().unwrap().iter();
    let custom = custom
        .clone()
        .find(|entry| entry["name"] == field)
        .map(|entry| entry["id"].clone());
    let usual = [
        "status",
        "issuetype",
        "priority",
        "assignee",
        "labels",
        "duedate",
        "project",
    ];
    let usual = usual.contains(&field).then(|| json!(field));
    let mut item = json!({
        "field": field, "from": old[0], "fromString": old[1], "to": new[0], "toString": new[1],
    });
    if let Some(id) = custom.or(usual) {
        item["fieldId"] = id;
    }
    item
}

/// A history per change, the newest first.
fn histories(told: &[Told<'_>]) -> Vec<Value> {
    let told = (100..).zip(told);
    let histories = told.map(|(id, (hour, field, old, new))| {
        let created = format!("{DAY}T{hour:02}:00:00.000+0000");
        json!({"id": id.to_string(), "created": created, "items": [item(field, *old, *new)]})
    });
    let mut histories: Vec<Value> = histories.collect();
    histories.reverse();
    histories
}

struct Site {
    names: Names,
    plan: Plan,
}

impl Site {
    fn new() -> Self {
        let facts = FactMap::new(&[("Squad".to_owned(), "team".to_owned())].into());
        let mut names = Names::default();
        let statuses = [("1", "To Do"), ("3", "Doing"), ("5", "Done")];
        let statuses = statuses.map(|(id, name)| json!({"id": id, "name": name}));
        names.learn_statuses(&statuses);
        names.learn_key(Some("EP-9"), "900");
        Self {
            names,
            plan: Plan::new(catalogue().as_array().unwrap(), &facts),
        }
    }

    fn story(&mut self, fields: &Value, histories: &[Value]) -> Story {
        let mut issue = json!({"id": "10", "key": "AB-1", "fields": {
            "created": format!("{DAY}T00:00:00.000+0000"),
            "updated": format!("{DAY}T23:00:00.000+0000"),
            "status": {"id": "1", "name": "To Do"},
        }});
        for (field, value) in fields.as_object().unwrap() {
            issue["fields"][field] = value.clone();
        }
        issue["changelog"] = json!({"histories": histories});
        let text = issue.to_string();
        let Sent(issue) = serde_json::from_str(&text).unwrap();
        let mut issue = issue.unwrap();
        let mut histories = issue.changelog.take().unwrap().histories;
        for history in &mut histories {
            history.items.retain(|item| self.plan.uses(item));
        }
        let detail = Detail {
            issue,
            histories,
            untold: None,
            read: None,
        };
        self.names.learn_issue(&detail.issue, &self.plan);
        self.names.learn_past(&detail.histories);
        let reader = Reader {
            names: &self.names,
            plan: &self.plan,
            address: Some(&Address::new(&"https://a.example/".parse().unwrap()).unwrap()),
        };
        reader.story(&detail)
    }
}

fn events(story: &Story) -> BTreeMap<String, Event> {
    let history = story.history.as_ref().unwrap();
    let events = history.events.iter();
    let events: BTreeMap<String, Event> = events
        .map(|event| (event.id.clone(), event.clone()))
        .collect();
    assert_eq!(events.len(), history.events.len(), "an id comes twice");
    events
}

/// Hours and values of a fact.
fn course(story: &Story, name: &str) -> Vec<(i64, Option<String>)> {
    let midnight = Millis::parse(&format!("{DAY}T00:00:00Z")).unwrap();
    let events = events(story);
    let mut events: Vec<&Event> = events.values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    let mut before: Option<String> = None;
    let mut course = Vec::new();
    for event in events {
        let Change::Set { fact, old, new } = &event.change else {
            continue;
        };
        if fact == name {
            assert_eq!(*old, before, "{name} at {:?}", event.at);
            before.clone_from(new);
            course.push(((event.at.0 - midnight.0) / 3_600_000, new.clone()));
        }
    }
    course
}

fn values<const COUNT: usize>(told: [(i64, &str); COUNT]) -> Vec<(i64, Option<String>)> {
    let value = |text: &str| (!text.is_empty()).then(|| text.replace('|', "\u{1f}"));
    told.into_iter()
        .map(|(hour, text)| (hour, value(text)))
        .collect()
}

fn hours(story: &Story) -> Vec<(i64, String)> {
    let midnight = Millis::parse(&format!("{DAY}T00:00:00Z")).unwrap();
    moves(&events(story), &BTreeMap::new())
        .into_iter()
        .map(|(at, status)| ((at - midnight.0) / 3_600_000, status))
        .collect()
}

fn moved(old: &'static str, new: &'static str, hour: u32) -> Told<'static> {
    (
        hour,
        "status",
        [Some(old), Some("x")],
        [Some(new), Some("y")],
    )
}

#[test]
fn statuses_go_by_id_the_newest_change_comes_first() {
    let told = histories(&[moved("1", "3", 2), moved("3", "5", 4), moved("5", "3", 6)]);
    let story = Site::new().story(&json!({"status": {"id": "3", "name": "Doing"}}), &told);
    let want = [(0, "1"), (2, "3"), (4, "5"), (6, "3")];
    assert_eq!(hours(&story), want.map(|(hour, id)| (hour, id.to_owned())));
    assert_eq!(story.oddities, []);
    assert_eq!(fact(&events(&story), "key").as_deref(), Some("AB-1"));
    let url = fact(&events(&story), "url");
    assert_eq!(url.as_deref(), Some("https://a.example/browse/AB-1"));
}

#[test]
fn a_broken_chain_of_names_is_a_chain_of_ids() {
    let mut told = histories(&[moved("1", "3", 2), moved("3", "5", 4)]);
    told[1]["items"][0]["toString"] = json!("In Development");
    told[0]["items"][0]["fromString"] = json!("In Progress");
    let mut site = Site::new();
    let story = site.story(&json!({"status": {"id": "5"}}), &told);
    assert_eq!(hours(&story).len(), 3);
    // A status that is there is called as it is called today.
    assert_eq!(site.names.status("3"), "Doing");
}

#[test]
fn a_deleted_status_keeps_the_name_it_had() {
    let mut told = histories(&[moved("77", "1", 2)]);
    told[0]["items"][0]["fromString"] = json!("Parked");
    let mut site = Site::new();
    let story = site.story(&json!({}), &told);
    assert_eq!(hours(&story), [(0, "77".to_owned()), (2, "1".to_owned())]);
    assert_eq!(site.names.status("77"), "Parked");
}

#[test]
fn a_status_that_no_change_tells_is_set_at_the_last_update() {
    let told = histories(&[moved("1", "3", 2)]);
    let story = Site::new().story(&json!({"status": {"id": "5"}}), &told);
    assert_eq!(hours(&story)[2], (23, "5".to_owned()));
    let events = events(&story);
    assert!(events["now.5.100.0"].approximate);
    assert_eq!(story.oddities.len(), 1);
}

#[test]
fn several_items_of_a_history_are_one_instant_in_order() {
    let mut told = histories(&[moved("1", "5", 3)]);
    let resolved = item("resolution", [None, None], [Some("7"), Some("Fixed")]);
    told[0]["items"].as_array_mut().unwrap().insert(0, resolved);
    let fields = json!({"status": {"id": "5"}, "resolution": {"id": "7", "name": "Fixed"}});
    let story = Site::new().story(&fields, &told);
    assert_eq!(course(&story, "resolution"), values([(3, "Fixed")]));
    let events = events(&story);
    assert!(events["100.0"].seq < events["100.1"].seq);
}

#[test]
fn histories_without_items_without_time_and_twice_are_no_trouble() {
    let mut told = histories(&[moved("1", "3", 2)]);
    told.push(told[0].clone());
    told.push(json!({"id": "7", "created": "2026-11-23T01:00:00.000+0000"}));
    told.push(json!({"id": "8", "created": "soon", "items": []}));
    told.push(json!(null));
    let story = Site::new().story(&json!({"status": {"id": "3"}}), &told);
    assert_eq!(hours(&story).len(), 2);
    let said: Vec<&str> = story.oddities.iter().map(|odd| odd.what.as_str()).collect();
    let want = [
        "its change 8 does not say when it was made",
        "one of its changes does not say when it was made",
    ];
    assert_eq!(said, want);
}

#[test]
fn an_issue_without_a_creation_is_listed() {
    let story = Site::new().story(&json!({"created": null}), &[]);
    assert!(story.history.is_none());
    assert_eq!(story.oddities.len(), 1);
}

#[test]
fn a_flag_is_set_and_lifted() {
    let flag = Some("Impediment");
    let told = histories(&[
        (2, "Flagged", [None, None], [Some("[19]"), flag]),
        (5, "Flagged", [Some("[19]"), flag], [Some(""), Some("")]),
    ]);
    let story = Site::new().story(&json!({"customfield_1": null}), &told);
    assert_eq!(course(&story, "flagged"), values([(2, "true"), (5, "")]));
    let now = json!({"customfield_1": [{"id": "19", "value": "Impediment"}]});
    let story = Site::new().story(&now, &[]);
    assert_eq!(course(&story, "flagged"), values([(0, "true")]));
}

#[test]
fn sprints_are_lists_called_as_they_are_called_today() {
    let told = histories(&[
        (
            2,
            "Sprint",
            [Some(""), Some("")],
            [Some("3"), Some("Old name")],
        ),
        (
            5,
            "Sprint",
            [Some("3"), Some("Old name")],
            [Some("3, 4"), Some("Old name, Next")],
        ),
    ]);
    let now = json!({"customfield_2": [{"id": 3, "name": "One"}, {"id": 4, "name": "Next"}]});
    let story = Site::new().story(&now, &told);
    assert_eq!(
        course(&story, "sprint"),
        values([(2, "One"), (5, "Next|One")])
    );
}

#[test]
fn labels_components_and_versions_come_and_go() {
    let told = histories(&[
        (1, "labels", [None, Some("")], [None, Some("b a")]),
        (2, "Component", [None, None], [Some("11"), Some("Cards")]),
        (3, "Component", [Some("12"), Some("Web")], [None, None]),
        (4, "labels", [None, Some("b a")], [None, Some("a")]),
        (5, "Fix Version", [None, None], [Some("21"), Some("1.0")]),
    ]);
    let now = json!({
        "labels": ["a"], "components": [{"id": "11", "name": "Cards"}],
        "fixVersions": [{"id": "21", "name": "1.0.0"}],
    });
    let story = Site::new().story(&now, &told);
    assert_eq!(course(&story, "label"), values([(1, "a|b"), (4, "a")]));
    assert_eq!(
        course(&story, "component"),
        values([(0, "Web"), (2, "Cards|Web"), (3, "Cards")])
    );
    // The version was renamed since.
    assert_eq!(course(&story, "version"), values([(5, "1.0.0")]));
}

#[test]
fn parents_come_by_id_and_by_key() {
    let told = histories(&[
        (1, "Epic Link", [None, None], [Some("900"), Some("EP-9")]),
        (
            4,
            "IssueParentAssociation",
            [Some("900"), Some("EP-9")],
            [Some("901"), Some("EP-10")],
        ),
    ]);
    let now = json!({"parent": {"id": "901", "key": "EP-10"}});
    let story = Site::new().story(&now, &told);
    assert_eq!(fact(&events(&story), "parent").as_deref(), Some("901"));
    // One's own server tells an epic by its key alone.
    let story = Site::new().story(&json!({"customfield_3": "EP-9"}), &[]);
    assert_eq!(course(&story, "parent"), values([(0, "900")]));
    let story = Site::new().story(&json!({"customfield_3": "EP-77"}), &[]);
    assert_eq!(course(&story, "parent"), values([(0, "EP-77")]));
}

#[test]
fn a_rank_holds_since_it_was_last_given() {
    let ranked = [Some(""), Some("Ranked higher")];
    let told = histories(&[
        (2, "Rank", [Some(""), Some("")], ranked),
        (6, "Rank", [Some(""), Some("")], ranked),
    ]);
    let now = json!({"customfield_4": "0|i00026:"});
    let story = Site::new().story(&now, &told);
    assert_eq!(course(&story, "rank"), [(6, Some("0|i00026:".to_owned()))]);
}

#[test]
fn estimates_dates_types_and_people() {
    let told = histories(&[
        (1, "Story Points", [None, None], [None, Some("13")]),
        (
            2,
            "duedate",
            [None, None],
            [Some("2026-12-01"), Some("2026-12-01 00:00:00.0")],
        ),
        (3, "assignee", [None, None], [Some("5b"), Some("Ann")]),
        (
            4,
            "issuetype",
            [Some("1"), Some("Bug")],
            [Some("2"), Some("Story")],
        ),
        (
            5,
            "Squad",
            [Some("31"), Some("Blue")],
            [Some("32"), Some("Green")],
        ),
    ]);
    let now = json!({
        "customfield_5": 13.0, "duedate": "2026-12-01", "issuetype": {"id": "2", "name": "Story"},
        "assignee": {"accountId": "5b", "displayName": "Ann Smith"},
        "customfield_6": {"id": "32", "value": "Green"},
    });
    let story = Site::new().story(&now, &told);
    assert_eq!(course(&story, "estimate"), values([(1, "13")]));
    assert_eq!(course(&story, "due"), values([(2, "2026-12-01")]));
    assert_eq!(course(&story, "assignee"), values([(3, "Ann Smith")]));
    assert_eq!(course(&story, "type"), values([(0, "Bug"), (4, "Story")]));
    assert_eq!(course(&story, "team"), values([(0, "Blue"), (5, "Green")]));
    assert_eq!(
        course(&Site::new().story(&now, &[]), "estimate"),
        values([(0, "13")])
    );
}

#[test]
fn an_issue_that_moved_keeps_its_id_and_had_another_key() {
    let told = histories(&[
        (
            3,
            "Key",
            [Some(""), Some("OLD-4")],
            [Some(""), Some("AB-1")],
        ),
        (
            3,
            "project",
            [Some("1"), Some("Old")],
            [Some("2"), Some("Cards")],
        ),
    ]);
    let now = json!({"project": {"id": "2", "key": "AB", "name": "Cards"}});
    let story = Site::new().story(&now, &told);
    assert_eq!(story.history.as_ref().unwrap().item, "10");
    assert_eq!(course(&story, "key"), values([(0, "OLD-4"), (3, "AB-1")]));
    assert_eq!(
        course(&story, "project"),
        values([(0, "Old"), (3, "Cards")])
    );
}

#[test]
fn links_have_a_direction() {
    let told = histories(&[
        (
            2,
            "Link",
            [None, None],
            [Some("EP-9"), Some("This issue is blocked by EP-9")],
        ),
        (
            3,
            "Link",
            [Some("XY-1"), Some("This issue clones XY-1")],
            [None, None],
        ),
    ]);
    let blocks = json!({"name": "Blocks", "inward": "is blocked by", "outward": "blocks"});
    let now = json!({"issuelinks": [
        {"id": "1", "type": blocks, "inwardIssue": {"id": "900", "key": "EP-9"}},
        {"id": "2", "type": blocks, "outwardIssue": {"id": "55", "key": "AB-5"}},
        {"id": "3", "type": 5}, null,
    ]});
    let story = Site::new().story(&now, &told);
    let events = events(&story);
    let linked = |kind: &str, to: &str| Change::Linked {
        kind: kind.to_owned(),
        to: to.to_owned(),
    };
    assert_eq!(events["100.0"].change, linked("is blocked by", "900"));
    let cut = Change::Unlinked {
        kind: "clones".to_owned(),
        to: "XY-1".to_owned(),
    };
    assert_eq!(events["101.0"].change, cut);
    // What nobody told was there from the start, as far as one knows.
    for (kind, to) in [("blocks", "55"), ("clones", "XY-1")] {
        let event = &events[&format!("link.{kind}.{to}")];
        assert_eq!(event.change, linked(kind, to));
        assert!(event.approximate);
    }
    assert!(!events.contains_key("link.is blocked by.900"));
}

#[test]
fn long_texts_are_no_values() {
    let now = json!({"summary": "x".repeat(5_000), "customfield_6": {"value": "Blue"}});
    let story = Site::new().story(&now, &[]);
    assert_eq!(course(&story, "title"), []);
    assert_eq!(course(&story, "team"), values([(0, "Blue")]));
}
