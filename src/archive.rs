//! The event log itself in files: every event with all its parts, written and read back without
//! loss, as delimited text, as one JSON object a line, or as Parquet.
//!
//! A file holds events and the names of statuses. Where a source stands and the forecasts that
//! were made are no part of it: whoever reads it into another history polls its sources anew, which
//! doubles nothing.

#[cfg(test)]
pub(crate) mod arbitrary;
mod csv;
mod jsonl;
mod line;
mod parquet;

use std::fs::File;
use std::io::{self, BufRead, Write};

use crate::model::batch::StatusName;
use crate::model::event::Event;
use crate::model::id::SourceName;

/// Formats of such files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text with a header.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// Columns, packed.
    Parquet,
}

/// One thing that such a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Something happened to an item.
    Event {
        /// Where the item comes from.
        source: SourceName,
        /// The tracker's immutable id of the item.
        item: String,
        /// What happened.
        event: Event,
    },
    /// A status is called so today.
    Status {
        /// Whose status.
        source: SourceName,
        /// Its id and name.
        status: StatusName,
    },
}

impl Entry {
    /// The source it is about.
    pub fn source(&self) -> &SourceName {
        match self {
            Self::Event { source, .. } | Self::Status { source, .. } => source,
        }
    }
}

/// Writes entries one after the other.
pub trait EntryWriter {
    /// Writes an entry. `status` is the name of today of the status that an event speaks of: for
    /// people, it is not read back.
    ///
    /// # Errors
    /// What the system says.
    fn write(&mut self, entry: &Entry, status: Option<&str>) -> io::Result<()>;

    /// Writes what is left.
    ///
    /// # Errors
    /// What the system says.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// An entry as it was read, or why it could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// "line 12", "row 12".
    pub place: String,
    /// The entry, or a sentence.
    pub entry: Result<Entry, String>,
}

/// Entries as they are read; an error ends them.
pub type Entries = Box<dyn Iterator<Item = io::Result<Told>> + Send>;

/// Begins a file.
///
/// # Errors
/// What the system says.
pub fn writer<W: Write + Send + 'static>(
    format: Format,
    out: W,
) -> io::Result<Box<dyn EntryWriter>> {
    Ok(match format {
        Format::Csv => Box::new(csv::Writer::new(out)?),
        Format::Jsonl => Box::new(jsonl::Writer::new(out)),
        Format::Parquet => Box::new(parquet::Writer::new(out)?),
    })
}

/// The format of such a file, told by its first bytes; `None` if it is another.
pub fn recognise(head: &[u8]) -> Option<Format> {
    if parquet::is_own(head) {
        return Some(Format::Parquet);
    }
    if csv::is_own(head) {
        return Some(Format::Csv);
    }
    jsonl::is_own(head).then_some(Format::Jsonl)
}

/// Reads delimited text.
pub fn read_csv(input: impl BufRead + Send + 'static) -> Entries {
    Box::new(csv::Reader::new(input))
}

/// Reads one JSON object a line.
pub fn read_jsonl(input: impl BufRead + Send + 'static) -> Entries {
    Box::new(jsonl::Reader::new(input))
}

/// Reads Parquet.
///
/// # Errors
/// If the file is damaged or is not one of weir's.
pub fn read_parquet(file: File) -> io::Result<Entries> {
    Ok(Box::new(parquet::Reader::new(file)?))
}

#[cfg(test)]
mod tests;
