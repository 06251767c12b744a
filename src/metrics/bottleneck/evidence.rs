//! The evidence of one stage.

use super::{Case, Evidence, ratio};
use crate::metrics::flow::{count, seconds};
use crate::metrics::stages::StageMeasures;

impl<'a> Case<'a> {
    pub(super) fn evidence(self, at: usize) -> Evidence {
        let own: Vec<&StageMeasures> = self.answers_for(at).collect();
        let window = seconds(self.input.ruler.length(self.input.window));
        let load: u64 = own.iter().map(|stage| stage.load).sum();
        let past: u64 = own.iter().map(|stage| stage.past_p85).sum();
        let starved = if own.is_empty() {
            0
        } else {
            self.charges.starved(at)
        };
        Evidence {
            waiting: ratio(self.charges.waiting(at), self.charges.all_waiting()),
            pressure: self.charges.pressure(at),
            growth: own.iter().map(|stage| growth(stage)).fold(0.0, f64::max),
            ageing: ratio(count(past), count(load)),
            starving: ratio(seconds(starved), window),
        }
    }

    /// The stages whose waiting is charged to one: itself and the queues that it drains, or none if
    /// it is a queue whose waiting is charged to the stage that drains it.
    pub(super) fn answers_for(self, at: usize) -> impl Iterator<Item = &'a StageMeasures> {
        let stages = self.input.stages.iter().enumerate();
        stages
            .filter(move |(from, _)| self.charges.answers_for(self.route, *from) == at)
            .map(|(_, stage)| stage)
    }
}

fn growth(stage: &StageMeasures) -> f64 {
    let (arrived, left) = (count(stage.arrivals), count(stage.departures));
    ratio(arrived - left, arrived).max(0.0)
}
