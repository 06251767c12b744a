//! Event logs in files: delimited text, one event a row or one item a row; one JSON object a line;
//! the process miners' XML; what Jira's search answered; each plain or packed with gzip.
//!
//! A file is understood from its head (delimiter, header, which column is what, how times are
//! written) and then read once, in order, through a few reused buffers. Rows that cannot be read
//! are listed with their line and kept out. Formats differ in how they find a row and its named
//! values; what becomes of a row is the same for all. Only files that weir itself wrote, and answers
//! of Jira, hold events, not rows, and are read as such.

mod answers;
mod batches;
mod columns;
mod connector;
mod format;
mod found;
mod head;
mod input;
mod jsonl;
mod lines;
mod named;
mod names;
mod own;
mod pieces;
mod plan;
mod receive;
mod records;
mod report;
mod returning;
mod rows;
mod sample;
mod scan;
mod text;
mod times;
mod xes;

pub use connector::FileConnector;
pub use format::file_stem;
pub use own::open_export;
pub use report::{Choice, FileReport};

use std::io;

use super::Fault;
use super::settings::{FileFormat, FileSettings};
use crate::model::health::Progress;
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;
use head::{Body, Opened, Text, Understood};
use named::{Gathered, Next, Row};
use pieces::{Piece, Pieces, Sizes};
use receive::{IntoLog, Receiver};
use records::{Dialect, Records, Step};
use rows::Rows;
use scan::Scanner;
use times::Told;

/// Reads a file straight into a log, past the history.
///
/// # Errors
/// [`Fault::NotFound`] or [`Fault::Unusable`] if the file cannot be opened or its columns cannot
/// be told; rows that cannot be read are listed in the report instead.
pub fn read_into(
    builder: &mut LogBuilder,
    source: &SourceName,
    settings: &FileSettings,
    progress: &mut dyn FnMut(Progress),
) -> Result<FileReport, Fault> {
    let begun = head::begin(settings)?;
    if let Some(format) = begun.own {
        let entries = own::entries(begun, format, settings)?;
        return own::read(entries, settings, &mut own::IntoLog(builder));
    }
    if begun.format == FileFormat::JiraJson {
        let mut into = own::IntoLog(builder);
        return answers::read(begun, (source, settings), &mut into, progress);
    }
    let opened = head::understand(begun, settings)?;
    let plan_of = |builder, opened: &Opened| IntoLog::new(builder, source, &opened.about.plan);
    let mut receiver = plan_of(builder, &opened)?;
    read(
        opened,
        settings,
        &mut receiver,
        (Sizes::default(), progress),
    )
}

/// Reads all rows of an opened file.
fn read<R: Receiver>(
    opened: Opened,
    settings: &FileSettings,
    receiver: &mut R,
    (sizes, progress): (Sizes, &mut dyn FnMut(Progress)),
) -> Result<FileReport, Fault> {
    let Opened { size, body, about } = opened;
    let Understood {
        plan,
        mut times,
        order,
        doubt,
        mut found,
        mut notes,
    } = about;
    // Those of the sample are read again.
    times.untell(Told {
        unclear: 0,
        ..times.told()
    });
    let scanner = |text: &Text| Scanner::of(&plan, text.dialect, &times);
    let mut rows = Rows::new(&plan, times.clone(), receiver);
    rows.name_statuses()?;
    let failed = |error: io::Error| head::fault(settings, &error);
    match body {
        Body::Delimited(text) => {
            let mut records = Records::new(text.dialect);
            records.watch(plan.leading());
            let pieces = (scanner(&text), sizes);
            let mut told = Reading {
                size,
                progress,
                failed: &failed,
            };
            delimited(text, (&mut records, &mut rows), pieces, &mut told)?;
        }
        Body::Named(mut gathered) => {
            let mut told = Reading {
                size,
                progress,
                failed: &failed,
            };
            named(&mut gathered, plan.width, &mut rows, &mut told)?;
            notes.extend(gathered.notes());
        }
    }
    let (mut report, times) = rows.finish()?;
    report.times = head::times_sentence(order.as_deref(), times.told(), settings);
    report.notes.splice(0..0, notes);
    report
        .notes
        .extend(head::unclear_note(times.told(), settings));
    report.choices = plan.choices;
    report.doubt = doubt;
    if times.told().civil {
        found.time_zone = Some(found::zone(settings));
    }
    report.found = found;
    report.of_some(settings)
}

/// What is said of a file while it is read.
struct Reading<'a> {
    /// Bytes of the file.
    size: u64,
    progress: &'a mut dyn FnMut(Progress),
    failed: &'a dyn Fn(io::Error) -> Fault,
}

impl Reading<'_> {
    /// Says how far the reading has come.
    fn so_far(&mut self, items: u64, read: u64) {
        (self.progress)(so_far(items, read, self.size));
    }
}

