//! Tables for people: in plain text, and as they stand in Markdown.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// What stands for a value that cannot be known.
pub(super) const UNKNOWN: &str = "–";

/// A table whose columns are as wide as they need; those that hold only numbers stand right.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    reasons: Vec<(usize, &'static str)>,
}

impl Table {
    /// A table with this header.
    pub(super) fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Self {
        Self {
            rows: vec![header.into_iter().map(Into::into).collect()],
            reasons: Vec::new(),
        }
    }

    /// Says why values of the column at this position may be unknown.
    pub(super) fn unknown(mut self, column: usize, reason: &'static str) -> Self {
        self.reasons.push((column, reason));
        self
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter().map(|cell| harmless(&cell));
        self.rows.push(cells.collect());
    }

    /// Why values that are unknown are so: one sentence, if any is.
    pub(super) fn reasons(&self) -> Option<String> {
        let lacks = |at: usize| self.rows.iter().skip(1).any(|row| row[at] == UNKNOWN);
        let reasons = self.reasons.iter().filter(|(at, _)| lacks(*at));
        let told = reasons.map(|(at, reason)| format!("{}: {reason}", self.rows[0][*at]));
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| format!("{UNKNOWN}  {}", told.join("; ")))
    }

    /// The lines of the table, each begun by `indent` and ended by a line break.
    pub(super) fn text(&self, indent: &str) -> String {
        let columns = self.columns();
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<String> = row.iter().zip(&columns).map(|(c, at)| at.pad(c)).collect();
            let line = format!("{indent}{}", cells.join("  "));
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The same in Markdown; `escape` keeps a cell from meaning anything there.
    pub(super) fn markdown(&self, escape: impl Fn(&str) -> String) -> String {
        let escaped = |row: &Vec<String>| row.iter().map(|cell| escape(cell)).collect();
        let table = Self {
            rows: self.rows.iter().map(escaped).collect(),
            reasons: Vec::new(),
        };
        let mut columns = table.columns();
        for (at, column) in columns.iter_mut().enumerate() {
            column.width = column.width.max(3);
            column.numeric = self.is_numeric(at);
        }
        let mut text = String::new();
        for (at, row) in table.rows.iter().enumerate() {
            let cells: Vec<String> = row.iter().zip(&columns).map(|(c, at)| at.pad(c)).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if at == 0 {
                let rules: Vec<String> = columns.iter().map(Column::rule).collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        text
    }

    /// The same in HTML; `escape` keeps a cell from meaning anything there.
    pub(super) fn html(&self, escape: impl Fn(&str) -> String) -> String {
        let columns = self.columns();
        let mut text = String::new();
        for (at, row) in self.rows.iter().enumerate() {
            let tag = if at == 0 { "th" } else { "td" };
            let cell = |(cell, column): (&String, &Column)| {
                let class = if column.numeric { " class=\"n\"" } else { "" };
                format!("<{tag}{class}>{}</{tag}>", escape(cell))
            };
            let cells: String = row.iter().zip(&columns).map(cell).collect();
            let (open, close) = match at {
                0 => ("<thead>", "</thead>\n<tbody>"),
                _ => ("", ""),
            };
            let _ = writeln!(text, "{open}<tr>{cells}</tr>{close}");
        }
        format!("<table>\n{text}</tbody>\n</table>\n")
    }

    fn columns(&self) -> Vec<Column> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let column = |at: usize| Column {
            width: self
                .rows
                .iter()
                .map(|row| row[at].width())
                .max()
                .unwrap_or(0),
            numeric: self.is_numeric(at),
        };
        (0..columns).map(column).collect()
    }

    fn is_numeric(&self, at: usize) -> bool {
        let number = |text: &str| {
            text.is_empty() || text == UNKNOWN || text.trim_end_matches(" %").parse::<f64>().is_ok()
        };
        let mut cells = self.rows.iter().skip(1).map(|row| &row[at]);
        cells.clone().all(|cell| number(cell)) && cells.any(|cell| !cell.is_empty())
    }
}

/// How a column is set.
struct Column {
    width: usize,
    numeric: bool,
}

impl Column {
    fn pad(&self, cell: &str) -> String {
        let pad = " ".repeat(self.width.saturating_sub(cell.width()));
        if self.numeric {
            pad + cell
        } else {
            cell.to_owned() + &pad
        }
    }

    /// What stands under the header in Markdown.
    fn rule(&self) -> String {
        let dashes = "-".repeat(self.width - 1);
        if self.numeric {
            dashes + ":"
        } else {
            dashes + "-"
        }
    }
}

/// Without characters that would move the cursor or hide text.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}
