//! Draws from the days of the past: a counter stirred by `SplitMix64`, which is the same everywhere.

use super::Source;

/// Added to the counter at each step: 2⁶⁴ divided by the golden ratio, odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bits of a number that are enough for one choice: as many days as 136 years have, and more.
const BITS: u32 = 16;

/// The lowest of them.
const PART: u64 = (1 << BITS) - 1;

/// Choices that one number gives.
const CHOICES: usize = 4;

/// Days that are drawn at once.
const AT_ONCE: usize = 4 * CHOICES;

/// The last stage of `SplitMix64`: every bit of the answer depends on every bit of the counter.
const fn stirred(mut counter: u64) -> u64 {
    counter = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    counter = (counter ^ (counter >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    counter ^ (counter >> 31)
}

/// What all trials draw from.
#[derive(Clone, Debug)]
pub(super) struct Urn<'a> {
    counts: &'a [u32],
    choice: Fair,
    split_rate: f64,
}

/// A choice among so many, each exactly alike; among the first 65,535 if there are more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fair {
    many: u64,
    /// Parts of numbers whose product with `many` ends in less than this would favour some.
    uneven: u64,
}

impl Fair {
    pub(super) fn of(many: usize) -> Self {
        let many = (many.max(1) as u64).min(PART);
        let uneven = (PART + 1) % many;
        Self { many, uneven }
    }

    pub(super) fn choose(self, luck: &mut Luck) -> usize {
        self.by(luck.number(), luck)
    }

    /// Chooses by the lowest bits of a number, by more luck only where these would favour some.
    #[inline]
    fn by(self, number: u64, luck: &mut Luck) -> usize {
        let mut product = (number & PART) * self.many;
        while product & PART < self.uneven {
            product = (luck.number() & PART) * self.many;
        }
        usize::try_from(product >> BITS).unwrap_or(0)
    }
}

/// The luck of one trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Luck(u64);

impl Luck {
    /// That of the trial numbered `trial`, which no other trial has any part in.
    pub(super) const fn of(seed: u64, trial: u64) -> Self {
        Self(stirred(seed) ^ stirred(trial.wrapping_add(STEP)))
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        stirred(self.0)
    }

    /// Uniform in `[0, 1)`, in steps of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(super) fn unit(&mut self) -> f64 {
        (self.number() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }
}

impl<'a> Urn<'a> {
    /// Of days that are not none.
    pub(super) fn new(source: Source<'a>) -> Self {
        Self {
            counts: source.counts,
            choice: Fair::of(source.counts.len()),
            split_rate: source.plan.split_rate,
        }
    }

    /// Items finished by the end of each of the next days, if `finished` are before them.
    #[inline]
    pub(super) fn days(&self, finished: u64, luck: &mut Luck) -> [u64; AT_ONCE] {
        if self.split_rate > 0.0 {
            // Finished items bring the work nearer to its end without the new ones that they brought.
            let nearer = |finished: u32, luck: &mut _| {
                finished.saturating_sub(self.new_items(finished, luck))
            };
            self.sums(finished, luck, nearer)
        } else {
            self.sums(finished, luck, |finished, _| finished)
        }
    }

    #[inline]
    fn sums(
        &self,
        mut finished: u64,
        luck: &mut Luck,
        nearer: impl Fn(u32, &mut Luck) -> u32,
    ) -> [u64; AT_ONCE] {
        let (mut own, mut sums) = (*luck, [0; AT_ONCE]);
        for days in sums.chunks_exact_mut(CHOICES) {
            let mut number = own.number();
            for day in days {
                let drawn = self.counts[self.choice.by(number, &mut own)];
                finished += u64::from(nearer(drawn, &mut own));
                *day = finished;
                number >>= BITS;
            }
        }
        *luck = own;
        sums
    }

    /// The rate on average, rounded up or down by chance.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the rate is below 1, so fewer than were finished"
    )]
    fn new_items(&self, finished: u32, luck: &mut Luck) -> u32 {
        (f64::from(finished) * self.split_rate + luck.unit()) as u32
    }
}
