//! Rules from what items carry: kinds from types and labels, blocks from flags and labels, the level
//! that flows from types.

use std::collections::BTreeSet;

use super::Reason;
use super::meaning::{self, Meaning, words};
use crate::model::event::fact;
use crate::model::id::Symbol;
use crate::model::log::Log;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stream::{BlockedRule, KindRule};

/// Rules of a stream that a log suggests, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Which level is the unit of flow.
    pub items: Rule,
    /// What items are; types without a rule keep their own name.
    pub kinds: Vec<KindRule>,
    /// What stops an item beside its status.
    pub blocked: Vec<BlockedRule>,
    /// One for each rule.
    pub reasons: Vec<Reason>,
}

/// Beginnings of words that name a kind of work, the more telling kinds first.
const KINDS: &[(&str, &[&str])] = &[
    (
        "risk",
        &[
            "security",
            "vulnerab",
            "complian",
            "risk",
            "audit",
            "privacy",
            "gdpr",
            "dsgvo",
            "sicherheit",
            "risiko",
            "sécurité",
            "risque",
            "conformité",
        ],
    ),
    (
        "debt",
        &[
            "debt",
            "refactor",
            "chore",
            "cleanup",
            "maintenance",
            "upgrade",
            "dependenc",
            "schuld",
            "wartung",
            "dette",
        ],
    ),
    (
        "defect",
        &[
            "bug",
            "defect",
            "regression",
            "incident",
            "hotfix",
            "fehler",
            "defekt",
            "anomalie",
            "bogue",
            "error",
            "problem",
            "störung",
        ],
    ),
    (
        "feature",
        &[
            "feature",
            "story",
            "enhancement",
            "improvement",
            "requirement",
            "funktion",
            "verbesserung",
            "anforderung",
            "fonctionnalité",
            "amélioration",
            "évolution",
        ],
    ),
];

/// Types above or below the level on which work flows.
const LEVELS: &[&str] = &[
    "epic",
    "initiative",
    "theme",
    "portfolio epic",
    "objective",
    "sub-task",
    "subtask",
    "sub task",
    "technical task",
    "unteraufgabe",
    "sous-tâche",
    "épopée",
];

/// The rules that a log suggests.
pub fn rules(log: &Log) -> Rules {
    let mut found = Rules {
        items: Rule::Always,
        kinds: Vec::new(),
        blocked: Vec::new(),
        reasons: Vec::new(),
    };
    let (types, labels) = (values(log, fact::TYPE), values(log, fact::LABEL));
    found.add_level(&types);
    found.add_kinds(&types, &labels);
    found.add_blocks(log, &labels);
    found
}

impl Rules {
    fn add_level(&mut self, types: &BTreeSet<&str>) {
        let is_level = |name: &&&str| LEVELS.contains(&name.to_lowercase().as_str());
        let levels: Vec<&str> = types.iter().filter(is_level).copied().collect();
        if levels.is_empty() || levels.len() == types.len() {
            return;
        }
        let why = "it groups or splits the work that flows, which would be counted twice";
        self.explain(("type", &levels), "left out", why);
        self.items = Rule::Not(Box::new(is(fact::TYPE, &levels)));
    }

    fn add_kinds(&mut self, types: &BTreeSet<&str>, labels: &BTreeSet<&str>) {
        for (fact, values, what) in [(fact::LABEL, labels, "labels"), (fact::TYPE, types, "type")] {
            for (kind, beginnings) in KINDS {
                let says = |value: &&&str| begins(value, beginnings);
                let meant: Vec<&str> = values.iter().filter(says).copied().collect();
                // Labels say what is special; that something is a feature is usual.
                if meant.is_empty() || (fact == fact::LABEL && *kind == "feature") {
                    continue;
                }
                self.explain((what, &meant), kind, "its name says so");
                self.kinds.push(KindRule {
                    kind: (*kind).to_owned(),
                    when: is(fact, &meant),
                });
            }
        }
    }

    fn add_blocks(&mut self, log: &Log, labels: &BTreeSet<&str>) {
        if !values(log, fact::FLAGGED).is_empty() {
            let why = "items carry flags, and a flag means an impediment";
            self.explain(("a flagged item", &[]), "blocked", why);
            self.block(is(fact::FLAGGED, &[]), "flag");
        }
        let stops = |label: &&&str| meaning::of(label) == Some(Meaning::Blocked);
        let stopping: Vec<&str> = labels.iter().filter(stops).copied().collect();
        if !stopping.is_empty() {
            let why = "its name means that work is stopped";
            self.explain(("label", &stopping), "blocked", why);
            self.block(is(fact::LABEL, &stopping), "label");
        }
    }

    fn block(&mut self, when: Rule, reason: &str) {
        self.blocked.push(BlockedRule {
            when,
            reason: Some(reason.to_owned()),
        });
    }

    fn explain(&mut self, (what, names): (&str, &[&str]), place: &str, why: &str) {
        self.reasons.push(Reason {
            status: format!("{what} {}", names.join(", ")).trim_end().to_owned(),
            place: place.to_owned(),
            why: why.to_owned(),
        });
    }
}

fn begins(value: &str, beginnings: &[&str]) -> bool {
    let value = value.to_lowercase();
    words(&value)
        .iter()
        .any(|word| beginnings.iter().any(|known| word.starts_with(known)))
}

fn is(fact: &'static str, values: &[&str]) -> Rule {
    Rule::Test(Test {
        field: Field::Fact(fact.into()),
        op: Op::Is,
        values: values
            .iter()
            .map(|value| Value::Text((*value).to_owned()))
            .collect(),
    })
}

/// All values that a fact ever had, those of several taken one by one.
fn values<'l>(log: &'l Log, name: &str) -> BTreeSet<&'l str> {
    let Some(fact) = log.fact(name) else {
        return BTreeSet::new();
    };
    let column = &log.facts()[fact.index()];
    let mut symbols = BTreeSet::new();
    for item in log.items() {
        symbols.insert(column.base(item));
        symbols.extend(column.changes_of(item).iter().map(|change| change.to));
    }
    symbols.remove(&Symbol::NONE);
    let texts = symbols.into_iter().map(|symbol| log.text(symbol));
    let each = texts.flat_map(|text| text.split(fact::SEPARATOR));
    each.filter(|text| !text.is_empty()).collect()
}
