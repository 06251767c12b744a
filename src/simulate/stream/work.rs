//! Work: who takes which item, for how long, and what becomes of it when they stop.

use super::engine::Simulation;
use super::floor::Order;
use super::happening::What;
use super::item::Doing;
use super::model::{Shifted, Step};
use crate::simulate::random::{Spread, scaled};

impl Simulation {
    pub(super) fn serve(&mut self, id: u64, crew: usize, team: usize) {
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

    /// Draws how long work or delay takes that begins now.
    pub(super) fn duration(&mut self, id: u64, stage: usize, spread: &Spread) -> i64 {
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
}
