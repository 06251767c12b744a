//! Which field of a work item is which fact.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::facts::{FactMap, value_of};
use super::super::record::{Record, scalar};
use super::super::story::joined;
use super::query::StatusBy;
use crate::model::event::{FactName, fact};

/// The state.
pub(super) const STATE: &str = "System.State";
/// The column of the board of the team that owns the item.
pub(super) const COLUMN: &str = "System.BoardColumn";
/// Whether it stands in the second half of a column that is split in two.
const COLUMN_DONE: &str = "System.BoardColumnDone";
/// When it was last changed.
pub(super) const CHANGED: &str = "System.ChangedDate";
/// When it was created.
pub(super) const CREATED: &str = "System.CreatedDate";
/// Its title.
pub(super) const TITLE: &str = "System.Title";

/// How a field's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    /// Text, a number, a person.
    One,
    /// Several, with semicolons between them.
    Tags,
    /// An instant of which only the day counts.
    Day,
}

/// Fields that have a meaning without the config saying so: reference name, name on the screen,
/// how it is written, the fact it usually is.
const STANDARD: [(&str, &str, Values, Option<&str>); 19] = [
    (
        "System.WorkItemType",
        "Work Item Type",
        Values::One,
        Some(fact::TYPE),
    ),
    (
        "System.TeamProject",
        "Team Project",
        Values::One,
        Some(fact::PROJECT),
    ),
    (
        "System.AreaPath",
        "Area Path",
        Values::One,
        Some(fact::TEAM),
    ),
    (
        "System.IterationPath",
        "Iteration Path",
        Values::One,
        Some("iteration"),
    ),
    (TITLE, "Title", Values::One, Some(fact::TITLE)),
    (
        "System.AssignedTo",
        "Assigned To",
        Values::One,
        Some(fact::ASSIGNEE),
    ),
    ("System.Tags", "Tags", Values::Tags, Some(fact::LABEL)),
    ("System.Reason", "Reason", Values::One, Some("reason")),
    (
        "Microsoft.VSTS.Common.ResolvedReason",
        "Resolved Reason",
        Values::One,
        Some(fact::RESOLUTION),
    ),
    (
        "Microsoft.VSTS.Common.Priority",
        "Priority",
        Values::One,
        Some(fact::PRIORITY),
    ),
    (
        "Microsoft.VSTS.Common.Severity",
        "Severity",
        Values::One,
        Some("severity"),
    ),
    (
        "Microsoft.VSTS.Common.StackRank",
        "Stack Rank",
        Values::One,
        Some(fact::RANK),
    ),
    (
        "Microsoft.VSTS.Common.BacklogPriority",
        "Backlog Priority",
        Values::One,
        Some(fact::RANK),
    ),
    (
        "Microsoft.VSTS.Scheduling.StoryPoints",
        "Story Points",
        Values::One,
        Some(fact::ESTIMATE),
    ),
    (
        "Microsoft.VSTS.Scheduling.Effort",
        "Effort",
        Values::One,
        Some(fact::ESTIMATE),
    ),
    (
        "Microsoft.VSTS.Scheduling.Size",
        "Size",
        Values::One,
        Some(fact::ESTIMATE),
    ),
    (
        "Microsoft.VSTS.Scheduling.DueDate",
        "Due Date",
        Values::Day,
        Some(fact::DUE),
    ),
    (
        "Microsoft.VSTS.Scheduling.TargetDate",
        "Target Date",
        Values::Day,
        None,
    ),
    (
        "Microsoft.VSTS.CMMI.Blocked",
        "Blocked",
        Values::One,
        Some(fact::FLAGGED),
    ),
];

/// A field that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Its reference name, unique in the organization.
    pub(super) reference: String,
    /// The fact it is; none for what only the status is told by.
    pub(super) fact: Option<FactName>,
    values: Values,
}

