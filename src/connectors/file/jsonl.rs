//! One JSON object a line.
//!
//! The fields of objects in objects are called by both names with a dot between. Lists are looked
//! through: `{"labels": [{"name": "a"}, {"name": "b"}]}` says that `labels.name` is `a` and `b`.

use std::fmt;
use std::io::{self, BufRead};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::lines::{Counted, Line};
use super::named::{NamedRows, Names, Next, Row};
use super::text::Decoder;
use crate::connectors::halves;

/// Reads lines of JSON.
pub(super) struct JsonLines<R> {
    lines: Counted<R>,
    line: Vec<u8>,
    path: String,
}

impl<R: BufRead> JsonLines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            lines: Counted::new(input),
            line: Vec::new(),
            path: String::new(),
        }
    }

    /// The values of the line, or why it has none.
    fn values(&mut self, row: &mut Row, names: &mut Names) -> Result<(), String> {
        halves::mend(&mut self.line);
        let line = self.line.trim_ascii();
        if line.first() != Some(&b'{') {
            let mut decoder = Decoder::default();
            let short: String = decoder.text(line).chars().take(40).collect();
            return Err(format!("the line is no JSON object: {short}"));
        }
        self.path.clear();
        let mut json = serde_json::Deserializer::from_slice(line);
        let values = Values {
            path: &mut self.path,
            row,
            names,
        };
        let read = values.deserialize(&mut json).and_then(|()| json.end());
        read.map_err(|error| format!("the line cannot be read as JSON: {}", said(&error)))
    }
}

/// What the reader says, without the number of the line: it sees one line at a time.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.replace(" at line 1 column ", " at its letter ")
}

impl<R: BufRead + Send> NamedRows for JsonLines<R> {
    fn next(&mut self, row: &mut Row, names: &mut Names) -> io::Result<Next> {
        loop {
            row.line = self.lines.line;
            match self.lines.read_line(&mut self.line)? {
                Line::End => return Ok(Next::End),
                Line::TooLong => return Ok(Next::Odd("the line is too long".to_owned())),
                Line::Whole if self.line.trim_ascii().is_empty() => {}
                Line::Whole => {
                    let read = self.values(row, names);
                    return Ok(read.map_or_else(Next::Odd, |()| Next::Row));
                }
            }
        }
    }

    fn read(&self) -> u64 {
        self.lines.bytes
    }
}

/// Puts what stands at a path into a row.
struct Values<'a> {
    path: &'a mut String,
    row: &'a mut Row,
    names: &'a mut Names,
}

impl Values<'_> {
    fn within(&mut self) -> Values<'_> {
        Values {
            path: self.path,
            row: self.row,
            names: self.names,
        }
    }

    fn add(self, value: &str) {
        self.row.add(self.names, self.path, value);
    }
}

impl<'de> DeserializeSeed<'de> for Values<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Values<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.add(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.add(&value.to_string());
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.add(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.add(&value.to_string());
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.add(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self.within())?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(key) = object.next_key::<String>()? {
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            let read = object.next_value_seed(self.within());
            self.path.truncate(length);
            read?;
        }
        Ok(())
    }
}
