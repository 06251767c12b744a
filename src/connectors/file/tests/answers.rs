//! Answers of Jira's search as files.

use super::{moves, read, sync, try_read, written};
use crate::connectors::settings::FileFormat;
use crate::model::infer::Category;

const ONE: &str = r#"{"id": "10", "key": "A-1", "self": "https://a.example/rest/api/2/issue/10",
  "fields": {"created": "2026-03-02T08:00:00.000+0100", "updated": "2026-03-04T08:00:00.000+0100",
    "summary": "Ovén", "issuetype": {"id": "1", "name": "Story"}, "assignee": null,
    "status": {"id": "3", "name": "Served", "statusCategory": {"key": "done", "name": "Done"}}},
  "changelog": {"startAt": 0, "maxResults": 2, "total": 2, "histories": [
    {"id": "8", "created": "2026-03-04T08:00:00.000+0100", "items": [{"field": "status",
      "fieldId": "status", "from": "2", "fromString": "Cooking", "to": "3", "toString": "Ready"}]},
    {"id": "7", "created": "2026-03-03T08:00:00.000+0100", "items": [{"field": "status",
      "fieldId": "status", "from": "1", "fromString": "Ordered", "to": "2", "toString": "Cooking"}]}]}}"#;

fn page(issues: &[&str]) -> String {
    let issues = issues.join(",\n");
    format!(r#"{{"startAt": 0, "maxResults": 50, "total": 9, "issues": [{issues}]}}"#)
}

#[test]
fn issues_are_items_with_their_moves() {
    let (log, report) = read(&page(&[ONE]));
    let want = [
        "2026-03-02T07:00:00Z Ordered",
        "2026-03-03T07:00:00Z Cooking",
        "2026-03-04T07:00:00Z Served",
    ];
    assert_eq!(moves(&log, "10"), want);
    assert_eq!((report.rows, report.items, report.kept_out), (1, 1, 0));
    assert_eq!(report.notes, ["1 issues as Jira's search answers them"]);
    assert_eq!(report.found.format, FileFormat::JiraJson);
    assert_eq!(report.told.statuses[0].category, Some(Category::Ended));
    let item = log.find(crate::model::id::SourceIx(0), "10").unwrap();
    assert_eq!(log.title(item), "Ovén");
    assert_eq!(log.url(item), Some("https://a.example/browse/A-1"));
}

#[test]
fn what_is_odd_is_listed_and_the_rest_goes_on() {
    let no_birth = ONE.replace("\"created\": \"2026-03-02", "\"x\": \"2026-03-02");
    let no_birth = no_birth.replace("\"10\"", "\"11\"");
    let text = page(&["null", &no_birth, ONE, ONE]);
    let (log, report) = read(&text);
    assert_eq!(moves(&log, "10").len(), 3);
    assert_eq!((report.rows, report.items, report.kept_out), (4, 1, 3));
    let said: Vec<_> = report
        .oddities
        .iter()
        .map(|odd| odd.place.as_str())
        .collect();
    assert_eq!(said, ["issue number 1 of the file", "issue 11", "issue 10"]);

    let cut = page(&[ONE, ONE]);
    let (log, report) = read(&cut[..cut.len() - 200]);
    assert_eq!(moves(&log, "10").len(), 3);
    let last = report.oddities.last().unwrap();
    assert_eq!(last.place, "line 16");
    assert!(
        last.what
            .starts_with("the JSON ends or breaks off here: EOF"),
        "{last:?}"
    );
}

#[test]
fn issues_without_their_changes_are_refused_with_what_to_do() {
    let refused = |text: &str| try_read(text.as_bytes(), |_| {}).unwrap_err();
    let without = ONE.replace("changelog", "x");
    let fault = refused(&page(&[&without]));
    assert!(
        fault
            .to_string()
            .ends_with("holds issues without their changes"),
        "{fault}"
    );
    assert!(fault.hint().contains("expand=changelog"));
    let fault = refused(&page(&[]));
    assert!(fault.to_string().ends_with("holds no issue"), "{fault}");
    // Other JSON is told as before.
    let fault = refused("[{\"id\": 1, \"status\": \"x\"}]");
    assert!(fault.to_string().ends_with("is one JSON list"), "{fault}");
    assert!(fault.hint().contains("Jira"));
    let fault = try_read(b"id;status", |settings| {
        settings.format = FileFormat::JiraJson;
    });
    let fault = fault.unwrap_err().to_string();
    assert!(fault.contains("holds no issue: expected"), "{fault}");
}

#[test]
fn a_title_cut_within_a_letter_costs_that_letter_alone() {
    let cut = ONE.replace("Ovén", "Ov\\ud83d");
    assert_ne!(cut, ONE);
    let (log, report) = try_read(page(&[&cut]).as_bytes(), |_| {}).unwrap();
    let item = log.find(crate::model::id::SourceIx(0), "10").unwrap();
    assert_eq!(log.title(item), "Ov\u{fffd}");
    assert_eq!(report.kept_out, 0);
}

#[test]
fn letters_that_are_not_utf8_are_told() {
    let latin: Vec<u8> = page(&[ONE]).replace('é', "\u{1}").into_bytes();
    let latin: Vec<u8> = latin
        .iter()
        .map(|byte| if *byte == 1 { 0xe9 } else { *byte })
        .collect();
    let (log, report) = try_read(&latin, |_| {}).unwrap();
    let item = log.find(crate::model::id::SourceIx(0), "10").unwrap();
    assert_eq!(log.title(item), "Ovén");
    assert!(
        report.notes[1].starts_with("1 letters are not UTF-8"),
        "{:?}",
        report.notes
    );
}

#[tokio::test]
async fn a_configured_file_hands_over_what_an_opened_one_shows() {
    let file = written(page(&[ONE]).as_bytes());
    let kept = sync(&file, None).await;
    let items: Vec<_> = kept.batches.iter().flat_map(|batch| &batch.items).collect();
    assert_eq!((items.len(), items[0].item.as_str()), (1, "10"));
    let names: Vec<_> = kept
        .batches
        .iter()
        .flat_map(|batch| &batch.statuses)
        .collect();
    assert_eq!(names.len(), 3);
    assert!(kept.batches.last().unwrap().cursor.is_some());
}
