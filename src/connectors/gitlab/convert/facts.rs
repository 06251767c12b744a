//! Which field of GitLab's is which fact.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::super::facts::value_of;
use super::super::super::record::{Record, scalar};
use super::super::super::story::{Course, Moment, Tale, Turn, joined};
use super::super::part::Part;
use super::super::query::Sort;
use super::label::Label;
use super::{Detail, Reader, mentions};
use crate::model::event::{FactName, fact};

/// The branch that is merged.
const BRANCH: &str = "branch";

/// Keys of other items that title, branch and description name.
const MENTIONS: &str = "mentions";

/// Fields without a history: where they are, their names in the config, and the facts they are
/// where the config says nothing else.
const PLAIN: [(&str, &str, Option<&str>); 14] = [
    ("title", "title", Some(fact::TITLE)),
    ("web_url", "web_url", Some(fact::URL)),
    ("due_date", "due_date", Some(fact::DUE)),
    ("source_branch", "source_branch", Some(BRANCH)),
    ("target_branch", "target_branch", None),
    ("author.username", "author", None),
    ("health_status", "health_status", None),
    ("severity", "severity", None),
    ("confidential", "confidential", None),
    ("time_stats.time_estimate", "time_estimate", None),
    ("time_stats.total_time_spent", "time_spent", None),
    ("user_notes_count", "comments", None),
    ("environment.name", "environment", Some("environment")),
    ("environment.tier", "environment_tier", None),
];

/// Lists that tell a field of one value: the field, what of an entry is its value, and its fact.
const SINGLE: [(Part, &str, &str, &str); 3] = [
    (Part::Milestones, "milestone", "milestone", "milestone"),
    (Part::Iterations, "iteration", "iteration", "iteration"),
    (Part::Weights, "weight", "weight", fact::ESTIMATE),
];

impl Reader<'_> {
    /// Facts that hold from the start, as far as one knows.
    pub(super) fn plain(&self, detail: &Detail, tale: &mut Tale) {
        let Detail { ident, row, .. } = detail;
        tale.at_birth("type", fact::TYPE.into(), type_of(ident.sort, row));
        if let Some(key) = self.key(ident.sort, row) {
            tale.at_birth("key", fact::KEY.into(), key);
        }
        for (path, name, usual) in PLAIN {
            let fact = self.facts.of(&[name], usual);
            if let (Some(fact), Some(value)) = (fact, row.text(path)) {
                set(tale, name, fact, &value);
            }
        }
        let whole = [
            ("project", fact::PROJECT, project(row)),
            ("parent", fact::PARENT, parent(row)),
            ("sha", "sha", sha(row)),
            (MENTIONS, MENTIONS, self.mentions(detail)),
        ];
        for (name, usual, value) in whole {
            let fact = self.facts.of(&[name], Some(usual));
            if let (Some(fact), Some(value)) = (fact, value) {
                set(tale, name, fact, &value);
            }
        }
    }

    fn key(&self, sort: Sort, row: &Value) -> Option<String> {
        if sort == Sort::Deployment {
            return None;
        }
        let short = row
            .text("references.short")
            .filter(|_| self.is_of_one_project);
        let plain = || Some(format!("{}{}", mark(sort), row.number("iid")?));
        short.or_else(|| row.text("references.full")).or_else(plain)
    }

    fn mentions(&self, detail: &Detail) -> Option<String> {
        let Detail { ident, row, .. } = detail;
        if ident.sort != Sort::MergeRequest {
            return None;
        }
        let mut found = BTreeSet::new();
        let branch = row.text("source_branch").unwrap_or_default();
        found.extend(mentions::of_branch(&branch));
        for text in [row.text("title"), row.text("description"), Some(branch)] {
            found.extend(mentions::in_text(&text.unwrap_or_default()));
        }
        // A tracker other than GitLab's own has keys in place of ids.
        let elsewhere = detail.part(Part::Closes).iter();
        let elsewhere = elsewhere.filter(|issue| issue.get("iid").is_none());
        found.extend(elsewhere.filter_map(|issue| issue.text("id")));
        let project = project(row).filter(|_| !self.is_of_one_project);
        let named = found.into_iter().map(|key| match &project {
            Some(project) if key.starts_with('#') => format!("{project}{key}"),
            _ => key,
        });
        joined(named.collect())
    }

    /// The labels, and the facts that scoped labels are by the config.
    pub(super) fn label_facts(&self, labels: &Course<Label>, tale: &mut Tale) {
        let all = |held: &[Label]| joined(held.iter().map(|label| label.name.clone()).collect());
        if let Some(fact) = self.facts.of(&["labels"], Some(fact::LABEL)) {
            tale.course_of("labels", &fact, labels.told(all));
        }
        let scopes: BTreeSet<&str> = labels.ever().filter_map(Label::scope).collect();
        for scope in scopes {
            let behind = |label: &Label| label.name.strip_prefix(scope).map(str::to_owned);
            self.label_fact(labels, scope, behind, tale);
        }
        let names: BTreeSet<&str> = labels.ever().map(|label| label.name.as_str()).collect();
        for name in names {
            let whole = |label: &Label| (label.name == name).then(|| name.to_owned());
            self.label_fact(labels, &format!("label:{name}"), whole, tale);
        }
    }

    /// The fact that the config makes of some labels, by the one that came last.
    fn label_fact(
        &self,
        labels: &Course<Label>,
        field: &str,
        value: impl Fn(&Label) -> Option<String>,
        tale: &mut Tale,
    ) {
        let Some(fact) = self.facts.of(&[field], None) else {
            return;
        };
        let told = labels.told(|held| {
            let last = held.iter().rev().find_map(&value)?;
            value_of(&fact, last.trim())
        });
        tale.course_of(field, &fact, told);
    }

    /// Who is responsible, by user name.
    pub(super) fn assignees(&self, assignees: &Course<String>, tale: &mut Tale) {
        let all = |held: &[String]| {
            let mut names = held.to_vec();
            names.sort();
            (!names.is_empty()).then(|| names.join(", "))
        };
        if let Some(fact) = self.facts.of(&["assignees"], Some(fact::ASSIGNEE)) {
            tale.course_of("assignees", &fact, assignees.told(all));
        }
    }

    /// Fields of one value with a list of their changes.
    pub(super) fn single_facts(&self, detail: &Detail, tale: &mut Tale) {
        for (part, field, path, usual) in SINGLE {
            let Some(fact) = self.facts.of(&[field], Some(usual)) else {
                continue;
            };
            let now = title(detail.row.at(path));
            let turns = single(detail.part(part), path);
            let first = turns.first().map_or(now, |turn| turn.old.clone());
            tale.course_of(field, &fact, (first, turns));
        }
    }
}

