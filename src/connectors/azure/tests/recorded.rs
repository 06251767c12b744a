//! Answers recorded from real organizations, under the folder `WEIR_SHARED`, and the histories worked
//! out from them by hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use crate::connectors::azure::address::Address;
use crate::connectors::azure::convert::Reader;
use crate::connectors::azure::fields::Fields;
use crate::connectors::azure::history::{Growing, History};
use crate::connectors::azure::query::StatusBy;
use crate::connectors::azure::tracker::{Detail, Row};
use crate::connectors::azure::{AzureDevops, pulls, runs};
use crate::connectors::collected::moves;
use crate::connectors::record::Record;
use crate::connectors::story::Story;
use crate::connectors::sync::{Fetched, Listed};
use crate::connectors::{SecretSource, TrackerSettings};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

fn shared(path: &str) -> String {
    let folder = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    let path = PathBuf::from(folder).join("data/azure-devops").join(path);
    std::fs::read_to_string(path).unwrap()
}

/// The body of a recorded answer.
fn body(path: &str) -> Value {
    let recorded: Value = serde_json::from_str(&shared(path)).unwrap();
    recorded["responses"]["200"]["body"].clone()
}

/// The records of a file with one on each line.
fn lines(path: &str) -> Vec<Value> {
    let text = shared(path);
    let records = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    records.map(|record| record["data"].clone()).collect()
}

fn fields() -> Fields {
    Fields::new(&[].into(), &[].into(), &StatusBy::State)
}

fn address() -> Address {
    Address::new(&"https://dev.azure.com/fabrikam".parse().unwrap()).unwrap()
}

fn events(story: Story) -> BTreeMap<String, Event> {
    assert!(story.oddities.is_empty(), "{:?}", story.oddities);
    let events = story.history.unwrap().events.into_iter();
    events.map(|event| (event.id.clone(), event)).collect()
}

fn read(history: &History) -> BTreeMap<String, Event> {
    let (fields, address) = (fields(), address());
    let reader = Reader {
        fields: &fields,
        address: &address,
    };
    events(reader.story("1", history, None))
}

fn at(text: &str) -> i64 {
    Millis::parse(text).unwrap().0
}

fn statuses(events: &BTreeMap<String, Event>) -> Vec<(i64, String)> {
    moves(events, &BTreeMap::new())
}

fn values(events: &BTreeMap<String, Event>, name: &str) -> Vec<(i64, String)> {
    let mut told: Vec<(i64, u64, String)> = events
        .values()
        .filter_map(|event| match &event.change {
            Change::Set { fact, new, .. } if fact == name => {
                Some((event.at.0, event.seq, new.clone().unwrap_or_default()))
            }
            _ => None,
        })
        .collect();
    told.sort();
    told.into_iter().map(|(at, _, value)| (at, value)).collect()
}

