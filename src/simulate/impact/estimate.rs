//! Ratios of sums, how uncertain they are, and how far what follows one another moves together.

use crate::model::time::{Sec, Window};

/// What a ratio is made of: a sum and what it is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) sum: f64,
    pub(super) weight: f64,
}

/// An item, or a day, and its part of a measure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    pub(super) at: Sec,
    pub(super) part: Part,
}

/// On which scale a ratio is compared with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// By the difference.
    Plain,
    /// By the difference of the logarithms.
    Log,
}

/// Doubles are no more exact than this after a few sums.
const ROUNDING: f64 = 1e-9;

/// A ratio on its scale, and the variance of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) variance: f64,
}

/// Units of a stretch of time, in order.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) window: Window,
    pub(super) units: Vec<Unit>,
}

/// A count as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of items, blocks and seconds stay far below 2^53"
)]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// Seconds as a real number.
#[expect(clippy::cast_precision_loss, reason = "seconds stay far below 2^53")]
pub(super) fn seconds(span: i64) -> f64 {
    span as f64
}

/// The whole part of a number that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a double saturates"
)]
pub(super) fn whole(number: f64) -> usize {
    number as usize
}

/// Of all parts together.
pub(super) fn total<'a>(parts: impl Iterator<Item = &'a Part>) -> Part {
    parts.fold(Part::default(), |all, one| Part {
        sum: all.sum + one.sum,
        weight: all.weight + one.weight,
    })
}

impl Part {
    pub(super) fn ratio(self) -> f64 {
        self.sum / self.weight
    }

    /// How far the sum lies from what a ratio makes of the weight; what rounding leaves is nothing.
    pub(super) fn beyond(self, ratio: f64) -> f64 {
        let beyond = self.sum - ratio * self.weight;
        if beyond.abs() <= ROUNDING * self.sum.abs() {
            0.0
        } else {
            beyond
        }
    }
}

/// The ratio of the sums of parts that know nothing of one another, by linearisation.
pub(super) fn estimate(parts: &[Part], scale: Scale) -> Estimate {
    let all = total(parts.iter());
    let ratio = all.ratio();
    let squares: f64 = parts.iter().map(|part| part.beyond(ratio).powi(2)).sum();
    let many = real(parts.len());
    let variance = squares * many / (many - 1.0) / all.weight.powi(2);
    match scale {
        Scale::Plain => Estimate {
            value: ratio,
            variance,
        },
        Scale::Log => Estimate {
            value: ratio.ln(),
            variance: variance / ratio.powi(2),
        },
    }
}

impl Stretch {
    pub(super) fn parts(&self) -> Vec<Part> {
        self.units.iter().map(|unit| unit.part).collect()
    }

    /// What the parts add up to in each of so many blocks of equal time.
    pub(super) fn blocks(&self, count: usize) -> Vec<Part> {
        let mut blocks = vec![Part::default(); count];
        let length = seconds(self.window.seconds()).max(1.0);
        for unit in &self.units {
            let gone = seconds(unit.at.since(self.window.from)) / length;
            let block = &mut blocks[whole(gone * real(count)).min(count - 1)];
            block.sum += unit.part.sum;
            block.weight += unit.part.weight;
        }
        blocks
    }

    /// How far each unit lies from the ratio of all.
    fn deviations(&self) -> Vec<f64> {
        let ratio = total(self.units.iter().map(|unit| &unit.part)).ratio();
        let parts = self.units.iter().map(|unit| unit.part);
        parts.map(|part| part.beyond(ratio)).collect()
    }
}

/// More units than these are taken together in groups before their motion is looked at.
const MOST: usize = 4_096;

/// Neighbours are looked at up to so many times the span they are found to move together over.
const SIGHT: f64 = 4.0;

/// How many units say as much as one independent one: 1 + 2 Σ autocorrelations, pooled over both
/// stretches, summed up to the first lag beyond four times the sum (Sokal's window). At least 1.
pub(super) fn moving_together(stretches: [&Stretch; 2]) -> f64 {
    let apart = stretches.map(Stretch::deviations);
    let all: usize = apart.iter().map(Vec::len).sum();
    let size = all.div_ceil(MOST).max(1);
    let groups = apart.each_ref().map(|side| grouped(side, size));
    let variance = |sides: &[Vec<f64>; 2]| {
        let squares: f64 = sides.iter().flatten().map(|one| one * one).sum();
        squares / real(sides[0].len() + sides[1].len())
    };
    let (single, group) = (variance(&apart), variance(&groups));
    if single <= 0.0 || group <= 0.0 {
        return 1.0;
    }
    (autocorrelation_time(&groups, group) * group / single / real(size)).max(1.0)
}

/// Sums of so many neighbours; what is left over at the end is dropped.
fn grouped(side: &[f64], size: usize) -> Vec<f64> {
    let groups = side.chunks_exact(size);
    groups.map(|group| group.iter().sum()).collect()
}

fn autocorrelation_time(sides: &[Vec<f64>; 2], variance: f64) -> f64 {
    let all = real(sides[0].len() + sides[1].len());
    let farthest = sides[0].len().min(sides[1].len()) / 2;
    let mut time = 1.0_f64;
    for lag in 1..=farthest {
        let pairs = sides
            .iter()
            .flat_map(|side| side.iter().zip(side.iter().skip(lag)));
        let (sum, count) = pairs.fold((0.0, 0), |(sum, count), (a, b)| (sum + a * b, count + 1));
        // Deviations from a mean of their own are too little alike, by this much on average.
        let lost = time.max(1.0) * 2.0 / all;
        time += 2.0 * (sum / real(count) / variance + lost);
        if real(lag) >= SIGHT * time.max(1.0) {
            break;
        }
    }
    time.max(1.0)
}
