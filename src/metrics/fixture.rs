//! A small stream and small histories for the tests of the measures.

use std::sync::Arc;

use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;
use crate::model::rule::Rule;
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{KindRule, Stage, StatusPattern, Stream};
use crate::model::time::Millis;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// A stage whose only status is its name.
pub(crate) fn stage(name: &str, phase: Phase, class: Class) -> Stage {
    Stage {
        name: name.to_owned(),
        phase,
        class,
        statuses: vec![StatusPattern::any_source(name)],
        owner: None,
        limit: None,
        sle: None,
        stale_after: None,
    }
}

/// Backlog, Ready (queue), Build (active), Done; items of type Bug are defects.
pub(crate) fn stream() -> Stream {
    Stream {
        name: "fixture".to_owned(),
        sources: vec![],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::LastCrossing,
        clocks: vec![],
        cancelled: vec![StatusPattern::any_source("Cancelled")],
        kinds: vec![KindRule {
            kind: "defect".to_owned(),
            when: crate::query::parse("type = Bug").unwrap(),
        }],
        blocked: vec![],
        links: vec![],
        stages: vec![
            stage("Backlog", Phase::Ideate, Class::Backlog),
            stage("Ready", Phase::Create, Class::Queue),
            stage("Build", Phase::Create, Class::Active),
            stage("Done", Phase::Operate, Class::Done),
        ],
    }
}

/// Name, type, and moves as (day from 1970-01-01, status); the type is told at the first move.
pub(crate) type Item<'a> = (&'a str, &'a str, &'a [(i64, &'a str)]);

/// These items under a stream.
pub(crate) fn snapshot(stream: Stream, items: &[Item<'_>]) -> Snapshot {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    for (name, kind, moves) in items {
        let first = moves[0].0;
        let told = Change::Set {
            fact: "type".into(),
            old: None,
            new: Some((*kind).to_owned()),
        };
        let moved = |(day, to): &(i64, &str)| {
            (
                *day,
                Change::Moved {
                    to: (*to).to_owned(),
                },
            )
        };
        let changes = std::iter::once((first, told)).chain(moves.iter().map(moved));
        let event = |(seq, (day, change)): (u64, (i64, Change))| Event {
            id: seq.to_string(),
            at: Millis(day * DAY),
            seq,
            approximate: false,
            change,
        };
        let events = (0..).zip(changes).map(event).collect();
        let history = ItemHistory {
            item: (*name).to_owned(),
            replace: false,
            events,
        };
        builder.history(source, history).unwrap();
    }
    Snapshot::new(
        Arc::new(builder.finish()),
        &[Arc::new(stream)],
        Setting::default(),
        1,
    )
}

/// One item on the plain board.
pub(crate) fn board(moves: &[(i64, &str)]) -> Snapshot {
    snapshot(stream(), &[("A", "Story", moves)])
}
