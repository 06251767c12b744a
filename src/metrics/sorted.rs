//! Sorts many whole numbers in time that grows with their number alone.

use super::threads::each;

/// Bits looked at in one round, at most.
const BITS: u32 = 10;
/// Fewer values than this are sorted by comparing.
const FEW: usize = 1_024;
/// About so many values (2 to the power of this) are near one another while they are sorted.
const NEAR: u32 = 12;
/// Bits by which values are parted before, at most.
const PARTING: u32 = 8;

/// Whole numbers that are sorted.
pub(super) trait Number: Copy + Ord + Default + Send + Sync + Into<u64> {}

impl Number for u32 {}
impl Number for u64 {}

/// Sorts values upwards.
pub(super) fn sort<T: Number>(values: &mut Vec<T>) {
    if values.len() < FEW {
        values.sort_unstable();
    } else {
        *values = in_parts(vec![std::mem::take(values)], 0, |parts| {
            parts.iter_mut().for_each(Part::sort);
        });
    }
}

/// The values of all lists in one, sorted upwards by all but their lowest bits, of which there are
/// `low`; those that are alike in the others keep their order. Several threads share the work if there
/// is enough of it.
pub(super) fn sort_above(lists: Vec<Vec<u64>>, low: u32) -> Vec<u64> {
    let count: usize = lists.iter().map(Vec::len).sum();
    if count < FEW {
        let mut values = lists.concat();
        values.sort_by_key(|value| value >> low);
        return values;
    }
    in_parts(lists, low, |parts| {
        each(parts, |part| part.own.len(), Part::sort);
    })
}

/// Values that are alike in their highest bits.
struct Part<'v, T> {
    own: &'v mut [T],
    reading: Reading,
    /// Lowest bits in which they differ.
    bits: u32,
}

/// How a value is read.
#[derive(Clone, Copy)]
struct Reading {
    least: u64,
    low: u32,
}

/// Parts values by their highest bits, lets `sort` sort each part, and joins them.
fn in_parts<T: Number>(
    lists: Vec<Vec<T>>,
    low: u32,
    sort: impl FnOnce(&mut [Part<'_, T>]),
) -> Vec<T> {
    let values = || lists.iter().flatten();
    let (least, most) = values().fold((u64::MAX, 0), |(least, most), value| {
        let value: u64 = (*value).into();
        (least.min(value >> low), most.max(value >> low))
    });
    let reading = Reading { least, low };
    let all = u64::BITS - (most - least).leading_zeros();
    let count: usize = lists.iter().map(Vec::len).sum();
    let parting = count.ilog2().saturating_sub(NEAR).min(PARTING);
    let bits = all.saturating_sub(parting);
    let mut parted = vec![T::default(); count];
    let digit = |value: T| reading.digit(value.into(), bits);
    let ends = spread(values, &mut parted, (parting, digit));
    drop(lists);
    let mut parts = parts(&mut parted, &ends, (reading, bits));
    sort(&mut parts);
    parted
}

/// The parts that end there.
fn parts<'v, T>(
    mut own: &'v mut [T],
    ends: &[usize],
    (reading, bits): (Reading, u32),
) -> Vec<Part<'v, T>> {
    let begins = std::iter::once(&0).chain(ends);
    let part = |(begin, end): (&usize, &usize)| {
        let (part, rest) = std::mem::take(&mut own).split_at_mut(end - begin);
        own = rest;
        Part {
            own: part,
            reading,
            bits,
        }
    };
    begins.zip(ends).map(part).collect()
}

/// Puts values in the order of a digit of so many bits; those that are alike in it keep their order.
/// Gives the end of each digit's values.
fn spread<'v, T: Number + 'v, I: Iterator<Item = &'v T>>(
    from: impl Fn() -> I,
    to: &mut [T],
    (bits, digit): (u32, impl Fn(T) -> usize),
) -> Vec<usize> {
    let mask = (1 << bits) - 1;
    let mut places = vec![0; 1 << bits];
    for value in from() {
        places[digit(*value) & mask] += 1;
    }
    let mut before = 0;
    for place in &mut places {
        before += std::mem::replace(place, before);
    }
    for value in from() {
        let place = &mut places[digit(*value) & mask];
        to[*place] = *value;
        *place += 1;
    }
    places
}

impl<T: Number> Part<'_, T> {
    /// By digits, lowest first, so that each round keeps the order of the round before.
    fn sort(&mut self) {
        let Reading { low, .. } = self.reading;
        if self.own.len() < FEW {
            self.own.sort_by_key(|value| (*value).into() >> low);
            return;
        }
        let rounds = self.bits.div_ceil(BITS);
        let width = self.bits.div_ceil(rounds.max(1));
        let mut spare = vec![T::default(); self.own.len()];
        let (mut from, mut to) = (&mut *self.own, &mut *spare);
        for round in 0..rounds {
            let digit = |value: T| self.reading.digit(value.into(), round * width);
            spread(|| from.iter(), to, (width, digit));
            std::mem::swap(&mut from, &mut to);
        }
        if rounds % 2 == 1 {
            to.copy_from_slice(from);
        }
    }
}

impl Reading {
    /// What is left of a value from some bit on.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only the lowest bits are wanted"
    )]
    fn digit(self, value: u64, bit: u32) -> usize {
        let value = (value >> self.low) - self.least;
        value.checked_shr(bit).unwrap_or(0) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{sort, sort_above};

    proptest! {
        #[test]
        fn as_comparing_does(
            mut values in prop::collection::vec(0..u64::MAX, 1_000..1_100),
            shift in 0_u32..64,
            times in 1_usize..20,
        ) {
            // As many as are parted first, and alike ones among them.
            values = values.repeat(times);
            for (turn, value) in (0..5).cycle().zip(&mut values) {
                *value = value.rotate_left(turn);
            }
            for value in &mut values {
                *value >>= shift;
            }
            let mut expected = values.clone();
            expected.sort_unstable();
            sort(&mut values);
            prop_assert_eq!(&values, &expected);
            values.reverse();
            let mut by_comparing = values.clone();
            by_comparing.sort_by_key(|value| value >> 7);
            let rest = values.split_off(values.len() / 3);
            prop_assert_eq!(sort_above(vec![values, rest], 7), by_comparing);
        }
    }
}
