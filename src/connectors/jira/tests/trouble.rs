//! What goes wrong, and what is said of it.

use serde_json::json;

use super::site::{Site, at, is_detail, is_list};
use super::{Deployment, Fault, Reader};
use crate::connectors::http::stand_in::{Asked, Reply};

fn minutes(deployment: Deployment, count: i64) -> Site {
    let updates = (0..count).map(|minute| at("2026-11-20T00:00:00Z").plus_secs(minute * 60));
    Site::of(deployment, updates)
}

/// Whether a request for many issues is one for this issue too.
fn asks_for(asked: &Asked, id: &str) -> bool {
    let quoted = format!("\"{id}\"");
    let jql = asked.parameter("jql").unwrap_or_default();
    is_detail(asked)
        && (jql.contains(&quoted) || String::from_utf8_lossy(&asked.body).contains(&quoted))
}

#[tokio::test]
async fn an_issue_that_breaks_its_request_keeps_no_other_away() {
    for deployment in [Deployment::Cloud, Deployment::OwnServer] {
        for broken in [Reply::status(500), Reply::json("{\"half")] {
            let reader = Reader::instead(minutes(deployment, 60), "", &[], move |asked| {
                asks_for(asked, "17").then(|| broken.clone())
            });
            let sink = reader.read(None).await;
            let kept = sink.kept();
            assert_eq!(kept.len(), 59);
            assert!(!kept.contains_key("17"));
            assert_eq!(sink.oddities.len(), 1);
            assert_eq!(sink.oddities[0].place, "issue 17");
            // It is asked for again by the next poll.
            let again = reader.read(sink.cursor()).await;
            assert_eq!(again.oddities.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_tracker_whose_issues_all_break_is_said() {
    let reader = Reader::instead(minutes(Deployment::Cloud, 60), "", &[], |asked| {
        is_detail(asked).then(|| Reply::status(500))
    });
    let (sink, outcome) = reader.sync(None).await;
    assert!(matches!(outcome, Err(Fault::Server { .. })), "{outcome:?}");
    assert!(sink.batches.is_empty());
}

#[tokio::test]
async fn an_issue_that_cloud_cannot_give_now_comes_later() {
    let mut times = 0;
    let reader = Reader::instead(minutes(Deployment::Cloud, 1), "", &[], move |asked| {
        let is_it = asked.path().ends_with("/issue/bulkfetch");
        times += i32::from(is_it);
        let errors = json!([{"id": "1", "errorMessage": "too large"}]);
        let answer = json!({"issues": [], "issueErrors": errors});
        (is_it && times == 1).then(|| Reply::json(answer.to_string()))
    });
    let (sink, outcome) = reader.sync(None).await;
    // It was the only one.
    assert!(outcome.unwrap_err().to_string().contains("too large"));
    let sink = reader.read(sink.cursor()).await;
    assert_eq!(sink.kept().len(), 1);
}

#[tokio::test]
async fn an_issue_that_is_gone_meanwhile_is_said() {
    for deployment in [Deployment::Cloud, Deployment::OwnServer] {
        let site = minutes(deployment, 4);
        let ghost = Reader::instead(site, "", &[], move |asked| {
            let named = is_list(asked).then(|| {
                json!({"issues": [{
                "id": "77", "fields": {"updated": "2026-11-22T00:00:00.000+0000"}
            }], "total": 1})
            });
            named.map(|page| Reply::json(page.to_string()))
        });
        let sink = ghost.read(None).await;
        assert_eq!(
            sink.oddities[0].what,
            "it was listed, but is not there any more"
        );
    }
}

#[tokio::test]
async fn a_refused_query_is_the_querys_fault() {
    let said = json!({"errorMessages": ["Field 'foo' does not exist."], "warningMessages": []});
    let reader = Reader::instead(
        minutes(Deployment::Cloud, 1),
        "foo = 1",
        &[],
        move |asked| {
            let refused = Reply::status(400).body(said.to_string().into_bytes());
            is_list(asked).then_some(refused)
        },
    );
    let fault = reader.sync(None).await.1.unwrap_err();
    assert!(matches!(fault, Fault::Unusable { .. }), "{fault:?}");
    assert!(
        fault.to_string().contains("'foo' does not exist"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_server_that_is_no_jira_is_said() {
    let site = minutes(Deployment::Cloud, 1);
    let reader = Reader::instead(site, "", &[], |_| Some(Reply::status(404)));
    let fault = reader.sync(None).await.1.unwrap_err();
    assert!(fault.to_string().contains("there is no Jira at"), "{fault}");
    assert!(fault.hint().contains("/browse/"));
}

#[tokio::test]
async fn pages_of_changes_that_lead_in_circles_are_left() {
    let mut site = minutes(Deployment::Cloud, 1);
    site.issues
        .insert(2, super::site::issue(2, at("2026-11-20T09:00:00Z"), 1, &[]));
    let reader = Reader::instead(site, "", &[], |asked| {
        let page = json!({"issueChangeLogs": [], "nextPageToken": "again"});
        let is_it = asked.path().ends_with("/changelog/bulkfetch");
        is_it.then(|| Reply::json(page.to_string()))
    });
    let fault = reader.sync(None).await.1.unwrap_err();
    assert!(fault.to_string().contains("circles"), "{fault}");
}

#[tokio::test]
async fn pages_of_issues_that_lead_in_circles_are_left() {
    let reader = Reader::instead(minutes(Deployment::Cloud, 3), "", &[], |asked| {
        let page = json!({"issues": [], "nextPageToken": "again"});
        is_list(asked).then(|| Reply::json(page.to_string()))
    });
    let fault = reader.sync(None).await.1.unwrap_err();
    assert!(matches!(fault, Fault::BadAnswer { .. }), "{fault:?}");
}

#[tokio::test]
async fn whoever_is_locked_out_hears_how_to_get_in() {
    for (deployment, hint) in [
        (Deployment::Cloud, "set `user`"),
        (Deployment::OwnServer, "log in once in the browser"),
    ] {
        let reader = Reader::instead(minutes(deployment, 1), "", &[], |asked| {
            asked
                .path()
                .ends_with("/myself")
                .then(|| Reply::status(403))
        });
        let fault = reader.sync(None).await.1.unwrap_err();
        assert!(fault.hint().contains(hint), "{}", fault.hint());
    }
}
