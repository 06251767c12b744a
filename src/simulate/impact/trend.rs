//! Whether flow time rose or fell before the change already.

use super::estimate::{Part, Stretch, real, total};

/// Blocks of the baseline.
const BLOCKS: usize = 16;

/// A slope so many times its standard error is a trend.
pub(super) const STEEP: f64 = 2.5;

/// The slope over the blocks of a stretch, in its own standard errors; 0 if there is none to see.
pub(super) fn slope(stretch: &Stretch) -> f64 {
    let blocks = stretch.blocks(BLOCKS);
    let mean = total(blocks.iter()).ratio();
    let weights: f64 = blocks.iter().map(|block| block.weight).sum();
    let places = || {
        blocks
            .iter()
            .enumerate()
            .map(|(at, block)| (real(at), block))
    };
    let middle = places().map(|(at, block)| at * block.weight).sum::<f64>() / weights;
    let spread: f64 = places()
        .map(|(at, block)| block.weight * (at - middle).powi(2))
        .sum();
    let deviation = |block: &Part, line: f64| block.sum - line * block.weight;
    let slope = places()
        .map(|(at, block)| (at - middle) * deviation(block, mean))
        .sum::<f64>()
        / spread;
    let squares: f64 = places()
        .map(|(at, block)| (at, deviation(block, mean + slope * (at - middle))))
        .map(|(at, left)| ((at - middle) * left).powi(2))
        .sum();
    let error = (squares * real(BLOCKS) / real(BLOCKS - 2)).sqrt() / spread;
    let steepness = slope / error;
    // A line without any scatter is as steep as can be; without a slope it is none.
    if steepness.is_nan() { 0.0 } else { steepness }
}
