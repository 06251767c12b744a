use super::beside::holm;
use super::contrast::{Arm, Contrast, Draws, contrast};
use super::estimate::{Part, Scale, Stretch, Unit, estimate, moving_together, real};
use super::judge::settle;
use super::placebo::Placebo;
use super::trend::{STEEP, slope};
use super::{Doubt, Measure, Need, Verdict};
use crate::model::time::{Sec, Window};
use crate::simulate::random::Dice;

const DRAWS: Draws = Draws {
    seed: 1,
    stream: 0,
    count: 999,
};

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

/// One value a day, from a day on.
fn daily(from: u32, values: &[f64]) -> Stretch {
    let unit = |(day, value): (u32, &f64)| Unit {
        at: Sec(day * 86_400),
        part: Part {
            sum: *value,
            weight: 1.0,
        },
    };
    let days = u32::try_from(values.len()).unwrap();
    Stretch {
        window: Window {
            from: Sec(from * 86_400),
            to: Sec((from + days) * 86_400),
        },
        units: (from..).zip(values).map(unit).collect(),
    }
}

/// Values by chance, each remembering so much of the one before.
fn remembering(seed: u64, count: usize, memory: f64) -> Vec<f64> {
    let mut dice = Dice::new(seed, 0);
    let fresh = (1.0 - memory * memory).sqrt();
    let mut value = dice.normal();
    let mut next = || {
        value = memory * value + fresh * dice.normal();
        value
    };
    (0..count).map(|_| next()).collect()
}

fn arm(before: &[f64], after: &[f64]) -> Arm {
    Arm {
        before: daily(0, before),
        after: daily(1_000, after),
        weight: 1.0,
    }
}

fn compared(before: &[f64], after: &[f64]) -> Contrast {
    contrast(&[arm(before, after)], Scale::Plain, DRAWS).unwrap()
}

#[test]
fn holms_adjustment_by_hand() {
    // Least first: 0.005 · 4 = 0.02, 0.01 · 3 = 0.03, 0.03 · 2 = 0.06, 0.04 · 1 = 0.04, but not
    // less than the one before: 0.06.
    let all = [Some(0.01), Some(0.04), None, Some(0.03), Some(0.005)];
    let told = holm(all.into_iter());
    let wanted = [Some(0.03), Some(0.06), None, Some(0.06), Some(0.02)];
    for (told, wanted) in told.into_iter().zip(wanted) {
        assert_eq!(told.is_some(), wanted.is_some());
        near(told.unwrap_or(0.0), wanted.unwrap_or(0.0));
    }
    assert_eq!(
        holm([Some(0.4), Some(0.9)].into_iter()),
        [Some(0.8), Some(0.9)]
    );
    assert_eq!(
        holm([Some(0.7), Some(0.6)].into_iter()),
        [Some(1.0), Some(1.0)]
    );
}

#[test]
fn a_ratio_and_its_variance_by_hand() {
    // 6 of 3: 2. Deviations −1, 0, 1: squares 2, · 3/2, ÷ 3² = 1/3; on the log scale ÷ 2² more.
    let parts = [1.0, 2.0, 3.0].map(|sum| Part { sum, weight: 1.0 });
    let plain = estimate(&parts, Scale::Plain);
    near(plain.value, 2.0);
    near(plain.variance, 1.0 / 3.0);
    let log = estimate(&parts, Scale::Log);
    near(log.value, 2.0_f64.ln());
    near(log.variance, 1.0 / 12.0);
}

#[test]
fn values_that_know_nothing_of_one_another_move_alone() {
    let times = (0..40).map(|seed| {
        let [before, after] = [seed, seed + 100].map(|seed| remembering(seed, 150, 0.0));
        moving_together([&daily(0, &before), &daily(1_000, &after)])
    });
    let mean = times.sum::<f64>() / 40.0;
    assert!((1.0..1.3).contains(&mean), "{mean}");
}

