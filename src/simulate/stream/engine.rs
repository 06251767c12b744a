//! The simulation itself: plans come due, items move, free people take what waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::{Agenda, Plan};
use super::check::ModelError;
use super::floor::{Floor, Order, Ticket};
use super::happening::{Happening, What};
use super::item::{Doing, Item};
use super::model::{Shifted, Step, StreamModel};
use super::working::WorkingClock;
use crate::model::event::Event;
use crate::model::time::Millis;
use crate::simulate::random::Dice;

/// A stream that lives. Two with the same model, seed and start live alike, however their time is
/// cut into calls.
#[derive(Clone, Debug)]
pub struct Simulation {
    pub(super) model: Arc<StreamModel>,
    pub(super) seed: u64,
    pub(super) clock: WorkingClock,
    /// Seconds since 1970.
    pub(super) now: i64,
    pub(super) start: i64,
    pub(super) agenda: Agenda,
    pub(super) items: BTreeMap<u64, Item>,
    pub(super) came: u64,
    pub(super) floor: Floor,
    /// One for each of the arrivals.
    pub(super) arrival_dice: Vec<Dice>,
    happened: Vec<Happening>,
}

impl Simulation {
    /// An empty stream at `start` (rounded down to the second). The same seed gives the same life.
    ///
    /// # Errors
    /// [`ModelError`] if the model makes no sense.
    pub fn new(model: StreamModel, seed: u64, start: Millis) -> Result<Self, ModelError> {
        model.check()?;
        Ok(Self::of_checked(Arc::new(model), seed, start))
    }

    /// As [`Simulation::new`], of a model known to pass its check.
    pub(in crate::simulate) fn of_checked(
        model: Arc<StreamModel>,
        seed: u64,
        start: Millis,
    ) -> Self {
        let start = start.0.div_euclid(1000);
        let mut simulation = Self {
            clock: WorkingClock::new(&model.calendar, &model.zone, start),
            seed,
            now: start,
            start,
            agenda: Agenda::default(),
            items: BTreeMap::new(),
            came: 0,
            floor: Floor::new(&model),
            arrival_dice: Vec::new(),
            happened: Vec::new(),
            model,
        };
        simulation.plan_arrivals();
        simulation.plan_openings();
        simulation
    }

    /// The model it lives by.
    pub fn model(&self) -> &StreamModel {
        &self.model
    }

    /// The instant of the next thing that is planned; nothing happens before it.
    pub fn next_at(&self) -> Option<Millis> {
        self.agenda.next_at().map(|at| Millis(at * 1000))
    }

    /// How many items are in a stage, by its position.
    pub fn load(&self, stage: usize) -> u32 {
        self.floor.stages.get(stage).map_or(0, |lines| lines.load)
    }

    /// Lives on until just before `until` and says what happened since the last call, in order of
    /// time, as a tracker would keep it: each event with the number of its item. Life ends in 2106,
    /// with the instants the model can hold.
    pub fn advance(&mut self, until: Millis) -> Vec<(u64, Event)> {
        let mut events = Vec::new();
        for happening in self.live(until) {
            happening.tell(&self.model, &mut |event| {
                events.push((happening.item, event));
            });
        }
        events
    }

    /// As [`Simulation::advance`], in positions of the model instead of texts.
    pub fn live(&mut self, until: Millis) -> Vec<Happening> {
        let until = until.0.div_euclid(1000) + i64::from(until.0.rem_euclid(1000) > 0);
        let until = until.min(i64::from(u32::MAX));
        while let Some((at, plan)) = self.agenda.take_before(until) {
            self.now = at;
            self.carry_out(plan);
            self.pull();
        }
        std::mem::take(&mut self.happened)
    }

    fn carry_out(&mut self, plan: Plan) {
        match plan {
            Plan::Arrival(nth) => self.perhaps_arrive(nth),
            Plan::Special(nth) => self.plant(nth),
            Plan::Opening { stage } => {
                self.open_gate(stage);
                self.plan_opening(stage);
            }
            Plan::StepOver { item, plan } => self.step_over(item, plan),
            Plan::Trouble { item, visit } => self.meet_trouble(item, visit),
            Plan::Relief { item } => self.relieve(item),
            Plan::Return { item } => self.come_back(item),
        }
    }

    /// Stages take what they can, the one furthest right first, until none can take more.
    fn pull(&mut self) {
        let mut moved = true;
        while std::mem::take(&mut moved) {
            let mut below = self.model.stages.len();
            while let Some(stage) = self.floor.last_waited_for(below) {
                below = stage;
                while let Some(ticket) = self.floor.next_for(&self.model, stage) {
                    self.take(ticket, stage);
                    moved = true;
                }
            }
        }
    }

