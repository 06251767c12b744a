use super::{Category, Inference, Told, ToldColumn, ToldStatus, amend, infer, infer_told, rules};
use crate::model::event::fact;
use crate::model::id::{SourceName, StageIx};
use crate::model::log::{Log, LogBuilder};
use crate::model::rule::Rule;
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{NamedClock, Place, StatusPattern, Stream};
use crate::model::time::Millis;

const HOUR: i64 = 3_600_000;

/// Items that walk through statuses (separated by `>`), so many times each; an hour a status.
fn log(walks: &[(usize, &str)]) -> Log {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("log")).unwrap();
    let mut number = 0;
    for (times, walk) in walks {
        for _ in 0..*times {
            number += 1;
            let item = builder.item(source, &format!("I-{number}")).unwrap();
            for (at, status) in (0..).zip(walk.split('>').map(str::trim)) {
                let status = builder.status(source, status, status).unwrap();
                let at = Millis((1_000_000 + i64::from(number) + at) * HOUR);
                builder.moved(item, at, status);
            }
        }
    }
    builder.finish()
}

fn classes(inference: &Inference) -> Vec<(&str, Class)> {
    let stages = inference.stream.stages.iter();
    stages
        .map(|stage| (stage.name.as_str(), stage.class))
        .collect()
}

#[test]
fn a_usual_board_is_understood() {
    let log = log(&[
        (
            30,
            "Backlog > Ready > Development > Review > Testing > Done",
        ),
        (
            5,
            "Backlog > Ready > Development > Blocked > Development > Testing > Done",
        ),
        (
            5,
            "Backlog > Development > Review > Development > Review > Testing > Done",
        ),
        (3, "Backlog > Won't Do"),
        (4, "Backlog > Ready"),
    ]);
    let inference = infer(&log, "board");
    assert_eq!(
        classes(&inference),
        [
            ("Backlog", Class::Backlog),
            ("Ready", Class::Queue),
            ("Development", Class::Active),
            ("Review", Class::Queue),
            ("Testing", Class::Active),
            ("Done", Class::Done),
        ]
    );
    let phases: Vec<Phase> = inference
        .stream
        .stages
        .iter()
        .map(|stage| stage.phase)
        .collect();
    assert_eq!(
        phases,
        [
            Phase::Ideate,
            Phase::Create,
            Phase::Create,
            Phase::Create,
            Phase::Release,
            Phase::Operate,
        ]
    );
    assert_eq!(inference.stream.cancelled[0].name, "Won't Do");
    assert_eq!(
        inference.stream.blocked[0].reason.as_deref(),
        Some("status")
    );
    assert_eq!(inference.reasons.len(), 8);
    assert!(
        inference
            .reasons
            .iter()
            .all(|reason| !reason.why.is_empty())
    );
}

#[test]
fn a_review_with_its_own_queue_is_work() {
    let log = log(&[(10, "New > Coding > Waiting for review > In review > Closed")]);
    let inference = infer(&log, "board");
    assert_eq!(
        classes(&inference)[2..4],
        [
            ("Waiting for review", Class::Queue),
            ("In review", Class::Active),
        ]
    );
}

#[test]
fn without_telling_names_behaviour_decides() {
    let log = log(&[
        (20, "alpha > beta > gamma"),
        (4, "alpha > beta"),
        (3, "alpha > beta > alpha > beta > gamma"),
    ]);
    let inference = infer(&log, "greek");
    let classes = classes(&inference);
    assert_eq!(
        classes.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["alpha", "beta", "gamma"]
    );
    assert_eq!(classes[2].1, Class::Done);
    assert!(classes[1].1.is_committed());
}

#[test]
fn first_visits_order_the_stages_whatever_loops_follow() {
    let log = log(&[
        (
            10,
            "Todo > Build > Check > Build > Check > Build > Check > Closed",
        ),
        (6, "Todo > Check > Closed"),
        (
            8,
            "Todo > Build > Check > Closed > Reopened > Build > Check > Closed",
        ),
    ]);
    let inference = infer(&log, "loops");
    let names: Vec<&str> = classes(&inference).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["Todo", "Reopened", "Build", "Check", "Closed"]);
}

