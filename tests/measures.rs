//! The fast measures against a slow plain reading of their definitions, on random awkward worlds.

#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::too_many_lines,
    clippy::type_complexity,
    clippy::unused_self,
    clippy::manual_div_ceil,
    reason = "small worlds, read as plainly as the definitions are written"
)]

#[path = "measures/bottleneck.rs"]
mod bottleneck;
#[path = "measures/days_left.rs"]
mod days_left;
#[path = "measures/further.rs"]
mod further;
#[path = "support/hours.rs"]
mod hours;
#[path = "measures/lens.rs"]
mod lens;
#[path = "support/oracle.rs"]
mod oracle;
#[path = "support/world.rs"]
mod world;

use bottleneck::bottleneck_agrees;
use days_left::days_left_agrees;
use further::further_agrees;
use hours::{BASE, Hours, UNIT, ZONES};
use lens::{accounts_agree, lens_agrees};
use oracle::{Oracle, Place, Seen, condition, nearest_rank};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use weir::metrics::{AsOf, Measures, Question, measure};
use weir::model::id::ItemIx;
use weir::model::rule::Rule;
use weir::model::stage::{Class, ClockRule, Phase, State};
use weir::model::time::{Sec, TimeRule, Window, WindowSpec, Zone};
use world::{Happening, Meaning, World, stage_name};

const LAST: u32 = 160;

/// Three blocks of the pass over the items, the last of them not full.
const CROWD: usize = 3_000;

fn instant() -> impl Strategy<Value = u32> {
    (0..LAST).prop_map(|units| BASE + units * UNIT)
}

fn happening(statuses: usize) -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => (0..statuses).prop_map(Happening::Moved),
        1 => (0..3_usize).prop_map(Happening::Team),
        1 => (0..3_usize).prop_map(Happening::Type),
        2 => any::<bool>().prop_map(Happening::Flag),
        1 => Just(Happening::Blocked),
        1 => Just(Happening::Unblocked),
        1 => prop_oneof![3 => Just(Happening::Unblocked), 1 => Just(Happening::Deleted)],
    ]
}

fn item(statuses: usize) -> impl Strategy<Value = Vec<(u32, Happening)>> {
    let created = proptest::option::weighted(0.8, (instant(), proptest::option::of(0..statuses)));
    let born = prop_oneof![Just(None), (0..3_usize).prop_map(Some)];
    let rest = proptest::collection::vec((instant(), happening(statuses)), 0..14);
    (created, born, rest, any::<bool>()).prop_map(|(created, team, mut rest, ordered)| {
        if ordered {
            rest.sort_by_key(|(at, _)| *at);
        }
        if let Some((at, status)) = created {
            rest.insert(0, (at, Happening::Created(status)));
            if let Some(team) = team {
                rest.push((at, Happening::Team(team)));
            }
        }
        rest
    })
}

fn class() -> impl Strategy<Value = Class> {
    prop_oneof![
        1 => Just(Class::Backlog),
        2 => Just(Class::Queue),
        2 => Just(Class::Active),
        1 => Just(Class::Done)
    ]
}

fn world() -> impl Strategy<Value = World> {
    let limit = proptest::option::weighted(0.3, 1..4_u32);
    let stages = proptest::collection::vec((class(), 0..4_usize, limit), 1..7);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let zone = proptest::sample::select(&ZONES[..]);
    (stages, flags, zone).prop_flat_map(|(stages, (team, flag, odd), zone)| {
        let mut statuses: Vec<Meaning> = (0..stages.len()).map(Meaning::Stage).collect();
        statuses.push(Meaning::Stage(0));
        statuses.push(Meaning::Cancelled);
        if odd {
            statuses.extend([Meaning::Nothing, Meaning::Blocks]);
        }
        let items = proptest::collection::vec(item(statuses.len()), 0..14);
        items.prop_map(move |items| World {
            classes: stages.iter().map(|(class, _, _)| *class).collect(),
            phases: stages
                .iter()
                .map(|(_, phase, _)| Phase::ALL[*phase])
                .collect(),
            limits: stages.iter().map(|(_, _, limit)| *limit).collect(),
            statuses: statuses.clone(),
            items,
            only_team_0: team && odd,
            blocked_by_flag: flag,
            zone,
        })
    })
}

fn rule() -> impl Strategy<Value = ClockRule> {
    (0..4_usize).prop_map(|at| ClockRule::ALL[at])
}

