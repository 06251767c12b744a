//! Labels through time.

use serde_json::Value;

use super::super::super::record::{Record, scalar};
use super::super::super::story::{Course, Delta, Moment, Tale};
use crate::model::batch::StatusName;

/// A label; two of one name are the same, be one of them sent without its id.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) id: Option<u64>,
    pub(super) name: String,
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Label {
    /// Lists have labels whole or, without details, by their names.
    pub(super) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: value.number("id"),
            name: scalar(value).or_else(|| value.text("name"))?,
        })
    }

    /// The status it is, if its name begins with `prefix`: what follows.
    pub(super) fn status(&self, prefix: &str) -> Option<StatusName> {
        let name = self.name.strip_prefix(prefix)?.trim().to_owned();
        let id = self.id.map(|id| format!("label.{id}"));
        Some(StatusName {
            id: id.unwrap_or_else(|| self.name.clone()),
            name,
        })
    }

    /// What stands before the last `::`, with it: `workflow::` of `workflow::review`.
    pub(super) fn scope(&self) -> Option<&str> {
        let at = self.name.rfind("::")?;
        self.name.get(..at + 2)
    }
}

/// The labels of an artefact by its present ones and their events.
pub(super) fn course(row: &Value, events: &[Value], tale: &mut Tale) -> Course<Label> {
    let now = row.list("labels").iter().filter_map(Label::read).collect();
    let mut nameless = 0;
    let mut deltas = Vec::new();
    for event in events {
        let (Some(id), Some(at)) = (event.number("id"), event.instant("created_at")) else {
            tale.odd("a change of its labels has no id or no time");
            continue;
        };
        let Some(label) = Label::read(event.at("label")) else {
            nameless += 1;
            continue;
        };
        let (mut come, mut gone) = (Vec::new(), Vec::new());
        match event.text("action").as_deref() {
            Some("remove") => gone.push(label),
            _ => come.push(label),
        }
        deltas.push(Delta {
            moment: Moment::part(format!("label.{id}"), at, id, 0),
            come,
            gone,
        });
    }
    if nameless > 0 {
        tale.odd(format!(
            "{nameless} changes are of labels that were deleted since, which GitLab does not name"
        ));
    }
    Course::new(now, deltas)
}
