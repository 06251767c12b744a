//! The steps of a planted stream: who works in them, how long, what goes wrong.

use super::traffic::{Back, Traffic, Turns, traffic};
use super::traits::{Cause, Limits, Traits, between, one_of};
use crate::model::time::{DAY_SECS, Weekday};
use crate::simulate::random::{Dice, Spread, scaled};
use crate::simulate::stream::{Gate, Opening, Passes, Timetable};

/// One step of work and the queue before it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// People of each team, or of all together where there is one list.
    pub(super) people: Vec<usize>,
    /// Deviation of the logarithm of the service time.
    pub(super) sigma: f64,
    /// Share of the people's time that the work takes.
    pub(super) load: f64,
    pub(super) traffic: Traffic,
    /// Whether what waits for it has a queue of its own.
    pub(super) has_queue: bool,
    /// Chance that an item gets blocked in the queue and in the work.
    pub(super) trouble: f64,
    /// Limits of the queue and of the work.
    pub(super) limits: Option<(u32, u32)>,
}

impl Line {
    fn capacity(&self) -> f64 {
        count(self.people.iter().sum())
    }

    /// Mean service time of one person at full effort, in weeks.
    pub(super) fn service(&self, per_week: f64) -> f64 {
        self.load * self.capacity() / (per_week * self.traffic.work)
    }

    /// As a spread in seconds of working time.
    pub(super) fn spread(&self, per_week: f64, week: i64) -> Spread {
        let median = self.service(per_week) / (self.sigma * self.sigma / 2.0).exp();
        Spread::LogNormal {
            median: scaled(week, median).max(1),
            sigma: self.sigma,
        }
    }

    /// Weeks that an item waits for it on average, about (Sakasegawa 1977), if items come at random.
    pub(super) fn wait(&self, per_week: f64) -> f64 {
        let people = count(self.people[0]);
        let scatter = (1.0 + (self.sigma * self.sigma).exp() - 1.0) / 2.0;
        let busy = self.load.powf((2.0 * (people + 1.0)).sqrt() - 1.0);
        scatter * busy / (people * (1.0 - self.load)) * self.service(per_week)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of people")]
fn count(people: usize) -> f64 {
    people as f64
}

/// What a stream is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    pub(super) lines: Vec<Line>,
    pub(super) turns: Turns,
    pub(super) gate: Option<Gate>,
    pub(super) per_week: f64,
}

impl Draft {
    pub(super) fn draw(dice: &mut Dice, traits: &Traits) -> Self {
        let turns = draw_turns(dice, traits);
        let traffic = traffic(traits.steps, &turns);
        let alike = draw_people(dice, traits);
        let lines = traffic.into_iter().enumerate();
        let lines = lines.map(|(step, traffic)| draw_line(dice, traits, (step, traffic, &alike)));
        let mut lines: Vec<Line> = lines.collect();
        make_room(&mut lines);
        let mut draft = Self {
            lines,
            turns,
            gate: None,
            per_week: traits.per_week(),
        };
        draft.plant_gate(dice, traits);
        draft
    }

    fn plant_gate(&mut self, dice: &mut Dice, traits: &Traits) {
        let Some(plant) = traits.plant else {
            return;
        };
        let visits = self.lines[plant.step].traffic.visits;
        let (opens, passes) = match plant.cause {
            Cause::Work => return,
            Cause::Approver => {
                let comes = self.per_week * visits;
                let (days, most) = approver(dice, comes / traits.load);
                // So many can be let through; the stream's work is what makes it the planned load.
                let meetings = count(days.len());
                self.per_week = traits.load * count(most) * meetings / visits;
                (meets(days, 1), Passes::AtMost(most))
            }
            Cause::Window => {
                let waits = self.lines.iter().map(|line| line.wait(self.per_week));
                let longest = waits.fold(0.0, f64::max);
                let every = [1, 2]
                    .into_iter()
                    .find(|weeks| f64::from(*weeks) / 2.0 >= 2.0 * longest);
                (meets(vec![Weekday::Thu], every.unwrap_or(4)), Passes::All)
            }
        };
        self.gate = Some(Gate {
            opens,
            passes,
            waves_through: None,
        });
    }
}

fn meets(days: Vec<Weekday>, every_weeks: u32) -> Opening {
    Opening::Meets(Timetable {
        days,
        every_weeks,
        week: 0,
        time_of_day: 15 * DAY_SECS / 24,
    })
}

/// The days on which an approver who can do so many a week decides, and on how many each day.
fn approver(dice: &mut Dice, capacity: f64) -> (Vec<Weekday>, usize) {
    use Weekday::{Fri, Mon, Thu, Tue, Wed};
    let daily = vec![Mon, Tue, Wed, Thu, Fri];
    let choices = [daily, vec![Tue, Thu], vec![Wed]];
    let fitting = choices
        .iter()
        .filter(|days| capacity / count(days.len()) >= 1.5);
    let fitting: Vec<_> = fitting.collect();
    let days = fitting
        .get(dice.below(fitting.len()))
        .map_or(vec![Wed], |days| (*days).clone());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few items a day"
    )]
    let most = (capacity / count(days.len())).round().max(1.0) as usize;
    (days, most)
}

