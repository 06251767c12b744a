//! Statuses out of all that decides them: state, labels, draft, reviews, approvals.

use serde_json::Value;

use super::super::super::record::Record;
use super::super::super::story::{Course, Moment, Turn};
use super::label::Label;
use super::lifecycle::State;
use super::note::{Note, Said};
use crate::model::batch::StatusName;

/// An open issue without a label that is a status.
const OPENED: &str = "opened";

/// How finished the author takes a merge request to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maturity {
    Draft,
    Ready,
}

/// Where an artefact stands.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    state: State,
    labels: Vec<Label>,
    maturity: Maturity,
    reviewers: Vec<String>,
    approved_by: Vec<String>,
}

/// What changes it.
#[derive(Clone, Debug)]
pub(super) enum Step {
    State(State),
    Labels(Vec<Label>),
    Maturity(Maturity),
    Reviewers(Vec<String>),
    Approved(String),
    Disapproved(String),
    Reset,
}

impl Step {
    /// What a note changes by itself.
    pub(super) fn of_note(note: &Note) -> Option<(Moment, Self)> {
        let step = match &note.said {
            Said::Approved(who) => Self::Approved(who.clone()),
            Said::Disapproved(who) => Self::Disapproved(who.clone()),
            Said::Reset => Self::Reset,
            Said::Draft => Self::Maturity(Maturity::Draft),
            Said::Ready => Self::Maturity(Maturity::Ready),
            Said::Assigned { .. } | Said::Asked { .. } | Said::State(_) => return None,
        };
        Some((note.moment.clone(), step))
    }
}

impl Standing {
    /// Where it stands by its row; approvals are in notes only.
    pub(super) fn now(
        row: &Value,
        labels: &Course<Label>,
        reviewers: &Course<String>,
        steps: &[(Moment, Step)],
    ) -> Self {
        let is_draft = row.is("draft") || row.is("work_in_progress");
        let mut now = Self {
            state: State::now(row),
            labels: last(labels),
            maturity: if is_draft {
                Maturity::Draft
            } else {
                Maturity::Ready
            },
            reviewers: last(reviewers),
            approved_by: Vec::new(),
        };
        for (_, step) in steps {
            if matches!(step, Step::Approved(_) | Step::Disapproved(_) | Step::Reset) {
                now.take(step);
            }
        }
        now
    }

    /// Where it stood when it was created: a first change of the draft tells what it was before.
    pub(super) fn start(
        now: &Self,
        labels: &Course<Label>,
        reviewers: &Course<String>,
        notes: &[Note],
    ) -> Self {
        let toggled = notes.iter().find_map(|note| match note.said {
            Said::Draft => Some(Maturity::Ready),
            Said::Ready => Some(Maturity::Draft),
            _ => None,
        });
        Self {
            state: State::Open,
            labels: labels.start.clone(),
            maturity: toggled.unwrap_or(now.maturity),
            reviewers: reviewers.start.clone(),
            approved_by: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::State(state) => self.state = *state,
            Step::Labels(labels) => self.labels.clone_from(labels),
            Step::Maturity(maturity) => self.maturity = *maturity,
            Step::Reviewers(reviewers) => self.reviewers.clone_from(reviewers),
            Step::Approved(who) => {
                self.approved_by.retain(|one| one != who);
                self.approved_by.push(who.clone());
            }
            Step::Disapproved(who) => self.approved_by.retain(|one| one != who),
            Step::Reset => self.approved_by.clear(),
        }
    }

    /// The status of a merge request.
    pub(super) fn of_merge_request(&self) -> StatusName {
        plain(match (self.state, self.maturity) {
            (State::Merged, _) => "merged",
            (State::Closed, _) => "closed",
            (State::Open, Maturity::Draft) => "draft",
            (State::Open, Maturity::Ready) if !self.approved_by.is_empty() => "approved",
            (State::Open, Maturity::Ready) if !self.reviewers.is_empty() => "review",
            (State::Open, Maturity::Ready) => "open",
        })
    }

    /// The status of an issue or an epic: while it is open, the label that came last of those whose
    /// names begin with `prefix`.
    pub(super) fn of_issue(&self, prefix: Option<&str>) -> StatusName {
        if self.state != State::Open {
            return plain("closed");
        }
        let labels = self.labels.iter().rev();
        let mut labelled = labels.filter_map(|label| label.status(prefix?));
        labelled.next().unwrap_or_else(|| plain(OPENED))
    }
}

fn last<T: Clone>(course: &Course<T>) -> Vec<T> {
    let last = course.steps.last().map(|(_, held)| held);
    last.unwrap_or(&course.start).clone()
}

fn plain(name: &str) -> StatusName {
    StatusName {
        id: name.to_owned(),
        name: name.to_owned(),
    }
}

/// The moves that `steps` make, and all statuses met. Where one label goes before the next comes in
/// the same instant, there is nothing between them.
pub(super) fn turns(
    mut standing: Standing,
    mut steps: Vec<(Moment, Step)>,
    status: &impl Fn(&Standing) -> StatusName,
) -> (Vec<Turn>, Vec<StatusName>) {
    steps.sort_by_key(|(moment, _)| (moment.at, moment.seq));
    let mut met = vec![status(&standing)];
    let mut turns = Vec::new();
    let mut steps = steps.into_iter().peekable();
    while let Some((moment, step)) = steps.next() {
        standing.take(&step);
        let new = status(&standing);
        let goes_on =
            new.id == OPENED && steps.peek().is_some_and(|(next, _)| next.at == moment.at);
        let old = met.last().map(|status| status.id.clone());
        if goes_on || old.as_ref() == Some(&new.id) {
            continue;
        }
        turns.push(Turn {
            moment: moment.of("status"),
            old,
            new: Some(new.id.clone()),
        });
        met.push(new);
    }
    (turns, met)
}