/// Reads the rows of delimited text.
fn delimited<R: Receiver>(
    text: Text,
    (records, rows): (&mut Records, &mut Rows<R>),
    (scanner, sizes): (Option<Scanner>, Sizes),
    told: &mut Reading<'_>,
) -> Result<(), Fault> {
    rows.skip_lines(text.rows_begin.1);
    let mut piece = text.head;
    let mut unread = through(piece.bytes(), text.rows_begin.0, piece.last, records, rows)?;
    let mut read = piece.bytes().len() as u64;
    if !piece.last {
        // A twentieth more than the head promises spares growing at the end.
        let so_far = so_far(rows.items(), read, told.size);
        let expected = so_far.total.unwrap_or(0);
        rows.expect(expected - so_far.done + expected / 20);
    }
    let rest = told.size.saturating_sub(read);
    let mut pieces = Pieces::start(text.input, rest, scanner.as_ref(), sizes);
    while !piece.last {
        told.so_far(rows.items(), read);
        piece = pieces
            .after(piece, unread, rows.returning())
            .map_err(told.failed)?;
        unread = take(&piece, records, rows)?;
        read += piece.own().len() as u64;
    }
    told.so_far(rows.items(), read);
    Ok(())
}

/// Rows of named values between two words on how far the reading has come.
const BETWEEN_WORDS: u64 = 10_000;

/// Reads rows whose values have names.
fn named<R: Receiver>(
    gathered: &mut Gathered,
    width: usize,
    rows: &mut Rows<R>,
    told: &mut Reading<'_>,
) -> Result<(), Fault> {
    let mut records = Records::new(Dialect::default());
    let mut row = Row::default();
    for number in 0_u64.. {
        if number % BETWEEN_WORDS == 0 {
            told.so_far(rows.items(), gathered.read());
        }
        let next = gathered.next(&mut row).map_err(told.failed)?;
        rows.at_line(row.line);
        match next {
            Next::Row => {
                records.take(width, row.values());
                rows.row(row.bytes(), &mut records)?;
            }
            Next::Odd(why) => rows.keep_out_line(why),
            Next::End => break,
        }
    }
    told.so_far(rows.items(), gathered.read());
    Ok(())
}

/// Takes the rows of a piece; where the first one that it cuts begins. What was scanned counts if
/// a record ends where the scan began.
fn take<R: Receiver>(
    piece: &Piece,
    records: &mut Records,
    rows: &mut Rows<R>,
) -> Result<usize, Fault> {
    let bytes = piece.bytes();
    let Some(scanned) = piece.scanned() else {
        return through(bytes, 0, piece.last, records, rows);
    };
    let begin = piece.carried() + scanned.begin;
    let mut at = through(&bytes[..begin], 0, false, records, rows)?;
    if at == begin {
        rows.take(piece.own(), scanned, records)?;
        records.forget();
        at = piece.carried() + scanned.end;
        if !piece.last {
            return Ok(at);
        }
    }
    through(bytes, at, piece.last, records, rows)
}

/// Reads the rows of a buffer; where the first one that it cuts begins.
fn through<R: Receiver>(
    buffer: &[u8],
    mut at: usize,
    last: bool,
    records: &mut Records,
    rows: &mut Rows<R>,
) -> Result<usize, Fault> {
    loop {
        match records.next(buffer, at, last) {
            Step::Record { next } => {
                if records.start() != at {
                    rows.skip_lines(records::breaks_in(&buffer[at..records.start()]));
                }
                rows.row(buffer, records)?;
                at = next;
            }
            Step::Cut if buffer.len() - at < LONGEST => return Ok(at),
            Step::Cut | Step::Unclosed => at = stray_quote(buffer, at, records, rows),
            Step::End => return Ok(buffer.len()),
        }
    }
}

/// Bytes that a record may have before its open quote is taken for a slip.
const LONGEST: usize = 8 * 1024 * 1024;

/// Keeps out a line whose quote never closes; where the next line begins.
fn stray_quote<R: Receiver>(
    buffer: &[u8],
    at: usize,
    records: &mut Records,
    rows: &mut Rows<R>,
) -> usize {
    let start = records.start();
    rows.skip_lines(records::breaks_in(&buffer[at..start]));
    rows.keep_out_line("a quote opens in the row and never closes".to_owned());
    records.forget();
    let line = memchr::memchr(b'\n', &buffer[start..]);
    line.map_or(buffer.len(), |end| start + end + 1)
}

/// Items read, and how many there will be if the rest of the file is like what was read.
fn so_far(items: u64, read: u64, size: u64) -> Progress {
    let expected = u128::from(items) * u128::from(size) / u128::from(read.max(1));
    let total = u64::try_from(expected).unwrap_or(u64::MAX).max(items);
    Progress {
        done: items,
        total: Some(total),
    }
}

#[cfg(test)]
mod tests;
