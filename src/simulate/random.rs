//! Random numbers that are the same on every machine and in every version of weir.

use std::f64::consts::TAU;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream of random numbers out of a seed. Streams of one seed do not depend on one another,
/// so every item can have its own: what happens to one changes nothing of the others' luck.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream numbered `stream` of `seed`.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        let mut numbers = ChaCha8Rng::from_seed(key);
        numbers.set_stream(stream);
        Self(numbers)
    }

    /// Uniform in `[0, 1)`, in steps of 2⁻⁵³.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform among `0..count`; 0 if there is nothing to choose from.
    pub fn below(&mut self, count: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * count as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// True with this probability.
    pub fn happens(&mut self, chance: f64) -> bool {
        self.unit() < chance
    }

    /// One of `choices`, by weight; `None` if there are none or all weigh nothing.
    pub fn pick<'a, T>(&mut self, choices: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
        let total: f64 = choices.iter().map(&weight).sum();
        let mut left = self.unit() * total;
        let chosen = choices.iter().find(|one| {
            left -= weight(one);
            left < 0.0
        });
        chosen.or_else(|| choices.iter().rfind(|one| weight(one) > 0.0))
    }

    /// Exponential with mean 1, by inversion.
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Standard normal, by Box and Muller; the second of the pair is thrown away, so that every
    /// call takes two numbers.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }
}

/// How long something takes: a distribution of seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// Always the same.
    Fixed(i64),
    /// Without memory.
    Exponential {
        /// Mean, seconds.
        mean: i64,
    },
    /// Most short, some long: what knowledge work looks like.
    LogNormal {
        /// Half take less, seconds.
        median: i64,
        /// Standard deviation of the logarithm; the mean is median · exp(sigma² ÷ 2).
        sigma: f64,
    },
    /// Alike between two bounds.
    Uniform {
        /// Least, seconds.
        from: i64,
        /// Most, seconds.
        to: i64,
    },
    /// One of these, drawn alike: what was measured.
    Samples(Arc<[i64]>),
}

impl Spread {
    /// Draws a span in whole seconds, from 0 to the 136 years that the model can hold. Rounding to
    /// seconds keeps the last bits of `ln` and `cos`, which differ between machines, out of it.
    pub fn draw(&self, dice: &mut Dice) -> i64 {
        let seconds = match self {
            Self::Fixed(seconds) => *seconds,
            Self::Exponential { mean } => scaled(*mean, dice.exponential()),
            Self::LogNormal { median, sigma } => scaled(*median, (sigma * dice.normal()).exp()),
            Self::Uniform { from, to } => from + scaled(to - from, dice.unit()),
            Self::Samples(known) => known.get(dice.below(known.len())).copied().unwrap_or(0),
        };
        seconds.clamp(0, LONGEST)
    }
}

/// The longest span, in seconds.
const LONGEST: i64 = u32::MAX as i64;

/// `seconds · factor`, rounded to whole seconds and held within 0 and [`LONGEST`].
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "spans of seconds stay far below 2^53; a cast to i64 saturates"
)]
pub(super) fn scaled(seconds: i64, factor: f64) -> i64 {
    ((seconds as f64 * factor).round() as i64).clamp(0, LONGEST)
}

#[cfg(test)]
#[expect(clippy::cast_precision_loss, reason = "the counts of a test are small")]
mod tests {
    use super::{Dice, Spread};

    const DRAWS: u32 = 200_000;

    fn mean_and_deviation(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..DRAWS {
            let x = draw();
            sum += x;
            squares += x * x;
        }
        let mean = sum / f64::from(DRAWS);
        (mean, (squares / f64::from(DRAWS) - mean * mean).sqrt())
    }

    fn close(found: f64, wanted: f64, tolerance: f64) {
        assert!((found - wanted).abs() < tolerance, "{found} for {wanted}");
    }

    #[test]
    fn streams_repeat_and_differ() {
        let numbers = |seed, stream| {
            let mut dice = Dice::new(seed, stream);
            (0..4).map(|_| dice.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1, 1), numbers(1, 1));
        assert_ne!(numbers(1, 1), numbers(1, 2));
        assert_ne!(numbers(1, 1), numbers(2, 1));
    }

    #[test]
    fn samplers_have_the_moments_of_their_distributions() {
        let mut dice = Dice::new(7, 0);
        let (mean, deviation) = mean_and_deviation(|| dice.unit());
        close(mean, 0.5, 0.003);
        close(deviation, (1.0_f64 / 12.0).sqrt(), 0.002);
        let (mean, deviation) = mean_and_deviation(|| dice.exponential());
        close(mean, 1.0, 0.01);
        close(deviation, 1.0, 0.02);
        let (mean, deviation) = mean_and_deviation(|| dice.normal());
        close(mean, 0.0, 0.01);
        close(deviation, 1.0, 0.01);
    }

    #[test]
    fn a_lognormal_has_its_median_and_mean() {
        let mut dice = Dice::new(3, 0);
        let spread = Spread::LogNormal {
            median: 10_000,
            sigma: 0.7,
        };
        let mut drawn: Vec<i64> = (0..50_001).map(|_| spread.draw(&mut dice)).collect();
        drawn.sort_unstable();
        close(drawn[25_000] as f64, 10_000.0, 150.0);
        let mean = drawn.iter().sum::<i64>() as f64 / drawn.len() as f64;
        close(mean, 10_000.0 * (0.7_f64 * 0.7 / 2.0).exp(), 150.0);
    }

    #[test]
    fn spreads_stay_within_their_bounds() {
        let mut dice = Dice::new(5, 0);
        let spread = Spread::Uniform { from: 10, to: 20 };
        let mut seen: Vec<i64> = (0..1_000).map(|_| spread.draw(&mut dice)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, (10..=20).collect::<Vec<_>>());
        assert_eq!(Spread::Fixed(-5).draw(&mut dice), 0);
        let endless = Spread::LogNormal {
            median: 1,
            sigma: 1e9,
        };
        let longest = (0..20).map(|_| endless.draw(&mut dice)).max();
        assert_eq!(longest, Some(i64::from(u32::MAX)));
        assert_eq!(Spread::Samples([].into()).draw(&mut dice), 0);
        assert_eq!(Spread::Samples([9].into()).draw(&mut dice), 9);
    }

    #[test]
    fn choices_follow_their_weights() {
        let mut dice = Dice::new(11, 0);
        let choices = [("never", 0.0), ("seldom", 1.0), ("often", 3.0)];
        let mut often = 0;
        for _ in 0..10_000 {
            let (name, _) = dice.pick(&choices, |one| one.1).unwrap();
            assert_ne!(*name, "never");
            often += u32::from(*name == "often");
        }
        assert!((7_300..7_700).contains(&often), "{often}");
        assert_eq!(dice.pick(&[0.0], |weight| *weight), None);
    }
}
