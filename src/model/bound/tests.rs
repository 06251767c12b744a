//! What a status, a rule and a kind come to once they are tied to a log.

use std::sync::Arc;

use super::{BlockReason, BoundRule, BoundStream, Standing};
use crate::model::event::fact;
use crate::model::id::{ItemIx, SourceName, StageIx};
use crate::model::log::{Log, LogBuilder};
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{BlockedRule, KindRule, Place, Stage, StatusPattern, Stream};
use crate::model::time::{Millis, Sec};

/// Item 0 of "tracker": labels api and stuck until second 10, then none; type Bug. Item 1 of
/// "export": nothing known but its title.
fn log() -> Log {
    let mut builder = LogBuilder::new();
    let tracker = builder.source(&SourceName::new("tracker")).unwrap();
    let export = builder.source(&SourceName::new("export")).unwrap();
    let status = builder.status(tracker, "1", "Dev review").unwrap();
    builder.status(tracker, "2", "Dev coding").unwrap();
    builder.status(tracker, "3", "Checking").unwrap();
    builder.status(export, "3", "Checking").unwrap();
    builder.status(tracker, "4", "Won't do").unwrap();
    let item = builder.item(tracker, "17").unwrap();
    let other = builder.item(export, "17").unwrap();
    builder.moved(item, Millis(1_000), status);
    builder.created(other, Millis(1_000));
    builder.key(item, "PAY-17");
    builder.title(other, "Refund by hand");
    let label = builder.fact(fact::LABEL.into()).unwrap();
    let both = builder.symbol("api\u{1f}stuck");
    let none = builder.symbol("");
    builder.set(item, Millis(1_000), label, both);
    builder.set(item, Millis(10_000), label, none);
    let kind = builder.fact(fact::TYPE.into()).unwrap();
    let bug = builder.symbol("Bug");
    builder.set(item, Millis(1_000), kind, bug);
    builder.finish()
}

fn test(field: Field, op: Op, values: &[&str]) -> Rule {
    let values = values.iter().map(|text| Value::Text((*text).to_owned()));
    Rule::Test(Test {
        field,
        op,
        values: values.collect(),
    })
}

fn label(op: Op, values: &[&str]) -> Rule {
    test(Field::Fact(fact::LABEL.into()), op, values)
}

fn stage(name: &str, statuses: Vec<StatusPattern>) -> Stage {
    Stage {
        name: name.to_owned(),
        phase: Phase::Create,
        class: Class::Active,
        statuses,
        owner: None,
        limit: None,
        sle: None,
        stale_after: None,
    }
}

fn stream(stages: Vec<Stage>) -> Stream {
    Stream {
        name: "test".to_owned(),
        sources: vec![],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::LastCrossing,
        clocks: vec![],
        cancelled: vec![StatusPattern::any_source("*")],
        kinds: vec![],
        blocked: vec![],
        stages,
        links: vec![],
    }
}

fn places(stream: Stream) -> Vec<Option<Place>> {
    let log = log();
    let bound = BoundStream::new(Arc::new(stream), &log);
    let statuses = (0_u16..).take(log.statuses().len());
    statuses
        .map(|at| bound.place(crate::model::id::StatusIx(at)))
        .collect()
}

fn at(second: u32) -> Standing {
    Standing {
        item: ItemIx(0),
        at: Sec(second),
        status: None,
    }
}

fn holds(rule: &Rule, standing: Standing) -> bool {
    let log = log();
    BoundRule::new(rule, &log).holds(&log, standing)
}

#[test]
fn exact_names_beat_patterns_and_a_source_can_be_named() {
    let of_export = StatusPattern {
        source: Some("export".to_owned()),
        name: "checking".to_owned(),
    };
    let found = places(stream(vec![
        stage("Doing", vec![StatusPattern::any_source("dev*")]),
        stage(
            "Review",
            vec![StatusPattern::any_source("dev review"), of_export],
        ),
    ]));
    let stage = |at| Some(Place::Stage(StageIx(at)));
    // Dev review, Dev coding, tracker's Checking, export's Checking, Won't do.
    let cancelled = Some(Place::Cancelled);
    assert_eq!(found, [stage(1), stage(0), cancelled, stage(1), cancelled]);
}

#[test]
fn among_equal_patterns_the_stage_further_left_wins() {
    let any = || vec![StatusPattern::any_source("*")];
    let found = places(stream(vec![stage("a", any()), stage("b", any())]));
    assert!(
        found
            .iter()
            .all(|place| *place == Some(Place::Stage(StageIx(0))))
    );
}

