//! What stands in a file of answers: pages of a search, lists of issues, issues, one after the other
//! or in a list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::json::{Json, Name};
use super::super::lenient::{Object, One};

/// What is made of what is found.
pub(super) trait Reader<'t> {
    /// How issues are read.
    type By: Copy;
    /// What an issue is read as.
    type Issue: Object<'t, Self::By>;

    /// How.
    fn by(&self) -> Self::By;

    /// Takes an issue, or what stands in place of one; whether more is wanted.
    fn issue(&mut self, issue: Self::Issue) -> bool;

    /// Takes what a page says beside its issues under `name`: `names` or `schema`.
    fn beside(&mut self, _name: &str, _value: Json<'t>) {}
}

/// Reads a text to its end, or until no more is wanted.
///
/// # Errors
/// Where it is no JSON, or is broken off; what came before was taken.
pub(super) fn read<'t, R: Reader<'t>>(
    text: &'t str,
    reader: &mut R,
) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut wanted = true;
    while wanted && json.end().is_err() {
        let mut document = Document {
            reader: &mut *reader,
            wanted: &mut wanted,
            text: PhantomData,
        };
        let read = document.within().deserialize(&mut json);
        // Nobody wants the rest: that is no fault of the file.
        if wanted {
            read?;
        }
    }
    Ok(())
}

/// One of them.
struct Document<'r, 't, R> {
    reader: &'r mut R,
    wanted: &'r mut bool,
    text: PhantomData<&'t str>,
}

impl<'t, R: Reader<'t>> Document<'_, 't, R> {
    fn within(&mut self) -> Document<'_, 't, R> {
        Document {
            reader: &mut *self.reader,
            wanted: &mut *self.wanted,
            text: PhantomData,
        }
    }

    fn take<E: Error>(&mut self, issue: R::Issue) -> Result<(), E> {
        *self.wanted = self.reader.issue(issue);
        if *self.wanted {
            return Ok(());
        }
        Err(E::custom("no more is wanted"))
    }

    fn no_issue<E: Error>(mut self) -> Result<(), E> {
        self.take(R::Issue::default())
    }
}

impl<'t, R: Reader<'t>> DeserializeSeed<'t> for Document<'_, 't, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t, R: Reader<'t>> Visitor<'t> for Document<'_, 't, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self.within())?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut object: A) -> Result<(), A::Error> {
        let by = self.reader.by();
        let mut issue = R::Issue::default();
        let mut is_page = false;
        while let Some(Name(name)) = object.next_key()? {
            match name.as_ref() {
                "issues" => {
                    is_page = true;
                    object.next_value_seed(Listed(self.within()))?;
                }
                "names" | "schema" => self.reader.beside(&name, object.next_value()?),
                _ => issue.field(&name, &mut object, by)?,
            }
        }
        if is_page {
            return Ok(());
        }
        issue.end(by);
        self.take(issue)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.no_issue()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.no_issue()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.no_issue()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.no_issue()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.no_issue()
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        self.no_issue()
    }
}

/// The issues of a page.
struct Listed<'r, 't, R>(Document<'r, 't, R>);

impl<'t, R: Reader<'t>> DeserializeSeed<'t> for Listed<'_, 't, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'t, R: Reader<'t>> Visitor<'t> for Listed<'_, 't, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of issues")
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut list: A) -> Result<(), A::Error> {
        let by = self.0.reader.by();
        while let Some(issue) = list.next_element_seed(One::<R::Issue, R::By>::by(by))? {
            self.0.take(issue)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut object: A) -> Result<(), A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.no_issue()
    }
}
