//! Draws from the days of the past: a counter stirred by `SplitMix64`, which is the same everywhere.

use super::Source;

/// Added to the counter at each step: 2⁶⁴ divided by the golden ratio, odd.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The last stage of `SplitMix64`: every bit of the answer depends on every bit of the counter.
const fn stirred(mut counter: u64) -> u64 {
    counter = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    counter = (counter ^ (counter >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    counter ^ (counter >> 31)
}

/// What all trials draw from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Urn<'a> {
    counts: &'a [u32],
    many: u64,
    /// Numbers whose product with `many` has lower bits below this would favour some days.
    uneven: u64,
    split_rate: f64,
}

/// The luck of one trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Luck(u64);

impl Luck {
    /// That of the trial numbered `trial`, which no other trial has any part in.
    pub(super) const fn of(seed: u64, trial: u64) -> Self {
        Self(stirred(
            stirred(seed).wrapping_add(trial.wrapping_mul(STEP)),
        ))
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
        let many = source.counts.len().max(1) as u64;
        Self {
            counts: source.counts,
            many,
            uneven: many.wrapping_neg() % many,
            split_rate: source.plan.split_rate,
        }
    }

    /// What one of the days brought the work nearer to its end: its finished items without the new
    /// ones that they brought with them.
    #[inline]
    pub(super) fn draw(&self, luck: &mut Luck) -> u32 {
        let finished = self.counts[self.place(luck)];
        if self.split_rate > 0.0 {
            finished.saturating_sub(self.new_items(finished, luck))
        } else {
            finished
        }
    }

    /// One of the days, each exactly alike.
    #[inline]
    fn place(&self, luck: &mut Luck) -> usize {
        loop {
            let wide = u128::from(luck.number()) * u128::from(self.many);
            let [low, high] = [wide, wide >> 64].map(|half| half & u128::from(u64::MAX));
            if low >= u128::from(self.uneven) {
                return usize::try_from(high).unwrap_or(0);
            }
        }
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