fn list(expected: &[(&str, &str)]) -> Vec<(i64, String)> {
    expected
        .iter()
        .map(|(when, what)| (at(when), (*what).to_owned()))
        .collect()
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn thirteen_updates_of_a_bug() {
    for file in [
        "list_of_workitem_updates",
        "list_of_workitem_updates_projectscope",
    ] {
        let sent = body(&format!("wit-7.1/updates/GET__{file}.json"));
        let history = History::of_updates(sent.list("value"), &fields()).unwrap();
        assert_eq!(history.changed, Millis::parse("2017-09-04T02:43:24.21Z"));
        let events = read(&history);
        assert_eq!(
            statuses(&events),
            list(&[
                ("2017-09-04T02:08:16.6Z", "New"),
                ("2017-09-04T02:36:18.75Z", "Active")
            ])
        );
        assert_eq!(
            values(&events, "parent"),
            list(&[
                ("2017-09-04T02:33:39.23Z", "2"),
                ("2017-09-04T02:34:48.16Z", ""),
                ("2017-09-04T02:35:05.287Z", "7"),
            ])
        );
        assert_eq!(
            values(&events, "label"),
            list(&[
                ("2017-09-04T02:36:18.75Z", "beauty"),
                (
                    "2017-09-04T02:43:24.21Z",
                    "G\u{fc}venlik a\u{e7}\u{131}\u{11f}\u{131} testi\u{1f}beauty"
                ),
            ])
        );
        assert_eq!(
            values(&events, "estimate"),
            list(&[("2017-09-04T02:36:41.253Z", "3")])
        );
        assert_eq!(
            values(&events, "assignee"),
            list(&[("2017-09-04T02:28:56.253Z", "Jamal Hartnett")])
        );
        let tie = Change::Linked {
            kind: "relates".to_owned(),
            to: "10".to_owned(),
        };
        let related = events.values().find(|event| event.change == tie).unwrap();
        assert_eq!(related.at.0, at("2017-09-04T02:41:28.437Z"));
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn nine_revisions_tell_what_thirteen_updates_tell() {
    let sent = body("wit-7.1/revisions/GET__list_workitem_revisions.json");
    let mut growing = Growing::default();
    for revision in sent.list("value") {
        growing.grow(revision, &fields());
    }
    assert_eq!(growing.reached, 9);
    let updates = body("wit-7.1/updates/GET__list_of_workitem_updates.json");
    let told = History::of_updates(updates.list("value"), &fields()).unwrap();
    let (revisions, updates) = (read(&growing.history), read(&told));
    assert_eq!(statuses(&revisions), statuses(&updates));
    for name in [
        "label",
        "estimate",
        "assignee",
        "iteration",
        "title",
        "type",
        "team",
        "priority",
    ] {
        assert_eq!(values(&revisions, name), values(&updates, name), "{name}");
    }
}

fn azure() -> AzureDevops {
    let settings = TrackerSettings {
        url: "https://dev.azure.com/fabrikam".parse().unwrap(),
        user: None,
        token: SecretSource::Env("NONE".to_owned()),
        query: String::new(),
        fields: [].into(),
        ca_file: None,
    };
    AzureDevops::new(SourceName::new("a"), settings).unwrap()
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn a_pull_request_that_is_open() {
    let record = lines("pull_requests.jsonl").remove(0);
    let (id, story) = pulls::Pull::of("test-project", record, Vec::new()).story(&address());
    assert_eq!(id, "pull.1");
    let events = events(story);
    let born = "2023-02-07T04:41:26.642Z";
    assert_eq!(statuses(&events), list(&[(born, "open")]));
    for (name, value) in [
        ("branch", "ticket-2"),
        ("label", "feature"),
        ("repository", "test-repo2"),
        ("title", "ticket-2PR"),
        // The recorded text lacks its spaces.
        ("mentions", "JAVABYTICKET-2\u{1f}TICKET-2"),
        (
            "url",
            "https://dev.azure.com/fabrikam/test-project/_git/test-repo2/pullrequest/1",
        ),
    ] {
        assert_eq!(values(&events, name), list(&[(born, value)]));
    }
}

#[test]
#[ignore = "reads real data from WEIR_SHARED"]
fn seven_builds() {
    let azure = azure();
    let mut told = BTreeMap::new();
    for record in lines("builds.jsonl") {
        let row = Listed {
            id: format!("build.{}", record.number("id").unwrap()),
            updated: Millis(0),
            row: Some(Row::Record(record)),
        };
        let (id, fetched) = azure.run(runs::Kind::Build, "test-project", row);
        let Fetched::Detail(Detail::Run(run)) = fetched else {
            panic!("{id}");
        };
        told.insert(id, statuses(&events(run.story().1)));
    }
    let (queued, started) = ("2023-02-25T06:22:21.223Z", "2023-02-25T06:22:32.809Z");
    let ended = "2023-02-25T06:23:04.006Z";
    let fine = list(&[
        (queued, "queued"),
        (started, "running"),
        (ended, "succeeded"),
    ]);
    for id in 12..=15 {
        assert_eq!(told[&format!("build.{id}")], fine);
    }
    assert_eq!(told["build.16"], fine[..2]);
    assert_eq!(told["build.17"], fine[..1]);
    let given_up = [
        (queued, "queued"),
        ("2023-02-25T06:22:25.223Z", "running"),
        ("2023-02-25T06:22:30.223Z", "canceled"),
    ];
    assert_eq!(told["build.18"], list(&given_up));
}
