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
#[derive(Clone, Debug)]
pub(super) struct Urn<'a> {
    counts: &'a [u32],
    days: Fair,
    /// What every two days come to together, by the first and then the second; none where that is
    /// not worth it.
    pairs: Vec<u32>,
    both: Fair,
    split_rate: f64,
}

/// A choice among so many, each exactly alike.
#[derive(Clone, Copy, Debug)]
struct Fair {
    many: u64,
    /// Numbers whose product with `many` has lower bits below this would favour some.
    uneven: u64,
}

/// Fewer trials than this are over before all pairs are added up.
const FEW: u32 = 2_000;

/// More days than this have too many pairs.
const PAIRED: usize = 200;

impl Fair {
    fn of(many: usize) -> Self {
        let many = many.max(1) as u64;
        Self {
            many,
            uneven: many.wrapping_neg() % many,
        }
    }

    #[inline]
    fn choose(self, luck: &mut Luck) -> usize {
        loop {
            let wide = u128::from(luck.number()) * u128::from(self.many);
            let [low, high] = [wide, wide >> 64].map(|half| half & u128::from(u64::MAX));
            if low >= u128::from(self.uneven) {
                return usize::try_from(high).unwrap_or(0);
            }
        }
    }
}

/// The days of one future, one after the other. Where days are paired one number of luck gives two,
/// whatever is asked.
pub(super) struct Days<'u> {
    urn: &'u Urn<'u>,
    luck: Luck,
    /// The second of a pair of which the first is over.
    second: Option<u32>,
}

impl Days<'_> {
    /// Whether each day is one number of luck, and nothing else.
    #[inline]
    pub(super) fn are_single(&self) -> bool {
        self.urn.pairs.is_empty() && self.urn.split_rate <= 0.0
    }

    /// Goes on, where days are single, for so many days or until so many items are finished: for how
    /// many days, and what they came to.
    #[inline]
    pub(super) fn one_by_one(&mut self, (days, items): (u32, u64)) -> (u32, u64) {
        let (counts, choice) = (self.urn.counts, self.urn.days);
        let mut luck = self.luck;
        let (mut gone, mut finished) = (0, 0);
        while gone < days && finished < items {
            finished += u64::from(counts[choice.choose(&mut luck)]);
            gone += 1;
        }
        self.luck = luck;
        (gone, finished)
    }

    /// What the next day comes to.
    #[inline]
    pub(super) fn one(&mut self) -> u32 {
        if self.urn.pairs.is_empty() {
            return self.urn.draw(&mut self.luck);
        }
        self.second.take().unwrap_or_else(|| self.first())
    }

    /// Whether the first of a pair is over and the second is not.
    #[inline]
    pub(super) fn is_halfway(&self) -> bool {
        self.second.is_some()
    }

    /// What the next two days come to, if that is below `coming`; else they are still to be taken
    /// one by one.
    #[inline]
    pub(super) fn two_below(&mut self, coming: u64) -> Option<u32> {
        if self.urn.pairs.is_empty() || self.second.is_some() {
            return None;
        }
        let mut luck = self.luck;
        let sum = self.urn.pairs[self.urn.both.choose(&mut luck)];
        (u64::from(sum) < coming).then(|| {
            self.luck = luck;
            sum
        })
    }

    #[cold]
    fn first(&mut self) -> u32 {
        let (at, many) = (self.urn.both.choose(&mut self.luck), self.urn.counts.len());
        self.second = Some(self.urn.counts[at % many]);
        self.urn.counts[at / many]
    }
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
        let (counts, split_rate) = (source.counts, source.plan.split_rate);
        let worth = source.plan.trials >= FEW && split_rate <= 0.0 && counts.len() <= PAIRED;
        Self {
            counts,
            days: Fair::of(counts.len()),
            pairs: if worth { pairs(counts) } else { Vec::new() },
            both: Fair::of(counts.len() * counts.len()),
            split_rate,
        }
    }

    /// The days of the future with this luck.
    pub(super) fn days(&self, luck: Luck) -> Days<'_> {
        Days {
            urn: self,
            luck,
            second: None,
        }
    }

    /// What one of the days brought the work nearer to its end: its finished items without the new
    /// ones that they brought with them.
    #[inline]
    fn draw(&self, luck: &mut Luck) -> u32 {
        let finished = self.counts[self.days.choose(luck)];
        if self.split_rate > 0.0 {
            finished.saturating_sub(self.new_items(finished, luck))
        } else {
            finished
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

/// What every two days come to together.
fn pairs(counts: &[u32]) -> Vec<u32> {
    let mut pairs = Vec::with_capacity(counts.len() * counts.len());
    for first in counts {
        pairs.extend(counts.iter().map(|second| first.saturating_add(*second)));
    }
    pairs
}
