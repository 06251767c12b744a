//! What items have left against a plain reading of its definition, on worlds with enough items.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use weir::metrics::Remaining;
use weir::model::id::ItemIx;
use weir::model::stage::{Class, ClockRule, Phase, State};
use weir::model::time::{TimeRule, WindowSpec};

use super::oracle::{Oracle, Place, Seen};
use super::world::{Happening, Meaning, World};
use super::{Asked, BASE, LAST, UNIT};

/// Every item's age at its first entry into a stage since its start, and the age it got to.
fn lives(oracle: &Oracle<'_>, seen: &[Seen], stage: usize) -> Vec<(i64, i64, bool)> {
    let life = |one: &Seen| {
        let started = one.started?;
        let here = |(at, place): &&(u32, Place)| *at >= started && *place == Place::Stage(stage);
        let entered = one.steps.iter().find(here)?.0;
        let entry = match oracle.rule {
            ClockRule::SumInProgress => committed(oracle, one, started, entered),
            _ => oracle.hours.span(started, entered),
        };
        let end = one.active + one.waiting + one.outside;
        Some((entry, end, one.flow.is_some())).filter(|_| entry < end)
    };
    seen.iter().filter_map(life).collect()
}

/// Seconds in committed stages between two instants, counted unit by unit.
fn committed(oracle: &Oracle<'_>, one: &Seen, from: u32, to: u32) -> i64 {
    let is_committed = |at: &u32| {
        let class = oracle
            .place_at(one, *at)
            .and_then(|place| oracle.class(place));
        class.is_some_and(Class::is_committed)
    };
    let units = (from..to).step_by(UNIT as usize).filter(is_committed);
    units.map(|at| oracle.hours.unit(at)).sum()
}

/// Survival is worked out anew at each age at which an item finished.
fn quantile(lives: &[(i64, i64, bool)], age: i64, share: f64) -> Option<i64> {
    let finishes = lives.iter().filter(|life| life.2 && life.1 > age);
    let mut finishes: Vec<i64> = finishes.map(|life| life.1).collect();
    finishes.sort_unstable();
    finishes.dedup();
    let mut survival = 1.0;
    finishes.into_iter().find_map(|at| {
        let at_risk = lives.iter().filter(|life| life.0 < at && at <= life.1);
        let finished = lives.iter().filter(|life| life.2 && life.1 == at);
        survival *= 1.0 - finished.count() as f64 / at_risk.count() as f64;
        (survival <= 1.0 - share + 1e-9).then_some(at - age)
    })
}

/// Gives how many answers were not refused.
pub(super) fn days_left_agrees(asked: &Asked, seen: &[Seen]) -> usize {
    let oracle = asked.oracle();
    let measures = asked.measures();
    let snapshot = asked.world.snapshot(asked.rule);
    let remaining = Remaining::of(&snapshot, 0, measures.header);
    let mut known = 0;
    for one in seen.iter().filter(|one| one.state == State::InProgress) {
        let row = measures.table.row(ItemIx(one.item as u32)).unwrap();
        let Some(age) = one.age else { continue };
        let stage = row.stage.unwrap();
        let lives = lives(&oracle, seen, stage.index());
        let n = lives
            .iter()
            .filter(|life| life.0 <= age && age < life.1)
            .count();
        let left = remaining.left(stage, age);
        assert_eq!(left.n, n as u64, "n of {}", one.item);
        let wanted = |share| quantile(&lives, age, share).filter(|_| n >= 10);
        assert_eq!(
            (left.p50, left.p85),
            (wanted(0.50), wanted(0.85)),
            "{}",
            one.item
        );
        known += usize::from(left.p50.is_some());
    }
    known
}

/// A few moves an item; most end in done.
fn item() -> impl Strategy<Value = Vec<(u32, Happening)>> {
    let moves = proptest::collection::vec((1..20_u32, 1..9_usize), 1..5);
    let last = (1..20_u32, prop_oneof![3 => Just(3), 1 => 1..9_usize]);
    (0..LAST / 2, moves, last).prop_map(|(first, mut moves, last)| {
        let mut at = first;
        moves.push(last);
        let mut happenings = vec![(BASE + at * UNIT, Happening::Created(Some(0)))];
        for (stay, to) in moves {
            at += stay;
            happenings.push((BASE + at * UNIT, Happening::Moved(to)));
        }
        happenings
    })
}

fn world() -> impl Strategy<Value = World> {
    use Meaning::{Cancelled, Stage};
    let items = proptest::collection::vec(item(), 40..120);
    items.prop_map(|items| World {
        classes: vec![Class::Backlog, Class::Queue, Class::Active, Class::Done],
        phases: vec![Phase::Create; 4],
        limits: vec![None; 4],
        statuses: [0, 1, 2, 3, 1, 2, 3, 0]
            .map(Stage)
            .into_iter()
            .chain([Cancelled])
            .collect(),
        items,
        only_team_0: false,
        blocked_by_flag: false,
        zone: "UTC",
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn days_left_equal_the_plain_reading(
        world in world(),
        rule in super::rule(),
        time in proptest::sample::select(&TimeRule::ALL[..]),
        until in LAST / 2..LAST,
    ) {
        let asked = Asked {
            world,
            rule,
            time,
            as_of: BASE + until * UNIT,
            window: WindowSpec::LastDays(15),
        };
        let seen = asked.oracle().items();
        days_left_agrees(&asked, &seen);
    }
}

#[test]
fn the_worlds_are_rich_enough_to_tell() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut known = 0;
    for _ in 0..10 {
        let world = world().new_tree(&mut runner).unwrap().current();
        let asked = Asked {
            world,
            rule: ClockRule::FirstStart,
            time: TimeRule::Elapsed,
            as_of: BASE + LAST * 2 / 3 * UNIT,
            window: WindowSpec::LastDays(15),
        };
        known += days_left_agrees(&asked, &asked.oracle().items());
    }
    assert!(known > 20, "{known}");
}
