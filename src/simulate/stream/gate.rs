//! Gates: who waits before them, when they open, whom they let through.

use super::agenda::Plan;
use super::engine::Simulation;
use super::floor::{Order, Ticket};
use super::item::Doing;
use super::model::{Gate, Opening, Passes, Shifted, Step, Timetable};
use crate::simulate::random::scaled;

impl Simulation {
    pub(super) fn gather(&mut self, id: u64, stage: usize, gate: &Gate) {
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

    pub(super) fn open_gate(&mut self, stage: usize) {
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

    pub(super) fn plan_openings(&mut self) {
        for stage in 0..self.model.stages.len() {
            self.plan_opening(stage);
        }
    }

    /// Plans when a gate with set times opens next.
    pub(super) fn plan_opening(&mut self, stage: usize) {
        let Step::Gate(gate) = &self.model.stages[stage].step else {
            return;
        };
        if let Opening::Meets(times) = &gate.opens {
            let at = self
                .clock
                .find(self.now, times.time_of_day, |day| meets_on(times, day));
            if let Some(at) = at {
                self.agenda.add(at, Plan::Opening { stage });
            }
        }
    }
}

fn meets_on(times: &Timetable, day: crate::model::time::Day) -> bool {
    // 1970-01-01 was a Thursday: three days on, the first Monday's week begins.
    let week = (day.0 + 3).div_euclid(7);
    let every = i32::try_from(times.every_weeks.max(1)).unwrap_or(1);
    let turn = week.rem_euclid(every);
    times.days.contains(&day.weekday()) && u32::try_from(turn) == Ok(times.week)
}