#[test]
fn a_label_is_one_of_several_values() {
    assert!(holds(&label(Op::Is, &["stuck"]), at(5)));
    assert!(holds(&label(Op::Is, &["web", "API"]), at(5)));
    assert!(!holds(&label(Op::Is, &["stuc"]), at(5)));
    assert!(holds(&label(Op::Contains, &["stuc"]), at(5)));
    assert!(holds(&label(Op::Is, &[]), at(5)), "has any label");
    assert!(!holds(&label(Op::Is, &[]), at(10)), "not any more");
}

#[test]
fn facts_are_those_of_the_instant() {
    let rule = label(Op::Is, &["stuck"]);
    assert!(holds(&rule, at(9)));
    assert!(!holds(&rule, at(10)));
    assert!(holds(&Rule::Not(Box::new(rule)), at(10)));
}

#[test]
fn a_fact_nobody_ever_had_is_known_without_looking() {
    let rule = test(Field::Fact("colour".into()), Op::Is, &["red"]);
    assert!(matches!(
        BoundRule::new(&rule, &log()),
        BoundRule::Known(false)
    ));
    let absent = Rule::Not(Box::new(test(Field::Fact("colour".into()), Op::Is, &[])));
    assert!(holds(&absent, at(5)));
}

#[test]
fn sources_statuses_and_texts_can_be_asked() {
    let other = Standing {
        item: ItemIx(1),
        ..at(5)
    };
    let source = test(Field::Source, Op::Is, &["export"]);
    assert!(holds(&source, other) && !holds(&source, at(5)));
    let status = test(Field::Status, Op::Is, &["dev review"]);
    let reviewed = Standing {
        status: Some(crate::model::id::StatusIx(0)),
        ..at(5)
    };
    assert!(holds(&status, reviewed) && !holds(&status, at(5)));
    assert!(holds(&test(Field::Text, Op::Contains, &["pay-17"]), at(5)));
    assert!(holds(&test(Field::Text, Op::Contains, &["refund"]), other));
    assert!(!holds(&test(Field::Text, Op::Contains, &["refund"]), at(5)));
}

#[test]
fn what_only_a_measure_knows_is_asked_of_it() {
    let log = log();
    let rule = BoundRule::new(&test(Field::Stage, Op::Is, &["Review"]), &log);
    assert!(!rule.holds(&log, at(5)));
    assert!(rule.holds_with(&log, at(5), &mut |test| test.field == Field::Stage));
}

#[test]
fn the_first_blocking_rule_gives_the_reason() {
    let log = log();
    let mut stream = stream(vec![]);
    let rule = |when, reason: &str| BlockedRule {
        when,
        reason: Some(reason.to_owned()),
    };
    stream.blocked = vec![
        rule(label(Op::Is, &["waiting"]), "waits"),
        rule(label(Op::Is, &["stuck"]), "stuck"),
        rule(Rule::Always, "always"),
    ];
    let bound = BoundStream::new(Arc::new(stream), &log);
    let reason = bound.blocked_by(&log, at(5)).unwrap();
    assert_eq!(reason, BlockReason::Rule(1));
    assert_eq!(bound.reason_text(&log, reason), "stuck");
    assert_eq!(bound.blocked_by(&log, at(10)), Some(BlockReason::Rule(2)));
    assert_eq!(bound.watched().len(), 1, "only the label changes");
}

#[test]
fn a_kind_is_the_first_rule_that_holds_else_the_type() {
    let log = log();
    let mut stream = stream(vec![]);
    let is_stuck = label(Op::Is, &["stuck"]);
    stream.kinds = vec![KindRule {
        kind: "risk".to_owned(),
        when: is_stuck,
    }];
    let bound = BoundStream::new(Arc::new(stream), &log);
    let name = |standing| {
        bound
            .kind(&log, standing)
            .map(|kind| &*bound.kinds()[usize::from(kind.0)])
    };
    assert_eq!(name(at(5)), Some("risk"));
    assert_eq!(name(at(10)), Some("Bug"));
    let other = Standing {
        item: ItemIx(1),
        ..at(5)
    };
    assert_eq!(name(other), None);
}

#[test]
fn a_stream_draws_from_its_sources_only() {
    let log = log();
    let mut one = stream(vec![]);
    one.sources = vec![SourceName::new("export")];
    let bound = BoundStream::new(Arc::new(one), &log);
    assert!(!bound.draws_from(&log, ItemIx(0)));
    assert!(bound.draws_from(&log, ItemIx(1)));
    let all = BoundStream::new(Arc::new(stream(vec![])), &log);
    assert!(all.draws_from(&log, ItemIx(0)));
}
