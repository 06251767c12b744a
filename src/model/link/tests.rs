use super::{Basis, Form, KeyPattern, LinkRule, Links};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::log::{Log, LogBuilder};
use crate::model::time::Millis;

fn keys(pattern: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let pattern = KeyPattern::new(pattern).unwrap();
    pattern.each_key(text, |key| found.push(key.to_owned()));
    found
}

#[test]
fn keys_are_found_without_regard_to_case() {
    assert_eq!(
        keys(r"[A-Z]+-\d+", "feature/pay-12-and-PAY-3"),
        ["pay-12", "PAY-3"]
    );
    assert!(keys(r"[A-Z]+-\d+", "nothing here").is_empty());
}

#[test]
fn the_first_group_is_the_key() {
    assert_eq!(
        keys(r"(?:fixes|closes) (#\d+)", "Fixes #12, see #13"),
        ["#12"]
    );
    assert!(
        keys(r"fix(es)?", "fix").is_empty(),
        "a group that is not there is no key"
    );
}

#[test]
fn a_pattern_that_cannot_be_read_says_why() {
    let said = KeyPattern::new("[A-Z").unwrap_err().to_string();
    assert_eq!(
        said,
        r"this is no regular expression: unclosed character class; expected one such as [A-Z]+-\d+"
    );
}

#[test]
fn forms_are_told_by_the_type() {
    assert_eq!(Form::of_type("Pull Request"), Form::PullRequest);
    assert_eq!(Form::of_type("merge_request"), Form::PullRequest);
    assert_eq!(Form::of_type("deployment"), Form::Deployment);
    assert_eq!(Form::of_type("Incident"), Form::Incident);
    assert_eq!(Form::of_type("Pull request review"), Form::Work);
    assert_eq!(Form::of_type(""), Form::Work);
}

/// Items of the tracker with these keys, and one pull request with this title.
fn log(keys: &[&str], title: &str) -> Log {
    let mut builder = LogBuilder::new();
    let (tracker, code) = (SourceName::new("tracker"), SourceName::new("code"));
    let (tracker, code) = (
        builder.source(&tracker).unwrap(),
        builder.source(&code).unwrap(),
    );
    let history = |id: &str, fact: &'static str, value: &str| ItemHistory {
        item: id.to_owned(),
        replace: false,
        events: vec![Event {
            id: "1".to_owned(),
            at: Millis(1_000),
            seq: 1,
            approximate: false,
            change: Change::Set {
                fact: fact.into(),
                old: None,
                new: Some(value.to_owned()),
            },
        }],
    };
    for key in keys {
        builder.history(tracker, history(key, "key", key)).unwrap();
    }
    builder.history(code, history("1", "title", title)).unwrap();
    builder.finish()
}

/// What the pull request is tied to.
fn tied(log: &Log) -> Vec<&str> {
    let rule = LinkRule {
        key: Some(KeyPattern::new(r"[a-z]+-\d+").unwrap()),
        ..LinkRule::told(&SourceName::new("code"), &SourceName::new("tracker"))
    };
    let links = Links::find(&[rule], log);
    assert!(links.ties().iter().all(|tie| tie.basis == Basis::Key(1)));
    links.ties().iter().map(|tie| log.key(tie.owner)).collect()
}

#[test]
fn a_key_that_fits_letter_by_letter_is_preferred() {
    assert_eq!(
        tied(&log(&["PAY-1", "pay-2"], "pay-1 and PAY-2")),
        ["PAY-1", "pay-2"]
    );
    assert_eq!(tied(&log(&["PAY-1", "pay-1"], "on pay-1")), ["pay-1"]);
    assert_eq!(
        tied(&log(&["PAY-1", "pay-1"], "on Pay-1")),
        ["PAY-1", "pay-1"]
    );
}

#[test]
fn a_key_that_nothing_has_ties_nothing() {
    assert!(tied(&log(&["PAY-1"], "PAY-10, UTF-8 and pay1")).is_empty());
}

#[test]
fn a_key_that_is_named_twice_ties_once() {
    assert_eq!(tied(&log(&["PAY-1"], "PAY-1, again PAY-1")), ["PAY-1"]);
}

#[test]
fn a_rule_about_a_source_that_is_not_there_ties_nothing() {
    let log = log(&["PAY-1"], "PAY-1");
    let rule = LinkRule::told(&SourceName::new("deploys"), &SourceName::new("code"));
    assert!(Links::find(&[rule], &log).ties().is_empty());
}