impl Field {
    /// A value as it is sent, as weir keeps it.
    pub(super) fn value(&self, sent: &Value) -> Option<String> {
        let text = person(sent).or_else(|| scalar(sent))?;
        match self.values {
            Values::One => value_of(self.fact.as_deref().unwrap_or_default(), &text),
            Values::Tags => joined(
                text.split(';')
                    .map(str::trim)
                    .filter(|tag| !tag.is_empty())
                    .map(str::to_owned)
                    .collect(),
            ),
            Values::Day => Some(text.split('T').next().unwrap_or(&text).to_owned()),
        }
    }
}

/// The name of a person, sent as a record or as `Ann Miller <ann@example.org>`.
fn person(sent: &Value) -> Option<String> {
    if let Some(text) = sent.as_str() {
        let (name, rest) = text.split_once(" <")?;
        return (rest.ends_with('>') && rest.contains('@')).then(|| name.trim().to_owned());
    }
    sent.text("displayName").or_else(|| sent.text("uniqueName"))
}

/// The fields that are wanted, in an order that histories refer to.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Them.
    pub(super) wanted: Vec<Field>,
    places: BTreeMap<String, usize>,
    /// Places of what tells the status.
    pub(super) status: StatusFields,
}

/// Places of the fields that tell the status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StatusFields {
    pub(super) state: usize,
    /// The column, and whether it stands in its second half.
    pub(super) column: Option<(usize, usize)>,
}

impl Fields {
    /// Those that the config and weir itself ask for; `names` are the reference names of fields by
    /// their names on the screen, in small letters.
    pub(super) fn new(
        chosen: &BTreeMap<String, String>,
        names: &BTreeMap<String, String>,
        status: &StatusBy,
    ) -> Self {
        let facts = FactMap::new(chosen);
        let mut fields = Self::default();
        for (reference, name, values, usual) in STANDARD {
            if let Some(fact) = facts.of(&[reference, name], usual) {
                fields.add(reference, Some(fact), values);
            }
        }
        for name in chosen.keys() {
            let name = name.trim();
            let reference = names.get(&name.to_lowercase()).map_or(name, String::as_str);
            fields.add(reference, facts.of(&[name], None), Values::One);
        }
        fields.status = fields.told_by(status);
        fields
    }

    fn told_by(&mut self, status: &StatusBy) -> StatusFields {
        let state = self.add(STATE, None, Values::One);
        let column = match status {
            StatusBy::State => None,
            StatusBy::Column(column) => {
                let done = done_of(column);
                let column = self.add(column, None, Values::One);
                Some((column, self.add(&done, None, Values::One)))
            }
        };
        StatusFields { state, column }
    }

    /// The place of a field, which may be wanted already; one that stands for a standard field under
    /// its name on the screen is not wanted twice.
    fn add(&mut self, reference: &str, fact: Option<FactName>, values: Values) -> usize {
        let known = STANDARD
            .iter()
            .find(|(_, name, ..)| name.eq_ignore_ascii_case(reference));
        let reference = known.map_or(reference, |(reference, ..)| reference);
        let lowered = reference.to_lowercase();
        if let Some(place) = self.places.get(&lowered) {
            return *place;
        }
        let place = self.wanted.len();
        self.wanted.push(Field {
            reference: reference.to_owned(),
            fact,
            values,
        });
        self.places.insert(lowered, place);
        place
    }

    /// The place of a field, if it is wanted.
    pub(super) fn place(&self, reference: &str) -> Option<usize> {
        self.places.get(&reference.to_lowercase()).copied()
    }
}

/// Whether names on the screen have to be looked up for what the config calls fields.
pub(super) fn needs_names(chosen: &BTreeMap<String, String>) -> bool {
    let is_told = |name: &String| {
        let name = name.trim();
        name.contains('.')
            || STANDARD
                .iter()
                .any(|(_, known, ..)| known.eq_ignore_ascii_case(name))
    };
    !chosen.keys().all(is_told)
}

