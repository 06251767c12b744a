//! The phase of every stage: what the names say, made to rise from left to right.

use super::classes::{Role, Verdict};
use super::meaning::words;
use crate::model::stage::{Class, Phase};

/// Beginnings of words that name the part of the stream.
const IDEATE: &[&str] = &[
    "backlog",
    "idea",
    "funnel",
    "discover",
    "analy",
    "refin",
    "design",
    "concept",
    "spec",
    "propos",
    "triage",
    "estimat",
    "groom",
    "research",
    "explor",
    "option",
    "plan",
    "idee",
    "konzept",
    "entwurf",
    "analys",
    "idée",
    "conception",
    "étude",
    "requirement",
    "assess",
];
const CREATE: &[&str] = &[
    "develop",
    "dev",
    "doing",
    "progress",
    "implement",
    "cod",
    "build",
    "program",
    "review",
    "work",
    "entwickl",
    "umsetz",
    "arbeit",
    "bearbeit",
    "développ",
    "réalis",
    "revue",
    "merge",
    "activ",
];
const RELEASE: &[&str] = &[
    "test",
    "qa",
    "uat",
    "verif",
    "validat",
    "acceptance",
    "approv",
    "stag",
    "releas",
    "deploy",
    "deliver",
    "rollout",
    "ship",
    "launch",
    "abnahme",
    "freigabe",
    "auslief",
    "recette",
    "livr",
    "mep",
    "preprod",
    "signoff",
];

/// Cost of a phase other than the one that the name says.
const AGAINST_NAME: u32 = 10;
/// Cost of a phase other than the usual one of the class, where the name says nothing.
const UNUSUAL: u32 = 1;

/// The phases of the stages in their order, never falling, with as few against their names as
/// can be.
pub(super) fn assign(stages: &[&Verdict]) -> Vec<Phase> {
    // For every stage and phase: the least cost up to there, and the phase before that gave it.
    let mut ways: Vec<[(u32, usize); 4]> = Vec::with_capacity(stages.len());
    for stage in stages {
        let mut row = [(0, 0); 4];
        for (at, phase) in Phase::ALL.into_iter().enumerate() {
            let before = ways.last().map_or((0, at), |before| {
                let ways = before[..=at].iter().enumerate();
                let best = ways.map(|(from, way)| (way.0, from)).min();
                best.unwrap_or((0, at))
            });
            row[at] = (before.0 + cost(stage, phase), before.1);
        }
        ways.push(row);
    }
    back(&ways)
}

/// Follows the cheapest way from its end to its beginning.
fn back(ways: &[[(u32, usize); 4]]) -> Vec<Phase> {
    let Some(last) = ways.last() else {
        return Vec::new();
    };
    let mut at = (0..4).min_by_key(|at| last[*at].0).unwrap_or(0);
    let mut phases = Vec::with_capacity(ways.len());
    for row in ways.iter().rev() {
        phases.push(Phase::ALL[at]);
        at = row[at].1;
    }
    phases.reverse();
    phases
}

fn cost(stage: &Verdict, phase: Phase) -> u32 {
    let named = match stage.role {
        Role::Stage(Class::Done) => Some(Phase::Operate),
        Role::Stage(Class::Backlog) => Some(Phase::Ideate),
        _ => by_name(&stage.status),
    };
    match named {
        Some(named) if named == phase => 0,
        Some(_) => AGAINST_NAME,
        None if phase == Phase::Create => 0,
        None if phase == Phase::Operate => AGAINST_NAME,
        None => UNUSUAL,
    }
}

/// Of a name in parts ("Accepted/In Progress") the last part that says anything counts.
fn by_name(status: &str) -> Option<Phase> {
    status.to_lowercase().rsplit('/').find_map(by_part)
}

fn by_part(name: &str) -> Option<Phase> {
    let words = words(name);
    let says = |known: &[&str]| {
        words
            .iter()
            .any(|word| known.iter().any(|beginning| word.starts_with(beginning)))
    };
    // What is waited for counts: "ready for test" lies before the test, after the making.
    let phases = [
        (Phase::Release, RELEASE),
        (Phase::Create, CREATE),
        (Phase::Ideate, IDEATE),
    ];
    let said = phases.into_iter().find(|(_, known)| says(known));
    said.map(|(phase, _)| phase)
}
