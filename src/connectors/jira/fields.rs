//! Which field of an issue is which fact, and how its values are told.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::super::facts::FactMap;
use super::names::STATUS;
use super::wire::{Item, scalar};
use crate::model::event::{FactName, fact};

/// How a field's values are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One value: in words, mostly with an id.
    One,
    /// Several, all of them before and after a change, between commas.
    Many,
    /// Several; a change tells one that came or went.
    Parts,
    /// Several words, all of them before and after a change, between spaces.
    Words,
    /// A date; a change has it where others have an id.
    Date,
    /// A number.
    Number,
    /// The issue above, by id or key.
    Parent,
    /// A place in an order: changes tell that it changed, not what it was.
    Rank,
}

/// A field that is a fact.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) id: String,
    /// Names of it in changes, in small letters.
    labels: Vec<String>,
    pub(super) fact: FactName,
    pub(super) shape: Shape,
}

/// A field that every Jira has.
struct Standard {
    id: &'static str,
    /// Names of it in changes, in small letters.
    labels: &'static [&'static str],
    shape: Shape,
    /// The fact it is where the settings say nothing else.
    fact: Option<&'static str>,
}

const fn standard(
    id: &'static str,
    labels: &'static [&'static str],
    shape: Shape,
    fact: Option<&'static str>,
) -> Standard {
    Standard {
        id,
        labels,
        shape,
        fact,
    }
}

/// All of them but the status, which is no fact, and long texts, which are kept nowhere.
const STANDARD: [Standard; 14] = [
    standard("summary", &["summary"], Shape::One, Some(fact::TITLE)),
    standard("issuetype", &["issuetype"], Shape::One, Some(fact::TYPE)),
    standard("project", &["project"], Shape::One, Some(fact::PROJECT)),
    standard("priority", &["priority"], Shape::One, Some(fact::PRIORITY)),
    standard("assignee", &["assignee"], Shape::One, Some(fact::ASSIGNEE)),
    standard(
        "resolution",
        &["resolution"],
        Shape::One,
        Some(fact::RESOLUTION),
    ),
    standard("labels", &["labels"], Shape::Words, Some(fact::LABEL)),
    standard(
        "components",
        &["component"],
        Shape::Parts,
        Some("component"),
    ),
    standard(
        "fixVersions",
        &["fix version"],
        Shape::Parts,
        Some("version"),
    ),
    standard("versions", &["version"], Shape::Parts, None),
    standard("duedate", &["duedate"], Shape::Date, Some(fact::DUE)),
    standard("reporter", &["reporter"], Shape::One, None),
    standard(
        "timeoriginalestimate",
        &["timeoriginalestimate"],
        Shape::Number,
        None,
    ),
    standard(
        "parent",
        &["issueparentassociation", "parent", "parent issue"],
        Shape::Parent,
        Some(fact::PARENT),
    ),
];

/// Custom fields that are facts without being named in the settings: by the end of their type, or
/// by their name.
const USUAL: [(&str, &str, Shape, &str); 8] = [
    (":gh-sprint", "sprint", Shape::Many, "sprint"),
    (":gh-epic-link", "epic link", Shape::Parent, fact::PARENT),
    (
        ":jpo-custom-field-parent",
        "parent link",
        Shape::Parent,
        fact::PARENT,
    ),
    (":gh-lexo-rank", "rank", Shape::Rank, fact::RANK),
    (
        ":jsw-story-points",
        "story point estimate",
        Shape::Number,
        fact::ESTIMATE,
    ),
    ("", "story points", Shape::Number, fact::ESTIMATE),
    ("team", "team", Shape::One, fact::TEAM),
    ("", "flagged", Shape::Many, fact::FLAGGED),
];

/// Fields that are asked for beside those that are facts.
const ALSO: [&str; 4] = ["created", "updated", STATUS, LINKS];

/// The field that holds ties to other issues.
pub(super) const LINKS: &str = "issuelinks";

/// What changes call a tie to another issue.
const LINK: &str = "link";

/// What changes call an issue's key.
const KEY: &str = "key";

/// What the ids of fields begin with that a site made itself.
pub(super) const CUSTOM: &str = "customfield_";

/// All fields that are of use.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    fields: Vec<Field>,
    /// Which fields have an id.
    by_id: FxHashMap<String, Vec<usize>>,
    /// Which fields have a name in changes.
    by_label: FxHashMap<String, Vec<usize>>,
    strangers: Vec<String>,
}

