//! What rows say behind their time, by all of its bytes at once: most rows end as others did.

use wide::u8x16;

use super::super::records::{Ends, TOGETHER};

/// A power of two.
const SLOTS: usize = 256;

/// No more is hoped for than this many ends that are known.
const HOPE: u32 = 256;

/// The ends of rows that were seen so far in a piece, and the numbers of their statuses.
#[derive(Clone, Debug)]
pub(super) struct Tails {
    slots: [(Bytes, u16); SLOTS],
    /// Falls with each end that is not known, and rises with each that is. Without any left none is
    /// looked up: each row then ends in its own way.
    hope: u32,
}

/// The bytes of an end, zeros behind them. Only ever held whole: written in parts and read at once
/// they would make the processor wait.
type Bytes = [u8x16; TOGETHER / 16];

/// What is at a slot before any end.
const NOTHING: (Bytes, u16) = ([u8x16::new([0; 16]); TOGETHER / 16], 0);

/// How a row ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    bytes: Bytes,
    /// Its line break included.
    pub(super) length: usize,
}

impl Default for Tails {
    fn default() -> Self {
        Self {
            slots: [NOTHING; SLOTS],
            hope: HOPE,
        }
    }
}

impl Tails {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.slots.fill(NOTHING);
        self.hope = HOPE;
    }

    /// How the row ends of which these bytes are the rest; `None` if it is not worth a look.
    #[inline]
    pub(super) fn end(&self, rest: &[u8], ends: &Ends) -> Option<End> {
        let rest = rest.first_chunk::<TOGETHER>()?;
        let line_ends = ends.line_ends(rest);
        if line_ends == 0 || self.hope == 0 {
            return None;
        }
        let length = line_ends.trailing_zeros() as usize + 1;
        let mask = MASK[TOGETHER - length..].first_chunk::<TOGETHER>()?;
        let (halves, _) = rest.as_chunks::<16>();
        let (masks, _) = mask.as_chunks::<16>();
        let half = |at: usize| u8x16::new(halves[at]) & u8x16::new(masks[at]);
        let bytes = [half(0), half(1)];
        Some(End { bytes, length })
    }

    /// The status of a row that ends so.
    #[inline]
    pub(super) fn find(&mut self, end: &End) -> Option<u16> {
        let (known, status) = &self.slots[end.slot()];
        if end.is(known) {
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
    fn is(&self, known: &Bytes) -> bool {
        let same = self.bytes[0].cmp_eq(known[0]) & self.bytes[1].cmp_eq(known[1]);
        same.all()
    }

    #[inline]
    fn slot(&self) -> usize {
        let mix = |mixed: u64, half: &u8x16| {
            let bytes = half.to_array();
            let (words, _) = bytes.as_chunks::<8>();
            let words = words.iter().map(|word| u64::from_le_bytes(*word));
            words.fold(mixed, |mixed, word| mixed.rotate_left(23) ^ word)
        };
        let mixed = self.bytes.iter().fold(0, mix).wrapping_mul(MIX);
        usize::from(mixed.to_be_bytes()[0])
    }
}

/// Taken from where so many bytes are left to its middle: as many ones, then zeros.
const MASK: [u8; 2 * TOGETHER] = {
    let mut mask = [0; 2 * TOGETHER];
    let mut at = 0;
    while at < TOGETHER {
        mask[at] = 0xff;
        at += 1;
    }
    mask
};

/// Odd, its bits spread: 2⁶⁴ divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::super::super::records::{Dialect, Ends, TOGETHER};
    use super::{End, HOPE, Tails};

    /// These bytes, and others behind them.
    fn padded(bytes: &str, with: &str) -> Vec<u8> {
        format!("{bytes}{}", with.repeat(TOGETHER)).into_bytes()
    }

    fn end_of(tails: &Tails, rest: &[u8]) -> Option<End> {
        tails.end(rest, &Ends::of(Dialect::default()))
    }

    #[test]
    fn an_end_goes_as_far_as_its_line() {
        let mut tails = Tails::default();
        for line in [
            "\n",
            "a\n",
            "New,Done\n",
            "Waiting,Done\r\n",
            "Waiting for all,Done at last\n",
        ] {
            let end = end_of(&tails, &padded(line, "x\n")).unwrap();
            assert_eq!(end.length, line.len());
            assert_eq!(tails.find(&end), None, "{line}");
            tails.keep(&end, 7);
            let same = end_of(&tails, &padded(line, "other\n")).unwrap();
            assert_eq!(tails.find(&same), Some(7), "{line}");
        }
        assert!(end_of(&tails, &padded("New,Done at the very last of all", "\n")).is_none());
        assert!(
            end_of(&tails, b"New,Done\n").is_none(),
            "too near the end of the piece"
        );
        tails.clear();
        let end = end_of(&tails, &padded("New,Done\n", "x")).unwrap();
        assert_eq!(tails.find(&end), None);
    }

    #[test]
    fn ends_that_differ_in_any_byte_are_told_apart() {
        let mut tails = Tails::default();
        let line = "Waiting for all,Done at all\n";
        let end = end_of(&tails, &padded(line, " ")).unwrap();
        tails.keep(&end, 1);
        for at in 0..line.len() - 1 {
            let mut other = padded(line, " ");
            other[at] ^= 0x80;
            let end = end_of(&tails, &other).unwrap();
            assert_eq!(tails.find(&end), None, "byte {at}");
        }
        assert_eq!(tails.find(&end), Some(1));
    }

    #[test]
    fn where_every_row_ends_in_its_own_way_looking_stops() {
        let mut tails = Tails::default();
        for at in 0..HOPE {
            let end = end_of(&tails, &padded(&format!("row {at}\n"), " ")).unwrap();
            assert_eq!(tails.find(&end), None);
        }
        assert!(end_of(&tails, &padded("row\n", " ")).is_none());
        tails.clear();
        assert!(end_of(&tails, &padded("row\n", " ")).is_some());
    }
}
