//! Bytes to text: UTF-8, and Windows-1252 where a file is not.

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What Windows-1252 puts at 0x80 to 0x9F; the rest of it is Latin-1.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Turns bytes into text and counts those that are not UTF-8.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    foreign: u64,
}

impl Decoder {
    /// The text of a value, without the spaces around it.
    #[inline]
    pub(super) fn text<'a>(&mut self, bytes: &'a [u8]) -> Cow<'a, str> {
        let bytes = bytes.trim_ascii();
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Cow::Borrowed(text);
        }
        self.foreign += 1;
        Cow::Owned(windows_1252(bytes))
    }

    /// A sentence if any value was not UTF-8.
    pub(super) fn note(&self) -> Option<String> {
        note(self.foreign, "values")
    }
}

fn note(count: u64, what: &str) -> Option<String> {
    let sentence = || {
        format!(
            "{count} {what} are not UTF-8 and were read as Windows-1252; save the file as UTF-8 if letters look wrong"
        )
    };
    (count > 0).then(sentence)
}

/// How many letters of a file were not UTF-8.
#[derive(Clone, Debug, Default)]
pub(super) struct Foreign(Arc<AtomicU64>);

impl Foreign {
    /// A sentence if there was any.
    pub(super) fn note(&self) -> Option<String> {
        note(self.0.load(Ordering::Relaxed), "letters")
    }
}

/// A file as UTF-8 whatever it is.
pub(super) struct Utf8<R> {
    inner: R,
    /// Bytes that are not looked at yet.
    raw: Vec<u8>,
    ready: Vec<u8>,
    /// Where what is not taken yet begins in `ready`.
    at: usize,
    foreign: Foreign,
}

impl<R: Read> Utf8<R> {
    /// Bytes read at once.
    const STEP: usize = 64 * 1024;

    pub(super) fn new(inner: R, foreign: Foreign) -> Self {
        Self {
            inner,
            raw: Vec::new(),
            ready: Vec::new(),
            at: 0,
            foreign,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let kept = self.raw.len();
        self.raw.resize(kept + Self::STEP, 0);
        let read = self.inner.read(&mut self.raw[kept..]);
        self.raw.truncate(kept + *read.as_ref().unwrap_or(&0));
        self.ready.clear();
        self.at = 0;
        let taken = self.decode(read? == 0);
        self.raw.drain(..taken);
        Ok(())
    }

    /// Makes ready what can be; how many bytes that were. A letter may be cut at their end.
    fn decode(&mut self, last: bool) -> usize {
        let mut taken = 0;
        loop {
            let rest = &self.raw[taken..];
            let Err(error) = std::str::from_utf8(rest) else {
                self.ready.extend_from_slice(rest);
                return self.raw.len();
            };
            let valid = error.valid_up_to();
            self.ready.extend_from_slice(&rest[..valid]);
            taken += valid;
            let bad = match error.error_len() {
                Some(bad) => bad,
                None if last => rest.len() - valid,
                None => return taken,
            };
            let foreign = &rest[valid..valid + bad];
            self.foreign.0.fetch_add(bad as u64, Ordering::Relaxed);
            self.ready.extend(windows_1252(foreign).bytes());
            taken += bad;
        }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            self.refill()?;
            if self.ready.is_empty() && self.raw.is_empty() {
                return Ok(0);
            }
        }
        let ready = &self.ready[self.at..];
        let length = ready.len().min(into.len());
        into[..length].copy_from_slice(&ready[..length]);
        self.at += length;
        Ok(length)
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match *byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        other => char::from(other),
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Decoder, Foreign, Utf8};

    /// Hands out a byte at a time, so that every letter is cut.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let most = into.len().min(1);
            self.0.read(&mut into[..most])
        }
    }

    #[test]
    fn a_file_is_utf_8_whatever_it_was() {
        for (bytes, want, told) in [
            ("größer 😀".as_bytes(), "größer 😀", None),
            (&b"gr\xf6\xdfer \x80"[..], "größer €", Some("3 letters")),
            (&b"cut \xe2\x82"[..], "cut â‚", Some("2 letters")),
            (b"", "", None),
        ] {
            let foreign = Foreign::default();
            let mut text = String::new();
            let mut whole = Utf8::new(bytes, foreign.clone());
            whole.read_to_string(&mut text).unwrap();
            assert_eq!(text, want);
            assert_eq!(foreign.note().is_some(), told.is_some());
            assert!(told.is_none_or(|told| foreign.note().unwrap().starts_with(told)));
            text.clear();
            let mut cut = Utf8::new(Drops(bytes), Foreign::default());
            cut.read_to_string(&mut text).unwrap();
            assert_eq!(text, want);
        }
    }

    #[test]
    fn texts_are_trimmed_and_foreign_bytes_read_and_counted() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.text(" größer ".as_bytes()), "größer");
        assert_eq!(decoder.note(), None);
        assert_eq!(decoder.text(b"gr\xf6\xdfer \x80"), "größer €");
        assert!(decoder.note().unwrap().starts_with("1 values"));
    }
}
