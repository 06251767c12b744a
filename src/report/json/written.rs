//! The report as the text of JSON, as people read it: the sections are worked out and written side
//! by side.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use serde_json::{Map, Value};

use super::{Notes, SCHEMA, ageing, head, section_json};
use crate::metrics::all;
use crate::report::{Answer, Section};

/// What [`super::stream_json`] says of one stream; of several, a list of what it says of each.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn json_text(answers: &[Answer<'_>], sections: &[Section]) -> io::Result<Vec<u8>> {
    let schema = ("schema".to_owned(), SCHEMA.to_string().into_bytes());
    let mut text = if let [one] = answers {
        let mut entries = vec![schema];
        entries.extend(stream(*one, sections, 1)?);
        object(&entries, 0)?
    } else {
        let one = |answer: &Answer<'_>| object(&stream(*answer, sections, 3)?, 2);
        let streams = list(&[lot(answers.iter().map(one), 1)?], 1)?;
        object(&[schema, ("streams".to_owned(), streams)], 0)?
    };
    text.push(b'\n');
    Ok(text)
}

/// A name and the text of its value.
type Entry = (String, Vec<u8>);

/// What is said of one stream, so many levels deep.
fn stream(answer: Answer<'_>, sections: &[Section], depth: usize) -> io::Result<Vec<Entry>> {
    let told = all(sections, |section| {
        let mut notes = Notes::default();
        let text = match section {
            Section::Ageing => open_items(answer, &mut notes, depth),
            _ => written(&section_json(*section, answer, &mut notes), depth),
        };
        (text, notes)
    });
    let mut entries = Vec::new();
    for (key, value) in head(answer) {
        entries.push((key, written(&value, depth)?));
    }
    let mut all_notes = Map::new();
    for (section, (text, notes)) in sections.iter().zip(told) {
        entries.push((section.name().to_owned(), text?));
        all_notes.extend(notes.0);
    }
    entries.push((
        "notes".to_owned(),
        written(&Value::Object(all_notes), depth)?,
    ));
    Ok(entries)
}

fn object(entries: &[Entry], depth: usize) -> io::Result<Vec<u8>> {
    let size = entries.iter().map(|(key, value)| key.len() + value.len());
    let mut out = Vec::with_capacity(size.sum::<usize>() + entries.len() * 16);
    let mut layout = Layout::at(depth);
    layout.begin_object(&mut out)?;
    for (at, (key, value)) in entries.iter().enumerate() {
        layout.begin_object_key(&mut out, at == 0)?;
        serde_json::to_writer(&mut out, key)?;
        layout.begin_object_value(&mut out)?;
        out.extend_from_slice(value);
        layout.end_object_value(&mut out)?;
    }
    layout.end_object(&mut out)?;
    Ok(out)
}

/// As there may be many, they are not all there as values at once.
fn open_items(answer: Answer<'_>, notes: &mut Notes, depth: usize) -> io::Result<Vec<u8>> {
    let lots = ageing(answer, notes, |items| {
        lot(items.iter().map(|item| written(item, depth + 1)), depth)
    });
    list(&lots.into_iter().collect::<io::Result<Vec<_>>>()?, depth)
}

/// Values of a list that stands so many levels deep, each after a comma.
fn lot(values: impl Iterator<Item = io::Result<Vec<u8>>>, depth: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let layout = Layout::at(depth + 1);
    for value in values {
        layout.next(&mut out, false)?;
        out.extend_from_slice(&value?);
    }
    Ok(out)
}

/// A list of all values of some lots.
fn list(lots: &[Vec<u8>], depth: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut layout = Layout::at(depth);
    layout.begin_array(&mut out)?;
    let values = lots.concat();
    if let Some(values) = values.strip_prefix(b",") {
        out.extend_from_slice(values);
        layout.is_filled = true;
    }
    layout.end_array(&mut out)?;
    Ok(out)
}

/// A value that stands so many levels deep.
fn written(value: &Value, depth: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = Serializer::with_formatter(&mut out, Layout::at(depth));
    value.serialize(&mut writer)?;
    Ok(out)
}

/// Two spaces a level, a line a value.
struct Layout {
    depth: usize,
    /// Whether anything stands in the list or the object.
    is_filled: bool,
}

/// A line break and as many spaces as most values need.
const LINE: &[u8] = b"\n                                                                ";

impl Layout {
    fn at(depth: usize) -> Self {
        Self {
            depth,
            is_filled: false,
        }
    }

    fn line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        let mut left = 1 + 2 * self.depth;
        let mut from = 0;
        while left > 0 {
            let now = left.min(LINE.len() - from);
            out.write_all(&LINE[from..from + now])?;
            left -= now;
            from = 1;
        }
        Ok(())
    }

    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_filled = false;
        out.write_all(bracket)
    }

    fn next<W: Write + ?Sized>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        if !is_first {
            out.write_all(b",")?;
        }
        self.line(out)
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.is_filled {
            self.line(out)?;
        }
        out.write_all(bracket)
    }
}

impl Formatter for Layout {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.is_filled = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.is_filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::metrics::{AsOf, Question, board, measure};
    use crate::report::stream_json;

    fn pretty(value: &Value) -> String {
        serde_json::to_string_pretty(value).unwrap() + "\n"
    }

    #[test]
    fn a_value_is_written_as_for_people() {
        let deep = (0..40).fold(json!([]), |inner, _| json!([{}, [], { "a\"b": inner }]));
        for value in [json!({}), json!({ "one": [1, 2.5, null], "two": {} }), deep] {
            let text = written(&value, 0).unwrap();
            assert_eq!(String::from_utf8(text).unwrap() + "\n", pretty(&value));
        }
    }

    #[test]
    fn the_text_says_what_the_value_says() {
        let snapshot = board(&[(0, "Ready"), (3, "Build")]);
        let question = Question::about(&snapshot, 0, AsOf::EndOfEvents);
        let measures = measure(&snapshot, &question).unwrap();
        let answer = Answer {
            snapshot: &snapshot,
            stream: 0,
            measures: &measures,
            promises: None,
        };
        let text = |answers: &[Answer<'_>]| {
            String::from_utf8(json_text(answers, &Section::ALL).unwrap()).unwrap()
        };
        let mut one = stream_json(answer, &Section::ALL);
        assert_eq!(text(&[answer]), pretty(&one));
        one.as_object_mut().unwrap().shift_remove("schema");
        let two = json!({ "schema": 1, "streams": [one, one] });
        assert_eq!(text(&[answer, answer]), pretty(&two));
        let none = json!({ "schema": 1, "streams": [] });
        assert_eq!(text(&[]), pretty(&none));
    }
}
