//! What rows say behind their time, by all of its bytes at once: most rows end as others did.

/// The most bytes of such an end, its line break included.
const MOST: usize = 32;

/// A power of two.
const SLOTS: usize = 256;

/// No more is hoped for than this many ends that are known.
const HOPE: u32 = 256;

/// The ends of rows that were seen so far in a piece, and the numbers of their statuses.
#[derive(Clone, Debug)]
pub(super) struct Tails {
    slots: [(Bytes, u16); SLOTS],
    /// The terminator in every byte.
    terminator: u64,
    /// Falls with each end that is not known, and rises with each that is. Without any left none is
    /// looked up: each row then ends in its own way.
    hope: u32,
}

/// The bytes of an end, zeros behind them.
type Bytes = [u64; MOST / 8];

/// How a row ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    bytes: Bytes,
    /// Its line break included.
    pub(super) length: usize,
}

impl Tails {
    /// Of lines that end with this byte.
    pub(super) fn new(terminator: u8) -> Self {
        Self {
            slots: [([0; MOST / 8], 0); SLOTS],
            terminator: u64::from_ne_bytes([terminator; 8]),
            hope: HOPE,
        }
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.slots.fill(([0; MOST / 8], 0));
        self.hope = HOPE;
    }

    /// How the row ends of which these bytes are the rest; `None` if it is not worth a look.
    #[inline]
    pub(super) fn end(&self, rest: &[u8]) -> Option<End> {
        let (words, _) = rest.first_chunk::<MOST>()?.as_chunks::<8>();
        if self.hope == 0 {
            return None;
        }
        let mut bytes: Bytes = [0; MOST / 8];
        let mut length = 0;
        for (into, word) in bytes.iter_mut().zip(words) {
            let word = u64::from_le_bytes(*word);
            let other = word ^ self.terminator;
            // The lowest mark is that of the first terminator.
            let marks = other.wrapping_sub(LOW) & !other & HIGH;
            if marks != 0 {
                // All bits up to the highest of the terminator.
                *into = word & (marks ^ marks.wrapping_sub(1));
                length += marks.trailing_zeros() as usize / 8 + 1;
                return Some(End { bytes, length });
            }
            *into = word;
            length += 8;
        }
        None
    }

    /// The status of a row that ends so.
    #[inline]
    pub(super) fn find(&mut self, end: &End) -> Option<u16> {
        let (known, status) = &self.slots[end.slot()];
        if *known == end.bytes {
            self.hope = HOPE.min(self.hope + 1);
            return Some(*status);
        }
        self.hope = self.hope.saturating_sub(1);
        None
    }

    /// Keeps the status of rows that end so.
    pub(super) fn keep(&mut self, end: &End, status: u16) {
        self.slots[end.slot()] = (end.bytes, status);
    }
}

impl End {
    #[inline]
    fn slot(&self) -> usize {
        let mix = |mixed: u64, word: &u64| (mixed.rotate_left(23) ^ word).wrapping_mul(MIX);
        usize::from(self.bytes.iter().fold(0, mix).to_be_bytes()[0])
    }
}

/// The lowest bit of each byte, and the highest.
const LOW: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// Odd, its bits spread: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::{HOPE, MOST, Tails};

    /// These bytes, and others behind them.
    fn padded(bytes: &str, with: &str) -> Vec<u8> {
        format!("{bytes}{}", with.repeat(MOST)).into_bytes()
    }

    #[test]
    fn an_end_goes_as_far_as_its_line() {
        let mut tails = Tails::new(b'\n');
        for line in [
            "\n",
            "a\n",
            "New,Done\n",
            "Waiting,Done\r\n",
            "Waiting for all,Done at last\n",
        ] {
            let end = tails.end(&padded(line, "x\n")).unwrap();
            assert_eq!(end.length, line.len());
            assert_eq!(tails.find(&end), None, "{line}");
            tails.keep(&end, 7);
            let same = tails.end(&padded(line, "other\n")).unwrap();
            assert_eq!(tails.find(&same), Some(7), "{line}");
        }
        assert!(
            tails
                .end(&padded("New,Done at the very last of all", "\n"))
                .is_none()
        );
        assert!(
            tails.end(b"New,Done\n").is_none(),
            "too near the end of the piece"
        );
        tails.clear();
        let end = tails.end(&padded("New,Done\n", "x")).unwrap();
        assert_eq!(tails.find(&end), None);
    }

    #[test]
    fn ends_that_differ_in_any_byte_are_told_apart() {
        let mut tails = Tails::new(b'\n');
        let line = "Waiting for all,Done at all\n";
        let end = tails.end(&padded(line, " ")).unwrap();
        tails.keep(&end, 1);
        for at in 0..line.len() - 1 {
            let mut other = padded(line, " ");
            other[at] ^= 0x80;
            let end = tails.end(&other).unwrap();
            assert_eq!(tails.find(&end), None, "byte {at}");
        }
        assert_eq!(tails.find(&end), Some(1));
    }

    #[test]
    fn where_every_row_ends_in_its_own_way_looking_stops() {
        let mut tails = Tails::new(b'\n');
        for at in 0..HOPE {
            let end = tails.end(&padded(&format!("row {at}\n"), " ")).unwrap();
            assert_eq!(tails.find(&end), None);
        }
        assert!(tails.end(&padded("row\n", " ")).is_none());
        tails.clear();
        assert!(tails.end(&padded("row\n", " ")).is_some());
    }
}
