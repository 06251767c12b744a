//! Blocked items: how trouble finds an item and how it ends.

use super::agenda::Plan;
use super::engine::Simulation;
use super::happening::What;
use super::item::Doing;
use super::model::Trouble;

impl Simulation {
    /// Draws whether trouble is on its way to an item that has just entered a stage.
    pub(super) fn expect_trouble(&mut self, id: u64, stage: usize) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        item.visit += 1;
        let visit = item.visit;
        let special = item.special;
        let Some(trouble) = trouble_in(&self.model, special, stage) else {
            return;
        };
        let dice = &mut item.luck.dice;
        if dice.happens(trouble.chance) {
            let seconds = trouble.after.draw(dice);
            let at = self.clock.after(self.now, seconds);
            self.agenda.add(at, Plan::Trouble { item: id, visit });
        }
    }

    /// Trouble comes. An item that has left the stage meanwhile goes free.
    pub(super) fn meet_trouble(&mut self, id: u64, visit: u32) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        if item.visit != visit || item.luck.blocked {
            return;
        }
        let Some(trouble) = trouble_in(&self.model, item.special, item.stage) else {
            return;
        };
        let dice = &mut item.luck.dice;
        let reason = dice.pick(&trouble.reasons, |(_, weight)| *weight);
        let reason = reason.map_or_else(|| "blocked".into(), |(name, _)| name.clone());
        let lasts = trouble.lasts.draw(dice);
        item.luck.blocked = true;
        let at = self.clock.after(self.now, lasts);
        self.agenda.add(at, Plan::Relief { item: id });
        self.happen(id, What::Blocked { reason });
        self.step_aside(id);
    }

    /// Takes a blocked item out of every line and from whoever works on it.
    fn step_aside(&mut self, id: u64) {
        let left = self.stop_serving(id);
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let (stage, team) = (item.stage, item.team);
        if let Some(left) = left {
            item.doing = Doing::Idle { left, ticket: None };
        }
        match &mut item.doing {
            Doing::Waiting { to, ticket } => self.floor.leave_line(*to, team, *ticket),
            Doing::Gathered(ticket) => {
                self.floor.stages[stage].gathered.remove(ticket);
            }
            Doing::Idle { ticket, .. } => {
                if let Some(ticket) = ticket.take() {
                    self.floor.leave_line(stage, team, ticket);
                }
            }
            Doing::Passing | Doing::Held | Doing::Served { .. } | Doing::Over => {}
        }
    }

    /// Trouble ends: the item takes its old place in line, or goes on with what it did.
    pub(super) fn relieve(&mut self, id: u64) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        item.luck.blocked = false;
        let (stage, team, doing) = (item.stage, item.team, item.doing.clone());
        self.happen(id, What::Unblocked);
        match doing {
            Doing::Waiting { to, ticket } => self.floor.line_up(to, team, ticket),
            Doing::Gathered(ticket) => self.join_gathered(stage, ticket),
            Doing::Idle { .. } => self.line_up_inside(id),
            Doing::Held => self.depart(id),
            Doing::Passing | Doing::Served { .. } | Doing::Over => {}
        }
    }
}

/// The trouble that lurks in a stage: a planted item meets its own and no other.
fn trouble_in(
    model: &super::model::StreamModel,
    special: Option<usize>,
    stage: usize,
) -> Option<&Trouble> {
    match special {
        None => model.stages[stage].trouble.as_ref(),
        Some(nth) => model.specials[nth]
            .trouble
            .as_ref()
            .filter(|(place, _)| *place == stage)
            .map(|(_, trouble)| trouble),
    }
}
