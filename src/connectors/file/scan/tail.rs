//! The quick way through rows that repeat the leading fields and whose others are as plain as most
//! are: what stands behind the leading fields.

use super::super::plan::Plan;
use super::super::records::{Dialect, Ends, Span};
use super::super::times::TimeReader;
use super::names::Seen;
use super::tails::Tails;
use crate::model::time::Sec;

/// The fields of a row behind the leading ones.
#[derive(Clone, Debug)]
pub(super) struct Tail {
    /// All but the last.
    fields: Vec<Field>,
    last: Field,
    dialect: Dialect,
    ends: Ends,
    /// Bytes of the last time that was read.
    pub(super) time_length: usize,
    /// What stands behind the time, where that comes first.
    tails: Tails,
}

/// What a field is to the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Time,
    Status,
    Other,
}

/// What reads the time, what knows the statuses, and where their names stand.
pub(super) type With<'a> = (&'a mut TimeReader, &'a mut Seen, &'a mut Vec<Span>);

/// A row understood.
pub(super) struct Quick {
    /// The second, and the milliseconds after it.
    pub(super) at: (Sec, u16),
    pub(super) status: u16,
    /// Where the next row begins.
    pub(super) next: usize,
}

impl Tail {
    /// Of rows with one status and one time.
    pub(super) fn of(plan: &Plan, dialect: Dialect, (status, time): (usize, usize)) -> Self {
        let field = |column| match column {
            _ if column == status => Field::Status,
            _ if column == time => Field::Time,
            _ => Field::Other,
        };
        let last = plan.width.saturating_sub(1);
        Self {
            fields: (plan.leading()..last).map(field).collect(),
            last: field(last),
            dialect,
            ends: Ends::of(dialect),
            time_length: 0,
            tails: Tails::default(),
        }
    }

    /// Forgets the numbers of statuses.
    pub(super) fn clear(&mut self) {
        self.tails.clear();
    }

    /// The row whose leading fields end before `at`; `None` if any field is not plain.
    #[inline]
    pub(super) fn row(&mut self, bytes: &[u8], at: usize, with: With<'_>) -> Option<Quick> {
        if self.fields.first() != Some(&Field::Time) {
            return self.rest(bytes, (at, 0), None, with);
        }
        let end = at + self.time_length;
        if *bytes.get(end)? != self.dialect.delimiter {
            return None;
        }
        let time = with.0.read_iso(&bytes[at..end])?;
        let behind = end + 1;
        let tail = self.tails.end(&bytes[behind..], &self.ends);
        if let Some(tail) = &tail
            && let Some(status) = self.tails.find(tail)
        {
            let next = behind + tail.length;
            return Some(Quick {
                at: time,
                status,
                next,
            });
        }
        let row = self.rest(bytes, (behind, 1), Some(time), with)?;
        if let Some(tail) = tail.filter(|tail| behind + tail.length == row.next) {
            self.tails.keep(&tail, row.status);
        }
        Some(row)
    }

    /// The same from a field on, which begins at `here`; `time` if that is known already.
    #[inline]
    fn rest(
        &self,
        bytes: &[u8],
        (mut here, from): (usize, usize),
        mut time: Option<(Sec, u16)>,
        (times, seen, names): With<'_>,
    ) -> Option<Quick> {
        let mut status = (0, 0);
        for field in &self.fields[from..] {
            let end = self.end(bytes, here, *field)?;
            if *bytes.get(end)? != self.dialect.delimiter {
                return None;
            }
            match field {
                Field::Time => time = Some(times.read_iso(&bytes[here..end])?),
                Field::Status => status = (here, end),
                Field::Other => {}
            }
            here = end + 1;
        }
        let end = self.end(bytes, here, self.last)?;
        let (end, next) = self.line_end(bytes, end)?;
        match self.last {
            Field::Time => time = Some(times.read_iso(bytes.get(here..end)?)?),
            Field::Status => status = (here, end),
            Field::Other => {}
        }
        let name = Span::plain(status.0, status.1);
        Some(Quick {
            at: time?,
            status: seen.number_of_filled(bytes, name, names)?,
            next,
        })
    }

    /// Where a field without quotes should end.
    #[inline]
    fn end(&self, bytes: &[u8], here: usize, field: Field) -> Option<usize> {
        if field == Field::Time {
            let end = here + self.time_length;
            return (end <= bytes.len()).then_some(end);
        }
        let is_quoted = *bytes.get(here)? == b'"';
        (!is_quoted).then(|| self.ends.first(bytes, here))
    }

    /// Where the last field ends and the next row begins, if it ends at `end` as it should.
    #[inline]
    fn line_end(&self, bytes: &[u8], end: usize) -> Option<(usize, usize)> {
        let byte = *bytes.get(end)?;
        if byte == b'\r' && bytes.get(end + 1) == Some(&b'\n') && self.dialect.terminator == b'\n' {
            return Some((end, end + 2));
        }
        let cut = usize::from(bytes[end - 1] == b'\r');
        (byte == self.dialect.terminator).then_some((end - cut, end + 1))
    }
}