#[test]
fn there_is_always_a_committed_stage() {
    for walks in [
        &[(5, "Open > Closed")][..],
        &[(5, "Closed")],
        &[(5, "Open")],
        &[(5, "Blocked > Closed")],
        &[(5, "Cancelled")],
        &[],
    ] {
        let inference = infer(&log(walks), "small");
        let mut stages = inference.stream.stages.iter();
        assert!(stages.any(|stage| stage.class.is_committed()), "{walks:?}");
    }
}

#[test]
fn german_and_french_boards_are_understood() {
    let german = log(&[(9, "Offen > In Bearbeitung > Wartet auf Kunde > Erledigt")]);
    let wanted = [Class::Backlog, Class::Active, Class::Queue, Class::Done];
    let found = infer(&german, "de");
    assert_eq!(
        classes(&found)
            .iter()
            .map(|(_, class)| *class)
            .collect::<Vec<_>>(),
        wanted
    );
    let french = log(&[(9, "À faire > En cours > En attente > Terminé")]);
    let found = infer(&french, "fr");
    assert_eq!(
        classes(&found)
            .iter()
            .map(|(_, class)| *class)
            .collect::<Vec<_>>(),
        wanted
    );
}

#[test]
fn a_finished_step_is_an_end_only_where_items_end() {
    let passed = infer(&log(&[(9, "New > Dev > Dev done > Test > Released")]), "a");
    assert_eq!(
        classes(&passed)[2..],
        [
            ("Dev done", Class::Queue),
            ("Test", Class::Active),
            ("Released", Class::Done),
        ]
    );
}

#[test]
fn a_status_that_no_item_ever_had_is_no_stage() {
    let walked = log(&[(9, "Backlog > Doing > Done")]);
    let mut builder = LogBuilder::resume(&walked, Vec::new()).unwrap();
    let source = builder.source(&SourceName::new("log")).unwrap();
    builder.status(source, "9", "Feedback").unwrap();
    let inference = infer(&builder.finish(), "board");
    let names: Vec<&str> = classes(&inference).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["Backlog", "Doing", "Done"]);
}

fn told(statuses: &[(&str, Category)], columns: &[(&str, &[&str], u32)]) -> Told {
    Told {
        statuses: statuses
            .iter()
            .map(|(name, category)| ToldStatus {
                name: (*name).to_owned(),
                category: Some(*category),
            })
            .collect(),
        columns: columns
            .iter()
            .map(|(name, statuses, limit)| ToldColumn {
                name: (*name).to_owned(),
                statuses: statuses.iter().map(|it| (*it).to_owned()).collect(),
                limit: Some(*limit),
            })
            .collect(),
    }
}

#[test]
fn two_boards_make_one() {
    let mut both = told(
        &[("Doing", Category::Started)],
        &[("Do", &["Doing"], 3), ("Ready", &["Ready"], 2)],
    );
    both.add(told(
        &[("doing", Category::Started), ("Out", Category::Ended)],
        &[("do", &["Doing", "Pairing"], 4), ("Out", &["Out"], 9)],
    ));
    let said = told(
        &[("Doing", Category::Started), ("Out", Category::Ended)],
        &[
            ("Do", &["Doing", "Pairing"], 7),
            ("Ready", &["Ready"], 2),
            ("Out", &["Out"], 9),
        ],
    );
    assert_eq!(both, said);
}

#[test]
fn the_tracker_knows_better_than_names() {
    let log = log(&[
        (9, "New > Doing > Resolved > Closed"),
        (2, "New > Rejected"),
    ]);
    let said = told(
        &[
            ("New", Category::Open),
            ("Doing", Category::Open),
            ("Resolved", Category::Open),
            ("Feedback", Category::Open),
            ("Closed", Category::Ended),
            ("Rejected", Category::Ended),
        ],
        &[],
    );
    let inference = infer_told(&log, "r", &said);
    assert_eq!(
        classes(&inference),
        [
            ("New", Class::Backlog),
            ("Doing", Class::Active),
            ("Resolved", Class::Queue),
            ("Closed", Class::Done),
        ]
    );
    let place = |status: &str| inference.stream.place_of("log", status);
    assert_eq!(place("Rejected"), Some(Place::Cancelled));
    // Nobody was in it yet, and still it is mapped: with the queue.
    assert_eq!(place("Feedback"), place("Resolved"));
}

