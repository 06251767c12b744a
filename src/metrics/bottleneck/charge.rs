//! Whom the waiting is charged to.

use super::phase::{Levels, Phase, Signs};
use super::route::{Held, Route};
use super::walk::HandsOn;
use super::{Input, ratio};
use crate::metrics::flow::seconds;
use crate::metrics::loads::{LoadTimes, Stretch};
use crate::metrics::threads::all;
use crate::model::stage::Class;

/// A stage that stands nearly empty for this share of the time in which work waits for it has
/// nothing to do with that work's waiting.
const NOTHING_TO_DO_WITH: f64 = 0.08;
/// Nearly empty: below this part of the usual load.
const A_QUARTER: i64 = 4;
/// No load is below this.
const NEVER: i64 = i64::MIN;

/// What is charged to each stage over the window.
#[derive(Clone, Debug)]
pub(super) struct Charges {
    /// By stage, what waited in each queue and is charged to it, in item-seconds.
    from: Vec<Vec<f64>>,
    /// By stage, seconds in which anything was charged to it.
    pressed: Vec<i64>,
    /// By stage, seconds in which what comes after it starves.
    starved: Vec<i64>,
    /// Seconds in which any committed stage held an item.
    alive: i64,
    /// By queue, the share of the time in which work waits there and the stage that drains it
    /// stands nearly empty.
    idle: Vec<f64>,
    /// By queue, the part of its waiting that is its own.
    own: Vec<f64>,
}

impl Charges {
    /// What is usual, who is idle, who is charged.
    pub(super) fn of(input: Input<'_>, route: &Route) -> Self {
        let usual = usual_loads(input, route);
        let idle = idle_shares(input, route, &usual);
        let own = |queue: usize| match (input.stages[queue].class, route.drains(queue)) {
            (Class::Queue, Some(_)) => (idle[queue] / NOTHING_TO_DO_WITH).min(1.0),
            _ => 1.0,
        };
        let count = input.stages.len();
        let nothing = Self {
            from: vec![vec![0.0; count]; count],
            pressed: vec![0; count],
            starved: vec![0; count],
            alive: 0,
            own: (0..count).map(own).collect(),
            idle,
        };
        let mut charges = nothing.clone();
        for part in all(input.stretches, |part| nothing.charged(input, route, part)) {
            charges.merge(&part);
        }
        for active in with_class(input, Class::Active) {
            charges.from[active][active] += seconds(input.stages[active].waiting);
        }
        charges
    }

    /// What a part of the window charges.
    fn charged(&self, input: Input<'_>, route: &Route, part: &Stretch<'_>) -> Self {
        let mut charges = self.clone();
        let queues: Vec<usize> = with_class(input, Class::Queue);
        let downstream: Vec<_> = (0..input.stages.len())
            .map(|at| Downstream::of(input, route, at))
            .collect();
        let mut pressed = vec![false; input.stages.len()];
        let usual = |at: usize| i64::try_from(input.stages[at].usual_load).unwrap_or(i64::MAX);
        let levels = levels(input, |at| Levels {
            full: route.limit(at),
            below: usual(at),
            idle: NEVER,
        });
        part.walk(&levels, |phase| {
            let length = phase.seconds();
            pressed.fill(false);
            charges.alive += if phase.any_shows(Signs::HOLDS) {
                length
            } else {
                0
            };
            for queue in &queues {
                charges.wait(route, (*queue, phase), &mut pressed);
            }
            for (stage, after) in downstream.iter().enumerate() {
                charges.pressed[stage] += if pressed[stage] { length } else { 0 };
                let starves = after.is_some_and(|after| after.starves(phase));
                charges.starved[stage] += if starves { length } else { 0 };
            }
        });
        charges
    }

    /// Adds what another part of the window charges.
    fn merge(&mut self, other: &Self) {
        let from = self.from.iter_mut().zip(&other.from);
        for (own, more) in from.flat_map(|(own, more)| own.iter_mut().zip(more)) {
            *own += more;
        }
        let own = self.pressed.iter_mut().chain(&mut self.starved);
        for (own, more) in own.zip(other.pressed.iter().chain(&other.starved)) {
            *own += more;
        }
        self.alive += other.alive;
    }

    /// Charges what waits in a queue during a phase. What is blocked there waits for nobody.
    fn wait(&mut self, route: &Route, (queue, phase): (usize, &Phase), pressed: &mut [bool]) {
        let waited = phase.spent(queue);
        self.from[queue][queue] += seconds(waited.blocked);
        let mut rest = seconds(waited.free());
        let mut at = queue;
        while rest > 0.0 {
            let own = rest * self.own[at];
            self.add((at, queue), own, pressed);
            rest -= own;
            match route.held_up(at, phase) {
                Held::Before(next) => at = next,
                Held::By(stage) => {
                    self.add((stage, queue), rest, pressed);
                    rest = 0.0;
                }
            }
        }
    }

    fn add(&mut self, (to, queue): (usize, usize), waited: f64, pressed: &mut [bool]) {
        self.from[to][queue] += waited;
        pressed[to] |= waited > 0.0;
    }

    /// Item-seconds charged to a stage.
    pub(super) fn waiting(&self, stage: usize) -> f64 {
        self.from[stage].iter().sum()
    }

