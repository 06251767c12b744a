//! The head of a file: how it is delimited, what its columns are called, what stands in them.

use std::collections::HashMap;
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::names;
use super::records::{Dialect, Records, Step};
use super::text::Decoder;
use super::times::Stamp;

/// Rows looked at to tell the columns apart.
pub(super) const ROWS: usize = 5_000;
/// Records looked at to tell the delimiter.
const TRIED: usize = 200;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How delimited text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) dialect: Dialect,
    /// Position of the first row after the header, and how many lines stand before it.
    pub(super) rows_begin: (usize, u64),
}

/// What the first rows of a file say.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    /// Whether the columns have names of their own.
    pub(super) has_header: bool,
}

/// One column of the sample.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// As the header has it.
    pub(super) name: String,
    /// The distinct values; the first is the empty one.
    pub(super) texts: Vec<String>,
    /// For each row the position of its value among `texts`.
    pub(super) values: Vec<u32>,
    /// Places among `texts` by their text.
    known: HashTable<u32>,
}

impl Sample {
    /// Looks at the first bytes of a file; with `whole` they are all there is. `None` if there is
    /// no record in them.
    pub(super) fn take(head: &[u8], whole: bool) -> Option<(Shape, Self)> {
        let (begin, told) = sep_line(head);
        let dialect = told.unwrap_or_else(|| sniff(&head[begin..], whole));
        let mut records = Records::new(dialect);
        let first = record(&mut records, head, begin, whole)?;
        let (names, after_header) = first;
        let has_header = !looks_like_data(&names);
        let lines = super::records::breaks_in(&head[..after_header]);
        let rows_begin = if has_header {
            (after_header, lines)
        } else {
            (begin, super::records::breaks_in(&head[..begin]))
        };
        let mut sample = Self {
            columns: named(&names, has_header),
            rows: 0,
            has_header,
        };
        sample.fill(&mut records, (head, rows_begin.0, whole));
        let shape = Shape {
            dialect,
            rows_begin,
        };
        Some((shape, sample))
    }

    /// Rows whose values have names: of each the places of its values among `names`.
    pub(super) fn of_named<'a, R>(names: &[String], rows: impl Iterator<Item = R>) -> Self
    where
        R: Iterator<Item = (usize, &'a [u8])>,
    {
        let mut sample = Self {
            columns: named(names, true),
            rows: 0,
            has_header: true,
        };
        let mut decoder = Decoder::default();
        for row in rows.take(ROWS) {
            let mut values: Vec<&[u8]> = vec![b""; names.len()];
            for (column, value) in row {
                values[column] = value;
            }
            for (column, value) in sample.columns.iter_mut().zip(values) {
                column.add(&decoder.text(value));
            }
            sample.rows += 1;
        }
        sample
    }

    fn fill(&mut self, records: &mut Records, (head, begin, whole): (&[u8], usize, bool)) {
        let mut at = begin;
        let (mut scratch, mut decoder) = (Vec::new(), Decoder::default());
        while self.rows < ROWS
            && let Step::Record { next } = records.next(head, at, whole)
        {
            at = next;
            self.rows += 1;
            for (place, column) in self.columns.iter_mut().enumerate() {
                let bytes = records.field(head, place, &mut scratch);
                column.add(&decoder.text(bytes));
            }
        }
    }

    /// The column of a name, whatever its case; `column 3` by number where there is no header.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let wanted = name.trim().to_lowercase();
        self.columns
            .iter()
            .position(|column| column.name.trim().to_lowercase() == wanted)
    }

    /// All names, for a message.
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
        names.join(", ")
    }
}

impl Column {
    fn add(&mut self, text: &str) {
        let before = self.values.last().copied();
        let same = before.filter(|at| self.texts[*at as usize] == text);
        let at = same.unwrap_or_else(|| self.place(text));
        self.values.push(at);
    }

