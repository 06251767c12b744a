//! An issue and its changes.

use serde::de::MapAccess;

use super::super::fields::Plan;
use super::super::json::{Json, Text, instant, owned};
use super::super::lenient::{Many, Object, One, Scalar, pass};
use crate::model::time::Millis;

/// What is of use of an issue; `None`: all.
type OfUse<'p> = Option<&'p Plan>;

/// An issue.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Issue<'a> {
    /// Stays when the issue moves to another project.
    pub(in super::super) id: Text<'a>,
    pub(in super::super) key: Option<Text<'a>>,
    fields: Fields<'a>,
    /// Its changes, if it came with any.
    pub(in super::super) changelog: Option<Changelog<'a>>,
}

impl<'a> Issue<'a> {
    /// The issue; `None` if it has no id.
    pub(in super::super) fn told(self) -> Option<Self> {
        (!self.id.is_empty()).then_some(self)
    }

    /// A field's value as it was sent.
    pub(in super::super) fn field(&self, id: &str) -> Option<&Json<'a>> {
        let mut fields = self.fields.0.iter().rev();
        let found = fields.find(|(is, _)| is == id).map(|(_, value)| value);
        found.filter(|value| **value != Json::Null)
    }

    /// A field that is an instant.
    pub(in super::super) fn instant(&self, id: &str) -> Option<Millis> {
        instant(&self.field(id)?.scalar()?)
    }

    /// A field that is a list; empty if it is none.
    pub(in super::super) fn list(&self, id: &str) -> &[Json<'a>] {
        self.field(id).map_or(&[], Json::list)
    }

    /// The same with texts of its own.
    pub(in super::super) fn into_owned(self) -> Issue<'static> {
        Issue {
            id: owned(self.id),
            key: self.key.map(owned),
            fields: self.fields.into_owned(),
            changelog: self.changelog.map(Changelog::into_owned),
        }
    }
}

impl<'de: 'a, 'a, 'p> Object<'de, OfUse<'p>> for Issue<'a> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        of_use: OfUse<'p>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "id" => self.id = value.next_value::<Scalar<'a>>()?.0.unwrap_or_default(),
            "key" => self.key = value.next_value::<Scalar<'a>>()?.0,
            "fields" => self.fields = value.next_value_seed(One::by(of_use))?,
            "changelog" => self.changelog = Some(value.next_value_seed(One::by(of_use))?),
            _ => pass(value)?,
        }
        Ok(())
    }
}

/// As many fields of an issue are mostly of use.
const FIELDS: usize = 16;

/// Fields of an issue, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
struct Fields<'a>(Vec<(Text<'a>, Json<'a>)>);

impl Fields<'_> {
    fn into_owned(self) -> Fields<'static> {
        let fields = self.0.into_iter();
        Fields(
            fields
                .map(|(name, value)| (owned(name), value.into_owned()))
                .collect(),
        )
    }
}

impl<'de: 'a, 'a, 'p> Object<'de, OfUse<'p>> for Fields<'a> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        of_use: OfUse<'p>,
    ) -> Result<(), A::Error> {
        if of_use.is_none_or(|plan| plan.asks(name)) {
            if self.0.is_empty() {
                self.0.reserve_exact(FIELDS);
            }
            self.0.push((name.clone(), value.next_value()?));
            return Ok(());
        }
        pass(value)
    }
}

/// The changes of an issue, or a part of them.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Changelog<'a> {
    /// Whose they are, where they come apart from it.
    pub(in super::super) issue: Option<Text<'a>>,
    /// How many there are in all.
    total: Option<u64>,
    pub(in super::super) histories: Vec<History<'a>>,
}

impl Changelog<'_> {
    /// How many there are, if these are not all.
    pub(in super::super) fn untold(&self) -> Option<u64> {
        let told = self.histories.len() as u64;
        self.total.filter(|total| *total > told)
    }

    /// The same with texts of its own.
    pub(in super::super) fn into_owned(self) -> Changelog<'static> {
        let histories = self.histories.into_iter();
        Changelog {
            issue: self.issue.map(owned),
            total: self.total,
            histories: histories.map(History::into_owned).collect(),
        }
    }
}

