use std::collections::BTreeMap;
use std::convert::Infallible;

use serde_json::{Value, json};

use super::super::address::Deployment;
use super::super::tests::Reader;
use super::super::tests::site::{Site, at, issue};
use super::{Broken, Saved};
use crate::connectors::collected::Kept;
use crate::connectors::story::Story;
use crate::model::event::{Change, Event};
use crate::model::infer::Category;

/// What becomes of each issue, and where the text breaks off.
fn read(text: &str, fields: &[(&str, &str)]) -> (Vec<Story>, Option<Broken>) {
    let pair = |(field, fact): &(&str, &str)| ((*field).to_owned(), (*fact).to_owned());
    let fields: BTreeMap<_, _> = fields.iter().map(pair).collect();
    let mut stories = Vec::new();
    let broken = Saved::new(text, &fields).read(&mut |story| -> Result<(), Infallible> {
        stories.push(story);
        Ok(())
    });
    (stories, broken.unwrap())
}

fn kept(stories: &[Story]) -> Kept {
    let histories = stories.iter().filter_map(|story| story.history.as_ref());
    let events = |events: &[Event]| {
        let events = events.iter().map(|event| (event.id.clone(), event.clone()));
        events.collect()
    };
    histories
        .map(|history| (history.item.clone(), events(&history.events)))
        .collect()
}

fn values(stories: &[Story], item: usize, name: &str) -> Vec<Option<String>> {
    let history = stories[item].history.as_ref().unwrap();
    let set = history
        .events
        .iter()
        .filter_map(|event| match &event.change {
            Change::Set { fact, new, .. } if fact == name => Some(new.clone()),
            _ => None,
        });
    set.collect()
}

fn said(stories: &[Story]) -> Vec<String> {
    let odd = stories.iter().flat_map(|story| &story.oddities);
    odd.map(|odd| format!("{}: {}", odd.place, odd.what))
        .collect()
}

/// Issues with a flag, a squad, an epic told by its key, which comes later, and a link.
fn issues() -> Vec<Value> {
    let noon = at("2026-11-20T12:00:00Z");
    let after = |minutes: i64| noon.plus_secs(60 * (minutes - 60));
    let moves = [
        (101, after(10), 1, 2),
        (102, after(20), 2, 3),
        (103, after(30), 3, 2),
    ];
    let mut issues: Vec<Value> = (1..=3).map(|id| issue(id, noon, 2, &moves)).collect();
    let change = |id: u64, minute: i64, item: Value| {
        json!({"id": id.to_string(), "items": [item],
            "created": super::super::tests::site::stamp(after(minute))})
    };
    let told = [
        change(
            104,
            40,
            json!({"field": "Flagged", "fieldtype": "custom", "fieldId": "customfield_10021",
            "from": null, "fromString": "", "to": "[1]", "toString": "Impediment"}),
        ),
        change(
            105,
            45,
            json!({"field": "Squad", "fieldtype": "custom", "fieldId": "customfield_10050",
            "from": "7", "fromString": "Red \"one\"", "to": "8", "toString": "Blue"}),
        ),
        change(
            106,
            50,
            json!({"field": "Epic Link", "fieldtype": "custom", "fieldId": "customfield_10014",
            "from": "", "fromString": "", "to": "", "toString": "AB-3"}),
        ),
        change(
            107,
            55,
            json!({"field": "Link",
            "from": null, "fromString": null, "to": "AB-2", "toString": "This issue blocks AB-2"}),
        ),
        change(
            108,
            56,
            json!({"field": "description", "fromString": "a", "toString": "b"}),
        ),
    ];
    let log = issues[0]["changelog"]["histories"].as_array_mut().unwrap();
    log.extend(told);
    issues[0]["changelog"]["total"] = json!(8);
    issues[0]["fields"]["customfield_10021"] = json!([{"id": "1", "value": "Impediment"}]);
    issues[0]["fields"]["customfield_10050"] = json!({"id": "8", "value": "Blue"});
    issues[0]["fields"]["customfield_10014"] = json!("AB-3");
    issues[0]["fields"]["description"] = json!({"type": "doc", "content": [{"text": "no fact"}]});
    issues
}

const SQUAD: [(&str, &str); 1] = [("Squad", "team")];

#[tokio::test]
async fn a_file_tells_what_the_server_tells() {
    for deployment in [Deployment::Cloud, Deployment::OwnServer] {
        let mut site = Site::new(deployment);
        site.issues = (1..).zip(issues()).collect();
        let reader = Reader::asking(site, "", &SQUAD);
        let sink = reader.read(None).await;
        let mut issues = issues();
        for issue in &mut issues {
            issue["self"] = json!(reader.place("/rest/api/2/issue/1"));
        }
        let page = |issues: &[Value]| json!({"startAt": 0, "total": 3, "issues": issues});
        let texts = [
            json!(issues).to_string(),
            page(&issues).to_string(),
            serde_json::to_string_pretty(&page(&issues)).unwrap(),
            format!("{}\n{}\n", page(&issues[..1]), page(&issues[1..])),
            json!([page(&issues[..1]), page(&issues[1..])]).to_string(),
            format!("{}\n{}\n{}", issues[0], issues[1], issues[2]),
        ];
        for text in texts {
            let (stories, broken) = read(&text, &SQUAD);
            assert_eq!(kept(&stories), sink.kept(), "{text}");
            assert_eq!((broken, said(&stories)), (None, Vec::new()));
        }
    }
}