fn window() -> impl Strategy<Value = WindowSpec> {
    prop_oneof![
        Just(WindowSpec::LastDays(7)),
        Just(WindowSpec::LastDays(15)),
        Just(WindowSpec::LastDays(90)),
    ]
}

struct Asked {
    world: World,
    rule: ClockRule,
    time: TimeRule,
    as_of: u32,
    window: WindowSpec,
}

impl Asked {
    fn measures(&self) -> Measures {
        let snapshot = self.world.snapshot(self.rule);
        let question = Question {
            stream: 0,
            as_of: AsOf::At(Sec(self.as_of)),
            window: self.window,
            clock: self.rule,
            time: self.time,
            filter: Rule::Always,
        };
        measure(&snapshot, &question).unwrap()
    }

    fn hours(&self) -> &'static Hours {
        Hours::of(self.time, self.world.zone)
    }

    fn oracle(&self) -> Oracle<'_> {
        Oracle {
            world: &self.world,
            as_of: self.as_of,
            rule: self.rule,
            unit: UNIT,
            hours: self.hours(),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let as_of = (20..LAST + 8).prop_map(|units| BASE + units * UNIT);
    let time = proptest::sample::select(&TimeRule::ALL[..]);
    let asked = (world(), (rule(), time), as_of, window());
    asked.prop_map(|(world, (rule, time), as_of, window)| Asked {
        world,
        rule,
        time,
        as_of,
        window,
    })
}

/// More items than a thread takes at once, so that several threads share them: those of a small world
/// over and over, each time some days later.
fn crowded() -> impl Strategy<Value = Asked> {
    let some = asked().prop_filter("a crowd of none", |asked| !asked.world.items.is_empty());
    some.prop_map(|mut asked| {
        let few = std::mem::take(&mut asked.world.items);
        let later = |(at, item): (usize, &Vec<(u32, Happening)>)| {
            let by = UNIT * (at / few.len() % 29) as u32;
            let happenings = item.iter().map(|(when, what)| (when + by, what.clone()));
            happenings.collect()
        };
        let crowd = few.iter().cycle().take(CROWD).enumerate().map(later);
        asked.world.items = crowd.collect();
        asked
    })
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:#?} {:?} in {} time as of {} over {}",
            self.world, self.rule, self.time, self.as_of, self.window
        )
    }
}

fn rows_agree(measures: &Measures, seen: &[Seen]) {
    assert_eq!(measures.table.len(), seen.len());
    for one in seen {
        let row = measures.table.row(ItemIx(one.item as u32)).unwrap();
        let at = |at: Option<u32>| at.map(Sec);
        assert_eq!(row.state, one.state, "state of {}", one.item);
        assert_eq!(row.started.get(), at(one.started), "start of {}", one.item);
        assert_eq!(
            row.finished.get(),
            at(one.finished),
            "finish of {}",
            one.item
        );
        assert_eq!(
            (row.flow(), row.age()),
            (one.flow, one.age),
            "flow, age of {}",
            one.item
        );
        let spent = row.spent();
        let spent = (spent.active, spent.waiting, spent.outside, spent.blocked);
        assert_eq!(
            spent,
            (one.active, one.waiting, one.outside, one.blocked),
            "times of {}",
            one.item
        );
        assert_eq!(
            (row.reopened, row.backward_moves),
            (one.reopened, one.backward)
        );
        assert_eq!(row.entered, Sec(one.steps.last().unwrap().0));
        assert_eq!(row.created, Sec(one.steps[0].0));
    }
}

