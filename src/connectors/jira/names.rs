//! What is learned beside histories: names of statuses and values, which change, by their ids,
//! which do not; and ids of issues by their keys, which can change too.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::fields::{LINKS, Plan};
use super::json::{Json, Text};
use super::wire::{History, Issue, Side};
use super::{survey, values};
use crate::model::batch::StatusName;
use crate::model::infer::{Category, ToldStatus};

/// The field of an issue that is its status.
pub(super) const STATUS: &str = "status";

/// A status as it is called today.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Status {
    name: String,
    /// "To Do", "In Progress", "Done".
    category: Option<String>,
    /// What it is taken for.
    kind: Option<Category>,
}

impl Status {
    /// One of which no more is known.
    fn called(name: String) -> Self {
        Self {
            name,
            category: None,
            kind: None,
        }
    }
}

/// All that is known by now; the newest wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    statuses: FxHashMap<String, Status>,
    /// By field, and then by id.
    values: FxHashMap<String, FxHashMap<String, String>>,
    /// Ids of issues by key.
    issues: FxHashMap<String, String>,
    /// Keys that no issue has, or none that may be seen.
    strays: BTreeSet<String>,
}

impl Names {
    /// Takes in the list of statuses.
    pub(super) fn learn_statuses(&mut self, list: &[Value]) {
        for status in list {
            self.learn_status(&Json::from(status));
        }
    }

    fn learn_status(&mut self, status: &Json<'_>) {
        let text = |name| status.get(name).and_then(Json::scalar);
        let Some((id, name)) = text("id").zip(text("name")) else {
            return;
        };
        let of_category = |name| status.get("statusCategory")?.get(name)?.scalar();
        let category = of_category("name");
        let known = self.statuses.get(id.as_ref());
        if known.is_some_and(|known| {
            known.name == name && known.category.as_deref() == category.as_deref()
        }) {
            return;
        }
        let status = Status {
            name: name.into_owned(),
            category: category.map(Text::into_owned),
            kind: of_category("key").and_then(|key| survey::category(&key)),
        };
        self.statuses.insert(id.into_owned(), status);
    }

    /// Takes in all names that an issue tells as of now.
    pub(super) fn learn_issue(&mut self, issue: &Issue<'_>, plan: &Plan) {
        if let Some(status) = issue.field(STATUS) {
            self.learn_status(status);
        }
        for field in plan.fields() {
            if let Some(value) = issue.field(&field.id) {
                self.learn_values(&field.id, value);
            }
        }
        self.learn_key(issue.key.as_deref(), &issue.id);
        if let Some(parent) = issue.field("parent") {
            self.learn_other(parent);
        }
        if let Some(links) = issue.field(LINKS) {
            self.learn_links(links);
        }
    }

    /// Takes in the ids and keys of issues that another one is tied to.
    pub(super) fn learn_links(&mut self, links: &Json<'_>) {
        for link in links.list() {
            let others = ["outwardIssue", "inwardIssue"].map(|side| link.get(side));
            others
                .into_iter()
                .flatten()
                .for_each(|other| self.learn_other(other));
        }
    }

    fn learn_values(&mut self, field: &str, value: &Json<'_>) {
        values::each(value, &mut |side| {
            if let Some((id, name)) = side.id.zip(side.text) {
                self.learn_value(field, &id, &name);
            }
        });
    }

    fn learn_value(&mut self, field: &str, id: &str, name: &str) {
        let of_field = match self.values.get_mut(field) {
            Some(of_field) => of_field,
            None => self.values.entry(field.to_owned()).or_default(),
        };
        if of_field.get(id).is_none_or(|known| known != name) {
            of_field.insert(id.to_owned(), name.to_owned());
        }
    }

    /// Takes in the id and key of an issue that another one tells of.
    pub(super) fn learn_other(&mut self, issue: &Json<'_>) {
        if let Some(id) = issue.get("id").and_then(Json::scalar) {
            let key = issue.get("key").and_then(Json::scalar);
            self.learn_key(key.as_deref(), &id);
        }
    }

    /// Takes in the key of an issue.
    pub(super) fn learn_key(&mut self, key: Option<&str>, id: &str) {
        let Some(key) = key.filter(|key| self.issues.get(*key).is_none_or(|known| known != id))
        else {
            return;
        };
        self.strays.remove(key);
        self.issues.insert(key.to_owned(), id.to_owned());
    }

    /// Takes in the ids of all issues that `other` knows.
    pub(super) fn learn_keys(&mut self, other: Self) {
        self.issues.extend(other.issues);
    }

    /// Notes that a key was asked for in vain.
    pub(super) fn learn_stray(&mut self, key: &str) {
        if !self.issues.contains_key(key) {
            self.strays.insert(key.to_owned());
        }
    }

    /// Takes in names that statuses had when they were entered or left, of those that are not
    /// known otherwise: statuses that are deleted by now.
    pub(super) fn learn_past(&mut self, histories: &[History<'_>]) {
        let items = histories.iter().flat_map(|history| &history.items);
        for item in items.filter(|item| item.is_of(STATUS)) {
            for Side { id, text } in [&item.old, &item.new] {
                if let Some((id, name)) = id.as_deref().zip(text.as_deref())
                    && !self.statuses.contains_key(id)
                {
                    let past = Status::called(name.to_owned());
                    self.statuses.insert(id.to_owned(), past);
                }
            }
        }
    }

    /// The status a change tells of: its id, or the id of the status that is called so.
    pub(super) fn status_of(&self, side: &Side<'_>) -> Option<String> {
        let id = side.id.as_deref().or_else(|| {
            let name = side.text.as_deref()?;
            let called = self.statuses.iter();
            let called = called.filter(|(_, status)| status.name == name);
            let first = called.map(|(id, _)| id.as_str()).min();
            Some(first.unwrap_or(name))
        });
        id.map(str::to_owned)
    }

    /// What a value of a field is called today: by its id, or else as it was told.
    pub(super) fn call(&self, field: &str, id: Option<&str>, text: Option<&str>) -> Option<String> {
        let known = id.and_then(|id| self.values.get(field)?.get(id));
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
        let statuses = self.in_order().into_iter();
        let statuses = statuses.map(|(id, status)| StatusName {
            id: id.clone(),
            name: status.name.clone(),
        });
        statuses.collect()
    }

    /// By their ids.
    fn in_order(&self) -> Vec<(&String, &Status)> {
        let mut statuses: Vec<(&String, &Status)> = self.statuses.iter().collect();
        statuses.sort_unstable_by_key(|(id, _)| *id);
        statuses
    }

    /// What the site takes its statuses for; those of which it says nothing are left out.
    pub(super) fn told(&self) -> Vec<ToldStatus> {
        let statuses = self.in_order().into_iter();
        let categorised = statuses.filter(|(_, status)| status.kind.is_some());
        let told = categorised.map(|(_, status)| ToldStatus {
            name: status.name.clone(),
            category: status.kind,
        });
        told.collect()
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
