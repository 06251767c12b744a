use serde_json::{Value, json};

use super::{Asks, Reader, at, host, links, said, told};
use crate::connectors::http::stand_in::{Asked, Reply};

/// A run of a workflow; every second is for another branch.
fn run(number: u64, time: &str, conclusion: Option<&str>, branch: &str) -> Value {
    json!({
        "id": number, "workflow_id": 4, "name": "Smoke", "path": ".github/workflows/smoke.yml@main",
        "run_number": number, "created_at": at(time), "run_started_at": at(time),
        "updated_at": at(time), "conclusion": conclusion, "head_branch": branch, "head_sha": "abc",
    })
}

fn page(asked: &Asked, runs: &[Value], size: usize) -> Reply {
    let page: usize = asked
        .parameter("page")
        .map_or(1, |page| page.parse().unwrap());
    let shown: Vec<&Value> = runs.iter().skip((page - 1) * size).take(size).collect();
    let reply = Reply::json(json!({"total_count": runs.len(), "workflow_runs": shown}).to_string());
    if page * size >= runs.len() {
        return reply;
    }
    let host = asked.header("host").unwrap();
    reply.with("Link", &format!("<http://{host}/next>; rel=\"next\""))
}

fn days_runs() -> Vec<Value> {
    let failed = Some("failure");
    let fine = Some("success");
    // The newest first.
    vec![
        run(9, "11:00", failed, "main"),
        run(8, "10:30", None, "main"),
        run(7, "10:00", fine, "main"),
        run(6, "09:30", failed, "main"),
        run(5, "09:20", Some("cancelled"), "main"),
        run(4, "09:10", failed, "main"),
        run(3, "09:05", fine, "other"),
        run(2, "09:00", fine, "main"),
        run(1, "08:00", failed, "main"),
    ]
}

async fn incidents_by_pages_of(size: usize) -> Vec<(String, String)> {
    let host = host(move |asks, asked| match asks {
        Asks::Rest if asked.path().ends_with("/runs") => page(asked, &days_runs(), size),
        Asks::Rest => Reply::json("[]"),
        other => panic!("{other:?}"),
    });
    let reader = Reader::new(&host, "repo:acme/pay incidents:workflow:smoke.yml");
    let kept = reader.read(None).await.kept();
    let told = told(&kept).into_iter();
    told.map(|(id, told)| (id.to_owned(), told)).collect()
}

#[tokio::test]
async fn the_first_failure_of_a_row_is_an_incident_until_the_next_success() {
    let expected = [
        ("incident.1", "08:00 open, 09:00 closed"),
        ("incident.4", "09:10 open, 10:00 closed"),
        ("incident.9", "11:00 open"),
    ]
    .map(|(id, told)| (id.to_owned(), told.to_owned()));
    for size in [1, 2, 3, 100] {
        assert_eq!(
            incidents_by_pages_of(size).await,
            expected,
            "pages of {size}"
        );
    }
}

#[tokio::test]
async fn an_incident_is_told_again_once_it_is_over() {
    let mut runs = days_runs();
    let mut polls = 0;
    let host = host(move |asks, asked| match asks {
        Asks::Rest if asked.path().ends_with("/runs") => {
            polls += 1;
            if polls == 2 {
                runs.insert(0, run(10, "11:50", Some("success"), "main"));
            }
            page(asked, &runs, 100)
        }
        _ => Reply::json("[]"),
    });
    let reader = Reader::new(&host, "repo:acme/pay incidents:workflow:Smoke");
    let first = reader.read(None).await;
    let second = reader.read(first.cursor()).await;
    let kept = second.kept();
    let told: Vec<_> = told(&kept).into_iter().collect();
    assert_eq!(
        told,
        [("incident.9", "11:00 open, 11:50 closed".to_owned())]
    );
}

#[tokio::test]
async fn runs_that_deploy_are_deployments() {
    let host = host(|asks, asked| match asks {
        Asks::Rest if asked.path().ends_with("/runs") => {
            let mut other = run(2, "09:00", Some("success"), "main");
            other["path"] = json!(".github/workflows/other.yml");
            other["name"] = json!("Other");
            let runs = [
                run(3, "10:00", Some("success"), "main"),
                other,
                run(1, "08:00", Some("success"), "main"),
            ];
            page(asked, &runs, 100)
        }
        Asks::Carried => said(&json!({"repository": {"c0": {"history": {"nodes": [
            {"oid": "abc", "associatedPullRequests": {"nodes": [
                {"number": 4, "merged": true, "repository": {"databaseId": 9}}]}}]}}}})),
        _ => Reply::json("[]"),
    });
    let reader = Reader::new(&host, "repo:acme/pay deployments:workflow:smoke.yml");
    let kept = reader.read(None).await.kept();
    let told = told(&kept);
    assert_eq!(told.keys().collect::<Vec<_>>(), [&"run.1", &"run.3"]);
    assert_eq!(
        told["run.1"],
        "08:00 queued, 08:00 in progress, 08:00 success"
    );
    assert_eq!(links(&kept, "run.1"), ["deploys 9#4"]);
    // The same commit again brings nothing new.
    assert_eq!(links(&kept, "run.3"), [""; 0]);
}