    /// The place of a text among the different ones.
    fn place(&mut self, text: &str) -> u32 {
        let Self { texts, known, .. } = self;
        let hash = FxBuildHasher.hash_one(text);
        if let Some(at) = known.find(hash, |at| texts[*at as usize] == text) {
            return *at;
        }
        let at = u32::try_from(texts.len()).unwrap_or(u32::MAX);
        texts.push(text.to_owned());
        known.insert_unique(hash, at, |at| {
            FxBuildHasher.hash_one(texts[*at as usize].as_str())
        });
        at
    }

    /// How many different values there are, the empty one left out.
    pub(super) fn distinct(&self) -> usize {
        self.texts.len() - 1
    }

    /// How many rows have a value.
    pub(super) fn filled(&self) -> usize {
        self.values.iter().filter(|value| **value != 0).count()
    }

    /// Whether (almost) all values are digits only.
    pub(super) fn is_digits(&self) -> bool {
        self.share(|text| text.bytes().all(|byte| byte.is_ascii_digit())) >= 0.95
    }

    /// Whether its values are times: nine in ten, or half of them under a name that says so.
    pub(super) fn is_times(&self) -> bool {
        let named = names::rank(&self.name, names::TIME).is_some();
        let enough = if named { 0.5 } else { 0.9 };
        self.filled() > 0 && self.share(|text| Stamp::parse(text).is_some()) >= enough
    }

    /// Bytes of a value, on average.
    pub(super) fn mean_length(&self) -> usize {
        let bytes: usize = self.texts.iter().map(String::len).sum();
        bytes / self.distinct().max(1)
    }

    /// The text of a row.
    pub(super) fn text(&self, row: usize) -> &str {
        &self.texts[self.values[row] as usize]
    }

    /// The share of the different values of which something is true.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand values")]
    pub(super) fn share(&self, holds: impl Fn(&str) -> bool) -> f64 {
        let true_of = self.texts[1..].iter().filter(|text| holds(text)).count();
        true_of as f64 / self.distinct().max(1) as f64
    }
}

/// `sep=;` in the first line, as spreadsheets understand it: where the records begin, and how.
fn sep_line(head: &[u8]) -> (usize, Option<Dialect>) {
    let Some(rest) = head.strip_prefix(b"sep=") else {
        return (0, None);
    };
    let Some((delimiter, rest)) = rest.split_first() else {
        return (0, None);
    };
    let ended = rest.strip_prefix(b"\r").unwrap_or(rest);
    match ended.strip_prefix(b"\n") {
        Some(after) => {
            let dialect = Dialect {
                delimiter: *delimiter,
                terminator: b'\n',
            };
            (head.len() - after.len(), Some(dialect))
        }
        None => (0, None),
    }
}

/// The delimiter that splits the most records into one number of fields.
fn sniff(head: &[u8], whole: bool) -> Dialect {
    let terminator = if head.contains(&b'\n') || !head.contains(&b'\r') {
        b'\n'
    } else {
        b'\r'
    };
    let dialects = DELIMITERS.map(|delimiter| Dialect {
        delimiter,
        terminator,
    });
    let best = dialects
        .into_iter()
        .enumerate()
        .max_by_key(|(place, dialect)| {
            (agreement(*dialect, head, whole), DELIMITERS.len() - place)
        });
    best.map_or(dialects[0], |(_, dialect)| dialect)
}

/// Per thousand of the records that have the commonest number of fields, and that number; nothing
/// if it is one.
fn agreement(dialect: Dialect, head: &[u8], whole: bool) -> (usize, usize) {
    let mut records = Records::new(dialect);
    let mut counts: HashMap<usize, usize, FxBuildHasher> = HashMap::default();
    let (mut at, mut seen) = (0, 0);
    while seen < TRIED
        && let Step::Record { next } = records.next(head, at, whole)
    {
        *counts.entry(records.len()).or_default() += 1;
        seen += 1;
        at = next;
    }
    let (fields, times) = counts
        .into_iter()
        .max_by_key(|(fields, times)| (*times, *fields))
        .unwrap_or((1, 0));
    if fields < 2 {
        return (0, 0);
    }
    (times * 1000 / seen.max(1), fields)
}

