//! The report as CSV: a row a number, for spreadsheets.

use serde_json::Value;

use super::json::called;
use super::{Answer, Section, stream_json};

/// One row a value: the stream, the measure by its path in the JSON report, as policies name it too,
/// the value; one that cannot be known is empty.
///
/// # Errors
/// What the writer of `out` says.
pub fn streams_csv(
    answers: &[Answer<'_>],
    sections: &[Section],
    out: impl std::io::Write,
) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["stream", "measure", "value"])?;
    for answer in answers {
        let report = stream_json(*answer, sections);
        let stream = answer.measures.stream.as_str();
        for section in sections {
            let mut rows = Vec::new();
            if let Some(value) = report.get(section.name()) {
                flatten(section.name().to_owned(), value, &mut rows);
            }
            for (path, value) in rows {
                writer.write_record([stream, &path, &value])?;
            }
        }
    }
    writer.flush()
}

/// A name as it stands in a path.
fn quoted(name: &str) -> String {
    if name.contains('.') {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

fn flatten(path: String, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                flatten(format!("{path}.{key}"), value, rows);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                let step = called(value).map_or_else(|| at.to_string(), quoted);
                flatten(format!("{path}.{step}"), value, rows);
            }
        }
        Value::Null => rows.push((path, String::new())),
        Value::String(text) => rows.push((path, text.clone())),
        other => rows.push((path, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::flatten;

    #[test]
    fn entries_of_lists_are_called_by_their_names() {
        let value = json!({ "n": 2, "by": [{ "name": "Build", "load": null }, { "x": "y" }] });
        let mut rows = Vec::new();
        flatten("s".to_owned(), &value, &mut rows);
        let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("s.n", "2"),
                ("s.by.Build.name", "Build"),
                ("s.by.Build.load", ""),
                ("s.by.1.x", "y")
            ]
        );
    }
}
