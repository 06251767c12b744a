//! Reading JSON that may be of any kind: what is not of the kind expected reads as nothing, so that
//! one odd field does not spoil a record, nor one odd record a page.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::json::{Name, Text, truth, worth};

/// One value as text; the empty text, a list and an object are no value.
#[derive(Debug, Default)]
pub(super) struct Scalar<'a>(pub(super) Option<Text<'a>>);

/// What is read of an object, field by field; `B` says how.
pub(super) trait Object<'de, B: Copy>: Default {
    /// As many of them mostly stand in a list, if they stand in one.
    const USUAL: usize = 1;

    /// Takes the value of a field, or passes over it.
    ///
    /// # Errors
    /// That of the JSON, if it is broken off or none.
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: &Text<'de>,
        value: &mut A,
        by: B,
    ) -> Result<(), A::Error>;

    /// All its fields are read.
    fn end(&mut self, _by: B) {}
}

/// Passes over a value.
///
/// # Errors
/// That of the JSON, if it is broken off or none.
pub(super) fn pass<'de, A: MapAccess<'de>>(value: &mut A) -> Result<(), A::Error> {
    value.next_value::<IgnoredAny>().map(drop)
}

/// Reads an object; anything else as one without a field.
pub(super) struct One<T, B> {
    by: B,
    of: PhantomData<T>,
}

/// Reads a list of objects; anything else as an empty one.
pub(super) struct Many<T, B> {
    by: B,
    of: PhantomData<T>,
}

impl<T, B> One<T, B> {
    /// Objects read in this way.
    pub(super) fn by(by: B) -> Self {
        let of = PhantomData;
        Self { by, of }
    }
}

impl<T, B> Many<T, B> {
    /// Objects read in this way.
    pub(super) fn by(by: B) -> Self {
        let of = PhantomData;
        Self { by, of }
    }
}

/// Whatever is a single value is nothing to a visitor of objects or lists.
macro_rules! nothing_else {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON value")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

impl<'de, B: Copy, T: Object<'de, B>> Visitor<'de> for One<T, B> {
    type Value = T;

    nothing_else!();

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<T, A::Error> {
        passed_over(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<T, A::Error> {
        let mut read = T::default();
        while let Some(Name(name)) = object.next_key()? {
            read.field(&name, &mut object, self.by)?;
        }
        read.end(self.by);
        Ok(read)
    }
}

impl<'de, B: Copy, T: Object<'de, B>> Visitor<'de> for Many<T, B> {
    type Value = Vec<T>;

    nothing_else!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(one) = list.next_element_seed(One::<T, B>::by(self.by))? {
            if read.is_empty() {
                read.reserve_exact(T::USUAL);
            }
            read.push(one);
        }
        Ok(read)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Vec<T>, A::Error> {
        passed_over_object(object)
    }
}

fn passed_over<'de, A: SeqAccess<'de>, T: Default>(mut list: A) -> Result<T, A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(T::default())
}

fn passed_over_object<'de, A: MapAccess<'de>, T: Default>(mut object: A) -> Result<T, A::Error> {
    while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(T::default())
}

impl<'de, B: Copy, T: Object<'de, B>> DeserializeSeed<'de> for One<T, B> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<T, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de, B: Copy, T: Object<'de, B>> DeserializeSeed<'de> for Many<T, B> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Vec<T>, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(OfScalar).map(Self)
    }
}

struct OfScalar;

impl<'de> Visitor<'de> for OfScalar {
    type Value = Option<Text<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(truth(yes))))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        let number = serde_json::Number::from_f64(number);
        Ok(number.map(|number| Cow::Owned(number.to_string())))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(worth(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(worth(text).map(|text| Cow::Owned(text.into_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        passed_over(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        passed_over_object(object)
    }
}
