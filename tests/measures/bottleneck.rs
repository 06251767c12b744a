//! The evidence of the bottleneck against a plain reading of its definition: who is where, in every
//! unit of the window.

use proptest::prelude::*;
use weir::metrics::Measures;
use weir::model::stage::{Class, ClockRule, Phase};
use weir::model::time::{Sec, TimeRule, Window, WindowSpec};

use super::Asked;
use super::hours::{BASE, UNIT};
use super::oracle::{Place, Seen};
use super::world::{Happening, Meaning, World};

/// How many items are in each stage in one unit of time, and how many of them are blocked.
struct Unit {
    load: Vec<usize>,
    blocked: Vec<usize>,
    /// Seconds that count.
    length: i64,
}

impl Unit {
    fn free(&self, stage: usize) -> usize {
        self.load[stage] - self.blocked[stage]
    }
}

/// All that the definition speaks of.
struct Plain<'a> {
    world: &'a World,
    measures: &'a Measures,
    units: Vec<Unit>,
    next: Vec<Option<usize>>,
    limits: Vec<Option<usize>>,
}

/// What one stage answers for.
#[derive(Clone, Default)]
struct Charge {
    waiting: f64,
    pressed: i64,
    in_unit: f64,
}

/// The seconds of some units.
fn length<'a>(units: impl Iterator<Item = &'a Unit>) -> i64 {
    units.map(|unit| unit.length).sum()
}

/// The smallest load that is not exceeded for 85 % of the time; loads come with their length.
fn usual(loads: &[(usize, i64)]) -> usize {
    let held = |most: usize| {
        let low = loads.iter().filter(|(load, _)| *load <= most);
        low.map(|(_, length)| length).sum::<i64>()
    };
    let most = loads.iter().map(|(load, _)| *load).max().unwrap_or(0);
    (0..=most)
        .find(|limit| held(*limit) * 100 >= held(most) * 85)
        .unwrap()
}

fn part(some: f64, all: f64) -> f64 {
    if all > 0.0 { some / all } else { 0.0 }
}

impl<'a> Plain<'a> {
    fn new(asked: &'a Asked, measures: &'a Measures, seen: &[Seen], window: Window) -> Self {
        let (oracle, stages) = (asked.oracle(), asked.world.classes.len());
        let unit = |at: u32| {
            let count = |only_blocked: bool, stage: usize| {
                let here = |one: &&Seen| {
                    let stopped = !only_blocked || oracle.blocked_at(one, at);
                    stopped && oracle.place_at(one, at) == Some(Place::Stage(stage))
                };
                seen.iter().filter(here).count()
            };
            Unit {
                load: (0..stages).map(|stage| count(false, stage)).collect(),
                blocked: (0..stages).map(|stage| count(true, stage)).collect(),
                length: asked.hours().unit(at),
            }
        };
        let instants = (window.from.0..window.to.0).step_by(UNIT as usize);
        let mut plain = Self {
            world: &asked.world,
            measures,
            units: instants.map(unit).collect(),
            next: (0..stages).map(|from| next(seen, from, window)).collect(),
            limits: Vec::new(),
        };
        plain.limits = (0..stages).map(|stage| plain.limit(stage)).collect();
        plain
    }

    fn is(&self, stage: usize, class: Class) -> bool {
        self.world.classes[stage] == class
    }

    fn is_committed(&self, stage: usize) -> bool {
        self.is(stage, Class::Queue) || self.is(stage, Class::Active)
    }

    fn loads(&self, stage: usize) -> Vec<(usize, i64)> {
        let load = |unit: &Unit| (unit.load[stage], unit.length);
        self.units.iter().map(load).collect()
    }

    fn limit(&self, stage: usize) -> Option<usize> {
        if let Some(limit) = self.world.limits[stage] {
            return Some(limit as usize);
        }
        let loads = self.loads(stage);
        let usual = usual(&loads);
        let high = loads.iter().filter(|(load, _)| *load >= usual);
        let stood: i64 = high.map(|(_, length)| length).sum();
        let whole = length(self.units.iter());
        let measured = &self.measures.stages[stage];
        let passed = measured.arrivals.min(measured.departures) as usize;
        (usual > 0 && passed > usual && 2 * stood >= whole).then_some(usual)
    }

    fn is_full(&self, unit: &Unit, stage: usize) -> bool {
        self.limits[stage].is_some_and(|limit| unit.load[stage] >= limit)
    }

    /// The committed stage to the right that work goes on to.
    fn ahead(&self, stage: usize) -> Option<usize> {
        self.next[stage].filter(|to| *to > stage && self.is_committed(*to))
    }

