//! Sorts many whole numbers in time that grows with their number alone.

/// Bits looked at in one round, at most.
const BITS: u32 = 12;
/// Fewer values than this are sorted by comparing.
const FEW: usize = 1_024;

/// Sorts values upwards.
pub(super) fn sort(values: &mut Vec<u64>) {
    if values.len() < FEW {
        values.sort_unstable();
    } else {
        sort_by_digits(values, 0);
    }
}

/// Sorts values upwards by all but their lowest bits, of which there are `low`; those that are alike
/// in the others keep their order.
pub(super) fn sort_above(values: &mut Vec<u64>, low: u32) {
    if values.len() < FEW {
        values.sort_by_key(|value| value >> low);
    } else {
        sort_by_digits(values, low);
    }
}

/// By digits, lowest first, so that each round keeps the order of the round before.
fn sort_by_digits(values: &mut Vec<u64>, low: u32) {
    let (least, most) = values.iter().fold((u64::MAX, 0), |(least, most), value| {
        (least.min(value >> low), most.max(value >> low))
    });
    let bits = u64::BITS - (most - least).leading_zeros();
    let rounds = bits.div_ceil(BITS);
    let digits = Digits {
        least,
        low,
        bits: bits.div_ceil(rounds.max(1)),
    };
    let mut places: Vec<Vec<usize>> = (0..rounds).map(|_| vec![0; 1 << digits.bits]).collect();
    for value in &*values {
        for (round, counts) in (0..).zip(&mut places) {
            counts[digits.of(*value, round)] += 1;
        }
    }
    let mut to = vec![0; values.len()];
    for (round, next) in (0..).zip(&mut places) {
        let mut before = 0;
        for place in &mut *next {
            before += std::mem::replace(place, before);
        }
        for value in &*values {
            let place = &mut next[digits.of(*value, round)];
            to[*place] = *value;
            *place += 1;
        }
        std::mem::swap(values, &mut to);
    }
}

/// How a value is read as digits.
#[derive(Clone, Copy)]
struct Digits {
    least: u64,
    low: u32,
    bits: u32,
}

impl Digits {
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "only the lowest bits are wanted"
    )]
    fn of(self, value: u64, round: u32) -> usize {
        let value = ((value >> self.low) - self.least) >> (round * self.bits);
        value as usize & ((1 << self.bits) - 1)
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
        ) {
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
            sort_above(&mut values, 7);
            prop_assert_eq!(values, by_comparing);
        }
    }
}
