//! What stands beside flow time, adjusted for being many.

use super::answer::{Finding, Measure};
use super::contrast::Arm;
use super::contrast::{Contrast, Draws, contrast};
use super::estimate::{Part, Scale, Stretch, real, seconds, total};
use super::judge::{Case, cannot, need_more, settle};
use super::periods::Periods;
use super::record::{Finish, Record};
use super::{Doubt, FEWEST_ITEMS, Need, Side};
use crate::model::bound::KindIx;
use crate::model::time::Window;

/// Kinds beyond so many, the least frequent ones, are not told of.
const KINDS: usize = 6;

/// Draws for each measure, as a part of those for flow time.
const FEWER_DRAWS: usize = 2;

/// Below this adjusted `p` a change is seen.
const ENOUGH: f64 = 0.05;

/// All measures beside flow time.
pub(super) fn beside(case: &Case<'_>, periods: &Periods) -> Vec<Finding> {
    let record = &case.own;
    let mut asked = vec![
        (Measure::Waiting, None),
        (Measure::Efficiency, None),
        (Measure::Velocity, None),
        (Measure::Load, None),
    ];
    let kinds = frequent_kinds(record, periods);
    if kinds.len() > 1 {
        let name = |kind: KindIx| case.kind_names.get(usize::from(kind.0)).cloned();
        asked.extend(
            kinds
                .iter()
                .map(|kind| (Measure::Share(kind.and_then(name)), *kind)),
        );
    }
    let compared = asked.into_iter().zip(1..).map(|((measure, kind), stream)| {
        let windows = periods.windows();
        let sides = windows.map(|window| stretch(record, &measure, kind, window));
        let draws = Draws {
            seed: case.terms.seed,
            stream,
            count: case.terms.draws / FEWER_DRAWS,
        };
        let found = compare(&measure, sides.clone(), draws);
        (measure, sides, found)
    });
    let compared: Vec<(Measure, [Stretch; 2], Option<Contrast>)> = compared.collect();
    let adjusted = holm(compared.iter().map(|(_, _, found)| found.map(|one| one.p)));
    compared
        .into_iter()
        .zip(adjusted)
        .map(|((measure, sides, found), p)| finding(case, measure, &sides, (found, p)))
        .collect()
}

fn scale(measure: &Measure) -> Scale {
    if measure.is_ratio() {
        Scale::Log
    } else {
        Scale::Plain
    }
}

fn compare(measure: &Measure, sides: [Stretch; 2], draws: Draws) -> Option<Contrast> {
    let counted = !matches!(measure, Measure::Velocity | Measure::Load);
    if counted && sides.iter().any(|side| side.units.len() < FEWEST_ITEMS) {
        return None;
    }
    let [before, after] = sides;
    let arm = Arm {
        before,
        after,
        weight: 1.0,
    };
    contrast(&[arm], scale(measure), draws)
}

/// The most frequent kinds before and after, most frequent first.
fn frequent_kinds(record: &Record, periods: &Periods) -> Vec<Option<KindIx>> {
    let mut counts: Vec<(Option<KindIx>, usize)> = Vec::new();
    for window in periods.windows() {
        for one in record.finished(window) {
            match counts.iter_mut().find(|(kind, _)| *kind == one.kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((one.kind, 1)),
            }
        }
    }
    counts.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), kind.map(|kind| kind.0)));
    counts
        .into_iter()
        .take(KINDS)
        .map(|(kind, _)| kind)
        .collect()
}

fn stretch(record: &Record, measure: &Measure, kind: Option<KindIx>, window: Window) -> Stretch {
    let flowed = |one: &Finish, sum: i64, weight: i64| {
        one.flow.filter(|_| record.knows_waiting).map(|_| Part {
            sum: seconds(sum),
            weight: seconds(weight),
        })
    };
    match measure {
        Measure::Waiting => record.items(window, |one| flowed(one, one.waiting, 1)),
        Measure::Efficiency => record.items(window, |one| {
            flowed(one, one.active, one.active + one.waiting)
        }),
        Measure::Velocity => record.velocity(window),
        Measure::Load => record.load(window),
        Measure::FlowTime | Measure::Share(_) => record.items(window, |one| {
            Some(Part {
                sum: f64::from(u8::from(one.kind == kind)),
                weight: 1.0,
            })
        }),
    }
}

/// In the unit of the measure.
fn told(measure: &Measure, side: &Stretch) -> Option<f64> {
    let ratio = total(side.parts().iter()).ratio();
    let per_week = if *measure == Measure::Velocity {
        7.0
    } else {
        1.0
    };
    Some(ratio * per_week).filter(|value| value.is_finite())
}

fn finding(
    case: &Case<'_>,
    measure: Measure,
    sides: &[Stretch; 2],
    (found, p): (Option<Contrast>, Option<f64>),
) -> Finding {
    let n = sides.each_ref().map(|side| side.units.len());
    let waits = matches!(measure, Measure::Waiting | Measure::Efficiency);
    let verdict = match found {
        _ if waits && !case.own.knows_waiting => cannot(Doubt::NotConfigured),
        Some(found) => settle(&measure, &found, p.is_some_and(|p| p <= ENOUGH), case.weeks),
        None => cannot(too_few(n, case.weeks).unwrap_or(Doubt::Nothing)),
    };
    let [before, after] = sides.each_ref().map(|side| told(&measure, side));
    Finding {
        n,
        before,
        after,
        effect: found.map(|found| found.effect_of(&measure)),
        p,
        verdict,
        measure,
    }
}

/// The doubt of a side with fewer items than say anything.
pub(super) fn too_few(n: [usize; 2], weeks: f64) -> Option<Doubt> {
    if n[0] < FEWEST_ITEMS {
        return Some(Doubt::TooFew {
            side: Side::Before,
            n: n[0],
            need: Need::Baseline,
        });
    }
    (n[1] < FEWEST_ITEMS).then(|| Doubt::TooFew {
        side: Side::After,
        n: n[1],
        need: need_more(real(n[1]), real(FEWEST_ITEMS), weeks),
    })
}

/// Holm's adjustment: the least p times how many there are, the next times one less, and so on,
/// never falling, never above 1. Those without a p have no part in it.
pub(super) fn holm(all: impl Iterator<Item = Option<f64>>) -> Vec<Option<f64>> {
    let all: Vec<Option<f64>> = all.collect();
    let mut order: Vec<(usize, f64)> = all
        .iter()
        .enumerate()
        .filter_map(|(at, p)| Some((at, (*p)?)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut adjusted = vec![None; all.len()];
    let (mut least, many) = (0.0_f64, order.len());
    for (rank, (at, p)) in order.into_iter().enumerate() {
        least = least.max((p * real(many - rank)).min(1.0));
        adjusted[at] = Some(least);
    }
    adjusted
}
