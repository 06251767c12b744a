//! Columns of numbers and texts, to bytes and back.

use std::io::{self, Read, Write};

/// Bytes that are turned over at once: they stay in the nearest caches.
const CHUNK: usize = 64 * 1024;
const WORD: usize = size_of::<u32>();
const HALF: usize = size_of::<u16>();
/// The length of a text that is not there.
const ABSENT: u32 = u32::MAX;

/// The bytes are no log.
pub(super) fn not_a_log(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Writes columns.
pub(super) struct Packer<W> {
    out: W,
    chunk: Vec<u8>,
}

impl<W: Write> Packer<W> {
    pub(super) fn new(out: W) -> Self {
        let chunk = Vec::with_capacity(CHUNK);
        Self { out, chunk }
    }

    /// Rows of `N` words each.
    pub(super) fn words<const N: usize>(
        &mut self,
        rows: impl ExactSizeIterator<Item = [u32; N]>,
    ) -> io::Result<()> {
        self.length(rows.len())?;
        for row in rows {
            self.make_room(N * WORD)?;
            for word in row {
                self.chunk.extend_from_slice(&word.to_le_bytes());
            }
        }
        self.hand_on()
    }

    /// Numbers of two bytes each.
    pub(super) fn halves(&mut self, rows: impl ExactSizeIterator<Item = u16>) -> io::Result<()> {
        self.length(rows.len())?;
        for row in rows {
            self.make_room(HALF)?;
            self.chunk.extend_from_slice(&row.to_le_bytes());
        }
        self.hand_on()
    }

    /// One optional text a row: the lengths, then all texts one after the other.
    pub(super) fn texts<'a>(
        &mut self,
        rows: usize,
        text: impl Fn(usize) -> Option<&'a str>,
    ) -> io::Result<()> {
        let length = |row| text(row).map_or(ABSENT, |text| short(text.len()));
        self.words((0..rows).map(|row| [length(row)]))?;
        let all = (0..rows).filter_map(&text);
        self.length(all.clone().map(str::len).sum())?;
        for text in all {
            self.bytes(text.as_bytes())?;
        }
        self.hand_on()
    }

    /// A few texts.
    pub(super) fn names<'a>(
        &mut self,
        names: impl ExactSizeIterator<Item = &'a str>,
    ) -> io::Result<()> {
        let names: Vec<&str> = names.collect();
        self.texts(names.len(), |row| names.get(row).copied())
    }

    fn length(&mut self, length: usize) -> io::Result<()> {
        self.make_room(size_of::<u64>())?;
        self.chunk.extend_from_slice(&(length as u64).to_le_bytes());
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.make_room(bytes.len())?;
        if bytes.len() > CHUNK {
            return self.out.write_all(bytes);
        }
        self.chunk.extend_from_slice(bytes);
        Ok(())
    }

    fn make_room(&mut self, bytes: usize) -> io::Result<()> {
        if self.chunk.len() + bytes > CHUNK {
            self.hand_on()?;
        }
        Ok(())
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

/// No text is as long as [`ABSENT`]: all of a log stand in less than that together.
fn short(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(ABSENT)
}

/// Texts as they were packed.
pub(in crate::model::log) struct Lengths {
    /// All texts, one after the other.
    pub(in crate::model::log) blob: String,
    /// The length of each row's text; `None`: it has none.
    pub(in crate::model::log) rows: Vec<Option<u32>>,
}

/// Reads columns.
pub(super) struct Unpacker<R> {
    input: R,
    chunk: Vec<u8>,
    /// Bytes that there still may be.
    room: u64,
}

impl<R: Read> Unpacker<R> {
    pub(super) fn new(input: R, room: u64) -> Self {
        let chunk = vec![0; CHUNK];
        Self { input, chunk, room }
    }

    /// Rows of `N` words each.
    pub(super) fn words<const N: usize, T>(
        &mut self,
        row: impl Fn([u32; N]) -> T,
    ) -> io::Result<Vec<T>> {
        let mut column = Vec::new();
        self.column(N * WORD, &mut column, |bytes, column| {
            let (words, _) = bytes.as_chunks::<WORD>();
            let (rows, _) = words.as_chunks::<N>();
            column.extend(rows.iter().map(|words| row(words.map(u32::from_le_bytes))));
        })?;
        Ok(column)
    }

    /// Numbers of two bytes each.
    pub(super) fn halves<T>(&mut self, row: impl Fn(u16) -> T) -> io::Result<Vec<T>> {
        let mut column = Vec::new();
        self.column(HALF, &mut column, |bytes, column| {
            let (halves, _) = bytes.as_chunks::<HALF>();
            column.extend(halves.iter().map(|half| row(u16::from_le_bytes(*half))));
        })?;
        Ok(column)
    }

    /// One optional text a row.
    pub(super) fn texts(&mut self) -> io::Result<Lengths> {
        let rows = self.words(|[length]| Some(length).filter(|length| *length != ABSENT))?;
        let length = self.length(1)?;
        let mut blob = vec![0; length];
        self.input.read_exact(&mut blob)?;
        let blob = String::from_utf8(blob).map_err(|_| not_a_log("its texts are none"))?;
        let mut end = 0_usize;
        for length in rows.iter().flatten() {
            end = end.saturating_add(*length as usize);
            if !blob.is_char_boundary(end) {
                return Err(not_a_log("its texts are cut elsewhere"));
            }
        }
        if end != blob.len() || end >= ABSENT as usize {
            return Err(not_a_log("its texts do not fill their place"));
        }
        Ok(Lengths { blob, rows })
    }

    /// A few texts.
    pub(super) fn names(&mut self) -> io::Result<Vec<String>> {
        let Lengths { blob, rows } = self.texts()?;
        let mut rest = blob.as_str();
        let name = |length: Option<u32>| {
            let (name, after) = rest.split_at_checked(length? as usize)?;
            rest = after;
            Some(name.to_owned())
        };
        let names = rows.into_iter().map(name).collect::<Option<_>>();
        names.ok_or_else(|| not_a_log("a name is missing"))
    }

    /// How many rows of so many bytes follow; they are taken from the room.
    fn length(&mut self, bytes: u64) -> io::Result<usize> {
        let mut length = [0; size_of::<u64>()];
        self.input.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let room = length
            .checked_mul(bytes)
            .and_then(|bytes| self.room.checked_sub(bytes));
        self.room = room.ok_or_else(|| not_a_log("it is cut"))?;
        usize::try_from(length).map_err(|_| not_a_log("it is too long for this machine"))
    }

    /// Hands over the bytes of a column's rows, chunk by chunk.
    fn column<T>(
        &mut self,
        row: usize,
        column: &mut Vec<T>,
        each: impl Fn(&[u8], &mut Vec<T>),
    ) -> io::Result<()> {
        let rows = self.length(row as u64)?;
        column.reserve_exact(rows);
        let at_once = CHUNK / row;
        let mut left = rows;
        while left > 0 {
            let now = left.min(at_once);
            let bytes = &mut self.chunk[..now * row];
            self.input.read_exact(bytes)?;
            each(bytes, column);
            left -= now;
        }
        Ok(())
    }
}