    fn drains(&self, queue: usize) -> Option<usize> {
        let to = self.next[queue].filter(|to| self.is(*to, Class::Active));
        to.filter(|_| self.is(queue, Class::Queue))
    }

    fn can_hand_on(&self, unit: &Unit, stage: usize) -> bool {
        !self
            .ahead(stage)
            .is_some_and(|next| self.is_full(unit, next))
    }

    /// Which part of a queue's waiting is its own.
    fn own(&self, queue: usize) -> f64 {
        let Some(active) = self.drains(queue) else {
            return 1.0;
        };
        let open = self
            .units
            .iter()
            .filter(|unit| self.can_hand_on(unit, active));
        let usual = usual(
            &open
                .map(|unit| (unit.free(active), unit.length))
                .collect::<Vec<_>>(),
        )
        .max(1);
        let waits = self.units.iter().filter(|unit| unit.free(queue) > 0);
        let empty = waits
            .clone()
            .filter(|unit| 4 * unit.free(active) < usual && self.can_hand_on(unit, active));
        let idle = part(length(empty) as f64, length(waits) as f64);
        (idle / 0.08).min(1.0)
    }

    /// Whom so much waiting in a queue is charged to in a unit.
    fn charge(&self, unit: &Unit, queue: usize, waits: f64) -> Vec<(usize, f64)> {
        let own = self.own(queue);
        let mut charged = vec![(queue, waits * own)];
        let Some(mut stage) = self.drains(queue) else {
            return charged;
        };
        let rest = waits - waits * own;
        while self.is_full(unit, stage)
            && let Some(next) = self.ahead(stage).filter(|next| self.is_full(unit, *next))
        {
            if self.is(next, Class::Active) {
                stage = next;
            } else if next > queue {
                charged.extend(self.charge(unit, next, rest));
                return charged;
            } else {
                break;
            }
        }
        charged.push((stage, rest));
        charged
    }

    fn charges(&self) -> Vec<Charge> {
        let stages = self.world.classes.len();
        let mut charges = vec![Charge::default(); stages];
        for unit in &self.units {
            for stage in 0..stages {
                if self.is_committed(stage) {
                    charges[stage].waiting += (unit.blocked[stage] as i64 * unit.length) as f64;
                }
                if self.is(stage, Class::Queue) {
                    for (to, waits) in self.charge(unit, stage, unit.free(stage) as f64) {
                        charges[to].waiting += waits * unit.length as f64;
                        charges[to].in_unit += waits;
                    }
                }
            }
            for charge in &mut charges {
                charge.pressed += unit.length * i64::from(charge.in_unit > 0.0);
                charge.in_unit = 0.0;
            }
        }
        charges
    }

    /// The units in which what comes after a stage has nothing to do.
    fn starved(&self, stage: usize) -> i64 {
        let right = stage + 1..self.world.classes.len();
        let queue = right.clone().find(|at| self.is(*at, Class::Queue));
        let active = match queue {
            Some(queue) => self.drains(queue),
            None => right.into_iter().find(|at| self.is(*at, Class::Active)),
        };
        let Some(active) = active else {
            return 0;
        };
        let usual = usual(&self.loads(active));
        let starves = |unit: &&Unit| {
            let empty = queue.is_none_or(|queue| unit.load[queue] == 0);
            empty && unit.load[active] < usual
        };
        length(self.units.iter().filter(starves))
    }

    /// The stages that one answers for.
    fn answers_for(&self, stage: usize) -> Vec<usize> {
        let answers = |from: usize| match self.drains(from) {
            Some(active) if self.own(from) < 0.5 => active,
            _ => from,
        };
        let all = 0..self.world.classes.len();
        all.filter(|from| answers(*from) == stage).collect()
    }

    fn has_work(&self, unit: &Unit) -> bool {
        (0..unit.load.len()).any(|stage| self.is_committed(stage) && unit.load[stage] > 0)
    }
}

/// The stage that most items went to in the window which left a stage for another; of several the
/// last.
fn next(seen: &[Seen], from: usize, window: Window) -> Option<usize> {
    let moves = seen.iter().flat_map(|one| one.steps.windows(2));
    let to: Vec<usize> = moves
        .filter(|pair| pair[0].1 == Place::Stage(from) && window.contains(Sec(pair[1].0)))
        .filter_map(|pair| match pair[1].1 {
            Place::Stage(to) => Some(to),
            _ => None,
        })
        .collect();
    let count = |stage: &usize| to.iter().filter(|one| *one == stage).count();
    to.iter()
        .copied()
        .max_by_key(|stage| (count(stage), *stage))
}

