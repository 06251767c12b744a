use serde_json::{Value, json};

use super::{Asks, Reader, at, event, host, ids, links, node, row, said, told};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::{Connector, Fault};
use crate::model::batch::Cursor;

fn rows(rows: &[Value]) -> Reply {
    Reply::json(json!(rows).to_string())
}

/// Nodes with nothing in their timelines; odd numbers are issues.
fn plain(asked: &Asked) -> Reply {
    let nodes = ids(asked).into_iter().map(|id| {
        let number: u64 = id[1..].parse().unwrap();
        node(
            &id,
            ["PullRequest", "Issue"][usize::from(number % 2 == 1)],
            &[],
        )
    });
    said(&json!({"nodes": nodes.collect::<Vec<_>>()}))
}

#[tokio::test]
async fn issues_and_pull_requests_are_each_read_once() {
    let list = [
        row(1, "09:00", false),
        row(2, "09:00", true),
        row(1, "09:00", false),
    ];
    for (query, expected) in [
        ("repo:acme/pay", vec!["9#1", "9#2"]),
        ("repo:acme/pay is:issue", vec!["9#1"]),
        ("repo:acme/pay is:pr", vec!["9#2"]),
    ] {
        let list = list.clone();
        let host = host(move |asks, asked| match asks {
            Asks::Rest => rows(&list),
            _ => plain(asked),
        });
        let kept = Reader::new(&host, query).read(None).await.kept();
        assert_eq!(kept.keys().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn a_long_timeline_is_followed_to_its_end() {
    let host = host(|asks, asked| {
        let page = |events: Value, cursor: Value| {
            json!({"nodes": events,
                   "pageInfo": {"hasNextPage": cursor.is_string(), "endCursor": cursor}})
        };
        match asks {
            Asks::Rest => rows(&[row(1, "09:00", false)]),
            Asks::Nodes => {
                let mut node = node("N1", "Issue", &[]);
                node["timelineItems"] =
                    page(json!([event("a", "ClosedEvent", "08:10")]), json!("c1"));
                said(&json!({"nodes": [node]}))
            }
            Asks::More => {
                let question = asked.json();
                assert_eq!(question["variables"]["id"], "N1");
                let (events, next) = match question["variables"]["after"].as_str().unwrap() {
                    "c1" => (json!([event("b", "ReopenedEvent", "08:20")]), json!("c2")),
                    // Pages may overlap.
                    "c2" => (
                        json!([
                            event("b", "ReopenedEvent", "08:20"),
                            event("c", "ClosedEvent", "08:30")
                        ]),
                        json!(null),
                    ),
                    other => panic!("{other}"),
                };
                said(&json!({"node": {"timelineItems": page(events, next)}}))
            }
            other => panic!("{other:?}"),
        }
    });
    let kept = Reader::new(&host, "repo:acme/pay").read(None).await.kept();
    // It is said to be open: the last word counts, at its last update.
    assert_eq!(
        told(&kept)["9#1"],
        "08:00 open, 08:10 closed, 08:20 open, 08:30 closed, 09:00 open"
    );
}

#[tokio::test]
async fn what_an_answer_lacks_is_asked_for_alone_and_what_is_gone_is_said() {
    let host = host(|asks, asked| match asks {
        Asks::Rest if asked.path().ends_with("/issues") => rows(&[
            row(1, "09:00", false),
            row(3, "09:00", false),
            row(5, "09:00", false),
            row(7, "09:00", false),
        ]),
        Asks::Rest if asked.path().ends_with("/issues/7") => {
            Reply::json(row(7, "09:00", false).to_string())
        }
        Asks::Rest => Reply::status(410),
        _ => {
            let asked = ids(asked);
            let is_lone = asked.len() == 1;
            let nodes = asked.iter().map(|id| match id.as_str() {
                "N3" if is_lone => node("N3", "Issue", &[]),
                // There was no time for its timeline.
                "N3" => json!({"__typename": "Issue", "id": "N3", "timelineItems": null}),
                "N5" | "N7" => Value::Null,
                id => node(id, "Issue", &[]),
            });
            said(&json!({"nodes": nodes.collect::<Vec<_>>()}))
        }
    });
    let sink = Reader::new(&host, "repo:acme/pay").read(None).await;
    assert_eq!(sink.kept().keys().collect::<Vec<_>>(), ["9#1", "9#3"]);
    let said: Vec<&str> = sink.oddities.iter().map(|odd| odd.what.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("not there any more"), "{said:?}");
    assert!(
        said[1].contains("asked for again by the next poll"),
        "{said:?}"
    );
    // The one that GitHub could not tell is asked for again, by its number.
    let host = self::host(|asks, asked| match asks {
        Asks::Rest if asked.path().ends_with("/issues/7") => {
            Reply::json(row(7, "09:00", false).to_string())
        }
        Asks::Rest => rows(&[]),
        _ => plain(asked),
    });
    let again = Reader::new(&host, "repo:acme/pay");
    // The address differs, so what is asked differs: it would begin anew.
    let cursor = sink.cursor().unwrap().0;
    let asked: Value = serde_json::from_str(&cursor).unwrap();
    let cursor = cursor.replace(
        &asked["asked"].to_string(),
        &again.github.reach.asked().to_string(),
    );
    let again = again.read(Some(Cursor(cursor))).await;
    assert_eq!(again.kept().keys().collect::<Vec<_>>(), ["9#7"]);
}

#[tokio::test]
async fn an_organisations_repositories_are_read_but_for_some() {
    let host = host(|asks, asked| match asks {
        Asks::Repositories => {
            let after = asked.json()["variables"]["after"].clone();
            let repository = |id: u64, name: &str, is_archived: bool| json!({"databaseId": id, "nameWithOwner": format!("acme/{name}"), "isArchived": is_archived});
            let (nodes, next) = match after.as_str() {
                None => (
                    vec![repository(8, "app", false), repository(7, "old", true)],
                    Some("c"),
                ),
                Some(_) => (
                    vec![repository(9, "pay", false), repository(6, "site", false)],
                    None,
                ),
            };
            let info = json!({"hasNextPage": next.is_some(), "endCursor": next});
            said(&json!({"repositoryOwner": {"repositories": {"nodes": nodes, "pageInfo": info}}}))
        }
        Asks::Rest => rows(&[row(1, "09:00", false)]),
        _ => plain(asked),
    });
    let sink = Reader::new(&host, "org:acme -repo:acme/site")
        .read(None)
        .await;
    assert_eq!(sink.kept().keys().collect::<Vec<_>>(), ["8#1", "9#1"]);
    let paths = host.paths();
    assert!(
        !paths
            .iter()
            .any(|path| path.contains("site") || path.contains("old")),
        "{paths:?}"
    );
}

fn board_item(what: &str, number: u64, updated: &str) -> Value {
    json!({
        "id": format!("PVTI_{number}"), "fullDatabaseId": number.to_string(),
        "createdAt": at("08:00"), "updatedAt": at(updated), "isArchived": false,
        "content": {
            "__typename": what, "id": format!("N{number}"), "number": number, "title": "Idea",
            "createdAt": at("08:00"), "updatedAt": at("08:30"),
            "repository": {"databaseId": 9, "nameWithOwner": "acme/pay"},
        },
        "fieldValues": {"nodes": []},
    })
}

fn board(items: &[Value], next: Option<&str>) -> Reply {
    let info = json!({"hasNextPage": next.is_some(), "endCursor": next});
    said(&json!({"node": {"items": {"totalCount": 5, "nodes": items, "pageInfo": info}}}))
}

#[tokio::test]
async fn a_projects_issues_come_from_the_project_and_pull_requests_from_repositories() {
    let host = host(|asks, asked| match asks {
        Asks::Board if asked.json()["variables"]["after"].is_null() => board(
            &[
                board_item("Issue", 1, "09:00"),
                board_item("PullRequest", 2, "09:00"),
            ],
            Some("c"),
        ),
        Asks::Board => {
            let hidden = json!({"id": "x", "updatedAt": at("09:00"), "content": null});
            board(&[board_item("DraftIssue", 3, "08:10"), hidden], None)
        }
        Asks::Rest => rows(&[row(2, "09:00", true), row(5, "09:00", false)]),
        Asks::Nodes => {
            let moved = json!({
                "__typename": "ProjectV2ItemStatusChangedEvent", "id": "m", "createdAt": at("08:40"),
                "previousStatus": "", "status": "Doing", "project": {"id": "P"},
            });
            let nodes = ids(asked).into_iter().map(|id| match id.as_str() {
                "N1" => node("N1", "Issue", std::slice::from_ref(&moved)),
                id => node(id, "PullRequest", &[]),
            });
            said(&json!({"nodes": nodes.collect::<Vec<_>>()}))
        }
        other => panic!("{other:?}"),
    });
    let sink = Reader::new(&host, "project:acme/7 repo:acme/pay")
        .read(None)
        .await;
    let kept = sink.kept();
    let expected = [
        ("9#1", "08:00 open, 08:40 Doing"),
        ("9#2", "08:00 open"),
        ("draft.3", "08:00 open"),
    ];
    assert_eq!(
        told(&kept).into_iter().collect::<Vec<_>>(),
        expected.map(|(id, told)| (id, told.to_owned()))
    );
    let nodes = host
        .asked()
        .iter()
        .filter(|asked| Asks::of(asked) == Asks::Nodes)
        .count();
    assert_eq!(nodes, 2);
    assert_eq!(sink.oddities.len(), 1, "{:?}", sink.oddities);
    // Without repositories the board's pull requests are read from it.
    let alone = Reader::new(&host, "project:acme/7").read(None).await;
    assert_eq!(
        alone.kept().keys().collect::<Vec<_>>(),
        ["9#1", "9#2", "draft.3"]
    );
}

#[tokio::test]
async fn a_board_is_listed_whole_each_time_and_fetched_where_it_changed() {
    let mut polls = 0;
    let host = host(move |asks, asked| match asks {
        Asks::Board => {
            polls += 1;
            let moved = if polls == 1 { "09:00" } else { "11:30" };
            // In the order of the board, not of time.
            board(
                &[
                    board_item("Issue", 3, "09:10"),
                    board_item("Issue", 1, moved),
                ],
                None,
            )
        }
        _ => plain(asked),
    });
    let reader = Reader::new(&host, "project:acme/7");
    let first = reader.read(None).await;
    assert_eq!(first.kept().len(), 2);
    let second = reader.read(first.cursor()).await;
    assert_eq!(second.kept().keys().collect::<Vec<_>>(), ["9#1"]);
}

fn deployment(number: u64, created: &str, commit: &str, has_succeeded: bool) -> Value {
    let state = if has_succeeded { "SUCCESS" } else { "FAILURE" };
    json!({"cursor": format!("c{number}"), "node": {
        "databaseId": number, "createdAt": at(created), "updatedAt": at(created),
        "environment": "production", "commitOid": commit,
        "statuses": {"nodes": [{"id": format!("s{number}"), "state": state, "createdAt": at(created)}]},
    }})
}

fn commit(oid: &str, pull: u64) -> Value {
    json!({"oid": oid, "associatedPullRequests": {"nodes": [
        {"number": pull, "merged": true, "repository": {"databaseId": 9}}]}})
}

#[tokio::test]
async fn a_deployment_brings_what_was_merged_since_the_last_that_succeeded() {
    let host = host(|asks, asked| match asks {
        Asks::Rest => rows(&[]),
        Asks::Deployments => {
            assert_eq!(
                asked.json()["variables"]["environments"],
                json!(["production"])
            );
            let edges = [
                deployment(3, "11:00", "c", true),
                deployment(2, "10:00", "b", false),
                deployment(1, "09:00", "a", true),
            ];
            let info = json!({"hasNextPage": false});
            said(&json!({"repository": {"deployments": {"edges": edges, "pageInfo": info}}}))
        }
        Asks::Carried => {
            let history = [commit("c", 30), commit("b", 20), commit("a", 10)];
            let question = asked.json();
            let commits = (0..10).map(|at| {
                let name = format!("c{at}");
                let commit = question["variables"][&name].as_str().unwrap();
                let from = history.iter().position(|one| one["oid"] == commit).unwrap();
                (name, json!({"history": {"nodes": history[from..]}}))
            });
            said(&json!({"repository": commits.collect::<serde_json::Map<_, _>>()}))
        }
        other => panic!("{other:?}"),
    });
    let reader = Reader::new(&host, "repo:acme/pay deployments:production");
    let sink = reader.read(None).await;
    let kept = sink.kept();
    assert_eq!(told(&kept)["deployment.3"], "11:00 pending, 11:00 success");
    assert_eq!(told(&kept)["deployment.2"], "10:00 pending, 10:00 failure");
    assert_eq!(
        links(&kept, "deployment.3"),
        ["deploys 9#20", "deploys 9#30"]
    );
    assert_eq!(links(&kept, "deployment.2"), ["deploys 9#20"]);
    assert_eq!(links(&kept, "deployment.1"), ["deploys 9#10"]);
    let before = host.asked().len();
    let again = reader.read(sink.cursor()).await;
    assert!(again.kept().is_empty());
    assert_eq!(
        host.asked().len() - before,
        2,
        "the list of issues, the list of deployments"
    );
}

#[tokio::test]
async fn what_is_not_there_says_what_to_change() {
    let host = host(|asks, _| match asks {
        Asks::Repositories => said(&json!({"repositoryOwner": null})),
        _ => Reply::status(404),
    });
    for (query, what) in [
        ("org:acme", "organisation or user acme"),
        ("repo:acme/pay", "acme/pay"),
    ] {
        let (_, outcome) = Reader::new(&host, query).sync(None).await;
        let fault = outcome.unwrap_err();
        assert!(matches!(fault, Fault::Unusable { .. }), "{fault:?}");
        assert!(fault.to_string().contains(what), "{fault}");
    }
}

#[tokio::test]
async fn a_host_without_graphql_is_no_github() {
    let host = crate::connectors::http::stand_in::StandIn::new(|_| Reply::status(404));
    let (_, outcome) = Reader::new(&host, "repo:acme/pay").sync(None).await;
    let fault = outcome.unwrap_err();
    assert!(
        fault.to_string().contains("there is no GitHub at"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_secondary_limit_is_waited_for_though_it_says_not_how_long() {
    let mut refusals = 2;
    let host = host(move |asks, asked| {
        refusals -= i32::from(refusals > 0);
        match asks {
            _ if refusals > 0 => Reply::status(403)
                .body(b"{\"message\": \"You have exceeded a secondary rate limit.\"}".to_vec()),
            Asks::Rest => rows(&[row(1, "09:00", false)]),
            _ => plain(asked),
        }
    });
    let kept = Reader::new(&host, "repo:acme/pay").read(None).await.kept();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn a_repository_that_is_null_is_not_there() {
    let host = crate::connectors::http::stand_in::StandIn::new(|_| {
        let error = json!({"type": "NOT_FOUND", "message": "Could not resolve"});
        Reply::json(json!({"data": {"repository": null}, "errors": [error]}).to_string())
    });
    let (_, outcome) = Reader::new(&host, "repo:acme/pay").sync(None).await;
    let fault = outcome.unwrap_err();
    assert!(
        fault.to_string().contains("no repository acme/pay"),
        "{fault}"
    );
    assert!(fault.hint().contains("single sign-on"));
}

#[tokio::test]
async fn the_doctor_says_what_it_found() {
    let host = host(|asks, asked| match asks {
        Asks::Rest => rows(&[row(1, "09:00", false)]),
        _ => plain(asked),
    });
    let checks = Reader::new(&host, "repo:acme/pay").github.check().await;
    let said: Vec<String> = checks
        .iter()
        .map(|check| format!("{}: {}", check.what, check.outcome.as_ref().unwrap()))
        .collect();
    let expected = [
        format!(
            "reach {} and prove the token: it is ann's",
            host.url("/api/v3/")
        ),
        "find what the query names: issues of acme/pay".to_owned(),
        "read one page of issues of acme/pay: 1".to_owned(),
        "read the history of issue 9#1: 5 events".to_owned(),
    ];
    assert_eq!(said, expected);
}
