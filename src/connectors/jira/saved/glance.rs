//! A glance at all issues of a file: which fields there are, and which issue has which key.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::MapAccess;
use serde_json::{Value, json};
use url::Url;

use super::super::address::Address;
use super::super::fields::{CUSTOM, LINKS, is_standard};
use super::super::json::{Json, Text};
use super::super::lenient::{Many, Object, One, Scalar, pass};
use super::super::names::Names;
use super::documents::{self, Reader};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Glance {
    /// Which issue has which key.
    pub(super) names: Names,
    /// Where issues are looked at.
    pub(super) address: Option<Address>,
    /// Fields by id.
    fields: BTreeMap<String, Field>,
    /// Fields of which changes tell a name alone.
    nameless: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Field {
    name: String,
    /// What its schema says: `type` and `custom`.
    schema: [Option<String>; 2],
}

/// Looks at all issues. Where the text breaks off, what came before counts.
pub(super) fn at(text: &str) -> Glance {
    let found = RefCell::new(Glance::default());
    // The reading that follows says where it breaks off.
    let _ = documents::read(text, &mut Look(&found));
    found.into_inner()
}

impl Glance {
    /// The fields as a Jira lists them.
    pub(super) fn catalogue(&self) -> Vec<Value> {
        let named = self.fields.iter().map(|(id, field)| {
            let [kind, custom] = &field.schema;
            json!({"id": id, "name": field.name, "schema": {"type": kind, "custom": custom}})
        });
        let is_known = |name: &String| self.fields.values().any(|field| field.name == *name);
        let nameless = self.nameless.iter().filter(|name| !is_known(name));
        let nameless = nameless.map(|name| json!({"id": format!("{CUSTOM}{name}"), "name": name}));
        named.chain(nameless).collect()
    }

    /// Takes in a field that a change names; a company's own server tells its name alone.
    fn learn_field(&mut self, id: Option<&str>, name: &str) {
        match id {
            Some(id) if id.starts_with(CUSTOM) && !self.fields.contains_key(id) => {
                name.clone_into(&mut self.fields.entry(id.to_owned()).or_default().name);
            }
            None if !is_standard(name) && !self.nameless.contains(name) => {
                self.nameless.insert(name.to_owned());
            }
            _ => {}
        }
    }

    /// Takes in what a page says of all fields.
    fn learn_page(&mut self, what: &str, value: &Json<'_>) {
        let Json::Object(fields) = value else {
            return;
        };
        for (id, told) in fields {
            let field = self.fields.entry(id.to_string()).or_default();
            if what == "schema" {
                field.schema = ["type", "custom"].map(|name| told.text(name));
            } else if let Some(name) = told.scalar() {
                field.name = name.into_owned();
            }
        }
    }

    /// Takes in where an issue says it is: `https://a.example/rest/api/2/issue/10`.
    pub(super) fn learn_place(&mut self, place: &str) {
        if self.address.is_some() {
            return;
        }
        let base = place.split_once("/rest/").map(|(base, _)| base);
        let base = base.and_then(|base| Url::parse(base).ok());
        self.address = base.and_then(|base| Address::new(&base).ok());
    }
}

/// Where it is noted.
type Found<'g> = &'g RefCell<Glance>;

struct Look<'g>(Found<'g>);

impl<'t, 'g> Reader<'t> for Look<'g> {
    type By = Found<'g>;
    type Issue = Seen<'t>;

    fn by(&self) -> Found<'g> {
        self.0
    }

    fn issue(&mut self, issue: Seen<'t>) -> bool {
        if let Some(id) = &issue.id {
            let key = issue.key.as_deref();
            self.0.borrow_mut().names.learn_key(key, id);
        }
        true
    }

    fn beside(&mut self, name: &str, value: Json<'t>) {
        self.0.borrow_mut().learn_page(name, &value);
    }
}

/// As much of an issue as is looked at.
#[derive(Default)]
struct Seen<'t> {
    id: Option<Text<'t>>,
    key: Option<Text<'t>>,
}

impl<'de: 't, 't> Object<'de, Found<'_>> for Seen<'t> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        found: Found<'_>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "id" => self.id = value.next_value::<Scalar<'t>>()?.0,
            "key" => self.key = value.next_value::<Scalar<'t>>()?.0,
            "self" => {
                let place = value.next_value::<Scalar<'de>>()?.0;
                found.borrow_mut().learn_place(&place.unwrap_or_default());
            }
            "fields" => {
                value.next_value_seed(One::<Ties, _>::by(found))?;
            }
            "changelog" => {
                value.next_value_seed(One::<Log, _>::by(found))?;
            }
            _ => pass(value)?,
        }
        Ok(())
    }
}

/// The fields that tell of other issues.
#[derive(Default)]
struct Ties;

impl<'de> Object<'de, Found<'_>> for Ties {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        found: Found<'_>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "parent" => {
                let parent: Json<'de> = value.next_value()?;
                found.borrow_mut().names.learn_other(&parent);
            }
            LINKS => {
                let links: Json<'de> = value.next_value()?;
                found.borrow_mut().names.learn_links(&links);
            }
            _ => pass(value)?,
        }
        Ok(())
    }
}

/// A changelog, then one of its histories.
#[derive(Default)]
struct Log;

impl<'de> Object<'de, Found<'_>> for Log {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        found: Found<'_>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "histories" => value.next_value_seed(Many::<Log, _>::by(found)).map(drop),
            "items" => value
                .next_value_seed(Many::<Change<'de>, _>::by(found))
                .map(drop),
            _ => pass(value),
        }
    }
}

/// A change's field.
#[derive(Default)]
pub(super) struct Change<'t> {
    pub(super) id: Option<Text<'t>>,
    pub(super) name: Option<Text<'t>>,
}

impl<'de: 't, 't> Object<'de, Found<'_>> for Change<'t> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        _: Found<'_>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "fieldId" => self.id = value.next_value::<Scalar<'t>>()?.0,
            "field" => self.name = value.next_value::<Scalar<'t>>()?.0,
            _ => pass(value)?,
        }
        Ok(())
    }

    fn end(&mut self, found: Found<'_>) {
        if let Some(name) = &self.name {
            found.borrow_mut().learn_field(self.id.as_deref(), name);
        }
    }
}
