//! One JSON object a line.

use std::io::{self, BufRead, Read, Write};

use super::line::Line;
use super::{Entry, EntryWriter, Told};

/// Most bytes of a line.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Whether a file begins with an entry.
pub(super) fn is_own(head: &[u8]) -> bool {
    let line = head.split(|byte| *byte == b'\n').next();
    let line = line.and_then(|line| serde_json::from_slice::<Line<'_>>(line).ok());
    line.is_some_and(|line| line.entry().is_ok())
}

pub(super) struct Writer<W> {
    out: W,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> EntryWriter for Writer<W> {
    fn write(&mut self, entry: &Entry, status: Option<&str>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &Line::of(entry, status))?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

pub(super) struct Reader<R> {
    input: R,
    bytes: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            bytes: Vec::new(),
            number: 0,
        }
    }

    /// Reads the next line; whether there was one.
    fn line(&mut self) -> io::Result<bool> {
        self.bytes.clear();
        self.number += 1;
        let mut part = self.input.by_ref().take(LONGEST);
        let read = part.read_until(b'\n', &mut self.bytes)?;
        if read as u64 == LONGEST {
            return Err(io::Error::other(format!(
                "line {} is too long",
                self.number
            )));
        }
        Ok(read > 0)
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = io::Result<Told>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.line() {
                Ok(true) if self.bytes.trim_ascii().is_empty() => {}
                Ok(true) => break,
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
        let line: Result<Line<'_>, _> = serde_json::from_slice(&self.bytes);
        let entry = line.map_err(|error| format!("no JSON of weir's own: {error}"));
        Some(Ok(Told {
            place: format!("line {}", self.number),
            entry: entry.and_then(Line::entry),
        }))
    }
}
