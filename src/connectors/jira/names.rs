//! What is learned beside histories: names of statuses and values, which change, by their ids,
//! which do not; and ids of issues by their keys, which can change too.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::fields::Plan;
use super::values;
use super::wire::{History, Issue, Side, scalar};
use crate::model::batch::StatusName;

/// The field of an issue that is its status.
pub(super) const STATUS: &str = "status";

/// A status as it is called today.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Status {
    name: String,
    /// "To Do", "In Progress", "Done".
    category: Option<String>,
}

/// All that is known by now; the newest wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    statuses: BTreeMap<String, Status>,
    /// By field and id.
    values: BTreeMap<(String, String), String>,
    /// Ids of issues by key.
    issues: BTreeMap<String, String>,
    /// Keys that no issue has, or none that may be seen.
    strays: BTreeSet<String>,
}

impl Names {
    /// Takes in the list of statuses.
    pub(super) fn learn_statuses(&mut self, list: &[Value]) {
        for status in list {
            self.learn_status(status);
        }
    }

    fn learn_status(&mut self, status: &Value) {
        let text = |value: &Value, name| value.get(name).and_then(scalar);
        let Some((id, name)) = text(status, "id").zip(text(status, "name")) else {
            return;
        };
        let category = status.get("statusCategory");
        let category = category.and_then(|category| text(category, "name"));
        self.statuses.insert(id, Status { name, category });
    }

    /// Takes in all names that an issue tells as of now.
    pub(super) fn learn_issue(&mut self, issue: &Issue, plan: &Plan) {
        if let Some(status) = issue.field(STATUS) {
            self.learn_status(status);
        }
        for field in plan.fields() {
            for (id, name) in issue
                .field(&field.id)
                .map(values::named)
                .unwrap_or_default()
            {
                self.values.insert((field.id.clone(), id), name);
            }
        }
        self.learn_key(issue.key.clone(), &issue.id);
        if let Some(parent) = issue.field("parent") {
            self.learn_other(parent);
        }
        for link in issue.list("issuelinks") {
            let others = ["outwardIssue", "inwardIssue"].map(|side| link.get(side));
            others
                .into_iter()
                .flatten()
                .for_each(|other| self.learn_other(other));
        }
    }

    fn learn_other(&mut self, issue: &Value) {
        if let Some(id) = issue.get("id").and_then(scalar) {
            self.learn_key(issue.get("key").and_then(scalar), &id);
        }
    }

    /// Takes in the key of an issue.
    pub(super) fn learn_key(&mut self, key: Option<String>, id: &str) {
        if let Some(key) = key {
            self.strays.remove(&key);
            self.issues.insert(key, id.to_owned());
        }
    }

    /// Notes that a key was asked for in vain.
    pub(super) fn learn_stray(&mut self, key: &str) {
        if !self.issues.contains_key(key) {
            self.strays.insert(key.to_owned());
        }
    }

    /// Takes in names that statuses had when they were entered or left, of those that are not
    /// known otherwise: statuses that are deleted by now.
    pub(super) fn learn_past(&mut self, histories: &[History]) {
        let items = histories.iter().flat_map(|history| &history.items);
        for item in items.filter(|item| item.is_of(STATUS)) {
            for Side { id, text } in [&item.old, &item.new] {
                if let Some((id, name)) = id.clone().zip(text.clone()) {
                    let category = None;
                    let past = Status { name, category };
                    self.statuses.entry(id).or_insert(past);
                }
            }
        }
    }

    /// The status a change tells of: its id, or the id of the status that is called so.
    pub(super) fn status_of(&self, side: &Side) -> Option<String> {
        side.id.clone().or_else(|| {
            let name = side.text.as_ref()?;
            let mut known = self.statuses.iter();
            let found = known.find(|(_, status)| status.name == *name);
            Some(found.map_or_else(|| name.clone(), |(id, _)| id.clone()))
        })
    }

    /// What a value of a field is called today: by its id, or else as it was told.
    pub(super) fn call(&self, field: &str, id: Option<&str>, text: Option<&str>) -> Option<String> {
        let known = id.and_then(|id| self.values.get(&(field.to_owned(), id.to_owned())));
        known.map(String::as_str).or(text).or(id).map(str::to_owned)
    }

    /// The id of the issue with a key; the key itself where it is not known.
    pub(super) fn issue(&self, key: &str) -> String {
        self.issues
            .get(key)
            .cloned()
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether there is no telling which issue has a key, and nobody was asked yet.
    pub(super) fn wonders_at(&self, key: &str) -> bool {
        !self.issues.contains_key(key) && !self.strays.contains(key)
    }

    /// All statuses with their names.
    pub(super) fn statuses(&self) -> Vec<StatusName> {
        let statuses = self.statuses.iter().map(|(id, status)| StatusName {
            id: id.clone(),
            name: status.name.clone(),
        });
        statuses.collect()
    }

    /// The name of a status; its id where it has none.
    pub(super) fn status(&self, id: &str) -> String {
        let known = self.statuses.get(id);
        known.map_or_else(|| id.to_owned(), |status| status.name.clone())
    }

    /// All statuses as people may read them: "Review (In Progress)", each once.
    pub(super) fn statuses_with_categories(&self) -> BTreeSet<String> {
        let told = self.statuses.values().map(|status| match &status.category {
            Some(category) => format!("{} ({category})", status.name),
            None => status.name.clone(),
        });
        told.collect()
    }
}