fn flow_agrees(measures: &Measures, seen: &[Seen], window: Window) {
    let inside = |one: &&Seen| one.finished.is_some_and(|at| window.contains(Sec(at)));
    let finished: Vec<&Seen> = seen.iter().filter(inside).collect();
    let times: Vec<i64> = finished.iter().filter_map(|one| one.flow).collect();
    assert_eq!(measures.flow.velocity.finished, finished.len() as u64);
    match measures.flow.time {
        None => assert!(times.is_empty()),
        Some(time) => {
            assert_eq!(time.percentiles.n, times.len());
            for (value, p) in time.percentiles.values.iter().zip([50, 70, 85, 95]) {
                assert_eq!(Some(*value), nearest_rank(&times, p));
            }
            let mean = times.iter().sum::<i64>() as f64 / times.len() as f64;
            assert!((time.mean - mean).abs() < 1e-6);
        }
    }
    let load = seen
        .iter()
        .filter(|one| one.state == State::InProgress)
        .count();
    assert_eq!(measures.flow.load, load as u64);
    if let Some(efficiency) = measures.flow.efficiency {
        let with_start = || finished.iter().filter(|one| one.flow.is_some());
        assert_eq!(
            efficiency.active,
            with_start().map(|one| one.active).sum::<i64>()
        );
        assert_eq!(
            efficiency.waiting,
            with_start().map(|one| one.waiting).sum::<i64>()
        );
    }
    for share in &measures.distribution.finished {
        let same = finished
            .iter()
            .filter(|one| one.kind == share.kind.as_deref());
        assert_eq!(share.count, same.count() as u64, "kind {:?}", share.kind);
    }
    let shares = |of: &[weir::metrics::Share]| of.iter().map(|share| share.count).sum::<u64>();
    assert_eq!(
        shares(&measures.distribution.finished),
        finished.len() as u64
    );
    assert_eq!(shares(&measures.distribution.in_progress), load as u64);
}

/// Walks through a window unit by unit.
fn units(window: Window) -> impl Iterator<Item = u32> {
    let first = window.from.0.max(BASE - 2 * UNIT);
    (first..window.to.0).step_by(UNIT as usize)
}

fn stages_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let waiting_in = |stage: usize| {
        let waits = |one: &Seen, at: u32| {
            let here = oracle.place_at(one, at) == Some(Place::Stage(stage));
            let class = asked.world.classes[stage];
            let blocked = class == Class::Active && oracle.blocked_at(one, at);
            here && (class == Class::Queue || blocked)
        };
        let wait = |at: u32| {
            let count = seen.iter().filter(|one| waits(one, at)).count();
            count as i64 * asked.hours().unit(at)
        };
        units(window).map(wait).sum::<i64>()
    };
    let all: i64 = (0..measures.stages.len()).map(waiting_in).sum();
    for (at, stage) in measures.stages.iter().enumerate() {
        let here: Vec<&Seen> = seen
            .iter()
            .filter(|one| one.steps.last().unwrap().1 == Place::Stage(at))
            .collect();
        assert_eq!(stage.name, stage_name(at));
        assert_eq!(stage.load, here.len() as u64);
        let oldest = here
            .iter()
            .map(|one| asked.hours().span(one.steps.last().unwrap().0, asked.as_of))
            .max();
        assert_eq!(stage.oldest, oldest);
        let entries = seen.iter().flat_map(|one| &one.steps);
        let entries = entries.filter(|(t, p)| *p == Place::Stage(at) && window.contains(Sec(*t)));
        assert_eq!(stage.arrivals, entries.count() as u64);
        let exits = seen.iter().flat_map(|one| one.steps.windows(2));
        let exits =
            exits.filter(|pair| pair[0].1 == Place::Stage(at) && window.contains(Sec(pair[1].0)));
        assert_eq!(stage.departures, exits.count() as u64);
        assert_eq!(stage.waiting, waiting_in(at));
        let share = (all > 0).then(|| waiting_in(at) as f64 / all as f64);
        assert_eq!(stage.wait_share.is_some(), share.is_some());
        assert!((stage.wait_share.unwrap_or(0.0) - share.unwrap_or(0.0)).abs() < 1e-9);
    }
}

