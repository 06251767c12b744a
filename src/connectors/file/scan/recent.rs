//! The leading columns of rows seen lately, for files in which the rows of several items alternate.

use super::super::records::Span;

/// A power of two.
const SLOTS: usize = 1 << 16;

/// By the first bytes of a row the last leading columns that began with them.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    /// None until the first is kept.
    slots: Vec<Leading>,
    /// So many of the first bits of a row tell its slot: none that lie behind the leading columns.
    bits: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            bits: u128::BITS,
        }
    }
}

/// The leading columns of a row.
#[derive(Clone, Debug, Default)]
pub(super) struct Leading {
    /// Their bytes, the delimiter after them included.
    pub(super) bytes: Vec<u8>,
    pub(super) hash: u64,
    /// Line breaks in them.
    pub(super) breaks: u64,
    /// The fields that may matter, counted from the beginning of the row.
    pub(super) fields: Vec<Span>,
}

impl Recent {
    /// The leading columns with which `row` begins, if they were kept.
    #[inline]
    pub(super) fn of(&self, row: &[u8]) -> Option<&Leading> {
        let leading = self.slots.get(self.slot(row)?)?;
        let same = !leading.bytes.is_empty() && row.starts_with(&leading.bytes);
        same.then_some(leading)
    }

    /// A place for the leading columns of `row`, so many bytes; others may stand in it.
    pub(super) fn place(&mut self, row: &[u8], length: usize) -> Option<&mut Leading> {
        if self.slots.is_empty() {
            self.slots.resize_with(SLOTS, Leading::default);
        }
        let bits = u32::try_from(8 * length.min(16)).unwrap_or(0);
        self.bits = self.bits.min(bits);
        let slot = self.slot(row)?;
        self.slots.get_mut(slot)
    }

    /// Rows that begin alike share a slot.
    #[inline]
    fn slot(&self, row: &[u8]) -> Option<usize> {
        slot(u128::from_le_bytes(*row.first_chunk()?), self.bits)
    }
}

#[inline]
fn slot(row: u128, bits: u32) -> Option<usize> {
    let first = row & u128::MAX.checked_shr(u128::BITS - bits).unwrap_or(0);
    let [low, high] = [first, first >> 64].map(|half| half & u128::from(u64::MAX));
    let mixed = low.wrapping_mul(MIX) ^ high.wrapping_mul(MIX << 1 | 1);
    usize::try_from((mixed ^ mixed >> 64) & (SLOTS as u128 - 1)).ok()
}

/// Odd, its bits spread.
const MIX: u128 = 0x9e37_79b9_7f4a_7c15;