impl Plan {
    /// What `facts` makes of the fields that a Jira has.
    pub(super) fn new(catalogue: &[Value], facts: &FactMap) -> Self {
        let entries: Vec<Entry> = catalogue.iter().filter_map(Entry::read).collect();
        let standard = STANDARD.iter().filter_map(|standard| {
            let entry = entries.iter().find(|entry| entry.id == standard.id);
            standard.field(entry, facts)
        });
        let is_other = |entry: &&Entry| STANDARD.iter().all(|known| known.id != entry.id);
        let others = entries.iter().filter(is_other);
        let others = others.filter_map(|entry| entry.field(facts));
        let fields: Vec<Field> = standard.chain(others).collect();
        let names = entries.iter().flat_map(Entry::names);
        let mut names: BTreeSet<String> = names.map(|name| name.to_lowercase()).collect();
        for known in &STANDARD {
            names.insert(known.id.to_lowercase());
            names.extend(known.labels.iter().map(|label| (*label).to_owned()));
        }
        let strangers = facts.fields().filter(|field| !names.contains(*field));
        Self {
            strangers: strangers.map(str::to_owned).collect(),
            ..Self::of_fields(fields)
        }
    }

    fn of_fields(fields: Vec<Field>) -> Self {
        let mut plan = Self::default();
        for (at, field) in fields.iter().enumerate() {
            plan.by_id.entry(field.id.clone()).or_default().push(at);
            for label in &field.labels {
                plan.by_label.entry(label.clone()).or_default().push(at);
            }
        }
        plan.fields = fields;
        plan
    }

    /// Those that are facts.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Those that a site made itself: what changes call each, and which fact it is.
    pub(super) fn custom(&self) -> impl Iterator<Item = (&str, &str)> {
        let custom = self
            .fields
            .iter()
            .filter(|field| field.id.starts_with(CUSTOM));
        custom.filter_map(|field| Some((field.labels.first()?.as_str(), field.fact.as_ref())))
    }

    /// Names in the settings' `fields` that no field has.
    pub(super) fn strangers(&self) -> &[String] {
        &self.strangers
    }

    /// Ids of all fields to ask for.
    pub(super) fn asked(&self) -> Vec<&str> {
        let facts = self.fields.iter().map(|field| field.id.as_str());
        ALSO.into_iter().chain(facts).collect()
    }

    /// Whether a field is asked for.
    pub(super) fn asks(&self, id: &str) -> bool {
        self.by_id.contains_key(id) || ALSO.contains(&id)
    }

    /// Whether a change is of use.
    pub(super) fn uses(&self, item: &Item<'_>) -> bool {
        item.is_of(STATUS) || item.is_link() || item.is_key() || self.of(item).next().is_some()
    }

    /// The fields of which a change is one, by their place among [`Plan::fields`]: the one with its
    /// id, and unless that says which custom field it is, those that go by its name.
    pub(super) fn of(&self, item: &Item<'_>) -> impl Iterator<Item = usize> + '_ {
        let id = item.field.as_deref();
        let own = id.and_then(|id| self.by_id.get(id));
        let own = own.map_or(&[][..], Vec::as_slice);
        let is_clear = id.is_some_and(|id| id.starts_with(CUSTOM));
        let named = (!is_clear).then(|| self.by_label.get(lowered(&item.name).as_ref()));
        let named = named.flatten().map_or(&[][..], Vec::as_slice);
        let others = named.iter().filter(|at| !own.contains(at));
        own.iter().chain(others).copied()
    }
}

/// Whether every Jira has the field that changes call so.
pub(super) fn is_standard(name: &str) -> bool {
    let name = lowered(name);
    let mut labels = STANDARD.iter().flat_map(|standard| standard.labels);
    [STATUS, LINK, KEY].contains(&name.as_ref()) || labels.any(|label| *label == name)
}

/// A name in small letters.
fn lowered(name: &str) -> Cow<'_, str> {
    let is_low = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if name.bytes().all(is_low) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.to_lowercase())
}

impl Item<'_> {
    /// Whether it is a change of a field that goes by its id in words too.
    pub(super) fn is_of(&self, field: &str) -> bool {
        self.field.as_deref().unwrap_or(&self.name) == field
    }

    /// Whether it makes or cuts a tie.
    pub(super) fn is_link(&self) -> bool {
        self.field.is_none() && self.name.eq_ignore_ascii_case(LINK)
    }

    /// Whether it gives the issue another key.
    pub(super) fn is_key(&self) -> bool {
        self.field.is_none() && self.name.eq_ignore_ascii_case(KEY)
    }
}

impl Standard {
    fn field(&self, entry: Option<&Entry>, facts: &FactMap) -> Option<Field> {
        let names = entry.map(Entry::names).unwrap_or_default();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.insert(0, self.id);
        names.extend(self.labels);
        Some(Field {
            id: self.id.to_owned(),
            labels: self
                .labels
                .iter()
                .map(|label| (*label).to_owned())
                .collect(),
            fact: facts.of(&names, self.fact)?,
            shape: self.shape,
        })
    }
}

/// A field as a Jira lists it.
struct Entry {
    id: String,
    name: String,
    /// `com.atlassian…:float`; empty where it is not told.
    custom: String,
    /// `array`, `number`, `date`, …; empty where it is not told.
    values: String,
}

