//! Names of what histories have by id.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::record::Record;
use crate::model::batch::StatusName;

/// A label, and the group it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) group: Option<String>,
}

/// All names known, by id.
#[derive(Debug, Default)]
pub(super) struct Names {
    states: BTreeMap<String, String>,
    teams: BTreeMap<String, String>,
    labels: BTreeMap<String, Label>,
}

impl Names {
    /// Learns a status, and with it its team.
    pub(super) fn learn_state(&mut self, state: &Value) {
        if let (Some(id), Some(name)) = (state.text("id"), state.text("name")) {
            self.states.insert(id, name);
        }
        self.learn_team(state.at("team"));
    }

    /// Learns a team.
    pub(super) fn learn_team(&mut self, team: &Value) {
        if let (Some(id), Some(name)) = (team.text("id"), team.text("name")) {
            self.teams.insert(id, name);
        }
    }

    /// Learns a label.
    pub(super) fn learn_label(&mut self, label: &Value) {
        if let (Some(id), Some(name)) = (label.text("id"), label.text("name")) {
            let group = label.text("parent.name");
            self.labels.insert(id, Label { name, group });
        }
    }

    /// The team's name; its id if it has none that is known.
    pub(super) fn team(&self, id: String) -> String {
        self.teams.get(&id).cloned().unwrap_or(id)
    }

    /// The label, if it is known.
    pub(super) fn label(&self, id: &str) -> Option<&Label> {
        self.labels.get(id)
    }

    /// All statuses.
    pub(super) fn statuses(&self) -> Vec<StatusName> {
        let states = self.states.iter();
        states
            .map(|(id, name)| StatusName {
                id: id.clone(),
                name: name.clone(),
            })
            .collect()
    }
}
