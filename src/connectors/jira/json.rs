//! JSON as Jira sends it, with its texts where they stand in what was read, wherever that can be.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::model::time::Millis;

/// Numbers below are seconds since 1970, above milliseconds.
const LAST_IN_SECONDS: i64 = 100_000_000_000;

/// A text, borrowed where it is written without escapes.
pub(super) type Text<'a> = Cow<'a, str>;

/// Any value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Json<'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Text<'a>),
    List(Vec<Json<'a>>),
    /// In the order of the file; of two with one name the last counts.
    Object(Vec<(Text<'a>, Json<'a>)>),
}

impl Json<'_> {
    /// What an object holds under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(fields) = self else {
            return None;
        };
        let mut fields = fields.iter().rev();
        fields.find(|(is, _)| is == name).map(|(_, value)| value)
    }

    /// What a list holds; nothing if it is none.
    pub(super) fn list(&self) -> &[Self] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// One value as text; the empty text is no value.
    pub(super) fn scalar(&self) -> Option<Text<'_>> {
        match self {
            Self::Text(text) => worth(text),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Bool(yes) => Some(truth(*yes).into()),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// The same of what an object holds under a name.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.scalar().map(Text::into_owned)
    }

    /// A count, sent as a number or as text.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Self::Number(number) => number.as_u64(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The same with texts of its own.
    pub(super) fn into_owned(self) -> Json<'static> {
        match self {
            Self::Null => Json::Null,
            Self::Bool(yes) => Json::Bool(yes),
            Self::Number(number) => Json::Number(number),
            Self::Text(text) => Json::Text(owned(text)),
            Self::List(list) => Json::List(list.into_iter().map(Json::into_owned).collect()),
            Self::Object(fields) => Json::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (owned(name), value.into_owned()))
                    .collect(),
            ),
        }
    }
}

/// The same text on its own.
pub(super) fn owned(text: Text<'_>) -> Text<'static> {
    Cow::Owned(text.into_owned())
}

/// A text without the space around it; `None` if nothing is left.
pub(super) fn worth(text: &str) -> Option<Text<'_>> {
    let ends = [text.as_bytes().first(), text.as_bytes().last()];
    let is_bare = ends.into_iter().flatten().all(u8::is_ascii_graphic);
    let text = if is_bare { text } else { text.trim() };
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}

/// How yes and no are told.
pub(super) fn truth(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

/// An instant: text with an offset, or a number of seconds or milliseconds since 1970.
pub(super) fn instant(text: &str) -> Option<Millis> {
    match text.parse::<i64>() {
        Ok(number) if number.abs() < LAST_IN_SECONDS => Some(Millis(number * 1_000)),
        Ok(number) => Some(Millis(number)),
        Err(_) => Millis::parse(text),
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Json<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(number).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(Name(name)) = entries.next_key()? {
            fields.push((name, entries.next_value()?));
        }
        Ok(Json::Object(fields))
    }
}

/// A name in an object.
pub(super) struct Name<'a>(pub(super) Text<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_str(OfName).map(Self)
    }
}

struct OfName;

impl<'de> Visitor<'de> for OfName {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

impl<'a> From<&'a Value> for Json<'a> {
    fn from(value: &'a Value) -> Self {
        // Every value is one.
        Self::deserialize(value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Json, instant};
    use crate::model::time::Millis;

    #[test]
    fn instants_come_as_text_as_seconds_and_as_milliseconds() {
        let at = Millis::parse("2017-04-13T08:00:29Z");
        for told in [
            "1492070429",
            "1492070429000",
            "2017-04-13T08:00:29.000+0000",
            "2017-04-13T16:00:29.000+0800",
            "2017-04-13T08:00:29Z",
        ] {
            assert_eq!(instant(told), at, "{told}");
        }
        for none in ["soon", "1.5"] {
            assert_eq!(instant(none), None, "{none}");
        }
    }

    #[test]
    fn values_are_as_they_are_written() {
        let text = r#"{"a": " x\ty ", "b": [1, 13.0, -2, true, null], "a2": "", "b": ["z"]}"#;
        let json: Json<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(json.text("a").as_deref(), Some("x\ty"));
        assert_eq!(json.text("a2"), None);
        assert_eq!(json.get("b").unwrap().list().len(), 1);
        for (value, text) in [
            (json!(13.0), "13.0"),
            (json!(-2), "-2"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(true), "true"),
        ] {
            assert_eq!(Json::from(&value).scalar().as_deref(), Some(text));
        }
        for none in [json!(null), json!([1]), json!({"a": 1}), json!("  ")] {
            assert_eq!(Json::from(&none).scalar(), None);
        }
        assert_eq!(Json::from(&json!(" 7 ")).count(), Some(7));
        assert_eq!(Json::from(&json!(7.5)).count(), None);
    }
}