impl Entry {
    fn read(value: &Value) -> Option<Self> {
        let of_schema = |name| value.get("schema")?.get(name).and_then(scalar);
        let id = value.get("id").and_then(scalar)?;
        Some(Self {
            name: value
                .get("name")
                .and_then(scalar)
                .unwrap_or_else(|| id.clone()),
            custom: of_schema("custom").unwrap_or_default(),
            values: of_schema("type").unwrap_or_default(),
            id,
        })
    }

    /// What the settings may call it: its id, its number, the way JQL writes that, its name.
    fn names(&self) -> Vec<String> {
        let number = self.id.strip_prefix(CUSTOM);
        let numbered = number.map(|number| [number.to_owned(), format!("cf[{number}]")]);
        let names = [self.id.clone()].into_iter();
        let names = names.chain(numbered.into_iter().flatten());
        names.chain([self.name.clone()]).collect()
    }

    fn field(&self, facts: &FactMap) -> Option<Field> {
        let usual = self.usual();
        let names = self.names();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let fact = facts.of(&names, usual.map(|(_, fact)| fact))?;
        let shape = match usual {
            Some((Shape::Parent, usual)) if fact != usual => Shape::One,
            Some((shape, _)) => shape,
            None => self.shape(),
        };
        Some(Field {
            id: self.id.clone(),
            labels: vec![self.name.to_lowercase()],
            fact,
            shape,
        })
    }

    fn usual(&self) -> Option<(Shape, &'static str)> {
        if !self.id.starts_with(CUSTOM) {
            return None;
        }
        let name = self.name.to_lowercase();
        let usual = USUAL.iter().find(|(end, called, ..)| {
            *called == name || !end.is_empty() && self.custom.ends_with(end)
        });
        usual.map(|(_, _, shape, fact)| (*shape, *fact))
    }

    fn shape(&self) -> Shape {
        match self.values.as_str() {
            "array" => Shape::Many,
            "number" => Shape::Number,
            "date" => Shape::Date,
            _ => Shape::One,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Plan, Shape};
    use crate::connectors::facts::FactMap;

    fn plan(chosen: &[(&str, &str)]) -> Plan {
        let pair = |(field, fact): &(&str, &str)| ((*field).to_owned(), (*fact).to_owned());
        let facts = FactMap::new(&chosen.iter().map(pair).collect());
        let float = "com.atlassian.jira.plugin.system.customfieldtypes:float";
        let catalogue = json!([
            {"id": "issuetype", "name": "Issue Type"},
            {"id": "environment", "name": "Environment", "schema": {"type": "string"}},
            {"id": "customfield_1", "name": "Story Points", "schema": {"type": "number", "custom": float}},
            {"id": "customfield_2", "name": "Iteration", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
            {"id": "customfield_3", "name": "Flagged"},
            {"id": "customfield_4", "name": "Squad", "schema": {"type": "array"}},
            {"id": "customfield_5", "name": "Epic Link"},
            {"id": "customfield_6", "name": "Our team", "schema": {"custom": "com.atlassian.jira.plugin.system.customfieldtypes:atlassian-team"}},
            {"id": null}, 3,
        ]);
        Plan::new(catalogue.as_array().unwrap(), &facts)
    }

    fn told(plan: &Plan, id: &str) -> Option<(String, Shape)> {
        let field = plan.fields().iter().find(|field| field.id == id)?;
        Some((field.fact.to_string(), field.shape))
    }

    #[test]
    fn fields_that_everybody_has_are_facts_by_themselves() {
        let plan = plan(&[]);
        let is =
            |id, fact: &str, shape| assert_eq!(told(&plan, id), Some((fact.to_owned(), shape)));
        is("issuetype", "type", Shape::One);
        is("customfield_1", "estimate", Shape::Number);
        is("customfield_2", "sprint", Shape::Many);
        is("customfield_3", "flagged", Shape::Many);
        is("customfield_5", "parent", Shape::Parent);
        is("customfield_6", "team", Shape::One);
        assert_eq!(told(&plan, "customfield_4"), None);
        assert_eq!(told(&plan, "environment"), None);
        assert!(plan.asked().contains(&"customfield_3"));
        assert!(plan.strangers().is_empty());
    }

    #[test]
    fn the_settings_name_fields_by_name_id_or_number() {
        for name in ["squad", "customfield_4", "4", "cf[4]", " Squad "] {
            let plan = plan(&[(name, "team")]);
            assert_eq!(
                told(&plan, "customfield_4"),
                Some(("team".to_owned(), Shape::Many))
            );
            assert!(plan.strangers().is_empty());
        }
        let plan = plan(&[
            ("Issue Type", "kind"),
            ("epic link", "outcome"),
            ("Sqad", "team"),
        ]);
        assert_eq!(
            told(&plan, "issuetype"),
            Some(("kind".to_owned(), Shape::One))
        );
        assert_eq!(
            told(&plan, "customfield_5"),
            Some(("outcome".to_owned(), Shape::One))
        );
        assert_eq!(plan.strangers(), ["sqad"]);
    }
}
