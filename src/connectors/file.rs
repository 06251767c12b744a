//! Event logs in files: delimited text, one event a row or one item a row.
//!
//! A file is understood from its head (delimiter, header, which column is what, how times are
//! written) and then read once, in order, through a few reused buffers. Rows that cannot be read
//! are listed with their line and kept out.

mod batches;
mod columns;
mod connector;
mod found;
mod head;
mod names;
mod pieces;
mod plan;
mod receive;
mod records;
mod report;
mod rows;
mod sample;
mod scan;
mod text;
mod times;

pub use connector::FileConnector;
pub use report::{Choice, FileReport};

use super::Fault;
use super::settings::FileSettings;
use crate::model::health::Progress;
use crate::model::id::SourceName;
use crate::model::log::LogBuilder;
use head::Opened;
use pieces::{Piece, Pieces, Sizes};
use receive::{IntoLog, Receiver};
use records::{Records, Step};
use rows::Rows;
use scan::Scanner;

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
    let opened = head::open(settings)?;
    let plan_of = |builder, opened: &Opened| IntoLog::new(builder, source, &opened.plan);
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
    let (order, notes) = (opened.order(), opened.notes());
    let (doubt, mut found) = (opened.doubt(), opened.found());
    let Opened {
        file,
        size,
        head,
        rows_begin,
        dialect,
        plan,
        times,
        ..
    } = opened;
    let mut records = Records::new(dialect);
    records.watch(plan.leading());
    let scanner = Scanner::of(&plan, dialect, &times);
    let mut rows = Rows::new(&plan, times, receiver);
    rows.skip_lines(rows_begin.1);
    rows.name_statuses()?;
    let mut piece = head;
    let mut unread = through(
        piece.bytes(),
        rows_begin.0,
        piece.last,
        &mut records,
        &mut rows,
    )?;
    let mut read = piece.bytes().len() as u64;
    if !piece.last {
        // A twentieth more than the head promises spares growing at the end.
        let so_far = so_far(rows.items(), read, size);
        let expected = so_far.total.unwrap_or(0);
        rows.expect(expected - so_far.done + expected / 20);
    }
    let mut pieces = Pieces::start(file, size.saturating_sub(read), scanner.as_ref(), sizes);
    while !piece.last {
        progress(so_far(rows.items(), read, size));
        let next = pieces.after(piece, unread);
        piece = next.map_err(|error| head::fault(settings, &error))?;
        unread = take(&piece, &mut records, &mut rows)?;
        read += piece.own().len() as u64;
    }
    progress(so_far(rows.items(), read, size));
    let (mut report, times) = rows.finish()?;
    report.times = Opened::times_sentence(order.as_deref(), times.told(), settings);
    report.notes.splice(0..0, notes);
    report.choices = plan.choices;
    report.doubt = doubt;
    if times.told().civil {
        found.time_zone = Some(found::zone(settings));
    }
    report.found = found;
    Ok(report)
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
