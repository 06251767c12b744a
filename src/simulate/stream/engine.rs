//! The simulation itself: plans come due, items move, free people take what waits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agenda::{Agenda, Plan};
use super::check::ModelError;
use super::floor::{Floor, Order, Ticket};
use super::happening::{Happening, What};
use super::item::{Doing, Item};
use super::model::{Gate, Opening, Passes, Shifted, Step, StreamModel};
use super::working::WorkingClock;
use crate::model::event::Event;
use crate::model::time::Millis;
use crate::simulate::random::{Dice, Spread, scaled};

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
    /// time, as a tracker would keep it: each event with the number of its item.
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
            for stage in (0..self.model.stages.len()).rev() {
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

    fn serve(&mut self, id: u64, crew: usize, team: usize) {
        let reading = self.clock.reading(self.now);
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let Doing::Idle { left, .. } = item.doing else {
            return;
        };
        let Some(worker) = self.floor.take_worker(crew, team) else {
            return;
        };
        let ends = reading + left;
        item.doing = Doing::Served { worker, ends };
        let lists = &self.model.crews[crew].people;
        let name = lists[team.min(lists.len() - 1)][worker].clone();
        let from = item.assignee.replace(name.clone());
        if from.as_ref() != Some(&name) {
            self.happen(id, What::Assigned { from, to: name });
        }
        self.plan_end(id, left);
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

    fn gather(&mut self, id: u64, stage: usize, gate: &Gate) {
        let Some(ticket) = self.ticket(id, Order::Inside) else {
            return;
        };
        if gate.waves_through.is_some_and(|most| ticket.rank <= most) {
            self.depart(id);
            return;
        }
        self.doing(id, Doing::Gathered(ticket));
        self.join_gathered(stage, ticket);
    }

    /// Puts an item before its gate, which opens if the batch is complete.
    pub(super) fn join_gathered(&mut self, stage: usize, ticket: Ticket) {
        self.floor.stages[stage].gathered.insert(ticket);
        let waiting = self.floor.stages[stage].gathered.len();
        if let Step::Gate(gate) = &self.model.stages[stage].step
            && matches!(gate.opens, Opening::Gathers(count) if waiting >= count)
        {
            self.open_gate(stage);
        }
    }

    fn open_gate(&mut self, stage: usize) {
        for ticket in self.let_through(stage) {
            self.floor.stages[stage].gathered.remove(&ticket);
            self.depart(ticket.item);
        }
    }

    /// Who passes a gate that opens now, first come first.
    fn let_through(&mut self, stage: usize) -> Vec<Ticket> {
        let passes = self.passes(stage);
        let gathered = &self.floor.stages[stage].gathered;
        let first = |count: usize| gathered.iter().copied().take(count).collect();
        match passes {
            Passes::All => first(gathered.len()),
            Passes::AtMost(most) => first(most),
            Passes::Share(share) => {
                let waiting = i64::try_from(gathered.len()).unwrap_or(i64::MAX);
                first(usize::try_from(scaled(waiting, share).max(1)).unwrap_or(usize::MAX))
            }
            Passes::Each(chance) => {
                let items = &mut self.items;
                let mut lucky = |ticket: &Ticket| {
                    let item = items.get_mut(&ticket.item);
                    item.is_some_and(|item| item.luck.dice.happens(chance))
                };
                gathered
                    .iter()
                    .copied()
                    .filter(|ticket| lucky(ticket))
                    .collect()
            }
        }
    }

    fn passes(&self, stage: usize) -> Passes {
        let shifted = self.shifts().filter_map(|what| match what {
            Shifted::Passes { stage: at, passes } if at == stage => Some(passes),
            _ => None,
        });
        shifted
            .last()
            .unwrap_or_else(|| match &self.model.stages[stage].step {
                Step::Gate(gate) => gate.passes,
                _ => Passes::All,
            })
    }

    /// Draws how long work or delay takes that begins now.
    fn duration(&mut self, id: u64, stage: usize, spread: &Spread) -> i64 {
        let shifted: f64 = self
            .shifts()
            .map(|what| match what {
                Shifted::Duration { stage: at, factor } if at == stage => factor,
                _ => 1.0,
            })
            .product();
        self.items.get_mut(&id).map_or(0, |item| {
            let effort = match self.model.stages[stage].step {
                Step::Work { .. } => item.effort,
                _ => 1.0,
            };
            scaled(spread.draw(&mut item.luck.dice), effort * shifted)
        })
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

    /// Sets the item's worker free, if it has one, and says how much work is left.
    pub(super) fn stop_serving(&mut self, id: u64) -> Option<i64> {
        let reading = self.clock.reading(self.now);
        let item = self.items.get_mut(&id)?;
        let Doing::Served { worker, ends } = item.doing else {
            return None;
        };
        item.plan += 1;
        let team = item.team;
        if let Step::Work { crew, .. } = self.model.stages[item.stage].step {
            self.floor.free_worker(crew, team, worker);
        }
        Some(ends - reading)
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

    /// An item in a stage of work with nobody on it waits for someone.
    pub(super) fn line_up_inside(&mut self, id: u64) {
        let Some(mut ticket) = self.ticket(id, Order::Inside) else {
            return;
        };
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        if let Doing::Idle { ticket: place, .. } = &mut item.doing {
            ticket = *place.get_or_insert(ticket);
            let (stage, team) = (item.stage, item.team);
            self.floor.line_up(stage, team, ticket);
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
    fn plan_end(&mut self, id: u64, seconds: i64) {
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