#[test]
fn a_board_gives_stages_their_names_limits_and_order() {
    let log = log(&[(5, "A > C > B > D > Z"), (5, "A > B > C > D > Z")]);
    let said = told(
        &[
            ("A", Category::Backlog),
            ("B", Category::Started),
            ("C", Category::Started),
            ("D", Category::Started),
            ("Z", Category::Finished),
        ],
        &[
            ("Making", &["C", "D"], 4),
            ("Ready to try", &["B"], 0),
            ("Out", &["Z"], 0),
        ],
    );
    let inference = infer_told(&log, "b", &said);
    assert_eq!(
        classes(&inference),
        [
            ("A", Class::Backlog),
            ("Making", Class::Active),
            ("Ready to try", Class::Queue),
            ("Out", Class::Done),
        ]
    );
    let making = &inference.stream.stages[1];
    assert_eq!((making.limit, making.statuses.len()), (Some(4), 2));
    assert_eq!(inference.stream.stages[2].limit, None);
}

#[test]
fn kinds_blocks_and_levels_come_from_what_items_carry() {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("log")).unwrap();
    let facts = [
        (fact::TYPE, "Bug"),
        (fact::TYPE, "Story"),
        (fact::TYPE, "Epic"),
        (fact::LABEL, "tech-debt\u{1f}on hold"),
        (fact::LABEL, "feature-x"),
        (fact::FLAGGED, "true"),
    ];
    for (number, (name, value)) in facts.into_iter().enumerate() {
        let item = builder.item(source, &number.to_string()).unwrap();
        let (name, value) = (builder.fact(name.into()).unwrap(), builder.symbol(value));
        builder.created(item, Millis(HOUR));
        builder.set(item, Millis(HOUR), name, value);
    }
    let found = rules(&builder.finish());
    let kinds: Vec<&str> = found.kinds.iter().map(|rule| rule.kind.as_str()).collect();
    assert_eq!(kinds, ["debt", "defect", "feature"]);
    assert_eq!(found.blocked.len(), 2);
    assert!(matches!(found.items, Rule::Not(_)));
    assert_eq!(found.reasons.len(), 6);
}

#[test]
fn what_is_set_up_stays_and_what_lacks_is_added() {
    let before = infer(&log(&[(9, "New > Doing > Done")]), "s");
    let mut known = before.stream;
    known.stages[1].class = Class::Queue;
    known.clocks = vec![NamedClock {
        name: "end".to_owned(),
        from: StageIx(1),
        to: StageIx(2),
    }];
    let more = log(&[
        (9, "New > Doing > Testing > Done"),
        (3, "New > Won't Do"),
        (3, "New > Doing > Blocked > Doing > Done"),
    ]);
    let (amended, reasons) = amend(&known, &infer(&more, "s"));
    let names: Vec<&str> = amended.stages.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["New", "Doing", "Testing", "Done"]);
    assert_eq!(amended.stages[1].class, Class::Queue);
    assert_eq!(
        (amended.clocks[0].from, amended.clocks[0].to),
        (StageIx(1), StageIx(3))
    );
    assert_eq!(amended.place_of("log", "Won't Do"), Some(Place::Cancelled));
    assert_eq!(amended.blocked.len(), 1);
    let mut told: Vec<&str> = reasons.iter().map(|it| it.status.as_str()).collect();
    told.sort_unstable();
    assert_eq!(told, ["Blocked", "Testing", "Won't Do"]);
    assert_eq!(amend(&amended, &infer(&more, "s")), (amended, Vec::new()));
}

#[test]
fn a_stream_without_stages_gets_them_and_keeps_what_it_says() {
    let proposed = infer(
        &log(&[(9, "New > Doing > Stuck > Done"), (3, "New > Won't Do")]),
        "s",
    );
    let known = Stream {
        sources: vec![SourceName::new("mine")],
        membership: Rule::Not(Box::new(Rule::Always)),
        clock: ClockRule::FirstStart,
        cancelled: vec![StatusPattern::any_source("Won't Do")],
        blocked: vec![super::blocked_by("Stuck")],
        ..Stream::bare("s")
    };
    let (amended, reasons) = amend(&known, &proposed);
    let mut sources = known.sources.clone();
    sources.extend(proposed.stream.sources.clone());
    let expected = Stream {
        sources,
        stages: proposed.stream.stages.clone(),
        ..known
    };
    assert_eq!(amended, expected);
    assert!(reasons.iter().all(|one| one.status != "Won't Do"));
    assert!(reasons.iter().any(|one| one.status == "Doing"));
}
