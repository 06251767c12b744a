//! Which field of Linear's is which fact.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::super::facts::value_of;
use super::super::super::record::Record;
use super::super::super::story::{Course, Delta, Tale, Turn, joined};
use super::super::names::Label;
use super::{Entry, NOUN, Reader};
use crate::model::event::{FactName, fact};
use crate::model::time::Millis;

/// Seconds after a creation in which Linear writes down what an issue was created with.
const CREATION: i64 = 2;

/// Fields without a history: where they are, their names in the config, and the facts they are
/// where the config says nothing else.
const PLAIN: [(&str, &str, Option<&str>); 6] = [
    ("identifier", "identifier", Some(fact::KEY)),
    ("url", "url", Some(fact::URL)),
    ("sortOrder", "sortOrder", Some(fact::RANK)),
    ("creator.displayName", "creator", None),
    ("delegate.displayName", "delegate", None),
    ("slaBreachesAt", "slaBreachesAt", None),
];

/// How a field's values are told.
#[derive(Clone, Copy)]
enum Told {
    Text,
    Name,
    Person,
    Cycle,
    Priority,
    Team,
}

/// A field with a history: its name in an issue, in an entry behind `from` and `to`, how its values
/// are told, and its fact.
struct Field {
    name: &'static str,
    entry: &'static str,
    told: Told,
    fact: &'static str,
}

const fn field([name, entry, fact]: [&'static str; 3], told: Told) -> Field {
    Field {
        name,
        entry,
        told,
        fact,
    }
}

const FIELDS: [Field; 10] = [
    field(["title", "Title", fact::TITLE], Told::Text),
    field(["assignee", "Assignee", fact::ASSIGNEE], Told::Person),
    field(["priority", "Priority", fact::PRIORITY], Told::Priority),
    field(["estimate", "Estimate", fact::ESTIMATE], Told::Text),
    field(["dueDate", "DueDate", fact::DUE], Told::Text),
    field(["project", "Project", fact::PROJECT], Told::Name),
    field(["cycle", "Cycle", "cycle"], Told::Cycle),
    field(
        ["projectMilestone", "ProjectMilestone", "milestone"],
        Told::Name,
    ),
    field(["parent.id", "ParentId", fact::PARENT], Told::Text),
    field(["team.id", "TeamId", fact::TEAM], Told::Team),
];

impl Reader<'_> {
    /// Facts that hold from the start, as far as one knows.
    pub(super) fn plain(&self, issue: &Value, tale: &mut Tale) {
        for (path, name, usual) in PLAIN {
            let fact = self.facts.of(&[name], usual);
            if let (Some(fact), Some(value)) = (fact, issue.text(path)) {
                set(tale, name, fact, &value);
            }
        }
        let initiatives = issue.list("project.initiatives.nodes").iter();
        let initiatives = initiatives.filter_map(|one| one.text("name")).collect();
        let fact = self.facts.of(&["initiative"], Some("initiative"));
        if let (Some(fact), Some(names)) = (fact, joined(initiatives)) {
            set(tale, "initiative", fact, &names);
        }
    }

    /// Fields whose changes are in the history.
    pub(super) fn courses(&self, issue: &Value, entries: &[Entry<'_>], tale: &mut Tale) {
        for field in &FIELDS {
            let short = field.name.split('.').next().unwrap_or(field.name);
            let Some(fact) = self.facts.of(&[short], Some(field.fact)) else {
                continue;
            };
            let value = |sent: &Value| {
                let told = self.value(field.told, sent);
                told.and_then(|told| value_of(&fact, &told))
            };
            let turns: Vec<Turn> = entries
                .iter()
                .filter_map(|entry| {
                    let old = value(entry.value.at(&format!("from{}", field.entry)));
                    let new = value(entry.value.at(&format!("to{}", field.entry)));
                    (old != new).then(|| Turn {
                        moment: entry.moment.of(short),
                        old,
                        new,
                    })
                })
                .collect();
            tale.course(short, &fact, value(issue.at(field.name)), &turns);
        }
    }

    fn value(&self, told: Told, sent: &Value) -> Option<String> {
        match told {
            Told::Text => sent.text(""),
            Told::Name => sent.text("name"),
            Told::Person => sent.text("displayName"),
            Told::Cycle => {
                let numbered = || Some(format!("Cycle {}", sent.text("number")?));
                sent.text("name").or_else(numbered)
            }
            Told::Priority => priority(sent).map(str::to_owned),
            Told::Team => sent.text("").map(|id| self.names.team(id)),
        }
    }

    /// The labels, the facts that groups of labels are by the config, and the type.
    pub(super) fn labels(
        &self,
        issue: &Value,
        entries: &[Entry<'_>],
        born: Millis,
        tale: &mut Tale,
    ) {
        let labels = course(issue, entries).born_by(born.plus_secs(CREATION));
        let known = |id: &String| self.names.label(id);
        let all = |held: &[String]| {
            let names = held.iter().filter_map(known);
            joined(names.map(|label| label.name.clone()).collect())
        };
        if let Some(fact) = self.facts.of(&["labels"], Some(fact::LABEL)) {
            tale.course_of("labels", &fact, labels.told(all));
        }
        let fields: BTreeSet<String> = labels
            .ever()
            .filter_map(known)
            .flat_map(fields_of)
            .collect();
        let mut has_type = false;
        for field in fields {
            let Some(fact) = self.facts.of(&[&field], None) else {
                continue;
            };
            has_type |= fact == fact::TYPE;
            let told = labels.told(|held| {
                let label = held.iter().rev().filter_map(known);
                let mut label = label.filter(|label| fields_of(label).contains(&field));
                label.next().and_then(|label| value_of(&fact, &label.name))
            });
            tale.course_of(&field, &fact, told);
        }
        if !has_type {
            tale.at_birth("type", fact::TYPE.into(), NOUN.to_owned());
        }
    }
}

/// What a label may be called in the config: its group, or itself.
fn fields_of(label: &Label) -> Vec<String> {
    let own = format!("label:{}", label.name);
    label.group.iter().cloned().chain([own]).collect()
}

fn course(issue: &Value, entries: &[Entry<'_>]) -> Course<String> {
    let ids = |value: &Value, field: &str| -> Vec<String> {
        let ids = value.list(field).iter();
        ids.filter_map(|id| id.text("")).collect()
    };
    let deltas = entries.iter().map(|entry| Delta {
        moment: entry.moment.clone(),
        come: ids(entry.value, "addedLabelIds"),
        gone: ids(entry.value, "removedLabelIds"),
    });
    let deltas = deltas.filter(|delta| !(delta.come.is_empty() && delta.gone.is_empty()));
    Course::new(ids(issue, "labelIds"), deltas.collect())
}

fn set(tale: &mut Tale, name: &str, fact: FactName, value: &str) {
    if let Some(value) = value_of(&fact, value) {
        tale.at_birth(name, fact, value);
    }
}

/// Linear's own words for its priorities; none is no value.
fn priority(sent: &Value) -> Option<&'static str> {
    match sent.text("")?.as_str() {
        "1" => Some("Urgent"),
        "2" => Some("High"),
        "3" => Some("Medium"),
        "4" => Some("Low"),
        _ => None,
    }
}