    /// Item-seconds charged to anyone.
    pub(super) fn all_waiting(&self) -> f64 {
        (0..self.from.len()).map(|stage| self.waiting(stage)).sum()
    }

    /// Item-seconds that waited in a queue and are charged to a stage.
    pub(super) fn waited_in(&self, queue: usize, stage: usize) -> f64 {
        self.from[stage][queue]
    }

    /// The share of the time in which there was any work, in which some waited for a stage.
    pub(super) fn pressure(&self, stage: usize) -> f64 {
        ratio(seconds(self.pressed[stage]), seconds(self.alive))
    }

    pub(super) fn starved(&self, stage: usize) -> i64 {
        self.starved[stage]
    }

    pub(super) fn idle(&self, queue: usize) -> f64 {
        self.idle[queue]
    }

    /// The stage to which most of the waiting of a stage is charged, limits left aside.
    pub(super) fn answers_for(&self, route: &Route, stage: usize) -> usize {
        let drains = route.drains(stage).filter(|_| self.own[stage] < 0.5);
        drains.unwrap_or(stage)
    }
}

fn with_class(input: Input<'_>, class: Class) -> Vec<usize> {
    let stages = input.stages.iter().enumerate();
    let like = stages.filter(|(_, stage)| stage.class == class);
    like.map(|(at, _)| at).collect()
}

/// The levels of the committed stages; others do not matter.
fn levels(input: Input<'_>, of: impl Fn(usize) -> Levels) -> Vec<Option<Levels>> {
    let stages = input.stages.iter().enumerate();
    let levels = stages.map(|(at, stage)| stage.class.is_committed().then(|| of(at)));
    levels.collect()
}

/// By stage that drains a queue, the load of unblocked items that is not exceeded for 85 % of the time
/// in which the next stage has room: what is done but cannot leave is no work.
fn usual_loads(input: Input<'_>, route: &Route) -> Vec<i64> {
    let mut usual = vec![0; input.stages.len()];
    let mut held: Vec<HandsOn> = Vec::new();
    for at in (0..usual.len()).filter_map(|queue| route.drains(queue)) {
        match route.hands_on_to(at).filter(|(_, limit)| *limit < i64::MAX) {
            Some(next) => held.push((at, next)),
            None => usual[at] = input.lasting.free[at].percentile(85),
        }
    }
    held.sort_unstable();
    held.dedup();
    let mut times = vec![LoadTimes::default(); held.len()];
    let parts = (!held.is_empty()).then(|| all(input.stretches, |part| part.free_times(&held)));
    for part in parts.into_iter().flatten() {
        for (times, more) in times.iter_mut().zip(&part) {
            times.merge(more);
        }
    }
    for ((at, _), times) in held.into_iter().zip(times) {
        usual[at] = times.percentile(85);
    }
    usual
}

/// By queue, the share of the time in which work waits there and the stage that drains it stands
/// nearly empty although it could hand on.
fn idle_shares(input: Input<'_>, route: &Route, usual: &[i64]) -> Vec<f64> {
    let queues = 0..usual.len();
    let queues: Vec<_> = queues
        .filter_map(|queue| route.drains(queue).map(|active| (queue, active)))
        .collect();
    let levels = levels(input, |at| Levels {
        full: route.limit(at),
        below: NEVER,
        idle: (usual[at].max(1) + A_QUARTER - 1) / A_QUARTER,
    });
    let parts = all(input.stretches, |stretch| {
        let mut times = vec![(0, 0); usual.len()];
        stretch.walk(&levels, |phase| {
            add_idle(&mut times, (route, &queues), phase);
        });
        times
    });
    let sum = |queue: usize| {
        let times = parts.iter().map(|times| times[queue]);
        times.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
    };
    let share = |(idle, waits): (i64, i64)| ratio(seconds(idle), seconds(waits));
    (0..usual.len()).map(|queue| share(sum(queue))).collect()
}

/// Adds a phase to the time in which work waits in each queue, and to the part of it in which the
/// stage that drains it stands nearly empty although it could hand on.
fn add_idle(times: &mut [(i64, i64)], (route, queues): (&Route, &[(usize, usize)]), phase: &Phase) {
    for (queue, active) in queues {
        if phase.shows(*queue, Signs::WAITS) {
            let (idle, waits) = &mut times[*queue];
            let idles = phase.shows(*active, Signs::IDLE) && route.can_hand_on(*active, phase);
            *idle += if idles { phase.seconds() } else { 0 };
            *waits += phase.seconds();
        }
    }
}

/// The next queue to the right of a stage, if there is one, and the active stage that may starve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Downstream {
    queue: Option<usize>,
    pub(super) active: usize,
}

impl Downstream {
    pub(super) fn of(input: Input<'_>, route: &Route, at: usize) -> Option<Self> {
        let mut right = at + 1..input.stages.len();
        let is = |at: &usize, class| input.stages[*at].class == class;
        let queue = right.clone().find(|at| is(at, Class::Queue));
        let active = match queue {
            Some(queue) => route.drains(queue),
            None => right.find(|at| is(at, Class::Active)),
        };
        active.map(|active| Self { queue, active })
    }

    fn starves(self, phase: &Phase) -> bool {
        let holds = |queue| phase.shows(queue, Signs::HOLDS);
        !self.queue.is_some_and(holds) && phase.shows(self.active, Signs::BELOW)
    }
}
