//! From an artefact with the lists of its history to its events. Total: what cannot be used is
//! listed or read as "no value".

mod deployment;
mod facts;
mod label;
mod lifecycle;
mod mentions;
mod note;
mod standing;

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::facts::FactMap;
use super::super::record::Record;
use super::super::story::{Course, Delta, Moment, Story, Tale};
use super::ident::Ident;
use super::part::Part;
use super::query::Sort;
use crate::model::batch::StatusName;
use crate::model::event::Change;
use crate::model::time::Millis;
use lifecycle::State;
use note::{Coming, Note, Said};
use standing::{Standing, Step};

/// Seconds after a creation in which GitLab writes down what an artefact was created with.
const CREATION: i64 = 2;

/// An artefact as it was sent.
pub(crate) struct Detail {
    pub(super) ident: Ident,
    pub(super) row: Value,
    /// The lists of its history.
    pub(super) parts: BTreeMap<Part, Vec<Value>>,
    /// The server's clock then.
    pub(super) read: Option<Millis>,
}

impl Detail {
    fn part(&self, part: Part) -> &[Value] {
        self.parts.get(&part).map_or(&[], Vec::as_slice)
    }
}

/// What is needed to understand artefacts.
pub(super) struct Reader<'a> {
    /// Which field is which fact.
    pub(super) facts: &'a FactMap,
    /// What the names of labels begin with that are statuses.
    pub(super) status_label: Option<&'a str>,
    /// Whether `#12` alone means one issue.
    pub(super) is_of_one_project: bool,
}

/// The statuses that labels are whose names begin with `prefix`.
pub(super) fn statuses_of(labels: &[Value], prefix: &str) -> Vec<StatusName> {
    let labels = labels.iter().filter_map(label::Label::read);
    labels.filter_map(|label| label.status(prefix)).collect()
}

/// What an artefact came to.
pub(super) struct Told {
    pub(super) story: Story,
    /// The statuses it was in.
    pub(super) statuses: Vec<StatusName>,
}

impl Reader<'_> {
    /// The history of an artefact.
    pub(super) fn tell(&self, detail: &Detail) -> Told {
        let Detail {
            ident, row, read, ..
        } = detail;
        let noun = ident.sort.noun();
        let Some(born) = row.instant("created_at") else {
            let why = "it does not say when it was created";
            return Told {
                story: Tale::untold(&ident.to_string(), noun, why),
                statuses: Vec::new(),
            };
        };
        let mut tale = Tale::new(ident.to_string(), noun, born);
        let updated = row.instant("updated_at").unwrap_or(born);
        let statuses = match ident.sort {
            Sort::Deployment => deployment::tell(detail, updated, &mut tale),
            _ => self.work(detail, (born, updated), &mut tale),
        };
        self.plain(detail, &mut tale);
        links(detail, &mut tale);
        Told {
            story: tale.end(Some(updated), *read),
            statuses,
        }
    }

    /// The statuses and the facts with a history of an issue, a merge request or an epic.
    fn work(
        &self,
        detail: &Detail,
        (born, updated): (Millis, Millis),
        tale: &mut Tale,
    ) -> Vec<StatusName> {
        let notes = note::read(detail.part(Part::Notes));
        let labels = label::course(&detail.row, detail.part(Part::Labels), tale);
        let labels = labels.born_by(born.plus_secs(CREATION));
        let lifecycle = lifecycle::read(detail, &notes);
        let reviewers = people(&detail.row, "reviewers", &notes, Said::reviewers);
        let assignees = people(&detail.row, "assignees", &notes, Said::assignees);
        let mut steps: Vec<(Moment, Step)> = notes.iter().filter_map(Step::of_note).collect();
        steps.extend(of_course(&labels, Step::Labels));
        steps.extend(of_course(&reviewers, Step::Reviewers));
        steps.extend(state_steps(&lifecycle));
        let now = Standing::now(&detail.row, &labels, &reviewers, &steps);
        let start = Standing::start(&now, &labels, &reviewers, &notes);
        let status = |standing: &Standing| match detail.ident.sort {
            Sort::MergeRequest => standing.of_merge_request(),
            _ => standing.of_issue(self.status_label),
        };
        let (turns, mut statuses) = standing::turns(start, steps, &status);
        let last = status(&now);
        tale.statuses(Some(&last.id), &turns, updated);
        statuses.push(last);
        self.label_facts(&labels, tale);
        self.assignees(&assignees, tale);
        self.single_facts(detail, tale);
        outcome(detail, &lifecycle, born, tale);
        statuses
    }
}

