//! Before against after, with an interval from blocks of time drawn anew.

use super::estimate::{Part, Scale, Stretch, estimate, moving_together, real, seconds, whole};
use crate::simulate::random::Dice;

/// One stream before and after. The weight of the stream asked about is 1, those of its controls
/// are negative and add up to −1.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    pub(super) before: Stretch,
    pub(super) after: Stretch,
    pub(super) weight: f64,
}

/// How blocks are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws {
    pub(super) seed: u64,
    /// Each comparison has a number of its own, and so its own luck.
    pub(super) stream: u64,
    pub(super) count: usize,
}

/// What came of a comparison. On the log scale the effect is a difference of logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Contrast {
    /// After minus before, minus the same of the controls.
    pub(super) effect: f64,
    /// The interval reaches so far to both sides.
    pub(super) reach: f64,
    /// How often blocks without an effect would show as much.
    pub(super) p: f64,
    /// Items or days before and after.
    pub(super) n: [usize; 2],
    /// How many independent ones they are worth.
    pub(super) worth: [f64; 2],
    /// The shares of the variance that come from before (with the controls) and from after.
    pub(super) shares: [f64; 2],
}

/// Two normal standard errors hold 95 %; no interval claims to be narrower.
const NORMAL: f64 = 1.96;

/// An interval holds so many of a hundred.
pub(super) const CONFIDENCE: usize = 95;

/// Blocks of the shorter stretch: not more, not fewer.
const BLOCKS: [usize; 2] = [5, 16];

/// Blocks of the longer stretch, at most.
const MOST_BLOCKS: f64 = 60.0;

/// The stretches of one arm in blocks.
#[derive(Clone, Debug)]
struct Cut {
    before: Vec<Part>,
    after: Vec<Part>,
    weight: f64,
}

/// Effect and variance of all arms.
#[derive(Clone, Copy, Debug)]
struct Outcome {
    effect: f64,
    variance: f64,
}

/// Compares. `None` if a side holds fewer than two units or has no value on the scale.
pub(super) fn contrast(arms: &[Arm], scale: Scale, draws: Draws) -> Option<Contrast> {
    let own = arms.first()?;
    let told = arms.iter().map(|arm| Spread::of(arm, scale));
    let told: Vec<Spread> = told.collect::<Option<_>>()?;
    let n = [own.before.units.len(), own.after.units.len()];
    let worth = n.map(|n| real(n) / told[0].together);
    let cuts = cut(arms, worth[0].min(worth[1]));
    let outcome = outcome(&cuts, scale);
    let parts = by_side(&told);
    let by_units = parts[0] + parts[1];
    let error = outcome.variance.max(by_units).sqrt();
    let drawn = drawn(&cuts, scale, (outcome.effect, draws));
    let most = drawn.get(drawn.len() * CONFIDENCE / 100).copied();
    let place = outcome.effect.abs() / error;
    let beyond = drawn.len() - drawn.partition_point(|one| *one < place);
    let share = |part: f64| if by_units > 0.0 { part / by_units } else { 0.5 };
    Some(Contrast {
        effect: outcome.effect,
        reach: most.unwrap_or(NORMAL).max(NORMAL) * error,
        p: real(beyond + 1) / real(drawn.len() + 1),
        n,
        worth,
        shares: parts.map(share),
    })
}

/// The variance of the effect by its units: of before and of all controls, and of after.
fn by_side(told: &[Spread]) -> [f64; 2] {
    let controls = told.iter().skip(1).map(|one| one.variances[1]);
    let before = told.iter().map(|one| one.variances[0]);
    let after = told.first().map_or(0.0, |first| first.variances[1]);
    [before.sum::<f64>() + controls.sum::<f64>(), after]
}

/// An arm by its units: values, variances of their weighted values, and how they move together.
#[derive(Clone, Copy, Debug)]
struct Spread {
    values: [f64; 2],
    variances: [f64; 2],
    together: f64,
}

impl Spread {
    fn of(arm: &Arm, scale: Scale) -> Option<Self> {
        let sides = [&arm.before, &arm.after];
        if sides.iter().any(|side| side.units.len() < 2) {
            return None;
        }
        let told = sides.map(|side| estimate(&side.parts(), scale));
        let together = moving_together(sides);
        let found = Self {
            values: told.map(|one| one.value),
            variances: told.map(|one| one.variance * together * arm.weight.powi(2)),
            together,
        };
        let numbers = found.values.iter().chain(&found.variances);
        numbers.copied().all(f64::is_finite).then_some(found)
    }
}

/// Blocks as long as what moves together allows, equally long before and after.
fn cut(arms: &[Arm], worth: f64) -> Vec<Cut> {
    let fewest = whole(worth / 2.0).clamp(BLOCKS[0], BLOCKS[1]);
    let length = |side: &Stretch| seconds(side.window.seconds()).max(1.0);
    let arm = |arm: &Arm| {
        let block = length(&arm.before).min(length(&arm.after)) / real(fewest);
        let count = |side: &Stretch| whole((length(side) / block).round().min(MOST_BLOCKS));
        Cut {
            before: arm.before.blocks(count(&arm.before)),
            after: arm.after.blocks(count(&arm.after)),
            weight: arm.weight,
        }
    };
    arms.iter().map(arm).collect()
}

fn outcome(cuts: &[Cut], scale: Scale) -> Outcome {
    let none = Outcome {
        effect: 0.0,
        variance: 0.0,
    };
    cuts.iter().fold(none, |all, cut| {
        let (before, after) = (estimate(&cut.before, scale), estimate(&cut.after, scale));
        Outcome {
            effect: all.effect + cut.weight * (after.value - before.value),
            variance: all.variance + cut.weight.powi(2) * (after.variance + before.variance),
        }
    })
}

/// How far effects of blocks drawn anew lie from the effect found, in their own standard errors,
/// least first.
fn drawn(cuts: &[Cut], scale: Scale, (effect, draws): (f64, Draws)) -> Vec<f64> {
    let mut dice = Dice::new(draws.seed, draws.stream);
    let mut again = cuts.to_vec();
    let mut found: Vec<f64> = (0..draws.count)
        .map(|_| {
            for (new, old) in again.iter_mut().zip(cuts) {
                draw(&mut new.before, &old.before, &mut dice);
                draw(&mut new.after, &old.after, &mut dice);
            }
            let outcome = outcome(&again, scale);
            standard((outcome.effect - effect).abs(), outcome.variance.sqrt())
        })
        .collect();
    found.sort_by(f64::total_cmp);
    found
}

fn draw(new: &mut [Part], old: &[Part], dice: &mut Dice) {
    for part in new {
        *part = old[dice.below(old.len())];
    }
}

/// What cannot be told is as far away as can be, so that it never makes an interval narrower.
fn standard(distance: f64, error: f64) -> f64 {
    if distance < 1e-12 {
        return 0.0;
    }
    let standard = distance / error;
    if standard.is_finite() {
        standard
    } else {
        f64::INFINITY
    }
}
