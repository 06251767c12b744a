//! What the demo company's statuses and facts mean: its value stream as a config would say it.

use super::plan;
use crate::model::event::fact;
use crate::model::id::SourceName;
use crate::model::id::StageIx;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{BlockedRule, KindRule, NamedClock, Sle, Stage, StatusPattern, Stream};

/// The name of the stream.
pub(super) const STREAM: &str = "payments";

/// The status of items that were given up.
pub(super) const DROPPED: &str = "Won't do";

struct Row(&'static str, Phase, Class, &'static str, Option<u32>);

/// Name, phase, class, owner, limit: in the order of the plan.
const STAGES: [Row; 13] = [
    Row("Ideas", Phase::Ideate, Class::Backlog, "product", None),
    Row("Shape", Phase::Ideate, Class::Active, "product", Some(6)),
    Row(
        "Funding",
        Phase::Ideate,
        Class::Queue,
        "steering board",
        None,
    ),
    Row("Ready", Phase::Ideate, Class::Queue, "product", None),
    Row(
        "Build",
        Phase::Create,
        Class::Active,
        "engineering",
        Some(10),
    ),
    Row(
        "To review",
        Phase::Create,
        Class::Queue,
        "engineering",
        Some(6),
    ),
    Row("Review", Phase::Create, Class::Active, "engineering", None),
    Row("To test", Phase::Create, Class::Queue, "quality", Some(6)),
    Row("Test", Phase::Create, Class::Active, "quality", Some(6)),
    Row(
        "Approval",
        Phase::Release,
        Class::Queue,
        "release board",
        Some(24),
    ),
    Row("Window", Phase::Release, Class::Queue, "operations", None),
    Row(
        "Deploy",
        Phase::Release,
        Class::Active,
        "operations",
        Some(4),
    ),
    Row("Live", Phase::Operate, Class::Done, "operations", None),
];

/// The stream over the items of `source`; limits are those of one part times `parts`.
pub(super) fn stream(source: &SourceName, parts: u32) -> Stream {
    Stream {
        name: STREAM.to_owned(),
        sources: vec![source.clone()],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::LastCrossing,
        clocks: vec![NamedClock {
            name: "idea-to-value".to_owned(),
            from: StageIx(0),
            to: StageIx(12),
        }],
        cancelled: vec![StatusPattern::any_source(DROPPED)],
        kinds: kinds(),
        blocked: vec![BlockedRule {
            when: is(fact::FLAGGED, "true"),
            reason: None,
        }],
        stages: STAGES.iter().map(|row| stage(row, parts)).collect(),
        links: vec![],
    }
}

/// The whole stream, and beside it the part of each team. Limits are the whole company's.
pub(super) fn streams<'a>(
    source: &SourceName,
    parts: u32,
    teams: impl Iterator<Item = &'a str>,
) -> Vec<Stream> {
    let whole = stream(source, parts);
    let of_team = |team: &str| {
        let mut part = Stream {
            name: team.to_owned(),
            membership: is(fact::TEAM, team),
            ..whole.clone()
        };
        for stage in &mut part.stages {
            stage.limit = None;
        }
        part
    };
    let teams: Vec<Stream> = teams.map(of_team).collect();
    std::iter::once(whole).chain(teams).collect()
}

fn stage(Row(name, phase, class, owner, limit): &Row, parts: u32) -> Stage {
    Stage {
        name: (*name).to_owned(),
        phase: *phase,
        class: *class,
        statuses: vec![StatusPattern::any_source(name)],
        owner: Some((*owner).to_owned()),
        limit: limit.map(|limit| limit.saturating_mul(parts)),
        sle: (*name == STAGES[plan::APPROVAL].0).then_some(Sle {
            percent: 85,
            seconds: 14 * 86_400,
        }),
        stale_after: None,
    }
}

/// Names of all statuses, the end without value last.
pub(super) fn statuses() -> impl Iterator<Item = &'static str> {
    STAGES.iter().map(|row| row.0).chain([DROPPED])
}

fn kinds() -> Vec<KindRule> {
    let kind = |kind: &str, when: Rule| KindRule {
        kind: kind.to_owned(),
        when,
    };
    vec![
        kind("defect", is(fact::TYPE, "Bug")),
        kind("risk", is(fact::LABEL, "compliance")),
        kind("debt", is(fact::LABEL, "tech-debt")),
        kind("feature", Rule::Always),
    ]
}

fn is(name: &'static str, value: &str) -> Rule {
    Rule::Test(Test {
        field: Field::Fact(name.into()),
        op: Op::Is,
        values: vec![Value::Text(value.to_owned())],
    })
}
