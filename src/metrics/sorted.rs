//! Sorts many whole numbers in time that grows with their number alone.

/// Bits looked at in one round.
const BITS: u32 = 11;
/// Fewer values than this are sorted by comparing.
const FEW: usize = 1_024;

/// Sorts values upwards: by their digits, lowest first, so that each round keeps the order of the
/// round before.
pub(super) fn sort(values: &mut Vec<u64>) {
    if values.len() < FEW {
        values.sort_unstable();
        return;
    }
    let (least, most) = values.iter().fold((u64::MAX, 0), |(least, most), value| {
        (least.min(*value), most.max(*value))
    });
    let rounds = (u64::BITS - (most - least).leading_zeros()).div_ceil(BITS);
    let mut from = std::mem::take(values);
    let mut to = vec![0; from.len()];
    for round in 0..rounds {
        let digit = |value: u64| digit((value - least) >> (round * BITS));
        let mut next = [0_usize; 1 << BITS];
        for value in &from {
            next[digit(*value)] += 1;
        }
        let mut before = 0;
        for place in &mut next {
            before += std::mem::replace(place, before);
        }
        for value in &from {
            let place = &mut next[digit(*value)];
            to[*place] = *value;
            *place += 1;
        }
        std::mem::swap(&mut from, &mut to);
    }
    *values = from;
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "only the lowest bits are wanted"
)]
fn digit(value: u64) -> usize {
    value as usize & ((1 << BITS) - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sort;

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
            prop_assert_eq!(values, expected);
        }
    }
}
