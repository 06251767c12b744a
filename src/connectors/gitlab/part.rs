//! The lists that together tell the history of one artefact.

use serde_json::Value;

use super::super::record::Record;
use super::query::Sort;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Labels,
    States,
    Notes,
    Milestones,
    Iterations,
    Weights,
    Links,
    /// Issues that a merge request closes.
    Closes,
    /// Merge requests that a deployment brought.
    Brought,
}

impl Part {
    /// Those that a query can do without.
    pub(super) const OPTIONAL: [Self; 6] = [
        Self::Notes,
        Self::Milestones,
        Self::Iterations,
        Self::Weights,
        Self::Links,
        Self::Closes,
    ];

    /// Its name in a query.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::States => "states",
            Self::Notes => "notes",
            Self::Milestones => "milestones",
            Self::Iterations => "iterations",
            Self::Weights => "weights",
            Self::Links => "links",
            Self::Closes => "closes",
            Self::Brought => "merge-requests",
        }
    }

    /// What it is called in the API, below the artefact.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Labels => "resource_label_events",
            Self::States => "resource_state_events",
            Self::Notes => "notes",
            Self::Milestones => "resource_milestone_events",
            Self::Iterations => "resource_iteration_events",
            Self::Weights => "resource_weight_events",
            Self::Links => "links",
            Self::Closes => "closes_issues",
            Self::Brought => "merge_requests",
        }
    }

    /// Whether a GitLab may be without it, by its version or its tier.
    pub(super) fn may_lack(self) -> bool {
        !matches!(self, Self::Labels | Self::States | Self::Notes)
    }

    /// Those that an artefact has, as its row tells.
    pub(super) fn of(sort: Sort, row: &Value) -> Vec<Self> {
        match sort {
            Sort::Issue => of_issue(row),
            Sort::MergeRequest => vec![
                Self::Labels,
                Self::States,
                Self::Notes,
                Self::Milestones,
                Self::Closes,
            ],
            Sort::Epic => vec![Self::Labels, Self::States],
            Sort::Deployment if row.text("status").as_deref() == Some("success") => {
                vec![Self::Brought]
            }
            Sort::Deployment => Vec::new(),
        }
    }
}

/// Only the tiers that have iterations and weights send them, be it as null.
fn of_issue(row: &Value) -> Vec<Part> {
    let mut parts = vec![
        Part::Labels,
        Part::States,
        Part::Notes,
        Part::Milestones,
        Part::Links,
    ];
    if row.get("iteration").is_some() {
        parts.push(Part::Iterations);
    }
    if row.get("weight").is_some() {
        parts.push(Part::Weights);
    }
    parts
}
