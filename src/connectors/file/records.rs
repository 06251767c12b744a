//! Splits delimited text into records and fields, without copying.
//!
//! The rules are those of RFC 4180 as spreadsheets bend them: a quote opens a field only as its
//! first byte, quotes in it are doubled, it may hold delimiters and line breaks; what stands
//! between a closing quote and the delimiter belongs to the field; blank lines are passed over.

use memchr::{memchr, memchr_iter, memchr2};
use wide::u8x16;

/// How a file separates its fields and lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// Between fields.
    pub(super) delimiter: u8,
    /// After a record: `\n`, also for `\r\n`, or `\r` alone.
    pub(super) terminator: u8,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            delimiter: b',',
            terminator: b'\n',
        }
    }
}

/// Where a field stands in the buffer, without its quotes. Buffers are below 4 GB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
    shape: Shape,
}

impl Span {
    /// From one byte to before another, without quotes.
    #[inline]
    pub(super) fn plain(start: usize, end: usize) -> Self {
        let place = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            start: place(start),
            end: place(end),
            shape: Shape::Plain,
        }
    }

    /// The bytes as they stand in the buffer.
    #[inline]
    pub(super) fn raw(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.start as usize..self.end as usize]
    }

    /// The same field where its bytes were copied to.
    #[inline]
    pub(super) fn copied_to(self, start: usize) -> Self {
        let copy = Self::plain(start, start + self.place().1);
        Self {
            shape: self.shape,
            ..copy
        }
    }

    /// Where it begins, and how many bytes it has.
    #[inline]
    pub(super) fn place(self) -> (usize, usize) {
        let start = self.start as usize;
        (start, self.end as usize - start)
    }

    /// Whether [`Self::raw`] is what the field says.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self.shape != Shape::Escaped
    }

    /// Whether two fields of one buffer have the same bytes, and say the same by them.
    #[inline]
    pub(super) fn says_as(self, other: Self, buffer: &[u8]) -> bool {
        self.raw(buffer) == other.raw(buffer) && self.is_plain() == other.is_plain()
    }

    /// What the field says; `scratch` takes it where quotes must be undoubled.
    #[inline]
    pub(super) fn text<'a>(self, buffer: &'a [u8], scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let raw = self.raw(buffer);
        if self.is_plain() {
            return raw;
        }
        undouble(raw, scratch);
        scratch
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// As it stands.
    Plain,
    /// Between quotes, nothing doubled.
    Quoted,
    /// With doubled quotes, or text after the closing one.
    Escaped,
}

/// Of a field that is not there.
pub(super) const NOWHERE: Span = Span {
    start: 0,
    end: 0,
    shape: Shape::Plain,
};

/// What came of looking for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A record; the next begins at `next`.
    Record {
        /// Position after it.
        next: usize,
    },
    /// The record does not end within the buffer.
    Cut,
    /// A quote opens in it and never closes: only told of the last buffer.
    Unclosed,
    /// Nothing but blank lines was left.
    End,
}

/// The fields of one record after the other. The leading fields that repeat from row to row, those
/// of an item's own columns, are recognised by one comparison instead of being split again.
#[derive(Clone, Debug)]
pub(super) struct Records {
    dialect: Dialect,
    ends: Ends,
    spans: Vec<Span>,
    /// Where the record begins.
    start: usize,
    /// Line breaks inside the record.
    breaks: u64,
    /// How many leading fields are worth comparing.
    watched: usize,
    /// Their bytes in the last record that was split whole, the delimiter after them included.
    prefix: Vec<u8>,
    prefix_breaks: u64,
    repeats: bool,
}