fn of_course<T: Clone, S>(
    course: &Course<T>,
    step: fn(Vec<T>) -> S,
) -> impl Iterator<Item = (Moment, S)> {
    let steps = course.steps.iter();
    steps.map(move |(moment, held)| (moment.clone(), step(held.clone())))
}

fn state_steps(lifecycle: &[(Moment, State)]) -> impl Iterator<Item = (Moment, Step)> {
    let states = lifecycle.iter();
    states.map(|(moment, state)| (moment.clone(), Step::State(*state)))
}

/// User names that come and go by notes.
fn people(
    row: &Value,
    field: &str,
    notes: &[Note],
    said: fn(&Said) -> Option<Coming<'_>>,
) -> Course<String> {
    let now = row.list(field).iter();
    let now = now.filter_map(|person| person.text("username")).collect();
    let deltas = notes.iter().filter_map(|note| {
        let (come, gone) = said(&note.said)?;
        Some(Delta {
            moment: note.moment.clone(),
            come: come.to_vec(),
            gone: gone.to_vec(),
        })
    });
    Course::new(now, deltas.collect())
}

/// What an end means: an incident that is over, a reason for closing.
fn outcome(detail: &Detail, lifecycle: &[(Moment, State)], born: Millis, tale: &mut Tale) {
    let row = &detail.row;
    if row.text("issue_type").as_deref() == Some("incident") {
        let begin = Moment {
            id: "incident.created".to_owned(),
            at: born,
            seq: 1,
        };
        tale.happened(&begin, Change::IncidentOpened);
        for (moment, state) in lifecycle {
            let change = match state {
                State::Open => Change::IncidentOpened,
                State::Closed | State::Merged => Change::IncidentResolved,
            };
            tale.happened(&moment.of("incident"), change);
        }
    }
    let closed = lifecycle.iter().rfind(|(_, state)| *state == State::Closed);
    if let (Some((moment, _)), Some(reason)) = (closed, facts::resolution(row)) {
        let change = Change::Set {
            fact: crate::model::event::fact::RESOLUTION.into(),
            old: None,
            new: Some(reason.to_owned()),
        };
        tale.happened(&moment.of("resolution"), change);
    }
}

/// Ties to other artefacts.
fn links(detail: &Detail, tale: &mut Tale) {
    for link in detail.part(Part::Links) {
        let Some(to) = Ident::of(Sort::Issue, link, None) else {
            continue;
        };
        let kind = link.text("link_type");
        let kind = kind.unwrap_or_else(|| "relates_to".to_owned());
        match (
            link.number("issue_link_id"),
            link.instant("link_created_at"),
        ) {
            (Some(id), Some(at)) => {
                let moment = Moment::part(format!("link.{id}"), at, id, 0);
                let to = to.to_string();
                tale.happened(&moment, Change::Linked { kind, to });
            }
            _ => tale.tied(&kind, &to.to_string()),
        }
    }
    for (part, sort, kind) in [
        (Part::Closes, Sort::Issue, "closes"),
        (Part::Brought, Sort::MergeRequest, "deploys"),
    ] {
        let others = detail.part(part).iter();
        let mut others: Vec<String> = others
            .filter_map(|other| Ident::of(sort, other, None))
            .map(|other| other.to_string())
            .collect();
        others.sort();
        others.dedup();
        for other in others {
            tale.tied(kind, &other);
        }
    }
}

#[cfg(test)]
mod tests;
