//! Plain tables for people.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// A table whose columns are as wide as they need; those that hold only numbers stand right.
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(header: Vec<String>) -> Self {
        Self { rows: vec![header] }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows
            .push(cells.into_iter().map(|cell| harmless(&cell)).collect());
    }

    /// The lines of the table, each ended by a line break.
    pub(super) fn text(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let widths: Vec<usize> = (0..columns).map(|at| self.width(at)).collect();
        let numeric: Vec<bool> = (0..columns).map(|at| self.is_numeric(at)).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                let pad = " ".repeat(widths[at].saturating_sub(cell.width()));
                let gap = if at == 0 { "" } else { "  " };
                let (left, right) = if numeric[at] {
                    (pad.as_str(), "")
                } else {
                    ("", pad.as_str())
                };
                let _ = write!(line, "{gap}{left}{cell}{right}");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn width(&self, at: usize) -> usize {
        self.rows
            .iter()
            .map(|row| row[at].width())
            .max()
            .unwrap_or(0)
    }

    fn is_numeric(&self, at: usize) -> bool {
        let number = |text: &str| {
            text.is_empty() || text == "–" || text.trim_end_matches(" %").parse::<f64>().is_ok()
        };
        self.rows.iter().skip(1).all(|row| number(&row[at]))
    }
}

/// Without characters that would move the cursor or hide text.
pub(super) fn harmless(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect()
}