fn record(
    records: &mut Records,
    head: &[u8],
    at: usize,
    whole: bool,
) -> Option<(Vec<String>, usize)> {
    let Step::Record { next } = records.next(head, at, whole) else {
        return None;
    };
    let (mut scratch, mut decoder) = (Vec::new(), Decoder::default());
    let fields = (0..records.len())
        .map(|field| {
            let bytes = records.field(head, field, &mut scratch);
            decoder.text(bytes).into_owned()
        })
        .collect();
    Some((fields, next))
}

/// Whether a first line holds values rather than names.
fn looks_like_data(fields: &[String]) -> bool {
    let is_value = |text: &String| {
        let number = !text.is_empty() && text.parse::<f64>().is_ok();
        number || Stamp::parse(text).is_some()
    };
    fields.iter().any(is_value)
}

/// Columns by their header, or by number; a name that comes again gets its number behind it.
fn named(names: &[String], has_header: bool) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(names.len());
    for (number, name) in names.iter().enumerate().map(|(at, name)| (at + 1, name)) {
        let is_new = !columns.iter().any(|known| known.name == *name);
        let name = match (has_header && !name.is_empty(), is_new) {
            (true, true) => name.clone(),
            (true, false) => format!("{name} {number}"),
            (false, _) => format!("column {number}"),
        };
        let mut column = Column {
            name,
            ..Column::default()
        };
        column.place("");
        columns.push(column);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Sample, Shape};

    fn taken(text: &str) -> (Shape, Sample) {
        Sample::take(text.as_bytes(), true).unwrap()
    }

    fn dialect(text: &str) -> Dialect {
        taken(text).0.dialect
    }

    fn sample(text: &str) -> Sample {
        taken(text).1
    }

    #[test]
    fn the_delimiter_is_the_one_that_agrees_with_itself() {
        for (text, delimiter) in [
            ("id;title;n\n1;a, b;2\n2;c, d, e;3\n", b';'),
            ("id\ttitle\n1\ta, b; c\n2\tb\n", b'\t'),
            ("id,title\n1,a;b;c\n2,b\n", b','),
            ("id|title\n1|a\n", b'|'),
            ("sep=;\r\nid,x;title\n1,1;a\n", b';'),
            ("alone\n1\n2\n", b','),
        ] {
            assert_eq!(dialect(text).delimiter, delimiter, "{text}");
        }
        assert_eq!(dialect("a,b\r1,2\r3,4").terminator, b'\r');
    }

    #[test]
    fn columns_know_what_stands_in_them() {
        let (shape, sample) = taken("Id,When,Text\n1,2023-01-01,\"a\nb\"\n2,2023-01-02,\n1,,x\n");
        assert_eq!((sample.rows, shape.rows_begin), (3, (13, 1)));
        assert_eq!(sample.find("WHEN "), Some(1));
        let [id, when, text] = &sample.columns[..] else {
            panic!("three columns")
        };
        assert!(id.is_digits() && !id.is_times() && when.is_times());
        assert_eq!((id.distinct(), when.filled(), text.filled()), (2, 2, 2));
        assert_eq!(text.text(0), "a\nb");
    }

    #[test]
    fn a_file_without_names_has_numbered_columns() {
        let sample = sample("A,2023-01-01T00:00:00Z,Open\nA,2023-01-02T00:00:00Z,Done\n");
        assert!(!sample.has_header);
        assert_eq!(sample.rows, 2);
        assert_eq!(sample.names(), "column 1, column 2, column 3");
        let twice = self::sample("id,x,x\nA,1,2\n");
        assert_eq!(twice.names(), "id, x, x 3");
    }
}
