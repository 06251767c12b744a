//! The elements of a log, and what stands in them.

use quick_xml::events::BytesStart;

/// What an element's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Log,
    Trace,
    Event,
    /// An attribute of whatever type, a declaration, or anything else.
    Other,
}

impl Tag {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "log" => Self::Log,
            "trace" => Self::Trace,
            "event" => Self::Event,
            _ => Self::Other,
        }
    }
}

/// An element that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Log,
    Trace,
    Event,
    /// Something with a key and mostly a value.
    Attribute {
        /// Bytes of the path above it.
        above: usize,
        /// Its text so far, where it has no value.
        untold: Option<String>,
    },
    /// Something that tells nothing, with all that stands in it.
    Passed,
}

impl Open {
    /// Whether an end of this name can be its own.
    pub(super) fn is_closed_by(&self, tag: Tag) -> bool {
        match self {
            Self::Log => tag == Tag::Log,
            Self::Trace => tag == Tag::Trace,
            Self::Event => tag == Tag::Event,
            Self::Attribute { .. } => tag == Tag::Other,
            Self::Passed => true,
        }
    }
}

/// What an attribute of the log's model says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) key: Option<String>,
    pub(super) value: Option<String>,
}

impl Attribute {
    /// Reads `key` and `value`; else why they cannot be read.
    pub(super) fn of(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut found = Self::default();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| format!("an element is broken: {error}"))?;
            let place = match attribute.key.as_ref() {
                "key" => &mut found.key,
                "value" => &mut found.value,
                _ => continue,
            };
            let text = quick_xml::escape::unescape(&attribute.value);
            let text = text.map_err(|error| format!("an attribute cannot be read: {error}"))?;
            *place = Some(text.into_owned());
        }
        Ok(found)
    }
}