fn set(tale: &mut Tale, name: &str, fact: FactName, value: &str) {
    if let Some(value) = value_of(&fact, value) {
        tale.at_birth(name, fact, value);
    }
}

/// The turns of a field of one value. In one instant the old value goes and the new one comes, in
/// either order.
fn single(events: &[Value], path: &str) -> Vec<Turn> {
    let mut events: Vec<_> = events
        .iter()
        .filter_map(|event| read(event, path))
        .collect();
    events.sort_by_key(|(moment, ..)| (moment.at, moment.seq));
    let mut turns: Vec<Turn> = Vec::new();
    for (moment, gone, come) in events {
        let before = turns.last().and_then(|turn| turn.new.clone());
        match turns.last_mut() {
            Some(turn) if turn.moment.at == moment.at => {
                turn.old = turn.old.take().or(gone);
                turn.new = come.or(turn.new.take());
                turn.moment = moment;
            }
            Some(_) => turns.push(Turn {
                moment,
                old: before,
                new: come,
            }),
            None => turns.push(Turn {
                moment,
                old: gone,
                new: come,
            }),
        }
    }
    turns
}

/// A change, what went by it and what came.
fn read(event: &Value, path: &str) -> Option<(Moment, Option<String>, Option<String>)> {
    let (id, at) = (event.number("id")?, event.instant("created_at")?);
    let value = title(event.at(path));
    let moment = Moment::part(id.to_string(), at, id, 0);
    Some(match event.text("action").as_deref() {
        Some("remove") => (moment, value, None),
        _ => (moment, None, value),
    })
}

/// A thing's title; an iteration without one is called by its dates.
fn title(value: &Value) -> Option<String> {
    let dates = || {
        let (start, due) = (value.text("start_date")?, value.text("due_date")?);
        Some(format!("{start} to {due}"))
    };
    scalar(value).or_else(|| value.text("title")).or_else(dates)
}

fn type_of(sort: Sort, row: &Value) -> String {
    let told = row.text("issue_type").filter(|_| sort == Sort::Issue);
    told.map_or_else(
        || sort.noun().to_owned(),
        |told| told.to_lowercase().replace('_', " "),
    )
}

fn mark(sort: Sort) -> char {
    match sort {
        Sort::MergeRequest => '!',
        Sort::Epic => '&',
        Sort::Issue | Sort::Deployment => '#',
    }
}

/// The path before the mark in `group/app#12`.
fn project(row: &Value) -> Option<String> {
    let full = row.text("references.full")?;
    let (path, _) = full.rsplit_once(['#', '!', '&'])?;
    (!path.is_empty()).then(|| path.to_owned())
}

/// The epic above.
fn parent(row: &Value) -> Option<String> {
    if let (Some(group), Some(number)) = (row.number("epic.group_id"), row.number("epic.iid")) {
        return Some(format!("epic/{group}/{number}"));
    }
    let above = row.text("_links.parent")?;
    let (_, below) = above.split_once("/groups/")?;
    let (group, number) = below.split_once("/epics/")?;
    Some(format!("epic/{group}/{number}"))
}

/// The commit that came of it.
fn sha(row: &Value) -> Option<String> {
    let commits = ["merge_commit_sha", "squash_commit_sha", "sha"];
    commits.iter().find_map(|field| row.text(field))
}

/// Why it was closed, where GitLab tells.
pub(super) fn resolution(row: &Value) -> Option<&'static str> {
    if row.text("moved_to_id").is_some() {
        return Some("moved");
    }
    row.text("_links.closed_as_duplicate_of")
        .map(|_| "duplicate")
}