fn bands_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let inside = |one: &&Seen| one.finished.is_some_and(|at| window.contains(Sec(at)));
    let finished: Vec<&Seen> = seen.iter().filter(inside).collect();
    let mut running = [0_i64; 4];
    let (mut any, mut stale_after, mut exits_of) = (false, Vec::new(), Vec::new());
    for (at, stage) in measures.stages.iter().enumerate() {
        let times: Vec<i64> = finished
            .iter()
            .filter_map(|one| oracle.time_in(one, at))
            .collect();
        assert_eq!(
            stage.time.map(|time| time.n),
            (!times.is_empty()).then_some(times.len())
        );
        assert_eq!(stage.time.map(|time| time.p85()), nearest_rank(&times, 85));
        stale_after.push(nearest_rank(&times, 85));
        let exit = |one: &&Seen| {
            let exit = oracle.last_exit(one, at, one.finished?)?;
            let started = one.started?;
            (exit >= started).then(|| asked.hours().span(started, exit))
        };
        let exits: Vec<i64> = finished.iter().filter_map(exit).collect();
        for (slot, p) in running.iter_mut().zip([50, 70, 85, 95]) {
            *slot = nearest_rank(&exits, p).map_or(*slot, |own| own.max(*slot));
        }
        any |= !exits.is_empty();
        assert_eq!(stage.pace, any.then_some(running), "band of stage {at}");
        exits_of.push(exits);
    }
    for open in measures
        .open
        .iter()
        .filter(|open| open.state == State::InProgress)
    {
        let one = seen
            .iter()
            .find(|one| one.item == open.item.index())
            .unwrap();
        let (at, entered) = (open.stage.index(), one.steps.last().unwrap().0);
        let blocked = oracle.blocked_at(one, asked.as_of);
        let in_stage = asked.hours().span(entered, asked.as_of);
        let stale = !blocked && stale_after[at].is_some_and(|limit| in_stage > limit);
        let band = measures.stages[at].pace.map(|band| band[2]);
        let ageing = one.age.zip(band).is_some_and(|(age, band)| age > band);
        assert_eq!(open.condition, Some(condition(blocked, stale, ageing)));
        assert_eq!(open.block.is_some(), blocked);
        let younger = exits_of[at]
            .iter()
            .filter(|exit| one.age.is_some_and(|age| **exit <= age))
            .count();
        let pace = (!exits_of[at].is_empty()).then(|| younger as f64 / exits_of[at].len() as f64);
        assert_eq!(open.pace, pace.filter(|_| one.age.is_some()));
    }
}

fn phases_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let world = &asked.world;
    for share in &measures.phases {
        let mut seconds = 0;
        for one in seen
            .iter()
            .filter(|one| one.finished.is_some_and(|at| window.contains(Sec(at))))
        {
            let mut at = one.steps[0].0;
            while at < one.finished.unwrap() {
                if let Some(Place::Stage(stage)) = asked.oracle().place_at(one, at)
                    && world.phases[stage] == share.phase
                    && world.classes[stage] != Class::Done
                {
                    seconds += asked.hours().unit(at);
                }
                at += UNIT;
            }
        }
        assert_eq!(share.seconds, seconds, "{:?}", share.phase);
    }
}

fn days_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let zone = Zone::named(asked.world.zone).unwrap();
    let stages = asked.world.classes.len();
    let mut before = vec![0; stages];
    for day in &measures.cumulative_flow.days {
        let end = zone.start_of(day.day.plus(1)).0.min(asked.as_of);
        let reach = |one: &Seen| {
            let by_then = one.steps.iter().filter(|(at, _)| *at < end);
            let reach = |place: &Place| match place {
                Place::Stage(stage) => stage + 1,
                Place::Cancelled | Place::Deleted => stages,
                Place::Unmapped => 0,
            };
            by_then.map(|(_, place)| reach(place)).max().unwrap_or(0)
        };
        let held = |wanted: Place| {
            let last = |one: &&Seen| {
                one.steps
                    .iter()
                    .rev()
                    .find(|(at, _)| *at < end)
                    .map(|step| step.1)
            };
            seen.iter().filter(|one| last(one) == Some(wanted)).count() as u64
        };
        for stage in 0..stages {
            let reached = seen.iter().filter(|one| reach(one) > stage).count() as u64;
            assert_eq!(day.reached[stage], reached, "{} stage {stage}", day.day);
            assert_eq!(day.snapshot[stage], held(Place::Stage(stage)));
        }
        assert_eq!(
            (day.cancelled, day.deleted),
            (held(Place::Cancelled), held(Place::Deleted))
        );
        assert_eq!(day.unmapped, held(Place::Unmapped));
        let known = seen.iter().filter(|one| one.steps[0].0 < end).count() as u64;
        let sum: u64 =
            day.snapshot.iter().sum::<u64>() + day.cancelled + day.deleted + day.unmapped;
        assert_eq!(sum, known, "every known item is in one band");
        assert!(
            day.reached.windows(2).all(|pair| pair[1] <= pair[0]),
            "bands never cross"
        );
        assert!(
            before.iter().zip(&day.reached).all(|(old, new)| old <= new),
            "lines never fall"
        );
        before.clone_from(&day.reached);
    }
    for week in &measures.throughput {
        let inside = |at: u32| window.contains(Sec(at)) && zone.day_of(Sec(at)).week() == week.week;
        let finished = seen
            .iter()
            .filter(|one| one.finished.is_some_and(inside))
            .count();
        assert_eq!(week.finished, finished as u64, "{}", week.week);
        let committed =
            |place: Place| matches!(oracle.class(place), Some(Class::Queue | Class::Active));
        let arrivals = |one: &Seen| {
            let entry = |at: &usize| {
                let entered = committed(one.steps[*at].1) && inside(one.steps[*at].0);
                entered
                    && at
                        .checked_sub(1)
                        .is_none_or(|before| !committed(one.steps[before].1))
            };
            (0..one.steps.len()).filter(entry).count() as u64
        };
        assert_eq!(week.arrived, seen.iter().map(arrivals).sum::<u64>());
        let exits = seen.iter().flat_map(|one| one.steps.windows(2));
        let exits =
            exits.filter(|pair| committed(pair[0].1) && !committed(pair[1].1) && inside(pair[1].0));
        assert_eq!(week.departed, exits.count() as u64);
    }
    let load = |at: u32| {
        let last = |one: &&Seen| {
            let before = one.steps.iter().rev().find(|(from, _)| *from < at);
            before.is_some_and(|(_, place)| {
                matches!(oracle.class(*place), Some(Class::Queue | Class::Active))
            })
        };
        seen.iter().filter(last).count() as i64
    };
    let weeks = measures.throughput.iter();
    let net: i64 = weeks
        .map(|week| week.arrived as i64 - week.departed as i64)
        .sum();
    assert_eq!(
        net,
        load(window.to.0) - load(window.from.0),
        "the weeks add up to the change of load"
    );
}