impl Records {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            ends: Ends::of(dialect),
            spans: Vec::new(),
            start: 0,
            breaks: 0,
            watched: 0,
            prefix: Vec::new(),
            prefix_breaks: 0,
            repeats: false,
        }
    }

    /// The byte after a record.
    pub(super) fn terminator(&self) -> u8 {
        self.dialect.terminator
    }

    /// Compares the first `fields` fields of a record with the record before.
    pub(super) fn watch(&mut self, fields: usize) {
        self.watched = fields;
        self.prefix.clear();
    }

    /// Splits the next record whole, whatever it repeats.
    pub(super) fn forget(&mut self) {
        self.prefix.clear();
    }

    /// Whether the watched fields are those of the record before; they then have no span.
    #[inline]
    pub(super) fn repeats(&self) -> bool {
        self.repeats
    }

    /// How many fields the record has.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Where the record begins in the buffer, blank lines before it passed over.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Line breaks inside the record's quotes.
    #[inline]
    pub(super) fn breaks(&self) -> u64 {
        self.breaks
    }

    /// A field's bytes; `scratch` takes them where quotes must be undoubled. Empty if the record
    /// is too short.
    #[inline]
    pub(super) fn field<'a>(
        &self,
        buffer: &'a [u8],
        at: usize,
        scratch: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        self.span(at).text(buffer, scratch)
    }

    /// Where a field stands; [`NOWHERE`] if the record is too short.
    #[inline]
    pub(super) fn span(&self, at: usize) -> Span {
        self.spans.get(at).copied().unwrap_or(NOWHERE)
    }

    /// The bytes of the watched fields that a record may repeat; empty if it must be split whole.
    #[inline]
    pub(super) fn prefix(&self) -> &[u8] {
        &self.prefix
    }

    /// Where the watched fields end in a record that repeats them.
    #[inline]
    fn after_prefix(&self, buffer: &[u8], at: usize) -> Option<usize> {
        let repeats = !self.prefix.is_empty() && buffer[at..].starts_with(&self.prefix);
        repeats.then_some(at + self.prefix.len())
    }

    /// Splits the watched fields of the record at `at` and no others; where they end, or `None` if the
    /// record ends before them or is cut there.
    #[inline]
    pub(super) fn leading(&mut self, buffer: &[u8], at: usize) -> Option<usize> {
        self.spans.clear();
        self.breaks = 0;
        let mut here = at;
        let mut marks = Marks::from(at);
        for _ in 0..self.watched {
            let end = if *buffer.get(here)? == b'"' {
                let end = self.quoted(buffer, here + 1)?;
                self.breaks += breaks_in(&buffer[here..end]);
                marks = Marks::from(end + 1);
                end
            } else {
                let end = marks.next(buffer, &self.ends);
                self.push(here, end, Shape::Plain);
                end
            };
            if *buffer.get(end)? != self.dialect.delimiter {
                return None;
            }
            here = end + 1;
        }
        (here > at).then_some(here)
    }

    /// Takes fields that were found otherwise as a record of so many fields.
    pub(super) fn take(&mut self, width: usize, fields: impl Iterator<Item = (usize, Span)>) {
        self.repeats = false;
        self.breaks = 0;
        self.spans.clear();
        self.spans.resize(width, NOWHERE);
        for (at, span) in fields {
            if let Some(place) = self.spans.get_mut(at) {
                *place = span;
            }
        }
    }

    /// Finds the record that begins at `at`. With `last` the end of the buffer ends it.
    #[inline]
    pub(super) fn next(&mut self, buffer: &[u8], at: usize, last: bool) -> Step {
        let after = self.after_prefix(buffer, at);
        self.repeats = after.is_some();
        if let Some(after) = after {
            self.start = at;
            self.breaks = self.prefix_breaks;
            self.spans.resize(self.watched, NOWHERE);
            return self.rest(buffer, after, last);
        }
        self.whole(buffer, at, last)
    }

    fn whole(&mut self, buffer: &[u8], at: usize, last: bool) -> Step {
        let blank = buffer[at..]
            .iter()
            .position(|byte| !matches!(byte, b'\n' | b'\r'));
        let Some(blank) = blank else {
            return if last { Step::End } else { Step::Cut };
        };
        self.start = at + blank;
        self.breaks = 0;
        self.spans.clear();
        let step = self.rest(buffer, self.start, last);
        if matches!(step, Step::Record { .. }) {
            self.remember(buffer);
        }
        step
    }

    fn remember(&mut self, buffer: &[u8]) {
        self.prefix.clear();
        if self.watched == 0 {
            return;
        }
        if let Some(next) = self.spans.get(self.watched) {
            let end = next.start as usize - usize::from(next.shape != Shape::Plain);
            let bytes = &buffer[self.start..end];
            self.prefix.extend_from_slice(bytes);
            self.prefix_breaks = if self.breaks == 0 {
                0
            } else {
                breaks_in(bytes)
            };
        }
    }

    /// The fields from `at` to the end of the record.
    #[inline]
    fn rest(&mut self, buffer: &[u8], at: usize, last: bool) -> Step {
        let mut start = at;
        let mut marks = Marks::from(at);
        loop {
            if buffer.get(start) == Some(&b'"') {
                return self.careful(buffer, start, last);
            }
            let end = marks.next(buffer, &self.ends);
            match buffer.get(end) {
                Some(byte) if *byte == self.dialect.delimiter => {
                    self.push(start, end, Shape::Plain);
                    start = end + 1;
                }
                Some(_) => {
                    self.end(buffer, start, end);
                    return Step::Record { next: end + 1 };
                }
                None if last => {
                    self.end(buffer, start, end);
                    return Step::Record { next: end };
                }
                None => return Step::Cut,
            }
        }
    }

    /// The last field of a line.
    #[inline]
    fn end(&mut self, buffer: &[u8], start: usize, end: usize) {
        let cut = usize::from(end > start && buffer[end - 1] == b'\r');
        self.push(start, end - cut, Shape::Plain);
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize, shape: Shape) {
        let span = Span::plain(start, end);
        self.spans.push(Span { shape, ..span });
    }

    /// Fields one by one, quotes minded.
    fn careful(&mut self, buffer: &[u8], at: usize, last: bool) -> Step {
        let mut here = at;
        loop {
            let end = if buffer.get(here) == Some(&b'"') {
                self.quoted(buffer, here + 1)
            } else {
                Some(self.unquoted(buffer, here))
            };
            let Some(end) = end else {
                return if last { Step::Unclosed } else { Step::Cut };
            };
            if end >= buffer.len() && !last {
                return Step::Cut;
            }
            if buffer.get(end) == Some(&self.dialect.delimiter) {
                here = end + 1;
                continue;
            }
            let end = end.min(buffer.len());
            self.breaks += breaks_in(&buffer[at..end]);
            return Step::Record {
                next: (end + 1).min(buffer.len()),
            };
        }
    }

    /// A field without an opening quote; the position of the byte that ends it.
    fn unquoted(&mut self, buffer: &[u8], start: usize) -> usize {
        let end = self.ends.first_far(buffer, start);
        let cut = self.carriage(buffer, start, end);
        self.push(start, end - cut, Shape::Plain);
        end
    }

    /// 1 if the line ends in `\r\n`.
    fn carriage(&self, buffer: &[u8], start: usize, end: usize) -> usize {
        let ends_line = buffer.get(end) != Some(&self.dialect.delimiter);
        usize::from(ends_line && end > start && buffer[end - 1] == b'\r')
    }

    /// A field after its opening quote; `None` if the quote does not close in the buffer.
    fn quoted(&mut self, buffer: &[u8], start: usize) -> Option<usize> {
        let mut shape = Shape::Quoted;
        let mut from = start;
        loop {
            let quote = from + memchr(b'"', &buffer[from..])?;
            if buffer.get(quote + 1) == Some(&b'"') {
                shape = Shape::Escaped;
                from = quote + 2;
                continue;
            }
            let end = self.ends.first_far(buffer, quote + 1);
            let cut = self.carriage(buffer, quote + 1, end);
            if end - cut == quote + 1 {
                self.push(start, quote, shape);
            } else {
                self.push(start, end - cut, Shape::Escaped);
            }
            return Some(end);
        }
    }
}