#[test]
fn values_that_remember_move_together() {
    // (1 + 0.8) ÷ (1 − 0.8) = 9.
    let times = (0..40).map(|seed| {
        let [before, after] = [seed, seed + 100].map(|seed| remembering(seed, 1_000, 0.8));
        moving_together([&daily(0, &before), &daily(2_000, &after)])
    });
    let mean = times.sum::<f64>() / 40.0;
    assert!((8.0..10.0).contains(&mean), "{mean}");
}

#[test]
fn many_values_are_looked_at_in_groups() {
    let [before, after] = [1, 2].map(|seed| remembering(seed, 20_000, 0.8));
    let time = moving_together([&daily(0, &before), &daily(25_000, &after)]);
    assert!((7.0..11.0).contains(&time), "{time}");
}

#[test]
fn without_any_scatter_the_effect_is_all_there_is() {
    let found = compared(&[2.0; 30], &[1.0; 30]);
    near(found.effect, -1.0);
    near(found.reach, 0.0);
    assert!(found.p < 0.01, "{}", found.p);
    let same = compared(&[2.0; 30], &[2.0; 30]);
    near(same.effect, 0.0);
    near(same.p, 1.0);
}

#[test]
fn the_other_way_round_the_sign_is_the_other() {
    let (before, after) = (remembering(1, 80, 0.3), remembering(2, 90, 0.3));
    let (there, back) = (compared(&before, &after), compared(&after, &before));
    near(there.effect, -back.effect);
    assert_eq!(there.n, [back.n[1], back.n[0]]);
    assert!((there.reach / back.reach - 1.0).abs() < 0.1);
}

#[test]
fn another_unit_changes_no_effect() {
    let values = |seed| remembering(seed, 60, 0.0);
    let moved = |values: &[f64]| values.iter().map(|value| value + 7.0).collect::<Vec<_>>();
    let (before, after) = (values(1), values(2));
    let (there, scaled) = (
        compared(&before, &after),
        compared(&moved(&before), &moved(&after)),
    );
    near(there.effect, scaled.effect);
    near(there.reach, scaled.reach);
    near(there.p, scaled.p);
}

#[test]
fn an_interval_is_as_wide_as_that_of_independent_values() {
    // Two means of 100 standard normals: standard error √(2/100) = 0.141, 95 % within 0.28.
    let reaches = (0..20).map(|seed| {
        compared(
            &remembering(seed, 100, 0.0),
            &remembering(seed + 50, 100, 0.0),
        )
        .reach
    });
    let mean = reaches.sum::<f64>() / 20.0;
    assert!((0.27..0.36).contains(&mean), "{mean}");
}

#[test]
fn values_that_remember_make_an_interval_wider_and_it_holds() {
    let compare = |seed: u64| {
        let [before, after] = [seed, seed + 500].map(|seed| remembering(seed, 300, 0.8));
        compared(&before, &after)
    };
    let all: Vec<Contrast> = (0..50).map(compare).collect();
    let held = all
        .iter()
        .filter(|one| one.effect.abs() <= one.reach)
        .count();
    assert!(held >= 45, "{held} of 50");
    // 300 are worth 300 ÷ 9 = 33, so the standard error is √(2/33) = 0.25, not √(2/300) = 0.08.
    let worth = all.iter().map(|one| one.worth[0]).sum::<f64>() / 50.0;
    assert!((25.0..50.0).contains(&worth), "{worth}");
    let reach = all.iter().map(|one| one.reach).sum::<f64>() / 50.0;
    assert!((0.42..0.8).contains(&reach), "{reach}");
}

#[test]
fn what_happens_to_a_control_as_well_is_taken_off() {
    let shifted = |values: Vec<f64>| values.iter().map(|value| value - 1.0).collect::<Vec<_>>();
    let mut control = arm(
        &remembering(3, 100, 0.0),
        &shifted(remembering(4, 100, 0.0)),
    );
    control.weight = -1.0;
    let own = arm(
        &remembering(1, 100, 0.0),
        &shifted(remembering(2, 100, 0.0)),
    );
    let alone = contrast(std::slice::from_ref(&own), Scale::Plain, DRAWS).unwrap();
    let held = contrast(&[own, control], Scale::Plain, DRAWS).unwrap();
    assert!(alone.effect < -alone.reach, "{alone:?}");
    assert!(held.effect.abs() < held.reach, "{held:?}");
    assert!(held.reach > alone.reach);
}