fn quality_agrees(measures: &Measures, seen: &[Seen]) {
    assert_eq!(
        measures.quality.closed_without_work,
        seen.iter().filter(|one| one.straight).count() as u64
    );
    let skipped = |one: &Seen| {
        let mut stages: Vec<usize> = one
            .steps
            .iter()
            .filter_map(|(_, place)| match place {
                Place::Stage(stage) => Some(*stage),
                _ => None,
            })
            .collect();
        stages.sort_unstable();
        stages.dedup();
        match (stages.first(), stages.last()) {
            (Some(first), Some(last)) => last - first + 1 - stages.len(),
            _ => 0,
        }
    };
    assert_eq!(
        measures.quality.skipped_stages,
        seen.iter().map(skipped).sum::<usize>() as u64
    );
}

fn all_agrees(asked: &Asked, measures: &Measures, seen: &[Seen]) {
    let window = measures.header.window;
    rows_agree(measures, seen);
    flow_agrees(measures, seen, window);
    stages_agree(asked, measures, seen, window);
    bands_agree(asked, measures, seen, window);
    phases_agree(asked, measures, seen, window);
    days_agree(asked, measures, seen, window);
    quality_agrees(measures, seen);
    further_agrees(asked, measures, seen, window);
    days_left_agrees(asked, seen);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn a_crowd_shared_by_threads_equals_the_plain_reading(asked in crowded()) {
        let measures = asked.measures();
        all_agrees(&asked, &measures, &asked.oracle().items());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn fast_measures_equal_the_plain_reading(asked in asked()) {
        let measures = asked.measures();
        let seen = asked.oracle().items();
        all_agrees(&asked, &measures, &seen);
        lens_agrees(&asked, &measures, measures.header.window);
        accounts_agree(&asked);
        bottleneck_agrees(&asked, &measures, &seen, measures.header.window);
    }

    #[test]
    fn the_constraint_of_a_busy_stream_equals_the_plain_reading(asked in bottleneck::busy()) {
        let measures = asked.measures();
        let seen = asked.oracle().items();
        bottleneck_agrees(&asked, &measures, &seen, measures.header.window);
    }

    #[test]
    fn time_is_conserved(asked in asked()) {
        let measures = asked.measures();
        for row in measures.table.rows() {
            let spent = row.spent();
            let whole = spent.active + spent.waiting + spent.outside;
            if let Some(elapsed) = row.flow().or(row.age()) {
                prop_assert_eq!(whole, elapsed);
                if asked.rule != ClockRule::SumInProgress {
                    let end = row.finished.get().unwrap_or(Sec(asked.as_of));
                    prop_assert_eq!(elapsed, asked.hours().span(row.started.get().unwrap().0, end.0));
                }
            }
        }
        let total: u64 = measures.stages.iter().map(|stage| stage.load).sum();
        let elsewhere = measures.items.cancelled + measures.items.deleted + measures.items.unmapped;
        prop_assert_eq!(total + elsewhere, measures.items.total);
    }
}
