//! `weir check`: policies for cron and pipelines.

use serde_json::{Value, json};

use crate::program::Desk;

/// Three items in progress, two of them over ten days old, and two finished in four and six days.
const LOG: &str = "\
case,activity,time,type
A-1,Ready,2026-01-02T00:00:00Z,bug
A-1,Build,2026-01-03T00:00:00Z,bug
A-2,Ready,2026-01-02T00:00:00Z,story
A-2,Build,2026-01-05T00:00:00Z,story
A-3,Ready,2026-01-15T00:00:00Z,bug
D-1,Ready,2026-01-06T00:00:00Z,bug
D-1,Done,2026-01-10T00:00:00Z,bug
D-2,Ready,2026-01-06T00:00:00Z,story
D-2,Done,2026-01-12T00:00:00Z,story
";

const STREAM: &str = r#"
[[sources]]
name = "history"
kind = "csv"
path = "history.csv"

[[streams]]
name = "payments"
sources = ["history"]
stages = [
  { name = "Ready", phase = "create", class = "queue", statuses = ["Ready"] },
  { name = "In build", phase = "create", class = "active", statuses = ["Build"] },
  { name = "Done", phase = "operate", class = "done", statuses = ["Done"] },
]
"#;

fn desk(policies: &str) -> Desk {
    let desk = Desk::new();
    desk.write("history.csv", LOG);
    desk.write("weir.toml", format!("{STREAM}{policies}"));
    desk
}

/// Exit code, standard output and error of `weir check` on 18 January.
fn check(policies: &str, more: &[&str]) -> (i32, String, String) {
    let words = ["check", "--as-of", "2026-01-18T00:00:00Z"];
    let run = desk(policies).run(&[&words, more].concat());
    (run.code.expect("it ended by itself"), run.out, run.err)
}

const POLICIES: &str = r#"
[[policies]]
name = "nothing grows old"
measure = "items.in_progress"
filter = "age>10d"
at_most = 0

[[policies]]
name = "bugs leave quickly"
measure = "flow.time.p85_days"
filter = "kind:bug"
at_most = 4

[[policies]]
name = "room in the build"
measure = "stages.In build.load"
at_most = 1
severity = "warning"

[[policies]]
name = "nobody waits for risks"
measure = "flow.time.p85_days"
filter = "kind:risk"
at_most = 4

[[policies]]
name = "no risks"
measure = "flow.distribution.finished.risk"
at_most = 0
"#;

#[test]
fn each_policy_is_told_with_its_value_its_bound_and_the_items_that_break_it() {
    let (code, out, err) = check(POLICIES, &[]);
    assert_eq!(
        out,
        "\
✗ nothing grows old · payments: items.in_progress is 2 and has to be at most 0
    A-1 (16.0 d), A-2 (16.0 d)
✓ bugs leave quickly · payments: flow.time.p85_days is 4, at most 4
! room in the build · payments: stages.In build.load is 2 and has to be at most 1
? nobody waits for risks · payments: flow.time.p85_days cannot be known: no item with a start finished in the window
✓ no risks · payments: flow.distribution.finished.risk is 0, at most 0
2 kept, 1 broken, 1 broken that only warn, 1 not known
"
    );
    assert_eq!(code, 1);
    assert!(err.contains("1 of 5 policies are broken"), "{err}");
}

#[test]
fn what_only_warns_does_not_fail() {
    let warning = POLICIES.replace("at_most = 0\n", "at_most = 0\nseverity = \"warning\"\n");
    let (code, out, err) = check(&warning, &[]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
}

#[test]
fn programs_get_it_as_json() {
    let (code, out, _) = check(POLICIES, &["--format", "json"]);
    let said: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(code, 1);
    assert_eq!(said["passed"], json!(false));
    let first = &said["policies"][0];
    assert_eq!(first["items"][1]["item"], json!("A-2"));
    assert_eq!(first["items"][1]["age_days"], json!(16.0));
    assert_eq!(
        (&first["value"], &first["at_most"], &first["outcome"]),
        (&json!(2.0), &json!(0.0), &json!("broken"))
    );
    assert_eq!(said["policies"][3]["outcome"], json!("unknown"));
}

#[test]
fn pipelines_get_it_as_junit() {
    let (_, out, _) = check(POLICIES, &["--format", "junit"]);
    assert!(out.contains(
        "<testsuite name=\"payments\" tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"2\">"
    ));
    assert!(out.contains(
        "<testcase name=\"nothing grows old\" classname=\"weir.payments\">\n      <failure \
         message=\"items.in_progress is 2 and has to be at most 0\">A-1 (16.0 d), A-2 (16.0 d)</failure>"
    ));
    let odd = POLICIES.replace("no risks", "a<b & 'c'");
    let (_, out, _) = check(&odd, &["--format", "junit"]);
    assert!(out.contains("name=\"a&lt;b &amp; 'c'\""), "{out}");
}

#[test]
fn what_cannot_be_asked_is_bad_use() {
    let one = |measure: &str, filter: &str| {
        let policy = format!(
            "[[policies]]\nname = \"p\"\nmeasure = \"{measure}\"\nfilter = \"{filter}\"\nat_most = 1\n"
        );
        check(&policy, &[])
    };
    for (measure, filter, said) in [
        ("flow.lod", "kind:bug", "did you mean \"load\"?"),
        ("flw.load", "kind:bug", "there is no section \"flw\""),
        (
            "stages.Review.load",
            "kind:bug",
            "there are Ready, In build, Done",
        ),
        ("flow.load", "severty:1", "no item has a field \"severty\""),
    ] {
        let (code, out, err) = one(measure, filter);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(said), "{err}");
    }
    let (code, _, err) = check("", &[]);
    assert_eq!(code, 2);
    assert!(err.contains("has no [[policies]]"), "{err}");
}