#[test]
fn nothing_to_divide_by_is_no_effect() {
    let arm = arm(&[0.0; 30], &[1.0; 30]);
    assert_eq!(contrast(&[arm], Scale::Log, DRAWS), None);
    assert_eq!(contrast(&[], Scale::Plain, DRAWS), None);
}

#[test]
fn a_slope_is_told_from_none() {
    let falling: Vec<f64> = (0..160_u32)
        .zip(remembering(5, 160, 0.0))
        .map(|(day, value)| value - f64::from(day) / 40.0)
        .collect();
    assert!(slope(&daily(0, &falling)) < -STEEP);
    assert!(slope(&daily(0, &remembering(5, 160, 0.0))).abs() < STEEP);
    near(slope(&daily(0, &[3.0; 160])), 0.0);
}

fn found(effect: f64, reach: f64, worth: [f64; 2]) -> Contrast {
    Contrast {
        effect,
        reach,
        p: 0.5,
        n: [100, 50],
        worth,
        shares: [0.5, 0.5],
    }
}

fn said(effect: f64, reach: f64, seen: bool) -> Verdict {
    let found = found(effect, reach, [100.0, 50.0]);
    settle(&Measure::FlowTime, &found, seen, 10.0)
}

#[test]
fn verdicts_follow_from_effect_and_interval() {
    assert_eq!(said(-0.3, 0.2, true), Verdict::Improved);
    assert_eq!(said(0.3, 0.2, true), Verdict::Worsened);
    assert_eq!(said(-0.1, 0.2, false), Verdict::NoChangeSeen);
    // Certain, but too small to matter.
    assert_eq!(said(-0.04, 0.01, true), Verdict::NoChangeSeen);
    // Wanted: half the width, a quarter of the variance, half of which is that of before.
    let need = Need::Baseline;
    assert_eq!(
        said(0.0, 0.8, false),
        Verdict::CannotTell(Doubt::TooWide { need })
    );
    // 0.3567 of 0.4: 0.795 of the variance, 0.5 of it before; 0.295 of 0.5: 50 ÷ 0.5905 = 84.7.
    let need = Need::More {
        n: 35,
        weeks: Some(7),
    };
    assert_eq!(
        said(0.0, 0.4, false),
        Verdict::CannotTell(Doubt::TooWide { need })
    );
}

#[test]
fn what_moves_together_is_worth_less() {
    let few = found(-0.5, 0.1, [100.0, 10.0]);
    let verdict = settle(&Measure::FlowTime, &few, true, 10.0);
    // 50 items are worth 10; 20 need 100, which is 50 more, in 10 weeks.
    let Verdict::CannotTell(doubt @ Doubt::MovesTogether { need, .. }) = verdict else {
        panic!("{verdict:?}");
    };
    assert_eq!(
        need,
        Need::More {
            n: 50,
            weeks: Some(10)
        }
    );
    assert_eq!(
        doubt.to_string(),
        "values move together over long stretches: the 50 after it are worth 10 independent ones, and 20 are needed; about 50 more after it would do, 10 weeks at this pace"
    );
}

#[test]
fn placebo_dates_speak_against_a_call_when_most_are_called() {
    let speaks = |called, dates| Placebo { dates, called }.speaks_against();
    assert!(speaks(5, 9) && speaks(2, 3));
    assert!(!speaks(4, 9) && !speaks(2, 2) && !speaks(0, 9));
}

#[test]
fn the_same_seed_gives_the_same_answer() {
    let (before, after) = (remembering(1, 50, 0.2), remembering(2, 50, 0.2));
    assert_eq!(compared(&before, &after), compared(&before, &after));
    let other = Draws { seed: 2, ..DRAWS };
    let other = contrast(&[arm(&before, &after)], Scale::Plain, other).unwrap();
    assert_ne!(other, compared(&before, &after));
    near(real(other.n[0]), 50.0);
}
