//! A small world described plainly: what happened to a few items in a few stages. It is turned
//! into weir's own log and stream for the fast measures, and read as it stands by the oracle.

use std::sync::Arc;

use weir::model::batch::ItemHistory;
use weir::model::event::{Change, Event};
use weir::model::id::SourceName;
use weir::model::log::LogBuilder;
use weir::model::rule::{Field, Op, Rule, Test, Value};
use weir::model::snapshot::{Setting, Snapshot};
use weir::model::stage::{Class, ClockRule, Phase};
use weir::model::stream::{BlockedRule, KindRule, Stage, StatusPattern, Stream};
use weir::model::time::{Millis, Zone};

/// What a status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Stage(usize),
    Cancelled,
    Nothing,
    /// Named by a blocked rule, mapped by no stage.
    Blocks,
}

/// What happens to an item, at a count of seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Created(Option<usize>),
    Moved(usize),
    Team(usize),
    Type(usize),
    Flag(bool),
    Blocked,
    Unblocked,
    Deleted,
}

/// A world of stages, statuses and items.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) classes: Vec<Class>,
    pub(crate) phases: Vec<Phase>,
    /// Limits of work in progress by stage.
    pub(crate) limits: Vec<Option<u32>>,
    pub(crate) statuses: Vec<Meaning>,
    /// Per item, in the source's own order: (seconds, what).
    pub(crate) items: Vec<Vec<(u32, Happening)>>,
    /// Only items of team 0 belong to the stream.
    pub(crate) only_team_0: bool,
    pub(crate) blocked_by_flag: bool,
    pub(crate) zone: &'static str,
}

pub(crate) fn status_name(status: usize) -> String {
    format!("status {status}")
}

pub(crate) fn stage_name(stage: usize) -> String {
    format!("stage {stage}")
}

fn is(field: Field, text: &str) -> Rule {
    Rule::Test(Test {
        field,
        op: Op::Is,
        values: vec![Value::Text(text.to_owned())],
    })
}

fn fact_is(name: &'static str, text: &str) -> Rule {
    is(Field::Fact(name.into()), text)
}

impl World {
    pub(crate) fn stream(&self, clock: ClockRule) -> Stream {
        let statuses_of = |meaning: Meaning| -> Vec<StatusPattern> {
            let meant = self
                .statuses
                .iter()
                .enumerate()
                .filter(|(_, one)| **one == meaning);
            meant
                .map(|(at, _)| StatusPattern::any_source(&status_name(at)))
                .collect()
        };
        let stage = |(at, (class, phase)): (usize, (&Class, &Phase))| Stage {
            name: stage_name(at),
            phase: *phase,
            class: *class,
            statuses: statuses_of(Meaning::Stage(at)),
            owner: None,
            limit: self.limits[at],
            sle: None,
            stale_after: None,
        };
        Stream {
            name: "world".to_owned(),
            sources: vec![],
            items: Rule::Always,
            membership: if self.only_team_0 {
                fact_is("team", "team 0")
            } else {
                Rule::Always
            },
            clock,
            clocks: vec![],
            cancelled: statuses_of(Meaning::Cancelled),
            kinds: vec![KindRule {
                kind: "defect".to_owned(),
                when: fact_is("type", "type 1"),
            }],
            blocked: self.blocked_rules(),
            links: vec![],
            stages: self
                .classes
                .iter()
                .zip(&self.phases)
                .enumerate()
                .map(stage)
                .collect(),
        }
    }

    fn blocked_rules(&self) -> Vec<BlockedRule> {
        let mut blocked: Vec<BlockedRule> = Vec::new();
        for (at, _) in self
            .statuses
            .iter()
            .enumerate()
            .filter(|(_, m)| **m == Meaning::Blocks)
        {
            blocked.push(BlockedRule {
                when: is(Field::Status, &status_name(at)),
                reason: Some("status".to_owned()),
            });
        }
        if self.blocked_by_flag {
            blocked.push(BlockedRule {
                when: fact_is("flagged", "true"),
                reason: None,
            });
        }
        blocked
    }

    pub(crate) fn histories(&self) -> Vec<ItemHistory> {
        let mut histories = Vec::new();
        for (item, happenings) in self.items.iter().enumerate() {
            let event = |(seq, (at, what)): (usize, &(u32, Happening))| Event {
                id: seq.to_string(),
                at: Millis(i64::from(*at) * 1000),
                seq: seq as u64,
                approximate: false,
                change: change(what),
            };
            histories.push(ItemHistory {
                item: item.to_string(),
                replace: false,
                events: happenings.iter().enumerate().map(event).collect(),
            });
        }
        histories
    }

    pub(crate) fn snapshot(&self, clock: ClockRule) -> Snapshot {
        self.snapshot_of(clock, self.histories())
    }

    /// The world as these histories tell of it.
    pub(crate) fn snapshot_of(&self, clock: ClockRule, histories: Vec<ItemHistory>) -> Snapshot {
        let mut builder = LogBuilder::new();
        let source = builder.source(&SourceName::new("tracker")).unwrap();
        for status in 0..self.statuses.len() {
            let name = status_name(status);
            builder.status(source, &name, &name).unwrap();
        }
        for history in histories {
            builder.history(source, history).unwrap();
        }
        let setting = Setting {
            zone: Zone::named(self.zone).unwrap(),
            calendar: crate::hours::calendar(),
            ..Setting::default()
        };
        let stream = Arc::new(self.stream(clock));
        Snapshot::new(Arc::new(builder.finish()), &[stream], setting, 1)
    }
}

fn change(what: &Happening) -> Change {
    let set = |fact: &'static str, new: String| Change::Set {
        fact: fact.into(),
        old: None,
        new: Some(new),
    };
    match what {
        Happening::Created(status) => Change::Created {
            status: status.map(status_name),
        },
        Happening::Moved(to) => Change::Moved {
            to: status_name(*to),
        },
        Happening::Team(team) => set("team", format!("team {team}")),
        Happening::Type(one) => set("type", format!("type {one}")),
        Happening::Flag(on) => set("flagged", on.to_string()),
        Happening::Blocked => Change::Blocked { reason: None },
        Happening::Unblocked => Change::Unblocked,
        Happening::Deleted => Change::Deleted,
    }
}