#[test]
fn what_cannot_be_read_is_listed_and_the_rest_goes_on() {
    let mut issues = issues();
    issues[1]["fields"]["created"] = json!("soon");
    issues[2]["changelog"]["total"] = json!(40);
    issues.insert(1, json!(null));
    issues.insert(2, json!({"key": "AB-9", "fields": [7]}));
    issues.push(issue(4, at("2026-11-20T12:00:00Z"), 1, &[]));
    issues[5].as_object_mut().unwrap().remove("changelog");
    let (stories, broken) = read(&json!(issues).to_string(), &[]);
    assert_eq!(broken, None);
    assert_eq!(kept(&stories).len(), 3);
    let want = [
        "issue number 2 of the file: it has no id; it is left out",
        "issue number 3 of the file: it has no id; it is left out",
        "issue 2: it does not say when it was created; it is left out",
        "issue 3: Jira tells only 3 of its 40 changes",
        "issue 4: it comes without its changes: where it was before is not known",
    ];
    assert_eq!(said(&stories), want);
}

#[test]
fn what_comes_before_a_break_is_kept() {
    let text = serde_json::to_string_pretty(&issues()).unwrap();
    let last = text.rfind("AB-3\"").unwrap();
    let (stories, broken) = read(&text[..last], &[]);
    assert_eq!(stories.len(), 2);
    let broken = broken.unwrap();
    assert!(broken.line > 100, "{broken:?}");
    let (stories, broken) = read("", &[]);
    assert!(stories.is_empty() && broken.is_none());
    assert!(read("[1, 2", &[]).1.is_some());
}

#[test]
fn more_issues_than_are_understood_at_once_keep_their_order() {
    let many = (1..=1_203).map(|id| issue(id, at("2026-11-20T12:00:00Z"), 1, &[]));
    let (stories, _) = read(&json!(many.collect::<Vec<_>>()).to_string(), &[]);
    let items = stories
        .iter()
        .map(|story| &story.history.as_ref().unwrap().item);
    let want: Vec<String> = (1..=1_203).map(|id| id.to_string()).collect();
    assert!(items.eq(want.iter()));
}

#[test]
fn whoever_wants_no_more_ends_the_reading() {
    let many = (1..=5_000).map(|id| issue(id, at("2026-11-20T12:00:00Z"), 1, &[]));
    let text = json!(many.collect::<Vec<_>>()).to_string();
    let mut taken = 0;
    let ended = Saved::new(&text, &BTreeMap::new()).read(&mut |_| {
        taken += 1;
        if taken < 3 { Ok(()) } else { Err("enough") }
    });
    assert_eq!((ended, taken), (Err("enough"), 3));
}

/// One's own server names fields in changes without their ids; a page may list them beside.
#[test]
fn fields_are_known_by_changes_and_by_the_list_of_a_page() {
    let mut issues = issues();
    let log = issues[0]["changelog"]["histories"].as_array_mut().unwrap();
    for history in log {
        history["items"][0]
            .as_object_mut()
            .unwrap()
            .remove("fieldId");
    }
    let (stories, _) = read(&json!(issues).to_string(), &SQUAD);
    assert_eq!(values(&stories, 0, "flagged"), [Some("true".to_owned())]);
    let red = Some("Red \"one\"".to_owned());
    assert_eq!(values(&stories, 0, "team"), [red, Some("Blue".to_owned())]);
    assert_eq!(values(&stories, 0, "parent"), [Some("3".to_owned())]);

    issues[1]["fields"]["customfield_7"] = json!(8.0);
    let page = json!({"issues": issues, "names": {"customfield_7": "Points", "summary": "Summary",
        "customfield_10021": "Flagged"}, "schema": {"customfield_7": {"type": "number",
        "custom": "com.atlassian.jira.plugin.system.customfieldtypes:jsw-story-points"}}});
    let text = page.to_string();
    let saved = Saved::new(
        &text,
        &BTreeMap::from([("Sqad".to_owned(), "x".to_owned())]),
    );
    assert_eq!(saved.strangers(), ["sqad"]);
    let facts: Vec<_> = saved.facts().collect();
    assert!(facts.contains(&("points", "estimate")), "{facts:?}");
    assert_eq!(
        facts
            .iter()
            .filter(|(field, _)| *field == "flagged")
            .count(),
        1
    );
    let (stories, _) = read(&text, &[]);
    assert_eq!(values(&stories, 1, "estimate"), [Some("8".to_owned())]);
}

#[test]
fn what_the_site_takes_its_statuses_for_is_told() {
    let mut issues = issues();
    let status = |id: &str, name: &str, key: &str| json!({"id": id, "name": name, "statusCategory": {"id": 4, "key": key, "name": "any"}});
    issues[0]["fields"]["status"] = status("2", "Cooking", "indeterminate");
    issues[1]["fields"]["status"] = status("3", "Served", "done");
    let text = json!(issues).to_string();
    let mut saved = Saved::new(&text, &BTreeMap::new());
    assert!(saved.has_changes());
    saved.read(&mut |_| Ok::<(), Infallible>(())).unwrap();
    let told: Vec<_> = saved.told().statuses.into_iter().collect();
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.name.as_str(), one.category))
        .collect();
    let (started, ended) = (Some(Category::Started), Some(Category::Ended));
    assert_eq!(told, [("Cooking", started), ("Served", ended)]);
    assert!(!Saved::new("[]", &BTreeMap::new()).has_changes());
    let names: Vec<String> = saved.statuses().into_iter().map(|one| one.name).collect();
    // Nobody is in the first one now: it is called as it was when it was left.
    assert_eq!(names, ["name 1", "Cooking", "Served"]);
}
