//! How items come, end and come back, and when gates open.

use super::agenda::Plan;
use super::engine::Simulation;
use super::happening::What;
use super::item::{Doing, Item, Luck};
use super::model::{Arrivals, Reopening, Shifted, Spacing, Step, Team};
use crate::simulate::random::{Dice, scaled};

const YEAR_SECS: i64 = 365 * 86_400;

impl Simulation {
    pub(super) fn plan_arrivals(&mut self) {
        for nth in 0..self.model.arrivals.len() {
            let stream = u64::MAX - nth as u64;
            self.arrival_dice.push(Dice::new(self.seed, stream));
            self.plan_arrival(nth);
        }
        for nth in 0..self.model.specials.len() {
            let at = self.model.specials[nth].at.0.div_euclid(1000);
            self.agenda.add(at.max(self.start), Plan::Special(nth));
        }
    }

    /// Plans when an item may come next: at the fastest rate of the rhythm; which of these
    /// instants count is drawn then (thinning).
    fn plan_arrival(&mut self, nth: usize) {
        let arrivals = &self.model.arrivals[nth];
        let rate = arrivals.per_week * fastest(arrivals) * self.growth(arrivals);
        if rate <= 0.0 {
            return;
        }
        let gap = match arrivals.spacing {
            Spacing::Even => 1.0,
            Spacing::Random => self.arrival_dice[nth].exponential(),
        };
        // At least a second, or an absurd rate would never let the clock move on.
        let seconds = scaled(self.clock.week(), gap / rate).max(1);
        let at = self.clock.after(self.now, seconds);
        self.agenda.add(at, Plan::Arrival(nth));
    }

    /// The factor on the rate of arrivals that only changes slowly or at once.
    fn growth(&self, arrivals: &Arrivals) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "seconds stay far below 2^53")]
        let years = (self.now - self.start) as f64 / YEAR_SECS as f64;
        let shifted = self.shifts().map(|what| match what {
            Shifted::ArrivalRate { factor } => factor,
            _ => 1.0,
        });
        (1.0 + arrivals.rhythm.growth * years).max(0.0) * shifted.product::<f64>()
    }

    pub(super) fn perhaps_arrive(&mut self, nth: usize) {
        let arrivals = &self.model.arrivals[nth];
        let day = self.clock.day_of(self.now);
        let of_week = day.weekday().num_days_from_monday() as usize;
        let of_year = day.ymd().1.saturating_sub(1) as usize;
        let rhythm = &arrivals.rhythm;
        let factor = rhythm.days[of_week] * rhythm.months[of_year];
        let comes = arrivals.spacing == Spacing::Even
            || self.arrival_dice[nth].happens(factor / fastest(arrivals));
        if comes {
            self.create(nth, None);
        }
        self.plan_arrival(nth);
    }

    pub(super) fn plant(&mut self, nth: usize) {
        self.create(self.model.specials[nth].arrivals, Some(nth));
    }

    fn create(&mut self, arrivals: usize, special: Option<usize>) {
        let id = self.came;
        self.came += 1;
        let item = self.new_item(id, arrivals, special);
        let (team, stage) = (item.team, item.stage);
        self.items.insert(id, item);
        let created = What::Created {
            arrivals,
            special,
            team,
            stage,
        };
        self.happen(id, created);
        self.begin(id, stage);
    }

    fn new_item(&self, id: u64, arrivals: usize, special: Option<usize>) -> Item {
        let mut dice = Dice::new(self.seed, id);
        let planted = special.map(|nth| &self.model.specials[nth]);
        let team = planted.map(|one| one.team);
        Item {
            arrivals,
            special,
            team: team.unwrap_or_else(|| draw_team(&self.model.teams, &mut dice)),
            rank: self.model.arrivals[arrivals].rank,
            stage: self.model.arrivals[arrivals].enter,
            visit: 0,
            plan: 0,
            seq: 0,
            effort: planted.map_or(1.0, |one| one.effort),
            doing: Doing::Passing,
            assignee: None,
            luck: Luck {
                dice,
                blocked: false,
            },
        }
    }

    pub(super) fn drop_item(&mut self, id: u64) {
        self.happen(id, What::Dropped);
        if let Some(item) = self.items.remove(&id) {
            self.floor.stages[item.stage].load -= 1;
        }
    }

    /// The item is done. Whether it will come back is drawn now.
    pub(super) fn finish(&mut self, id: u64, reopening: Option<&Reopening>) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        item.doing = Doing::Over;
        let dice = &mut item.luck.dice;
        let back = reopening.filter(|one| dice.happens(one.chance) && item.special.is_none());
        if let Some(reopening) = back {
            let seconds = reopening.after.draw(dice);
            let at = self.clock.after(self.now, seconds);
            self.agenda.add(at, Plan::Return { item: id });
        } else {
            let stage = item.stage;
            self.items.remove(&id);
            self.floor.stages[stage].load -= 1;
        }
    }

    pub(super) fn come_back(&mut self, id: u64) {
        let stage = self.items.get(&id).map_or(0, |item| item.stage);
        if let Step::Done(Some(reopening)) = &self.model.stages[stage].step {
            let (to, effort) = (reopening.to, reopening.effort);
            self.send(id, to, effort);
        }
    }
}

/// The greatest factor of the rhythm's days and months; 1 for even spacing, which knows none.
fn fastest(arrivals: &Arrivals) -> f64 {
    let most = |factors: &[f64]| factors.iter().copied().fold(0.0, f64::max);
    match arrivals.spacing {
        Spacing::Even => 1.0,
        Spacing::Random => most(&arrivals.rhythm.days) * most(&arrivals.rhythm.months),
    }
}

/// Without a choice nothing is drawn.
fn draw_team(teams: &[Team], dice: &mut Dice) -> usize {
    if teams.len() < 2 {
        return 0;
    }
    let positions: Vec<usize> = (0..teams.len()).collect();
    let drawn = dice.pick(&positions, |nth| teams[*nth].weight);
    drawn.copied().unwrap_or(0)
}