/// Finds what ends a field.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    dialect: Dialect,
    /// The delimiter and the terminator, each as often as bytes are compared at once.
    wide: [u8x16; 2],
}

/// Bytes that are looked at together.
pub(super) const TOGETHER: usize = 32;

impl Ends {
    pub(super) fn of(dialect: Dialect) -> Self {
        Self {
            dialect,
            wide: [dialect.delimiter, dialect.terminator].map(u8x16::splat),
        }
    }

    /// The first delimiter or terminator from `from` on, or the end of the buffer.
    #[inline]
    pub(super) fn first(&self, buffer: &[u8], from: usize) -> usize {
        Marks::from(from).next(buffer, self)
    }

    /// Which bytes are delimiters or terminators, one bit a byte.
    #[inline]
    fn among(&self, bytes: &[u8; TOGETHER]) -> u32 {
        let [delimiter, terminator] = self.wide;
        marks(bytes, |bytes| {
            bytes.cmp_eq(delimiter) | bytes.cmp_eq(terminator)
        })
    }

    /// Which bytes are terminators, one bit a byte.
    #[inline]
    pub(super) fn line_ends(&self, bytes: &[u8; TOGETHER]) -> u32 {
        marks(bytes, |bytes| bytes.cmp_eq(self.wide[1]))
    }

    /// The same as [`Self::first`] where it may be far.
    fn first_far(&self, buffer: &[u8], from: usize) -> usize {
        let Dialect {
            delimiter,
            terminator,
        } = self.dialect;
        memchr2(delimiter, terminator, &buffer[from..]).map_or(buffer.len(), |found| from + found)
    }
}

/// The bits of the bytes that are marked by ones.
#[inline]
fn marks(bytes: &[u8; TOGETHER], marked: impl Fn(u8x16) -> u8x16) -> u32 {
    let (halves, _) = bytes.as_chunks::<16>();
    halves.iter().rev().fold(0, |marks, half| {
        let half = marked(u8x16::new(*half)).move_mask();
        marks << 16 | half.cast_unsigned()
    })
}

/// Where fields end, one after the other: each byte is looked at once.
struct Marks {
    /// Where the bytes begin that were not looked at yet.
    at: usize,
    /// Which of those before it end a field, one bit a byte, as far as they are not told yet.
    left: u32,
}

impl Marks {
    fn from(at: usize) -> Self {
        Self { at, left: 0 }
    }

    /// The next delimiter or terminator, or the end of the buffer.
    #[inline]
    fn next(&mut self, buffer: &[u8], ends: &Ends) -> usize {
        while self.left == 0 {
            let Some(bytes) = buffer[self.at..].first_chunk() else {
                let end = ends.first_far(buffer, self.at);
                self.at = buffer.len().min(end + 1);
                return end;
            };
            self.left = ends.among(bytes);
            self.at += TOGETHER;
        }
        let place = self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        self.at - TOGETHER + place
    }
}

pub(super) fn breaks_in(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

/// Writes what a quoted field says: doubled quotes once, the closing quote left out.
fn undouble(raw: &[u8], into: &mut Vec<u8>) {
    into.clear();
    let mut from = 0;
    while let Some(found) = memchr(b'"', &raw[from..]) {
        let quote = from + found;
        into.extend_from_slice(&raw[from..quote]);
        from = quote + 1;
        if raw.get(from) != Some(&b'"') {
            break;
        }
        into.push(b'"');
        from += 1;
    }
    into.extend_from_slice(&raw[from..]);
}

#[cfg(test)]
mod tests;