impl<'de: 'a, 'a, 'p> Object<'de, OfUse<'p>> for Changelog<'a> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        of_use: OfUse<'p>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "issueId" => self.issue = value.next_value::<Scalar<'a>>()?.0,
            "total" => self.total = value.next_value::<Json<'a>>()?.count(),
            "histories" | "changeHistories" => {
                self.histories = value.next_value_seed(Many::by(of_use))?;
            }
            _ => pass(value)?,
        }
        Ok(())
    }
}

/// What one person changed at once.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct History<'a> {
    /// `None` if it has none.
    pub(in super::super) id: Option<Text<'a>>,
    /// `None` if it cannot be read.
    pub(in super::super) at: Option<Millis>,
    pub(in super::super) items: Vec<Item<'a>>,
}

impl History<'_> {
    fn into_owned(self) -> History<'static> {
        History {
            id: self.id.map(owned),
            at: self.at,
            items: self.items.into_iter().map(Item::into_owned).collect(),
        }
    }
}

impl<'de: 'a, 'a, 'p> Object<'de, OfUse<'p>> for History<'a> {
    const USUAL: usize = 12;

    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        of_use: OfUse<'p>,
    ) -> Result<(), A::Error> {
        match name.as_ref() {
            "id" => self.id = value.next_value::<Scalar<'a>>()?.0,
            "created" => {
                let told = value.next_value::<Scalar<'de>>()?.0;
                self.at = told.and_then(|told| instant(&told));
            }
            "items" => {
                self.items = value.next_value_seed(Many::by(()))?;
                self.settle(of_use);
            }
            _ => pass(value)?,
        }
        Ok(())
    }
}

impl History<'_> {
    /// Numbers the items, and keeps those that have a name and are of use.
    fn settle(&mut self, of_use: OfUse<'_>) {
        let mut index = 0;
        self.items.retain_mut(|item| {
            item.index = index;
            index += 1;
            item.settle();
            !item.name.is_empty() && of_use.is_none_or(|plan| plan.uses(item))
        });
    }
}

/// One field's change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Item<'a> {
    /// Where it stands in its history.
    pub(in super::super) index: u64,
    /// The field's id; one's own server does not say it.
    pub(in super::super) field: Option<Text<'a>>,
    /// The field's name.
    pub(in super::super) name: Text<'a>,
    pub(in super::super) old: Side<'a>,
    pub(in super::super) new: Side<'a>,
}

/// What a field held before or after a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Side<'a> {
    /// Ids, where values have them.
    pub(in super::super) id: Option<Text<'a>>,
    /// In words.
    pub(in super::super) text: Option<Text<'a>>,
}

impl Item<'_> {
    /// A field without a name goes by its id.
    fn settle(&mut self) {
        if self.name.is_empty() {
            self.name = self.field.clone().unwrap_or_default();
        }
    }

    fn into_owned(self) -> Item<'static> {
        Item {
            index: self.index,
            field: self.field.map(owned),
            name: owned(self.name),
            old: self.old.into_owned(),
            new: self.new.into_owned(),
        }
    }
}

impl Side<'_> {
    /// The same with texts of its own.
    pub(in super::super) fn into_owned(self) -> Side<'static> {
        Side {
            id: self.id.map(owned),
            text: self.text.map(owned),
        }
    }
}

impl<'de: 'a, 'a> Object<'de, ()> for Item<'a> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        (): (),
    ) -> Result<(), A::Error> {
        let place = match name.as_ref() {
            "field" => {
                self.name = value.next_value::<Scalar<'a>>()?.0.unwrap_or_default();
                return Ok(());
            }
            "fieldId" => &mut self.field,
            "from" => &mut self.old.id,
            "fromString" => &mut self.old.text,
            "to" => &mut self.new.id,
            "toString" => &mut self.new.text,
            _ => return pass(value),
        };
        *place = value.next_value::<Scalar<'a>>()?.0;
        Ok(())
    }
}
