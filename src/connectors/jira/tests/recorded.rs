//! Twelve issues of a real Jira, recorded: `WEIR_SHARED` names the folder of real data. What their
//! histories must be was worked out by hand from the changes recorded.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::site::{Site, at};
use super::{Deployment, Reader};
use crate::connectors::collected::{Kept, moves};
use crate::model::event::{Change, Event};

const BACKLOG: &str = "Backlog";
const SELECTED: &str = "Selected for Development";
const PROGRESS: &str = "In Progress";
const REVIEW: &str = "Review";
const DONE: &str = "Done";

fn folder(set: &str) -> PathBuf {
    let shared = std::env::var("WEIR_SHARED").expect("WEIR_SHARED names the folder of real data");
    PathBuf::from(shared).join("data/jira-cloud").join(set)
}

fn recorded(set: &str, file: &str) -> Value {
    let text = std::fs::read_to_string(folder(set).join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn site(deployment: Deployment, set: &str, issues: &[&str]) -> Site {
    let mut site = Site::new(deployment);
    for name in issues {
        let issue = recorded(set, &format!("{name}.json"));
        let id = issue["id"].as_str().unwrap().parse().unwrap();
        site.issues.insert(id, issue);
    }
    site.front.told_statuses = Some(recorded(set, "sample_statuses.json"));
    site.front.told_board = Some(recorded(set, "sample_board_1_configuration.json"));
    site.front.fields = json!([
        {"id": "customfield_10021", "name": "Flagged", "schema": {"type": "array"}},
        {"id": "customfield_10020", "name": "Sprint", "schema": {"type": "array"}},
        {"id": "customfield_10019", "name": "Rank"},
        {"id": "customfield_10036", "name": "Story Points", "schema": {"type": "number"}},
    ]);
    site
}

async fn kept(deployment: Deployment, set: &str, issues: &[&str]) -> (Kept, Names) {
    let sink = Reader::new(site(deployment, set, issues)).read(None).await;
    assert_eq!(sink.oddities, []);
    assert_eq!(sink.kept().len(), issues.len());
    (sink.kept(), sink.statuses())
}

type Names = BTreeMap<String, String>;

/// A line each: an instant and a value.
fn table(text: &str) -> Vec<(i64, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rows = lines.map(|line| {
        let (time, value) = line.split_once(' ').unwrap_or((line, ""));
        (at(time).0, value.to_owned())
    });
    rows.collect()
}

/// The moves of an issue must be these.
fn assert_moves((kept, names): &(Kept, Names), id: &str, want: &str) {
    assert_eq!(moves(&kept[id], names), table(want), "issue {id}");
}

/// The values of a fact must have been these; no text is none.
fn assert_fact((kept, _): &(Kept, Names), id: &str, name: &str, want: &str) {
    let mut events: Vec<&Event> = kept[id].values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    let told = events.iter().filter_map(|event| match &event.change {
        Change::Set { fact, new, .. } if fact == name => {
            Some((event.at.0, new.clone().unwrap_or_default()))
        }
        _ => None,
    });
    assert_eq!(told.collect::<Vec<_>>(), table(want), "{name} of {id}");
}

fn assert_link((kept, _): &(Kept, Names), id: &str, time: &str, kind: &str, to: &str) {
    let links = kept[id].values().filter_map(|event| match &event.change {
        Change::Linked { kind, to } => Some((event.at.0, kind.as_str(), to.as_str())),
        Change::Unlinked { .. } => panic!("{event:?}"),
        _ => None,
    });
    let links: Vec<_> = links.collect();
    assert!(links.contains(&(at(time).0, kind, to)), "{links:?}");
}

const SETS: [Deployment; 2] = [Deployment::Cloud, Deployment::OwnServer];

/// What both sets tell of two issues; the first of them went on to `later` in one.
fn begun(told: &(Kept, Names), later: &str) {
    let moves = "2021-06-18T18:41:29.398Z Backlog
            2021-06-18T18:43:34.818Z Selected for Development
            2021-06-18T18:44:21.050Z In Progress";
    assert_moves(told, "10008", format!("{moves}\n{later}").trim());
    assert_moves(
        told,
        "10009",
        "2021-06-18T18:41:37.804Z Backlog
            2021-06-18T18:43:38.192Z Selected for Development",
    );
}

#[tokio::test]
#[ignore = "reads real data from WEIR_SHARED"]
async fn the_first_set_is_understood() {
    let issues = ["SP-1", "SP-2", "SP-10", "SP-13", "SP-14", "SP-15"];
    for deployment in SETS {
        let told = kept(deployment, "set-a", &issues).await;
        begun(&told, "");
        assert_fact(&told, "10008", "flagged", "2021-08-29T18:04:39.112Z true");
        assert_fact(&told, "10008", "rank", "2021-06-18T18:41:29.398Z 0|i0001r:");
        assert_fact(&told, "10008", "resolution", "");
        back_and_forth(&told);
        linked(&told);
    }
}

fn back_and_forth(told: &(Kept, Names)) {
    assert_moves(
        told,
        "10017",
        "2021-06-18T18:42:52.754Z Backlog
            2021-08-29T18:06:28.717Z Selected for Development
            2021-08-29T18:06:55.587Z In Progress
            2021-09-06T04:33:11.219Z Selected for Development
            2021-09-06T04:34:02.253Z In Progress
            2021-09-06T04:34:21.385Z Review
            2021-09-06T04:34:26.239Z Done",
    );
    assert_fact(
        told,
        "10017",
        "flagged",
        "2021-09-06T04:33:30.647Z true
            2021-09-06T04:33:55.539Z",
    );
    assert_fact(
        told,
        "10017",
        "priority",
        "2021-06-18T18:42:52.754Z Medium
            2021-08-29T18:06:43.066Z Highest
            2021-09-06T04:33:50.036Z Medium",
    );
    assert_fact(told, "10017", "rank", "2021-08-29T18:06:28.852Z 0|i00026:");
    assert_fact(told, "10017", "resolution", "2021-09-06T04:34:26.239Z Done");
    assert_fact(told, "10017", "type", "2021-06-18T18:42:52.754Z Story");
    assert_fact(
        told,
        "10017",
        "project",
        "2021-06-18T18:42:52.754Z Sample Project",
    );
}

fn linked(told: &(Kept, Names)) {
    assert_moves(
        told,
        "10020",
        "2021-06-18T18:43:15.837Z Backlog
            2022-04-19T01:31:30.710Z Selected for Development
            2022-04-19T01:53:42.206Z Done",
    );
    assert_fact(told, "10020", "estimate", "2022-04-15T00:52:51.009Z 13");
    assert_fact(
        told,
        "10020",
        "sprint",
        "2022-04-15T00:52:08.258Z Scrum Sprint 3",
    );
    assert_link(
        told,
        "10020",
        "2022-04-24T16:41:53.697Z",
        "is cloned by",
        "10022",
    );
    assert_moves(
        told,
        "10021",
        "2022-02-01T13:30:58.942Z Backlog
            2022-04-19T01:31:32.667Z In Progress
            2022-04-19T01:53:07.054Z Done",
    );
    assert_fact(told, "10021", "estimate", "2022-04-15T00:52:43.561Z 14");
    assert_link(told, "10021", "2022-04-24T16:42:42.488Z", "blocks", "10022");
    assert_moves(
        told,
        "10022",
        "2022-04-24T16:41:53.123Z Backlog
            2022-04-24T20:30:38.234Z Selected for Development",
    );
    // No change tells its points: a clone has them from the start.
    assert_fact(told, "10022", "estimate", "2022-04-24T16:41:53.123Z 13");
    assert_fact(told, "10022", "flagged", "2022-04-24T20:30:51.748Z true");
    assert_link(told, "10022", "2022-04-24T16:41:53.653Z", "clones", "10020");
    assert_link(
        told,
        "10022",
        "2022-04-24T16:42:42.531Z",
        "is blocked by",
        "10021",
    );
}

#[tokio::test]
#[ignore = "reads real data from WEIR_SHARED"]
async fn the_second_set_is_understood() {
    let issues = ["SP-1", "SP-2", "SP-5", "SP-7", "SP-8", "SP-11"];
    for deployment in SETS {
        let told = kept(deployment, "set-b", &issues).await;
        begun(&told, "2021-12-14T00:30:15.283Z Review");
        reopened(&told);
        assert_moves(
            &told,
            "10014",
            "2021-06-18T18:42:21.375Z Backlog
            2021-12-14T00:30:27.952Z Selected for Development",
        );
        assert_moves(
            &told,
            "10015",
            "2021-06-18T18:42:35.885Z Backlog
            2021-08-29T18:06:23.463Z Selected for Development
            2021-12-14T00:30:04.491Z In Progress",
        );
        assert_moves(
            &told,
            "10018",
            "2021-06-18T18:43:02.284Z Backlog
            2021-12-14T00:30:33.979Z Selected for Development",
        );
        // It was ranked twice; only the place of now is known.
        assert_fact(&told, "10018", "rank", "2021-12-14T00:30:34.157Z 0|i00020:");
    }
}

fn reopened(told: &(Kept, Names)) {
    assert_moves(
        told,
        "10012",
        "2021-06-18T18:41:58.333Z Backlog
            2021-06-23T12:44:38.197Z Selected for Development
            2021-08-29T18:04:49.188Z In Progress
            2021-09-06T04:34:11.432Z Review
            2021-09-06T04:34:14.358Z Done
            2021-10-11T12:48:42.419Z Selected for Development
            2021-10-11T12:49:04.096Z In Progress
            2021-10-11T12:49:07.261Z Done",
    );
    assert_fact(
        told,
        "10012",
        "resolution",
        "2021-09-06T04:34:14.358Z Done
            2021-10-11T12:48:42.419Z
            2021-10-11T12:49:07.261Z Done",
    );
    assert_fact(told, "10012", "flagged", "2021-08-29T18:04:59.081Z true");
}

#[tokio::test]
#[ignore = "reads real data from WEIR_SHARED"]
async fn the_board_has_its_columns() {
    let site = site(Deployment::Cloud, "set-a", &["SP-1"]);
    let reader = Reader::asking(site, "board = 7", &[]);
    let boards = reader.jira.boards().await.unwrap();
    let columns = boards[0].columns.iter().map(|column| {
        let names: Vec<&str> = column.statuses.iter().map(|s| s.name.as_str()).collect();
        (column.name.as_str(), names.join(" "), column.limit)
    });
    let want = [
        ("Backlog", BACKLOG, None),
        ("Ready", SELECTED, Some(4)),
        ("In Progress", PROGRESS, Some(3)),
        ("Review", REVIEW, Some(3)),
        ("Done", DONE, None),
    ];
    let want = want.map(|(column, status, limit)| (column, status.to_owned(), limit));
    assert_eq!(columns.collect::<Vec<_>>(), want);
    assert_eq!(boards[0].name, "SP board");
}