fn draw_turns(dice: &mut Dice, traits: &Traits) -> Turns {
    let from = 1 + dice.below(traits.steps - 1);
    let back = Back {
        from,
        to: from - dice.below(from.min(2) + 1),
        chance: between(dice, 0.05, 0.2),
        effort: between(dice, 0.3, 0.6),
    };
    let drop = (dice.below(traits.steps - 1), between(dice, 0.02, 0.1));
    Turns {
        rework: traits.rework.then_some(back),
        drop: dice.happens(0.3).then_some(drop),
    }
}

/// The people of a step: one list for all, or one a team.
fn draw_people(dice: &mut Dice, traits: &Traits) -> Vec<usize> {
    match traits.teams {
        1 => vec![1 + dice.below(4)],
        teams => {
            let each = 1 + dice.below(2);
            let lists = if dice.happens(0.6) { teams } else { 1 };
            vec![each; lists]
        }
    }
}

fn draw_line(
    dice: &mut Dice,
    traits: &Traits,
    (step, traffic, alike): (usize, Traffic, &[usize]),
) -> Line {
    let own = draw_people(dice, traits);
    let people = match traits.plant {
        Some(_) => own,
        None => alike.to_vec(),
    };
    let total: usize = people.iter().sum();
    let is_planted = traits.plant.is_some_and(|plant| plant.step == step);
    let has_queue = dice.happens(0.8) || step == 0 || is_planted;
    let (sigma, load) = (
        draw_sigma(dice, traits, is_planted),
        draw_load(dice, traits, step),
    );
    let limits = draw_limits(dice, total);
    Line {
        people,
        sigma,
        load,
        traffic,
        has_queue,
        trouble: if traits.blocks {
            between(dice, 0.0, 0.1)
        } else {
            0.0
        },
        limits: (traits.limits != Limits::None).then_some(limits),
    }
}

fn draw_sigma(dice: &mut Dice, traits: &Traits, is_planted: bool) -> f64 {
    let own = between(dice, 0.2, 0.9);
    if traits.plant.is_none() || is_planted {
        traits.sigma
    } else {
        own
    }
}

fn draw_load(dice: &mut Dice, traits: &Traits, step: usize) -> f64 {
    let (other, jitter) = (between(dice, 0.4, 0.75), between(dice, 0.95, 1.05));
    match traits.plant {
        None => traits.load * jitter,
        Some(plant) if plant.step == step && plant.cause == Cause::Work => traits.load,
        Some(_) => other,
    }
}

/// Limits of a queue and of the work after it, for so many people.
fn draw_limits(dice: &mut Dice, people: usize) -> (u32, u32) {
    let queue = 2 * people + 3 + dice.below(people + 4);
    let work = 2 * people + 1 + dice.below(people + 2);
    (limit(queue), limit(work))
}

fn limit(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// What waits for a step without a queue waits in the step before: that one has room for it.
fn make_room(lines: &mut [Line]) {
    for step in 1..lines.len() {
        let queue = lines[step].limits.filter(|_| !lines[step].has_queue);
        if let (Some((_, work)), Some((queue, _))) = (&mut lines[step - 1].limits, queue) {
            *work += queue;
        }
    }
}

/// One of the steps that come before the window begins, when the planted one was like the others.
pub(super) fn former_load(dice: &mut Dice) -> f64 {
    one_of(dice, &[0.5, 0.6, 0.7])
}
