//! One item from several sources, from outside: what `sync`, `items`, `report` and `doctor` make of it.

use serde_json::{Value, json};

use crate::program::Desk;

const CONFIG: &str = r#"
[history]
url = "sqlite:weir.db"

[[sources]]
name = "tracker"
kind = "csv"
path = "tracker.csv"

[[sources]]
name = "code"
kind = "csv"
path = "code.csv"

[[streams]]
name = "payments"
items = "source = tracker"

[[streams.stages]]
name = "Doing"
phase = "create"
class = "active"

[[streams.stages]]
name = "Review"
phase = "create"
class = "queue"
statuses = ["code:open"]

[[streams.stages]]
name = "Done"
phase = "operate"
class = "done"
statuses = ["Done", "code:merged"]

[[streams.links]]
from = "code"
to = "tracker"
key = '[A-Z]+-\d+'
"#;

const TRACKER: &str = "\
item,status,time,title
PAY-1,Doing,2026-01-05T09:00:00Z,Refund to another card
PAY-2,Doing,2026-01-06T09:00:00Z,Card reader firmware
";

const CODE: &str = "\
item,status,time,type,branch,url
#1,open,2026-01-08T09:00:00Z,pull request,feature/pay-1,https://code.example.org/1
#1,merged,2026-01-10T09:00:00Z,pull request,feature/pay-1,https://code.example.org/1
#2,open,2026-01-09T09:00:00Z,pull request,up-to-utf-8,https://code.example.org/2
";

/// A folder with two sources that were read.
fn desk(code: &str) -> Desk {
    let desk = Desk::new();
    desk.write("weir.toml", CONFIG);
    desk.write("tracker.csv", TRACKER);
    desk.write("code.csv", code);
    desk.run(&["sync"]).fine();
    desk
}

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let asked = ["--as-of", "2026-01-20T00:00:00Z", "--format", "json"];
    let said = desk.run(&[arguments, &asked].concat()).fine();
    serde_json::from_str(&said).expect("JSON")
}

#[test]
fn items_say_what_they_are_made_of_and_whence_their_visits_came() {
    let rows = json(&desk(CODE), &["items"]);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    let item = &rows[0];
    assert_eq!(
        (&item["item"], &item["flow_days"]),
        (&json!("PAY-1"), &json!(5.0))
    );
    assert_eq!(
        item["artefacts"][1],
        json!({
            "item": "#1", "source": "code", "form": "pull request", "title": "", "status": "merged",
            "url": "https://code.example.org/1",
            "belongs_to": [{
                "item": "PAY-1", "source": "tracker", "by": "branch",
                "since": "2026-01-08T09:00:00Z",
            }],
        })
    );
    assert_eq!(
        item["visits"][1],
        json!({
            "stage": "Review", "from": "2026-01-08T09:00:00Z", "to": "2026-01-10T09:00:00Z",
            "item": "#1", "source": "code",
        })
    );
    assert_eq!(rows[1]["artefacts"], json!([]));
    assert_eq!(rows[1]["visits"][0]["item"], "PAY-2");
}

#[test]
fn reports_count_what_was_joined() {
    let report = json(&desk(CODE), &["report"]);
    let quality = &report["quality"];
    assert_eq!(quality["unlinked"], 1);
    assert_eq!(
        quality["links"],
        json!([{
            "from": "code", "to": "tracker", "artefacts": 2, "joined": 1, "unlinked": 1,
            "joined_example": { "item": "#1", "belongs_to": "PAY-1" }, "unlinked_example": "#2",
        }])
    );
}

#[test]
fn a_pull_request_that_comes_later_changes_its_item() {
    let desk = desk(CODE);
    let more = CODE.to_owned() + "#3,open,2026-01-12T09:00:00Z,pull request,PAY-2,\n";
    desk.write("code.csv", more);
    desk.run(&["sync"]).fine();
    let rows = json(&desk, &["items"]);
    assert_eq!(rows[1]["stage"], "Review");
    assert_eq!(rows[1]["artefacts"][1]["item"], "#3");
}

#[test]
fn doctor_says_what_each_rule_joined() {
    let said = desk(CODE).run(&["doctor"]).fine();
    let line = "✓ stream payments: join code to tracker: 1 of 2 artefacts joined, #1 to PAY-1; \
                1 not, such as #2";
    assert!(said.contains(line), "{said}");
    let none = desk(&CODE.replace("pay-1", "a-form")).run(&["doctor"]);
    assert!(
        none.out
            .contains("✗ stream payments: join code to tracker: 0 of 2"),
        "{}",
        none.out
    );
    none.failed(3);
}
