//! The load lines of all stages side by side, as phases in which nothing that matters changes.

use super::Input;
use super::phase::{Levels, Load, Phase};
use crate::metrics::sorted::sort_above;
use crate::metrics::stages::{LoadTimes, StageMeasures, StageSum};
use crate::metrics::threads::{ENOUGH, cores};
use crate::model::time::{Ruler, Sec, Window};

/// A change of one stage's load by one item, of the blocked ones or of all. Packed so that it sorts
/// by time: the second, whether it leaves, the stage (8 bits), whether it is about blocked ones.
#[derive(Clone, Copy, Debug)]
struct Step(u64);

/// Bits of a packed step that tell the stage and whether it is about blocked ones.
const OF_STAGE: u32 = 9;

impl Step {
    /// `step` as a load line has it: twice the second, one more for an exit.
    fn pack(step: u64, stage: u8, blocked: bool) -> u64 {
        (step << OF_STAGE) | (u64::from(stage) << 1) | u64::from(blocked)
    }

    fn at(self) -> Sec {
        Sec(u32::try_from(self.0 >> (OF_STAGE + 1)).unwrap_or(u32::MAX))
    }

    fn stage(self) -> usize {
        usize::from((self.0 >> 1).to_le_bytes()[0])
    }

    fn apply(self, load: &mut Load) {
        let by = if (self.0 >> OF_STAGE) & 1 == 1 { -1 } else { 1 };
        if self.0 & 1 == 1 {
            load.blocked += by;
        } else {
            load.all += by;
        }
    }
}

/// The steps of all committed stages in the window, in order.
#[derive(Clone, Debug)]
pub(super) struct Steps<'a> {
    start: Vec<Load>,
    packed: Vec<u64>,
    window: Window,
    ruler: &'a Ruler,
}

impl<'a> Steps<'a> {
    pub(super) fn of(input: Input<'a>) -> Self {
        Self {
            start: lines(input).map(at_start).collect(),
            packed: merged(input),
            window: input.window,
            ruler: input.ruler,
        }
    }

    /// All of the window.
    pub(super) fn whole(&self) -> Stretch<'_> {
        Stretch {
            start: self.start.clone(),
            packed: &self.packed,
            window: self.window,
            ruler: self.ruler,
        }
    }

    /// The window in parts that several threads can walk at once; in one if that is not worth it.
    pub(super) fn stretches(&self) -> Vec<Stretch<'_>> {
        let parts = if self.packed.len() < ENOUGH {
            1
        } else {
            cores()
        };
        let (mut rest, mut stretches) = (self.whole(), Vec::with_capacity(parts));
        for left in (2..=parts).rev() {
            let (first, after) = rest.split(rest.packed.len() / left);
            stretches.push(first);
            rest = after;
        }
        stretches.push(rest);
        stretches
    }
}

/// A part of the window, with the loads at its beginning.
#[derive(Clone, Debug)]
pub(super) struct Stretch<'s> {
    start: Vec<Load>,
    packed: &'s [u64],
    window: Window,
    ruler: &'s Ruler,
}

impl Stretch<'_> {
    /// What lies before the instant of a step, and the rest.
    fn split(&self, at: usize) -> (Self, Self) {
        let instant = self
            .packed
            .get(at)
            .map_or(self.window.to, |step| Step(*step).at());
        let at = self
            .packed
            .partition_point(|step| Step(*step).at() < instant);
        let (before, after) = self.packed.split_at(at);
        let mut first = Self {
            packed: before,
            ..self.clone()
        };
        let mut rest = Self {
            packed: after,
            ..self.clone()
        };
        (first.window.to, rest.window.from) = (instant, instant);
        for step in before.iter().copied().map(Step) {
            step.apply(&mut rest.start[step.stage()]);
        }
        (first, rest)
    }

    /// Calls `each` with every phase, a time in which no signs of any stage change;
    /// `levels` are those of the stages.
    pub(super) fn walk(&self, levels: &[Levels], mut each: impl FnMut(&Phase<'_>)) {
        let mut phase = Phase::new(&self.start, levels, (self.window.from, self.ruler));
        let mut at = self.window.from;
        for step in self.packed.iter().copied().map(Step) {
            // What happens at one instant happens at once.
            if step.at() != at {
                if phase.differs() {
                    phase.end(at, &mut each);
                }
                at = step.at();
            }
            phase.change(step.stage(), at, |load| step.apply(load));
        }
        if phase.differs() {
            phase.end(at, &mut each);
        }
        phase.end(self.window.to, &mut each);
    }

    /// For how long each number of unblocked items was in a stage, while the stage it hands on to had
    /// room, for some stages: each with the one it hands on to and what that holds when it is full.
    pub(super) fn free_times(&self, stages: &[(usize, Option<(usize, i64)>)]) -> Vec<LoadTimes> {
        let mut times = vec![LoadTimes::default(); stages.len()];
        let mut loads = self.start.clone();
        let mut since = vec![self.window.from; stages.len()];
        let mut count = |loads: &[Load], nth: usize, at: Sec| {
            let (stage, next) = stages[nth];
            if next.is_none_or(|(next, limit)| loads[next].all < limit) {
                times[nth].add(loads[stage].free(), self.ruler.between(since[nth], at));
            }
            since[nth] = at;
        };
        let touching = |touched: usize| {
            let touch = move |(stage, next): &(usize, Option<(usize, i64)>)| {
                touched == *stage || next.is_some_and(|(next, _)| touched == next)
            };
            let touched = stages.iter().enumerate().filter(move |(_, one)| touch(one));
            touched.map(|(nth, _)| nth).collect()
        };
        let touched: Vec<Vec<usize>> = (0..loads.len()).map(touching).collect();
        for step in self.packed.iter().copied().map(Step) {
            for nth in &touched[step.stage()] {
                count(&loads, *nth, step.at());
            }
            step.apply(&mut loads[step.stage()]);
        }
        for nth in 0..stages.len() {
            count(&loads, nth, self.window.to);
        }
        times
    }
}

type Line<'a> = (u8, &'a StageMeasures, &'a StageSum);

fn lines(input: Input<'_>) -> impl Iterator<Item = Line<'_>> {
    let stages = (0..=u8::MAX).zip(input.stages).zip(input.sums);
    stages.map(|((at, stage), sum)| (at, stage, sum))
}

fn at_start((_, stage, sum): Line<'_>) -> Load {
    if !stage.class.is_committed() {
        return Load::default();
    }
    Load {
        all: sum.loads.at_start(),
        blocked: sum.blocked.at_start(),
    }
}

fn merged(input: Input<'_>) -> Vec<u64> {
    let mut steps = Vec::new();
    for (at, _, sum) in lines(input).filter(|(_, stage, _)| stage.class.is_committed()) {
        let pack = |blocked| move |step: &u64| Step::pack(*step, at, blocked);
        steps.extend(sum.loads.steps().iter().map(pack(false)));
        steps.extend(sum.blocked.steps().iter().map(pack(true)));
    }
    // Each line is in order, and stage follows stage: only the instants are still to be put in order.
    sort_above(&mut steps, OF_STAGE);
    steps
}
