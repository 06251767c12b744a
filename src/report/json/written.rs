//! The report as the text of JSON, as people read it: the sections are worked out and written side
//! by side.

use std::io;

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
        let streams = between((b'[', b']'), &lot(answers.iter().map(one), 1)?, 1);
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
    for (key, value) in entries {
        next(&mut out, depth);
        serde_json::to_writer(&mut out, key)?;
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
    }
    Ok(between((b'{', b'}'), &out, depth))
}

/// As there may be many, they are not all there as values at once.
fn open_items(answer: Answer<'_>, notes: &mut Notes, depth: usize) -> io::Result<Vec<u8>> {
    let lots = ageing(answer, notes, |items| {
        lot(items.iter().map(|item| written(item, depth + 1)), depth)
    });
    let lots: Vec<_> = lots.into_iter().collect::<io::Result<_>>()?;
    Ok(between((b'[', b']'), &lots.concat(), depth))
}

/// Values of a list that stands so many levels deep, each after a comma.
fn lot(values: impl Iterator<Item = io::Result<Vec<u8>>>, depth: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for value in values {
        next(&mut out, depth);
        out.extend_from_slice(&value?);
    }
    Ok(out)
}

/// Begins the next entry of what stands so many levels deep.
fn next(out: &mut Vec<u8>, depth: usize) {
    out.push(b',');
    out.extend_from_slice(line(depth + 1).as_bytes());
}

/// An object or a list of entries, each after a comma.
fn between((open, close): (u8, u8), entries: &[u8], depth: usize) -> Vec<u8> {
    let mut out = vec![open];
    if let Some(entries) = entries.strip_prefix(b",") {
        out.extend_from_slice(entries);
        out.extend_from_slice(line(depth).as_bytes());
    }
    out.push(close);
    out
}

/// A value that stands so many levels deep.
fn written(value: &Value, depth: usize) -> io::Result<Vec<u8>> {
    // A text of JSON holds no line break but between values.
    let text = serde_json::to_string_pretty(value)?;
    Ok(text.replace('\n', &line(depth)).into_bytes())
}

/// A line break, then two spaces a level.
fn line(depth: usize) -> String {
    format!("\n{}", "  ".repeat(depth))
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