    /// A stage takes an item: moves it in, if it is not in yet, and gives it to someone free.
    fn take(&mut self, ticket: Ticket, stage: usize) {
        let Some(item) = self.items.get(&ticket.item) else {
            return;
        };
        let team = item.team;
        self.floor.leave_line(stage, team, ticket);
        if ticket.order == Order::Outside {
            self.enter(ticket.item, stage);
        }
        if let Step::Work { crew, .. } = self.model.stages[stage].step {
            self.serve(ticket.item, crew, team);
        }
    }

    /// Moves an item into a stage and begins its step there.
    pub(super) fn enter(&mut self, id: u64, stage: usize) {
        if let Some(item) = self.items.get_mut(&id) {
            let left = std::mem::replace(&mut item.stage, stage);
            self.floor.stages[left].load -= 1;
            self.happen(id, What::Entered { stage });
            self.begin(id, stage);
        }
    }

    /// Begins the step of the stage an item has just come to.
    pub(super) fn begin(&mut self, id: u64, stage: usize) {
        self.floor.stages[stage].load += 1;
        let model = Arc::clone(&self.model);
        self.expect_trouble(id, stage);
        match &model.stages[stage].step {
            Step::Queue => self.depart(id),
            Step::Delay(spread) => {
                let seconds = self.duration(id, stage, spread);
                self.doing(id, Doing::Passing);
                self.plan_end(id, seconds);
            }
            Step::Gate(gate) => self.gather(id, stage, gate),
            Step::Work { service, .. } => {
                let left = self.duration(id, stage, service);
                self.doing(id, Doing::Idle { left, ticket: None });
            }
            Step::Done(reopening) => self.finish(id, reopening.as_ref()),
        }
    }

    /// The shifts that have come into force.
    pub(super) fn shifts(&self) -> impl Iterator<Item = Shifted> + '_ {
        let now = self.now;
        let in_force = self.model.shifts.iter();
        in_force
            .filter(move |shift| shift.at.0.div_euclid(1000) <= now)
            .map(|shift| shift.what)
    }

    fn step_over(&mut self, id: u64, plan: u32) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        if item.plan != plan {
            return;
        }
        if item.luck.blocked {
            item.doing = Doing::Held;
            return;
        }
        self.stop_serving(id);
        self.depart(id);
    }

    /// The step is over: the item is dropped, sent back, or waits for its next stage.
    pub(super) fn depart(&mut self, id: u64) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let stage = &self.model.stages[item.stage];
        let dice = &mut item.luck.dice;
        let planted = item.special.is_some();
        if dice.happens(stage.drop) && !planted {
            self.drop_item(id);
            return;
        }
        match stage.rework {
            Some(rework) if dice.happens(rework.chance) && !planted => {
                self.send(id, rework.to, rework.effort);
            }
            _ => self.wait_for_next(id),
        }
    }

    fn wait_for_next(&mut self, id: u64) {
        let Some(ticket) = self.ticket(id, Order::Outside) else {
            return;
        };
        let model = Arc::clone(&self.model);
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let last = model.stages.len() - 1;
        let avoids = &model.arrivals[item.arrivals].avoids;
        let dice = &mut item.luck.dice;
        let mut stops_at =
            |stage: usize| !avoids.contains(&stage) && !dice.happens(model.stages[stage].skip);
        let to = (item.stage + 1..last).find(|stage| stops_at(*stage));
        let to = to.unwrap_or(last);
        item.doing = Doing::Waiting { to, ticket };
        let team = item.team;
        self.floor.line_up(to, team, ticket);
    }

    /// Sends an item to a stage whether that has room or not.
    pub(super) fn send(&mut self, id: u64, to: usize, effort: f64) {
        if let Some(item) = self.items.get_mut(&id) {
            item.effort = effort;
            self.enter(id, to);
            self.line_up_inside(id);
        }
    }

    pub(super) fn ticket(&self, id: u64, order: Order) -> Option<Ticket> {
        self.items.get(&id).map(|item| Ticket {
            order,
            rank: item.rank,
            since: self.now,
            item: id,
        })
    }

    pub(super) fn doing(&mut self, id: u64, doing: Doing) {
        if let Some(item) = self.items.get_mut(&id) {
            item.doing = doing;
        }
    }

    /// Plans the end of an item's step; earlier plans for it are void.
    pub(super) fn plan_end(&mut self, id: u64, seconds: i64) {
        let at = self.clock.after(self.now, seconds);
        if let Some(item) = self.items.get_mut(&id) {
            item.plan += 1;
            let plan = item.plan;
            self.agenda.add(at, Plan::StepOver { item: id, plan });
        }
    }

    pub(super) fn happen(&mut self, id: u64, what: What) {
        if let Some(item) = self.items.get_mut(&id) {
            let seq = item.seq;
            item.seq += 1;
            self.happened.push(Happening {
                item: id,
                at: Millis(self.now * 1000),
                seq,
                what,
            });
        }
    }
}
