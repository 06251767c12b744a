//! Parquet: the same columns, some thousand lines a group.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, GzipLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::SerializedFileReader;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;

use super::line::Line;
use super::{Entry, EntryWriter, Told};

/// Lines of a group.
const GROUP: usize = 16 * 1024;
/// Bytes of a group's texts, about: long texts make it shorter.
const GROUP_BYTES: usize = 16 * 1024 * 1024;

const SCHEMA: &str = "message weir {
    required binary source (STRING);
    optional binary item (STRING);
    optional binary event (STRING);
    optional int64 at (TIMESTAMP(MILLIS, true));
    optional int64 seq (INTEGER(64, false));
    optional boolean approximate;
    required binary change (STRING);
    optional binary what (STRING);
    optional binary old (STRING);
    optional binary new (STRING);
    optional binary name (STRING);
}";

/// Whether a file begins as Parquet does.
pub(super) fn is_own(head: &[u8]) -> bool {
    head.starts_with(b"PAR1")
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::new(io::ErrorKind::InvalidData, other),
        },
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}

pub(super) struct Writer<W: Write + Send> {
    out: SerializedFileWriter<W>,
    group: Group,
}

/// Lines by column.
#[derive(Default)]
struct Group {
    rows: usize,
    bytes: usize,
    source: Column<ByteArray>,
    item: Column<ByteArray>,
    event: Column<ByteArray>,
    at: Column<i64>,
    seq: Column<i64>,
    approximate: Column<bool>,
    change: Column<ByteArray>,
    /// `what`, `old`, `new`, `name`.
    parts: [Column<ByteArray>; 4],
}

/// Values, and for each line whether it has one.
struct Column<T> {
    values: Vec<T>,
    has: Vec<i16>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            has: Vec::new(),
        }
    }
}

impl<T> Column<T> {
    fn push(&mut self, value: Option<T>) {
        self.has.push(i16::from(value.is_some()));
        self.values.extend(value);
    }
}

impl Group {
    fn push(&mut self, entry: &Entry, status: Option<&str>) {
        let line = Line::of(entry, status);
        let at = match entry {
            Entry::Event { event, .. } => Some(event.at.0),
            Entry::Status { .. } => None,
        };
        let mut text = |text: Option<Cow<'_, str>>| {
            let text = text?;
            self.bytes += text.len();
            Some(ByteArray::from(text.as_bytes().to_vec()))
        };
        self.source.push(text(Some(line.source)));
        self.item.push(text(line.item));
        self.event.push(text(line.event));
        self.at.push(at);
        self.seq.push(line.seq.map(u64::cast_signed));
        self.approximate.push(line.approximate);
        self.change.push(text(Some(line.change)));
        let parts = [line.what, line.old, line.new, line.name];
        for (column, part) in self.parts.iter_mut().zip(parts) {
            column.push(text(part));
        }
        self.rows += 1;
    }

    fn is_full(&self) -> bool {
        self.rows >= GROUP || self.bytes >= GROUP_BYTES
    }

    fn write<W: Write + Send>(
        &self,
        out: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        column::<ByteArrayType, _>(out, &self.source.values, None)?;
        optional::<ByteArrayType, _>(out, &self.item)?;
        optional::<ByteArrayType, _>(out, &self.event)?;
        optional::<Int64Type, _>(out, &self.at)?;
        optional::<Int64Type, _>(out, &self.seq)?;
        optional::<BoolType, _>(out, &self.approximate)?;
        column::<ByteArrayType, _>(out, &self.change.values, None)?;
        for part in &self.parts {
            optional::<ByteArrayType, _>(out, part)?;
        }
        Ok(())
    }
}

fn optional<T: DataType, W: Write + Send>(
    out: &mut SerializedRowGroupWriter<'_, W>,
    of: &Column<T::T>,
) -> Result<(), ParquetError> {
    column::<T, W>(out, &of.values, Some(&of.has))
}

fn column<T: DataType, W: Write + Send>(
    out: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
    has: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let Some(mut column) = out.next_column()? else {
        return Ok(());
    };
    column.typed::<T>().write_batch(values, has, None)?;
    column.close()
}

impl<W: Write + Send> Writer<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let schema = parse_message_type(SCHEMA).map_err(failed)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::GZIP(GzipLevel::default()))
            .build();
        let out = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties));
        Ok(Self {
            out: out.map_err(failed)?,
            group: Group::default(),
        })
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        let group = std::mem::take(&mut self.group);
        if group.rows > 0 {
            let mut out = self.out.next_row_group()?;
            group.write(&mut out)?;
            out.close()?;
        }
        Ok(())
    }
}

impl<W: Write + Send> EntryWriter for Writer<W> {
    fn write(&mut self, entry: &Entry, status: Option<&str>) -> io::Result<()> {
        self.group.push(entry, status);
        if self.group.is_full() {
            self.flush().map_err(failed)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.flush().map_err(failed)?;
        let mut out = self.out.into_inner().map_err(failed)?;
        out.flush()
    }
}

pub(super) struct Reader {
    rows: RowIter<'static>,
    number: u64,
}

impl Reader {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let file = SerializedFileReader::new(file).map_err(failed)?;
        Ok(Self {
            rows: RowIter::from_file_into(Box::new(file)),
            number: 0,
        })
    }
}

impl Iterator for Reader {
    type Item = io::Result<Told>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        self.number += 1;
        Some(row.map_err(failed).map(|row| Told {
            place: format!("row {}", self.number),
            entry: line(row).entry(),
        }))
    }
}

/// Columns by name; those that are not weir's are passed over.
fn line(row: Row) -> Line<'static> {
    let mut line = Line::default();
    for (name, field) in row.into_columns() {
        match (name.as_str(), field) {
            ("source", field) => line.source = text(field).unwrap_or_default(),
            ("item", field) => line.item = text(field),
            ("event", field) => line.event = text(field),
            ("at", Field::TimestampMillis(at)) => line.at = Some(at.to_string().into()),
            ("seq", Field::ULong(seq)) => line.seq = Some(seq),
            ("approximate", Field::Bool(is)) => line.approximate = Some(is),
            ("change", field) => line.change = text(field).unwrap_or_default(),
            ("what", field) => line.what = text(field),
            ("old", field) => line.old = text(field),
            ("new", field) => line.new = text(field),
            ("name", field) => line.name = text(field),
            _ => {}
        }
    }
    line
}

fn text(field: Field) -> Option<Cow<'static, str>> {
    match field {
        Field::Str(text) => Some(Cow::Owned(text)),
        _ => None,
    }
}
