//! Delimited text: a header, then a line an entry.
//!
//! A cell that is empty says nothing. A text that is empty itself, or that begins with a backslash,
//! has a backslash before it.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::str;

use csv::{ByteRecord, ReaderBuilder};

use super::line::{COLUMNS, Line};
use super::{Entry, EntryWriter, Told};

const ESCAPE: char = '\\';

/// Whether a file begins with the header.
pub(super) fn is_own(head: &[u8]) -> bool {
    let header = COLUMNS.join(",");
    let after = head.strip_prefix(header.as_bytes());
    after.is_some_and(|after| matches!(after.first(), None | Some(b'\n' | b'\r')))
}

/// What the system says, if it is at fault.
fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

pub(super) struct Writer<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS).map_err(failed)?;
        Ok(Self { out })
    }
}

impl<W: Write> EntryWriter for Writer<W> {
    fn write(&mut self, entry: &Entry, status: Option<&str>) -> io::Result<()> {
        let line = Line::of(entry, status);
        let number = line.seq.map(|seq| Cow::Owned(seq.to_string()));
        let approximate = line.approximate.map(|is| Cow::Owned(is.to_string()));
        let cells = [
            Some(line.source),
            line.item,
            line.event,
            line.at,
            number,
            approximate,
            Some(line.change),
            line.what,
            line.old,
            line.new,
            line.name,
        ];
        let cells = cells.map(written);
        let cells = cells.iter().map(|cell| cell.as_bytes());
        self.out.write_record(cells).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn written(text: Option<Cow<'_, str>>) -> Cow<'_, str> {
    match text {
        None => Cow::Borrowed(""),
        Some(text) if text.is_empty() || text.starts_with(ESCAPE) => {
            Cow::Owned(format!("{ESCAPE}{text}"))
        }
        Some(text) => text,
    }
}

fn read(cell: &str) -> Option<Cow<'_, str>> {
    if cell.is_empty() {
        return None;
    }
    Some(Cow::Borrowed(cell.strip_prefix(ESCAPE).unwrap_or(cell)))
}

pub(super) struct Reader<R> {
    input: csv::Reader<R>,
    record: ByteRecord,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: ReaderBuilder::new().flexible(true).from_reader(input),
            record: ByteRecord::new(),
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Told>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.input.read_byte_record(&mut self.record) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.record.position().map_or(0, csv::Position::line);
                Some(Ok(Told {
                    place: format!("line {line}"),
                    entry: entry(&self.record),
                }))
            }
            Err(error) => Some(Err(failed(error))),
        }
    }
}

fn entry(record: &ByteRecord) -> Result<Entry, String> {
    let has = record.len();
    let wanted = COLUMNS.len();
    if has != wanted {
        return Err(format!(
            "the row has {has} fields where the header has {wanted}"
        ));
    }
    let cell = |at: usize| str::from_utf8(&record[at]).map_err(|_| not_text(COLUMNS[at]));
    let text = |at: usize| Ok::<_, String>(read(cell(at)?));
    let number = |at: usize| {
        let seq = text(at)?.map(|seq| seq.parse::<u64>());
        seq.transpose()
            .map_err(|_| format!("\"{}\" is no number", COLUMNS[at]))
    };
    let truth = |at: usize| match text(at)?.as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(format!("\"{}\" is neither true nor false", COLUMNS[at])),
    };
    let line = Line {
        source: text(0)?.unwrap_or_default(),
        item: text(1)?,
        event: text(2)?,
        at: text(3)?,
        seq: number(4)?,
        approximate: truth(5)?,
        change: text(6)?.unwrap_or_default(),
        what: text(7)?,
        old: text(8)?,
        new: text(9)?,
        name: text(10)?,
    };
    line.entry()
}

fn not_text(column: &str) -> String {
    format!("\"{column}\" is not UTF-8")
}
