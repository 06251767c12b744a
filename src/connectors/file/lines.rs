//! Bytes as they are read, with the number of the line they stand on.

use std::io::{self, BufRead, Read};

use super::LONGEST;

/// Counts lines and bytes, and ends a reading that takes too much in one step.
pub(super) struct Counted<R> {
    inner: R,
    /// The line that the next byte stands on, from 1.
    pub(super) line: u64,
    /// Bytes read so far.
    pub(super) bytes: u64,
    /// Bytes that may still be read in this step.
    left: usize,
}

/// What came of reading a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It is there.
    Whole,
    /// It has more bytes than are held and was passed over.
    TooLong,
    /// There is no more.
    End,
}

impl<R: BufRead> Counted<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            line: 1,
            bytes: 0,
            left: LONGEST,
        }
    }

    /// Begins a step: [`LONGEST`] bytes may be read in it.
    pub(super) fn step(&mut self) {
        self.left = LONGEST;
    }

    /// Whether the step took all that it may.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Reads the next line without its end; of one that is too long nothing is kept.
    pub(super) fn read_line(&mut self, into: &mut Vec<u8>) -> io::Result<Line> {
        into.clear();
        self.step();
        let limit = LONGEST as u64;
        let read = self.by_ref().take(limit).read_until(b'\n', into)?;
        if read == 0 {
            return Ok(Line::End);
        }
        if into.last() == Some(&b'\n') {
            into.pop();
        } else if read == LONGEST {
            into.clear();
            self.skip_line()?;
            return Ok(Line::TooLong);
        }
        Ok(Line::Whole)
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            self.step();
            let buffer = self.inner.fill_buf()?;
            let (length, found) = match memchr::memchr(b'\n', buffer) {
                Some(end) => (end + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.consume(length);
            if found {
                return Ok(());
            }
        }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(into.len());
        into[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = self.left;
        let buffer = self.inner.fill_buf()?;
        Ok(&buffer[..buffer.len().min(left)])
    }

    fn consume(&mut self, amount: usize) {
        // The buffer is filled already: what it holds can be looked at again without reading.
        if let Ok(buffer) = self.inner.fill_buf() {
            let taken = &buffer[..amount.min(buffer.len())];
            self.line += memchr::memchr_iter(b'\n', taken).count() as u64;
        }
        self.bytes += amount as u64;
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, LONGEST, Line};

    #[test]
    fn lines_are_counted_and_endless_ones_passed_over() {
        let mut text = b"one\n\n".to_vec();
        text.resize(text.len() + 2 * LONGEST + 10, b'x');
        text.extend_from_slice(b"\nlast");
        let mut lines = Counted::new(text.as_slice());
        let mut line = Vec::new();
        let mut told = Vec::new();
        loop {
            let at = lines.line;
            let next = lines.read_line(&mut line).unwrap();
            if next == Line::End {
                break;
            }
            told.push((at, next, String::from_utf8(line.clone()).unwrap()));
        }
        let whole = |at, text: &str| (at, Line::Whole, text.to_owned());
        let long = (3, Line::TooLong, String::new());
        assert_eq!(
            told,
            [whole(1, "one"), whole(2, ""), long, whole(4, "last")]
        );
        assert_eq!(lines.bytes, text.len() as u64);
    }
}