pub(super) fn bottleneck_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let plain = Plain::new(asked, measures, seen, window);
    let charges = plain.charges();
    let all: f64 = charges.iter().map(|charge| charge.waiting).sum();
    let alive = plain.units.iter().filter(|unit| plain.has_work(unit));
    let (alive, units) = (length(alive) as f64, length(plain.units.iter()) as f64);
    let found = &measures.bottleneck;
    let committed = (0..asked.world.classes.len()).filter(|stage| plain.is_committed(*stage));
    assert_eq!(found.ranking.len(), committed.count());
    for ranked in &found.ranking {
        let stage = ranked.stage.index();
        let own = plain.answers_for(stage);
        let measured = || own.iter().map(|stage| &measures.stages[*stage]);
        let growth = |one: &weir::metrics::StageMeasures| {
            let (came, left) = (one.arrivals as f64, one.departures as f64);
            part(came - left, came).max(0.0)
        };
        let past: u64 = measured().map(|one| one.past_p85).sum();
        let load: u64 = measured().map(|one| one.load).sum();
        let starved = if own.is_empty() {
            0
        } else {
            plain.starved(stage)
        };
        let wanted = [
            part(charges[stage].waiting, all),
            part(charges[stage].pressed as f64, alive),
            measured().map(growth).fold(0.0, f64::max),
            part(past as f64, load as f64),
            part(starved as f64, units),
        ];
        let told = ranked.evidence;
        let evidence = [
            told.waiting,
            told.pressure,
            told.growth,
            told.ageing,
            told.starving,
        ];
        let close = evidence
            .iter()
            .zip(wanted)
            .all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close, "stage {stage}: {evidence:?} for {wanted:?}");
        assert!(evidence.iter().all(|one| (0.0..=1.0 + 1e-9).contains(one)));
        let [waiting, pressure, growth, ageing, starving] = evidence;
        let score = waiting * pressure * (0.7 + 0.1 * (growth + ageing + starving));
        assert!((ranked.score - score).abs() < 1e-9);
    }
    stands_out(measures);
}

fn stands_out(measures: &Measures) {
    let found = &measures.bottleneck;
    let scores: Vec<f64> = found.ranking.iter().map(|one| one.score).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b));
    let lead = scores.first().copied().unwrap_or(0.0);
    let next = scores.get(1).copied().unwrap_or(0.0);
    let stands_out = lead >= 0.25 && lead - next >= 0.05;
    let constraint = found.ranking.first().map(|one| one.stage);
    assert_eq!(found.constraint, constraint.filter(|_| stands_out));
}

/// Streams of two queues and two stages of work that are full most of the time: what is seldom so
/// in a world where anything may happen.
pub(super) fn busy() -> impl Strategy<Value = Asked> {
    let class = prop_oneof![3 => Just(Class::Queue), 3 => Just(Class::Active)];
    let limit = proptest::option::weighted(0.6, 1..4_u32);
    let stages = proptest::collection::vec((class, limit), 3..6);
    stages.prop_flat_map(|stages| {
        let count = stages.len();
        let items = proptest::collection::vec(life(count), 4..16);
        let time = proptest::sample::select(&TimeRule::ALL[..]);
        (items, 60..160_u32, time).prop_map(move |(items, as_of, time)| {
            let classes = stages.iter().map(|(class, _)| *class).chain([Class::Done]);
            Asked {
                world: World {
                    classes: classes.collect(),
                    phases: vec![Phase::Create; count + 1],
                    limits: stages
                        .iter()
                        .map(|(_, limit)| *limit)
                        .chain([None])
                        .collect(),
                    statuses: (0..=count).map(Meaning::Stage).collect(),
                    items,
                    only_team_0: false,
                    blocked_by_flag: false,
                    zone: "UTC",
                },
                rule: ClockRule::LastCrossing,
                time,
                as_of: BASE + as_of * UNIT,
                window: WindowSpec::LastDays(15),
            }
        })
    })
}

/// An item that goes through the stages from left to right, with a block now and then.
fn life(stages: usize) -> impl Strategy<Value = Vec<(u32, Happening)>> {
    let stays = proptest::collection::vec((0..14_u32, 0..12_usize), stages);
    (0..100_u32, stays).prop_map(move |(born, stays)| {
        let mut at = BASE + born * UNIT;
        let mut life = vec![(at, Happening::Created(Some(0)))];
        for (stage, (units, odd)) in stays.into_iter().enumerate() {
            match odd {
                0 => life.push((at, Happening::Blocked)),
                1 => life.push((at, Happening::Unblocked)),
                2 if stage > 0 => life.push((at, Happening::Moved(stage - 1))),
                _ => {}
            }
            at += units * UNIT;
            life.push((at, Happening::Moved(stage + 1)));
        }
        life
    })
}
