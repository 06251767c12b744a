//! Boards, fields and the doctor.

use super::site::{Site, at, issue};
use super::{Connector, Deployment, Fault, Reader};
use crate::connectors::collected::fact;

fn site(deployment: Deployment) -> Site {
    let updated = at("2026-11-20T12:00:00Z");
    let mut site = Site::new(deployment);
    let moves = [(7, updated, 1, 2)];
    site.issues.insert(1, issue(1, updated, 2, &moves));
    site
}

#[tokio::test]
async fn a_board_stands_for_its_filter() {
    for (query, jql) in [
        (
            "board = 7",
            "(filter = \"10000\") ORDER BY updated ASC, key ASC",
        ),
        (
            "board = cards",
            "(filter = \"10000\") ORDER BY updated ASC, key ASC",
        ),
        (
            "board = \"Cards\" AND type != Epic",
            "(filter = \"10000\" AND (type != Epic)) ORDER BY updated ASC, key ASC",
        ),
    ] {
        let reader = Reader::asking(site(Deployment::Cloud), query, &[]);
        reader.read(None).await;
        assert_eq!(reader.lists(), [jql]);
    }
}

#[tokio::test]
async fn a_board_that_is_not_there_is_said() {
    for (query, what, hint) in [
        (
            "board = Card",
            "no board \"Card\"",
            "board = 7 (Cards), board = 8 (Cards and more)",
        ),
        ("board = Nobody", "no board \"Nobody\"", "board = 12"),
        (
            "board = Twin",
            "2 boards",
            "board = 9 (Twin), board = 10 (twin)",
        ),
        ("board = 99", "no board 99", "/boards/"),
    ] {
        let reader = Reader::asking(site(Deployment::Cloud), query, &[]);
        let fault = reader.sync(None).await.1.unwrap_err();
        assert!(fault.to_string().contains(what), "{fault}");
        assert!(fault.hint().contains(hint), "{}", fault.hint());
    }
}

#[tokio::test]
async fn a_board_has_columns_with_statuses() {
    let reader = Reader::asking(site(Deployment::OwnServer), "board = 7", &[]);
    let boards = reader.jira.boards().await.unwrap();
    let columns = boards[0].columns.iter().map(|column| {
        let names: Vec<&str> = column.statuses.iter().map(|s| s.name.as_str()).collect();
        (column.name.as_str(), names, column.limit)
    });
    let want = [
        ("To Do", vec!["To Do"], None),
        ("Doing", vec!["In Progress", "77"], Some(3)),
        ("Shipped", vec![], None),
    ];
    assert_eq!(columns.collect::<Vec<_>>(), want);
}

#[tokio::test]
async fn the_doctor_says_what_it_found() {
    for (deployment, kind) in [
        (Deployment::Cloud, "it is Jira Cloud"),
        (
            Deployment::OwnServer,
            "it is Jira Data Center or Server 9.12.4",
        ),
    ] {
        let reader = Reader::asking(site(deployment), "", &[("squad", "team")]);
        let checks = reader.jira.check().await;
        let said: Vec<String> = checks
            .iter()
            .map(|check| format!("{}: {}", check.what, check.outcome.as_ref().unwrap()))
            .collect();
        let boards = "To Do | Doing (In Progress, 77) | Shipped (no status)";
        let want = [
            format!("reach {}: {kind}", reader.server.url("/")),
            "prove the token: it is Ann, whose clock is Europe/Berlin".to_owned(),
            "read the statuses: 3: Done (Done), In Progress (In Progress), To Do (To Do)"
                .to_owned(),
            "read the fields: customfield_10021 is flagged, customfield_10014 is parent, \
             customfield_10050 is team"
                .to_owned(),
            format!("read the boards: Cards: {boards}; Cards: {boards}"),
            "count the issues: 1, the oldest created 2026-11-20T12:00:00Z".to_owned(),
            "read the history of issue AB-1: 1 changes since its creation".to_owned(),
        ];
        assert_eq!(said, want);
    }
}

#[tokio::test]
async fn a_field_that_nobody_has_is_said() {
    let fields = [("Sqad", "team")];
    let reader = Reader::asking(site(Deployment::Cloud), "", &fields);
    let sink = reader.read(None).await;
    let said: Vec<&str> = sink.oddities.iter().map(|odd| odd.what.as_str()).collect();
    assert_eq!(said, ["Jira shows no field \"sqad\" to the token's owner"]);
    let checks = reader.jira.check().await;
    let outcome = &checks.last().unwrap().outcome;
    assert!(
        matches!(outcome, Err(Fault::Unusable { .. })),
        "{outcome:?}"
    );
}

/// One's own server tells an epic by its key alone; changes tell issues that are gone by theirs.
#[tokio::test]
async fn keys_are_looked_up() {
    let updated = at("2026-11-20T12:00:00Z");
    for deployment in [Deployment::Cloud, Deployment::OwnServer] {
        let mut site = site(deployment);
        let mut told = issue(2, updated, 1, &[]);
        told["fields"]["customfield_10014"] = "AB-1".into();
        site.issues.insert(2, told);
        let mut gone = issue(3, updated, 1, &[]);
        gone["fields"]["customfield_10014"] = "AB-999".into();
        site.issues.insert(3, gone);
        // Its epic is not in what is read.
        let reader = Reader::new(site);
        let mut first = reader.site().issues.remove(&1).unwrap();
        first["fields"]["updated"] = "1970-01-01T00:00:00.000+0000".into();
        reader.site().issues.insert(1, first);
        let kept = reader.read(None).await.kept();
        assert_eq!(fact(&kept["2"], "parent").as_deref(), Some("1"));
        assert_eq!(fact(&kept["3"], "parent").as_deref(), Some("AB-999"));
    }
}