/// The field beside that of a column which says whether the item stands in its second half.
fn done_of(column: &str) -> String {
    if column == COLUMN {
        COLUMN_DONE.to_owned()
    } else {
        format!("{column}.Done")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Fields, needs_names};
    use crate::connectors::azure::query::StatusBy;

    fn fields(chosen: &[(&str, &str)], status: &StatusBy) -> Fields {
        let chosen = chosen
            .iter()
            .map(|(field, fact)| ((*field).to_owned(), (*fact).to_owned()))
            .collect();
        let names = [("cost centre".to_owned(), "Custom.CostCentre".to_owned())].into();
        Fields::new(&chosen, &names, status)
    }

    fn fact(fields: &Fields, reference: &str) -> Option<String> {
        let field = &fields.wanted[fields.place(reference)?];
        field.fact.as_deref().map(str::to_owned)
    }

    #[test]
    fn fields_are_named_by_reference_or_as_on_the_screen() {
        let chosen = [
            ("Area Path", "area"),
            ("Cost centre", "team"),
            ("Custom.Risk", "risk"),
            ("target date", "due"),
        ];
        let fields = fields(&chosen, &StatusBy::State);
        let told = |reference| fact(&fields, reference);
        assert_eq!(told("System.AreaPath").as_deref(), Some("area"));
        assert_eq!(told("custom.costcentre").as_deref(), Some("team"));
        assert_eq!(told("Custom.Risk").as_deref(), Some("risk"));
        assert_eq!(
            told("Microsoft.VSTS.Scheduling.TargetDate").as_deref(),
            Some("due")
        );
        assert_eq!(told("System.AssignedTo").as_deref(), Some("assignee"));
        assert_eq!(fields.place("Area Path"), None);
    }

    #[test]
    fn names_are_looked_up_only_where_one_is_needed() {
        let needs = |name: &str| needs_names(&[(name.to_owned(), "team".to_owned())].into());
        assert!(needs("Cost centre"));
        assert!(!needs("Custom.CostCentre") && !needs("area path"));
        assert!(!needs_names(&[].into()));
    }

    #[test]
    fn values_are_read_however_they_are_sent() {
        let fields = fields(&[], &StatusBy::State);
        let value =
            |reference: &str, sent| fields.wanted[fields.place(reference).unwrap()].value(&sent);
        let ann = Some("Ann Miller".to_owned());
        let record = json!({"displayName": "Ann Miller", "uniqueName": "ann@example.org"});
        assert_eq!(value("System.AssignedTo", record), ann);
        assert_eq!(
            value("System.AssignedTo", json!("Ann Miller <ann@example.org>")),
            ann
        );
        assert_eq!(
            value("System.Title", json!("a <b> c")).as_deref(),
            Some("a <b> c")
        );
        assert_eq!(
            value("System.Tags", json!("b; a;;")).as_deref(),
            Some("a\u{1f}b")
        );
        assert_eq!(
            value("Microsoft.VSTS.Scheduling.StoryPoints", json!(3.0)).as_deref(),
            Some("3")
        );
        let due = json!("2026-03-01T00:00:00Z");
        assert_eq!(
            value("Microsoft.VSTS.Scheduling.DueDate", due).as_deref(),
            Some("2026-03-01")
        );
        assert_eq!(value("Microsoft.VSTS.CMMI.Blocked", json!("No")), None);
        assert_eq!(
            value("Microsoft.VSTS.CMMI.Blocked", json!("Yes")).as_deref(),
            Some("true")
        );
        assert_eq!(value("System.Tags", json!({"odd": 1})), None);
    }

    #[test]
    fn a_column_has_a_second_half() {
        let status = StatusBy::Column("WEF_A_Kanban.Column".to_owned());
        let fields = fields(&[], &status);
        let (column, done) = fields.status.column.unwrap();
        assert_eq!(fields.wanted[column].reference, "WEF_A_Kanban.Column");
        assert_eq!(fields.wanted[done].reference, "WEF_A_Kanban.Column.Done");
        assert_eq!(fields.wanted[fields.status.state].reference, "System.State");
    }
}
