//! Bytes to text: UTF-8, and Windows-1252 where a file is not.

use std::borrow::Cow;

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
        let count = self.foreign;
        let sentence = || {
            format!(
                "{count} values are not UTF-8 and were read as Windows-1252; save the file as UTF-8 if letters look wrong"
            )
        };
        (count > 0).then(sentence)
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
    use super::Decoder;

    #[test]
    fn texts_are_trimmed_and_foreign_bytes_read_and_counted() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.text(" größer ".as_bytes()), "größer");
        assert_eq!(decoder.note(), None);
        assert_eq!(decoder.text(b"gr\xf6\xdfer \x80"), "größer €");
        assert!(decoder.note().unwrap().starts_with("1 values"));
    }
}
