//! Rows of named values: one table as CSV, Markdown or JSON.

use serde_json::{Map, Value};

use super::items::writing;
use super::markdown::escaped;
use super::table::Table;
use super::{Answer, Section, stream_json};

/// Rows of named values, all of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    rows: Vec<Map<String, Value>>,
}

impl Sheet {
    /// A sheet of rows; values in values are named by both names, `time_days` and `p50` make
    /// `time_days_p50`, and lists of plain values become one text.
    pub fn new(rows: impl IntoIterator<Item = Map<String, Value>>) -> Self {
        let flat = |row: Map<String, Value>| {
            let mut out = Map::new();
            flatten("", &Value::Object(row), &mut out);
            out
        };
        Self {
            rows: rows.into_iter().map(flat).collect(),
        }
    }

    /// The rows of a section of the report: its list, or the list it has at `list`.
    pub fn of_section(answer: Answer<'_>, section: Section, list: Option<&str>) -> Self {
        let report = stream_json(answer, &[section]);
        let told = report.get(section.name());
        let rows = match list {
            Some(list) => told.and_then(|told| told.get(list)),
            None => told,
        };
        let rows = rows.and_then(Value::as_array).into_iter().flatten();
        Self::new(rows.filter_map(Value::as_object).cloned())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names of all columns, in the order they first come.
    fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for name in self.rows.iter().flat_map(Map::keys) {
            if known.insert(name.as_str()) {
                columns.push(name);
            }
        }
        columns
    }

    fn cells<'a>(row: &'a Map<String, Value>, columns: &'a [&str]) -> impl Iterator<Item = String> {
        columns
            .iter()
            .map(|name| row.get(*name).map_or_else(String::new, plain))
    }

    /// The rows as CSV with a header; what does not exist is empty.
    ///
    /// # Errors
    /// What the writer of `out` says.
    pub fn csv(&self, out: impl std::io::Write) -> std::io::Result<()> {
        let columns = self.columns();
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&columns).map_err(writing)?;
        for row in &self.rows {
            let cells = Self::cells(row, &columns);
            writer.write_record(cells).map_err(writing)?;
        }
        writer.flush()
    }

    /// The rows as a table of Markdown.
    pub fn markdown(&self) -> String {
        let columns = self.columns();
        let mut table = Table::new(columns.iter().copied());
        for row in &self.rows {
            table.row(Self::cells(row, &columns));
        }
        table.markdown(escaped)
    }

    /// The rows as a JSON list of objects.
    pub fn json(&self) -> Value {
        self.rows.iter().cloned().map(Value::Object).collect()
    }
}

fn flatten(name: &str, value: &Value, out: &mut Map<String, Value>) {
    match value {
        Value::Object(parts) => {
            for (part, value) in parts {
                let name = if name.is_empty() {
                    part.clone()
                } else {
                    format!("{name}_{part}")
                };
                flatten(&name, value, out);
            }
        }
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().map(plain).collect();
            out.insert(name.to_owned(), Value::from(texts.join("; ")));
        }
        plain => {
            out.insert(name.to_owned(), plain.clone());
        }
    }
}

/// A value as it stands in a cell.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Sheet;

    fn sheet(rows: &[Value]) -> Sheet {
        let objects = rows.iter().filter_map(Value::as_object);
        Sheet::new(objects.cloned())
    }

    fn csv(sheet: &Sheet) -> String {
        let mut out = Vec::new();
        sheet.csv(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn values_in_values_are_named_by_both() {
        let sheet = sheet(&[
            json!({ "name": "Review, late", "limit": null, "time": { "p50": 1.5, "p85": 4 } }),
            json!({ "name": "a|b", "time": { "p50": null }, "moved": ["x", 2] }),
        ]);
        let expected =
            "name,limit,time_p50,time_p85,moved\n\"Review, late\",,1.5,4,\na|b,,,,x; 2\n";
        assert_eq!(csv(&sheet), expected);
        assert_eq!(sheet.len(), 2);
        let markdown = sheet.markdown();
        assert!(markdown.contains("a\\|b"), "{markdown}");
        assert_eq!(markdown.lines().count(), 4);
        assert_eq!(sheet.json()[0]["time_p85"], json!(4));
    }

    #[test]
    fn nothing_has_no_columns() {
        assert!(sheet(&[]).is_empty());
        assert_eq!(sheet(&[]).json(), json!([]));
    }
}
