//! Names for the ids that journals carry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::wire::{Issue, Journal, Named};
use crate::model::batch::StatusName;

/// What an id can be the id of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Status,
    Tracker,
    Priority,
    Project,
    User,
    Category,
    Version,
    CustomField,
}

impl Sort {
    /// What to call one of which nothing but the id is known.
    fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Tracker => "tracker",
            Self::Priority => "priority",
            Self::Project => "project",
            Self::User => "user",
            Self::Category => "category",
            Self::Version => "version",
            Self::CustomField => "field",
        }
    }
}

/// Fields of an issue that tell a name.
const TOLD: [(&str, Sort); 8] = [
    ("status", Sort::Status),
    ("tracker", Sort::Tracker),
    ("priority", Sort::Priority),
    ("project", Sort::Project),
    ("author", Sort::User),
    ("assigned_to", Sort::User),
    ("category", Sort::Category),
    ("fixed_version", Sort::Version),
];

/// Names by what they name and its id; the newest wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    known: BTreeMap<(Sort, u64), String>,
}

impl Names {
    /// Takes a name in.
    pub(super) fn learn(&mut self, sort: Sort, named: Named) {
        if let Some(name) = named.name {
            self.known.insert((sort, named.id), name);
        }
    }

    /// Takes in a list of things with names, as Redmine sends it.
    pub(super) fn learn_all(&mut self, sort: Sort, list: &[Value]) {
        for named in list.iter().filter_map(Named::read) {
            self.learn(sort, named);
        }
    }

    /// Takes in all names that an issue tells.
    pub(super) fn learn_issue(&mut self, issue: &Issue) {
        for (field, sort) in TOLD {
            if let Some(named) = issue.named(field) {
                self.learn(sort, named);
            }
        }
        self.learn_all(Sort::CustomField, issue.list("custom_fields"));
        let journals = issue.list("journals").iter().filter_map(Journal::read);
        for user in journals.filter_map(|journal| journal.user) {
            self.learn(Sort::User, user);
        }
    }

    /// Whether the name of something is known.
    pub(super) fn knows(&self, sort: Sort, id: u64) -> bool {
        self.known.contains_key(&(sort, id))
    }

    /// The name of something, if it is known.
    pub(super) fn get(&self, sort: Sort, id: u64) -> Option<&str> {
        self.known.get(&(sort, id)).map(String::as_str)
    }

    /// What to call the thing with the id `raw`: its name, "user 5" if that is not known.
    pub(super) fn call(&self, sort: Sort, raw: &str) -> String {
        let known = raw.parse().ok().and_then(|id| self.get(sort, id));
        known.map_or_else(|| format!("{} {raw}", sort.word()), str::to_owned)
    }

    /// All statuses with their names.
    pub(super) fn statuses(&self) -> Vec<StatusName> {
        self.known
            .iter()
            .filter(|((sort, _), _)| *sort == Sort::Status)
            .map(|((_, id), name)| StatusName {
                id: id.to_string(),
                name: name.clone(),
            })
            .collect()
    }
}
