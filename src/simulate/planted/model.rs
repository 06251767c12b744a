//! From the draft of a planted stream to the model that is simulated.

use super::line::{Draft, Line, former_load};
use super::traits::{Cause, Traits, between};
use crate::model::time::{Calendar, Millis};
use crate::simulate::random::{Dice, Spread};
use crate::simulate::stream::{
    Arrivals, Crew, Rework, Rhythm, Shift, Shifted, StageModel, Step, StreamModel, Team, Trouble,
};

/// The status of dropped items.
pub(super) const DROPPED: &str = "Dropped";

/// A model, and where in it the steps and the constraint are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Built {
    pub(super) model: StreamModel,
    /// The stage that is the constraint.
    pub(super) truth: Option<usize>,
}

pub(super) fn build(dice: &mut Dice, traits: &Traits, opens: Millis) -> Built {
    let draft = Draft::draw(dice, traits);
    let calendar = calendar(traits);
    let time = Time::of(&calendar);
    let mut builder = Builder {
        traits,
        draft: &draft,
        time,
        stages: Vec::new(),
        at: Vec::new(),
    };
    for step in 0..draft.lines.len() {
        builder.add(step);
    }
    builder.send_back(dice);
    let (stages, at) = (builder.finish(), builder.at);
    let shifts = lately(dice, traits, (&at, opens));
    let model = StreamModel {
        stages,
        arrivals: vec![arrivals(traits, draft.per_week)],
        teams: (0..traits.teams).map(team).collect(),
        crews: draft.lines.iter().enumerate().map(crew).collect(),
        calendar,
        shifts,
        dropped: DROPPED.to_owned(),
        ..StreamModel::default()
    };
    let truth = traits.plant.map(|plant| match plant.cause {
        Cause::Work => at[plant.step].work,
        Cause::Approver | Cause::Window => at[plant.step].queue.unwrap_or(0),
    });
    Built { model, truth }
}

/// Seconds of working time.
#[derive(Clone, Copy, Debug)]
struct Time {
    week: i64,
    day: i64,
}

impl Time {
    fn of(calendar: &Calendar) -> Self {
        let (from, to) = calendar.hours;
        let days = calendar.workdays.iter().filter(|works| **works);
        let day = to - from;
        Self {
            week: days.map(|_| day).sum(),
            day,
        }
    }
}

/// Where a step's queue and work are among the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct At {
    queue: Option<usize>,
    work: usize,
}

struct Builder<'a> {
    traits: &'a Traits,
    draft: &'a Draft,
    time: Time,
    stages: Vec<StageModel>,
    at: Vec<At>,
}

impl Builder<'_> {
    fn add(&mut self, step: usize) {
        let line = &self.draft.lines[step];
        let queue = line.has_queue.then_some(self.stages.len());
        if line.has_queue {
            self.stages.push(self.queue(step, line));
        }
        let service = line.spread(self.draft.per_week, self.time.week);
        let mut work = StageModel::work(&format!("Work {}", step + 1), step, service);
        work.limit = line.limits.map(|(_, work)| work);
        work.trouble = trouble(line, self.time);
        if let Some((_, share)) = self.draft.turns.drop.filter(|(at, _)| *at == step) {
            work.drop = share;
        }
        self.at.push(At {
            queue,
            work: self.stages.len(),
        });
        self.stages.push(work);
    }

    fn queue(&self, step: usize, line: &Line) -> StageModel {
        let name = format!("Queue {}", step + 1);
        let planted = self.traits.plant.filter(|plant| plant.step == step);
        let gate = self.draft.gate.as_ref().filter(|_| planted.is_some());
        let mut queue = match gate {
            Some(gate) => StageModel::new(&name, Step::Gate(gate.clone())),
            None => StageModel::queue(&name),
        };
        // Nothing can be created in a full stage, and a window gathers more than any limit.
        if step > 0 && gate.is_none() {
            queue.limit = line.limits.map(|(queue, _)| queue);
        }
        queue.trouble = trouble(line, self.time);
        queue
    }

    fn send_back(&mut self, dice: &mut Dice) {
        let Some(back) = self.draft.turns.rework else {
            return;
        };
        let to = self.at[back.to];
        let to = to.queue.filter(|_| dice.happens(0.5)).unwrap_or(to.work);
        self.stages[self.at[back.from].work].rework = Some(Rework {
            chance: back.chance,
            to,
            effort: back.effort,
        });
    }

    fn finish(&mut self) -> Vec<StageModel> {
        let mut stages = std::mem::take(&mut self.stages);
        stages.push(StageModel::new("Done", Step::Done(None)));
        stages
    }
}

fn trouble(line: &Line, time: Time) -> Option<Trouble> {
    (line.trouble > 0.0).then(|| Trouble {
        chance: line.trouble,
        after: Spread::Exponential { mean: time.day },
        lasts: Spread::LogNormal {
            median: 2 * time.day,
            sigma: 0.6,
        },
        reasons: vec![("dependency: another team".into(), 1.0)],
    })
}

/// A constraint that came up lately: before, its work took a part of the time.
fn lately(dice: &mut Dice, traits: &Traits, (at, opens): (&[At], Millis)) -> Vec<Shift> {
    let plant = traits.plant.filter(|plant| plant.lately);
    let shift = plant.map(|plant| {
        let stage = at[plant.step].work;
        let before = former_load(dice) / traits.load;
        let shift = |at, factor| Shift {
            at,
            what: Shifted::Duration { stage, factor },
        };
        [shift(Millis(0), before), shift(opens, 1.0 / before)]
    });
    shift.into_iter().flatten().collect()
}

fn arrivals(traits: &Traits, per_week: f64) -> Arrivals {
    Arrivals {
        facts: Vec::new(),
        per_week,
        spacing: traits.spacing,
        rhythm: Rhythm::default(),
        enter: 0,
        rank: 0,
        avoids: Vec::new(),
    }
}

fn team(nth: usize) -> Team {
    Team {
        name: format!("team {}", nth + 1).into(),
        weight: 1.0,
    }
}

fn crew((step, line): (usize, &Line)) -> Crew {
    let list = |(team, people): (usize, &usize)| {
        let names = (0..*people).map(|nth| format!("{}.{}.{}", step + 1, team + 1, nth + 1).into());
        names.collect()
    };
    Crew {
        people: line.people.iter().enumerate().map(list).collect(),
    }
}

fn calendar(traits: &Traits) -> Calendar {
    if !traits.office {
        return Calendar::default();
    }
    Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: (9 * 3_600, 17 * 3_600),
        holidays: Vec::new(),
    }
}

/// Days that a stream lives before its window begins.
pub(super) fn warm_up(dice: &mut Dice) -> f64 {
    between(dice, 60.0, 120.0).round()
}
